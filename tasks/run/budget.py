"""The budget of a run: what it may cost and has cost, kept with it on the Prefect server for all machines.

Before a run spends anything, its costs must be allowed. This happens for one run at a time, so that two can't both take
the rest of a day's budget. A cost is recorded when the answer of a provider is there. A process that is killed in
between loses the cost of that one answer only; the allowed costs stay reserved for the run until it is over.
"""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Protocol, TypeVar

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.types import KeyValueLabels

from callsheet.errors import NothingWritten
from callsheet.model.labels import COST, PROMISED, SPENT
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.budget import budget_violation, committed_usd, costs_of
from callsheet.model.run.cost import CostKind, ModelCall, cost_label
from callsheet.model.run.estimate import Estimate, estimate
from callsheet.model.run.queue import RunLimits
from callsheet.model.run.recovery import MENDED_WITHIN
from callsheet.server import queries
from callsheet.server.label_writer import write_labels
from callsheet.server.run_state import is_over
from callsheet.stage.template_lengths import expected_s
from callsheet.writing.prices import tokens_usd
from tasks import wiring
from tasks.run.limits import BUDGET, concurrency_slot, run_limits
from tasks.run.process import this_run


class PaidAnswer(Protocol):
    """The result of a paid call."""

    @property
    def call(self) -> ModelCall | None:
        """Return what it cost."""


Paid = TypeVar("Paid", bound=PaidAnswer)


async def find_objection(at_most_usd: float | None) -> str:
    """Return why a person must approve this run's costs; empty if that is not necessary.

    If no approval is necessary, the run's costs are allowed. A run whose costs were allowed once does not ask
    again, whatever happens to it. A flow that was called by hand can't wait for an answer, and has no caps.
    """
    flow_run = this_run()
    if flow_run is None or flow_run.deployment_id is None or PROMISED in flow_run.labels:
        return ""
    async with get_client() as client:
        limits = await run_limits(client)
        if not limits.bounds_costs:
            return ""
        async with concurrency_slot(BUDGET):
            found = budget_violation(at_most_usd, await _read_committed_usd(client, flow_run, limits), limits)
            if not found:
                await _promise(client, flow_run, at_most_usd)
    return found


async def allow_costs(at_most_usd: float | None) -> None:
    """Note that a person has accepted the costs of this run."""
    flow_run = this_run()
    if flow_run is not None and flow_run.deployment_id is not None:
        async with get_client() as client:
            await _promise(client, flow_run, at_most_usd)


@asynccontextmanager
async def cost_recorder() -> AsyncIterator[None]:
    """Record the block's costs on this run; a scene of a video uses the video's run."""
    flow_run = this_run()
    if flow_run is None or _recorder.get() is not None:
        yield
        return
    token = _recorder.set(_CostRecorder(flow_run))
    try:
        yield
    finally:
        _recorder.reset(token)


async def pay_for_answer(asking: Awaitable[Paid]) -> Paid:
    """Return the answer of a language model, and record its cost even if it can't be used."""
    try:
        answer = await asking
    except NothingWritten as error:
        await spend(error.call.price_usd if error.call else None)
        raise
    await spend(answer.call.price_usd if answer.call else None)
    return answer


async def spend(usd: float | None) -> None:
    """Record a cost of now; do nothing if the price is unknown."""
    own = _recorder.get()
    if own is not None and usd:
        await own.spend(usd)


async def note_cost(kind: CostKind, part: str, usd: float) -> None:
    """Note what a part of the film has cost, even if it was kept from an earlier run."""
    own = _recorder.get()
    if own is not None and usd:
        await own.note(cost_label(kind, part), usd)


class _CostRecorder:
    """What one run has spent, by day, and what its film has cost, by part.

    A writer in another process may make the server lose a label. Each write contains all sums, never differences, so
    the next write restores a lost one.
    """

    def __init__(self, flow_run: FlowRun) -> None:
        self._run_id = flow_run.id
        self._sums = {name: float(usd) for name, usd in flow_run.labels.items() if name.startswith((SPENT, COST))}

    async def spend(self, usd: float) -> None:
        """Add to what was spent today."""
        label = f"{SPENT}{_today()}"
        await self.note(label, self._sums.get(label, 0.0) + usd)

    async def note(self, label: str, usd: float) -> None:
        """Write what a part has cost, in the place of the earlier value.

        If the server does not answer, the note is lost, not the paid result.
        """
        self._sums[label] = usd
        with suppress(httpx.HTTPError):
            async with get_client() as client:
                sums: KeyValueLabels = {name: round(sum_usd, 6) for name, sum_usd in self._sums.items()}
                await write_labels(client, self._run_id, sums)


_recorder: ContextVar[_CostRecorder | None] = ContextVar("cost_recorder", default=None)


async def _read_committed_usd(client: PrefectClient, flow_run: FlowRun, limits: RunLimits) -> float:
    if limits.budget_day_usd is None:
        return 0.0
    midnight = datetime.combine(_today(), time(), UTC)
    # The server counts a run that crashed just before midnight as ended; it continues, and spends what was reserved.
    over = await queries.read_top_level_runs(client, queries.ended(after=midnight - MENDED_WITHIN))
    going_on = queries.both(queries.begun(), queries.in_states(*queries.UNFINISHED))
    found = {
        run.id: costs_of(run.labels, is_over=is_over(run))
        for run in (*over, *await queries.read_top_level_runs(client, going_on))
        if run.id != flow_run.id
    }
    return committed_usd(found.values(), _today())


async def _promise(client: PrefectClient, flow_run: FlowRun, at_most_usd: float | None) -> None:
    """Reserve the price; an unknown price, which a person has accepted, counts when it is known."""
    await write_labels(client, flow_run.id, {PROMISED: at_most_usd or 0.0})


def _today() -> date:
    return datetime.now(UTC).date()


def estimate_plan(plan: VideoRequest) -> Estimate:
    """Return the plan's number of scenes and model calls, its price and its time."""
    resources = wiring.resources()
    price = partial(tokens_usd, resources.writer_model, wiring.writer_base_url())
    return estimate(plan, resources, price, partial(expected_s, pace=plan.look.pace))
