"""A look of one's own: its colours can be read, its logo stands beside the content, its scenes come first and last."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.model.film.look import Look, ThemeName
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.requests.storyboard import Storyboard
from callsheet.model.requests.video import VideoRequest
from callsheet.sources.own_looks import with_own_look
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.kit.ground import ground_of
from callsheet.stage.kit.theme import palette_for
from callsheet.stage.template_source import fill_template

ACME = """\
colours:
  background: "#fffaf0"
  text: "#1d2433"
  accent: "#9a2a00"
typefaces:
  title: roboto-slab
  text: lato
logo: acme.png
intro:
  title: Acme explains
outro:
  message: See you at Acme
"""
FILM = {"title": "A", "scenes": [{"name": "B", "template": "title", "content": {"title": "B"}}]}


@pytest.fixture
def looks_dir(tmp_path: Path) -> Path:
    """A folder with one look and its logo, a red square."""
    folder = tmp_path / "looks"
    folder.mkdir()
    (folder / "acme.yaml").write_text(ACME, encoding="utf-8")
    Image.new("RGBA", (40, 40), (200, 0, 0, 255)).save(folder / "acme.png")
    return folder


def test_a_look_is_found_by_its_name_and_by_its_path(looks_dir: Path) -> None:
    """Its colours, typefaces and logo are in the value that travels."""
    named = with_own_look(Look.model_validate("acme"), looks_dir)
    by_path = with_own_look(Look(name="acme.yaml"), looks_dir / "elsewhere", looks_dir)
    assert named == by_path
    assert (named.theme, named.title_font, named.text_font) == (ThemeName.PAPER, "roboto-slab", "lato")
    palette = palette_for(named)
    assert (palette.background, palette.text, palette.accent) == ("#fffaf0", "#1d2433", "#9a2a00")
    assert named.brand
    assert named.brand.logo == str(looks_dir / "acme.png")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            ACME.replace("#9a2a00", "#ffcc00"),
            "acme.yaml:4: colours.accent: has a contrast of 1.5 to the background (#fffaf0), and text needs 4.5",
        ),
        (ACME.replace("#1d2433", "#8a8a8a"), "colours.text: has a contrast of 3.3 to the background"),
        (ACME.replace("#1d2433", "red"), "colours.text"),
        (ACME.replace("acme.png", "other.png"), "acme.yaml, logo: there is no file"),
        (ACME.replace("typefaces", "typeface"), "typeface"),
    ],
)
def test_a_look_that_can_not_be_shown_is_refused_with_its_field(looks_dir: Path, written: str, told: str) -> None:
    """The sentence names the file, the field, and the ratio that was measured."""
    (looks_dir / "acme.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(InvalidRequest) as refused:
        with_own_look(Look(name="acme"), looks_dir)
    assert told in str(refused.value)


def test_an_unknown_look_is_refused_with_the_nearest(looks_dir: Path) -> None:
    """The sentence says where looks are searched."""
    with pytest.raises(InvalidRequest, match=r"no look “acne” in .*: did you mean “acme”"):
        with_own_look(Look(name="acne"), looks_dir)


def test_a_request_file_takes_a_look_by_name_beside_it(looks_dir: Path) -> None:
    """A path counts from the folder of the request."""
    file = looks_dir / "film.yaml"
    file.write_text(
        "title: A\nlook: ./acme.yaml\nscenes:\n  - {name: B, template: title, content: {title: B}}\n", encoding="utf-8"
    )
    request = VideoRequest.from_file(file)
    assert request.look.brand
    assert request.look.text_font == "lato"


@pytest.mark.parametrize("profile", [ProfileName.HD, ProfileName.PORTRAIT, ProfileName.SQUARE])
@pytest.mark.parametrize("place", ["top-left", "top-right", "bottom-left", "bottom-right"])
def test_the_logo_stands_in_its_corner_outside_the_content(looks_dir: Path, profile: ProfileName, place: str) -> None:
    """No pixel of it is in the safe area, and all are at least 3.5 % inside the frame."""
    (looks_dir / "acme.yaml").write_text(f"{ACME}logo_place: {place}\n", encoding="utf-8")
    frame = frame_for(PROFILES[profile])
    unit = 40
    width, height = round(frame.width * unit), round(frame.height * unit)
    pixels = ground_of(with_own_look(Look(name="acme"), looks_dir), width, height).astype(int)
    rows, columns = np.nonzero(pixels[..., 0] - pixels[..., 1] > 120)
    assert rows.size
    safe = frame.safe
    top, bottom = (frame.height / 2 - safe.top) * unit, (frame.height / 2 - safe.bottom) * unit
    assert rows.max() < top if place.startswith("top") else rows.min() > bottom
    assert min(rows.min(), height - rows.max()) >= 0.02 * height
    assert min(columns.min(), width - columns.max()) >= 0.035 * width
    assert (columns.mean() < width / 2) == place.endswith("left")


def test_a_logo_that_vanishes_on_the_ground_stands_on_a_plate(looks_dir: Path) -> None:
    """A dark logo on a dark ground has a white plate; one that is seen has none."""
    (looks_dir / "acme.yaml").write_text(
        'colours: {background: "#101820", text: "#ffffff", accent: "#ffd166"}\nlogo: acme.png\n', encoding="utf-8"
    )

    def white_pixels(colour: str) -> int:
        Image.new("RGB", (40, 40), colour).save(looks_dir / "acme.png")
        ground_of.cache_clear()
        pixels = ground_of(with_own_look(Look(name="acme"), looks_dir), 400, 225)
        return int((pixels[..., :3].min(axis=-1) > 250).sum())

    assert white_pixels("#1a2030") > 50
    assert white_pixels("#e04040") == 0


def test_the_source_of_a_scene_depends_on_the_look_and_not_on_its_folder(looks_dir: Path, tmp_path: Path) -> None:
    """The logo has a name by its content; another picture or colour is another source, another opening is none."""
    content = VideoRequest.model_validate(FILM).scenes[0].filled()

    def source(look: Look) -> str:
        return fill_template("A", content, look).code.source

    look = with_own_look(Look(name="acme"), looks_dir)
    filled = fill_template("A", content, look)
    (name,) = filled.files
    assert name.startswith("logo-")
    assert str(tmp_path) not in filled.code.source
    moved = tmp_path / "moved"
    looks_dir.rename(moved)
    (moved / "acme.yaml").write_text(ACME.replace("See you", "Goodbye"), encoding="utf-8")
    assert source(with_own_look(Look(name="acme"), moved)) == filled.code.source
    Image.new("RGB", (40, 40), "blue").save(moved / "acme.png")
    assert source(with_own_look(Look(name="acme"), moved)) != filled.code.source


def test_the_opening_and_the_close_stand_once_around_the_scenes(looks_dir: Path) -> None:
    """They come before the first and after the last scene of videos and of explainers."""
    look = with_own_look(Look(name="acme"), looks_dir)
    film = VideoRequest.model_validate({**FILM, "look": look}).with_opening_and_close()
    assert [scene.name for scene in film.scenes] == ["Acme explains", "B", "See you at Acme"]
    assert film.with_opening_and_close() == film
    storyboard = Storyboard.model_validate(
        {"title": "Film", "scenes": [{**FILM["scenes"][0], "narration": [{"text": "Be."}]}]}
    )
    plan = ExplainerRequest(storyboard=storyboard, look=look).plan(storyboard)
    assert [scene.name for scene in plan.scenes] == ["Acme explains", "B", "See you at Acme"]
