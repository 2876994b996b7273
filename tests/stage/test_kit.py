"""Colours that can be read, times that add up, text that is never taken for markup."""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.formulas import UnsettableError, fault_in
from callsheet.model.content import CONTENT_MODELS, BulletsContent, EquationContent, TemplateName, TitleContent
from callsheet.model.field_notes import field_notes
from callsheet.model.film.colour import contrast
from callsheet.model.film.look import AccentName, Look, ThemeName
from callsheet.model.film.profile import PROFILES, RenderProfile
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.kit.inline import TextRunKind, is_right_to_left, parse_inline, plain
from callsheet.stage.kit.mathematics import check_mathematics
from callsheet.stage.kit.pacing import reading_s, schedule
from callsheet.stage.kit.prose import DisplayedFormula, Sentence, read_prose
from callsheet.stage.kit.theme import palette_for
from callsheet.stage.kit.typeset import TypeStyle, set_formula, set_text
from callsheet.stage.template_source import fill_template

STYLE = TypeStyle(size=0.4, colour="#ffffff")


@pytest.mark.parametrize(("theme", "accent"), list(itertools.product(ThemeName, AccentName)))
def test_every_text_colour_can_be_read_on_its_ground(theme: ThemeName, accent: AccentName) -> None:
    """WCAG 2.2 asks for a contrast of 4.5 to 1."""
    palette = palette_for(Look(theme=theme, accent=accent))
    for ground in (palette.background, palette.surface, palette.accent_soft):
        for colour in (palette.text, palette.muted, palette.accent):
            assert contrast(colour, ground) >= 4.5, (colour, ground)
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert min(contrast(colour, palette.background) for colour in (*palette.series, palette.good, palette.bad)) >= 4.5


@pytest.mark.parametrize("profile", list(PROFILES.values()), ids=list(PROFILES))
def test_the_frame_has_the_profiles_proportions(profile: RenderProfile) -> None:
    """Nothing is stretched, and the shorter side is always eight units."""
    frame = frame_for(profile)
    assert frame.width / frame.height == pytest.approx(profile.width / profile.height)
    assert min(frame.width, frame.height) == 8.0
    assert frame.safe.width < frame.width


beats = st.lists(st.tuples(st.floats(0.1, 2), st.floats(0, 8)), min_size=1, max_size=30)


@given(natural=beats, duration_s=st.floats(1, 600), frame_rate=st.sampled_from([15, 30, 60]))
def test_a_given_duration_is_met_to_the_frame(
    natural: list[tuple[float, float]], duration_s: float, frame_rate: int
) -> None:
    """Whatever the beats, motions and holds add up to the seconds that were asked for."""
    stretches = schedule([*natural, (0.5, 1.0)], round(duration_s, 2), frame_rate)
    frames = sum(stretch.motion_frames + stretch.hold_frames for stretch in stretches)
    assert abs(frames - round(duration_s, 2) * frame_rate) <= 0.5
    assert all(stretch.motion_frames >= 0 and stretch.hold_frames >= 0 for stretch in stretches)


def test_longer_texts_stay_longer() -> None:
    """Reading time grows with words, and Chinese is counted by its characters."""
    assert reading_s("one two three four five six") < reading_s("one two three four five six seven")
    assert reading_s("落霞与孤鹜齐飞秋水共长天一色") > 2


def test_prices_are_not_mathematics() -> None:
    """A dollar sign before a digit, with a space before the next one, stays a dollar sign."""
    assert [run.kind for run in parse_inline("from $5 to $10")] == [TextRunKind.TEXT]
    assert [run.kind for run in parse_inline("for $n >= 2$ and `x`")] == [
        TextRunKind.TEXT,
        TextRunKind.MATH,
        TextRunKind.TEXT,
        TextRunKind.CODE,
    ]
    assert parse_inline(r"\$5 is $x$")[0].text == "$5 is "


@pytest.mark.parametrize(
    ("words", "hyphens"),
    [
        ("Die Chloroplasten fangen die Sonnenenergie", 2),
        ("Xzqrtvbnmklpwsdfghjk", 3),
        ("https://example.com/averylongaddress", 0),
        ("`pneumonoultramicroscopic`", 0),
        ("落霞与孤鹜齐飞秋水共长天一色", 0),
    ],
)
def test_no_word_is_cut_without_a_hyphen(words: str, hyphens: int) -> None:
    """Places for hyphens are those of the language; an address and code show no sign that is not theirs."""
    style = replace(STYLE, size=0.3)
    whole, cut = set_text(parse_inline(words), style, 30.0), set_text(parse_inline(words), style, 1.2)
    assert cut.ink_right <= 1.22
    assert cut.height > whole.height
    assert (len(cut.outlines) - len(whole.outlines) >= hyphens) if hyphens else len(cut.outlines) == len(whole.outlines)


def test_a_heading_is_not_cut_to_make_its_lines_alike() -> None:
    """Words stay whole while a whole word fits into the column."""
    setting = set_text(parse_inline("Photosynthese"), replace(STYLE, size=0.5), 1.0, whole_words=True)
    assert setting.ink_right > 1.0


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_text_is_never_taken_for_markup(text: str) -> None:
    """Any text can be set as it stands, and stays inside its column."""
    setting = set_text(plain(text), STYLE, 6.0)
    assert setting.width == pytest.approx(6.0)
    assert setting.ink_right <= 6.1


def test_a_formula_cannot_run_programs_or_read_files() -> None:
    """The sign that starts a program is refused, but not inside a text or behind a backslash."""
    assert "#" in fault_in('#read("/etc/passwd")')
    assert fault_in('"no. #1" \\# x') == ""
    with pytest.raises(UnsettableError, match="unknown variable"):
        set_formula("frob(x)", STYLE)


def test_a_formula_without_meaning_is_named_before_rendering() -> None:
    """The finding says which field, which formula and what is wrong with it."""
    broken = EquationContent(steps=("x = 1", "x = frac(1"), caption="where $nonsense y$ holds")
    first, second = map(str, check_mathematics(broken))
    assert first.startswith("content.steps.1: the formula “x = frac(1”")
    assert "content.caption" in second
    assert "“nonsense” (character 1) is no name that Typst knows" in second


@pytest.mark.parametrize("template", TemplateName)
def test_every_field_is_described_and_every_example_is_right(template: TemplateName) -> None:
    """Forms and documentation read titles and descriptions; examples pass all checks."""
    model = CONTENT_MODELS[template]
    assert all(field.title for field in model.model_fields.values())
    assert field_notes(model).keys() == model.model_fields.keys()
    assert model.SUMMARY.endswith(".")
    assert check_mathematics(model.example()) == ()


def test_a_text_over_its_limit_is_refused_with_both_numbers() -> None:
    """How long it is, and how long it may be."""
    with pytest.raises(ValueError, match="300 characters, and at most 160 fit"):
        TitleContent(title="x" * 300)


@pytest.mark.parametrize(
    ("name", "class_name"),
    [
        ("Introduction", "SceneIntroduction"),
        ("Überblick – die 3 Ideen", "SceneUberblickDie3Ideen"),
        ("勾股定理", "SceneBullets"),
        ('"""\n\\', "SceneBullets"),
    ],
)
def test_scene_names_become_identifiers(name: str, class_name: str) -> None:
    """Any name gives valid Python with an ASCII class name."""
    code = fill_template(name, BulletsContent(title='"""', points=("\\", "{x}", "'")), Look()).code
    assert code.class_name == class_name
    assert any(isinstance(node, ast.ClassDef) and node.name == class_name for node in ast.parse(code.source).body)


def test_filling_a_template_does_not_import_manim() -> None:
    """Manim takes two seconds to import; only the render child pays for it."""
    modules = "callsheet.stage.template_source, callsheet.stage.kit.mathematics"
    program = f"import sys, {modules}; sys.exit('manim' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_prompt_is_read_into_heading_sentences_and_formulas() -> None:
    """The topic becomes the heading; a relation that ends a sentence stands alone; prices stay words."""
    found = read_prose("Explain E = mc^2. Energy and mass are one: E = mc^2. It costs $5 or $6.")
    assert found.heading == "$E = mc^2$"
    assert found.parts == (
        Sentence("Energy and mass are one:"),
        DisplayedFormula("E = mc^2"),
        Sentence(r"It costs \$5 or \$6."),
    )


def test_direction_follows_the_first_letter() -> None:
    """Numbers and signs have no direction."""
    assert is_right_to_left("1. שלום world")
    assert not is_right_to_left("2. world שלום")
    assert not is_right_to_left("123")


def test_formulas_may_be_set_in_many_threads_at_once():
    """The scenes of a video are filled at the same time."""
    formulas = [f"x^{number} + {number}" for number in range(40, 80)]
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(fault_in, formulas)) == {""}
