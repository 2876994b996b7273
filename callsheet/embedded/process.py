"""Programs of the embedded server: start, watch and stop them. Only this module starts them.

Every child leads a separate session: Ctrl-C in a terminal reaches the supervisor alone, which then stops its children
in order. If the supervisor is killed, the kernel signals the children that ask for it (`dies_by`), and Python services
see their standard input close (see `callsheet.embedded.service_main`).
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from callsheet.embedded.process_tree import end_descendants
from callsheet.errors import SetupIncomplete

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOG_TAIL_BYTES = 8_000
# To a guarded service: what it waits for is ready.
GO = b"go\n"


@dataclass(frozen=True)
class Command:
    """A program, and how to run and stop it."""

    name: str
    argv: tuple[str, ...]
    log: Path
    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that are added to the supervisor's own."""
    user: str | None = None
    """The system user to run as, if the supervisor is root."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 10
    dies_by: signal.Signals | None = None
    """The signal that the kernel sends when the supervisor is gone."""


# A program that the supervisor talks with by its standard streams.
Piped = subprocess.Popen[str]


class ProgramFailed(SetupIncomplete):
    """A program ended unexpectedly."""

    def __init__(self, name: str, returncode: int, log: Path, log_tail: str) -> None:
        super().__init__(name)
        self.args = (name, returncode, log, log_tail)
        self.log_tail = log_tail

    def __str__(self) -> str:
        name, returncode, log, _ = self.args
        how = (
            f"ended with code {returncode}" if returncode >= 0 else f"was killed by {signal.Signals(-returncode).name}"
        )
        return f"{name} {how}; its log is {log}"


class Child:
    """A running program."""

    def __init__(self, command: Command, process: asyncio.subprocess.Process) -> None:
        self.command = command
        self._process = process

    @classmethod
    async def start(cls, command: Command) -> Self:
        """Start `command`. A new log replaces the last one, which is kept beside it."""
        command.log.parent.mkdir(parents=True, exist_ok=True)
        if command.log.exists():
            command.log.replace(command.log.with_suffix(".previous.log"))
        with command.log.open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *command.argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=command.cwd,
                env={**os.environ, **command.environment},
                start_new_session=True,
                preexec_fn=_before_exec(command),
                **_identity(command.user),
            )
        return cls(command, process)

    @property
    def pid(self) -> int:
        """Return its process number."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Return whether it has not ended yet."""
        return self._process.returncode is None

    def go(self) -> None:
        """Tell a guarded service that what it waits for is ready."""
        assert self._process.stdin
        self._process.stdin.write(GO)

    async def wait(self) -> int:
        """Wait for its end; return the exit code."""
        return await self._process.wait()

    async def succeed(self) -> None:
        """Wait for its end.

        Raises:
            ProgramFailed: its exit code is not 0.
        """
        if await self.wait() != 0:
            raise self.failure()

    def failure(self) -> ProgramFailed:
        """Return what to say of a child that ended without a stop."""
        code = self._process.returncode
        return ProgramFailed(self.command.name, -1 if code is None else code, self.command.log, self.log_tail())

    def log_tail(self) -> str:
        """Return the end of what it wrote."""
        with self.command.log.open("rb") as log:
            log.seek(max(0, self.command.log.stat().st_size - LOG_TAIL_BYTES))
            return log.read().decode(errors="replace")

    async def stop(self) -> None:
        """Ask it to end and wait; after the time limit, kill it with all its descendants."""
        if self.is_running:
            self._process.send_signal(self.command.stop_signal)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), self.command.stop_timeout_s)
        if self.is_running:
            end_descendants(self.pid)
            self._process.kill()
        await self._process.wait()


async def run(command: Command) -> None:
    """Run a program to its end.

    Raises:
        ProgramFailed: its exit code is not 0.
    """
    child = await Child.start(command)
    try:
        await child.succeed()
    finally:
        await child.stop()


def output_of(argv: tuple[str, ...], cwd: Path | None = None, user: str | None = None) -> str | None:
    """Return the standard output of a short program, run as `user`; None if it is missing or fails."""
    try:
        finished: subprocess.CompletedProcess[str] = subprocess.run(
            argv, capture_output=True, check=True, text=True, timeout=30, cwd=cwd, **_identity(user)
        )
        return finished.stdout
    except (OSError, subprocess.SubprocessError):
        return None


def start_piped(argv: tuple[str, ...], environment: Mapping[str, str], cwd: Path, log: Path) -> Piped:
    """Start a program that reports on standard output; its standard error goes into `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as errors:  # a file: the program may outlive this process, and must not hold its reader's pipe
        return subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=cwd,
            env={**os.environ, **environment},
            start_new_session=True,
        )


def _before_exec(command: Command) -> Callable[[], None] | None:
    if command.dies_by is None:
        return None
    number, supervisor = command.dies_by, os.getpid()
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def die_with_supervisor() -> None:
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != supervisor:
            os._exit(1)

    return die_with_supervisor


def _identity(user: str | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def starts_well(argv: tuple[str, ...], within_s: float) -> bool:
    """Start a program for the person, without its output; return False if it soon fails."""
    nowhere = subprocess.DEVNULL
    started = subprocess.Popen(argv, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
    try:
        return started.wait(within_s) == 0
    except subprocess.TimeoutExpired:  # it has started to show its document
        return True
