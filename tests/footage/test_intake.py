"""Pictures that people give: what is kept of a file, and what is refused."""

import io
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.sources.metadata_check import is_plain_jpeg, is_plain_png
from callsheet.sources.picture_intake import LONGEST_SIDE_PX, import_picture
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


@pytest.mark.parametrize("name", ["plain.png", "plain.jpg"])
def test_a_plain_file_keeps_its_bytes(tmp_path: Path, name: str):
    """So that a stored picture that is given again is the same one."""
    source = saved(tmp_path / name)
    assert import_picture(source, into(tmp_path)).read_bytes() == source.read_bytes()


def test_a_photograph_is_upright_and_says_nothing_of_its_camera(tmp_path: Path):
    """Orientation is applied; place, time and the rest are gone; taken in again, nothing changes any more."""
    exif = Image.Exif()
    exif[274], exif[271] = 6, "A camera"
    source = saved(tmp_path / "photo.jpg", exif=exif)
    made = import_picture(source, into(tmp_path))
    with Image.open(made) as picture:
        assert (picture.size, dict(picture.getexif()), picture.format) == ((40, 60), {}, "JPEG")
    content = made.read_bytes()
    again = made.rename(tmp_path / "again.jpg")
    assert import_picture(again, into(tmp_path)).read_bytes() == content


@pytest.mark.parametrize(("kind", "place"), HIDDEN)
def test_what_stands_beside_the_picture_never_leaves_the_machine(kind: str, place: str, tmp_path: Path):
    """In whichever part of a file it is, whether a decoder shows it or passes over it; the pixels stay."""
    content = with_secrets(PNG if kind == "png" else JPEG)[place]
    source = tmp_path / f"photo.{kind}"
    source.write_bytes(content)
    assert SECRET in content
    try:
        made = import_picture(source, into(tmp_path))
    except InvalidRequest:
        return
    assert SECRET not in made.read_bytes()
    with Image.open(made) as picture:
        assert picture.size == (60, 40)


@pytest.mark.parametrize("content", [PNG, JPEG, content_of("JPEG", progressive=True), content_of("PNG", dpi=(72, 72))])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@examples(st.data())
def test_no_part_can_be_put_into_a_plain_file(content: bytes, data: st.DataObject):
    """Between its parts or behind them, under any name that is not one of those a picture needs."""
    is_plain = is_plain_png if content == PNG or content.startswith(PNG[:8]) else is_plain_jpeg
    assert is_plain(content)
    hidden = data.draw(st.binary(min_size=1, max_size=40))
    assert not is_plain(content + hidden)
    if is_plain is is_plain_png:
        name = data.draw(st.binary(min_size=4, max_size=4).filter(lambda name: name not in {b"sRGB", b"tRNS"}))
        place = content.index(data.draw(st.sampled_from([b"IDAT", b"IEND"]))) - 4
        part = png_chunk(name, hidden)
    else:
        marker = data.draw(st.sampled_from([0xFE, *range(0xE0, 0xF0)]))
        place = data.draw(
            st.sampled_from([2, content.index(b"\xff\xdb"), content.index(b"\xff\xda"), len(content) - 2])
        )
        part = jpeg_segment(marker, hidden)
    assert not is_plain(content[:place] + part + content[place:])


@examples(st.binary(max_size=200), st.sampled_from([b"", PNG[:8], PNG[:40], JPEG[:2], JPEG[:30]]))
def test_no_file_breaks_the_search_for_its_parts(content: bytes, beginning: bytes):
    """Whatever its bytes say of themselves."""
    assert not is_plain_png(beginning + content)
    assert not is_plain_jpeg(beginning + content)


def test_webp_becomes_png_with_its_transparency(tmp_path: Path):
    """Every provider takes that."""
    picture = scenery(60, 40).convert("RGBA")
    picture.putalpha(128)
    picture.save(tmp_path / "glass.webp", lossless=True)
    with Image.open(import_picture(tmp_path / "glass.webp", into(tmp_path))) as made:
        assert (made.format, made.mode, made.getpixel((5, 5))[3]) == ("PNG", "RGBA", 128)


def test_a_large_picture_is_made_smaller(tmp_path: Path):
    """Its proportions stay."""
    Image.new("RGB", (5000, 2500)).save(tmp_path / "large.png")
    with Image.open(import_picture(tmp_path / "large.png", into(tmp_path))) as made:
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
            import_picture(tmp_path / name, into(tmp_path))
