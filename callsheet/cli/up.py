"""`callsheet up`: the embedded server in the foreground."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from callsheet.cli.failures import sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.servers import named_server

if TYPE_CHECKING:
    from callsheet.embedded import RunningServices

LOG_LINES_SHOWN = 15


def up() -> None:
    """Keep database, Prefect server, media and runner running until Ctrl-C."""
    named = named_server()
    if named:
        typer.echo(f"PREFECT_API_URL names the server {named}: that one is used, and nothing is started here.")
        return
    from callsheet import embedded
    from callsheet.embedded.process import ProgramFailed
    from callsheet.embedded.supervisor import project_dir
    from callsheet.settings import settings

    with sentences(), tidying_up():
        project_dir()
        try:
            asyncio.run(embedded.supervise(settings(), typer.echo, _say_ready(time.monotonic())))
        except ProgramFailed as error:
            typer.echo("\n".join(error.log_tail.splitlines()[-LOG_LINES_SHOWN:]), err=True)
            raise


def _say_ready(began: float) -> "Callable[[RunningServices], None]":
    def say(services: "RunningServices") -> None:
        typer.echo(f"Ready after {time.monotonic() - began:.1f} s: {services.ui_url}. Stop with Ctrl-C.")

    return say
