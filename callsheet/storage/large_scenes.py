"""Scenes that are too large for the parameters of a run: the store keeps them, and the run refers to them."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import ValidationError

from callsheet.errors import InvalidRequest, MediaLost
from callsheet.model.film.storable import StorableScene
from callsheet.model.problems import sentence_of
from callsheet.model.values import Value
from callsheet.storage.keys import is_key
from callsheet.storage.store import Store

# Prefect takes 524,288 bytes of parameters, as Prefect Cloud does; some are left for what Prefect adds.
PARAMETERS_AT_MOST_BYTES = 512 * 1000
# A reference takes about 200 bytes.
LARGE_BYTES = 1_000
MEDIA_TYPE = "application/json"

Scene = TypeVar("Scene", bound=StorableScene)
Request = TypeVar("Request", bound=Value)


def as_json(value: Value) -> dict[str, Any]:
    """Return the value as a parameter, without nulls: the form that the server shows has none."""
    return value.model_dump(mode="json", exclude_none=True)


def size_bytes(parameter: dict[str, Any]) -> int:
    """Return the size of a parameter at the server.

    The server counts every letter beyond ASCII as an escape.
    """
    return len(json.dumps(parameter, separators=(",", ":")))


def scenes_of(request: Value) -> tuple[StorableScene, ...]:
    """Return the scenes of a request of any kind: its list of them, its only one, or none."""
    found = getattr(request, "scenes", None) or (getattr(request, "scene", None),)
    return tuple(scene for scene in found if isinstance(scene, StorableScene))


def with_scenes(request: Request, scenes: Sequence[StorableScene]) -> Request:
    """Return the request with these scenes in place of those that `scenes_of` returns."""
    changed = {"scenes": tuple(scenes)} if hasattr(request, "scenes") else {"scene": scenes[0]}
    return request.model_copy(update=changed)


def fitted(request: Request, store: Store) -> Request:
    """Return the request in a size that a server takes.

    If it is too large, its large scenes become references to the store.
    """
    if size_bytes(as_json(request)) <= PARAMETERS_AT_MOST_BYTES or not scenes_of(request):
        return request
    return with_scenes(request, store_scenes(scenes_of(request), store))


def store_scenes(scenes: Iterable[Scene], store: Store) -> tuple[Scene, ...]:
    """Keep each large scene in the store, and return a reference in its place."""
    return tuple(_stored(scene, store) for scene in scenes)


def load_scenes(scenes: Iterable[Scene], store: Store) -> tuple[Scene, ...]:
    """Return the scenes with their stored parts.

    Raises:
        InvalidRequest: the store does not have one of them.
    """
    return tuple(_loaded(scene, store) if scene.stored else scene for scene in scenes)


def _stored(scene: Scene, store: Store) -> Scene:
    kept = scene.in_reference()
    content = scene.model_dump(mode="json", exclude_defaults=True, exclude=kept)
    if scene.stored or size_bytes(content) < LARGE_BYTES:
        return scene
    written = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    digest = sha256(written).hexdigest()
    key = f"scenes/{digest[:2]}/{digest}.json"
    if not store.exists(key):
        store.put_bytes(written, key, MEDIA_TYPE)
    return type(scene).model_validate({**scene.model_dump(include=kept), "stored": key})


def _loaded(reference: Scene, store: Store) -> Scene:
    where = f"scene “{getattr(reference, 'name', '')}”"
    if not is_key(reference.stored):
        raise InvalidRequest(f"“{reference.stored}” is no stored scene; leave “Stored” empty", where)
    try:
        content = json.loads(store.read_bytes(reference.stored))
        kept = reference.model_dump(include=reference.in_reference())
        return type(reference).model_validate({**content, **kept})
    except MediaLost:
        sentence = "its stored part is gone; start the request file again, or leave “Stored” empty"
        raise InvalidRequest(sentence, where) from None
    except ValidationError as error:
        raise InvalidRequest(sentence_of(error), where) from None
    except (ValueError, TypeError):
        raise InvalidRequest(f"“{reference.stored}” is no stored scene; leave “Stored” empty", where) from None
