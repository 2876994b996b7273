"""Values that name stored media are kept for as long as the media is there."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from prefect import Task
from prefect.results import get_result_store

from callsheet.model.media import stored_objects
from callsheet.model.values import Value
from tasks import wiring
from tasks.policies import FootageKey

Kept = TypeVar("Kept", bound=Value)


async def made_or_kept(step: Task[..., Coroutine[Any, Any, Kept]], **inputs: Any) -> Kept:
    """Run `step`; where its cached value names a file that is no longer stored, that is a miss, and it is made anew."""
    value: Kept = await step(**inputs)
    if await asyncio.to_thread(_is_stored, value):
        return value
    remade: Kept = await step.with_options(refresh_cache=True)(**inputs)
    return remade


async def is_kept(step: Task[..., Any], **inputs: Any) -> bool:
    """Whether `step` would give a value that is kept, and not run."""
    assert isinstance(step.cache_policy, FootageKey)
    key = step.cache_policy.key_of(inputs)
    store = await get_result_store().aupdate_for_task(step)
    return await store.aexists(key)


def _is_stored(value: Value) -> bool:
    store = wiring.store()
    return all(store.holds(stored) for stored in stored_objects(value))
