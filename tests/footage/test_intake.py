"""Pictures that people give: what is kept of a file, and what is refused."""

from pathlib import Path

import pytest
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.footage.intake import LONGEST_SIDE_PX, taken_in
from tests.footage.given import scenery


def saved(path: Path, **options: object) -> Path:
    """A picture in a file."""
    scenery(60, 40).save(path, **options)
    return path


def into(tmp_path: Path) -> Path:
    """A folder for what is taken in."""
    folder = tmp_path / "in"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize("name", ["plain.png", "plain.jpg"])
def test_a_plain_file_keeps_its_bytes(tmp_path: Path, name: str):
    """So that a stored picture that is given again is the same one."""
    source = saved(tmp_path / name)
    assert taken_in(source, into(tmp_path)).read_bytes() == source.read_bytes()


def test_a_photograph_is_upright_and_says_nothing_of_its_camera(tmp_path: Path):
    """Orientation is applied; place, time and the rest are gone; taken in again, nothing changes any more."""
    exif = Image.Exif()
    exif[274], exif[271] = 6, "A camera"
    source = saved(tmp_path / "photo.jpg", exif=exif)
    made = taken_in(source, into(tmp_path))
    with Image.open(made) as picture:
        assert (picture.size, dict(picture.getexif()), picture.format) == ((40, 60), {}, "JPEG")
    content = made.read_bytes()
    again = made.rename(tmp_path / "again.jpg")
    assert taken_in(again, into(tmp_path)).read_bytes() == content


def test_webp_becomes_png_with_its_transparency(tmp_path: Path):
    """Every provider takes that."""
    picture = scenery(60, 40).convert("RGBA")
    picture.putalpha(128)
    picture.save(tmp_path / "glass.webp", lossless=True)
    with Image.open(taken_in(tmp_path / "glass.webp", into(tmp_path))) as made:
        assert (made.format, made.mode, made.getpixel((5, 5))[3]) == ("PNG", "RGBA", 128)


def test_a_large_picture_is_made_smaller(tmp_path: Path):
    """Its proportions stay."""
    Image.new("RGB", (5000, 2500)).save(tmp_path / "large.png")
    with Image.open(taken_in(tmp_path / "large.png", into(tmp_path))) as made:
        assert made.size == (LONGEST_SIDE_PX, LONGEST_SIDE_PX // 2)


def test_what_is_no_picture_is_refused_in_a_sentence(tmp_path: Path):
    """Missing, text, cut off, and moving."""
    (tmp_path / "text.png").write_text("no picture")
    cut = saved(tmp_path / "cut.png")
    cut.write_bytes(cut.read_bytes()[:-400])
    frames = [scenery(60, 40, seed=seed) for seed in (1, 2)]
    frames[0].save(tmp_path / "moves.webp", save_all=True, append_images=frames[1:])
    for name, sentence in (
        ("none.png", "there is no file"), ("text.png", "it is no PNG or JPEG or WEBP picture"),
        ("cut.png", "the file is damaged"), ("moves.webp", "it is an animation"),
    ):  # fmt: skip
        with pytest.raises(InvalidRequest, match=sentence):
            taken_in(tmp_path / name, into(tmp_path))
