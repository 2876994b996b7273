"""The Prefect server of a command; a server's imports wait until a command needs one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from callsheet.cli.interruption import leaving_at_once
from callsheet.cli.printing import eye
from callsheet.errors import InvalidRequest, SetupIncomplete
from callsheet.imports import lasting_imports
from callsheet.surroundings import prefect_may_be_set_up

if TYPE_CHECKING:
    from callsheet.local_server import RunningServices

# How many times a command asks an unwell server again. Prefect's five times take a minute, in silence.
RETRIES = 1


def named_server() -> str | None:
    """Return the API address that the environment or the active Prefect profile names.

    Raises:
        InvalidRequest: the value is no such address; the message says what is missing.
    """
    if "prefect" not in sys.modules and not prefect_may_be_set_up():
        return None  # Prefect takes a second to import
    from prefect.settings import PREFECT_API_URL

    url = PREFECT_API_URL.value()
    if not url:
        return None
    parts = urlsplit(str(url))
    if parts.netloc and not parts.path.strip("/"):
        whole = f"{str(url).rstrip('/')}/api"
        raise InvalidRequest(f"“{url}” is the address of a UI; its API is at {whole}", "PREFECT_API_URL")
    return str(url)


@contextmanager
def prefect_server() -> Iterator[float | None]:
    """Use the server that is named or runs here, or start one for this command.

    The client is imported here, while the programs of a new server import what they need.

    Yield the seconds that the server stays after its last use; None if it stays without a limit.

    Raises:
        SetupIncomplete: the command must start a server and can't; the message says why.
    """
    if named_server():
        with leaving_at_once():
            _import_client()
        from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: RETRIES}):
            yield None
        return

    from callsheet import embedded
    from callsheet.disk import check_home
    from callsheet.embedded.supervisor import project_dir
    from callsheet.settings import settings

    if embedded.running(settings()) is None:
        check_home(settings().home, to_write=True)
        project_dir()
        _say(f"Starting a Prefect server. {how_long_it_stays(settings().linger_s)}")
    with embedded.started(settings(), _say, _import_client) as services:
        with leaving_at_once():
            _import_client()
        from prefect.settings import temporary_settings

        from callsheet.server.connection import settings_for

        with temporary_settings(settings_for(services)):
            yield services.lingers_s


def _import_client() -> None:
    with lasting_imports():
        import_module("callsheet.client")


def _say(line: str) -> None:
    eye.print(line, soft_wrap=True, markup=False)


def how_long_it_stays(lingers_s: float) -> str:
    """Return a sentence on how long a server stays that a command has started."""
    if lingers_s == 0:
        return "The server stops when nothing needs it; `callsheet up` keeps one running."
    time = f"{lingers_s / 60:.0f} min" if lingers_s >= 60 else f"{lingers_s:g} s"
    return (
        f"The server stays for {time} after its last use; `callsheet down` stops it, `callsheet up` keeps one running."
    )


@contextmanager
def running_server() -> Iterator[None]:
    """Use the server that is named or runs here. Start none: a new one would have no runs.

    Raises:
        SetupIncomplete: no server is named, and none runs here.
    """
    if named_server():
        from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: RETRIES}):
            yield
        return

    from callsheet.embedded.state import counted_as_user
    from callsheet.settings import settings

    services = running_here()  # imported before Prefect, which takes a second
    from prefect.settings import temporary_settings

    from callsheet.server.connection import settings_for

    with counted_as_user(settings()), temporary_settings(settings_for(services)):
        yield


def running_here() -> "RunningServices":
    """Return the embedded server of this home.

    Raises:
        SetupIncomplete: no server runs, or the home can't be used.
    """
    from callsheet.disk import check_home
    from callsheet.local_server import running
    from callsheet.settings import settings

    check_home(settings().home)
    services = running(settings())
    if services is None:
        raise SetupIncomplete(
            f"No Prefect server runs for the home {settings().home}; start one with `callsheet up`, or set "
            "PREFECT_API_URL to one that runs.",
            missing="Prefect server",
        )
    return services
