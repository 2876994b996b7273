"""What a writer is told of the stage is found out beside the flow."""

import threading

import pytest

from callsheet.model.requests import SceneRequest
from callsheet.model.writing import StageFacts
from tasks import wiring, writing


async def test_asking_what_manim_has_holds_up_no_other_scene(monkeypatch: pytest.MonkeyPatch):
    """The first time that takes a process of its own for seconds, and all scenes of a video share one loop."""
    asked_in = []

    def stage_facts() -> StageFacts:
        asked_in.append(threading.current_thread())
        return StageFacts(manim_version="0.22.0", has_latex=False)

    monkeypatch.setattr(wiring, "stage_facts", stage_facts)
    request = SceneRequest.model_validate({"scene": {"name": "A", "prompt": "B", "files": ["/there/logo.png"]}})
    told = await writing._writing(request)
    assert asked_in != [threading.current_thread()]
    assert (told.stage.manim_version, told.files) == ("0.22.0", ("logo.png",))
