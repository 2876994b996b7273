"""The HTTP API, below /api: resources of Callsheet under /api/v1, and the paths of other systems on top of them."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.middleware.cors import CORSMiddleware

from callsheet.gateway import api_docs, catalogue, films, previews, runs, shares, uploads, voice_samples
from callsheet.gateway.access import AccessRules, DoorKeeper, MinuteCounts, TokenBook
from callsheet.gateway.board import RunBoard
from callsheet.gateway.dialects import coordinator, generate_video, pipeline, script_to_movie, workflow_engine
from callsheet.gateway.problems import MEDIA_TYPE, add_problem_handlers
from callsheet.settings import Settings

DESCRIPTION = "Start, follow, approve and control runs of Callsheet. Errors are problem details (RFC 9457)."
_PROBLEM: dict[str, Any] = {"description": "A problem", "content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}
PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys(
    (400, 401, 403, 404, 408, 409, 413, 415, 421, 422, 429, 502, 503), _PROBLEM
)


def make_api(settings: Settings, host: str) -> FastAPI:
    """Return the API of one process, which listens at `host`."""
    rules = AccessRules.of_address(host, hosts=settings.api_hosts, origins=settings.api_origins)
    api = FastAPI(
        title="Callsheet",
        description=DESCRIPTION,
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=PROBLEMS,
        redirect_slashes=False,  # its address would be made of the host that the caller names
    )
    api.state.rules = rules
    api.state.tokens = TokenBook()
    api.state.wrong_shares = MinuteCounts()
    api.state.board = RunBoard()
    api.state.previews = previews.PreviewDesk(settings)
    api.state.samples = voice_samples.SampleDesk()
    add_problem_handlers(api)
    api.add_exception_handler(runs.NotModified, _answer_not_modified)
    ours = APIRouter(prefix="/api/v1")
    for resource in (runs, shares, films, catalogue, voice_samples, previews, uploads):
        ours.include_router(resource.router)
    dialects = (generate_video, script_to_movie, workflow_engine, coordinator, pipeline)
    for router in (ours, api_docs.router, shares.viewers, *(dialect.router for dialect in dialects)):
        api.include_router(router)
    if rules.origins:
        api.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(rules.origins),
            allow_methods=["*"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Last-Event-ID"],
            expose_headers=["ETag", "Location", "Retry-After"],
        )
    api.add_middleware(DoorKeeper, rules=rules)
    return api


async def _answer_not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, runs.NotModified)
    return Response(status_code=304, headers={"etag": error.etag, "cache-control": "no-cache"})
