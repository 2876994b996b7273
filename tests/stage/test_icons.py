"""Drawings stand in text and beside it, and a word that names none is refused with its field."""

from __future__ import annotations

import pytest

from callsheet.drawings import find_drawing
from callsheet.model.content import CONTENT_MODELS, BulletsContent, ComparisonContent, StatisticsContent, TemplateName
from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.requests.video import SceneBrief
from callsheet.stage.content import scene_problems
from callsheet.stage.kit.drawn import DrawnPicture
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.emoji import split_emoji
from callsheet.stage.kit.frame import Area, frame_for
from callsheet.stage.kit.scale import Step
from callsheet.stage.templates import scene_class

WITH_ICONS = {
    "bullets": {"points": ["Water", "Light"], "icons": ["droplet", "Sonne"]},
    "statistics": {"statistics": [{"value": "38 %", "label": "of the power", "icon": "energy"}]},
    "comparison": {
        "left": {"heading": "By hand", "points": ["Exact"], "icon": "pencil"},
        "right": {"heading": "By computer", "points": ["Quick"], "icon": "robot"},
    },
}


@pytest.fixture(scope="module")
def kit() -> Kit:
    """A kit in landscape."""
    return Kit(Look(), frame_for(PROFILES[ProfileName.HD]))


def test_emoji_in_a_text_are_its_coloured_drawings(kit: Kit) -> None:
    """They stand in the line, in reading order, as high as its box; the text keeps its one colour."""
    block = kit.text("Sun ☀️ and 🎬", Step.BODY, 9)
    drawn = [ink for ink in block.inks if ink.key == "drawing"]
    shapes = [len(find_drawing(name).shapes) for name in ("sun", "clapper-board")]
    assert len(drawn) == sum(shapes)
    assert len(block.inks) == len(drawn) + 1
    assert all(ink.height <= block.box_height + 1e-6 for ink in drawn)
    assert drawn[0].get_left()[0] < drawn[-1].get_left()[0]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a ↔ b", []),
        ("a ↔️ b", ["left-right-arrow"]),
        ("✅ done", ["check-mark-button"]),
        ("👩🏽‍🔬👨‍🔬", ["woman-scientist", "man-scientist"]),
        ("1️⃣ and 1", ["keycap-1"]),
        ("日本語 © 2026 → 3", []),
    ],
)
def test_only_what_is_an_emoji_is_drawn(text: str, drawn: list[str]) -> None:
    """A sign that is text by itself stays text, and nothing of a text is lost."""
    parts = list(split_emoji(text))
    assert [part.name for part in parts if not isinstance(part, str)] == drawn
    assert "".join(part for part in parts if isinstance(part, str)) in text or drawn


def test_a_drawing_fills_its_area_and_keeps_its_proportions(kit: Kit) -> None:
    """It stands in the middle, and its larger side is that of the area."""
    drawing = kit.drawing("giraffe", Area(1, 2, 3, 2))
    assert max(drawing.width / 3, drawing.height / 2) == pytest.approx(1)
    assert drawing.get_center()[:2] == pytest.approx((2.5, 1))


@pytest.mark.parametrize("template", WITH_ICONS)
def test_icons_stand_beside_the_words_that_they_belong_to(kit: Kit, template: str) -> None:
    """All templates with icons show them, inside the safe area."""
    content = CONTENT_MODELS[TemplateName(template)].model_validate(WITH_ICONS[template])
    assert not list(scene_problems(SceneBrief(name="Scene", template=template, content=WITH_ICONS[template])))
    pages = scene_class(TemplateName(template)).compose(content, kit)
    icons = [each for page in pages for each in page.everything if isinstance(each, DrawnPicture)]
    assert len(icons) == len([text for _, kind, text in content.texts() if kind == "drawing" and text])
    for icon in icons:
        assert kit.safe.left - 0.01 <= icon.get_left()[0]
        assert icon.get_right()[0] <= kit.safe.right + 0.01


def test_an_unknown_icon_is_refused_with_its_field_and_near_words() -> None:
    """The place is that of the request, and advice is given where a word is near."""
    content = {"statistics": [{"value": "1", "label": "one", "icon": "vulcanoo"}]}
    (problem,) = scene_problems(SceneBrief(name="Scene", template="statistics", content=content))
    assert problem[0] == ("content", "statistics", 0, "icon")
    assert "“volcano”" in problem[1]


def test_more_icons_than_points_are_refused() -> None:
    """Each icon belongs to a point."""
    with pytest.raises(ValueError, match="2 icons for 1 points"):
        BulletsContent(points=("One",), icons=("sun", "moon"))


def test_contents_without_icons_are_as_they_were(kit: Kit) -> None:
    """No drawing appears unasked."""
    for model in (BulletsContent, ComparisonContent, StatisticsContent):
        template = next(name for name, each in CONTENT_MODELS.items() if each is model)
        pages = scene_class(template).compose(model.example(), kit)
        assert not [each for page in pages for each in page.everything if isinstance(each, DrawnPicture)]
