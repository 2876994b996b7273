"""`/workflows` and `/jobs`: a workflow by its id, from one file; its steps as checkpoints; a stream of events.

GET /workflows/list     POST /workflows/execute     POST /workflows/retry/ID     GET /workflows/execution/ID
GET /jobs/ID/stream
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Header, UploadFile
from fastapi.sse import EventSourceResponse, ServerSentEvent

from callsheet import client
from callsheet.gateway.access import CallerOf
from callsheet.gateway.problems import refusal_of
from callsheet.gateway.runs import Board, VisibleRun, checked_request
from callsheet.gateway.uploads import store_upload
from callsheet.model.footage.jobs import MAX_PROMPT_CHARACTERS
from callsheet.model.problems import did_you_mean
from callsheet.model.run.kinds import IMAGE_VIDEO
from callsheet.model.run.runs import EventKind, Run, RunEvent, RunStatus

router = APIRouter(tags=["dialect: workflow engine"])

IMAGE_TO_VIDEO = "img-edit-to-video"
VIDEO = 2
"""Place of the last step."""
_STEPS = (
    {"name": "upload", "type": "input"},
    {"name": "image_edit", "type": "generation"},
    {"name": "video_generation", "type": "generation"},
)
_PLACES = {"take-in-picture": 0, "merge-clips": 2, "make-stills": 2, "publish-video": 2}
_PLACES_OF_JOBS = {"edit": 1, "video": 2}
"""Place of a step of ours among the three: by its name, or by the job that its name ends with."""


@router.get("/workflows/list")
async def list_workflows(_: CallerOf) -> dict[str, Any]:
    """List the workflows."""
    described = {
        "id": IMAGE_TO_VIDEO,
        "name": "Image Edit to Video",
        "description": "Edit a picture and let it move.",
        "icon": "🎬",
        "steps": _STEPS,
    }
    return {"success": True, "workflows": [described]}


@router.post("/workflows/execute")
async def execute_workflow(
    caller: CallerOf,
    workflow_id: Annotated[str, Form(max_length=100)],
    file: Annotated[UploadFile, File()],
    edit: Annotated[str, Form(max_length=MAX_PROMPT_CHARACTERS)] = "",
    animate: Annotated[str, Form(max_length=MAX_PROMPT_CHARACTERS)] = "",
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> dict[str, Any]:
    """Start a workflow with a file."""
    if workflow_id != IMAGE_TO_VIDEO:
        raise refusal_of([(("workflow_id",), f"is unknown; {did_you_mean(workflow_id, [IMAGE_TO_VIDEO])}")])
    name = file.filename or "picture"
    stored = await store_upload(_chunks(file), name)
    order = checked_request(IMAGE_VIDEO, {"title": name, "picture": stored.key, "edit": edit, "animate": animate})
    key = None if idempotency_key is None else f"{caller.owner}:{idempotency_key}"
    run = await client.start(order, owner=caller.owner, idempotency_key=key)
    return {"success": True, "job_id": str(run.id), "stream_url": f"/jobs/{run.id}/stream"}


@router.post("/workflows/retry/{run_id}")
async def retry_workflow(run: VisibleRun, board: Board) -> dict[str, Any]:
    """Continue a workflow that failed; finished steps are kept."""
    await client.retry(run)
    board.forget(run.id)
    return {"success": True, "job_id": str(run.id), "stream_url": f"/jobs/{run.id}/stream"}


@router.get("/workflows/execution/{run_id}")
async def read_execution(run: VisibleRun, board: Board) -> dict[str, Any]:
    """Show a workflow with its steps as checkpoints."""
    status = await board.status(run.id)
    return {
        "success": True,
        "execution": {
            "job_id": str(run.id),
            "workflow_id": IMAGE_TO_VIDEO if run.flow == IMAGE_VIDEO.flow else run.flow,
            "status": _word(status),
            "progress": round(status.percentage),
            "checkpoints": await _checkpoints(run, status),
            "error": status.message if status.is_final and not status.is_completed else None,
        },
    }


def _word(status: RunStatus) -> str:
    if status.is_final:
        return "completed" if status.is_completed else "failed"
    return "pending_retry" if status.waits_for_provider else "running"


async def _checkpoints(run: Run, status: RunStatus) -> dict[str, dict[str, Any]]:
    """Return the steps that are over, by their place."""
    request = await client.read_request(run)
    last = {place: step for step in await client.checkpoints(run) if (place := _place(step.step)) is not None}
    found: dict[str, dict[str, Any]] = {}
    for place, step in last.items():
        if step.is_done and not (place == VIDEO and not status.is_completed):
            found[str(place)] = {"status": "completed", "output": {}}
        elif status.waits_for_provider or status.is_final:
            word = "failed_retryable" if status.waits_for_provider else "failed"
            found[str(place)] = {"status": word, "error": step.message or status.message}
    picture = str(request.get("picture", ""))
    if picture and "0" in found:
        found["0"] = {"status": "completed", "output": {"image_url": f"/media/{picture}"}}
        if not request.get("edit"):
            found["1"] = {"status": "completed", "output": {"edited_image_url": f"/media/{picture}"}}
    if status.is_completed:
        film = await client.film(run)
        found["2"] = {"status": "completed", "output": {"video_url": film.url}}
    return dict(sorted(found.items()))


def _place(step: str) -> int | None:
    name, _, job = step.partition(" ")
    return _PLACES.get(name, _PLACES_OF_JOBS.get(job))


@router.get("/jobs/{run_id}/stream", response_class=EventSourceResponse)
async def stream_job(
    run: VisibleRun, board: Board, last_event_id: Annotated[str, Header()] = ""
) -> AsyncIterator[ServerSentEvent]:
    """Stream progress, checkpoints, and the end of a job."""
    place = 0
    async for event in board.events(run.id, last_event_id):
        if event is None:
            yield ServerSentEvent(comment="the job is active")
            continue
        place = max(place, _place(event.step) or 0)
        if told := _told(event, place):
            yield ServerSentEvent(id=str(event.id), event=told[0], data=told[1])
            if event.kind is EventKind.COMPLETED:
                film = await client.film(run)
                yield ServerSentEvent(event="complete", data={"result": {"video_url": film.url}})


def _told(event: RunEvent, place: int) -> tuple[str, dict[str, Any]] | None:
    named = {"step": place, "step_name": _STEPS[place]["name"]}
    match event.kind:
        case EventKind.PROGRESS | EventKind.STEP_STARTED:
            return "progress", {**named, "progress": round(event.percentage or 0), "message": event.message}
        case EventKind.CHECKPOINT:
            return "checkpoint", {**named, "status": "completed", "output": {"step": event.step}}
        case EventKind.COMPLETED:
            return "progress", {**named, "progress": 100, "message": "done"}
        case EventKind.FAILED | EventKind.CANCELLED:
            return "error", {"error": event.message}
    return None


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(1 << 20):
        yield chunk
