"""Clients of the movie workflow and of the document pipeline, against the running gateway."""

import asyncio
import json

import httpx
import pytest

from callsheet import client
from callsheet.gateway.dialects.script_to_movie import phase_at
from tests.control.test_http_api import PATIENCE_S

SCRIPT = """Title: The Lamp

INT. KITCHEN - NIGHT

ANNA (30), in a green dress, holds a lamp.

ANNA
Who put out the light?
"""
MORE = SCRIPT + "\nEXT. STREET - DAY\n\nBEN walks away.\n"
SUMMARY = "# The Moon\n\nThe Moon pulls the sea. Twice a day the water rises and falls on every coast.\n"


@pytest.fixture
async def api(prefect_server):
    """A client of the gateway of the embedded server."""
    async with httpx.AsyncClient(base_url=prefect_server.gateway_url, timeout=PATIENCE_S) as asking:
        yield asking


async def until(api, place, *words, field="status"):
    """The answer of a poller that asks until the status is one of these words."""
    async with asyncio.timeout(3 * PATIENCE_S):
        while (answer := (await api.get(place)).json())[field] not in words:
            assert answer[field] != "failed", answer
            await asyncio.sleep(0.5)
    return answer


async def test_an_analysis_alone_ends_without_a_storyboard(api):
    """The project has no film yet, and what was found can be read."""
    order = {"workflow_type": "script_analysis_only", "script": SCRIPT, "title": "Analysed"}
    started = (await api.post("/api/workflow/7412/start", json=order)).json()
    shown = await until(api, "/api/workflow/7412/status", "completed")
    assert (shown["current_phase"], shown["videoUrl"]) == ("script_to_trailer", None)
    stage = (await api.get(f"/api/v1/runs/{started['run_id']}/stage")).json()
    assert (stage["stage"], [each["name"] for each in stage["analysis"]["characters"]]) == ("analysis", ["ANNA"])


async def test_a_model_without_a_provider_fails_a_project_in_its_first_phase(api):
    """The sentence names the field."""
    order = {"script": SCRIPT, "title": "No provider", "panel_model": "google/nano-banana"}
    await api.post("/api/workflow/7413/start", json=order)
    async with asyncio.timeout(3 * PATIENCE_S):
        while (shown := (await api.get("/api/workflow/7413/status")).json())["status"] != "failed":
            await asyncio.sleep(0.5)
    assert shown["errorMessage"].startswith("panel_model: this machine has no model “google/nano-banana”")
    assert shown["failedAt"] == "script_to_trailer"


@pytest.mark.parametrize(
    ("percentage", "phase"),
    [(0, "script_to_trailer"), (44.9, "script_to_trailer"), (45, "trailer_to_storyboard"),
     (69.9, "trailer_to_storyboard"), (70, "storyboard_to_movie"), (99, "storyboard_to_movie")],
)  # fmt: skip
def test_a_project_is_in_the_phase_of_its_progress(percentage, phase):
    """Panels begin at 45, drawn or made by a model; voices and clips at 70."""
    assert phase_at(percentage) == phase


async def test_a_project_becomes_a_storyboard_and_then_a_movie(api):
    """The second document: types of workflows, phases, progress, and one run however often a person clicks."""
    unknown = await api.get("/api/workflow/7411/status")
    assert (unknown.status_code, unknown.json()["success"]) == (404, False)
    assert unknown.json()["error"] == unknown.json()["detail"] == "project “7411” has no run; start it first"
    nothing = await api.post("/api/workflow/7411/start")
    assert (nothing.status_code, nothing.json()["field"]) == (422, "request.screenplay")

    order = {"workflow_type": "storyboard_only", "script": SCRIPT, "mode": "full", "profile": "draft", "title": "Lamp"}
    first, second = await asyncio.gather(*(api.post("/api/workflow/7411/start", json=order) for _ in range(2)))
    assert (first.status_code, first.json()["run_id"]) == (200, second.json()["run_id"])
    assert set(first.json()) >= {"project_id", "status", "progress", "errorMessage", "failedAt", "retryCount"}
    shown = await until(api, "/api/workflow/7411/status", "completed")
    assert (shown["project_id"], shown["progress"], shown["current_phase"]) == (7411, 100, "trailer_to_storyboard")
    assert shown["videoUrl"] is None
    other = await api.post("/api/workflow/7411/start", json={**order, "script": MORE})
    assert (other.status_code, "another request" in other.json()["error"]) == (409, True)
    waits = await api.post("/api/workflow/7411/resume")
    assert (waits.status_code, "approval" in waits.json()["error"]) == (409, True)

    movie = await api.post("/api/workflow/7411/start", json={"workflow_type": "video_only"})
    assert movie.json()["run_id"] == first.json()["run_id"]
    done = await until(api, "/api/workflow/7411/status", "completed")
    assert (done["current_phase"], done["errorMessage"]) == ("storyboard_to_movie", None)
    assert (await api.get(done["videoUrl"], headers={"range": "bytes=4-7"})).content == b"ftyp"
    late = await api.post("/api/workflow/7411/pause")
    assert (late.status_code, "can't be paused" in late.json()["error"]) == (409, True)

    again = await api.post("/api/workflow/7411/start", json={"workflow_type": "regenerate_scene", "scene": 1})
    assert again.json()["run_id"] != first.json()["run_id"]
    stopped = await client.cancel(again.json()["run_id"])
    assert stopped.state in ("Cancelled", "Cancelling")
    kept = await until(api, "/api/workflow/7411/status", "cancelled")
    assert kept["run_id"] == again.json()["run_id"]


async def test_projects_of_different_owners_are_different_projects(api):
    """The same id names nothing of another owner; an owner's screenplay is no file of the server."""
    ada, bob = [
        {"authorization": f"Bearer {await client.add_token(owner)}"} for owner in ("ada-of-movies", "bob-of-movies")
    ]
    secret = await api.post("/api/workflow/1/start", json={"screenplay": "/etc/passwd"}, headers=ada)
    assert (secret.status_code, secret.json()["field"]) == (422, "request.screenplay")
    run = await api.post("/api/workflow/1/start", json={"script": SCRIPT, "profile": "draft"}, headers=ada)
    assert run.status_code == 200
    assert (await api.get("/api/workflow/1/status", headers=bob)).status_code == 404
    assert (await api.post("/api/workflow/1/pause", headers=bob)).status_code == 404
    await client.cancel(run.json()["run_id"])
    for token in await client.list_tokens():
        await client.revoke_token(token.id)


async def test_a_document_is_a_task_with_stages_events_and_a_result(api, tmp_path):
    """The fifth document: InputConfig, the state as its file holds it, the names of events, PipelineResult."""
    document = tmp_path / "README.md"
    document.write_text(SUMMARY)
    config = {"input_type": "document", "source": str(document), "accent_color": "blue", "voice": "male"}
    started = await api.post("/api/pipeline/tasks", json={**config, "task_id": "my_task", "profile": "draft"})
    assert (started.status_code, started.json()["task_id"]) == (201, "my_task"), started.text
    names, events = [], []
    async with api.stream("GET", "/api/pipeline/tasks/my_task/events") as answer:
        async for line in answer.aiter_lines():
            field, _, value = line.partition(": ")
            if field == "event":
                names.append(value)
            if field == "data":
                events.append(json.loads(value))
    assert [event["type"] for event in events] == names
    assert set(names) >= {"PIPELINE_STARTED", "STAGE_STARTED", "STAGE_PROGRESS", "STAGE_COMPLETED", "AUDIO_GENERATED"}
    assert (names[-1], {event["task_id"] for event in events}) == ("PIPELINE_COMPLETED", {"my_task"})
    assert all(0 <= event["progress"] <= 1 for event in events if event["progress"] is not None)

    state = (await api.get("/output/state/my_task.json")).json()
    assert state == (await api.get("/api/pipeline/tasks/my_task")).json()
    assert set(state) == {
        "task_id", "status", "overall_progress", "current_stage", "stages", "errors", "warnings",
    }  # fmt: skip
    assert (state["status"], state["overall_progress"], state["errors"]) == ("completed", 1.0, [])
    assert set(state["stages"]) >= {"validation", "audio_generation"}
    assert {(stage["status"], stage["progress"]) for stage in state["stages"].values()} == {("completed", 1.0)}
    result = (await api.get("/api/pipeline/tasks/my_task/result")).json()
    assert (result["success"], result["task_id"], result["total_duration"] > 1) == (True, "my_task", True)
    assert (await api.get(result["video_path"], headers={"range": "bytes=4-7"})).content == b"ftyp"
    resumed = await api.post("/api/pipeline/tasks", json={**config, "task_id": "my_task", "resume": True})
    assert (resumed.status_code, resumed.json()["status"]) == (200, "completed")
    listed = (await api.get("/api/pipeline/tasks", params={"status": "completed", "limit": 5})).json()
    assert listed
    assert {task["status"] for task in listed} == {"completed"}


async def test_a_task_waits_for_the_approval_of_its_scenes(api):
    """Without `auto_generate` a VideoConfig is paused; the same task is not started twice."""
    scene = {"scene_id": "a", "scene_type": "list", "narration": "One.", "visual_content": {"points": ["One"]}}
    video = {"video_id": "v", "title": "Told", "description": "", "scenes": [scene]}
    asked = {"input_type": "programmatic", "source": video, "auto_generate": False, "task_id": "asked"}
    started = await api.post("/api/pipeline/tasks", json=asked)
    assert started.status_code == 201, started.text
    waits = await until(api, "/output/state/asked.json", "paused")
    assert (waits["current_stage"], waits["errors"]) == ("validation", [])
    twice = await api.post("/api/pipeline/tasks", json=asked)
    assert (twice.status_code, twice.json()["field"]) == (409, "task_id")
    [run] = await client.list_runs(tags=("task::asked",))
    await client.reject(run)
