"""Scenes that are too large for the parameters of a run: the store keeps them, and the run refers to them.

A reference keeps the scene's name, order and take. So a run is described, and one of its scenes made again, without the
store.
"""

import json
from collections.abc import Iterable
from hashlib import sha256

from pydantic import ValidationError

from callsheet.errors import InvalidRequest, MediaLost
from callsheet.model.problems import sentence_of
from callsheet.model.requests import SceneBrief
from callsheet.storage.keys import is_key
from callsheet.storage.store import Store

# A reference takes about 200 bytes.
LARGE_BYTES = 1_000
OF_THE_REFERENCE = {"name", "order", "take"}
MEDIA_TYPE = "application/json"


def store_scenes(scenes: Iterable[SceneBrief], store: Store) -> tuple[SceneBrief, ...]:
    """Keep each large scene in the store, and return a reference in its place."""
    return tuple(_stored(scene, store) for scene in scenes)


def load_scenes(scenes: Iterable[SceneBrief], store: Store) -> tuple[SceneBrief, ...]:
    """Return the scenes with what was stored of them.

    Raises:
        InvalidRequest: the store does not have one of them.
    """
    return tuple(_loaded(scene, store) if scene.stored else scene for scene in scenes)


def _stored(scene: SceneBrief, store: Store) -> SceneBrief:
    content = scene.model_dump(mode="json", exclude_defaults=True, exclude=OF_THE_REFERENCE)
    written = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    if scene.stored or len(written) < LARGE_BYTES:
        return scene
    digest = sha256(written).hexdigest()
    key = f"scenes/{digest[:2]}/{digest}.json"
    if not store.exists(key):
        store.put_bytes(written, key, MEDIA_TYPE)
    return SceneBrief(name=scene.name, order=scene.order, take=scene.take, stored=key)


def _loaded(reference: SceneBrief, store: Store) -> SceneBrief:
    where = f"scene “{reference.name}”"
    if not is_key(reference.stored):
        raise InvalidRequest(f"“{reference.stored}” is no stored scene; leave “Stored” empty", where)
    try:
        content = json.loads(store.read_bytes(reference.stored))
        return SceneBrief.model_validate({**content, **reference.model_dump(include=OF_THE_REFERENCE)})
    except MediaLost:
        sentence = "what was stored of it is gone; start the request file again, or leave “Stored” empty"
        raise InvalidRequest(sentence, where) from None
    except ValidationError as error:
        raise InvalidRequest(sentence_of(error), where) from None
    except (ValueError, TypeError):
        raise InvalidRequest(f"“{reference.stored}” is no stored scene; leave “Stored” empty", where) from None
