"""`callsheet gateway`: serve stored media and the HTTP API, for a Prefect server that runs somewhere else."""

import asyncio
import os
import sys
from typing import Annotated

import typer

from callsheet.cli.failures import sentences
from callsheet.errors import InvalidRequest

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def gateway(
    host: Annotated[str, typer.Option(help="Address to listen at. Beyond this machine, each caller needs a token.")] = (
        LOOPBACK[0]
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 4280,
) -> None:
    """Serve stored media and the HTTP API until Ctrl-C. `callsheet up` does so, too."""
    with sentences(speaks_itself=True):
        if host not in LOOPBACK:
            _check_tokens(host)
        typer.echo(f"HTTP API      http://{host}:{port}/api/v1")
        # The gateway is a program that stands beside the command line: it takes the place of this process.
        os.execv(sys.executable, [sys.executable, "-m", "callsheet.gateway", str(port), host])


def _check_tokens(host: str) -> None:
    from callsheet import client

    if not asyncio.run(client.list_tokens()):
        raise InvalidRequest(
            f"{host} can be reached from other machines, and there is no token yet; make one with "
            "`callsheet token add OWNER`",
            field="--host",
        )
