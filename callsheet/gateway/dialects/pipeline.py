"""`/api/pipeline/tasks`: films of documents as tasks with stages, by the words of the document pipeline.

POST tasks     GET tasks     GET tasks/ID     GET tasks/ID/result     GET tasks/ID/events     GET /output/state/ID.json
"""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field, JsonValue, ValidationError

from callsheet import client
from callsheet.gateway.access import CallerOf
from callsheet.gateway.board import RunBoard
from callsheet.gateway.bodies import Body
from callsheet.gateway.dialects.client_ids import ID_PATTERN, ClientId
from callsheet.gateway.problems import refusal_of
from callsheet.gateway.runs import Board, checked_request, find_visible_run
from callsheet.model.problems import problems_of
from callsheet.model.requests.video import MAX_SCENES
from callsheet.model.run.kinds import EXPLAINER
from callsheet.model.run.pipeline import PipelineEvent, PipelineResult, PipelineStage, PipelineStatus
from callsheet.model.run.pipeline_events import pipeline_result, pipeline_status
from callsheet.model.run.runs import Run, RunEvent
from callsheet.model.values import Value

router = APIRouter(tags=["dialect: document pipeline"])

MAX_TASKS_LISTED = 50
_NAMES = {
    PipelineStage.INPUT_ADAPTATION: "validation",
    PipelineStage.CONTENT_PARSING: "validation",
    PipelineStage.OUTPUT: "output_handling",
}
"""Stages that have another name here. The validation adapts the input and parses it."""
STAGES = tuple(dict.fromkeys(_NAMES.get(stage, stage.value) for stage in PipelineStage))
_TEMPLATES = {"command": "terminal", "list": "bullets"}
"""Templates of scene types that have another name here. The others are names of templates."""


class SceneConfig(Body):
    """A scene."""

    scene_id: str
    scene_type: str
    """title, command, list, outro, or the name of a template."""
    narration: str = ""
    visual_content: dict[str, JsonValue] = Field(default_factory=dict)
    """The fields of the scene's template."""
    voice: str = ""
    """Empty, or the voice of the film."""
    min_duration: float | None = None
    max_duration: float | None = None
    """In seconds. The narration says how long the scene is."""


class VideoConfig(Body):
    """A video, scene by scene."""

    video_id: str = ""
    title: str
    description: str = ""
    scenes: tuple[SceneConfig, ...] = Field(min_length=1, max_length=MAX_SCENES)
    accent_color: str = ""


class InputConfig(Body):
    """What a task makes a film of."""

    input_type: Literal["document", "youtube", "wizard", "yaml", "programmatic"]
    """document, or programmatic. The others are refused."""
    source: str | dict[str, JsonValue]
    """For a document: its address, or an upload's key. For programmatic: a VideoConfig."""
    accent_color: str = "blue"
    voice: str = ""
    languages: tuple[str, ...] = ()
    auto_generate: bool = True
    """False: the task waits until a person approves its storyboard."""
    resume_from: str = Field("", pattern=r"^([\w.@+-]{1,80})?$")
    """The id of a task that is continued instead."""
    task_id: str = Field("", pattern=r"^([\w.@+-]{1,80})?$")
    """An id of your own. Empty: Callsheet gives one."""
    resume: bool = False
    """Whether a task of this id that failed or was paused continues."""
    profile: str | None = None


class StageStatus(Value):
    """The status of a stage."""

    status: PipelineStatus
    progress: float
    """From 0 to 1."""
    artifacts: dict[str, JsonValue]


class TaskStatus(Value):
    """The state of a task, as its file holds it."""

    task_id: str
    status: PipelineStatus
    overall_progress: float
    """From 0 to 1."""
    current_stage: str | None
    stages: dict[str, StageStatus]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


async def run_of_task(task_id: Annotated[str, Path(pattern=ID_PATTERN)], request: Request, caller: CallerOf) -> Run:
    """Return the run of a task: by the id that the client gave, or by the run's own."""
    own = await ClientId("task", task_id, caller.owner).latest()
    return own or await find_visible_run(task_id, request, caller)


Task = Annotated[Run, Depends(run_of_task)]


@router.post("/api/pipeline/tasks", status_code=HTTPStatus.CREATED)
async def execute(
    config: InputConfig, request: Request, response: Response, caller: CallerOf, board: Board
) -> TaskStatus:
    """Start a task and return at once; or continue one (`resume`, `resume_from`)."""
    task_id = config.resume_from or config.task_id
    if config.resume and not task_id:
        raise refusal_of([(("task_id",), "name the task that is to continue")])
    if config.resume_from or config.resume:
        response.status_code = HTTPStatus.OK
        return await _state(task_id, await _resume(await run_of_task(task_id, request, caller), board), board)
    order = checked_request(EXPLAINER, _written(config))
    caller.check_files(order, ("request",))
    if not config.task_id:
        run = await client.start(order, owner=caller.owner)
        return await _state(str(run.id), run, board)
    named = ClientId("task", config.task_id, caller.owner)
    last = await named.latest()
    if last is not None and not (await board.status(last.id)).is_final:
        raise named.conflict()
    return await _state(config.task_id, await named.start(order, last), board)


@router.get("/api/pipeline/tasks")
async def list_tasks(
    caller: CallerOf,
    board: Board,
    status: PipelineStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_TASKS_LISTED)] = 20,
) -> tuple[TaskStatus, ...]:
    """List tasks, the newest first: all, or those in a state."""
    owner = "" if caller.is_admin else caller.owner
    runs = await client.list_runs(flow=EXPLAINER.flow, owner=owner, limit=limit)
    tasks = [await _state(str(run.id), run, board) for run in runs]
    return tuple(task for task in tasks if status in (None, task.status))


@router.get("/api/pipeline/tasks/{task_id}")
async def read_task(task_id: str, run: Task, board: Board) -> TaskStatus:
    """Show the state of a task."""
    return await _state(task_id, run, board)


@router.get("/output/state/{task_id}.json")
async def read_state_file(task_id: str, run: Task, board: Board) -> TaskStatus:
    """Show the state of a task, under the name of its file."""
    return await _state(task_id, run, board)


@router.get("/api/pipeline/tasks/{task_id}/result")
async def read_result(task_id: str, run: Task) -> PipelineResult:
    """Show what a task has made."""
    return (await client.pipeline(run)).model_copy(update={"task_id": task_id})


@router.get("/api/pipeline/tasks/{task_id}/events", response_class=EventSourceResponse)
async def stream_task(
    task_id: str, run: Task, board: Board, last_event_id: Annotated[str, Header()] = ""
) -> AsyncIterator[ServerSentEvent]:
    """Stream the events of a task until it is over."""
    async for event in board.events(run.id, last_event_id):
        if event is None:
            yield ServerSentEvent(comment="the task is active")
            continue
        for told in event.pipeline:
            yield ServerSentEvent(id=str(event.id), event=told.type, data=_event(told, task_id, event))


def _written(config: InputConfig) -> dict[str, JsonValue]:
    """Return the request of the film that a task makes."""
    written: dict[str, JsonValue] = {
        "look": {"accent": config.accent_color},
        "voice": {"voice": config.voice},
        "languages": list(config.languages),
        "approval": not config.auto_generate,
    }
    if config.profile:
        written["profile"] = config.profile
    if config.input_type == "document" and isinstance(config.source, str):
        return {**written, "document": config.source}
    if config.input_type == "programmatic" and isinstance(config.source, dict):
        return {**written, **_scenes_of(config.source, config.voice)}
    if config.input_type in ("document", "programmatic"):
        what = "an address or the key of an upload" if config.input_type == "document" else "a VideoConfig"
        raise refusal_of([(("source",), f"must be {what} for the input type “{config.input_type}”")])
    instead = "give the file of its captions as a document" if config.input_type == "youtube" else "give “programmatic”"
    raise refusal_of([(("input_type",), f"“{config.input_type}” is not read here; {instead}")])


def _scenes_of(source: dict[str, JsonValue], voice: str) -> dict[str, JsonValue]:
    try:
        video = VideoConfig.model_validate(source)
    except ValidationError as error:
        found = [(("source", *location), sentence) for location, sentence in problems_of(error)]
        raise refusal_of(found, source) from None
    for place, scene in enumerate(video.scenes):
        if scene.voice not in ("", voice):
            raise refusal_of([(("source", "scenes", place, "voice"), "must be the voice of the film, or empty")])
    scenes: list[JsonValue] = [
        {
            "name": scene.scene_id,
            "template": _TEMPLATES.get(scene.scene_type, scene.scene_type),
            "content": scene.visual_content,
            "narration": [{"text": scene.narration}] if scene.narration else [],
        }
        for scene in video.scenes
    ]
    accent: dict[str, JsonValue] = {"look": {"accent": video.accent_color}} if video.accent_color else {}
    return {**accent, "title": video.title, "storyboard": {"title": video.title, "scenes": scenes}}


async def _resume(run: Run, board: RunBoard) -> Run:
    """Continue a run that failed or was paused; leave one that is active or completed."""
    status = await board.status(run.id)
    if status.is_final and not status.is_completed:
        run = await client.retry(run)
    elif pipeline_status(status) is PipelineStatus.PAUSED and not status.needs_approval:
        run = await client.resume(run)
    board.forget(run.id)
    return run


async def _state(task_id: str, run: Run, board: RunBoard) -> TaskStatus:
    status = await board.status(run.id)
    made = await client.pipeline(run) if status.is_completed else pipeline_result(status, await client.checkpoints(run))
    stages = {name: _stage(name, made) for name in STAGES}
    if made.success:
        results: dict[str, JsonValue] = {"video_path": made.video_path, "manifest": f"/api/v1/runs/{run.id}/manifest"}
        last = stages["output_handling"]
        stages["output_handling"] = last.model_copy(update={"artifacts": {**last.artifacts, **results}})
    return TaskStatus(
        task_id=task_id,
        status=made.status,
        overall_progress=round(made.overall_progress, 4),
        current_stage=_named(made.current_stage) or (STAGES[0] if status.started_at else None),
        stages=stages,
        errors=made.errors,
        warnings=made.warnings,
    )


def _stage(name: str, made: PipelineResult) -> StageStatus:
    """Return one stage. A stage without steps is completed with its task."""
    parts = [report for stage, report in made.stages.items() if _named(stage) == name]
    if made.success:
        status, progress = PipelineStatus.COMPLETED, 1.0
    elif parts:
        status, progress = parts[-1].status, sum(part.progress for part in parts) / len(parts)
    else:
        status, progress = PipelineStatus.PENDING, 0.0
    steps: list[JsonValue] = [step for part in parts for step in part.artifacts]
    return StageStatus(status=status, progress=round(progress, 4), artifacts={"steps": steps} if steps else {})


def _named(stage: PipelineStage | None) -> str | None:
    return _NAMES.get(stage, stage.value) if stage else None


def _event(told: PipelineEvent, task_id: str, event: RunEvent) -> dict[str, Any]:
    """Return an event with the fields that the pipeline's listeners read."""
    return {
        "type": told.type,
        "task_id": task_id,
        "stage": _named(told.stage),
        "progress": None if event.percentage is None else round(event.percentage / 100, 4),
        "message": event.message or event.step,
        "timestamp": event.occurred_at.isoformat(),
    }
