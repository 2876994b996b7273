"""Slots at a paid provider: at most so many jobs at once, and spaced starts, over all runs and machines.

Both are global concurrency limits of the Prefect server, which `deployments.limits` creates. A slot is a lease: that of
a killed process is free again a minute later, while its prediction still runs at the provider. So a slot alone does not
permit a submission: see `may_begin`.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from prefect.client.orchestration import get_client

from tasks.run.limits import concurrency_slot

IN_FLIGHT = "callsheet-footage"
"""Footage jobs that were accepted and have not ended."""
STARTING = "callsheet-footage-starts"
"""One holder at a time, which may submit footage."""


@dataclass(frozen=True)
class Pace:
    """The bounds of a provider: jobs at once, seconds between starts, and seconds between looks at a job.

    Jobs that this machine makes at no cost need no slot.
    """

    is_paid: bool
    in_flight_limit: str
    starting_limit: str
    start_spacing_s: float
    poll_s: float

    def in_flight(self) -> AbstractAsyncContextManager[None]:
        """Hold a slot of a job in progress."""
        return concurrency_slot(self.in_flight_limit) if self.is_paid else nullcontext()

    def starting(self) -> AbstractAsyncContextManager[None]:
        """Hold the only slot for a submission."""
        return concurrency_slot(self.starting_limit) if self.is_paid else nullcontext()

    async def may_begin(self, unfinished: int) -> bool:
        """Return whether one more job may run at the provider, which counts so many unfinished ones.

        The provider also counts jobs whose process was killed or has paused. Only the holder of the `starting` slot
        may ask.
        """
        if not self.is_paid:
            return True
        async with get_client() as client:
            at_most = (await client.read_global_concurrency_limit_by_name(self.in_flight_limit)).limit
        return unfinished < at_most

    async def wait_for_start_spacing(self) -> None:
        """Wait until the last start of any run is long enough ago; call this in the start slot.

        No wait follows the start: its acceptance is recorded at once. A rate limit of Prefect would space the slots and
        not the starts: uploads lie between a slot and its start.
        """
        if self.is_paid:
            await asyncio.sleep(self.start_spacing_s)
