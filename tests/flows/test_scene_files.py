"""The picture of a scene travels by its content: through the store, and not by the path at which it was found."""

from pathlib import Path

import pytest
from PIL import Image

from callsheet.errors import SceneRejected
from callsheet.model.requests import SceneRequest
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
    with pytest.raises(SceneRejected, match=r"content\.path: there is no file .*gone\.png"):
        await generate_scene(picture_scene("Gone", tmp_path / "gone.png"))
