"""Words have the room that a picture leaves: none is divided in vain, and brief contents are set large."""

from __future__ import annotations

from typing import Any

import pytest

from callsheet.model.content import CONTENT_MODELS, TemplateName
from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.kit.drawn import DrawnPicture
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates import scene_class
from tests.stage.test_templates import bounds

CHAIN = {
    "boxes": [{"name": name, "label": name} for name in ("Oberlauf", "Mittellauf", "Unterlauf", "Delta")],
    "arrows": [{"source": "Oberlauf", "target": "Mittellauf"}, {"source": "Mittellauf", "target": "Unterlauf"},
               {"source": "Unterlauf", "target": "Delta"}],
}  # fmt: skip
LIGHT = {
    "boxes": [{"name": name, "label": name} for name in ("Licht", "Lichtreaktion", "Calvinzyklus", "Kohlendioxid")],
    "arrows": [{"source": "Licht", "target": "Lichtreaktion", "label": "Photosystem"},
               {"source": "Lichtreaktion", "target": "Calvinzyklus"},
               {"source": "Kohlendioxid", "target": "Calvinzyklus"}],
}  # fmt: skip
NUMBERS = [("384,400 km", "away"), ("29.5 days", "a month"), ("3,475 km", "across")]


def shown(template: str, fields: dict[str, Any], profile: ProfileName = ProfileName.HD, composition: str = "") -> list:
    """What stands in the picture at the end."""
    content = CONTENT_MODELS[TemplateName(template)].model_validate(fields)
    pages = scene_class(TemplateName(template)).compose(content, Kit(Look(), frame_for(PROFILES[profile]), composition))
    return list(pages[-1].standing)


def texts(standing: list) -> dict[str, TypeBlock]:
    """The texts by their words."""
    return {each.words: each for each in standing if isinstance(each, TypeBlock)}


@pytest.mark.parametrize("profile", [ProfileName.HD, ProfileName.SQUARE])
def test_no_word_of_a_diagram_is_divided(profile: ProfileName) -> None:
    """A box is as wide as its longest word, however many columns there are."""
    blocks = texts(shown("diagram", LIGHT, profile))
    assert {"Lichtreaktion", "Calvinzyklus", "Kohlendioxid", "Photosystem"} <= set(blocks)
    assert all(block.box_height < 1.6 * block.seen_size for block in blocks.values())


def test_boxes_in_a_single_row_are_high() -> None:
    """A chain of few boxes is no thin line through an empty picture."""
    standing = shown("diagram", CHAIN, composition="flow")
    panel = next(each for each in standing if not isinstance(each, TypeBlock))
    left, bottom, right, top = bounds(panel)
    assert top - bottom > 1.4
    assert right - left > top - bottom


@pytest.mark.parametrize("count", [4, 5, 6])
def test_no_word_of_a_timeline_is_divided(count: int) -> None:
    """The type is a little smaller instead, or the events stand below each other."""
    events = [{"when": str(1400 + place), "what": "Westminsterabbey"} for place in range(count)]
    blocks = [each for each in shown("timeline", {"events": events}) if isinstance(each, TypeBlock)]
    assert all(block.box_height < 1.6 * block.size for block in blocks)


@pytest.mark.parametrize("profile", [ProfileName.SQUARE, ProfileName.PORTRAIT])
def test_a_drawing_above_points_takes_what_they_leave(profile: ProfileName) -> None:
    """It is large above few words, and all points stay in the picture below it."""
    few = {"drawing": "bread", "points": ["Yeast", "Heat"], "title": "Why"}
    long = ["Yeast makes the gas that lifts the dough", "Bacteria make the acid", "Heat makes the brown crust"]
    many = {"drawing": "bread", "points": long, "title": "Why"}
    heights = []
    for fields in (few, many):
        standing = shown("split", fields, profile)
        drawing = next(each for each in standing if isinstance(each, DrawnPicture))
        points = [each for each in standing if isinstance(each, TypeBlock) and each.words in fields["points"]]
        assert len(points) == len(fields["points"])
        assert bounds(drawing)[1] > max(bounds(point)[3] for point in points)
        heights.append(drawing.height)
    assert heights[0] > 1.7
    assert heights[0] > heights[1]


def test_long_numbers_stand_large_on_tiles_over_the_whole_width() -> None:
    """In three columns each of them would be small."""
    statistics = [{"value": value, "label": label} for value, label in NUMBERS]
    numbers = texts(shown("statistics", {"statistics": statistics, "title": "The Moon"}))
    assert all(numbers[value].size > Step.HEADLINE.size for value, _ in NUMBERS)


def test_drawings_stand_before_numbers_in_portrait() -> None:
    """Above them, they would leave no height for large numbers."""
    statistics = [{"value": value, "label": label, "icon": "calendar"} for value, label in NUMBERS]
    standing = shown("statistics", {"statistics": statistics, "title": "The Moon"}, ProfileName.PORTRAIT, "row")
    numbers = texts(standing)
    drawings = [each for each in standing if isinstance(each, DrawnPicture)]
    assert len(drawings) == 3
    assert all(bounds(each)[2] < bounds(numbers[value])[0] for each, (value, _) in zip(drawings, NUMBERS, strict=True))


def test_a_brief_definition_and_a_small_table_are_set_large() -> None:
    """What is long keeps its size."""
    brief = {"term": "Osmosis", "meaning": "Water moves to the salt."}
    long = {"term": "Osmosis", "meaning": "Water moves to the salt, and it does not stop before both sides agree. " * 5}
    sizes = [
        texts(shown("definition", each, composition="headed"))[each["meaning"].strip()].size for each in (brief, long)
    ]
    assert sizes[0] > 1.3 * sizes[1]
    small = {"columns": ["Flour", "Water"], "rows": [["500 g", "350 g"]]}
    large = {"columns": ["Flour", "Water"], "rows": [["500 g", "350 g"]] * 9}
    sizes = [texts(shown("table", each))["500 g"].size for each in (small, large)]
    assert sizes[0] > 1.3 * sizes[1]


def test_a_brief_explanation_is_set_large_and_a_long_one_is_not() -> None:
    """One sentence is a headline; a formula is never broken over lines to make it larger."""
    (one,) = texts(shown("explain", {"prompt": "Light bends in water."})).values()
    assert one.seen_size >= Step.HEADLINE.size
    prompt = "Air scatters blue light more than red light, because its waves are shorter, and so on. " * 6
    several = texts(shown("explain", {"prompt": prompt}))
    assert max(block.seen_size for block in several.values()) < 0.8 * one.seen_size
    formula = "(x + 3)^2 = x^2 + 6 x + 9"
    mixed = shown("explain", {"prompt": f"The left side is a square, because {formula}."}, ProfileName.PORTRAIT)
    assert sum(block.box_height > 1.6 * block.seen_size for block in texts(mixed).values()) <= 1


def test_the_lines_of_a_short_derivation_are_set_large() -> None:
    """And their reasons stand apart, in the right half of the picture."""
    lines = [{"formula": "a = b", "reason": "given"}, {"formula": "a^2 = b^2", "reason": "squared"}]
    blocks = texts(shown("derivation", {"title": "Squares", "lines": lines}))
    assert blocks["a^2 = b^2"].seen_size > Step.TITLE.size
    assert blocks["given"].box.get_left()[0] > blocks["a^2 = b^2"].box.get_right()[0] + 1.2
