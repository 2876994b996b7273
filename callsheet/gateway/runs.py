"""Runs over HTTP: start, list, follow, control, approve; what they made and what they cost."""

import hashlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field, JsonValue, ValidationError

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.gateway.access import Caller, CallerOf
from callsheet.gateway.board import RunBoard
from callsheet.gateway.bodies import OWNER_PATTERN, Body, Moment
from callsheet.gateway.problems import HttpRefusal, refusal_of
from callsheet.model.problems import did_you_mean, problems_of
from callsheet.model.requests.movie import MAX_SHOTS, MovieStage
from callsheet.model.run.kinds import KINDS, AnyFilmScene, RunKind, film_kind_with
from callsheet.model.run.manifest import Manifest
from callsheet.model.run.pipeline import PipelineResult
from callsheet.model.run.proposal import Proposal
from callsheet.model.run.queue import Priority
from callsheet.model.run.runs import Checkpoint, Film, IfRunning, Run, RunStatus
from callsheet.model.run.stopped_film import StoppedFilm
from callsheet.model.values import Value

MAX_RUNS_LISTED = 200
MAX_SCENES_APPROVED = MAX_SHOTS
"""The request of each kind of film has its limit, which is at most this."""
MAX_TEXT_CHARACTERS = 20_000
MAX_TAKE = 1_000_000

router = APIRouter(prefix="/runs", tags=["runs"])


class RunOrder(Body):
    """A run that is to start."""

    kind: str = Field("", max_length=40)
    """What the run makes: video, scene, picture, pairs or backfill. Empty: the fields of the request tell."""
    request: dict[str, JsonValue]
    """The request, as in a request file."""
    owner: str = Field("", max_length=80, pattern=OWNER_PATTERN)
    """The owner of the run. Empty: the owner of the token."""
    priority: Priority = Priority.NORMAL
    """Which run begins first if several wait."""
    if_running: IfRunning = IfRunning.AGAIN
    """What happens if a run of the same request is active: start again, join it, or refuse."""
    at: Moment | None = None
    """When the run begins; empty: now."""


class Retry(Body):
    """Where a run continues."""

    resume_from: str = Field("", max_length=100)
    """A stage or a step: what comes from there on is made again. Empty: finished steps are kept."""
    pay_again: bool = False
    """Whether what costs money is made again, too."""


class Regeneration(Body):
    """A scene that is to be made again."""

    scene: str | int
    """The name of the scene or shot, or its number in the film, from 1."""
    text: str = Field("", max_length=MAX_TEXT_CHARACTERS)
    """Other words: its narration, its prompt, or the action of a shot. Empty: as they are."""
    take: int | None = Field(None, ge=1, le=MAX_TAKE)
    """Which take is made. Empty: one that no run has made."""
    language: str = Field("", max_length=40)
    """The language of the film, if the run has made several. Empty: the first one."""


class Continuation(Body):
    """The rest of a film, whose run stopped after a stage."""

    stop_after: MovieStage | None = None
    """The stage after which the new run stops, too. Empty: it makes the film."""


class StoryboardAnswer(Body):
    """An answer that lets a run begin: its storyboard as it is, or changed."""

    scenes: tuple[AnyFilmScene, ...] | None = Field(None, max_length=MAX_SCENES_APPROVED)
    """The scenes in the order of the film. Empty: the storyboard as it is."""


class Rejection(Body):
    """An answer that ends a run before it begins."""

    reason: str = Field("", max_length=1000)
    """Why, for the person who asked for the film."""


class RunView(Value):
    """A run, its status, and where to go on."""

    run: Run
    status: RunStatus


async def find_visible_run(run_id: str, request: Request, caller: CallerOf) -> Run:
    """Return the run that an address names, if the caller may see it.

    A run of another owner is as unknown as one that does not exist.
    """
    board: RunBoard = request.app.state.board
    try:
        run = await board.find(run_id)
    except InvalidRequest:
        raise _unknown(run_id) from None
    if not caller.sees(run):
        raise _unknown(run_id)
    return run


VisibleRun = Annotated[Run, Depends(find_visible_run)]


def board_of(request: Request) -> RunBoard:
    """Return the board of the process."""
    board: RunBoard = request.app.state.board
    return board


Board = Annotated[RunBoard, Depends(board_of)]


@router.post("", status_code=HTTPStatus.CREATED)
async def start_run(
    order: RunOrder,
    caller: CallerOf,
    response: Response,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Run:
    """Start a run and return at once.

    The same `Idempotency-Key` never starts a second run: the answer is the first one, with status 200.
    """
    run = await start_of(order, caller, idempotency_key)
    response.headers["location"] = f"/api/v1/runs/{run.id}"
    if not run.is_new:
        response.status_code = HTTPStatus.OK
    return run


async def start_of(order: RunOrder, caller: Caller, idempotency_key: str | None) -> Run:
    """Start what an order asks for. Keys of different owners are different keys."""
    request = checked_request(_kind_of(order), order.request)
    caller.check_files(request, ("request",))
    key = None if idempotency_key is None else f"{caller.owner}:{idempotency_key}"
    owner = caller.owner_for(order.owner)
    return await client.start(
        request, idempotency_key=key, if_running=order.if_running, owner=owner, priority=order.priority, at=order.at
    )


def checked_request(kind: RunKind, written: dict[str, JsonValue]) -> Any:
    """Return the request of a kind of run. Raises HttpRefusal, with a sentence for each problem."""
    try:
        return kind.request.model_validate(written)
    except ValidationError as error:
        found = [(("request", *location), sentence) for location, sentence in problems_of(error)]
        raise refusal_of(found, {"request": written}) from None


@router.get("")
async def list_runs(
    caller: CallerOf,
    state: Annotated[list[Annotated[str, Field(max_length=40)]] | None, Query(max_length=20)] = None,
    kind: Annotated[str, Query(max_length=40)] = "",
    owner: Annotated[str, Query(max_length=80)] = "",
    since: Moment | None = None,
    until: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_RUNS_LISTED)] = 20,
) -> tuple[Run, ...]:
    """List runs, the newest first."""
    flow = _kind_named(kind).flow if kind else ""
    whose = owner if caller.is_admin else caller.owner
    if owner and whose != owner:
        return ()
    return await client.list_runs(states=state or (), flow=flow, owner=whose, since=since, until=until, limit=limit)


@router.get("/{run_id}")
async def read_status(
    run: VisibleRun, board: Board, response: Response, if_none_match: Annotated[str, Header()] = ""
) -> RunView:
    """Show a run and its status. The ETag changes when the status does."""
    status = await board.status(run.id)
    etag = f'"{hashlib.sha256(status.model_dump_json().encode()).hexdigest()[:32]}"'
    response.headers["etag"] = etag
    response.headers["cache-control"] = "no-cache"
    if etag in {each.strip().removeprefix("W/") for each in if_none_match.split(",")}:
        raise NotModified(etag)
    return RunView(run=run.model_copy(update={"state": status.state}), status=status)


class NotModified(Exception):
    """The caller has the present status already."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


@router.get("/{run_id}/events", response_class=EventSourceResponse)
async def stream_events(
    run: VisibleRun, board: Board, last_event_id: Annotated[str, Header()] = ""
) -> AsyncIterator[ServerSentEvent]:
    """Stream the events of a run, from the first one or after `Last-Event-ID`, until the run is over."""
    async for event in board.events(run.id, last_event_id):
        if event is None:
            yield ServerSentEvent(comment="the run is active")
        else:
            yield ServerSentEvent(id=str(event.id), event=event.kind.value, data=event)


@router.post("/{run_id}/pause")
async def pause_run(run: VisibleRun, board: Board) -> Run:
    """Stop a run at its next step; `resume` continues it."""
    return _changed(board, await client.pause(run))


@router.post("/{run_id}/resume")
async def resume_run(run: VisibleRun, board: Board) -> Run:
    """Continue a run that was paused or waits for its provider."""
    return _changed(board, await client.resume(run))


@router.post("/{run_id}/cancel")
async def cancel_run(run: VisibleRun, board: Board) -> Run:
    """End a run with all that it has started; finished steps are kept."""
    return _changed(board, await client.cancel(run))


@router.post("/{run_id}/retry")
async def retry_run(run: VisibleRun, board: Board, wanted: Retry | None = None) -> Run:
    """Continue a run that failed, crashed or was cancelled; make it again from a stage on."""
    how = wanted or Retry()
    return _changed(board, await client.retry(run, resume_from=how.resume_from, pay_again=how.pay_again))


@router.post("/{run_id}/regenerate", status_code=HTTPStatus.CREATED)
async def regenerate_scene(run: VisibleRun, wanted: Regeneration, response: Response) -> Run:
    """Make one scene again, in a new run that keeps the other scenes."""
    made = await client.regenerate(
        run, wanted.scene, text=wanted.text, take=wanted.take, language=wanted.language, owner=run.owner
    )
    response.headers["location"] = f"/api/v1/runs/{made.id}"
    return made


@router.post("/{run_id}/continue", status_code=HTTPStatus.CREATED)
async def continue_run(run: VisibleRun, response: Response, rest: Continuation | None = None) -> Run:
    """Make the film of a run that stopped after a stage, in a new run that finds all that is made."""
    made = await client.continue_film(run, stop_after=rest.stop_after if rest else None, owner=run.owner)
    response.headers["location"] = f"/api/v1/runs/{made.id}"
    return made


@router.get("/{run_id}/stage")
async def read_stage(run: VisibleRun) -> StoppedFilm:
    """Show what a run has made that stopped after a stage: analysis, board or clips."""
    return await client.film_so_far(run)


@router.get("/{run_id}/storyboard")
async def read_storyboard(run: VisibleRun) -> Proposal:
    """Show what a run that waits for approval would make, and its estimate."""
    return await client.proposal(run)


@router.post("/{run_id}/approve")
async def approve_run(run: VisibleRun, board: Board, caller: CallerOf, answer: StoryboardAnswer | None = None) -> Run:
    """Let a run make its storyboard, or these scenes in their place and order."""
    if answer:
        caller.check_files(answer)
    return _changed(board, await client.approve(run, scenes=answer.scenes if answer else None))


@router.post("/{run_id}/reject")
async def reject_run(run: VisibleRun, board: Board, answer: Rejection | None = None) -> Run:
    """End a run that waits for approval."""
    return _changed(board, await client.reject(run, answer.reason if answer else ""))


@router.get("/{run_id}/steps")
async def list_steps(run: VisibleRun) -> tuple[Checkpoint, ...]:
    """List the steps of a run and of its scenes; the result of a step that is done is kept."""
    return await client.checkpoints(run)


@router.get("/{run_id}/pipeline")
async def read_pipeline(run: VisibleRun) -> PipelineResult:
    """Show a run as a pipeline: its stages, its state, and its result."""
    return await client.pipeline(run)


@router.get("/{run_id}/manifest")
async def read_manifest(run: VisibleRun) -> Manifest:
    """Show all facts about the finished film of a run."""
    return await client.result(run)


@router.get("/{run_id}/film")
async def read_film(run: VisibleRun) -> Film:
    """Show where the finished film of a run is."""
    film = await client.film(run)
    return film.model_copy(update={"file": None})  # a path of this machine is of no use to others


def _changed(board: RunBoard, run: Run) -> Run:
    board.forget(run.id)
    return run


def _kind_of(order: RunOrder) -> RunKind:
    if order.kind:
        return _kind_named(order.kind)
    scenes = order.request.get("scenes")
    fields = [scene.keys() for scene in scenes if isinstance(scene, dict)] if isinstance(scenes, list) else []
    return film_kind_with(order.request.keys(), fields)


def _kind_named(name: str) -> RunKind:
    known = {kind.name: kind for kind in KINDS}
    if name not in known:
        raise refusal_of([(("kind",), f"“{name}” is unknown; {did_you_mean(name, list(known))}")])
    return known[name]


def _unknown(run_id: str | UUID) -> HttpRefusal:
    return HttpRefusal(HTTPStatus.NOT_FOUND, f"there is no run “{str(run_id)[:80]}”", field="run_id")
