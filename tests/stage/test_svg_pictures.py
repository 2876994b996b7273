"""SVG drawings become pictures with all that they show: texts, gradients, masks; and nothing of this machine."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.fence.job import FenceLimits
from callsheet.model.content import PictureContent
from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import Origin, OriginKind, SceneCode, ValidatedSceneCode
from callsheet.scene_lint import load_catalogue, validate
from callsheet.scratch import scratch_dir
from callsheet.settings import Settings
from callsheet.sources.scene_files import files_beside
from callsheet.sources.svg_files import is_drawing
from callsheet.sources.svg_pictures import read_drawing
from callsheet.stage import sandbox
from callsheet.stage.content_pictures import check_pictures
from callsheet.stage.template_source import fill_template

EMBLEM = Path(__file__).parents[1] / "given" / "emblem.svg"
DRAFT = PROFILES[ProfileName.DRAFT]
XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
IMAGE_SCENE = """from manim import *


class Emblem(Scene):
    def construct(self):
        self.add(ImageMobject("emblem.svg").scale_to_fit_height(6))
        self.wait(1)
"""


def drawn(folder: Path, body: str, size: str = 'viewBox="0 0 40 20"', px: int = 400) -> Image.Image:
    """A drawing with this body as a picture."""
    path = folder / "drawing.svg"
    path.write_text(f"<svg {XMLNS} {size}>{body}</svg>", encoding="utf-8")
    return read_drawing(path, px, "path")


def ink(picture: Image.Image) -> float:
    """The share of the picture that is drawn on."""
    return float((np.asarray(picture)[..., 3] > 127).mean())


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ('viewBox="0 0 40 20"', (400, 200)),
        ('width="2in" height="288pt"', (200, 400)),
        ('width="100%" height="100%" viewBox="0 0 10 40"', (100, 400)),
        ('width="30" viewBox="0 0 10 40"', (100, 400)),
        ('width="6000" height="40"', (400, 3)),
        ("", (400, 400)),
    ],
)
def test_a_drawing_is_as_large_as_it_is_needed_in_its_own_proportions(
    tmp_path: Path, size: str, expected: tuple[int, int]
) -> None:
    """By its width and height, in any unit, or its view box."""
    assert drawn(tmp_path, '<rect width="9" height="9"/>', size).size == expected


@pytest.mark.parametrize("family", ["", "Arial", "'No Such Typeface', Helvetica", "serif", "monospace", "Inter"])
@pytest.mark.parametrize("way", ["attribute", "style", "sheet"])
def test_a_text_is_drawn_whatever_typeface_it_asks_for(tmp_path: Path, family: str, way: str) -> None:
    """Where that is not installed, in another one; never as nothing."""
    declared = f"font-family: {family}" if family else ""
    written = {"attribute": f'font-family="{family}"' if family else "", "style": f'style="{declared}"', "sheet": ""}[
        way
    ]
    sheet = f"<style>text {{ {declared} }}</style>" if way == "sheet" else ""
    assert ink(drawn(tmp_path, f'{sheet}<text y="15" font-size="12" {written}>North</text>')) > 0.05


def test_gradients_masks_and_patterns_are_drawn(tmp_path: Path) -> None:
    """A red half that turns blue, of which a mask leaves the left part, and a pattern on the right."""
    defs = (
        '<defs><linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>'
        '<mask id="m"><rect width="10" height="20" fill="white"/></mask>'
        '<pattern id="p" width="2" height="2" patternUnits="userSpaceOnUse"><rect width="1" height="2" fill="lime"/>'
        "</pattern></defs>"
    )
    masked = '<rect width="20" height="20" fill="url(#g)" mask="url(#m)"/>'
    patterned = '<rect x="20" width="20" height="20" fill="url(#p)"/>'
    pixels = np.asarray(drawn(tmp_path, defs + masked + patterned)).astype(int)
    assert pixels[100, 2, 0] > 240
    assert pixels[100, 95, 2] > 100
    assert pixels[100, 150, 3] == 0
    assert abs((pixels[:, 200:, 3] > 127).mean() - 0.5) < 0.05


def test_the_same_drawing_gives_the_same_picture(tmp_path: Path) -> None:
    """To the last bit: clips are kept under what they are made of."""
    pictures = [read_drawing(EMBLEM, 300, "path").tobytes() for _ in range(2)]
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<svg/>", True),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?>\n<!-- a program --> <svg xmlns="a">', True),
        (b"<!-- a > b --><svg:svg >", True),
        (b"<!doctype html><html><svg></svg>", False),
        (b"\x89PNG\r\n\x1a\n<svg>", False),
        (b"", False),
    ],
)
def test_a_drawing_is_known_by_how_it_begins(tmp_path: Path, content: bytes, expected: bool) -> None:
    """Its name has no say."""
    path = tmp_path / "anything.png"
    path.write_bytes(content)
    assert is_drawing(path) is expected


def test_what_cannot_be_drawn_is_a_sentence(tmp_path: Path) -> None:
    """With the field, the file and what to do."""
    with pytest.raises(InvalidRequest, match=r"path: the drawing “drawing.svg” can't be drawn .*: save it as PNG"):
        drawn(tmp_path, "", 'width="0" height="4"')


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('<image href="/etc/hostname"/>', "the drawing “a.svg”: it refers to “/etc/hostname”"),
        ("<rect", "the drawing “a.svg”: line 1, column"),
        ('<g id="a"><use href="#a"/></g>', "repeats itself"),
    ],
)
def test_a_drawing_that_reaches_out_is_refused_before_anything_runs(tmp_path: Path, body: str, sentence: str) -> None:
    """The same check as for drawings that scene code opens; a picture of any name may be a drawing."""
    path = tmp_path / "a.svg"
    path.write_text(f"<svg {XMLNS}>{body}</svg>")
    (finding,) = check_pictures(PictureContent(path=str(path)))
    assert finding.message.startswith("content.path: ")
    assert sentence in finding.message


async def test_the_picture_template_shows_a_drawing(tmp_path: Path) -> None:
    """Behind the fence, whole: the gradient from light to dark, the ring, the name in white."""
    filled = fill_template("Emblem", PictureContent(path=str(EMBLEM), zoom=False, caption="The emblem"), Look())
    frame = await last_frame(tmp_path, ValidatedSceneCode.model_validate(filled.code.model_dump()), filled.files)
    assert_is_emblem(frame)


async def test_an_image_mobject_shows_a_drawing(tmp_path: Path) -> None:
    """The way out where a drawing can't be made of paths; and then nothing is said to be missing."""
    code = SceneCode(
        scene_name="Emblem", class_name="", source=IMAGE_SCENE, origin=Origin(kind=OriginKind.CODE, maker="test")
    )
    beside = files_beside(["emblem.svg"], {"emblem.svg": EMBLEM})
    checked = validate(code, load_catalogue(Settings().catalogue_dir), beside=beside)
    assert checked.remarks == ()
    assert_is_emblem(await last_frame(tmp_path, checked, {"emblem.svg": EMBLEM}))


ICON = f"""<svg {XMLNS} viewBox="0 0 24 24" fill="none" stroke="#e76f51" stroke-width="2" stroke-linecap="round">
<circle cx="12" cy="12" r="10"/><path d="M12 12h.01"/></svg>"""
ICON_SCENE = """from manim import *


class Icon(Scene):
    def construct(self):
        self.add(SVGMobject("icon.svg", height=4){stroke})
        self.wait(0.2)
"""


@pytest.mark.parametrize(("stroke", "thick"), [("", 0.4), (".set_stroke(width=10)", 0.1)], ids=["as drawn", "as told"])
async def test_the_lines_of_an_icon_are_as_thick_as_in_the_drawing(stroke: str, thick: float, tmp_path: Path) -> None:
    """Two of twenty-four units, whatever its height, with round ends; what the code says of them wins."""
    icon = tmp_path / "icon.svg"
    icon.write_text(ICON, encoding="utf-8")
    source = ICON_SCENE.format(stroke=stroke)
    code = SceneCode(scene_name="Icon", class_name="", source=source, origin=Origin(kind=OriginKind.CODE, maker="test"))
    beside = files_beside(["icon.svg"], {"icon.svg": icon})
    checked = validate(code, load_catalogue(Settings().catalogue_dir), beside=beside)
    frame = await last_frame(tmp_path, checked, {"icon.svg": icon})
    unit_px = DRAFT.height / 8
    row = frame[DRAFT.height // 2, :, 0] > 128
    left, dot, right = (
        piece.size / unit_px
        for piece in np.split(np.flatnonzero(row), np.flatnonzero(np.diff(np.flatnonzero(row)) > 1) + 1)
    )
    assert [left, dot, right] == pytest.approx([thick] * 3, abs=0.06)


async def last_frame(tmp_path: Path, code: ValidatedSceneCode, files: dict[str, Path]) -> np.ndarray:
    """The scene's last picture, RGB."""
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        limits = FenceLimits(timeout_s=120, at_once=2, slots_dir=tmp_path / "slots")
        take = await sandbox.render(code, DRAFT, folder, limits, lambda _: None, files)
        with av.open(str(take.path)) as container:
            *_, frame = container.decode(video=0)
            return frame.to_ndarray(format="rgb24").astype(int)


def assert_is_emblem(frame: np.ndarray) -> None:
    """Whether the orange above, the violet below and the letters between are there."""
    orange = np.abs(frame - (255, 179, 71)).max(axis=2) < 40
    violet = np.abs(frame - (123, 45, 139)).max(axis=2) < 40
    rows, _ = np.nonzero(violet)
    white = (frame[rows.min() : rows.max() + 1] > 225).all(axis=2)
    assert orange.sum() > 500
    assert violet.sum() > 500
    assert white.sum() > 100
    assert np.nonzero(orange)[0].mean() < np.nonzero(violet)[0].mean()
