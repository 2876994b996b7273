"""What a scene asks before it acts, what Python looks at when a file runs, and what a scene must leave alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from callsheet.errors import SceneRejected
from callsheet.model.film.scenes import Finding, Origin, OriginKind, SceneCode
from callsheet.scene_lint import Beside, Catalogue, findings_of, load_catalogue, validate
from callsheet.settings import Settings

SCENE = """from manim import *

LEVELS = [{{"label": "a", "number": 2}}, {{"label": "b", "underbrace": "n"}}]
MANY = [{{"label": str(n)}} for n in range(40)]

class Shown(Scene):
    def construct(self):
        {body}
"""
FILES = Beside.of(["earth.png", "Bell.WAV"], {})


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """What the installed Manim offers."""
    return load_catalogue(Settings().catalogue_dir)


def found(catalogue: Catalogue, body: str, beside: Beside | None = None) -> str:
    """All findings of a scene with this body, each in a line."""
    source = SCENE.format(body=body.replace("\n", "\n        "))
    return "\n".join(map(str, findings_of(source, "Shown", catalogue, beside=beside)))


@pytest.mark.parametrize(
    "body",
    [
        "for d in LEVELS:\n    words = d['underbrace'] if 'underbrace' in d else d['label']\n    self.add(Text(words))",
        "for d in LEVELS:\n    if 'underbrace' in d.keys():\n        self.add(Text(d['underbrace']))",
        "for d in LEVELS:\n    if 'underbrace' not in d:\n        continue\n    self.add(Text(d['underbrace']))",
        "for d in LEVELS:\n    if d.get('underbrace'):\n        self.add(Text(d['underbrace']))",
        "for d in MANY:\n    if 'colour' in d:\n        self.add(Dot(color=d['colour']))",
        "d = {'a': 1}\nif 'b' in d:\n    x = d['b']",
        "d = {'a': 1}\nx = d['b'] if 'b' in list(d) else 0",
        "a = [1]\nx = a[1] if len(a) > 1 else 0",
        "a = [1, 2]\nfor i in range(4):\n    if i < len(a):\n        print(a[i])",
        "a = [1]\ni = 0\nwhile i + 1 < len(a):\n    print(a[1])\n    i += 1",
        "print([d['underbrace'] for d in LEVELS if 'underbrace' in d])",
        "try:\n    open('nothing.txt')\nexcept OSError:\n    pass",
        "import os\nif os.path.exists('nothing.png'):\n    self.add(ImageMobject('nothing.png'))",
        "from PIL import Image\nImage.new('RGB', (9, 9)).save('made.png')\nself.add(ImageMobject('made.png'))",
        "self.add(ImageMobject('earth'), ImageMobject('./earth.png'))\nself.add_sound('Bell.WAV')",
        "name: Undefined = 3",
        "self.play(*[FadeOut(each) for each in self.mobjects])",
        "config.background_color = BLUE\nself.camera.background_color = RED",
        "steps = []\nif self.mobjects:\n    steps.append(FadeIn(Dot()))\nself.play(AnimationGroup(*steps))",
        "Table([[1, 2]], element_to_mobject=lambda n: Text(str(n)))",
        "print(input) if False else None",
    ],
)
def test_what_asks_first_is_let_through(catalogue: Catalogue, body: str) -> None:
    """A key, an index, a file or a name behind its guard is no finding."""
    ast.parse(SCENE.format(body=body.replace("\n", "\n        ")))
    assert found(catalogue, body, FILES) == ""


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("d = {'a': 1}\nif 'a' in d:\n    Circle(sides=3)", "line 10: Circle takes no argument sides"),
        ("Circle(sides=3)", "takes radius, color, "),
        ("d = {'a': 1}\nprint(d['b'])", "line 9: the dict has no key 'b'"),
        ("config.frame_rate = 24", "line 8: config.frame_rate is decided by the video's profile"),
        ("config['pixel_width'] = 24", "config.pixel_width is decided"),
        ("config.update({'output_file': 'a', 'frame_rate': 3})", "config.output_file, config.frame_rate are decided"),
        ("with tempconfig({'quality': 'low_quality'}):\n    self.wait()", "line 8: config.quality is decided"),
        ("setattr(config, 'frame_rate', 24)", "config.frame_rate is decided"),
        ("self.camera.pixel_height = 200", "camera.pixel_height is decided"),
        ("self.embed()", "line 8: embed opens a window"),
        ("self.interactive_embed()", "line 8: interactive_embed opens a window"),
        ("name = input('Name? ')", "line 8: input asks a person"),
        ("breakpoint()", "line 8: breakpoint asks a person"),
        ("self.add(ImageMobject('erth.png'))", "no file “erth.png” beside the scene; did you mean “earth.png”?"),
        ("self.add(ImageMobject('pictures/earth.png'))", "write “earth.png” instead of “pictures/earth.png”"),
        ("self.add(SVGMobject('logo'))", "line 8: there is no file “logo” beside the scene"),
        ("self.add_sound('bell.wav')", "did you mean “Bell.WAV”?"),
        ("text = open('words.txt').read()", "there is no file “words.txt”"),
        ("self.play(Create(Dot()), run_time=0)", "play takes no time with this run_time"),
        ("self.play(LaggedStart(*[], lag_ratio=0.2))", "LaggedStart needs at least one animation"),
        ("self.play(*[])", "play needs at least one animation"),
        ("Table([[1, 2.5]])", "write str(1)"),
        ("Table([['1']], row_labels=['tea'])", "takes mobjects as row_labels: write Text('tea')"),
        ("VGroup(Dot(), ImageMobject('earth.png'))", "not an ImageMobject; use Group"),
        ("Code(code='a', style='b', speed=2)", "write instead: code → code_string, style → formatter_style"),
        ("print(Code(code_string='a').code)", "did you mean code_lines?"),
        ("TransformMatchingTex(Dot(), Dot(), matched_keys=[])", "matched_keys → key_map"),
        ("def helper(items: List[int]) -> None: ...", "line 8: the name List is not defined; write from typing"),
        ("class Pair(VGroup):\n    parts: Dict[str, int] = {}", "line 9: the name Dict is not defined"),
        ("from .shapes import Star", "give shapes.py with it"),
    ],
)
def test_what_certainly_fails_is_found(catalogue: Catalogue, body: str, sentence: str) -> None:
    """In milliseconds, with the line and what to write."""
    assert sentence in found(catalogue, body, FILES)


def test_annotations_that_python_never_looks_at_are_left_alone(catalogue: Catalogue) -> None:
    """Those in quotes, and all of them behind the import from __future__."""
    function = "def helper(items: {}) -> None: ...\n"
    scene = SCENE.format(body="self.wait()")
    assert findings_of(scene + function.format("List"), "Shown", catalogue)
    assert not findings_of(scene + function.format("'List'"), "Shown", catalogue)
    postponed = "from __future__ import annotations\n" + scene + function.format("List")
    assert not findings_of(postponed, "Shown", catalogue)


def test_everything_that_is_wrong_with_an_old_listing_is_said_in_one_go(catalogue: Catalogue) -> None:
    """Also what is wrong with an object whose making is wrong already."""
    body = "program = Code(code='a', font='Mono')\nself.play(program.code.chars[0].animate.set_color(RED))"
    findings = found(catalogue, body).splitlines()
    assert [each.partition(":")[0] for each in findings] == ["line 8", "line 9"]


def test_what_older_manim_took_is_answered_with_what_to_write_today(catalogue: Catalogue) -> None:
    """All arguments of a call in one sentence, so that one repair is enough."""
    body = (
        "a = Code(code='a', tab_width=4, font='Mono', insert_line_no=True, style='monokai')\n"
        "b, c = MathTex('a'), MathTex('b')\n"
        "self.play(Write(a), TransformMatchingTex(b, c, matched_keys=['a']))"
    )
    listing, matching = found(catalogue, body).splitlines()
    for today in ("code → code_string", "font → paragraph_config", "insert_line_no → add_line_numbers"):
        assert today in listing
    assert "style → formatter_style" in listing
    assert matching.startswith("line 10: ")
    assert "matched_keys → key_map" in matching


def code_of(source: str) -> SceneCode:
    """Code as a person gives it."""
    return SceneCode(
        scene_name="A scene", class_name="", source=source, origin=Origin(kind=OriginKind.CODE, maker="scene.py")
    )


def test_commands_of_a_notebook_are_taken_off_with_a_remark(catalogue: Catalogue) -> None:
    """The lines keep their numbers; what else is wrong is still found."""
    cell = "%%manim -qm -v WARNING Shown\n!pip install manim\n" + SCENE.format(body="self.wait()")
    checked = validate(code_of(cell), catalogue)
    assert checked.remarks == (
        Finding(line=1, message="%%manim is a notebook's command; it is left out"),
        Finding(line=2, message="!pip is a notebook's command; it is left out"),
    )
    compile(checked.source, "scene.py", "exec")
    with pytest.raises(SceneRejected, match=r"line 10: .*Circl") as refused:
        validate(code_of(cell.replace("self.wait()", "Circl()")), catalogue)
    assert refused.value.remarks == checked.remarks


@pytest.mark.parametrize("command", ["?Circle", "Circle?", "Circle.animate??", "!ls 'one", "%timeit (3"])
def test_a_command_of_a_notebook_is_taken_off_within_a_scene(catalogue: Catalogue, command: str) -> None:
    """Whichever of its kinds; lines of a text that look like commands are shown as they are written."""
    text = 'self.add(Text("""\n%% of all\n! Mind this\nWhy?\n"""))'
    checked = validate(code_of(SCENE.format(body=f"{text}\n        {command}\n        self.wait()")), catalogue)
    assert [remark.message for remark in checked.remarks] == [
        f"{command.split(maxsplit=1)[0]} is a notebook's command; it is left out"
    ]
    assert "\n%% of all\n! Mind this\nWhy?\n" in checked.source
    compile(checked.source, "scene.py", "exec")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("files = !ls", "a notebook's command gives a value here; write the value itself"),
        ("self.play(Create(Circle())", "the code is not valid Python: '(' was never closed"),
    ],
)
def test_what_is_no_python_is_said_beside_the_remarks(catalogue: Catalogue, body: str, sentence: str) -> None:
    """A command that stands above the mistake is remarked on, or Python has stopped before it."""
    with pytest.raises(SceneRejected) as refused:
        validate(code_of("%%manim -qm Shown\n" + SCENE.format(body=body)), catalogue)
    assert [finding.message for finding in refused.value.findings] == [sentence]


def test_settings_above_the_scene_are_undone_and_remarked_on(catalogue: Catalogue) -> None:
    """Files that people render themselves begin with them; the profile decides nevertheless."""
    source = SCENE.format(body="self.wait()").replace("\n", "\nconfig.frame_rate = 60\nconfig['quality'] = 'low'\n", 1)
    checked = validate(code_of(source), catalogue)
    assert [remark.line for remark in checked.remarks] == [2, 3]
    assert "this line changes nothing" in checked.remarks[0].message


def helpers(folder: Path, **modules: str) -> Beside:
    """Helper modules of these names and contents."""
    paths = {f"{name}.py": folder / f"{name}.py" for name in modules}
    for name, source in modules.items():
        paths[f"{name}.py"].write_text(source, encoding="utf-8-sig")
    return Beside.of(paths, paths)


def test_a_helper_module_is_followed_like_the_scene_itself(catalogue: Catalogue, tmp_path: Path) -> None:
    """Its names, classes and stars are known; modules may import each other."""
    beside = helpers(
        tmp_path,
        shapes="from manim import *\nimport colours\nclass Sun(Circle): ...\ndef star(size): return Star(size)\n",
        colours="import shapes\nfrom manim import YELLOW\nGLOW = YELLOW\n",
    )
    body = "self.add(Sun(color=colours.GLOW), shapes.star(2))\nself.play(Create(Sun()))"
    imports = "from shapes import *\nimport shapes, colours\n"
    source = imports + SCENE.format(body=body.replace("\n", "\n        "))
    assert not findings_of(source, "Shown", catalogue, beside=beside)


@pytest.mark.parametrize(
    ("helper", "body", "sentence"),
    [
        ("def sun():\n    return Circl()", "self.add(shapes.sun())", "shapes.py, line 2: the name Circl"),
        ("import sympy", "self.wait()", "shapes.py, line 1: there is no module sympy"),
        ("def sun(:", "self.wait()", "shapes.py, line 1: this is not valid Python"),
        ("def sun(): ...", "shapes.sunn()", "line 9: shapes.py has no sunn; did you mean sun?"),
        ("def sun(size): ...", "shapes.sun()", "line 9: sun needs the argument size"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_helper_module_is_found(
    catalogue: Catalogue, tmp_path: Path, helper: str, body: str, sentence: str
) -> None:
    """With the module's name and its own line; the finding stands at the scene's line that leads there."""
    source = "import shapes\n" + SCENE.format(body=body)
    findings = findings_of(source, "Shown", catalogue, beside=helpers(tmp_path, shapes=helper))
    assert sentence in "\n".join(map(str, findings))
