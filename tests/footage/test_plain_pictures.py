"""Every picture comes out upright, in eight bits and in sRGB, whatever its file is; or it is refused in a sentence."""

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from callsheet.errors import InvalidRequest
from callsheet.sources import picture_files
from callsheet.sources.picture_files import (
    file_at,
    is_picture,
    is_plain_picture,
    opened_picture,
    plain_files,
    read_within,
)
from callsheet.sources.picture_intake import import_picture
from tests.footage.given import scenery
from tests.footage.test_intake import nothing_is_stored, png_chunk

GIVEN = Path(__file__).parent / "pictures"
EXCHANGED = Image.open(GIVEN / "rgb-with-profile.png").info["icc_profile"]
"""A profile that exchanges red and blue."""
ORANGE, TEAL, WHITE = (230, 140, 60), (20, 70, 80), (255, 255, 255)
INKS = ["cmyk-marked.jpg", "cmyk-unmarked.jpg", "cmyk-with-a-profile.jpg"]


def read_picture(path: Path) -> Image.Image:
    """The picture; the sentence of a refusal calls its file “it”."""
    return picture_files.read_picture(path, "picture", subject="it")


def seen(path: Path, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place, given as shares of width and height."""
    picture = read_picture(path)
    return picture.getpixel((round(x * picture.width), round(y * picture.height)))


def is_near(colour: tuple[int, ...], other: tuple[int, ...], levels: int = 6) -> bool:
    """Whether people can't tell the two apart."""
    return max(abs(one - two) for one, two in zip(colour[:3], other[:3], strict=True)) <= levels


def refusal(path: Path) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(InvalidRequest) as refused:
        read_picture(path)
    return str(refused.value)


def png_of(header: bytes, rows: bytes, *chunks: bytes) -> bytes:
    """A PNG with these chunks before its pixels."""
    pixels = png_chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + b"".join(chunks) + pixels + png_chunk(b"IEND", b"")


@pytest.mark.parametrize("name", INKS)
def test_inks_become_the_same_colours_with_and_without_a_mark(name: str):
    """Adobe's programs store inks inverted and mark their files; others are no negatives."""
    places = [seen(GIVEN / name, x, 0.55) for x in (0.25, 0.75)] + [seen(GIVEN / name, 0.01, 0.01)]
    assert all(is_near(one, other) for one, other in zip(places, (ORANGE, TEAL, WHITE), strict=True))
    for_a_scene = read_within(GIVEN / name, 480, "path").getpixel((120, 148))
    assert is_near(for_a_scene, ORANGE)


def test_inks_that_are_stored_as_light_and_colour_are_read(tmp_path: Path):
    """YCCK, as Photoshop writes it: three inks in YCbCr, all inverted, the transform 2 in Adobe's mark."""
    inks = Image.new("RGB", (32, 32), (10, 120, 200))
    stored = [ImageOps.invert(band) for band in inks.convert("YCbCr").split()]
    Image.merge("CMYK", (*stored, Image.new("L", (32, 32), 40))).save(tmp_path / "a.jpg", quality=100, subsampling=0)
    content = bytearray((tmp_path / "a.jpg").read_bytes())
    content[content.index(b"Adobe") + 11] = 2
    (tmp_path / "a.jpg").write_bytes(content)
    expected = tuple(round((255 - ink) * (255 - 40) / 255) for ink in (10, 120, 200))
    assert is_near(seen(tmp_path / "a.jpg", 0.5, 0.5), expected, 4)


@pytest.mark.parametrize("name", ["palette-with-profile.png", "rgb-with-profile.png"])
def test_a_profile_counts_in_a_palette_as_it_does_without_one(name: str):
    """It exchanges red and blue: the left half is blue."""
    red, _, blue = seen(GIVEN / name, 0.25, 0.5)
    assert blue - red > 100


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [("RGB", "jpg"), ("RGB", "png"), ("RGBA", "png"), ("P", "png"), ("RGB", "webp"), ("RGBA", "webp")],
)
def test_a_profile_counts_in_each_format(mode: str, suffix: str, tmp_path: Path):
    """The stored red is a blue, for footage and for scenes."""
    path = tmp_path / f"a.{suffix}"
    red = Image.new("RGB", (16, 16), (200, 30, 40))
    (red.quantize(2) if mode == "P" else red.convert(mode)).save(path, icc_profile=EXCHANGED)
    assert is_near(seen(path, 0.5, 0.5), (40, 30, 200), 12)
    assert is_near(read_within(path, 16, "path").getpixel((8, 8)), (40, 30, 200), 12)


def test_a_profile_of_greys_counts_with_transparency_and_in_sixteen_bits(tmp_path: Path):
    """With light that grows evenly the middle is lighter than it is in sRGB."""
    with Image.open(GIVEN / "grey-alpha-with-profile.png") as image:
        profile, stored = image.info["icc_profile"], image.getchannel("L").getpixel((240, 20))
    assert seen(GIVEN / "grey-alpha-with-profile.png", 0.5, 20 / 270)[0] > stored
    Image.fromarray(np.full((8, 8), 0x8000, np.uint16)).save(tmp_path / "deep.png", icc_profile=profile)
    assert is_near(seen(tmp_path / "deep.png", 0.5, 0.5), (188, 188, 188), 2)


def test_a_profile_for_another_kind_of_picture_is_none(tmp_path: Path):
    """One for greys says nothing of colours; one for colours says of greys how light they are."""
    grey = Image.open(GIVEN / "grey-alpha-with-profile.png").info["icc_profile"]
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (8, 8), (200, 30, 40)).save(tmp_path / "a.png", icc_profile=grey)
    Image.new("L", (8, 8), 90).save(tmp_path / "b.png", icc_profile=srgb)
    Image.new("RGB", (8, 8), (1, 2, 3)).save(tmp_path / "c.png", icc_profile=b"no profile at all")
    assert seen(tmp_path / "a.png", 0.5, 0.5) == (200, 30, 40)
    assert seen(tmp_path / "b.png", 0.5, 0.5) == (90, 90, 90)
    assert seen(tmp_path / "c.png", 0.5, 0.5) == (1, 2, 3)


def test_sixteen_bits_are_scaled_not_cut_off():
    """A ramp over all levels stays a ramp."""
    picture = read_picture(GIVEN / "colour-16-bit.png")
    levels = [picture.getpixel((x, 90))[0] for x in range(0, 320, 8)]
    assert levels == sorted(levels)
    assert abs(levels[len(levels) // 2] - 128) <= 2


@pytest.mark.parametrize(("depth", "half"), [(1, 1), (2, 1), (4, 8), (8, 136), (16, 0x8888)])
def test_greys_of_every_depth_and_their_transparent_level(depth: int, half: int, tmp_path: Path):
    """The transparent level is given in the file's own depth. The level is at the left."""
    bits = "".join(f"{half if x < 8 else 0:0{depth}b}" for x in range(16))
    row = b"\0" + int(bits, 2).to_bytes(len(bits) // 8)
    header = struct.pack(">IIBBBBB", 16, 2, depth, 0, 0, 0, 0)
    path = tmp_path / "a.png"
    path.write_bytes(png_of(header, row * 2, png_chunk(b"tRNS", struct.pack(">H", half))))
    picture = read_picture(path)
    level = round(255 * half / (2**depth - 1))
    assert picture.getpixel((2, 0)) == (level, level, level, 0)
    assert picture.getpixel((13, 0)) == (0, 0, 0, 255)


def test_the_transparent_colour_of_a_deep_picture_is_transparent(tmp_path: Path):
    """It is given in sixteen bits, and decoded to eight."""
    row = b"\0" + struct.pack(">HHH", 0x1234, 0x5678, 0x9ABC) * 8 + struct.pack(">HHH", 0, 0, 0) * 8
    header = struct.pack(">IIBBBBB", 16, 2, 16, 2, 0, 0, 0)
    path = tmp_path / "a.png"
    path.write_bytes(png_of(header, row * 2, png_chunk(b"tRNS", struct.pack(">HHH", 0x1234, 0x5678, 0x9ABC))))
    assert [read_picture(path).getpixel((x, 0))[3] for x in (2, 13)] == [0, 255]


@pytest.mark.parametrize(
    ("chunks", "level"),
    [
        ([], 128),
        ([png_chunk(b"gAMA", (45455).to_bytes(4))], 128),
        ([png_chunk(b"gAMA", (100_000).to_bytes(4))], 186),
        ([png_chunk(b"sRGB", b"\0"), png_chunk(b"gAMA", (100_000).to_bytes(4))], 128),
    ],
    ids=["no word", "usual gamma", "even light", "sRGB counts more"],
)
def test_gamma_counts_where_there_is_no_better_word(chunks: list[bytes], level: int, tmp_path: Path):
    """A picture stored in even light is brightened for the screen."""
    path = tmp_path / "a.png"
    path.write_bytes(png_of(struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0), (b"\0" + b"\x80" * 12) * 4, *chunks))
    assert is_near(seen(path, 0.5, 0.5), (level, level, level), 1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_each_way_to_hold_a_camera_ends_upright(orientation: int, suffix: str, tmp_path: Path):
    """A mark that belongs to the upper left comes to the upper left, in all eight."""
    upright = Image.new("RGB", (48, 32), "white")
    upright.paste((200, 0, 0), (0, 0, 24, 8))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what undoes the turn that the number asks for
    exif = Image.Exif()
    exif[0x0112] = orientation
    held = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    held.save(tmp_path / f"a.{suffix}", exif=exif)
    picture = read_picture(tmp_path / f"a.{suffix}")
    assert picture.size == (48, 32)
    assert is_near(picture.getpixel((5, 3)), (200, 0, 0), 40)
    assert is_near(picture.getpixel((43, 28)), WHITE, 40)


def test_broken_notes_of_a_camera_do_not_cost_the_picture(tmp_path: Path):
    """Its orientation is unknown then, and nothing else."""
    scenery(60, 40).save(tmp_path / "a.jpg", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(40))
    assert read_picture(tmp_path / "a.jpg").size == (60, 40)


def test_the_photograph_is_taken_and_not_the_map_behind_it(tmp_path: Path):
    """Phones keep a gain map behind a photograph."""
    photograph, gains = Image.new("RGB", (64, 48), ORANGE), Image.new("RGB", (16, 12), "black")
    photograph.save(tmp_path / "a.jpg", format="MPO", save_all=True, append_images=[gains])
    assert is_near(seen(tmp_path / "a.jpg", 0.5, 0.5), ORANGE, 8)


OTHER_KINDS = {
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "AVIF": b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif",
    "GIF": b"GIF89a" + bytes(30),
    "TIFF": b"II*\0" + bytes(30),
    "BMP": b"BM" + bytes(12) + b"\x28\0\0\0" + bytes(20),
    "Photoshop": b"8BPS\0\1",
    "PDF": b"%PDF-1.7\n",
    "SVG": b"<?xml version='1.0'?>\n<svg xmlns='x'/>",
    "web page": b"<!DOCTYPE html><html>",
    "video": b"\0\0\0\x18ftypisom",
    "macOS": b"\0\x05\x16\x07\0\x02\0\0Mac OS X",
    "Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:0",
    "empty": b"",
    "no PNG or JPEG or WEBP": b"words",
    "damaged": b"\x89PNG\r\n\x1a\n" + bytes(40),
}


@pytest.mark.parametrize("kind", OTHER_KINDS)
@pytest.mark.parametrize("name", ["photo.jpg", "photo.HEIC", "photo"])
def test_what_is_no_picture_of_ours_is_named_for_what_it_is(kind: str, name: str, tmp_path: Path):
    """By its first bytes, whatever its name says; the sentence says what to do."""
    (tmp_path / name).write_bytes(OTHER_KINDS[kind])
    sentence = refusal(tmp_path / name)
    assert kind in sentence
    assert any(word in sentence for word in ("save", "give", "run"))


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "jpg"), ("JPEG", "png"), ("WEBP", "HEIC"), ("JPEG", "jfif")])
def test_a_picture_is_taken_for_what_it_is_whatever_it_is_called(kind: str, suffix: str, tmp_path: Path):
    """Phones and programs call JPEG all sorts of names."""
    scenery(60, 40).save(tmp_path / f"a.{suffix}", format=kind)
    folder = tmp_path / "in"
    folder.mkdir()
    with Image.open(import_picture(tmp_path / f"a.{suffix}", folder, nothing_is_stored)) as made:
        assert made.format == "PNG"
        assert made.size == (60, 40)


def test_what_is_no_file_is_named_for_what_it_is(tmp_path: Path):
    """A folder, a link that leads nowhere, a queue, and a name in other letters."""
    (tmp_path / "x.png").mkdir()
    (tmp_path / "link.png").symlink_to(tmp_path / "gone.png")
    os.mkfifo(tmp_path / "queue.png")
    scenery(20, 20).save(tmp_path / "Photo.PNG")
    scenery(20, 20).save(tmp_path / "real.png")
    (tmp_path / "good.png").symlink_to(tmp_path / "real.png")
    assert "is a folder" in refusal(tmp_path / "x.png")
    assert "is a link to a file that is not there" in refusal(tmp_path / "link.png")
    assert "is no ordinary file" in refusal(tmp_path / "queue.png")
    assert "but one that is called “Photo.PNG”" in refusal(tmp_path / "photo.png")
    assert read_picture(tmp_path / "good.png").size == (20, 20)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [("Cafe\u0301.png", "Caf\xe9.png"), ("Caf\xe9.png", "Cafe\u0301.png"), ("at 9.22\u202fPM.png", "at 9.22 PM.png")],
)
def test_a_name_is_found_in_whichever_form_its_letters_are(stored: str, typed: str, tmp_path: Path):
    """A person can't see whether an accent is apart, or a space narrow; two files of one form stay apart."""
    scenery(20, 20).save(tmp_path / stored)
    assert file_at(tmp_path / typed).name == stored
    folder = tmp_path / "in"
    folder.mkdir()
    assert import_picture(tmp_path / typed, folder, nothing_is_stored).exists()
    scenery(20, 20).save(tmp_path / typed)
    assert file_at(tmp_path / typed).name == typed


def test_scene_code_finds_pictures_that_show_what_they_are(tmp_path: Path):
    """Manim reads neither profiles nor inks; what is plain already, and what is no picture, stays where it is."""
    (tmp_path / "notes.svg").write_text("<svg/>")
    scenery(20, 20).save(tmp_path / "plain.png")
    named = {path.name: path for path in (*GIVEN.iterdir(), tmp_path / "notes.svg", tmp_path / "plain.png")}
    files = plain_files(named, tmp_path / "made")
    assert files.keys() == named.keys()
    assert files["notes.svg"] == tmp_path / "notes.svg"
    assert files["plain.png"] == tmp_path / "plain.png"
    assert files["cut-off.jpg"] == GIVEN / "cut-off.jpg"
    for name, path in files.items():
        if is_picture(path) and name != "cut-off.jpg":
            with opened_picture(path, name) as image:
                assert is_plain_picture(image)
                pixels = np.asarray(image.convert("RGBA"))
            assert np.array_equal(pixels, np.asarray(read_picture(path).convert("RGBA")))
    with Image.open(files["cmyk-unmarked.jpg"]) as image:
        assert is_near(image.convert("RGBA").getpixel((120, 148)), ORANGE)


def _files() -> list[bytes]:
    """Small pictures with everything that can be broken in them."""
    exif = Image.Exif()
    exif[0x0112] = 6
    contents = [path.read_bytes() for path in GIVEN.iterdir() if path.suffix == ".png"]
    for kind, mode, options in (
        ("JPEG", "CMYK", {}), ("JPEG", "L", {"icc_profile": EXCHANGED}), ("WEBP", "RGBA", {"exif": exif}),
        ("PNG", "P", {"transparency": 3, "icc_profile": EXCHANGED, "exif": exif}), ("JPEG", "RGB", {"exif": exif}),
    ):  # fmt: skip
        file = io.BytesIO()
        scenery(24, 16).convert(mode).save(file, kind, **options)
        contents.append(file.getvalue())
    return contents


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@examples(content=st.sampled_from(_files()), data=st.data())
def test_whatever_is_in_a_file_it_is_a_plain_picture_or_refused(content: bytes, data: st.DataObject, tmp_path: Path):
    """Bytes changed at random never come out as another error, nor as a picture of another kind."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "changed"
    path.write_bytes(changed[: data.draw(st.integers(0, len(changed)))])
    try:
        assert read_picture(path).mode in {"RGB", "RGBA"}
    except InvalidRequest as refused:
        assert "\n" not in str(refused)
