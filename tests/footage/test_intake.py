"""Pictures that people give: what is kept of a file, what keeps its key, and what is refused."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.sources.picture_files import read_picture
from callsheet.sources.picture_intake import LONGEST_SIDE_PX, import_picture
from callsheet.storage.keys import GIVEN_PICTURES, media_type_of
from callsheet.storage.local import LocalStore
from callsheet.storage.store import Store, holds_media, store_media
from tests.footage.given import scenery

SECRET = b"51.4778N 0.0014W"


def content_of(kind: str, **options: object) -> bytes:
    """A picture as Pillow writes it."""
    file = io.BytesIO()
    scenery(60, 40).save(file, kind, **options)
    return file.getvalue()


PNG, JPEG = content_of("PNG"), content_of("JPEG")


def png_chunk(name: bytes, data: bytes) -> bytes:
    """A whole chunk."""
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


def jpeg_segment(marker: int, data: bytes) -> bytes:
    """A whole segment."""
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2) + data


def with_secrets(content: bytes) -> dict[str, bytes]:
    """The same picture with something beside it, in each place where files have room for it."""
    if content.startswith(b"\x89PNG"):
        first, last = content.index(b"IDAT") - 4, content.index(b"IEND") - 4
        return {
            "text before the pixels": content[:first] + png_chunk(b"tEXt", b"Comment\0" + SECRET) + content[first:],
            "text behind the pixels": content[:last] + png_chunk(b"tEXt", b"Comment\0" + SECRET) + content[last:],
            "EXIF behind the pixels": content[:last]
            + png_chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0" + SECRET)
            + content[last:],
            "a chunk of nobody's": content[:last] + png_chunk(b"prVt", SECRET) + content[last:],
            "a chunk of density that is long": content[:first] + png_chunk(b"pHYs", SECRET) + content[first:],
            "pixels behind the last": content[:last] + png_chunk(b"IDAT", SECRET) + content[last:],
            "behind the end": content + SECRET,
        }
    scan = content.index(b"\xff\xda")
    return {
        "application 4": content[:2] + jpeg_segment(0xE4, SECRET) + content[2:],
        "application 11": content[:scan] + jpeg_segment(0xEB, SECRET) + content[scan:],
        "a comment behind the scan": content[:-2] + jpeg_segment(0xFE, SECRET) + content[-2:],
        "a second JFIF header": content[:2] + jpeg_segment(0xE0, b"JFXX\0" + SECRET) + content[2:],
        "before a marker": content[:scan] + SECRET + content[scan:],
        "behind the end": content + SECRET,
    }


HIDDEN = [(kind, place) for kind, content in (("png", PNG), ("jpg", JPEG)) for place in with_secrets(content)]


def saved(path: Path, **options: object) -> Path:
    """A picture in a file."""
    scenery(60, 40).save(path, **options)
    return path


def into(tmp_path: Path) -> Path:
    """A folder for what is taken in."""
    folder = tmp_path / "in"
    folder.mkdir(exist_ok=True)
    return folder


def kept_in(store: Store) -> Callable[[Path], bool]:
    """Whether a store holds a file as a picture that a person gave."""
    return lambda path: holds_media(store, path, GIVEN_PICTURES, media_type_of(path.name))


def nothing_is_stored(path: Path) -> bool:
    """An empty store."""
    return False


def taken_in(source: Path, tmp_path: Path) -> Path:
    """The picture as an intake writes it that has no store."""
    return import_picture(source, into(tmp_path), nothing_is_stored)


def parts_of(png: bytes) -> list[bytes]:
    """The names of a PNG's chunks, from its first byte to its last."""
    names, place = [], 8
    while place < len(png):
        names.append(png[place + 4 : place + 8])
        place += 12 + int.from_bytes(png[place : place + 4])
    assert (png[:8], place) == (PNG[:8], len(png))
    return names


def as_earlier_versions_stored(source: Path, folder: Path) -> Path:
    """A photograph with notes of its camera, as version 94399cf wrote it."""
    path = folder / "earlier.jpg"
    read_picture(source, "picture").save(path, quality=95, subsampling=0)
    return path


@pytest.mark.parametrize("name", ["plain.png", "plain.jpg"])
def test_a_stored_picture_keeps_its_bytes(tmp_path: Path, name: str):
    """So that one that is given again, or was left as it was by an earlier version, is the same picture."""
    source = saved(tmp_path / name)
    store = LocalStore(tmp_path / "store")
    key = store_media(store, source, GIVEN_PICTURES, media_type_of(name)).key
    made = import_picture(source, into(tmp_path), kept_in(store))
    assert made.read_bytes() == source.read_bytes()
    assert store_media(store, made, GIVEN_PICTURES, media_type_of(made.name)).key == key


def test_a_photograph_that_an_earlier_version_stored_keeps_its_key(tmp_path: Path):
    """What was paid for it is found under the digest of the stored JPEG."""
    exif = Image.Exif()
    exif[274], exif[271] = 6, "A camera"
    source = saved(tmp_path / "photo.jpg", exif=exif)
    store = LocalStore(tmp_path / "store")
    key = store_media(store, as_earlier_versions_stored(source, tmp_path), GIVEN_PICTURES, "image/jpeg").key
    made = import_picture(source, into(tmp_path), kept_in(store))
    assert store_media(store, made, GIVEN_PICTURES, media_type_of(made.name)).key == key


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp"])
def test_a_picture_that_was_taken_in_is_the_same_when_it_is_given_again(tmp_path: Path, name: str):
    """The command stores it, and the run takes in what is stored."""
    store = LocalStore(tmp_path / "store")
    made = taken_in(saved(tmp_path / name), tmp_path).rename(tmp_path / "once.png")
    store_media(store, made, GIVEN_PICTURES, "image/png")
    assert import_picture(made, into(tmp_path), kept_in(store)).read_bytes() == made.read_bytes()


def test_a_photograph_is_upright_and_says_nothing_of_its_camera(tmp_path: Path):
    """Orientation is applied; place, time and the rest are gone; taken in again, nothing changes any more."""
    exif = Image.Exif()
    exif[274], exif[271] = 6, "A camera"
    source = saved(tmp_path / "photo.jpg", exif=exif)
    made = taken_in(source, tmp_path)
    with Image.open(made) as picture:
        assert (picture.size, dict(picture.getexif()), picture.format) == ((40, 60), {}, "PNG")
    again = made.rename(tmp_path / "again.png")
    with Image.open(taken_in(again, tmp_path)) as picture:
        assert np.array_equal(np.asarray(picture), np.asarray(Image.open(again)))


@pytest.mark.parametrize(("kind", "place"), HIDDEN)
def test_what_stands_beside_the_picture_never_leaves_the_machine(kind: str, place: str, tmp_path: Path):
    """In whichever part of a file it is, whether a decoder shows it or passes over it; the pixels stay."""
    content = with_secrets(PNG if kind == "png" else JPEG)[place]
    source = tmp_path / f"photo.{kind}"
    source.write_bytes(content)
    assert SECRET in content
    try:
        made = taken_in(source, tmp_path)
    except InvalidRequest:
        return
    assert SECRET not in made.read_bytes()
    assert set(parts_of(made.read_bytes())) == {b"IHDR", b"IDAT", b"IEND"}
    with Image.open(made) as picture:
        assert picture.size == (60, 40)


@pytest.mark.parametrize("content", [PNG, JPEG, content_of("JPEG", progressive=True), content_of("PNG", dpi=(72, 72))])
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@examples(st.data())
def test_no_part_of_a_file_comes_through_but_its_picture(content: bytes, tmp_path: Path, data: st.DataObject):
    """Between its parts or behind them, under any name: what is written is new, and holds pixels alone."""
    hidden = data.draw(st.binary(min_size=1, max_size=40))
    if content.startswith(PNG[:8]):
        name = data.draw(st.binary(min_size=4, max_size=4))
        place = content.index(data.draw(st.sampled_from([b"IDAT", b"IEND"]))) - 4
        part = png_chunk(name, hidden)
    else:
        marker = data.draw(st.sampled_from([0xFE, *range(0xE0, 0xF0)]))
        place = data.draw(
            st.sampled_from([2, content.index(b"\xff\xdb"), content.index(b"\xff\xda"), len(content) - 2])
        )
        part = jpeg_segment(marker, hidden)
    (tmp_path / "given").write_bytes(
        content[:place] + part + content[place:] + data.draw(st.sampled_from([b"", hidden]))
    )
    try:
        made = taken_in(tmp_path / "given", tmp_path).read_bytes()
    except InvalidRequest:
        return
    assert set(parts_of(made)) == {b"IHDR", b"IDAT", b"IEND"}


def test_webp_becomes_png_with_its_transparency(tmp_path: Path):
    """Every provider takes that."""
    picture = scenery(60, 40).convert("RGBA")
    picture.putalpha(128)
    picture.save(tmp_path / "glass.webp", lossless=True)
    with Image.open(taken_in(tmp_path / "glass.webp", tmp_path)) as made:
        assert (made.format, made.mode, made.getpixel((5, 5))[3]) == ("PNG", "RGBA", 128)


def test_a_large_picture_is_made_smaller(tmp_path: Path):
    """Its proportions stay."""
    Image.new("RGB", (5000, 2500)).save(tmp_path / "large.png")
    with Image.open(taken_in(tmp_path / "large.png", tmp_path)) as made:
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
            taken_in(tmp_path / name, tmp_path)
