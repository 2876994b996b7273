"""A text takes the pictures along that it names: from its folder, clean, and as one file for the store."""

import io
import json
import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pytest
from PIL import Image

from callsheet.cli.run_and_wait import stored_document, stored_text
from callsheet.errors import InvalidRequest
from callsheet.fence.protocol import Outbox
from callsheet.model.content import TemplateName
from callsheet.model.film.document import MAX_PICTURE_BYTES, MAX_PICTURES, Document, DocumentKind, FigureBlock
from callsheet.settings import settings
from callsheet.sources.documents import picture_child
from callsheet.sources.documents.bundle import is_bundle, read_bundle, write_bundle
from callsheet.sources.documents.document_intake import file_to_store, open_document
from callsheet.sources.documents.document_reader import read_document
from callsheet.sources.documents.named_pictures import (
    find_pictures,
    local_addresses,
    may_name_pictures,
    picture_notes,
    take_pictures,
)
from callsheet.storage.opening import open_store
from callsheet.writing.storyboard.rules import write_storyboard
from tests.documents.writers import picture

MARKDOWN = """# Tides

The Moon pulls at the sea, and the water climbs up the beach.

![The Moon stands over the bay at low tide](images/moon.png "At night")

<img src="images/two boats.png" alt="Two boats lie on the sand">

The Sun pulls less, although it is much larger than the Moon.
"""
RESTRUCTURED = """Tides
=====

The Moon pulls at the sea.

.. image:: images/moon.png
   :alt: The Moon stands over the bay at low tide

.. figure:: images/two\\ boats.png

   Two boats lie on the sand
"""
PAGE = """<!doctype html><html><body><h1>Tides</h1><p>The Moon pulls at the sea.</p>
<img src="images/moon.png" alt="The Moon stands over the bay at low tide">
<figure><img src="images/two%20boats.png"><figcaption>Two boats lie on the sand</figcaption></figure></body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two pictures below it, and one beside it."""
    images = tmp_path / "text/images"
    images.mkdir(parents=True)
    (images / "moon.png").write_bytes(picture(640, 480, "navy"))
    (images / "two boats.png").write_bytes(picture(640, 480, "sandybrown"))
    (tmp_path / "secret.png").write_bytes(picture(640, 480, "red"))
    return tmp_path / "text"


def scratch(tmp_path: Path, name: str) -> Path:
    """Return a new empty folder."""
    made = tmp_path / f"scratch-{name}"
    made.mkdir()
    return made


def document_with(*addresses: str) -> Document:
    """Return a document that names these pictures."""
    place = {"unit": "line", "number": 1}
    figures = [FigureBlock.model_validate({"place": place, "address": address}) for address in addresses]
    return Document(kind=DocumentKind.MARKDOWN, origin="text.md", digest="0" * 64, blocks=tuple(figures))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (MARKDOWN, DocumentKind.MARKDOWN),
        (RESTRUCTURED, DocumentKind.RESTRUCTURED_TEXT),
        (PAGE, DocumentKind.HTML),
    ],
)
def test_the_pictures_that_a_text_names_are_found_beside_it(blocks, folder, text, kind):
    """In Markdown, reStructuredText and HTML, also with a space in the name."""
    read = blocks(text, kind)
    document = Document(kind=kind, origin="text", digest="0" * 64, blocks=tuple(read.blocks))
    assert may_name_pictures(text.encode())
    found, left_out = find_pictures(folder / "text", local_addresses(document))
    assert [path.name for path in found.values()] == ["moon.png", "two boats.png"]
    assert left_out == {}


@pytest.mark.parametrize(
    "address",
    [
        "images/two%20boats.png",
        "images/two boats.png",
        "./images/../images/two boats.png",
        "images/two%20boats.png?raw=true",
        "images/two%20boats.png#gh-dark-mode-only",
        "images\\two boats.png",
        "images%5Ctwo%20boats.png",
    ],
)
def test_an_address_is_read_as_browsers_and_other_systems_write_it(folder, address):
    """Percent-encoded, with a query or a fragment, with the separators of Windows."""
    assert find_pictures(folder / "text.md", [address])[0] == {address: folder / "images/two boats.png"}


def test_the_name_of_a_file_counts_before_what_its_signs_can_mean(folder):
    """A file may have a percent sign, a number sign or a composed letter in its name."""
    names = ["100%25.png", "shot #2.png", "caf\u00e9.png"]
    for name in names:
        (folder / normalize("NFD", name)).write_bytes(picture())
    found, left_out = find_pictures(folder / "text.md", names)
    assert [normalize("NFC", path.name) for path in found.values()] == names
    assert left_out == {}


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("../secret.png", "outside"),
        ("images/../../secret.png", "outside"),
        ("%2e%2e/secret.png", "outside"),
        ("..\\secret.png", "outside"),
        ("..%5Csecret.png", "outside"),
        ("/etc/secret.png", "absolute"),
        ("%2Fetc/secret.png", "absolute"),
        ("\\\\server\\secret.png", "absolute"),
        ("C:\\secret.png", "absolute"),
        ("file:///etc/secret.png", "absolute"),
        ("cid:secret", "no path"),
        ("images/gone.png", "no such file"),
        ("images/%00.png", "no such file"),
        ("images", "no ordinary file"),
        ("?", "no such file"),
        (f"{'x' * 300}.png", "no such file"),
        (f"{'x/' * 500}.png", "more than 1,000 characters"),
    ],
)
def test_nothing_outside_of_the_folder_is_taken(folder, address, reason):
    """Whatever way the address takes; the reason is told."""
    found, left_out = find_pictures(folder / "text.md", [address])
    assert found == {}
    assert reason in left_out[address]


def test_an_absolute_path_is_not_taken_even_into_the_folder(folder):
    """It would name nothing on another machine."""
    found, left_out = find_pictures(folder / "text.md", [str(folder / "images/moon.png")])
    assert (found, next(iter(left_out.values()))[:10]) == ({}, "it is an a")


def test_a_link_is_followed_inside_of_the_folder_only(folder):
    """To a file or a folder outside, or in a circle: it is left out."""
    (folder / "inside.png").symlink_to("images/moon.png")
    (folder / "outside.png").symlink_to("../secret.png")
    (folder / "up").symlink_to("..")
    (folder / "circle.png").symlink_to("circle.png")
    found, left_out = find_pictures(folder / "text.md", ["inside.png", "outside.png", "up/secret.png", "circle.png"])
    assert found == {"inside.png": folder / "images/moon.png"}
    assert [("outside" in reason) for reason in left_out.values()] == [True, True, False]


def test_what_is_no_file_or_too_large_is_told(folder):
    """A pipe is never opened; a large file is never read."""
    os.mkfifo(folder / "pipe.png")
    with (folder / "large.png").open("wb") as file:
        file.truncate(MAX_PICTURE_BYTES + 1)
    found, left_out = find_pictures(folder / "text.md", ["pipe.png", "large.png"])
    assert found == {}
    assert left_out == {"pipe.png": "it is no ordinary file", "large.png": "it has more than 20 MB"}


def test_pictures_are_bounded_in_number_and_bytes(folder):
    """The first ones are taken; a picture that is named in two ways counts once for its bytes."""
    many = [f"{number}.png" for number in range(MAX_PICTURES + 2)]
    for name in many:
        (folder / name).write_bytes(b"x")
    found, left_out = find_pictures(folder / "text.md", many)
    assert list(found) == many[:MAX_PICTURES]
    assert left_out == dict.fromkeys(many[-2:], "a document takes 64 pictures along")
    for name in many[:11]:
        os.truncate(folder / name, MAX_PICTURE_BYTES - 1)
    found, left_out = find_pictures(folder / "text.md", ["./0.png", *many[:11]])
    assert (len(found), left_out) == (11, {"10.png": "the pictures of a document may have 200 MB together"})


def test_clean_pictures_are_bounded_in_bytes_together(folder, tmp_path, monkeypatch):
    """What is too much for one bundle stays behind, and smaller ones after it are taken."""
    monkeypatch.chdir(scratch(tmp_path, "child"))
    monkeypatch.setattr(picture_child, "MAX_BYTES", 20_000)
    Image.effect_noise((200, 200), 90).save("given-0", "PNG")
    shutil.copy(folder / "images/moon.png", "given-1")
    with Path("sent").open("wb") as sent:
        picture_child.main({"pictures": 2}, Outbox(sent.fileno()))
    told = Path("sent").read_bytes()
    assert b'"left out", "number": 0, "reason": "the pictures of a document may have' in told
    assert b"named-1.png\x89PNG" in told


async def test_each_picture_comes_as_a_clean_png(tmp_path, limits):
    """Without the place where it was taken, upright, and drawings as they look; what is no picture is told."""
    shown = tmp_path / "shown"
    shown.mkdir()
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "at home"
    Image.new("RGB", (300, 100), "teal").save(shown / "photo.jpg", exif=exif)
    Image.new("RGB", (3000, 100), "teal").save(shown / "wide.webp")
    colours = [Image.new("RGB", (60, 40), colour) for colour in ("white", "red", "green")]
    colours[0].save(shown / "demo.gif", save_all=True, append_images=colours[1:])
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="{}"/></svg>'
    )
    (shown / "drawn.svg").write_text(drawing.format("blue"))
    (shown / "spy.svg").write_text(drawing.format("url(file:///etc/passwd)"))
    (shown / "page.png").write_text("<!doctype html><html></html>")
    (shown / "cut.png").write_bytes(picture()[:50])
    (shown / "dot.png").write_bytes(picture(8, 8))
    names = sorted(path.name for path in shown.iterdir())
    named = await take_pictures(shown / "text.md", names, scratch(tmp_path, "clean"), limits)
    found = {}
    for name, path in named.files.items():
        with Image.open(path) as image:
            image.load()
            assert (image.format, len(image.getexif()), image.info.keys() <= {"gamma", "srgb"}) == ("PNG", 0, True)
            found[name] = (image.size, image.convert("RGB").getpixel((5, 5)))
    assert found.pop("photo.jpg")[0] == (100, 300)
    assert found.pop("wide.webp")[0] == (2400, 80)
    assert found == {"demo.gif": ((60, 40), (255, 0, 0)), "drawn.svg": ((2400, 1200), (0, 0, 255))}
    assert sorted(named.left_out) == ["cut.png", "dot.png", "page.png", "spy.svg"]
    assert "web page" in named.left_out["page.png"]
    assert "damaged" in named.left_out["cut.png"]


async def test_a_picture_that_takes_too_much_never_stops_the_reading(folder, tmp_path, limits):
    """It is left out with the reason, and those before it are there."""
    Image.new("RGBA", (6000, 6000)).save(folder / "vast.png", compress_level=1)
    small = replace(limits, memory_mb=300)
    names = ["images/moon.png", "vast.png"]
    named = await take_pictures(folder / "text.md", names, scratch(tmp_path, "small"), small)
    assert list(named.files) == ["images/moon.png"]
    assert "memory" in named.left_out["vast.png"]


async def test_a_bundle_is_read_like_the_document_in_its_folder(folder, tmp_path, limits):
    """With the same pictures, digest and notes; the film shows them, and equal pictures are in it once."""
    source = folder / "tides.md"
    shutil.copy(folder / "images/moon.png", folder / "images/copy.png")
    more = "\n![A copy](images/copy.png) ![Far](https://example.com/far.png) ![Gone](images/gone.png)\n"
    source.write_text(MARKDOWN + more, encoding="utf-8")
    kept = await file_to_store(source, "tides.md", scratch(tmp_path, "kept"), limits)
    content = kept.read_bytes()
    assert is_bundle(content)
    assert len([name for name in zipfile.ZipFile(kept).namelist() if name.startswith("pictures/")]) == 2
    beside = await read_document(source, "tides.md", scratch(tmp_path, "a"), limits, with_pictures_beside=True)
    bundled = await read_document(kept, "tides.md", scratch(tmp_path, "b"), limits)
    assert bundled.document == beside.document
    assert bundled.document.kind is DocumentKind.MARKDOWN
    assert bundled.pictures.keys() == beside.pictures.keys() == bundled.document.pictures
    assert bundled.notes == beside.notes
    assert bundled.notes == (
        "Pictures that “tides.md” names are left out: “images/gone.png” (there is no such file).",
        "Callsheet does not fetch pictures that “tides.md” names on the web: “https://example.com/far.png”.",
    )
    storyboard = write_storyboard(bundled.document, 60, "en", pictures=bundled.pictures)
    shown = [scene.content for scene in storyboard.scenes if scene.template is TemplateName.PICTURE]
    assert shown
    assert {content["path"] for content in shown} <= {str(path) for path in bundled.pictures.values()}


def test_the_same_document_and_pictures_have_the_same_bytes(folder, tmp_path):
    """Whenever the files were written, and in whatever order; another picture makes another bundle."""
    source = folder / "tides.md"
    source.write_text(MARKDOWN, encoding="utf-8")
    moon, boats = folder / "images/moon.png", folder / "images/two boats.png"
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    write_bundle(one, source, {"a": moon, "b": boats}, {"c": "gone", "d": "gone"})
    for path in (source, moon, boats):
        os.utime(path, (1, 1))
    write_bundle(two, source, {"b": boats, "a": moon}, {"d": "gone", "c": "gone"})
    write_bundle(three, source, {"a": boats, "b": boats}, {"c": "gone", "d": "gone"})
    assert one.read_bytes() == two.read_bytes() != three.read_bytes()


def test_the_command_stores_a_text_with_its_pictures_under_a_stable_key(folder, tmp_path, monkeypatch):
    """A text without pictures is stored as it is; without a fence, each text is, and a sentence says so."""
    source = folder / "tides.md"
    source.write_text(MARKDOWN, encoding="utf-8")
    key = stored_document(source)
    os.utime(folder / "images/moon.png", (1, 1))
    assert stored_document(source) == key != stored_text(source)
    bundle = read_bundle(open_store(settings()).read_bytes(key))
    assert bundle.pictures.keys() == {"images/moon.png", "images/two boats.png"}
    plain = folder / "plain.md"
    plain.write_text("# Tides\n\nThe Moon pulls at the sea.\n", encoding="utf-8")
    assert stored_document(plain) == stored_text(plain)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert stored_document(source) == stored_text(source)


@pytest.mark.parametrize("change", ["cut", "no contents", "other contents", "no document", "numbers"])
def test_a_damaged_bundle_is_one_sentence(folder, tmp_path, change):
    """And no document is made of a part of it."""
    source, target = folder / "tides.md", tmp_path / "bundle"
    source.write_text(MARKDOWN, encoding="utf-8")
    write_bundle(target, source, {"a": folder / "images/moon.png"}, {})
    content = target.read_bytes()
    if change == "cut":
        content = content[:-100]
    else:
        contents = {"other contents": "[]", "numbers": json.dumps({"pictures": {"a": 1}, "left_out": {}})}
        written = io.BytesIO()
        with zipfile.ZipFile(target) as old, zipfile.ZipFile(written, "w") as new:
            for name in old.namelist():
                if name == "bundle.json" and change != "no document":
                    if change in contents:
                        new.writestr(name, contents[change])
                elif name != "document" or change != "no document":
                    new.writestr(name, old.read(name))
        content = written.getvalue()
    assert is_bundle(content)
    with pytest.raises(InvalidRequest, match="damaged"):
        read_bundle(content)


def test_a_text_that_names_thousands_of_pictures_is_bundled(folder, tmp_path):
    """The reasons for the first ones are kept; the others are counted."""
    source, target = folder / "tides.md", tmp_path / "bundle"
    source.write_text(MARKDOWN, encoding="utf-8")
    gone = [f"{'ü' * 900}{number}.png" for number in range(3000)]
    found, left_out = find_pictures(source, gone)
    assert (found, list(left_out)) == ({}, gone)
    write_bundle(target, source, {}, left_out)
    bundle = read_bundle(target.read_bytes())
    assert (bundle.document, list(bundle.left_out)) == (source.read_bytes(), sorted(gone[:MAX_PICTURES]))


def test_notes_name_a_few_pictures_and_count_the_others():
    """Each address once; what the store got without its pictures says that."""
    gone = [f"{number}.png" for number in range(7)]
    web = ["https://example.com/a.png", "//example.com/b.png", "HTTP://example.com/c.png"]
    local, far = picture_notes(document_with(*gone, *gone, *web), "text.md", {"0.png": "there is no such file"})
    assert local == (
        "Pictures that “text.md” names are left out: “0.png” (there is no such file), "
        + ", ".join(f"“{number}.png” (it was not given with the document)" for number in range(1, 5))
        + " and 2 more."
    )
    assert far == (
        "Callsheet does not fetch pictures that “text.md” names on the web: “https://example.com/a.png” and 2 more."
    )


async def test_a_document_from_an_address_takes_nothing_of_this_machine(folder, tmp_path, limits):
    """A page that was fetched lies in a folder of ours."""
    source = folder / "tides.md"
    source.write_text(MARKDOWN, encoding="utf-8")
    opened = await read_document(
        source, "https://example.com/tides.md", scratch(tmp_path, "web"), limits, with_pictures_beside=True
    )
    assert opened.pictures == {}
    assert "it was not given with the document" in opened.notes[0]


async def test_a_file_takes_its_pictures_where_it_is_read(folder, tmp_path, limits):
    """As a run does that is given a path of its machine."""
    source = folder / "tides.rst"
    source.write_text(RESTRUCTURED, encoding="utf-8")
    opened = await open_document(str(source), scratch(tmp_path, "open"), limits)
    assert len(opened.document.pictures) == 2
    assert opened.notes == ()
