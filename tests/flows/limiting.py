"""Limits on runs, for the length of a test."""

from contextlib import asynccontextmanager

from prefect.client.orchestration import get_client

from callsheet.model.run.queue import RunLimits
from deployments.limits import keep_run_limits


@asynccontextmanager
async def limited(**limits):
    """These limits on runs, inside the block, however it ends."""
    async with get_client() as prefect:
        await keep_run_limits(prefect, RunLimits(**limits))
        try:
            yield
        finally:
            await keep_run_limits(prefect, RunLimits())
