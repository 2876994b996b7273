"""`callsheet up`: run the embedded server in the foreground; `callsheet down`: stop it."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from callsheet.cli.failures import sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.servers import named_server

if TYPE_CHECKING:
    from callsheet.local_server import RunningServices

LOG_LINES_SHOWN = 15


def up() -> None:
    """Keep database, Prefect server, media and runner running until Ctrl-C, or until `callsheet down`."""
    with sentences(speaks_itself=True), tidying_up():
        named = named_server()
        if named:
            typer.echo(f"PREFECT_API_URL names the server {named}: Callsheet uses it and starts none here.")
            return
        from callsheet import embedded
        from callsheet.disk import check_home
        from callsheet.embedded.process import ProgramFailed
        from callsheet.embedded.supervisor import project_dir
        from callsheet.settings import settings

        check_home(settings().home, to_write=True)
        project_dir()
        began = time.monotonic()
        running = embedded.running(settings())
        if running and running.lingers_s is not None and embedded.retire(settings()):
            typer.echo("A server that a command started runs. Callsheet stops it and starts this one instead.")
            embedded.stop(settings())
        try:
            asyncio.run(embedded.supervise(settings(), typer.echo, _say_ready(began)))
        except ProgramFailed as error:
            typer.echo("\n".join(error.log_tail.splitlines()[-LOG_LINES_SHOWN:]), err=True)
            raise


def down() -> None:
    """Stop the server of this home, whichever command started it.

    Its runs continue when a server runs again.
    """
    from callsheet import embedded
    from callsheet.settings import settings

    with sentences():
        running = embedded.running(settings())
        if not embedded.stop(settings()):
            typer.echo(f"No server runs for the home {settings().home}.")
        else:
            typer.echo(f"Stopped {running.ui_url}." if running else "Stopped the server that was starting.")


def _say_ready(began: float) -> "Callable[[RunningServices], None]":
    from callsheet.settings import settings

    def say(services: "RunningServices") -> None:
        took_s = time.monotonic() - began
        typer.echo(f"Ready after {took_s:.1f} s: {services.ui_url}. Its home is {settings().home}. Stop with Ctrl-C.")

    return say
