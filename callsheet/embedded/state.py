"""Who runs the embedded server of a home, and where to reach it: one lock, and one file for everybody who asks."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import AliasChoices, Field, ValidationError

from callsheet.errors import SetupIncomplete
from callsheet.model.values import Value
from callsheet.processes import started_at_ticks
from callsheet.settings import Settings

STATE_FILE = "up.json"
LOCK_FILE = "up.lock"
USERS_FILE = "up.users"


class RunningServices(Value):
    """An embedded server that is ready for work."""

    pid: int
    """The supervisor's."""
    pid_started_at_ticks: int = Field(validation_alias=AliasChoices("pid_started_at_ticks", "pid_age_ticks"))
    """When that process started, so that another one with the same number is not taken for it. A server of an earlier
    version, which may still run, has it under the second name."""
    api_url: str
    ui_url: str
    media_url: str
    database: str
    """What keeps the state, in words: PostgreSQL 15, or SQLite."""
    started_at: datetime


class AlreadyRunning(SetupIncomplete):
    """Another supervisor has this home. `services` is None while it is still starting."""

    def __init__(self, services: RunningServices | None) -> None:
        super().__init__(_where(services), "")
        self.args = (services,)
        self.services = services

    def __str__(self) -> str:
        return _where(self.services)


def running(settings: Settings) -> RunningServices | None:
    """The embedded server of this home, if it is up and ready."""
    try:
        services = RunningServices.model_validate_json((settings.home / STATE_FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    return services if started_at_ticks(services.pid) == services.pid_started_at_ticks else None


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
        yield


@contextmanager
def counted_as_user(settings: Settings) -> Iterator[None]:
    """A server that was started for one command is not stopped while another command is in here."""
    with _open_lock(settings.home / USERS_FILE) as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def has_users(settings: Settings) -> bool:
    """Whether some command is in `counted_as_user`."""
    with _open_lock(settings.home / USERS_FILE) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


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
