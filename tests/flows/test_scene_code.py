"""Scene code on a real server: the files that it opens, what becomes of it when it is killed, what is said of it."""

from pathlib import Path

import pytest
from PIL import Image

from callsheet.errors import InvalidRequest, SceneAbandoned
from callsheet.model.requests.video import SceneRequest
from callsheet.model.run.attempts import SceneStage
from flows.scene import generate_scene
from tasks import policies
from tests.fakes.chat_server import GOOD_SCENE, good
from tests.flows.history import latest_run, task_states

SHOWS_A_LOGO = """from manim import *


class Logo(Scene):
    def construct(self):
        self.add(ImageMobject("logo.png").scale_to_fit_height(4))
        self.wait(1)
"""
KILLS_ITSELF = GOOD_SCENE.replace("from manim import *", "import os\n\nfrom manim import *").replace(
    "self.wait(1)", "os.kill(os.getpid(), 9)"
)


def scene(name: str, **fields: object) -> SceneRequest:
    """A request for one scene in the draft profile."""
    return SceneRequest.model_validate({"scene": {"name": name, **fields}, "profile": "draft"})


def logo(folder: Path, colour: str) -> str:
    """Path of a picture of one colour."""
    path = folder / "logo.png"
    Image.new("RGB", (40, 30), colour).save(path)
    return str(path)


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.long
async def test_code_opens_the_files_of_its_brief(tmp_path: Path):
    """They travel by their content: another picture of the same name makes another clip, the same one makes none."""
    red = await generate_scene(scene("Logo", code=SHOWS_A_LOGO, files=[logo(tmp_path, "red")]))
    (tmp_path / "other").mkdir()
    again = await generate_scene(scene("Logo", code=SHOWS_A_LOGO, files=[logo(tmp_path / "other", "red")]))
    assert again.clip == red.clip
    states = dict(await task_states((await latest_run("scene 01 Logo")).id))
    assert states["render-scene 01 Logo"] == "Cached"
    blue = await generate_scene(scene("Logo", code=SHOWS_A_LOGO, files=[logo(tmp_path, "blue")]))
    assert blue.clip.stored != red.clip.stored


async def test_a_writer_is_told_the_files_and_its_code_opens_them(writes, tmp_path: Path):
    """Their names are in the question, and the repaired version finds them as the first one did."""
    server = writes(good(SHOWS_A_LOGO.replace("self.add", "self.ad")), good(SHOWS_A_LOGO))
    report = await generate_scene(scene("Written", prompt="Show the logo.", files=[logo(tmp_path, "teal")]))
    assert [attempt.is_good for attempt in report.attempts] == [False, True]
    assert all("logo.png" in asked.question for asked in server.asked)


async def test_a_file_that_is_not_there_stops_its_scene_before_anybody_is_asked(writes, tmp_path: Path):
    """An answer is paid for."""
    server = writes("good")
    with pytest.raises(InvalidRequest, match=r"gone\.png: there is no file"):
        await generate_scene(scene("Gone", prompt="Show the logo.", files=[str(tmp_path / "gone.png")]))
    assert server.asked == []


@pytest.mark.long
async def test_code_that_is_killed_each_time_goes_back_to_its_writer(writes, monkeypatch: pytest.MonkeyPatch):
    """Once may be an accident; after the retries it is the code's own doing, and the next version is tried."""
    monkeypatch.setattr(policies, "DEFAULT_FIRST_DELAY_S", 0.1)
    server = writes(good(KILLS_ITSELF), "good")
    report = await generate_scene(scene("Killed", prompt="A circle becomes a square."))
    assert [attempt.stage for attempt in report.attempts] == [SceneStage.REHEARSE, SceneStage.RENDER]
    assert "its process was killed each time it ran" in server.asked[1].question


@pytest.mark.usefixtures("prefect_server")
async def test_code_of_the_user_that_is_killed_each_time_is_given_up(monkeypatch: pytest.MonkeyPatch):
    """With a sentence that promises no further start."""
    monkeypatch.setattr(policies, "DEFAULT_FIRST_DELAY_S", 0.1)
    with pytest.raises(SceneAbandoned, match="was given up: its process was killed each time it ran"):
        await generate_scene(scene("Mine", code=KILLS_ITSELF))


@pytest.mark.usefixtures("prefect_server")
async def test_a_text_that_is_laid_out_says_why():
    """That no model is set up is said only where that is the reason; `explain` by choice needs no excuse."""
    text = "The area of a circle is A = pi r^2."
    chosen = await generate_scene(scene("Chosen", template="explain", content={"prompt": text}))
    assert chosen.origin.note == ""
    asked = await generate_scene(scene("Chosen", prompt=text))
    assert "no language model is set up" in asked.origin.note
    assert asked.clip == chosen.clip
