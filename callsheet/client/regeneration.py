"""One scene anew: a new run of the same request, in which that scene has a higher take."""

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from pydantic import TypeAdapter, ValidationError

from callsheet.client.run_status import result
from callsheet.client.starting import start
from callsheet.errors import InvalidRequest
from callsheet.model.labels import DEADLINE
from callsheet.model.requests.pictures import ImagePairsRequest, PairScene
from callsheet.model.requests.video import SceneBrief, VideoRequest
from callsheet.model.run.queue import priority_of
from callsheet.model.run.runs import Run
from callsheet.server import queries
from callsheet.server.connection import connected
from callsheet.server.paging import PAGE
from callsheet.server.run_state import is_over
from callsheet.server.runs import RunLike, owner_of, read_run

Film = VideoRequest | ImagePairsRequest
Scene = SceneBrief | PairScene
_FILM: TypeAdapter[Film] = TypeAdapter(Film)


async def regenerate(run: RunLike, scene: str | int, *, owner: str = "") -> Run:
    """Start the request of `run` again with one scene made anew; the other scenes are kept, the video is merged anew.

    Args:
        run: A run that is over.
        scene: The scene's name, or its number in the film, from 1.
        owner: Who the new run is for; where nobody is named, whom `run` was for. Its priority is that of `run`.

    Raises:
        InvalidRequest: the run goes on, is not that of a video, or has no such scene.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        request = await _plan_of(flow_run)
        brief = _scene_of(request, str(scene))
        take = 1 + await _last_take(client, flow_run.name, brief)
    return await start(
        with_take(request, brief, take),
        owner=owner or owner_of(flow_run),
        priority=priority_of(flow_run.work_queue_name),
    )


def with_take(request: Film, brief: Scene, take: int) -> Film:
    """The same request, with another take of this scene."""
    scenes = tuple(each.model_copy(update={"take": take}) if each is brief else each for each in request.scenes)
    return request.model_copy(update={"scenes": scenes})


async def _plan_of(flow_run: FlowRun) -> Film:
    """The request with the scenes that were made: those of a topic are written once, those of an approval are agreed.

    Nobody is asked a second time for what was approved, and no second outline is written; but where another take of a
    pair costs money, somebody is asked for that one.
    """
    request = _request_of(flow_run)
    has_topic = isinstance(request, VideoRequest) and bool(request.topic)
    if not has_topic and DEADLINE not in flow_run.labels:  # nobody was asked
        return request
    if flow_run.state is None or not flow_run.state.is_completed():
        raise InvalidRequest(f"run “{flow_run.name}” did not complete, so its scenes are not settled; retry it first")
    made = (await result(flow_run.id)).request
    if not isinstance(made, type(request)) or not made.scenes:
        raise InvalidRequest(f"run “{flow_run.name}” kept no storyboard; start its request again")
    return made.model_copy(update={"approval": False}) if isinstance(made, VideoRequest) else made


def _request_of(flow_run: FlowRun) -> Film:
    if not is_over(flow_run):
        raise InvalidRequest(f"run “{flow_run.name}” still goes on; wait for its end, or cancel it")
    try:
        return _FILM.validate_python(flow_run.parameters.get("request"))
    except ValidationError:
        raise InvalidRequest(f"run “{flow_run.name}” is not that of a video, so it has no scenes") from None


def _scene_of(request: Film, wanted: str) -> Scene:
    """By name, else by its number in the film."""
    in_film_order = _in_film_order(request)
    named = [brief for brief in in_film_order if brief.name == wanted]
    if len(named) == 1:
        return named[0]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(in_film_order):
        return in_film_order[int(wanted) - 1]
    names = ", ".join(f"{number} {brief.name}" for number, brief in enumerate(in_film_order, start=1))
    problem = "several scenes have this name, give its number" if named else "the video has no such scene"
    raise InvalidRequest(f"{problem}: {names}", field=wanted)


def _in_film_order(request: Film) -> list[Scene]:
    if isinstance(request, ImagePairsRequest):
        return list(request.scenes)
    return [scene.scene for scene in request.scene_requests()]


async def _last_take(client: PrefectClient, name: str, brief: Scene) -> int:
    """The highest take of this scene in runs of the same name, so that none is made a second time."""
    runs = await client.read_flow_runs(
        flow_run_filter=queries.named(name),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=PAGE,
    )
    return max(brief.take, *(_take_in(flow_run, brief.name) for flow_run in runs))


def _take_in(flow_run: FlowRun, scene_name: str) -> int:
    request = flow_run.parameters.get("request") or {}
    scenes = request.get("scenes") or []
    return max((scene.get("take", 1) for scene in scenes if scene.get("name") == scene_name), default=1)
