"""The embedded server of a home for one command: the active one, or a new one that stays for a while."""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from callsheet.embedded import registration
from callsheet.embedded.process import Piped, start_piped
from callsheet.embedded.services import as_environment, setting_digests
from callsheet.embedded.state import counted_as_user, has_users, is_held, retire, supervisor_of
from callsheet.embedded.supervisor import LONGEST_SILENCE_S, project_dir
from callsheet.errors import SetupIncomplete
from callsheet.local_server import RunningServices, running
from callsheet.processes import started_at_ticks
from callsheet.settings import Settings

STOP_TIMEOUT_S = 60
POLL_S = 0.05

Say = Callable[[str], None]


@contextmanager
def started(
    settings: Settings, say: Say = lambda line: None, meanwhile: Callable[[], None] = lambda: None
) -> Iterator[RunningServices]:
    """Yield the embedded server of this home: the active one, or a new one.

    `meanwhile` runs in a thread while a new server gets ready, e.g. for imports.

    The server is a separate process, so Ctrl-C does not reach it. It ends when no command and no run has needed it for
    `settings.linger_s` seconds; with 0, this block waits for its end.

    Raises:
        SetupIncomplete: the server can't be started; the message says why.
    """
    settings = _absolute(settings)
    _retire_outdated(settings, say)
    supervisor = None
    with counted_as_user(settings):
        services = running(settings)
        if services is None:
            argv = (sys.executable, "-m", "callsheet.embedded")
            supervisor = start_piped(argv, as_environment(settings), project_dir(), _log_of(settings))
            # In a thread, so that the lines of `_ready` appear when they are written.
            working = Thread(target=meanwhile, name="meanwhile", daemon=True)
            working.start()
            try:
                services = _ready(supervisor, say, _log_of(settings))
                working.join()
            except KeyboardInterrupt:  # another command that waits for a server of this home starts the next one
                supervisor.terminate()
                supervisor.wait()
                raise
        yield services
    if supervisor and settings.linger_s == 0 and not has_users(settings):
        supervisor.wait()


def stop(settings: Settings) -> bool:
    """Stop the server of this home, even a starting one; return whether it was there.

    The call waits for the end.

    Raises:
        SetupIncomplete: the server does not end.
    """
    deadline_s = time.monotonic() + STOP_TIMEOUT_S
    told = None
    while is_held(settings) or (told and _lives(*told)):
        supervisor = supervisor_of(settings)
        if supervisor and supervisor != told:
            told = supervisor
            _end(*told)
        if time.monotonic() > deadline_s:
            process = f" (process {told[0]})" if told else ""
            raise SetupIncomplete(f"The server{process} does not stop within {STOP_TIMEOUT_S} s.")
        select.select([], [], [], POLL_S)
    return told is not None


def _lives(pid: int, ticks: int) -> bool:
    return started_at_ticks(pid) == ticks


def _end(pid: int, ticks: int) -> None:
    if _lives(pid, ticks):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def _absolute(settings: Settings) -> Settings:
    """Return the same settings for a process with another working directory."""
    catalogue = settings.backfill_catalogue
    paths = {name: value.absolute() for name, value in settings if isinstance(value, Path)}
    changes: dict[str, object] = {
        **paths,
        "home": settings.home.resolve(),
        "backfill_catalogue": str(Path(catalogue).absolute()) if catalogue and "://" not in catalogue else catalogue,
    }
    return settings.model_copy(update=changes)


def _retire_outdated(settings: Settings, say: Say) -> None:
    """End a lingering server with outdated settings or code; say whether it ends or stays."""
    services = running(settings)
    if services is None:
        return
    changed = _changed(services, settings)
    if not changed:
        return
    if services.lingers_s is not None and retire(settings):
        say(f"Starting the server again: {changed} changed since it was started.")
        _end(services.pid, services.pid_started_at_ticks)
        return
    say(f"The server that runs was started before {changed} changed, and still uses the old state.")


def _changed(services: RunningServices, settings: Settings) -> str:
    """Return what has changed since the start of the server, in words; empty if nothing has."""
    if not services.setting_digests:  # of an earlier version, which does not report its settings
        return ""
    then, now = services.setting_digests, setting_digests(settings)
    names = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    if names:
        return ", ".join(names)
    declared = registration.declared(project_dir(), settings)
    return "the code of the flows" if declared and services.declared and declared != services.declared else ""


def _log_of(settings: Settings) -> Path:
    return settings.home / "logs" / "supervisor.log"


def _ready(supervisor: Piped, say: Say, log: Path) -> RunningServices:
    """Pass on the supervisor's lines, until it is ready."""
    assert supervisor.stdout
    began_s = time.monotonic()
    while not select.select([supervisor.stdout], [], [], LONGEST_SILENCE_S)[0]:
        say(f"…             waiting for its process, {time.monotonic() - began_s:.0f} s so far")
    for line in supervisor.stdout:
        match json.loads(line):
            case {"say": str(sentence)}:
                say(sentence)
            case {"ready": facts}:
                return RunningServices.model_validate(facts)
            case {"failed": str(reason), "log_tail": str(log_tail)}:
                raise SetupIncomplete(f"{reason}\n{log_tail}".strip())
    raise SetupIncomplete(f"The embedded server ended before it was ready; its log is {log}")
