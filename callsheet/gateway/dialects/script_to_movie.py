"""`/api/workflow/PROJECT`: a screenplay becomes a movie, under the id of a project.

POST start      GET status      POST pause      POST resume
"""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field, JsonValue

from callsheet import client
from callsheet.gateway.access import CallerOf
from callsheet.gateway.board import RunBoard
from callsheet.gateway.bodies import Body
from callsheet.gateway.dialects.client_ids import ID_PATTERN, ClientId
from callsheet.gateway.problems import HttpRefusal
from callsheet.gateway.runs import Board, checked_request
from callsheet.model.requests.movie import MovieMode, MovieStage
from callsheet.model.run.kinds import MOVIE
from callsheet.model.run.progress import MOVIE_BANDS
from callsheet.model.run.runs import Run, RunStatus

router = APIRouter(prefix="/api/workflow/{project_id}", tags=["dialect: script to movie"])


class WorkflowType(StrEnum):
    """How much of the pipeline is done."""

    FULL_PIPELINE = "full_pipeline"
    SCRIPT_ANALYSIS_ONLY = "script_analysis_only"
    STORYBOARD_ONLY = "storyboard_only"
    VIDEO_ONLY = "video_only"
    REGENERATE_SCENE = "regenerate_scene"


class Phase(StrEnum):
    """A phase of the pipeline."""

    TRAILER = "script_to_trailer"
    STORYBOARD = "trailer_to_storyboard"
    MOVIE = "storyboard_to_movie"


UNTIL_STORYBOARD = (WorkflowType.SCRIPT_ANALYSIS_ONLY, WorkflowType.STORYBOARD_ONLY)
"""The first ends with its analysis. A run of the second waits with its shots until `video_only` continues it."""
_STATES = {
    "Running": "running",
    "Suspended": "paused",
    "Paused": "paused",
    "Cancelling": "running",
    "Cancelled": "cancelled",
}


class WorkflowStart(Body):
    """What a workflow begins with. A project that has had a run keeps its script."""

    workflow_type: WorkflowType | None = None
    """Empty: that of the address, or full_pipeline."""
    script: str = ""
    """The screenplay in Fountain."""
    screenplay: str = Field("", max_length=2048)
    """The key of an uploaded screenplay, instead of `script`."""
    title: str = ""
    mode: MovieMode = MovieMode.TRAILER
    """trailer: some scenes. full: all scenes."""
    length_s: float | None = None
    """How long a trailer is."""
    profile: str | None = None
    panel_model: str = ""
    """Model at the provider that makes the panels."""
    video_model: str = ""
    """Model at the provider that makes the clips."""
    scene: str | int | None = None
    """For regenerate_scene: the shot's name, or its number in the film."""


def project_of(caller: CallerOf, project_id: Annotated[str, Path(pattern=ID_PATTERN)]) -> ClientId:
    """Return the project that an address names. Each owner has its own."""
    return ClientId("project", project_id, caller.owner)


Project = Annotated[ClientId, Depends(project_of)]


@router.post("/start")
async def start_workflow(
    project: Project,
    caller: CallerOf,
    board: Board,
    order: WorkflowStart | None = None,
    workflow_type: Annotated[WorkflowType, Query()] = WorkflowType.FULL_PIPELINE,
) -> dict[str, Any]:
    """Start the workflow of a project. If it is active, show it: a second start makes nothing."""
    order = order or WorkflowStart()
    wanted = order.workflow_type or workflow_type
    last = await project.latest()
    if wanted is WorkflowType.REGENERATE_SCENE:
        run = await _regenerate(project, last, order)
    elif last is not None and not (await board.status(last.id)).is_final:
        run = await _continue(project, last, order, wanted, board)
    else:
        request = checked_request(MOVIE, _written(order, wanted, await client.read_request(last) if last else {}))
        caller.check_files(request, ("request",))
        run = await project.start(request, last)
    return await _view(project, run, board)


@router.get("/status")
async def read_status(project: Project, board: Board) -> dict[str, Any]:
    """Show the status and the progress of a project."""
    return await _view(project, await project.run(), board)


@router.post("/pause")
async def pause_workflow(project: Project, board: Board) -> dict[str, Any]:
    """Stop the workflow at its next step."""
    return await _view(project, await client.pause(await project.run()), board, is_changed=True)


@router.post("/resume")
async def resume_workflow(project: Project, board: Board) -> dict[str, Any]:
    """Continue a paused workflow, or one that failed; finished steps are kept."""
    run = await project.run()
    status = await board.status(run.id)
    is_retry = status.is_final and not status.is_completed
    return await _view(project, await (client.retry if is_retry else client.resume)(run), board, is_changed=True)


def _written(order: WorkflowStart, wanted: WorkflowType, last: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Return the request of a movie: that of the order, or that of the project's last run with its changes."""
    given = order.model_dump(mode="json", exclude_unset=True, exclude_none=True, exclude={"workflow_type", "scene"})
    is_new = bool(order.script or order.screenplay)
    kept: dict[str, Any] = {"mode": order.mode.value} if is_new else {**last}
    until = MovieStage.ANALYSIS.value if wanted is WorkflowType.SCRIPT_ANALYSIS_ONLY else None
    return {**kept, **given, "approval": wanted is WorkflowType.STORYBOARD_ONLY, "stop_after": until}


async def _regenerate(project: ClientId, last: Run | None, order: WorkflowStart) -> Run:
    if order.scene is None:
        raise HttpRefusal(
            HTTPStatus.UNPROCESSABLE_ENTITY, "scene: name the shot that is to be made again", field="scene"
        )
    return await client.regenerate(last or await project.run(), order.scene, owner=project.owner, tags=(project.tag,))


async def _continue(project: ClientId, run: Run, order: WorkflowStart, wanted: WorkflowType, board: RunBoard) -> Run:
    """Return the active run; let it make its movie if that was asked for."""
    if order.script or order.screenplay:
        written = await client.read_request(run)
        if (order.script or order.screenplay) not in (written.get("script"), written.get("screenplay")):
            raise project.conflict()
    if wanted in UNTIL_STORYBOARD or not (await board.status(run.id)).needs_approval:
        return run
    approved = await client.approve(run)
    board.forget(run.id)
    return approved


async def _view(project: ClientId, run: Run, board: RunBoard, *, is_changed: bool = False) -> dict[str, Any]:
    if is_changed:
        board.forget(run.id)
    status = await board.status(run.id)
    has_stopped = status.is_completed and bool((await client.read_request(run)).get("stop_after"))
    phase = Phase.MOVIE if status.is_completed else phase_at(status.percentage)
    if status.needs_approval:
        phase = Phase.STORYBOARD
    elif has_stopped:
        phase = Phase.TRAILER
    word = _word(status)
    film = await client.film(run) if status.is_completed and not has_stopped else None
    return {
        "project_id": int(project.id) if project.id.isascii() and project.id.isdecimal() else project.id,
        "status": word,
        "progress": 100 if word == "completed" else round(status.percentage),
        "current_phase": phase,
        "current_step": status.doing,
        "errorMessage": status.message if word == "failed" else None,
        "failedAt": _failed_at(status, phase) if word == "failed" else None,
        "retryCount": sum(max(0, scene.attempt - 1) for scene in status.scenes),
        "videoUrl": film.url if film else None,
        "run_id": str(run.id),
    }


def phase_at(percentage: float) -> Phase:
    """Return the phase in which a film is, by its progress."""
    if percentage < MOVIE_BANDS["panels"][0]:
        return Phase.TRAILER
    return Phase.STORYBOARD if percentage < MOVIE_BANDS["clips"][0] else Phase.MOVIE


def _word(status: RunStatus) -> str:
    """Return the state in a word. A storyboard that waits for `video_only` is completed."""
    if status.is_completed or status.needs_approval:
        return "completed"
    if status.is_final and status.state != "Cancelled":
        return "failed"
    return _STATES.get(status.state, "pending")


def _failed_at(status: RunStatus, phase: Phase) -> str:
    """Return the phase with the kind of the step that failed; the phase alone if the run itself did."""
    failed = status.error.step if status.error else ""
    return phase if failed in ("", status.name) else f"{phase}/{failed.partition(' ')[0]}"
