"""The door to the fence. A job goes in; out come how it ended, its events and its files."""

import asyncio
import json
import logging
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from callsheet.disk import disk_errors
from callsheet.errors import SetupIncomplete, StageUnavailable
from callsheet.fence.job import FenceLimits, FencePolicy, Job
from callsheet.fence.launch import COMPLAINT
from callsheet.fence.sandbox_spec import job_order, setting_order, work_folder
from callsheet.fence.supervisor_client import Guard, guard
from callsheet.watchdog import allowed, report_progress

logger = logging.getLogger(__name__)

Event = dict[str, Any]


# SIGKILL, as we see it, and as bwrap passes it on.
KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)


class Reason(StrEnum):
    """Why a job is over."""

    EXITED = "exited"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    REFUSED = "refused"
    """It sent or wrote something that may not pass."""
    UNSTARTED = "unstarted"
    HOST = "host"
    """This machine could not take in what it sent, or give it a slot; for example, its disk is full."""


@dataclass(frozen=True)
class Ending:
    """How a job ended. Everything but `reason` and `returncode` comes from untrusted code."""

    reason: Reason
    returncode: int | None
    files: tuple[Path, ...]
    log: str
    detail: str = ""
    """Continues a sentence that begins with “it”, for REFUSED."""
    memory_limited: bool = False
    """Whether a control group bounded the memory; else each process had a separate bound."""

    @property
    def was_killed(self) -> bool:
        """Return whether SIGKILL ended it: limits of memory and time have separate reasons.

        The signal does not say who sent it: its own code, a person, or a machine that ran out of memory.
        """
        return self.reason is Reason.EXITED and self.returncode in KILLED


async def run(job: Job, limits: FenceLimits, folder: Path, on_event: Callable[[Event], None]) -> Ending:
    """Run `job` with `folder`, an empty scratch folder of the caller's, for its results.

    `on_event` gets the job's events when they come. Cancelling ends the job and everything it started.

    Raises:
        SetupIncomplete: what `limits.policy` asks for can't be had on this machine, or its disk is full.
        StageUnavailable: the job did not begin, or its end could not be seen, for another reason.
        StorageUnavailable: the disk does not answer.
    """
    setting = setting_order(job.module, limits, job.files, work_folder(limits, folder), job.packages)
    async with _set(setting, is_early=False) as guard:
        return await _done(guard, job, limits, folder, on_event)


class Standby:
    """A process behind the fence that has imported its module before there is a job for it."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def run(self, job: Job, limits: FenceLimits, folder: Path, on_event: Callable[[Event], None]) -> Ending:
        """Run a job without files, as `run` does, once.

        The walls stand already, with the memory that they allow.
        """
        assert not job.files
        try:
            return await _done(self._guard, job, limits, folder, on_event)
        finally:
            await self._guard.end()


@asynccontextmanager
async def standby(module: str, limits: FenceLimits) -> AsyncIterator[Standby | None]:
    """Yield a process that gets ready inside the block for a job with `module`.

    Yield None if there are no walls to wait in.

    Raises SetupIncomplete as `run` does. Nothing of it is left after the block.
    """
    if work_folder(limits, Path()) is not None:
        yield None
        return
    async with _set(setting_order(module, limits, {}, None), is_early=True) as guard:
        yield Standby(guard)


class Fed:
    """A process behind the fence that has its job, and takes orders as lines until the block ends."""

    def __init__(self, guard: Guard, ending: asyncio.Task[Ending]) -> None:
        self._guard = guard
        self.ending = ending
        """Over when the process is; it raises as `run` does."""

    def tell(self, order: Mapping[str, Any]) -> None:
        """Send the process an order. It may leave 1 MB of them unread."""
        self._guard.tell(order)


@asynccontextmanager
async def fed(job: Job, limits: FenceLimits, folder: Path, on_event: Callable[[Event], None]) -> AsyncIterator[Fed]:
    """Yield a process that runs `job` inside the block, and answers orders by events; else as `run` does.

    Its module has `serve(order, lines, outbox)`.
    """
    work = work_folder(limits, folder)
    setting = setting_order(job.module, limits, job.files, work, job.packages, is_fed=True)
    async with _set(setting, is_early=False) as guard:
        begun = asyncio.Event()
        ending = asyncio.create_task(_done(guard, job, limits, folder, on_event, begun.set))
        beginning = asyncio.create_task(begun.wait())
        try:
            # The supervisor passes on what comes after the process has begun.
            await asyncio.wait([beginning, ending], return_when=asyncio.FIRST_COMPLETED)
            yield Fed(guard, ending)
        finally:
            beginning.cancel()
            ending.cancel()
            await asyncio.wait([beginning, ending])


@dataclass
class _Heard:
    """What the supervisor has reported so far."""

    on_event: Callable[[Event], None]
    on_begin: Callable[[], object]
    has_slot: bool = False
    has_begun: bool = False
    ended: dict[str, Any] | None = None

    def take(self, line: bytes) -> None:
        report_progress()
        match json.loads(line):
            case {"slot": True}:
                self.has_slot = True
            case {"said": {"event": "started"}} if not self.has_begun:
                self.has_begun = True
                self.on_begin()
            case {"said": dict(event)}:
                self.on_event(event)
            case {"ended": dict(ended)}:
                self.ended = ended


@asynccontextmanager
async def _set(setting: dict[str, Any], *, is_early: bool) -> AsyncIterator[Guard]:
    """Yield a supervisor that knows the setting, inside the block."""
    async with guard() as started:
        started.tell({**setting, "is_early": is_early})
        yield started


async def _done(
    guard: Guard,
    job: Job,
    limits: FenceLimits,
    folder: Path,
    on_event: Callable[[Event], None],
    on_begin: Callable[[], object] = lambda: None,
) -> Ending:
    if limits.policy is FencePolicy.UNSAFE_NONE:
        logger.warning("Scene code runs without any fence (CALLSHEET_FENCE=unsafe-none): it can do what you can.")
    guard.tell(job_order(job, limits, folder))
    heard = _Heard(on_event, on_begin)
    with allowed():  # for a slot: its holder has a limit of time
        async for line in guard.lines:
            heard.take(line)
            if heard.has_slot:
                break
    with allowed(limits.timeout_s):
        async for line in guard.lines:
            heard.take(line)
        await guard.wait_for_end()
    if heard.ended is None:
        raise StageUnavailable("The supervisor of the render process ended early; try again.")
    if heard.ended["reason"] == Reason.HOST:
        _raise_fault(heard.ended)
    ending = _ending(heard.ended, folder)
    if not heard.has_begun:
        _raise_unstarted(ending)
    return ending


def _ending(ended: dict[str, Any], folder: Path) -> Ending:
    return Ending(
        reason=Reason(ended["reason"]),
        returncode=ended["returncode"],
        files=tuple(folder / name for name in ended["files"]),
        log=ended["log"],
        detail=ended["detail"],
        memory_limited=bool(ended.get("memory_limited")),
    )


def _raise_fault(ended: dict[str, Any]) -> None:
    number, place = ended["fault"]["errno"], Path(ended["fault"]["place"])
    try:
        with disk_errors(place if place.is_dir() else place.parent):
            raise OSError(number, ended["detail"], str(place))
    except OSError as error:
        raise StageUnavailable(f"The render process could not be guarded: {error}") from error


# What bwrap says, in part, if the machine forbids something, and what to do about it.
_REMEDIES = (
    ("Unknown option", "bubblewrap 0.8 or newer is needed"),
    ("uid map", "allow unprivileged user namespaces (on Ubuntu: an AppArmor profile for bwrap)"),
    ("namespace", "allow unprivileged user namespaces, or render in a container that you trust as the fence"),
    ("private view", "run the worker as an ordinary user, not as root in a container"),
    ("closed to user", "run the worker as an ordinary user, or from folders that everyone can read"),
)


def _raise_unstarted(ending: Ending) -> None:
    complaint = (ending.log.strip() or ending.detail).split("\n")[0]
    if not complaint.startswith(("bwrap: ", COMPLAINT)):
        raise StageUnavailable(f"The render process ended before it began: {complaint or ending.reason}")
    complaint = complaint.split(": ", 1)[1]
    remedy = next((remedy for part, remedy in _REMEDIES if part in complaint), "docs/fence.md tells what it needs")
    raise SetupIncomplete(f"The fence around scene code can't be built here ({complaint}): {remedy}.", "fence")
