"""A sample of `make looks`: templates in all themes, formats and contents have no fault that is not known."""

import json

import pytest

from callsheet.model.content import TemplateName
from callsheet.model.film.look import ThemeName
from callsheet.review.measures import MEASURES, MeasureName
from scripts.looks import CONTENTS, FORMATS, KNOWN_FAULTS, Case, faults_of, gone, read_known, reviewed, unknown

TEMPLATES = list(TemplateName)


def sample(place):
    """Three cases of a template; over all templates, each theme meets each format and each content."""
    formats, themes = list(FORMATS), list(ThemeName)
    for number in range(len(formats)):
        at = place + number
        content = CONTENTS[(2 * place + number) % len(CONTENTS)]
        yield Case(TEMPLATES[place], content, formats[number], themes[at % len(themes)])


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_sample_of_the_looks_has_no_unknown_fault(template):
    """Off the frame, overlapping, blank, too small, too dim, still too long: nothing is new or worse."""
    reviews = {case: reviewed(case) for case in sample(TEMPLATES.index(template))}
    done = {case: review for case, review in reviews.items() if review is not None}
    assert done
    assert unknown(faults_of(done), read_known()) == []


def test_the_sample_meets_every_theme_format_and_content():
    """Together, the cases leave no value out."""
    cases = [case for place in range(len(TEMPLATES)) for case in sample(place)]
    assert {case.theme for case in cases} == set(ThemeName)
    assert {case.format for case in cases} == set(FORMATS)
    assert {case.content for case in cases} == set(CONTENTS)


def test_known_faults_are_faults_and_may_only_shrink():
    """A worse or a new value is unknown; a better or a missing one is gone, and its row must go, too."""
    known = {"title": {"longest-still": {"landscape": 4.0}}}
    assert unknown(known, known) == gone(known, known) == []
    worse, better = {"title": {"longest-still": {"landscape": 4.5}}}, {"title": {"longest-still": {"landscape": 3.5}}}
    assert unknown(worse, known) and not gone(worse, known)
    assert gone(better, known) and not unknown(better, known)
    assert gone({}, known) and unknown(known, {})
    text = KNOWN_FAULTS.read_text(encoding="utf-8")
    assert json.loads(text) == read_known()
    for by_measure in read_known().values():
        for name, by_format in by_measure.items():
            assert MEASURES[MeasureName(name)].is_fault
            assert not any(map(MEASURES[MeasureName(name)].is_good, by_format.values())) or name == "contrast"
