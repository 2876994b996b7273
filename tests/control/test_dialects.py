"""Clients that were written for other systems' paths, against the running gateway."""

import asyncio
import json

import httpx
import pytest

from callsheet import client
from tests.control.test_http_api import PATIENCE_S
from tests.flows.asking import waiting
from tests.flows.films import film
from tests.footage.given import scenery


@pytest.fixture
async def api(prefect_server):
    """A client of the gateway of the embedded server."""
    async with httpx.AsyncClient(base_url=prefect_server.gateway_url, timeout=PATIENCE_S) as asking:
        yield asking


async def polled(api, run_id):
    """The last answer of a page that asks for a status until it is completed or failed, and all that it has seen."""
    seen = []
    async with asyncio.timeout(PATIENCE_S):
        while True:
            answer = (await api.get("/api/workflows/status", params={"runId": run_id})).json()
            seen.append(answer)
            if answer["status"] in ("completed", "failed"):
                return answer, seen
            await asyncio.sleep(0.5)


async def test_one_scene_is_generated_and_polled(api):
    """The shapes are those of the first document."""
    started = await api.post(
        "/api/workflows/generate-video",
        json={
            "mode": "single",
            "prompt": "Create a video about the Pythagorean theorem",
            "sceneName": "Introduction",
            "context": "Educational mathematics video",
        },
    )
    body = started.json()
    assert {**body, "runId": ""} == {
        "success": True,
        "runId": "",
        "mode": "single",
        "message": "Workflow started successfully",
    }
    last, seen = await polled(api, body["runId"])
    assert all({"currentStep", "completedSteps", "totalSteps", "percentage"} == set(each["progress"]) for each in seen)
    result = last["result"]
    assert (result["success"], result["sceneName"]) == (True, "Introduction")
    assert set(result["steps"]) == {"codeGeneration", "validation", "compilation", "upload"}
    assert (await api.get(result["videoUrl"], headers={"range": "bytes=4-7"})).content == b"ftyp"


async def test_several_scenes_are_generated_in_their_order(api):
    """`order` counts, and the transition is the one that was asked for."""
    started = await api.post(
        "/api/workflows/generate-video",
        json={
            "mode": "multi",
            "title": "Complete Math Tutorial",
            "scenes": [
                {"name": "Main Content", "prompt": "Explain the concept", "order": 1},
                {"name": "Introduction", "prompt": "Introduce the topic", "order": 0},
            ],
            "mergeOptions": {"addTransitions": True, "transitionDuration": 0.5},
        },
    )
    last, _ = await polled(api, started.json()["runId"])
    assert [scene["sceneName"] for scene in last["result"]["scenes"]] == ["Introduction", "Main Content"]
    request = (await client.result(started.json()["runId"])).request
    assert (request.merge.transition, request.merge.transition_s) == ("fade", 0.5)


async def test_what_is_wrong_or_unknown_is_refused(api):
    """Without a prompt there is no scene; a run that does not exist is not found."""
    empty = await api.post("/api/workflows/generate-video", json={"mode": "single"})
    assert empty.status_code == 422
    unknown = await api.get("/api/workflows/status", params={"runId": "run_abc123xyz"})
    answer = unknown.json()
    assert (unknown.status_code, answer["detail"]) == (404, "there is no run “run_abc123xyz”")
    # A page that polls ends on these.
    assert (answer["success"], answer["status"], answer["error"]) == (False, "failed", "Workflow run not found")
    assert answer["result"] == {"success": False, "error": "Workflow run not found"}


async def test_a_job_waits_is_approved_and_is_completed(api):
    """The coordinator's words: pending, approved, processing, completed."""
    asked = await client.start(film("A job", approval=True))
    await waiting(asked)
    job = (await api.get(f"/api/v3/jobs/{asked.id}")).json()
    assert (job["job_id"], job["status"], len(job["storyboard"])) == (str(asked.id), "pending", 1)
    assert job["parameters"]["title"] == "A job"
    approved = await api.post(f"/api/v3/jobs/{asked.id}/approve")
    assert approved.json() == {"message": "Job approved successfully", "job_id": str(asked.id), "status": "approved"}
    async with asyncio.timeout(PATIENCE_S):
        while (job := (await api.get(f"/api/v3/jobs/{asked.id}")).json())["status"] != "completed":
            assert job["status"] in ("approved", "processing")
            await asyncio.sleep(0.5)
    assert job["progress_percentage"] == 100


async def test_a_workflow_runs_from_an_uploaded_picture(api, tmp_path):
    """It is listed, executed with a file, streamed to its end, and its steps are checkpoints."""
    listed = (await api.get("/workflows/list")).json()
    assert [workflow["id"] for workflow in listed["workflows"]] == ["img-edit-to-video"]
    picture = tmp_path / "image.jpg"
    scenery(240, 160, seed=4_711).save(picture)
    started = await api.post(
        "/workflows/execute",
        data={"workflow_id": "img-edit-to-video", "animate": "slowly zoom in"},
        files={"file": ("image.jpg", picture.read_bytes(), "image/jpeg")},
    )
    job = started.json()
    assert (job["success"], job["stream_url"]) == (True, f"/jobs/{job['job_id']}/stream")
    events = []
    async with api.stream("GET", job["stream_url"]) as answer:
        name = ""
        async for line in answer.aiter_lines():
            field, _, value = line.partition(": ")
            name = value if field == "event" else name
            if field == "data":
                events.append((name, json.loads(value)))
    assert events[-1][0] == "complete"
    assert events[-1][1]["result"]["video_url"].endswith(".mp4")
    assert {"progress", "checkpoint", "complete"} == {event for event, _ in events}
    execution = (await api.get(f"/workflows/execution/{job['job_id']}")).json()["execution"]
    assert execution["status"] == "completed"
    points = execution["checkpoints"]
    assert {place: (point["status"], *point["output"]) for place, point in points.items()} == {
        "0": ("completed", "image_url"),
        "1": ("completed", "edited_image_url"),
        "2": ("completed", "video_url"),
    }
    assert (await api.get(points["0"]["output"]["image_url"])).content == picture.read_bytes()
    no_retry = await api.post(f"/workflows/retry/{job['job_id']}")
    assert no_retry.status_code == 409


async def test_a_file_of_another_kind_is_refused(api):
    """A program is no picture, whatever its name."""
    answer = await api.post("/api/v1/uploads", params={"name": "photo.png"}, content=b"MZ" + bytes(100))
    assert (answer.status_code, answer.json()["field"]) == (415, "file")
    assert answer.json()["detail"].startswith("“photo.png” is none of these")
