"""Limits over all runs and machines. The Prefect server keeps them; `deployments.limits` makes them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.concurrency.asyncio import ConcurrencySlotAcquisitionError, concurrency, rate_limit

from callsheet.errors import CallsheetError, SetupIncomplete, TransientError
from callsheet.model.queueing import RUN_LIMITS, RunLimits
from callsheet.settings import settings
from callsheet.watchdog import allowed

WRITER = "callsheet-writer"
WRITER_STARTS = "callsheet-writer-starts"
UPKEEP = "callsheet-upkeep"
QUEUE = "callsheet-queue"
"""One at a time: who holds it may look who waits for a turn, and let runs in."""
BUDGET = "callsheet-budget"
"""One at a time: who holds it may look what is spent, and allow a run its costs."""
# The shortest that the server allows: a place whose holder was killed is free after it.
LEASE_S = 60
# How Prefect begins to tell that a limit does not exist; everything else that it tells may pass.
_UNKNOWN = "must be created"


@asynccontextmanager
async def one_question() -> AsyncIterator[None]:
    """A place among the questions that the language model is asked at once, and a start apart from the others'."""
    async with place(WRITER):
        if settings().writer_spacing_s > 0:
            await _turn(WRITER_STARTS)
        with allowed(settings().writer_timeout_s):
            yield


@asynccontextmanager
async def upkeep_alone() -> AsyncIterator[None]:
    """No other upkeep at the same time: each looks first, and then acts on what it saw."""
    async with place(UPKEEP):
        yield


@asynccontextmanager
async def place(name: str) -> AsyncIterator[None]:
    """One of the places of a limit, for the length of the block.

    A server that is not there when the place is renewed or given back costs nothing: the place is free a minute later,
    and what was done in it may be paid for.

    Raises:
        SetupIncomplete: the server does not know the limit.
        TransientError: it can't be asked now.
    """
    held = concurrency(name, lease_duration=LEASE_S, strict=True, raise_on_lease_renewal_failure=False)
    try:
        with allowed():  # those who hold it are watched themselves
            await held.__aenter__()
    except ConcurrencySlotAcquisitionError as error:
        raise _refusal(name, error) from error
    try:
        yield
    finally:
        with suppress(httpx.HTTPError):
            await held.__aexit__(None, None, None)


async def run_limits(client: PrefectClient) -> RunLimits:
    """What bounds runs now. Raises SetupIncomplete where the server does not know it."""
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
