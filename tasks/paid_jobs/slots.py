"""Slots at a paid provider: at most so many jobs at once, and spaced starts, over all runs and machines.

Both are global concurrency limits of the Prefect server, which `deployments.limits` creates. A slot is a lease: that of
a killed process is free again a minute later, while its prediction still runs at the provider. So a slot alone does not
permit a submission: see `may_begin`.
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
"""One holder at a time, which may submit."""


def in_flight(maker: FootageMaker) -> AbstractAsyncContextManager[None]:
    """Hold a slot of a job in progress. Footage that this machine makes needs no slot."""
    return concurrency_slot(IN_FLIGHT) if maker.is_paid else nullcontext()


def starting(maker: FootageMaker) -> AbstractAsyncContextManager[None]:
    """Hold the only slot for a submission."""
    return concurrency_slot(STARTING) if maker.is_paid else nullcontext()


async def may_begin(maker: FootageMaker, provider: FootageProvider) -> bool:
    """Return whether one more job may run at the provider.

    The provider also knows jobs whose process was killed or has paused. Only the holder of the `starting` slot may ask.
    """
    if not maker.is_paid:
        return True
    async with get_client() as client:
        at_most = (await client.read_global_concurrency_limit_by_name(IN_FLIGHT)).limit
    return await provider.count_unfinished() < at_most


async def wait_for_start_spacing(maker: FootageMaker) -> None:
    """Wait until the last start of any run is long enough ago; call this in the start slot.

    No wait follows the start: its acceptance is recorded at once. A rate limit of Prefect would space the slots and not
    the starts: uploads lie between a slot and its start.
    """
    if maker.is_paid:
        await asyncio.sleep(settings().footage_start_spacing_s)
