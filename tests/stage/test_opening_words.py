"""Titles and points are set as people read them: no word is divided, and points are seen as such."""

import pytest

from callsheet.model.content import BulletsContent, TitleContent
from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.bullets import BulletsScene
from callsheet.stage.templates.title import TitleScene


@pytest.fixture
def kit() -> Kit:
    """In the usual look and size."""
    return Kit(Look(), frame_for(PROFILES[ProfileName.HD]), "")


def test_a_short_title_in_chinese_stands_in_one_line(kit: Kit) -> None:
    """A line of Chinese may break inside of a word."""
    (page,) = TitleScene.compose(TitleContent(title="技术决定历史"), kit)
    (title,) = [each for each in page.standing if isinstance(each, TypeBlock)]
    assert title.box_height < 2 * title.size


def test_more_room_is_between_points_than_between_their_lines(kit: Kit) -> None:
    """Also where the type is so large that it fills the picture."""
    points = ["The first of them needs to be passed as an initial argument in a compatible format"] * 2
    (page,) = BulletsScene.compose(BulletsContent(title="Points", points=points), kit)
    _, first, second = [each for each in page.standing if isinstance(each, TypeBlock)]
    assert first.box.get_bottom()[1] - second.box.get_top()[1] > 0.5
