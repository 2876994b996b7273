"""Content that can't fit into its picture is found before anything runs."""

import pytest

from callsheet.model.content import CONTENT_MODELS, TemplateName
from callsheet.model.film.profile import ProfileName
from callsheet.model.requests.video import SceneBrief, SceneRequest
from callsheet.stage.composing import _is_roomy, layout_problems


def scene(template: str, profile: ProfileName = ProfileName.HD, **content: object) -> SceneRequest:
    """One scene in this profile."""
    return SceneRequest(scene=SceneBrief(name="x", template=template, content=content), profile=profile)


def test_what_is_too_long_is_named_with_its_field_and_by_how_much() -> None:
    """Before anything is started."""
    steps = [" + ".join(["x^2"] * 60), "y"]
    [(location, sentence)] = layout_problems(scene("equation", steps=steps))
    assert location == ("content", "steps")
    assert sentence.startswith("this does not fit on one page, even set smaller: shorten it (about ")
    assert list(layout_problems(scene("terminal", prompt_sign="m" * 24, entries=[{"text": "ls"}]))) == [
        (
            ("content", "prompt_sign"),
            "the prompt sign takes half of the width: shorten it (about 6 % shorter fits)",
        )
    ]


@pytest.mark.parametrize("profile", [ProfileName.HD, ProfileName.PORTRAIT, ProfileName.SQUARE])
@pytest.mark.parametrize("template", CONTENT_MODELS)
def test_examples_have_room(template: TemplateName, profile: ProfileName) -> None:
    """Whether they are looked at or not."""
    content = CONTENT_MODELS[template].EXAMPLE
    if template is not TemplateName.PLACEHOLDER:
        assert list(layout_problems(scene(template, profile, **content))) == []


def test_scenes_with_little_in_them_are_not_composed() -> None:
    """A usual film starts without two seconds of imports."""
    usual = {"title": "What is new", "points": ["One point of some length", "Another one", "And a third one"]}
    assert _is_roomy(CONTENT_MODELS[TemplateName.BULLETS].model_validate(usual))
