"""Requests that are larger than the parameters that a server takes: their scenes travel by way of the store."""

import json
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from prefect.client.orchestration import PrefectClient

from callsheet.client.connection import address
from callsheet.errors import CallsheetError, InvalidRequest
from callsheet.model.requests import SceneBrief, VideoRequest
from callsheet.model.values import Value
from callsheet.settings import settings
from callsheet.storage.large_scenes import load_scenes, store_scenes
from callsheet.storage.opening import open_store
from callsheet.threads import in_a_thread

# Prefect takes 524,288 bytes of parameters, as Prefect Cloud does; some are left for what Prefect adds.
PARAMETERS_AT_MOST_BYTES = 512 * 1000
Request = TypeVar("Request", bound=Value)


async def fit_request(request: Request, client: PrefectClient) -> Request:
    """Return the request as it is, or with large scenes as references to the store.

    Raises:
        InvalidRequest: it is too large, and there is no store that the runner reaches as well.
    """
    size = size_bytes(as_json(request))
    if size <= PARAMETERS_AT_MOST_BYTES:
        return request
    if not isinstance(request, VideoRequest):
        raise _too_large(size, client)
    fitted = request.model_copy(update={"scenes": await _stored(request.scenes, size, client)})
    if size_bytes(as_json(fitted)) > PARAMETERS_AT_MOST_BYTES:
        raise _too_large(size, client)
    return fitted


async def fit_scenes(scenes: Sequence[Any], client: PrefectClient) -> Sequence[Any]:
    """Do the same with the scenes of an answer. Raises as `fit_request` does."""
    briefs = [scene for scene in scenes if isinstance(scene, SceneBrief)]
    size = sum(map(size_bytes, map(as_json, briefs)))
    if len(briefs) < len(scenes) or size <= PARAMETERS_AT_MOST_BYTES:
        return scenes
    return await _stored(briefs, size, client)


async def filled_scenes(scenes: Sequence[Any]) -> tuple[Any, ...]:
    """Return scenes with what the store has of them; as references where this machine does not reach the store."""
    if not any(isinstance(scene, SceneBrief) and scene.stored for scene in scenes):
        return tuple(scenes)
    try:
        return await in_a_thread(lambda: load_scenes(scenes, open_store(settings())))
    except CallsheetError:
        return tuple(scenes)


def as_json(value: Value) -> dict[str, Any]:
    """Return the value as a parameter, without nulls: the form that the server shows has none."""
    return value.model_dump(mode="json", exclude_none=True)


def size_bytes(parameter: dict[str, Any]) -> int:
    """Return how much room a parameter takes at the server, which counts every letter beyond ASCII as six bytes."""
    return len(json.dumps(parameter, separators=(",", ":")))


async def _stored(scenes: Sequence[SceneBrief], size: int, client: PrefectClient) -> tuple[SceneBrief, ...]:
    if settings().storage.startswith("local") and not _is_here(client):
        raise _too_large(size, client)
    return await in_a_thread(lambda: store_scenes(scenes, open_store(settings())))


def _is_here(client: PrefectClient) -> bool:
    """Return whether the server is on this machine: then its runners find a store that is a folder."""
    host = urlsplit(address(client)).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _too_large(size: int, client: PrefectClient) -> InvalidRequest:
    return InvalidRequest(
        f"it has {size / 1000:.0f} KB, and the Prefect server at {address(client)} takes "
        f"{PARAMETERS_AT_MOST_BYTES / 1000:.0f} KB at most; make fewer scenes, give long code as files, or keep media "
        "in a bucket that the runner reaches (CALLSHEET_STORAGE=s3:BLOCK)",
        "request",
    )
