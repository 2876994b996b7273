"""Stills: the picture of a scene that a person writes, from a child behind the fence that stays for the next one."""

import asyncio
import contextlib
import io
import os

import pytest
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.fence.job import FenceLimits
from callsheet.model.content import BulletsContent, PictureContent, QuoteContent, TableContent
from callsheet.model.film.look import Look, ThemeName
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.stills import CHILD, CHILDREN, StillPool
from tests.stage.test_sandbox import descendants, until

HD = PROFILES[ProfileName.HD]
QUOTE = QuoteContent.example()


@pytest.fixture
async def pool(tmp_path):
    """An empty pool; nothing of it is left after the test."""
    found = StillPool(FenceLimits(timeout_s=60, at_once=2, slots_dir=tmp_path / "slots"), tmp_path / "scratch")
    yield found
    await found.close()
    assert await until(lambda: not drawing())
    assert not list((tmp_path / "scratch").glob("stills-*"))


def drawing():
    """The processes below this one that draw pictures. A server of other tests may start what it likes meanwhile."""
    found = []
    for process in descendants(os.getpid()):
        with contextlib.suppress(OSError):  # it has just ended
            found += [process] if CHILD.encode() in (process / "cmdline").read_bytes() else []
    return found


def picture(jpeg):
    """The decoded picture."""
    return Image.open(io.BytesIO(jpeg))


async def test_pictures_of_one_owner_come_from_one_child(pool):
    """Each shows its own content, look and proportions; none but the first waits for an import."""
    first = picture(await pool.draw("ada", QUOTE, Look(), HD))
    child = pool._children["ada"]
    paper = picture(await pool.draw("ada", QUOTE, Look(theme=ThemeName.PAPER), HD))
    tall = picture(await pool.draw("ada", BulletsContent.example(), Look(), PROFILES[ProfileName.PORTRAIT]))
    assert pool._children == {"ada": child}
    assert drawing()
    assert (first.size, paper.size, tall.size) == ((640, 360), (640, 360), (360, 640))
    assert sum(first.getpixel((5, 5))) < 150
    assert sum(paper.getpixel((5, 5))) > 600


async def test_what_is_not_drawn_says_why_and_the_child_stays(pool):
    """Content that does not fit names its field; a picture that is not wanted any more when its turn comes is left."""
    wide = TableContent(columns=("W" * 60,) * 6, rows=(("W" * 120,) * 6,))
    with pytest.raises(InvalidRequest) as refused:
        await pool.draw("ada", wide, Look(), PROFILES[ProfileName.PORTRAIT])
    assert refused.value.field.startswith("content")
    huge = wide.model_copy(update={"columns": ("W" * 20_000,) * 6})
    with pytest.raises(InvalidRequest, match="too large for a preview"):
        await pool.draw("ada", huge, Look(), HD)
    drawn, left = await asyncio.gather(
        pool.draw("ada", QUOTE, Look(), HD), pool.draw("ada", QUOTE, Look(), HD, lambda: False)
    )
    assert picture(drawn).size == (640, 360)
    assert left is None


@pytest.mark.long
async def test_a_picture_file_is_shown_behind_the_fence(pool, tmp_path):
    """It goes in as a copy, under a name by its content."""
    red = tmp_path / "red.png"
    Image.new("RGB", (64, 36), "#ff0000").save(red)
    drawn = picture(await pool.draw("ada", PictureContent(path=str(red)), Look(), HD))
    assert any(red > 200 and green < 60 for red, green, _ in drawn.get_flattened_data())


@pytest.mark.long
async def test_each_owner_has_another_child_and_the_oldest_makes_room(pool):
    """More owners than children are all answered."""
    for owner in [f"owner {number}" for number in range(CHILDREN + 1)]:
        assert picture(await pool.draw(owner, QUOTE, Look(), HD)).size == (640, 360)
        assert len(pool._children) <= CHILDREN
