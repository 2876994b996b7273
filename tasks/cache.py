"""Values that name stored media are kept for as long as the media is there."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from prefect import Task, task
from prefect.results import get_result_store

from callsheet.errors import TransientError
from callsheet.model.film.media import stored_objects
from callsheet.model.values import Value
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.policies import FootageKey
from tasks.step import watched_step

Kept = TypeVar("Kept", bound=Value)


async def run_cached(step: Task[..., Coroutine[Any, Any, Kept]], **inputs: Any) -> Kept:
    """Run `step`; where its cached value names a file that is no longer stored, that is a miss, and it is made anew."""
    value: Kept = await step(**inputs)
    if await _is_stored(value):
        return value
    remade: Kept = await step.with_options(refresh_cache=True)(**inputs)
    return remade


async def is_cached(step: Task[..., Any], **inputs: Any) -> bool:
    """Whether `step` would give a value that is kept, and not run."""
    assert isinstance(step.cache_policy, FootageKey)
    key = step.cache_policy.key_of(inputs)
    store = await get_result_store().aupdate_for_task(step)
    return await store.aexists(key)


async def read_cached(step: Task[..., Coroutine[Any, Any, Kept]], **inputs: Any) -> Kept | None:
    """What `step` would give without running; None where it would run."""
    assert isinstance(step.cache_policy, FootageKey)
    key = step.cache_policy.key_of(inputs)
    store = await get_result_store().aupdate_for_task(step)
    if not await store.aexists(key):
        return None
    value: Kept = (await store.aread(key)).result
    return value


async def _is_stored(value: Value) -> bool:
    """Asked once without any ado; where the store does not answer, as a step that is tried again."""
    try:
        return await in_a_thread(_look, value)
    except TransientError:
        return await _look_again(value)


@task(name="look-for-media", task_run_name="look-for-media", **policies.READING)
@watched_step
async def _look_again(value: Value) -> bool:
    return await in_a_thread(_look, value)


def _look(value: Value) -> bool:
    store = wiring.store()
    return all(store.holds(stored) for stored in stored_objects(value))
