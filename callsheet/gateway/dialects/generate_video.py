"""`/api/workflows`: one scene or several from prompts, and a status to poll.

POST /api/workflows/generate-video      GET /api/workflows/status?runId=ID
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from pydantic import Field, JsonValue

from callsheet import client
from callsheet.gateway.access import CallerOf
from callsheet.gateway.bodies import Body
from callsheet.gateway.problems import HttpRefusal
from callsheet.gateway.runs import Board, checked_request, find_visible_run
from callsheet.model.requests.video import MAX_SCENES
from callsheet.model.run.kinds import SCENE, VIDEO
from callsheet.model.run.runs import Run, RunStatus
from callsheet.model.values import Value

router = APIRouter(prefix="/api/workflows", tags=["dialect: generate-video"])

UNNAMED_SCENE, UNNAMED_VIDEO = "Scene", "Video"
_STEPS = {
    "write-scene-code": "code-generation",
    "repair-scene-code": "code-generation",
    "fill-template": "code-generation",
    "validate-scene-code": "validation",
    "rehearse-scene": "validation",
    "render-scene": "compilation",
    "upload clips": "upload",
}
_STEPS_OF_A_SCENE = ("codeGeneration", "validation", "compilation", "upload")


class PromptedScene(Value):
    """A scene of a video."""

    name: str
    prompt: str
    context: str = ""
    order: int | None = None


class MergeWish(Value):
    """How scenes are joined."""

    addTransitions: bool = False  # noqa: N815 (the names of the other system)
    transitionDuration: float = Field(0.5, gt=0, le=5)  # noqa: N815
    """In seconds."""


class GenerationOrder(Body):
    """One scene (`mode` single) or a video of several (`mode` multi)."""

    mode: Literal["single", "multi"] = "single"
    prompt: str = ""
    sceneName: str = UNNAMED_SCENE  # noqa: N815
    context: str = ""
    title: str = UNNAMED_VIDEO
    scenes: tuple[PromptedScene, ...] = Field((), max_length=MAX_SCENES)
    mergeOptions: MergeWish | None = None  # noqa: N815
    """Without it, scenes are joined as Callsheet joins them by default."""


@router.post("/generate-video")
async def generate_video(
    order: GenerationOrder, caller: CallerOf, idempotency_key: Annotated[str | None, Header(max_length=200)] = None
) -> dict[str, Any]:
    """Start a run and return its id."""
    request = _scene_of(order) if order.mode == "single" else _video_of(order)
    key = None if idempotency_key is None else f"{caller.owner}:{idempotency_key}"
    run = await client.start(request, idempotency_key=key, owner=caller.owner)
    return {"success": True, "runId": str(run.id), "mode": order.mode, "message": "Workflow started successfully"}


@router.get("/status")
async def read_status(
    run_id: Annotated[str, Query(alias="runId")], request: Request, caller: CallerOf, board: Board
) -> dict[str, Any]:
    """Show the status of a run: running, completed or failed."""
    try:
        run = await find_visible_run(run_id, request, caller)
    except HttpRefusal as refusal:
        error = "Workflow run not found"
        # These fields end the polling of a page.
        more = {"runId": run_id[:80], "status": "failed", "error": error, "result": {"success": False, "error": error}}
        raise HttpRefusal(refusal.status, refusal.detail, field=refusal.field, more=more) from None
    status = await board.status(run.id)
    answer: dict[str, Any] = {
        "success": True,
        "runId": str(run.id),
        "status": _word(status),
        "progress": _progress(status),
    }
    if status.is_completed:
        answer["result"] = await _result(run, status)
    elif status.is_final:
        error = status.error.cause if status.error else status.message
        answer |= {"error": error, "result": {"success": False, "error": error}}
    return answer


def _scene_of(order: GenerationOrder) -> Any:
    scene: dict[str, JsonValue] = {"name": order.sceneName, "prompt": order.prompt, "context": order.context}
    return checked_request(SCENE, {"scene": scene})


def _video_of(order: GenerationOrder) -> Any:
    scenes: list[JsonValue] = [scene.model_dump(exclude_none=True) for scene in order.scenes]
    written: dict[str, JsonValue] = {"title": order.title, "scenes": scenes}
    if order.mergeOptions:
        transition = "fade" if order.mergeOptions.addTransitions else "none"
        written["merge"] = {"transition": transition, "transition_s": order.mergeOptions.transitionDuration}
    return checked_request(VIDEO, written)


def _word(status: RunStatus) -> str:
    return "completed" if status.is_completed else "failed" if status.is_final else "running"


def _progress(status: RunStatus) -> dict[str, Any]:
    doing = next((_STEPS[scene.step] for scene in status.scenes if scene.step in _STEPS), status.doing)
    return {
        "currentStep": doing,
        "completedSteps": status.steps_done,
        "totalSteps": status.steps_total,
        "percentage": round(status.percentage),
    }


async def _result(run: Run, status: RunStatus) -> dict[str, Any]:
    film = await client.film(run)
    result: dict[str, Any] = {"success": True, "videoUrl": film.url, "videoId": film.key}
    if run.flow == SCENE.flow:
        name = status.scenes[0].name if status.scenes else run.name
        steps = dict.fromkeys(_STEPS_OF_A_SCENE, "completed")
        return {**result, "sceneId": str(run.id), "sceneName": name, "steps": steps}
    manifest = await client.result(run)
    scenes = [{"sceneName": each.name, "success": each.clip is not None} for each in manifest.scenes]
    return {**result, "title": manifest.title, "scenes": scenes}
