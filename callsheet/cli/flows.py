"""`callsheet flows`: the flows of this checkout, broken ones, and deployed ones.

This program imports no flow: a separate process of the checkout reads them.
"""

import asyncio
import sys
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from callsheet.cli.control import JsonOption
from callsheet.cli.failures import FAILED, sentences
from callsheet.cli.printing import print_json, wide_console
from callsheet.cli.servers import running_server
from callsheet.errors import SetupIncomplete
from callsheet.model.deployed import Discovery

LINES_SHOWN = 15


def flows(
    deploy: Annotated[bool, typer.Option("--deploy", help="Register them with the server first.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the flows of this checkout, and the flow files that are broken.

    Exit code 1 if there are any.
    """
    with sentences(as_json):
        if deploy:
            _deploy()
        found, known = _discovered(), _known()
        if as_json:
            _print_json(found, known)
        else:
            _print(found, known)
        if found.broken:
            raise typer.Exit(FAILED)


def _discovered() -> Discovery:
    from callsheet.embedded.process import output_of
    from callsheet.embedded.supervisor import project_dir

    answer = output_of((sys.executable, "-m", "deployments.discover"), project_dir())
    if answer is None:
        raise SetupIncomplete("flows/ can't be read; `python -m deployments.discover` says why.", "deployments")
    return Discovery.model_validate_json(answer)


def _known() -> frozenset[str] | None:
    """Return the names of the deployments that the server knows; None if no server runs."""
    try:
        with running_server():
            from callsheet import client

            return frozenset(each.name for each in asyncio.run(client.list_flows()))
    except SetupIncomplete:
        return None


def _deploy() -> None:
    """Run the checkout's registration of its deployments with the active server.

    Raises:
        SetupIncomplete: no server is active, or the registration failed.
    """
    from callsheet.embedded.process import start_piped
    from callsheet.embedded.supervisor import project_dir
    from callsheet.settings import settings

    project = project_dir()
    with running_server():
        from prefect.settings import PREFECT_API_URL

        argv = (sys.executable, "-m", "deployments.apply")
        log = settings().home / "logs" / "deploy.log"
        registration = start_piped(argv, {"PREFECT_API_URL": str(PREFECT_API_URL.value())}, project, log)
        said, _ = registration.communicate()
    if registration.returncode != 0:
        tail = "\n".join(said.splitlines()[-LINES_SHOWN:])
        raise SetupIncomplete(f"Callsheet could not deploy the flows; the log is {log}\n{tail}".strip())


def _print_json(found: Discovery, known: frozenset[str] | None) -> None:
    flows = [
        {**each.model_dump(mode="json"), "deployed": None if known is None else each.name in known}
        for each in found.deployments
    ]
    broken = [each.model_dump(mode="json") for each in found.broken]
    print_json({"ok": not broken, "flows": flows, "broken": broken})


def _print(found: Discovery, known: frozenset[str] | None) -> None:
    table = Table("Flow", "Deployed", "Takes", "Runs by itself", "What it does", box=None, pad_edge=False)
    for each in found.deployments:
        is_there = "yes" if each.name in (known or ()) else "no: `callsheet flows --deploy`"
        on_server = "?" if known is None else is_there
        cells = (each.name, on_server, ", ".join(each.parameters), each.schedule, each.description)
        table.add_row(*map(Text, cells))
    console = wide_console()
    console.print(table)
    for broken in found.broken:
        typer.secho(str(broken), fg="red", err=True)
