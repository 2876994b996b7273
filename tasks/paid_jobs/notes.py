"""Notes on predictions that outlive their runs: the job of each, which are paid, and which failed.

They lie beside the results of the steps, so every machine finds them. A note is there at once; Prefect stores the
result of a step when the step has ended.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import get_client
from prefect.results import ResultStore, get_result_store
from prefect.runtime import flow_run

from callsheet.errors import TransientError
from callsheet.model.footage.jobs import Failed, Submitted
from callsheet.model.footage.orders import FootageMaker
from callsheet.model.labels import PREDICTION
from callsheet.server.label_writer import write_labels
from tasks.policies import PaidJobKey
from tasks.run.budget import spend
from tasks.run.limits import BUDGET, concurrency_slot


@dataclass(frozen=True)
class Notes:
    """Notes on the jobs of one kind at one maker. Their keys are durable: they name the kind and the maker."""

    kind: str
    maker: FootageMaker

    async def note_submitted(self, submitted: Submitted) -> None:
        """Note the job of a new prediction, and label the outermost run with the prediction that it has requested.

        A server that does not answer costs only the label.
        """
        if not self.maker.is_paid:
            return
        await self.note_taken(submitted)
        with suppress(httpx.HTTPError):
            async with get_client() as client:
                run_id, label = UUID(flow_run.root_flow_run_id), f"{PREDICTION}{submitted.prediction_id}"
                await write_labels(client, run_id, {label: self.kind})

    async def note_taken(self, submitted: Submitted) -> None:
        """Note that this prediction belongs to the job that it was submitted for, and to no other."""
        if self.maker.is_paid:
            await _write(self.key_of("taken", submitted.prediction_id), submitted)

    async def read_taken(self, prediction_id: str) -> Submitted | None:
        """Return the job that this prediction was submitted for; None without a note."""
        found: Submitted | None = await _read(self.key_of("taken", prediction_id))
        return found

    async def note_failed(self, job_key: str, replaces: str, failed: Failed) -> None:
        """Note that a job, or the one that replaces a cancelled prediction, never gives a result."""
        await _write(self.key_of("failed", job_key, replaces), failed)

    async def read_failure(self, job_key: str, replaces: str) -> Failed | None:
        """Return why such a job gives no result; None if it may give one."""
        found: Failed | None = await _read(self.key_of("failed", job_key, replaces))
        return found

    async def spend_once(self, prediction_id: str, usd: float | None) -> bool:
        """Record once that a prediction was paid; return whether this call recorded it.

        A paid result is worth more than the note of its price. If the server gives no slot now, the next run that uses
        the result records it.
        """
        key = self.key_of("paid", prediction_id)
        if not usd or await _read(key) is not None:
            return False
        with suppress(TransientError):
            async with concurrency_slot(BUDGET):
                if await _read(key) is None:
                    await spend(usd)
                    await _write(key, usd)
                    return True
        return False

    async def note_stopped(self, prediction_id: str) -> None:
        """Note that the prediction of a cancelled run is stopped: no further action is necessary."""
        await _write(self.key_of("stopped", prediction_id), True)

    async def is_stopped(self, prediction_id: str) -> bool:
        """Return whether that was noted."""
        return await _read(self.key_of("stopped", prediction_id)) is not None

    def key_of(self, note: str, about: str, replaces: str = "") -> str:
        """Return the key of a note (taken, failed, paid, stopped) about a prediction or a job."""
        key = PaidJobKey(step=f"{note}-{self.kind}")
        return key.key_of({"maker": self.maker, "job_key": about, "replaces": replaces})


async def _write(key: str, value: Any) -> None:
    await _store().awrite(value, key=key)


async def _read(key: str) -> Any:
    """Return the value of a note; None if there is none."""
    store = _store()
    return (await store.aread(key)).result if await store.aexists(key) else None


def _store() -> ResultStore:
    """Return the store of step results; a flow's own store would not find a note again."""
    return get_result_store().model_copy(update={"metadata_storage": None})
