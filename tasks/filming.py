"""What every run of a video begins with, and ends in good order with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tasks.endings import kept_ends
from tasks.progress import RunProgress, progress_of


@asynccontextmanager
async def filming(title: str, scenes: int) -> AsyncIterator[RunProgress]:
    """Inside, the run shows its progress, and its ends that are no failures are kept as such (see `kept_ends`)."""
    async with kept_ends(), progress_of(title, scenes=scenes) as progress:
        yield progress
