"""The progress artifact of a run: steps report to it, and it is written at a bounded rate."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from uuid import UUID

from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import Artifact
from prefect.client.schemas.sorting import ArtifactSort
from prefect.runtime import flow_run

from callsheet.model.run.manifest import StepTime
from callsheet.model.run.progress import Progress
from callsheet.server import queries
from tasks.run.artifacts import as_far_as_possible
from tasks.run.events import read_sent_events, step_finished

# An update is one request to the server; two a second look fluent and cost next to nothing.
SECONDS_BETWEEN_UPDATES = 0.5


class RunProgress:
    """Progress of one run, and the times of its steps.

    Without an artifact it is counted, and not shown.
    """

    def __init__(self, artifact_id: UUID | None, progress: Progress) -> None:
        self._artifact_id = artifact_id
        self._run_id = flow_run.id
        self._progress = progress
        self._changed = asyncio.Event()
        self._steps: list[StepTime] = []

    @property
    def steps(self) -> tuple[StepTime, ...]:
        """Return the finished steps."""
        return tuple(self._steps)

    @asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[None]:
        """Report what happens now, and measure its time."""
        self.change(lambda progress: progress.beginning(name))
        with self.timed(name):
            yield
        self.change(lambda progress: progress.ending(name))
        self.tell_finished(name)

    @contextlib.contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Measure the time of the block, as step `name`."""
        began_at = time.monotonic()
        yield
        self._steps.append(StepTime(step=name, seconds=round(time.monotonic() - began_at, 3)))

    def tell_finished(self, step: str, **facts: str) -> None:
        """Send the event that a step is over."""
        if self._run_id:
            step_finished(self._run_id, self._progress.title, step, self._progress.percentage, **facts)

    def change(self, change: Callable[[Progress], Progress]) -> None:
        """Replace the snapshot; the next write shows it."""
        self._progress = change(self._progress)
        self._changed.set()

    async def write(self) -> None:
        """Update the artifact, as far as the server takes it."""
        self._changed.clear()
        if self._artifact_id is not None:
            now = self._progress
            await as_far_as_possible(
                aupdate_progress_artifact(self._artifact_id, progress=now.percentage, description=now.description)
            )

    async def keep_writing(self) -> None:
        """Write whenever something has changed, until cancelled."""
        while True:
            await self._changed.wait()
            await self.write()
            await asyncio.sleep(SECONDS_BETWEEN_UPDATES)


_current: ContextVar[RunProgress | None] = ContextVar("current_progress", default=None)


def current_progress() -> RunProgress | None:
    """Return the progress of the run that this code is part of; None outside of one."""
    return _current.get()


@asynccontextmanager
async def progress_of(title: str, scenes: int) -> AsyncIterator[RunProgress]:
    """Yield the progress of this run. A scene that is part of a video shares the video's."""
    outer = _current.get()
    if outer is not None:
        with outer.timed(title):
            yield outer
        return
    progress = await _begin(Progress(title=title, scenes=scenes))
    token = _current.set(progress)
    writing = asyncio.create_task(progress.keep_writing())
    try:
        yield progress
        progress.change(Progress.finished)
    finally:
        _current.reset(token)
        writing.cancel()
        await asyncio.wait([writing])  # the task's own cancellation is not raised here
        await progress.write()


async def _begin(snapshot: Progress) -> RunProgress:
    """Return the run's progress artifact: an earlier process's, else a new one."""
    earlier = await as_far_as_possible(_earlier_artifact())
    if earlier is None:
        artifact_id = await as_far_as_possible(acreate_progress_artifact(progress=0, description=snapshot.description))
        return RunProgress(artifact_id, snapshot)
    await as_far_as_possible(read_sent_events(flow_run.id))
    reached = float(earlier.data) if isinstance(earlier.data, int | float | str) else 0.0
    return RunProgress(earlier.id, snapshot.model_copy(update={"floor": reached}))


async def _earlier_artifact() -> Artifact | None:
    if flow_run.id is None:
        return None
    async with get_client() as client:
        found = await client.read_artifacts(
            artifact_filter=queries.artifacts(types=["progress"]),
            flow_run_filter=queries.with_ids(UUID(flow_run.id)),
            sort=ArtifactSort.CREATED_DESC,
            limit=1,
        )
    return found[0] if found else None


def tell_stage(stage: str, doing: str, done: int = 1, total: int = 1) -> None:
    """Show how far a stage before the clips is. When it is over, send its event."""
    progress = current_progress()
    if progress is None:
        return
    progress.change(lambda now: now.in_stage(stage, doing, done, total))
    if done == total:
        progress.tell_finished(stage)
