"""Lengths that an estimate tells, beside those that the composed scenes have."""

import pytest

from callsheet.model.content import CONTENT_MODELS, Content, TemplateName
from callsheet.model.film.look import Look, ReadingPace
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.kit.beats import Page
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.kit.pacing import FINISH_S, LONGEST_STILL_S
from callsheet.stage.kit.reading_cues import reading_cues
from callsheet.stage.template_lengths import NATURAL, expected_s
from callsheet.stage.templates import has_scene_class, scene_class
from tests.stage.nasty_content import free_texts, shortened, with_texts

TEMPLATES = [template for template in TemplateName if has_scene_class(template)]
SENTENCE = "Every point of it lies as far away"

# What is shown as it stands: lines that others refer to by their numbers, and the sign before a command.
VERBATIM = ("code", "prompt_sign")


def composed_s(template: TemplateName, content: Content) -> float:
    """How long the scene plays."""
    pages = scene_class(template).compose(content, Kit(Look(), frame_for(PROFILES[ProfileName.HD])))
    usual_s = sum(cue.motion_s + cue.hold_s for cue in reading_cues(pages))
    return max(scene_class(template).bounds_s[0], min(usual_s, scene_class(template).bounds_s[1]))


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_length_of_a_scene_is_told_without_composing_it(template: TemplateName) -> None:
    """For the example and for one with other texts, within a third; where it says its length, exactly."""
    example = CONTENT_MODELS[template].example().model_copy(update={"duration_s": None})
    words = [path for path in free_texts(template) if not path.startswith(VERBATIM)]
    texts = shortened(template, dict.fromkeys(words, SENTENCE))
    worded = CONTENT_MODELS[template].model_validate(with_texts(template, texts) | {"duration_s": None})
    assert expected_s(example) == pytest.approx(composed_s(template, example), rel=0.25, abs=1)
    assert expected_s(worded) == pytest.approx(composed_s(template, worded), rel=0.33, abs=1)
    assert expected_s(example.model_copy(update={"duration_s": 7.0})) == 7.0


@pytest.mark.parametrize(("template", "beats"), [("bullets", 3), ("function-plot", 3), ("terminal", 4), ("picture", 2)])
def test_what_is_not_read_enters_with_its_heading(template: str, beats: int) -> None:
    """Cards, axes, a window with its prompt, and a picture: nothing stands alone while a title is read."""
    name = TemplateName(template)
    pages = scene_class(name).compose(CONTENT_MODELS[name].example(), Kit(Look(), frame_for(PROFILES[ProfileName.HD])))
    opening = Page(pages[0].beats[:beats])
    cues = reading_cues((opening,))
    whole_s = sum(cue.motion_s + cue.hold_s for cue in cues)
    assert len(cues) == (1 if template == "picture" else 2)
    assert whole_s < FINISH_S + sum(beat.motion.duration_s + beat.hold_s for beat in opening.beats)


def test_every_template_has_a_length() -> None:
    """A new one is measured before it is estimated."""
    assert set(NATURAL) == set(TEMPLATES)


def test_the_estimate_of_a_scene_keeps_to_the_pace() -> None:
    """Calm takes longer than brisk; a length that the content gives stays."""
    example = CONTENT_MODELS[TemplateName.BULLETS].example().model_copy(update={"duration_s": None})
    brisk, usual, calm = (
        expected_s(example, pace) for pace in (ReadingPace.BRISK, ReadingPace.NORMAL, ReadingPace.CALM)
    )
    assert brisk < usual == expected_s(example) < calm
    fixed = example.model_copy(update={"duration_s": 7.0})
    assert expected_s(fixed, ReadingPace.CALM) == 7.0


def test_the_pace_changes_the_time_to_read_and_not_that_of_a_given_length() -> None:
    """Calm is longer than normal, brisk shorter; words that move keep a time to be seen."""
    pages = scene_class(TemplateName.BULLETS).compose(
        CONTENT_MODELS[TemplateName.BULLETS].example(), Kit(Look(), frame_for(PROFILES[ProfileName.HD]))
    )
    calm, normal, brisk = (
        sum(cue.motion_s + cue.hold_s for cue in reading_cues(pages, pace=pace)) for pace in ReadingPace
    )
    assert calm > 1.1 * normal
    assert brisk < 0.9 * normal
    assert max(cue.hold_s for cue in reading_cues(pages, pace=ReadingPace.CALM)) <= LONGEST_STILL_S
