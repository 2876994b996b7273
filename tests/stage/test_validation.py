"""Scene code is refused where it certainly fails, by line, and let through wherever there is doubt."""

from __future__ import annotations

import ast
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.errors import SceneRejected
from callsheet.model.content import CONTENT_MODELS, TemplateName
from callsheet.model.film.look import Look
from callsheet.model.film.scenes import Origin, OriginKind, SceneCode
from callsheet.scene_lint import Catalogue, findings_of, load_catalogue, scene_classes, validate
from callsheet.settings import Settings
from callsheet.stage.template_source import fill_template
from callsheet.stage.templates import has_scene_class
from tests.stage.broken_scenes import BrokenScene, broken_scenes
from tests.stage.manim_examples import manim_examples

GOOD = """from manim import *


class Good(Scene):
    def construct(self):
        {body}
"""
# Each of these runs, and looks as if it might not.
RUNS = (
    "Circle().set_anything(3)",
    "self.play([FadeIn(Dot()), Create(Circle())])",
    "self.play(FadeIn(dot) for dot in [Dot(), Dot()])",
    "self.play(FadeIn(Dot()), anything=3)",
    "Circle().note = 1",
    "circle = Circle(); circle.note = 1; print(circle.note)",
    "Text('a').get_font_size()",
    "VGroup([Dot(), Dot()])",
    "Square().scale([1, 2, 1])",
    "Dot([1, 2, 0]).move_to((1, 2, 0))",
    "print(Circle().get_center()[0])",
    "self.add(*[Dot() for number in range(3)], Dot())",
    "hasattr(Circle(), 'glow') and Circle().glow()",
    "shape = Circle() if self.mobjects else None; self.add(shape or Dot())",
    "self.add(Axes().plot(lambda x: x**2).underlying_function and Dot())",
    "from PIL import Image, ImageDraw; ImageDraw.Draw(Image.new('RGB', (9, 9))).rectangle([0, 0, 3, 3])",
    "from scipy import integrate; print(integrate.quad(abs, 0, 1))",
)
# A file that can also render itself, by a part of it that does not run on the stage.
RENDERS_ITSELF = (
    GOOD.format(body="self.wait()")
    + """

def main():
    subprocess.run(["manim", "-ql", __file__])


import subprocess

if __name__ == "__main__":
    main()
"""
)
EVERY_BROKEN_SCENE = broken_scenes()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """What the installed Manim offers; made once for each version of it, in the home of this checkout."""
    return load_catalogue(Settings().catalogue_dir)


def scene_code(source: str, class_name: str = "") -> SceneCode:
    """Code as a model writes it."""
    origin = Origin(kind=OriginKind.MODEL, maker="a model")
    return SceneCode(scene_name="A scene", class_name=class_name, source=source, origin=origin)


@pytest.mark.parametrize("scene", EVERY_BROKEN_SCENE, ids=lambda scene: scene.name)
def test_a_mistake_is_found_on_its_line(scene: BrokenScene, catalogue: Catalogue) -> None:
    """One scene for each kind of mistake: the finding is on the line and says what is wrong."""
    findings = findings_of(scene.source, "", catalogue)
    assert any(each.line == scene.line and scene.expected in each.message for each in findings), findings


def test_there_is_a_broken_scene_for_each_kind_of_mistake() -> None:
    """At least sixty kinds, each named once."""
    names = [scene.name for scene in EVERY_BROKEN_SCENE]
    assert len(names) == len(set(names)) >= 60


def test_what_a_file_does_when_it_is_run_by_hand_is_not_judged(catalogue: Catalogue) -> None:
    """Programs that it would start then are none that the scene starts."""
    assert findings_of(RENDERS_ITSELF, "Good", catalogue) == ()


@pytest.mark.parametrize("scene", ["VectorScene", "LinearTransformationScene"])
def test_a_vector_of_the_plane_has_two_numbers(scene: str, catalogue: Catalogue) -> None:
    """Although these scenes' annotations ask for three; a point of theirs has three all the same."""
    source = GOOD.replace("(Scene)", f"({scene})")
    assert findings_of(source.format(body="self.vector_to_coords(self.add_vector([2, 1]))"), "Good", catalogue) == ()
    [found] = findings_of(source.format(body="self.coords_to_vector([2, 1], coords_start=[0, 1])"), "Good", catalogue)
    assert "coords_start has to be a point of three numbers" in found.message


@pytest.mark.parametrize("body", RUNS)
def test_code_that_runs_is_let_through(body: str, catalogue: Catalogue) -> None:
    """Manim allows a great deal; what it allows is not refused."""
    assert findings_of(GOOD.format(body=body), "Good", catalogue) == ()


@pytest.mark.parametrize("template", [each for each in TemplateName if has_scene_class(each)])
def test_every_filled_template_is_let_through(template: TemplateName, catalogue: Catalogue) -> None:
    """Our own scenes pass the check that all scenes go through."""
    code = filled(template)
    assert validate(code, catalogue).class_name == code.class_name


def filled(template: TemplateName) -> SceneCode:
    """A template's example as code."""
    made = fill_template("An example", CONTENT_MODELS[template].example(), Look())
    return getattr(made, "code", made)


def test_manims_own_examples_are_let_through(catalogue: Catalogue) -> None:
    """Fewer than one in a hundred is refused, those for OpenGL apart, and one that names `Any` and never imports it."""
    examples = [each for each in manim_examples() if not re.search(r"OpenGL|: Any\b", each.source)]
    refused = [each.place for each in examples if findings_of(each.source, each.class_name, catalogue)]
    assert len(examples) > 300
    assert len(refused) < len(examples) / 100, refused


def test_the_only_scene_of_a_file_need_not_be_named(catalogue: Catalogue) -> None:
    """The checked value carries its name."""
    code = scene_code(GOOD.format(body="self.wait()"))
    assert validate(code, catalogue).class_name == "Good"


def test_bases_of_scenes_are_no_scenes_of_their_own(catalogue: Catalogue) -> None:
    """A file with a base and one scene made of it holds one scene."""
    classes = "class Base(Scene): ...\nclass Shown(Base): ...\nclass Part(VGroup): ...\n"
    assert scene_classes("from manim import *\n" + classes, catalogue) == ("Shown",)


def test_a_refused_scene_says_all_that_was_found_by_line(catalogue: Catalogue) -> None:
    """Several mistakes come as several findings, in the order of the lines."""
    body = "self.play(Circle())\n        self.add(Circel())\n        self.wait(0)"
    with pytest.raises(SceneRejected) as refused:
        validate(scene_code(GOOD.format(body=body)), catalogue)
    assert [finding.line for finding in refused.value.findings] == [6, 7, 8]


def test_what_is_caught_is_not_reported(catalogue: Catalogue) -> None:
    """Code that expects a failure may fail."""
    body = "try:\n            Circle().glow()\n        except AttributeError:\n            self.wait()"
    assert findings_of(GOOD.format(body=body), "Good", catalogue) == ()


def test_another_scene_of_the_file_is_not_judged(catalogue: Catalogue) -> None:
    """A mistake in a scene that is not rendered does no harm."""
    source = GOOD.format(body="self.wait()") + "\nclass Other(Scene):\n    def construct(self):\n        self.glow()\n"
    assert findings_of(source, "Good", catalogue) == ()
    assert len(findings_of(source, "Other", catalogue)) == 1


@settings(max_examples=200)
@given(text=st.text())
def test_any_text_is_answered(text: str) -> None:
    """Whatever is sent in: findings or none, never an exception."""
    assert isinstance(findings_of(text, "", load_catalogue(Settings().catalogue_dir)), tuple)


@settings(max_examples=150)
@given(seed=st.integers(0, 2**32), place=st.integers(0, 10_000))
def test_any_program_is_answered(seed: int, place: int) -> None:
    """Programs whose parts were exchanged at random: findings or none, the same ones each time, sorted by line."""
    catalogue = load_catalogue(Settings().catalogue_dir)
    sources = [scene.source for scene in EVERY_BROKEN_SCENE[3:]]
    source = mixed(sources[place % len(sources)], random.Random(seed))
    first = findings_of(source, "Broken", catalogue)
    assert first == findings_of(source, "Broken", catalogue)
    assert [each.line for each in first] == sorted(each.line for each in first)


def mixed(source: str, chance: random.Random) -> str:
    """The program with expressions put in each other's places."""
    tree = ast.parse(source)
    expressions = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr) and not isinstance(value, ast.Starred) and chance.random() < 0.3:
                other = chance.choice(expressions)
                if not any(each is node for each in ast.walk(other)):
                    setattr(node, name, other)
    try:
        return ast.unparse(tree)
    except (ValueError, RecursionError):
        return source


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 150 + ")" * 150,
        "x = " + "-" * 5000 + "1",
        "x = " + "+".join(["a"] * 3000),
        GOOD.format(body="self.construct()"),
        GOOD.format(body="f = lambda g: g(g); f(f)"),
        "x = [[]]\nx[0] = x\nprint(x[0][0])\n",
        "class A(A): pass\n",
        GOOD.format(body="[Dot() for n in range(10**40)]"),
        GOOD.format(body="for n in range(1, 10**400): self.wait()"),
        GOOD.format(body="self.play(0x" + "f" * 9000 + ")"),
        GOOD.format(body="[Dot()][0x" + "f" * 9000 + "]"),
        "\0",
        "\ud800",
    ],
)
def test_nesting_and_recursion_end(source: str, catalogue: Catalogue) -> None:
    """Code that calls or holds itself, or is nested beyond measure, is answered: in milliseconds, not in hours."""
    started = time.perf_counter()
    findings_of(source, "Good", catalogue)
    assert time.perf_counter() - started < 30


@pytest.mark.long
def test_a_catalogue_is_made_once(tmp_path: Path) -> None:
    """If its file is there, it is read from it; half a file is made again."""
    with ThreadPoolExecutor(4) as threads:
        first, *others = threads.map(load_catalogue, [tmp_path / "made"] * 4)
    assert all(other is first for other in others)
    (file,) = (tmp_path / "made").iterdir()
    for name, content in (("whole", file.read_text()), ("half", file.read_text()[:1000])):
        (tmp_path / name).mkdir()
        (tmp_path / name / file.name).write_text(content)
    made_at = (tmp_path / "whole" / file.name).stat().st_mtime_ns
    assert load_catalogue(tmp_path / "whole").star == first.star
    assert (tmp_path / "whole" / file.name).stat().st_mtime_ns == made_at
    assert load_catalogue(tmp_path / "half").star == first.star
