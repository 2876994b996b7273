"""Which Prefect server a command talks to. What a server needs is imported when one is asked for."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from callsheet.errors import SetupIncomplete

# How often a command asks a server again that is unwell. Prefect's own five times take a minute, in silence.
RETRIES = 1


def named_server() -> str | None:
    """The Prefect server that the environment or the active Prefect profile names."""
    from prefect.settings import PREFECT_API_URL  # a second of imports

    url = PREFECT_API_URL.value()
    return str(url) if url else None


@contextmanager
def prefect_server(say: Callable[[str], None]) -> Iterator[bool]:
    """Talk to the server that is named, to the one that runs here, or to one for the length of the block.

    Gives whether it was started for this block.

    Raises:
        SetupIncomplete: one would have to be started, and can't be; the message says why.
    """
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    if named_server():
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: RETRIES}):
            yield False
        return

    from callsheet import embedded
    from callsheet.embedded.supervisor import project_dir
    from callsheet.settings import settings

    is_running = embedded.running(settings()) is not None
    if not is_running:
        project_dir()
        say("Starting a Prefect server for this run; `callsheet up` keeps one running.")
    with embedded.started(settings()) as services, temporary_settings({PREFECT_API_URL: services.api_url}):
        yield not is_running


@contextmanager
def running_server() -> Iterator[None]:
    """Talk to the server that is named, or to the one that runs here. None is started: it would have no runs.

    Raises:
        SetupIncomplete: there is neither.
    """
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    if named_server():
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: RETRIES}):
            yield
        return

    from callsheet import embedded
    from callsheet.settings import settings

    services = embedded.running(settings())
    if services is None:
        raise SetupIncomplete(
            "No Prefect server runs here; start one with `callsheet up`, or set PREFECT_API_URL to one that runs.",
            missing="Prefect server",
        )
    with temporary_settings({PREFECT_API_URL: services.api_url}):
        yield


def keep_until_over(run_id: object) -> None:
    """Let a server that was started for one command stay until this run is over, without the command.

    Returns when another process counts as the server's user; see `callsheet.cli.linger`.
    """
    from callsheet.embedded.process import start_piped

    lingering = start_piped((sys.executable, "-m", "callsheet.cli.linger", str(run_id)), {}, Path.cwd())
    assert lingering.stdout
    lingering.stdout.readline()
