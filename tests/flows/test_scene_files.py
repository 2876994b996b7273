"""The files of a scene travel by their content: through the store, and not by the path at which they were found."""

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.model.requests.video import SceneRequest
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from flows.scene import generate_scene
from tests.flows.history import latest_run, task_states


def picture_scene(name: str, path: Path) -> SceneRequest:
    """A request for one second of this picture."""
    content = {"path": str(path), "duration_s": 1, "zoom": False}
    return SceneRequest.model_validate(
        {"scene": {"name": name, "template": "picture", "content": content}, "profile": "draft"}
    )


EVERY_KIND = """from manim import *

from my_shapes import banner


class EveryKind(Scene):
    def construct(self):
        with register_font("Letters.TTF"):
            words = Text("Files", font="DejaVu Sans")
        photos = Group(ImageMobject("photo.jpeg"), ImageMobject("IMG_0001.JPG")).arrange(RIGHT)
        self.add(banner(words), photos.to_edge(DOWN), SVGMobject("Logo.SVG").to_edge(UP))
        self.add_sound("tone.wav")
        self.wait(0.5)
"""
HELPER = """from manim import *


def banner(words):
    return VGroup(words, Underline(words, color=TEAL))
"""


def files_of_every_kind(folder: Path) -> list[str]:
    """A sound, a typeface, a drawing, two photographs and a helper module; three of them in capital letters."""
    tone = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=0.3", str(folder / "tone.wav")]
    subprocess.run(tone, check=True)
    font = subprocess.run(["fc-match", "-f", "%{file}", "DejaVu Sans"], check=True, capture_output=True, text=True)
    (folder / "Letters.TTF").write_bytes(Path(font.stdout).read_bytes())
    (folder / "Logo.SVG").write_text('<svg xmlns="http://www.w3.org/2000/svg"><circle r="9" fill="red"/></svg>')
    for name in ("photo.jpeg", "IMG_0001.JPG"):
        Image.new("RGB", (40, 30), "red").save(folder / name, format="JPEG")
    (folder / "my_shapes.py").write_text(HELPER)
    return [str(path) for path in sorted(folder.iterdir())]


@pytest.mark.usefixtures("prefect_server")
async def test_files_of_every_kind_reach_the_scene(tmp_path: Path) -> None:
    """Through the store and the fence, under the names they have, in capital or small letters."""
    scene = {"name": "Every kind", "code": EVERY_KIND, "files": files_of_every_kind(tmp_path)}
    report = await generate_scene(SceneRequest.model_validate({"scene": scene, "profile": "draft"}))
    assert report.clip is not None
    assert report.clip.has_audio


@pytest.mark.usefixtures("prefect_server")
async def test_a_mistake_in_a_helper_module_is_found_before_anything_runs(tmp_path: Path) -> None:
    """The sentence names the module and its line."""
    (tmp_path / "my_shapes.py").write_text(HELPER.replace("Underline", "Underlin"))
    code = "from manim import *\nfrom my_shapes import banner\n\nclass A(Scene):\n    def construct(self):\n"
    code += "        self.add(banner(Text('a')))\n        self.wait()\n"
    scene = {"name": "Mistaken", "code": code, "files": [str(tmp_path / "my_shapes.py")]}
    with pytest.raises(InvalidRequest, match=r"my_shapes\.py, line 5: the name Underlin is not defined"):
        await generate_scene(SceneRequest.model_validate({"scene": scene, "profile": "draft"}))


def painted(path: Path, colour: str) -> Path:
    """A picture of one colour."""
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (40, 30), colour).save(path)
    return path


async def states_of(name: str) -> dict[str, str]:
    """How each step of the latest run of a scene ended."""
    run = await latest_run(f"scene 01 {name}")
    return {step.split(" ")[0]: state for step, state in await task_states(run.id)}


@pytest.mark.usefixtures("prefect_server")
async def test_the_same_picture_elsewhere_is_no_new_render(tmp_path: Path) -> None:
    """Its content is in the key, its path is not; another picture at the old path is rendered."""
    here, there = painted(tmp_path / "a.png", "red"), painted(tmp_path / "other" / "b.png", "red")
    once = await generate_scene(picture_scene("Picture", here))
    again = await generate_scene(picture_scene("Picture", there))
    assert again.clip == once.clip
    assert (await states_of("Picture"))["render-scene"] == "Cached"
    assert here.exists()
    assert there.exists()
    changed = await generate_scene(picture_scene("Picture", painted(here, "blue")))
    assert changed.clip != once.clip


@pytest.mark.usefixtures("prefect_server")
async def test_a_picture_is_stored_before_its_scene_is_rendered(tmp_path: Path) -> None:
    """So any machine can render it; it is stored once, however often it is used."""
    path = painted(tmp_path / "a.png", "green")
    for name in ("First", "Second"):
        await generate_scene(picture_scene(name, path))
    store = open_store(settings())
    stored = [key for key in store.keys("scene-files/") if store.read_bytes(key) == path.read_bytes()]
    assert len(stored) == 1


@pytest.mark.usefixtures("prefect_server")
async def test_a_picture_that_is_not_there_stops_its_scene_at_once(tmp_path: Path) -> None:
    """With the field and the path in the sentence."""
    with pytest.raises(InvalidRequest, match=r"“Gone”, content\.path: there is no file .*gone\.png"):
        await generate_scene(picture_scene("Gone", tmp_path / "gone.png"))
