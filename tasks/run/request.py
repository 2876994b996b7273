"""The request of a run, checked inside its flow: a mistake is one sentence, in a run with the right name.

Prefect would check parameters before the flow begins. It would report a mistake in its own words (types, places inside
lists), in a run without a name. So Callsheet's flows take any value, and check it here; the form keeps its schema.
"""

import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext
from prefect.states import Failed
from pydantic import ValidationError

from callsheet.errors import CallsheetError, InvalidRequest
from callsheet.model.film.storable import StorableScene
from callsheet.model.labels import KIND
from callsheet.model.problems import sentence_of
from callsheet.model.requests.video import SceneFailurePolicy, SceneRequest, VideoRequest
from callsheet.model.run.kinds import PARAMETER, kind_taking
from callsheet.server.label_writer import write_labels
from callsheet.server.requests import run_name
from callsheet.server.run_state import stands_alone
from callsheet.sources.own_looks import with_own_look
from callsheet.speech.catalogue import voice_catalogue
from callsheet.stage.content import check_scenes
from callsheet.storage.large_scenes import fitted, load_scenes, scenes_of, with_scenes
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.run.process import this_run
from tasks.run.termination import ended_by_sigterm
from tasks.step import step

Returned = TypeVar("Returned")
FlowFunction = Callable[..., Awaitable[Returned]]


def take_request(function: FlowFunction[Returned]) -> FlowFunction[Returned]:
    """Check a flow's request, and end the flow with a plain sentence at an error, or at SIGTERM.

    The decorator stands below `@flow(flow_run_name=name_run, validate_parameters=False)`.
    """
    model = _model_of(function)

    @wraps(function)
    async def take(request: Any) -> Any:
        with ended_by_sigterm():
            try:
                taken = await _with_look(await _with_stored_scenes(_read(model, request)))
                await _label_kind(model)
                return await function(taken)
            except CallsheetError as error:
                return Failed(data=error, message=str(error))

    return take


async def check_request(request: VideoRequest) -> None:
    """Find every mistake of every scene before anything is made or paid.

    Raise InvalidRequest about all.

    Code with a mistake stops a video only if a failed scene would. Otherwise the scene fails, and its stand-in is made.
    """
    if any(brief.narration or "manim_voiceover" in brief.code for brief in request.scenes):
        voice_catalogue().order(request.voice, request.spoken_language)
    await _check(request.scene_requests(), may_fail=request.on_scene_failure is not SceneFailurePolicy.FAIL)


async def check_scene(request: SceneRequest) -> None:
    """Check a scene that is made alone."""
    await _check((request,), may_fail=False)


async def _check(scenes: tuple[SceneRequest, ...], *, may_fail: bool) -> None:
    """Check scenes, unless they are part of another run, which has checked them."""
    flow_run = this_run()
    if flow_run is not None and flow_run.parent_task_run_id is not None:
        return
    has_code = any(each.scene.code for each in scenes)
    await in_a_thread(check_scenes, scenes, await wiring.catalogue() if has_code and not may_fail else None)


async def as_parameter(scene: SceneRequest) -> SceneRequest:
    """Return the parameter for the scene's own run; a large scene becomes a reference."""
    return await in_a_thread(lambda: fitted(scene, wiring.store()))


@step(policies.READING, name="read-stored-scenes")
async def read_stored_scenes(scenes: tuple[StorableScene, ...]) -> tuple[StorableScene, ...]:
    """Read the scenes that are too large for the parameters of a run from the store."""
    return await in_a_thread(load_scenes, scenes, wiring.store())


def name_run() -> str:
    """Return the name of the current run, from its request even if other parts of it are wrong."""
    context = FlowRunContext.get()
    assert context
    assert context.flow
    given = (context.parameters or {}).get(PARAMETER)
    try:
        return run_name(_model_of(context.flow.fn).model_validate(given))
    except ValidationError:
        known = context.flow_run.name if context.flow_run else ""
        return _name_in(given) or known


def _model_of(function: Callable[..., Any]) -> type[Any]:
    model: type[Any] = inspect.signature(function).parameters[PARAMETER].annotation
    return model


async def _label_kind(model: type[Any]) -> None:
    """Label the run with its kind, as the client does: the UI and schedules start runs, too."""
    flow_run, kind = this_run(), kind_taking(model)
    if kind and flow_run and stands_alone(flow_run) and KIND not in flow_run.labels:
        async with get_client() as client:
            await write_labels(client, flow_run.id, {KIND: kind.name})


def _read(model: type[Any], given: Any) -> Any:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InvalidRequest(sentence_of(error, given)) from None


async def _with_stored_scenes(request: Any) -> Any:
    """Return the request with all scenes; those too large for a form come from the store."""
    scenes = scenes_of(request)
    stored = sum(bool(scene.stored) for scene in scenes)
    if not stored:
        return request
    get_run_logger().info(
        "%d of %d scenes are too large for the form; Callsheet reads them from the store.", stored, len(scenes)
    )
    return with_scenes(request, await read_stored_scenes(scenes))


async def _with_look(request: Any) -> Any:
    """Return the request with the look of one's own that it names, and with the scenes of its brand."""
    look = getattr(request, "look", None)
    if look is None:
        return request
    if look.name:
        own = await in_a_thread(with_own_look, look, wiring.looks_dir())
        request = request.model_copy(update={"look": own})
    return request.with_opening_and_close() if isinstance(request, VideoRequest) else request


def _name_in(given: Any) -> str:
    """Return a video's title, or a scene's name, as it was written; empty if there is none."""
    if not isinstance(given, dict):
        return ""
    scene = given.get("scene")
    scene_name = scene.get("name") if isinstance(scene, dict) else None
    found = f"scene {scene_name}" if scene_name else given.get("title")
    return found if isinstance(found, str) else ""
