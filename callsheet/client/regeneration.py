"""New runs of an earlier request: one scene made again by another take, or a film whose run stopped after a stage."""

from collections.abc import Sequence
from typing import cast

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from pydantic import ValidationError

from callsheet.client.run_status import film_so_far, result
from callsheet.client.starting import start
from callsheet.errors import InvalidRequest
from callsheet.model.labels import DEADLINE
from callsheet.model.problems import sentence_of
from callsheet.model.requests.movie import MovieStage
from callsheet.model.run.kinds import PARAMETER, FilmKind, FilmScene, ScenesRequest, film_kind_taking
from callsheet.model.run.manifest import Manifest
from callsheet.model.run.queue import priority_of
from callsheet.model.run.runs import Run
from callsheet.server import queries
from callsheet.server.connection import connected
from callsheet.server.queries import PAGE
from callsheet.server.requests import read_kind, run_name
from callsheet.server.run_state import is_over
from callsheet.server.runs import RunLike, owner_of, read_run


async def regenerate(
    run: RunLike,
    scene: str | int,
    *,
    text: str = "",
    take: int | None = None,
    language: str = "",
    owner: str = "",
    tags: Sequence[str] = (),
) -> Run:
    """Start the request of `run` again with a new take of one scene.

    The new run keeps the other scenes and merges the video again. For a film of a document it is a run of its
    storyboard, which reads no document.

    Args:
        run: A run that is over.
        scene: The name of the scene or shot, or its number in the film, from 1.
        text: Words in place of the scene's own: its narration, one line each; its prompt; or the action of a shot.
        take: The take to make; by default one that no run has made. An earlier number brings that take back.
        language: The language of the film, if the run has made several; by default the first.
        owner: Owner of the new run; by default the owner of `run`. Its priority is that of `run`.
        tags: Tags of the new run, beside those of its deployment.

    Raises:
        InvalidRequest: the run is active, is not that of a video, has no such scene, or the scene takes no such text.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        request = await plan_take(client, flow_run, str(scene), text=text, take=take, language=language)
    return await start(
        request, owner=owner or owner_of(flow_run), priority=priority_of(flow_run.work_queue_name), tags=tags
    )


async def continue_film(run: RunLike, *, stop_after: MovieStage | None = None, owner: str = "") -> Run:
    """Make the film of a run that stopped after a stage. The new run finds all that the earlier one made.

    Args:
        run: A run that completed with `stop_after` in its request.
        stop_after: The stage after which the new run stops, too; by default it makes the film.
        owner: Owner of the new run; by default the owner of `run`. Its priority is that of `run`.

    Raises:
        InvalidRequest: the run did not complete, or it made the whole film.
    """
    request = (await film_so_far(run)).rest(stop_after)
    async with connected() as client:
        flow_run = await read_run(client, run)
    return await start(request, owner=owner or owner_of(flow_run), priority=priority_of(flow_run.work_queue_name))


async def plan_take(
    client: PrefectClient,
    flow_run: FlowRun,
    scene: str,
    *,
    text: str = "",
    take: int | None = None,
    language: str = "",
) -> ScenesRequest:
    """Return the request that makes the film of a run with another take of one scene. Raises as `regenerate` does."""
    request = await _plan_of(client, flow_run, language)
    brief = _scene_of(request, scene)
    number = take or 1 + await _last_take(client, run_name(request), brief)
    taken = _with_text(brief, text).model_copy(update={"take": number})
    scenes = tuple(taken if each is brief else each for each in request.scenes)
    return request.model_copy(update={"scenes": scenes})


async def _plan_of(client: PrefectClient, flow_run: FlowRun, language: str) -> ScenesRequest:
    """Return the request with the earlier run's scenes, as written or as approved.

    An approved storyboard needs no second approval. If another take costs money, the kind of film may let the new run
    ask.
    """
    if not is_over(flow_run):
        raise InvalidRequest(f"run “{flow_run.name}” is still active; wait for its end, or cancel it")
    kind = await read_kind(client, flow_run)
    request = kind.request_in(flow_run.parameters) if isinstance(kind, FilmKind) and kind.plan else None
    if not isinstance(kind, FilmKind) or request is None:
        raise InvalidRequest(f"run “{flow_run.name}” is not that of a video, so it has no scenes")
    # A run with scenes in its request has these, unless it asked for approval.
    if kind.scene and request.scenes and DEADLINE not in flow_run.labels and not language:
        return cast("ScenesRequest", request)
    if flow_run.state is None or not flow_run.state.is_completed():
        raise InvalidRequest(f"run “{flow_run.name}” did not complete, so its scenes are not final; retry it first")
    made = _film_in(await result(flow_run.id), language).request
    plan = cast("ScenesRequest", made)
    if type(made) is not kind.plan or not plan.scenes:
        raise InvalidRequest(f"run “{flow_run.name}” kept no storyboard; start its request again")
    approval = film_kind_taking(kind.plan).approval
    once_approved = approval.once_approved if approval else None
    return plan if once_approved is None else plan.model_copy(update={"approval": once_approved})


def _film_in(manifest: Manifest, language: str) -> Manifest:
    """Return the film in a language, of those that one run has made."""
    if not language:
        return manifest
    films = {film.language: film for film in (manifest, *manifest.other_languages)}
    if language not in films:
        known = ", ".join(filter(None, films))
        there = f"there are {known}" if known else "it made one film; leave the language out"
        raise InvalidRequest(f"the run made no film in “{language}”; {there}", field="language")
    return films[language]


def _with_text(brief: FilmScene, text: str) -> FilmScene:
    """Return the scene with other words. Raises InvalidRequest if it takes none, or not these."""
    if not text.strip():
        return brief
    if brief.stored:
        raise InvalidRequest(f"scene “{brief.name}” is too large to be changed here; change its request", "text")
    fields = brief.text_fields(text)
    if not fields:
        raise InvalidRequest(f"scene “{brief.name}” has no words; leave the text out", "text")
    try:
        return type(brief).model_validate({**brief.model_dump(exclude_unset=True), **fields})
    except ValidationError as error:
        raise InvalidRequest(sentence_of(error), "text") from None


def _scene_of(request: ScenesRequest, wanted: str) -> FilmScene:
    """Return the scene of this name, else of this number in the film."""
    in_film_order = film_kind_taking(type(request)).in_film_order(request)
    named = [brief for brief in in_film_order if brief.name == wanted]
    if len(named) == 1:
        return named[0]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(in_film_order):
        return in_film_order[int(wanted) - 1]
    names = ", ".join(f"{number} {brief.name}" for number, brief in enumerate(in_film_order, start=1))
    problem = "several scenes have this name, give its number" if named else "the video has no such scene"
    raise InvalidRequest(f"{problem}: {names}", field=wanted)


async def _last_take(client: PrefectClient, name: str, brief: FilmScene) -> int:
    """Return the highest take of this scene in runs of the same name: no take is made twice."""
    runs = await client.read_flow_runs(
        flow_run_filter=queries.named(name),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=PAGE,
    )
    scenes = [scene for each in runs for scene in (each.parameters.get(PARAMETER) or {}).get("scenes") or ()]
    takes: list[int] = [scene.get("take", 1) for scene in scenes if scene.get("name") == brief.name]
    return max(brief.take, *takes, 1)
