"""Notes on predictions that outlive their runs: the job of each, which are paid, and which failed.

They lie beside the results of the steps, so every machine finds them. A note is there at once; Prefect stores the
result of a step when the step has ended.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from prefect.results import ResultStore, get_result_store

from callsheet.errors import TransientError
from callsheet.model.footage.jobs import Failed, Submitted
from callsheet.model.footage.orders import FootageMaker
from tasks.policies import FootageKey
from tasks.run.budget import spend
from tasks.run.limits import BUDGET, concurrency_slot

_TAKEN = FootageKey(step="taken-footage")
_PAID = FootageKey(step="paid-footage")
_STOPPED = FootageKey(step="stopped-footage")
_FAILED = FootageKey(step="failed-footage")


async def note_taken(maker: FootageMaker, submitted: Submitted) -> None:
    """Note that this prediction belongs to the job that it was submitted for, and to no other."""
    await _note(_TAKEN.key_of(_prediction(maker, submitted.prediction_id)), submitted)


async def read_taken(maker: FootageMaker, prediction_id: str) -> Submitted | None:
    """Return the job that this prediction was submitted for; None without a note."""
    found: Submitted | None = await _read_note(_TAKEN.key_of(_prediction(maker, prediction_id)))
    return found


async def note_failed(identity: Mapping[str, Any], failed: Failed) -> None:
    """Note that the job of this identity (maker, job_key, replaces) never gives a result."""
    await _note(_FAILED.key_of(identity), failed)


async def read_failure(identity: Mapping[str, Any]) -> Failed | None:
    """Return why the job of this identity gives no result; None if it may give one."""
    found: Failed | None = await _read_note(_FAILED.key_of(identity))
    return found


async def spend_once(maker: FootageMaker, prediction_id: str, usd: float | None) -> bool:
    """Record once that a prediction was paid; return whether this call recorded it.

    A paid result is worth more than the note of its price. If the server gives no slot now, the next run that uses the
    result records it.
    """
    key = _PAID.key_of(_prediction(maker, prediction_id))
    if not usd or await _read_note(key) is not None:
        return False
    with suppress(TransientError):
        async with concurrency_slot(BUDGET):
            if await _read_note(key) is None:
                await spend(usd)
                await _note(key, usd)
                return True
    return False


async def note_stopped(maker: FootageMaker, prediction_id: str) -> None:
    """Note that the prediction of a cancelled run is stopped: no further action is necessary."""
    await _note(_STOPPED.key_of(_prediction(maker, prediction_id)), True)


async def is_stopped(maker: FootageMaker, prediction_id: str) -> bool:
    """Return whether that was noted."""
    return await _read_note(_STOPPED.key_of(_prediction(maker, prediction_id))) is not None


def _prediction(maker: FootageMaker, prediction_id: str) -> dict[str, Any]:
    return {"maker": maker, "job_key": prediction_id, "replaces": ""}


async def _note(key: str, value: Any) -> None:
    await _notes().awrite(value, key=key)


async def _read_note(key: str) -> Any:
    """Return the value of a note; None if there is none."""
    store = _notes()
    return (await store.aread(key)).result if await store.aexists(key) else None


def _notes() -> ResultStore:
    """Return the store of step results; a flow's own store would not find a note again."""
    return get_result_store().model_copy(update={"metadata_storage": None})
