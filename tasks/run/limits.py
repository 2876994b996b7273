"""Limits over all runs and machines.

The Prefect server keeps them; `deployments.limits` creates them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType
from prefect.concurrency.asyncio import ConcurrencySlotAcquisitionError, concurrency, rate_limit
from prefect.concurrency.context import ConcurrencyContext
from prefect.runtime import flow_run

from callsheet.errors import CallsheetError, SetupIncomplete, TransientError
from callsheet.model.labels import UPKEEP_LEASE
from callsheet.model.run.queue import RUN_LIMITS, RunLimits
from callsheet.server import queries
from callsheet.server.label_writer import write_labels
from callsheet.settings import settings
from callsheet.watchdog import allowed

WRITER = "callsheet-writer"
WRITER_STARTS = "callsheet-writer-starts"
UPKEEP = "callsheet-upkeep"
UPKEEP_FLOWS = ("recover-interrupted", "resume-pending")
QUEUE = "callsheet-queue"
"""One holder at a time, which may read the waiting runs and let runs in."""
BUDGET = "callsheet-budget"
"""One holder at a time, which may read what is spent and allow a run its costs."""
# The shortest that the server allows: the slot of a killed holder is free after it.
LEASE_S = 60
# The beginning of Prefect's message about a limit that does not exist; other messages may pass.
_UNKNOWN = "must be created"


@asynccontextmanager
async def llm_slot() -> AsyncIterator[None]:
    """Hold a slot for a question to the language model; slots bound and space the questions."""
    async with concurrency_slot(WRITER):
        if settings().writer_spacing_s > 0:
            await _turn(WRITER_STARTS)
        with allowed(settings().writer_timeout_s):
            yield


@asynccontextmanager
async def upkeep_alone(client: PrefectClient) -> AsyncIterator[None]:
    """Hold the only slot for upkeep: each upkeep reads first, and then acts on what it read.

    A killed upkeep would hold its slot for a minute, and the runs that were killed with it would wait as long. So its
    run is labelled with the lease of the slot, and the next upkeep frees it.
    """
    await _give_back_of_killed_upkeep(client)
    with ConcurrencyContext() as leases:
        async with concurrency_slot(UPKEEP):
            if flow_run.id and leases.cleanup_lease_ids:
                lease_id = str(leases.cleanup_lease_ids[-1])
                await write_labels(client, UUID(flow_run.id), {UPKEEP_LEASE: lease_id})
            yield


async def _give_back_of_killed_upkeep(client: PrefectClient) -> None:
    killed = await client.read_flow_runs(
        flow_filter=queries.of_flows(*UPKEEP_FLOWS),
        flow_run_filter=queries.both(
            queries.in_states(StateType.CRASHED),
            queries.ended(after=datetime.now(UTC) - timedelta(seconds=2 * LEASE_S)),
        ),
    )
    for run in killed:
        if lease := str(run.labels.get(UPKEEP_LEASE, "")):
            await client.update_flow_run_labels(run.id, {UPKEEP_LEASE: ""})
            await client.release_concurrency_slots_with_lease(lease_id=UUID(lease))


@asynccontextmanager
async def concurrency_slot(name: str) -> AsyncIterator[None]:
    """Hold one of the slots of a limit, for the length of the block.

    A server that is away when the slot is renewed or freed causes no error: the work in the slot may be paid for. The
    slot is free a minute later.

    Raises:
        SetupIncomplete: the server does not know the limit.
        TransientError: the server can't be asked now.
    """
    held = concurrency(name, lease_duration=LEASE_S, strict=True, raise_on_lease_renewal_failure=False)
    try:
        with allowed():  # the holders are watched themselves
            await held.__aenter__()
    except ConcurrencySlotAcquisitionError as error:
        raise _refusal(name, error) from error
    try:
        yield
    finally:
        asked_before = _asked_to_end()
        with suppress(httpx.HTTPError):
            await held.__aexit__(None, None, None)
        if _asked_to_end() > asked_before:  # Prefect swallows a cancel that comes meanwhile
            raise asyncio.CancelledError


def _asked_to_end() -> int:
    """Return how often this task was cancelled."""
    task = asyncio.current_task()
    return task.cancelling() if task else 0


async def run_limits(client: PrefectClient) -> RunLimits:
    """Return the limits on runs in force.

    Raise SetupIncomplete if the server does not know them.
    """
    found = await client.read_variable_by_name(RUN_LIMITS)
    if found is None:
        raise _unknown("run limits", RUN_LIMITS)
    return RunLimits.model_validate(found.value)


async def _turn(name: str) -> None:
    try:
        with allowed():
            await rate_limit(name, strict=True)
    except ConcurrencySlotAcquisitionError as error:
        raise _refusal(name, error) from error


def _refusal(name: str, error: ConcurrencySlotAcquisitionError) -> CallsheetError:
    if _UNKNOWN in str(error):
        return _unknown("limit", name)
    return TransientError(f"The Prefect server gives no place in “{name}” now: {error}")


def _unknown(what: str, name: str) -> SetupIncomplete:
    remedy = "run `python -m deployments.apply` in the checkout with PREFECT_API_URL set to it"
    return SetupIncomplete(f"The Prefect server does not know the {what} “{name}”; {remedy}.", missing=name)
