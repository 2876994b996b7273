"""What a writer knows of the stage is found out beside the flow."""

import threading
from pathlib import Path

import pytest

from callsheet.model.requests.video import SceneRequest
from callsheet.scene_lint import Catalogue
from tasks import wiring, writing


async def test_asking_what_manim_has_holds_up_no_other_scene(monkeypatch: pytest.MonkeyPatch):
    """The first time that takes a separate process for seconds, and all scenes of a video share one loop."""
    asked_in = []

    def load_catalogue(folder: Path) -> Catalogue:
        asked_in.append(threading.current_thread())
        return load(folder)

    load = wiring.load_catalogue
    monkeypatch.setattr(wiring, "load_catalogue", load_catalogue)
    request = SceneRequest.model_validate({"scene": {"name": "A", "prompt": "B", "files": ["/there/logo.png"]}})
    told = await writing._writing(request)
    assert len(asked_in) == 1
    assert asked_in != [threading.current_thread()]
    assert "Circle" in told.stage.names
    assert told.files == ("logo.png",)
