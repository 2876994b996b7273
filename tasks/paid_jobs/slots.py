"""Whose turn it is at a paid provider: at most so many jobs at once, and starts apart, over all runs and machines.

Both are global concurrency limits of the Prefect server, which `deployments.limits` creates. A place is a lease: that
of a process that was killed is free again a minute later, while its prediction goes on at the provider. So a place
alone is no leave to submit: see `may_begin`.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext

from prefect.client.orchestration import get_client

from callsheet.footage.provider import FootageProvider
from callsheet.model.footage.orders import FootageMaker
from callsheet.settings import settings
from tasks.run.limits import concurrency_slot

IN_FLIGHT = "callsheet-footage"
"""Jobs that were accepted and have not ended."""
STARTING = "callsheet-footage-starts"
"""One at a time: who holds it may submit."""


def in_flight(maker: FootageMaker) -> AbstractAsyncContextManager[None]:
    """One of the jobs at once. What this machine makes itself needs no turn."""
    return concurrency_slot(IN_FLIGHT) if maker.is_paid else nullcontext()


def starting(maker: FootageMaker) -> AbstractAsyncContextManager[None]:
    """Alone in submitting."""
    return concurrency_slot(STARTING) if maker.is_paid else nullcontext()


async def may_begin(maker: FootageMaker, provider: FootageProvider) -> bool:
    """Whether one more may run at the provider, who knows of those too whose process was killed or has paused.

    To be asked by who is alone in submitting.
    """
    if not maker.is_paid:
        return True
    async with get_client() as client:
        at_most = (await client.read_global_concurrency_limit_by_name(IN_FLIGHT)).limit
    return await provider.count_unfinished() < at_most


async def wait_for_start_spacing(maker: FootageMaker) -> None:
    """Before a start, and alone: the one before it, which was somebody else's turn, is at least so long ago.

    Nobody waits afterwards: what was accepted is recorded at once. A rate limit of Prefect's would space the turns and
    not the starts: between a turn and its start lie uploads.
    """
    if maker.is_paid:
        await asyncio.sleep(settings().footage_start_spacing_s)
