"""Lengths that an estimate tells, beside those that the composed scenes have."""

import pytest

from callsheet.model.content import CONTENT_MODELS, Content, TemplateName
from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.template_lengths import NATURAL, expected_s
from callsheet.stage.templates import has_scene_class, scene_class
from callsheet.stage.templates.base import _cues
from tests.stage.nasty_content import free_texts, shortened, with_texts

TEMPLATES = [template for template in TemplateName if has_scene_class(template)]
SENTENCE = "Every point of it lies as far away"

# What is shown as it stands: lines that others refer to by their numbers, and the sign before a command.
VERBATIM = ("code", "prompt_sign")


def composed_s(template: TemplateName, content: Content) -> float:
    """How long the scene plays."""
    pages = scene_class(template).compose(content, Kit(Look(), frame_for(PROFILES[ProfileName.HD])))
    return sum(motion.duration_s + hold_s for motion, hold_s in _cues(pages))


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


def test_every_template_has_a_length() -> None:
    """A new one is measured before it is estimated."""
    assert set(NATURAL) == set(TEMPLATES)
