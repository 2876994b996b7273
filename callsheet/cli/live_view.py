"""The view of an active run in a terminal: one line for the whole, one for each scene.

If standard error is not a terminal, the view prints one line for each step instead.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from callsheet.cli.printing import LONGEST_SILENCE_S, eye
from callsheet.errors import TransientError
from callsheet.model.run.runs import EventKind, RunEvent, RunStatus, SceneState, SceneStatus

BAR_WIDTH = 24
# The run is over, and no event comes: after so many looks the view does not wait for the last ones.
LOOKS_AFTER_THE_END = 2
# Lines beside those of the scenes: the title above, the run's message below, the count of the others, and the prompt.
OTHER_LINES = 6
# An upload is part of another step and takes a moment.
SMALL_STEP = "upload "
MARKS = {
    SceneState.WAITING: Text("·", "dim"),
    SceneState.RETRYING: Text("↻", "yellow"),
    SceneState.READY: Text("✓", "green"),
    SceneState.FAILED: Text("✗", "red"),
    SceneState.CANCELLED: Text("–", "dim"),
}
# If the terminal is too low for all scenes, the view shows these first.
URGENT = (SceneState.FAILED, SceneState.RETRYING, SceneState.RUNNING, SceneState.WAITING, SceneState.READY)
STYLES = {
    "Completed": "green",
    "Failed": "red",
    "Crashed": "red",
    "Cancelled": "yellow",
    "Suspended": "yellow",
    "PendingRetry": "yellow",
}


async def show(run_id: UUID) -> RunStatus:
    """Show the run until it is over; return its last status."""
    return await _show_live(run_id) if eye.is_terminal else await _show_lines(run_id)


def picture(status: RunStatus, lines: int) -> RenderableType:
    """Return the present state of the run, in at most so many lines."""
    parts: list[RenderableType] = [_heading(status), _scenes(status.scenes, lines - OTHER_LINES)]
    if status.needs_approval:
        parts.append(Text(f"  {how_to_answer(str(status.run_id)[:8])}", "yellow"))
    if status.error is not None:
        tries = f" ({status.error.attempts} tries)" if status.error.attempts > 1 else ""
        parts.append(Text(f"  {status.error.step}: {status.error.cause}{tries}", "red"))
    return Group(*parts)


def how_to_answer(run: str) -> str:
    """Return what to do about a run that asks for approval."""
    return (
        f"The run waits for your approval: `callsheet storyboard {run}` shows what it would make, "
        f"`callsheet approve {run}` and `callsheet reject {run}` answer."
    )


def line_of(event: RunEvent) -> Text | None:
    """Return the event as one line; None for an event that would only fill the page."""
    is_small = event.kind is EventKind.CHECKPOINT and event.step.startswith(SMALL_STEP)
    if is_small or event.kind in (EventKind.PROGRESS, EventKind.STEP_STARTED):
        return None
    what = " ".join(part for part in (event.scene, "" if event.step.startswith("scene ") else event.step) if part)
    style = {EventKind.WARNING: "yellow", EventKind.FAILED: "red", EventKind.COMPLETED: "green"}.get(event.kind, "")
    told = f": {event.message}" if event.message else ""
    return Text(f"{event.occurred_at.astimezone():%H:%M:%S}  {event.kind:<15} {what}{told}", style)


def still(last: RunEvent | None) -> Text:
    """Return a line for a while without events that have a line: it names the present work."""
    what = "waiting for a runner"
    if last is not None:
        percent = "" if last.percentage is None else f"{last.percentage:.0f} %"
        what = " ".join(part for part in (last.scene, last.step, percent, last.message) if part) or last.kind
    return Text(f"{datetime.now().astimezone():%H:%M:%S}  {'…':<15} {what}", "dim")


async def _show_live(run_id: UUID) -> RunStatus:
    from callsheet import client

    with Live(console=eye, refresh_per_second=8, transient=False) as live:
        async for status in client.follow(run_id):
            live.update(picture(status, eye.height))
    return status


async def _show_lines(run_id: UUID) -> RunStatus:
    from callsheet import client

    arrived: asyncio.Queue[RunEvent | None] = asyncio.Queue()
    reading = asyncio.ensure_future(_read(client.watch(run_id), arrived))
    last: RunEvent | None = None
    said_at = time.monotonic()
    looks_after_the_end = 0
    try:
        while True:
            line: Text | None = still(last)
            left_s = LONGEST_SILENCE_S - (time.monotonic() - said_at)
            try:
                event = await asyncio.wait_for(arrived.get(), max(left_s, 0.1))
                if event is None:
                    await reading
                    break
                last, line = event, line_of(event)
            except TimeoutError:
                # A busy server records events up to half a minute late; its state of the run is enough.
                with suppress(TransientError):
                    looks_after_the_end += (await client.status(run_id)).is_final
                if looks_after_the_end == LOOKS_AFTER_THE_END:
                    break
            if line is not None:
                eye.print(line, soft_wrap=True)
                said_at = time.monotonic()
    finally:
        reading.cancel()
    return await client.status(run_id)


async def _read(events: AsyncIterator[RunEvent], arrived: "asyncio.Queue[RunEvent | None]") -> None:
    """Put all events into the queue, and None at the end."""
    try:
        async for event in events:
            arrived.put_nowait(event)
    finally:
        arrived.put_nowait(None)


def _heading(status: RunStatus) -> RenderableType:
    line = Table.grid(padding=(0, 1))
    waits = f", number {status.queue_position} in the queue" if status.queue_position else ""
    doing = "" if status.is_final else f"{status.doing}{waits}"
    line.add_row(
        Text(status.name, "bold"),
        Text(status.state, STYLES.get(status.state, "cyan")),
        _bar(status.percentage),
        f"{status.percentage:.0f} %",
        Text(_elapsed(status), "dim"),
        Text(doing),
    )
    return line


def _scenes(scenes: Sequence[SceneStatus], lines: int) -> RenderableType:
    """Return as many scenes as there are lines, and one line that counts the others."""
    shown = scenes
    if len(scenes) > max(lines, 1):
        by_urgency = sorted(scenes, key=lambda scene: [*URGENT, scene.state].index(scene.state))
        most_urgent = by_urgency[: max(lines, 1)]
        shown = [scene for scene in scenes if scene in most_urgent]
    table = Table.grid(padding=(0, 1))
    for scene in shown:
        table.add_row("", _mark(scene), f"{scene.number:02}", Text(scene.name), *_told_of(scene))
    left = [scene for scene in scenes if scene not in shown]
    return Group(table, Text(f"  … and {_counted(left)}", "dim")) if left else table


def _mark(scene: SceneStatus) -> RenderableType:
    return Spinner("dots", style="cyan") if scene.state is SceneState.RUNNING else MARKS[scene.state]


def _told_of(scene: SceneStatus) -> tuple[RenderableType, ...]:
    """Return the scene's bar, its percentage if it has progress, and the words for its step."""
    words = scene.step.replace("-", " ") or str(scene.state)
    if scene.attempt > 1:
        words += f", attempt {scene.attempt} of {scene.attempts}"
    if scene.message:
        words += f": {scene.message}"
    style = "red" if scene.state is SceneState.FAILED else "dim"
    percent = f"{scene.percentage:.0f} %" if 0 < scene.percentage < 100 else ""
    is_begun = scene.state is SceneState.RUNNING and scene.percentage == 0
    return _bar(None if is_begun else scene.percentage), percent, Text(words, style, overflow="ellipsis", no_wrap=True)


def _bar(percentage: float | None) -> ProgressBar:
    """Return a bar; None is for active work whose progress is unknown."""
    return ProgressBar(
        completed=percentage or 0,
        width=BAR_WIDTH,
        pulse=percentage is None,
        complete_style="cyan",
        finished_style="green",
        pulse_style="cyan",
    )


def _counted(scenes: Sequence[SceneStatus]) -> str:
    counts = {state: sum(scene.state is state for scene in scenes) for state in SceneState}
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count)


def _elapsed(status: RunStatus) -> str:
    if status.started_at is None:
        return ""
    seconds = int(((status.ended_at or datetime.now(UTC)) - status.started_at).total_seconds())
    return f"{seconds // 60}:{max(seconds, 0) % 60:02}"
