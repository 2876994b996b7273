"""The supervisor and the users of a home's embedded server: two locks, and the file that describes the server."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from callsheet.errors import SetupIncomplete
from callsheet.local_server import STATE_FILE, RunningServices, running
from callsheet.processes import started_at_ticks
from callsheet.settings import Settings

LOCK_FILE = "up.lock"
USERS_FILE = "up.users"


class AlreadyRunning(SetupIncomplete):
    """Another supervisor has this home. `services` is None while it is still starting."""

    def __init__(self, services: RunningServices | None) -> None:
        super().__init__(_where(services), "")
        self.args = (services,)
        self.services = services

    def __str__(self) -> str:
        return _where(self.services)


@contextmanager
def sole_supervisor(settings: Settings) -> Iterator[None]:
    """Hold the home's lock. The kernel frees it however this process ends.

    Raises:
        AlreadyRunning: another supervisor holds it.
    """
    with _open_lock(settings.home / LOCK_FILE) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(running(settings)) from None
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()} {started_at_ticks(os.getpid())}".encode())
        yield


def supervisor_of(settings: Settings) -> tuple[int, int] | None:
    """Return process number and start of this home's supervisor; None if there is none.

    They are known from the first moment on, before the server is ready.
    """
    if not is_held(settings):
        return None
    try:
        pid, ticks = map(int, (settings.home / LOCK_FILE).read_text(encoding="utf-8").split())
    except (OSError, ValueError):  # it has the lock, and has not written yet
        return None
    return pid, ticks


def is_held(settings: Settings) -> bool:
    """Return whether this home has a supervisor: one that is starting, ready or stopping."""
    return _is_locked(settings.home / LOCK_FILE)


@contextmanager
def counted_as_user(settings: Settings) -> Iterator[None]:
    """Count the block as a user: a server for commands does not stop while it has users."""
    with _open_lock(settings.home / USERS_FILE) as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def has_users(settings: Settings) -> bool:
    """Return whether a command is in `counted_as_user`."""
    return _is_locked(settings.home / USERS_FILE)


def retire(settings: Settings) -> bool:
    """Hide the server from commands, unless one uses it; return whether it is hidden.

    No command can come in between: a command is counted as a user before it looks for the server.
    """
    with _open_lock(settings.home / USERS_FILE) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        (settings.home / STATE_FILE).unlink(missing_ok=True)
    return True


@contextmanager
def announced(services: RunningServices, settings: Settings) -> Iterator[None]:
    """Let `running` find `services` inside the block; the file appears whole or not at all."""
    path = settings.home / STATE_FILE
    draft = path.with_suffix(".draft")
    draft.write_text(services.model_dump_json(indent=2), encoding="utf-8")
    draft.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _is_locked(path: Path) -> bool:
    with _open_lock(path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def _open_lock(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


def _where(services: RunningServices | None) -> str:
    if services is None:
        return "Callsheet is already starting in another process of this home."
    return f"Callsheet is already running as process {services.pid}: {services.ui_url}"
