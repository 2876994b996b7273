"""The composition of a scene is chosen by its content, and never comes twice running in a film."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from callsheet.model.content import COMPOSITIONS, CONTENT_MODELS, Content, TemplateName, compositions
from callsheet.model.film.look import Look
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.stage.template_source import fill_template

MANY_WORDS = "We have measured this every summer for forty years. "


def diagram(*arrows: str) -> dict[str, Any]:
    """A diagram of arrows such as ab, from box a to box b."""
    names = dict.fromkeys("".join(arrows))
    return {
        "boxes": [{"name": name, "label": name} for name in names],
        "arrows": [{"source": source, "target": target} for source, target in arrows],
    }


CASES = [
    ("statistics", {"statistics": [{"value": "7", "label": "seas"}]}, "single"),
    ("statistics", {"statistics": [{"value": "7", "label": "seas"}] * 3}, "row"),
    ("statistics", {"statistics": [{"value": "7", "label": "seas"}] * 5}, "tiles"),
    (
        "statistics",
        {"statistics": [{"value": "7", "label": "seas", "trend": "good"}, {"value": "3", "label": "lakes"}]},
        "lead",
    ),
    ("quote", {"quote": "Less is more."}, "colour"),
    ("quote", {"quote": MANY_WORDS * 3, "speaker": "Ada"}, "panel"),
    ("quote", {"quote": MANY_WORDS * 8, "speaker": "Ada"}, "marks"),
    ("picture", {"path": "a.png", "caption": "The quay"}, "bleed"),
    ("picture", {"path": "a.png", "caption": MANY_WORDS * 4}, "half"),
    ("picture", {"path": "a.png", "title": "The quay"}, "framed"),
    ("chart", {"data": [{"label": "tea", "value": 3}]}, "columns"),
    ("chart", {"data": [{"label": "tea from the northern slopes of Assam", "value": 3}]}, "named-above"),
    ("chart", {"kind": "line", "data": [{"label": "1990", "value": 3}]}, "line"),
    ("chart", {"kind": "line", "data": [{"label": "1990", "value": 3, "highlight": True}]}, "focus"),
    ("definition", {"term": "Osmosis", "meaning": "Water moves."}, "beside"),
    ("diagram", diagram("ab", "bc", "cd", "ad"), "flow"),
    ("diagram", diagram("ab", "ac", "da"), "hub"),
    ("diagram", diagram("ab", "bc", "cd", "da"), "ring"),
    ("diagram", diagram("ab", "ba", "cd", "dc"), "flow"),
    ("diagram", diagram("bc", "ab", "cd"), "stairs"),
    ("diagram", diagram("ab", "bc", "cb") | {"boxes": [{"name": name, "label": name} for name in "abcd"]}, "flow"),
    ("timeline", {"events": [{"when": "1957", "what": "Sputnik"}] * 4}, "line"),
    ("timeline", {"events": [{"when": "1957", "what": "Sputnik"}] * 6}, "alternating"),
    ("definition", {"term": "The principle of least action", "meaning": "Nature is thrifty."}, "card"),
    ("definition", {"term": "Osmosis", "meaning": MANY_WORDS * 6}, "headed"),
]


def content_of(template: str, fields: dict[str, Any]) -> Content:
    """The content of a template."""
    return CONTENT_MODELS[TemplateName(template)].model_validate(fields)


def scene(template: str, content: dict[str, Any]) -> dict[str, Any]:
    """A scene as a request file has it."""
    return {"name": "A scene", "template": template, "content": content}


@pytest.mark.parametrize(("template", "fields", "expected"), CASES)
def test_the_content_chooses_the_composition(template: str, fields: dict[str, Any], expected: str) -> None:
    """How many things there are, and how long their words."""
    suited = compositions(content_of(template, fields))
    assert suited[0] == expected
    assert len(suited) > 1
    assert set(suited) <= set(COMPOSITIONS[TemplateName(template)])


@pytest.mark.parametrize("template", COMPOSITIONS)
def test_no_composition_comes_twice_running_in_a_film(template: TemplateName) -> None:
    """Of four scenes with the same content, each looks different from the one before."""
    example = CONTENT_MODELS[template].EXAMPLE
    film = VideoRequest.model_validate({"title": "Film", "scenes": [scene(template, example)] * 4})
    suited = compositions(CONTENT_MODELS[template].example())
    seen = [each.composition or suited[0] for each in film.scene_requests()]
    assert all(one != other for one, other in pairwise(seen))
    assert set(seen) <= set(suited)


def test_a_scene_between_others_keeps_the_composition_that_suits_it() -> None:
    """Only the scene directly before counts, so a film that grows elsewhere keeps its clips."""
    quote, title = scene("quote", {"quote": "Less is more."}), scene("title", {"title": "A title"})
    film = VideoRequest.model_validate({"title": "Film", "scenes": [quote, title, quote]})
    assert [each.composition for each in film.scene_requests()] == ["", "", ""]


def test_only_another_composition_than_the_usual_one_changes_the_source() -> None:
    """So clips of scenes that stand alone stay as they are."""
    content = content_of("quote", {"quote": "Less is more."})
    usual, other = (fill_template("A", content, Look(), composition=name).code.source for name in ("", "panel"))
    assert "composition" not in usual
    assert usual == other.replace('    composition = "panel"\n', "")


@pytest.mark.parametrize(
    ("template", "hint"), [("quote", "give one of colour, marks, panel"), ("title", "leave it empty")]
)
def test_an_unknown_composition_is_refused_with_those_there_are(template: str, hint: str) -> None:
    """The sentence names the field's choices."""
    content = {"quote": "Less is more."} if template == "quote" else {"title": "A title"}
    with pytest.raises(ValidationError, match=hint):
        SceneRequest.model_validate({"scene": scene(template, content), "composition": "nowhere"})
