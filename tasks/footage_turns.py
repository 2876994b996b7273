"""Whose turn it is at a paid provider: at most so many jobs at once, and starts apart, over all runs and machines.

Both are global concurrency limits of the Prefect server, which `deployments.limits` creates. A slot is a lease: that of
a process that was killed is free again a minute later.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from callsheet.model.footage_orders import FootageMaker
from callsheet.settings import settings
from tasks.limits import place

IN_FLIGHT = "callsheet-footage"
"""Jobs that were accepted and have not ended."""
STARTING = "callsheet-footage-starts"
"""One at a time: who holds it may submit."""


@asynccontextmanager
async def in_flight(maker: FootageMaker) -> AsyncIterator[None]:
    """One of the jobs at once. What this machine makes itself needs no turn."""
    if not maker.is_paid:
        yield
        return
    async with place(IN_FLIGHT):
        yield


@asynccontextmanager
async def starting(maker: FootageMaker) -> AsyncIterator[None]:
    """Alone in submitting. Who did submit stays so for a while, see `spaced`."""
    if not maker.is_paid:
        yield
        return
    async with place(STARTING):
        yield


async def spaced(maker: FootageMaker) -> None:
    """After a start, and still alone: the next start is so much later.

    A rate limit of Prefect's would space the turns and not the starts: between a turn and its start lie uploads.
    """
    if maker.is_paid:
        await asyncio.sleep(settings().footage_start_spacing_s)
