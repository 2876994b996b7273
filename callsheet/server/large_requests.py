"""Requests that exceed the server's limit for parameters: the store carries their scenes."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from prefect.client.orchestration import PrefectClient

from callsheet.errors import CallsheetError, InvalidRequest
from callsheet.model.film.storable import StorableScene
from callsheet.model.values import Value
from callsheet.server.connection import address
from callsheet.settings import settings
from callsheet.storage.large_scenes import (
    PARAMETERS_AT_MOST_BYTES,
    as_json,
    fitted,
    load_scenes,
    size_bytes,
    store_scenes,
)
from callsheet.storage.opening import open_store
from callsheet.threads import in_a_thread

Request = TypeVar("Request", bound=Value)


async def fit_request(request: Request, client: PrefectClient) -> Request:
    """Return the request as it is, or with large scenes as references to the store.

    Raises:
        InvalidRequest: it is too large, and the runner does not reach the store.
    """
    size = size_bytes(as_json(request))
    if size <= PARAMETERS_AT_MOST_BYTES:
        return request
    _check_store(size, client)
    smaller = await in_a_thread(lambda: fitted(request, open_store(settings())))
    if size_bytes(as_json(smaller)) > PARAMETERS_AT_MOST_BYTES:
        raise _too_large(size, client)
    return smaller


async def fit_scenes(scenes: Sequence[Any], client: PrefectClient) -> Sequence[Any]:
    """Return the scenes of an answer likewise. Raise as `fit_request` does."""
    storable = [scene for scene in scenes if isinstance(scene, StorableScene)]
    size = sum(map(size_bytes, map(as_json, storable)))
    if len(storable) < len(scenes) or size <= PARAMETERS_AT_MOST_BYTES:
        return scenes
    _check_store(size, client)
    return await in_a_thread(lambda: store_scenes(storable, open_store(settings())))


async def load_stored_scenes(scenes: Sequence[Any]) -> tuple[Any, ...]:
    """Return scenes with content from the store; as references if it can't be reached here."""
    if not any(isinstance(scene, StorableScene) and scene.stored for scene in scenes):
        return tuple(scenes)
    try:
        return await in_a_thread(lambda: load_scenes(scenes, open_store(settings())))
    except CallsheetError:
        return tuple(scenes)


def _check_store(size: int, client: PrefectClient) -> None:
    """Raise InvalidRequest if the store is a folder here, and the runner is elsewhere."""
    if settings().storage.startswith("local") and not _is_here(client):
        raise _too_large(size, client)


def _is_here(client: PrefectClient) -> bool:
    """Return whether the server is on this machine: then its runners can read a local folder."""
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
