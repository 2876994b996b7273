"""Picture files are read with limits, and what can't be shown is refused with a sentence."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.sources import picture_files
from callsheet.sources.picture_files import MAX_PIXELS, picture_suffix, read_within


def read(path: Path, longest_side_px: int = 100) -> Image.Image:
    """The picture, asked for by the field `path`."""
    return read_within(path, longest_side_px, "path")


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_the_three_formats_are_read(picture: Path, suffix: str) -> None:
    """PNG, JPEG and WebP come out as RGBA, shrunk to what is needed and never enlarged."""
    path = picture.with_suffix(suffix)
    Image.open(picture).save(path)
    assert read(path, 100).size == (100, 50)
    assert read(path, 4000).size == (400, 200)
    assert read(path, 4000).mode == "RGBA"
    assert picture_suffix(path, "path") == suffix


def test_a_picture_from_a_turned_camera_stands_upright(picture: Path) -> None:
    """EXIF says that the camera was held on its side."""
    path = picture.with_suffix(".jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(picture).save(path, exif=exif)
    assert read(path, 400).size == (200, 400)


def test_a_photograph_with_a_second_picture_behind_it_is_a_jpeg(picture: Path) -> None:
    """Phones put a depth map or a small copy behind the photograph; it is no animation."""
    path = picture.with_suffix(".jpg")
    small = Image.new("RGB", (40, 20), "green")
    Image.open(picture).save(path, format="MPO", save_all=True, append_images=[small])
    assert read(path, 4000).getpixel((10, 10))[0] > 200
    assert picture_suffix(path, "path") == ".jpg"


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_a_picture_that_moves_is_refused(picture: Path, suffix: str) -> None:
    """It can't be known which of its pictures was meant."""
    path = picture.with_suffix(suffix)
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    with pytest.raises(InvalidRequest, match=r"path: .* is an animation: save one of its pictures"):
        read(path)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    """Neither text with the right ending, nor a format that is not taken, nor an address."""
    text, bitmap = tmp_path / "text.png", tmp_path / "picture.bmp"
    text.write_text("words")
    Image.new("RGB", (4, 4)).save(bitmap)
    for path, sentence in ((text, "is no PNG or JPEG or WEBP picture"), (bitmap, "is a BMP picture: save it as PNG")):
        with pytest.raises(InvalidRequest, match=sentence):
            read(path)
    with pytest.raises(InvalidRequest, match="there is no file"):
        read(Path("https://example.com/picture.png"))


def test_a_damaged_picture_is_refused(picture: Path) -> None:
    """Half a file is found out before rendering, not in the middle of it."""
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(picture)
    picture.write_bytes(picture.read_bytes()[:20_000])
    with pytest.raises(InvalidRequest, match="damaged"):
        read(picture)


@pytest.mark.parametrize("height_px", [MAX_PIXELS // 8000 + 1, 25_000])
def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path: Path, height_px: int) -> None:
    """A small file can hold a huge picture; its header is enough to refuse it."""
    path = tmp_path / "huge.png"
    Image.new("1", (8000, height_px)).save(path)
    with pytest.raises(InvalidRequest, match=r"too many pixels.*40,000,000 fit"):
        read(path)


@pytest.mark.filterwarnings("error")
def test_where_warnings_are_errors_the_sentence_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind the fence, where Pillow is told our limit and warns already at it."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", MAX_PIXELS)
    path = tmp_path / "huge.png"
    Image.new("1", (8000, 6000)).save(path)
    with pytest.raises(InvalidRequest, match="too many pixels"):
        read(path)


def test_a_large_file_is_refused_unread(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size alone says so."""
    monkeypatch.setattr(picture_files, "MAX_PICTURE_BYTES", 500)
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    with pytest.raises(InvalidRequest, match="is larger than"):
        read(picture)


def _encoded(image_format: str) -> bytes:
    gradient = Image.linear_gradient("L").resize((48, 48)).convert("RGB")
    content = BytesIO()
    gradient.save(content, format=image_format)
    return content.getvalue()


GOOD = [_encoded(image_format) for image_format in ("PNG", "JPEG", "WEBP")]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.sampled_from(GOOD), data=st.data())
def test_whatever_is_in_a_file_it_is_a_picture_or_refused(content: bytes, data: st.DataObject, tmp_path: Path) -> None:
    """Bytes changed at random never come out as another error than the one with the sentence."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "changed"
    path.write_bytes(changed[: data.draw(st.integers(1, len(changed)))])
    try:
        assert read(path, 16).mode == "RGBA"
    except InvalidRequest as refusal:
        assert refusal.field == "path"
