"""Files given along with scene code come in by what is in them, and what can't be taken is refused with a sentence."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.model.requests.video import MAX_FILES, SceneBrief
from callsheet.sources import scene_files
from callsheet.sources.scene_files import checked_files
from callsheet.sources.svg_files import MAX_SHAPES
from callsheet.stage.content import scene_problems

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """A file of this name and content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def sound(folder: Path, name: str) -> Path:
    """A tenth of a second of a tone."""
    path = folder / name
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=0.1", f"file:{path}"], check=True)
    return path


def font() -> bytes:
    """A typeface of this machine."""
    found = subprocess.run(["fc-match", "-f", "%{file}", "DejaVu Sans"], check=True, capture_output=True, text=True)
    return Path(found.stdout).read_bytes()


def refusal(path: Path) -> str:
    """The sentence with which the file is refused; it names the file."""
    with pytest.raises(InvalidRequest) as refused:
        checked_files([path])
    assert refused.value.field in {path.name, "files"}
    return str(refused.value)


def test_what_scenes_are_made_of_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures, a drawing, typefaces and sounds, by their names, wherever they lie."""
    monkeypatch.chdir(tmp_path)
    for name in ("photo.jpg", "photo.JPEG", "photo.png", "photo.webp"):
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    written(tmp_path, "logo.svg", SVG.format("<path d='M0 0L1 1'/>"))
    written(tmp_path, "letters.ttf", font())
    sound(tmp_path, "tone.mp3")
    sound(tmp_path, "tone.wav")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert checked_files([Path(name) for name in names]) == {name: tmp_path / name for name in names}


def test_no_files_are_fine() -> None:
    """Most scenes need none."""
    assert checked_files([]) == {}


@pytest.mark.parametrize("name", [".hidden.png", "two words.png", "über.png", "-rf.png", "a" * 129 + ".png", "x;y.png"])
def test_a_name_that_code_can_not_count_on_is_refused(tmp_path: Path, name: str) -> None:
    """No folders, nothing hidden, nothing that looks like an option."""
    Image.new("RGB", (8, 8)).save(tmp_path / name, format="PNG")
    assert "can't be its name" in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["order.json", "clip.mp4", "notes", "library.so", "logo.svgz"])
def test_other_kinds_of_files_are_refused(tmp_path: Path, name: str) -> None:
    """Nothing that Python, the renderer or a shell would take for its own."""
    assert "give one of .png, .jpg" in refusal(written(tmp_path, name, "content"))


def test_a_module_of_ones_own_is_taken_by_a_name_that_python_can_import(tmp_path: Path) -> None:
    """Neither the scene's own name, nor that of an installed module, nor one that no import statement can hold."""
    assert checked_files([written(tmp_path, "my_shapes.py", "A = 1")])
    assert "the scene's own code has this name" in refusal(written(tmp_path, "scene.py", ""))
    for name in ("numpy.py", "random.py", "manim.py"):
        assert "an installed module has this name" in refusal(written(tmp_path, name, ""))
    for name in ("my-shapes.py", "2d.py", "class.py", "shapes.PY"):
        assert "can't import a file of this name" in refusal(written(tmp_path, name, ""))
    assert "UTF-8" in refusal(written(tmp_path, "my_shapes.py", b"\xe4 = 1"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.png", SVG.format("")),
        ("logo.svg", b"\x89PNG\r\n\x1a\n"),
        ("logo.svg", gzip.compress(SVG.format("").encode(), mtime=0)),
        ("tone.wav", b"RIFF\0\0\0\0WEBP"),
        ("photo.webp", b"RIFF\0\0\0\0WAVE"),
        ("tone.mp3", b"#EXTM3U\nhttp://127.0.0.1/"),
        ("tone.wav", b"ffconcat version 1.0\nfile /etc/passwd"),
        ("letters.ttf", b"wOFF"),
        ("photo.jpg", b""),
    ],
)
def test_a_file_is_what_its_name_says(tmp_path: Path, name: str, content: str | bytes) -> None:
    """Programs choose a reader by the name, or by the content: both must mean the same."""
    sentence = refusal(written(tmp_path, name, content))
    assert "whatever its name says" in sentence or "save" in sentence


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "logo.png"), ("PNG", "photo.jpg"), ("WEBP", "photo.jpeg")])
def test_a_picture_is_one_whatever_picture_its_name_says(kind: str, name: str, tmp_path: Path) -> None:
    """Manim opens pictures by their content."""
    Image.new("RGB", (8, 8)).save(tmp_path / name, format=kind)
    assert checked_files([tmp_path / name]) == {name: tmp_path / name}


def test_a_picture_is_decoded_before_it_is_taken(tmp_path: Path) -> None:
    """The same limits hold as for the pictures of templates."""
    Image.effect_noise((100, 100), 50).save(path := tmp_path / "photo.jpg")
    path.write_bytes(path.read_bytes()[:2000])
    assert "is damaged" in refusal(path)


def test_a_typeface_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    """Its table directory points beyond its end; or there is none."""
    whole = font()
    for length in (4, 11, 100, len(whole) - 100):
        assert "damaged or cut off" in refusal(written(tmp_path, "letters.ttf", whole[:length]))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """The sentence has the path."""
    (tmp_path / "folder.png").mkdir()
    assert "there is no file" in refusal(tmp_path / "gone.png")
    assert "there is no file" in refusal(tmp_path / "folder.png")


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """One would hide the other; capital letters make no difference."""
    (tmp_path / "other").mkdir()
    for path in (one := tmp_path / "logo.png", other := tmp_path / "other" / "Logo.png"):
        Image.new("RGB", (8, 8)).save(path)
    with pytest.raises(InvalidRequest, match="two files have this name"):
        checked_files([one, other])


def test_number_and_size_have_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each file, of all, and of how many."""
    paths = [tmp_path / f"photo-{number}.png" for number in range(MAX_FILES + 1)]
    for path in paths:
        Image.new("RGB", (8, 8)).save(path)
    assert len(checked_files(paths[1:])) == MAX_FILES
    with pytest.raises(InvalidRequest, match=f"at most {MAX_FILES} files, not {MAX_FILES + 1}"):
        checked_files(paths)
    monkeypatch.setattr(scene_files, "MAX_TOTAL_BYTES", 1000)
    with pytest.raises(InvalidRequest, match="together"):
        checked_files(paths[1:])
    with (tmp_path / "logo.svg").open("wb") as file:
        file.write(b"<svg>")
        file.truncate(5_000_001)
    assert "at most 5 MB" in refusal(tmp_path / "logo.svg")


@pytest.mark.parametrize(
    "drawing",
    [
        "<rect fill='url(#a)'/><linearGradient id='a'/>",
        """<rect style="fill: url( '#a' )"/><style>.a { fill: url("#a") }</style>""",
        "<g id='dot'><circle r='1'/></g><use xlink:href='#dot' x='2'/><use href=' #dot'/>",
        "<image href='data:image/png;base64,iVBORw0KGgo='/>",
        "<metadata><license resource='http://example.com/licence'/></metadata><text>see https://example.com</text>",
        "<!-- a comment --><path transform='translate(1, 2)' d='M0 0'/>",
    ],
)
def test_a_drawing_that_holds_all_it_shows_is_taken(tmp_path: Path, drawing: str) -> None:
    """References inside it, a picture in place, words that look like addresses."""
    path = written(tmp_path, "logo.svg", '<?xml version="1.0" encoding="UTF-8"?>\n' + SVG.format(drawing))
    assert checked_files([path])


@pytest.mark.parametrize(
    "drawing",
    [
        "<image href='http://127.0.0.1/a.png'/>",
        "<image xlink:href='file:///etc/passwd'/>",
        "<image xlink:href='/etc/passwd'/>",
        "<image href='../other.png'/>",
        "<image href='data:image/svg+xml,&lt;svg/&gt;'/>",
        "<use href='other.svg#logo'/>",
        "<g xml:base='http://example.com/'/>",
        "<rect fill='url(http://example.com/a.svg#b)'/>",
        "<rect style='fill: URL( \"//example.com/a\")'/>",
        "<style>@import 'http://example.com/a.css';</style>",
        "<style>@font-face { src: url(a.ttf) }</style>",
        "<style><![CDATA[ a { fill: u\\72l(http://example.com) } ]]></style>",
        "<script>1</script>",
        "<script xmlns='http://www.w3.org/1999/xhtml' src='a.js'/>",
        "<foreignObject/>",
    ],
)
def test_a_drawing_that_reaches_out_of_itself_is_refused(tmp_path: Path, drawing: str) -> None:
    """Other files, addresses, programs: by attribute, by style, by base."""
    assert "remove" in refusal(written(tmp_path, "logo.svg", SVG.format(drawing)))


def test_a_drawing_with_a_document_type_or_an_instruction_is_refused(tmp_path: Path) -> None:
    """Entities are defined in the one, style sheets are loaded by the other."""
    laughs = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + SVG.format("<text>&b;</text>")
    outside = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG.format("<text>&a;</text>")
    public = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://127.0.0.1/svg11.dtd">' + SVG.format("")
    for content in (laughs, outside, public):
        assert "document type" in refusal(written(tmp_path, "logo.svg", content))
    style = '<?xml-stylesheet href="http://127.0.0.1/a.css"?>' + SVG.format("")
    assert "instruction <?xml-stylesheet" in refusal(written(tmp_path, "logo.svg", style))


def bomb(levels: int) -> str:
    """A drawing of ten to the power of `levels` dots."""
    groups = [f"<g id='g{n + 1}'>" + f"<use href='#g{n}'/>" * 10 + "</g>" for n in range(levels)]
    return SVG.format("<defs><circle id='g0' r='1'/>" + "".join(groups) + f"</defs><use href='#g{levels}'/>")


def test_a_drawing_that_repeats_itself_is_counted_as_it_is_drawn(tmp_path: Path) -> None:
    """A few lines can stand for a thousand million shapes, or for endlessly many."""
    assert f"and at most {MAX_SHAPES:,} fit" in refusal(written(tmp_path, "logo.svg", bomb(9)))
    assert checked_files([written(tmp_path, "logo.svg", bomb(2))])
    ring = SVG.format("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>")
    assert "without end" in refusal(written(tmp_path, "logo.svg", ring))
    within = SVG.format("<g id='a'><use href='#a'/></g>")
    assert "without end" in refusal(written(tmp_path, "logo.svg", within))


def test_a_drawing_has_limits_of_depth_and_number(tmp_path: Path) -> None:
    """Deep nesting would end in Python's own limit, in the middle of a render."""
    assert "nested more than" in refusal(written(tmp_path, "logo.svg", SVG.format("<g>" * 200 + "</g>" * 200)))
    assert "simplify it" in refusal(written(tmp_path, "logo.svg", SVG.format("<g/>" * (MAX_SHAPES + 1))))


def test_broken_xml_is_refused_with_its_place(tmp_path: Path) -> None:
    """Line and column, as editors count them; other XML than a drawing by its outermost element."""
    assert "line 2, column 3: this is not well-formed XML" in refusal(written(tmp_path, "logo.svg", "<svg>\n</g>"))
    assert "outermost element is <html>" in refusal(written(tmp_path, "logo.svg", "<html/>"))
    unknown = "<?xml version='1.0' encoding='klingon'?><svg/>"
    assert "UTF-8" in refusal(written(tmp_path, "logo.svg", unknown))


names = st.sampled_from(["g", "use", "svg", "style", "path", "image"])
ids = st.sampled_from(["a", "b", "c"])
leaves = st.builds(lambda name, ref: f"<{name} href='#{ref}'/>", names, ids)
trees = st.recursive(
    leaves, lambda inner: st.builds(lambda id_, parts: f"<g id='{id_}'>{''.join(parts)}</g>", ids, st.lists(inner)),
    max_leaves=12,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawing=trees)
@example(drawing="<g id='b'><use href='#b'/><g id='b'></g></g>")
def test_every_drawing_is_counted_or_refused(drawing: str, tmp_path: Path) -> None:
    """Whatever refers to whatever, there is an answer; what is taken has no circle in it."""
    path = written(tmp_path, "logo.svg", SVG.format(drawing))
    try:
        checked_files([path])
    except InvalidRequest as refusal:
        assert refusal.field == "logo.svg"
    else:
        assert drawn(ElementTree.fromstring(path.read_text()), {}) < MAX_SHAPES


def drawn(element: ElementTree.Element, known: dict[str, ElementTree.Element], depth: int = 0) -> int:
    """Shapes that an interpreter of the drawing would draw, by doing it."""
    assert depth < sys.getrecursionlimit() // 4
    if not known:
        for part in element.iter():
            known.setdefault(part.get("id", ""), part)
    count = 1 + sum(drawn(part, known, depth + 1) for part in element)
    if element.tag.endswith("}use") and (target := known.get((element.get("href") or "#")[1:])) is not None:
        count += drawn(target, known, depth + 1)
    return count


def test_files_of_a_request_are_looked_at_before_anything_runs(tmp_path: Path) -> None:
    """The sentence names the file."""
    given = written(tmp_path, "logo.png", "no picture")
    for brief in (SceneBrief(name="Logo", prompt="Show it", files=(str(given),)),
                  SceneBrief(name="Logo", code="class Main(Scene): ...", files=(str(given),))):  # fmt: skip
        [(location, sentence)] = scene_problems(brief)
        assert location == ("files",)
        assert "is no PNG or JPEG or WEBP picture" in sentence
