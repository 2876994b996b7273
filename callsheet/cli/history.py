"""`callsheet history`: sum up runs and their steps over a window."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from callsheet.cli.control import JsonOption
from callsheet.cli.failures import sentences
from callsheet.cli.printing import print_json, wide_console
from callsheet.cli.runs import ago
from callsheet.cli.servers import running_server
from callsheet.model.run.history import History
from callsheet.model.run.history_tables import Row, flow_rows, run_rows, step_rows, title


def history(
    since: Annotated[str, typer.Option(help="Start of the window, so long ago: 30m, 12h, 7d.", metavar="TIME")] = "7d",
    until: Annotated[str, typer.Option(help="End of the window, so long ago; without it, now.", metavar="TIME")] = "",
    flow: Annotated[str, typer.Option(help="Only runs of this flow; upkeep counts only if you name it.")] = "",
    owner: Annotated[str, typer.Option(help="Only runs that were started for this owner.")] = "",
    runs: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="How many of the latest runs to list one by one.")
    ] = 10,
    as_json: JsonOption = False,
) -> None:
    """Sum up runs and steps: how long they took, what they cost, how they ended.

    The sums include each try of a step.
    """
    with sentences(as_json):
        begin, end = ago(since, "--since"), ago(until, "--until")
        with running_server():
            from callsheet import client

            wanted = client.history(since=begin, until=end, flow=flow, owner=owner, latest_at_most=runs)
            found = asyncio.run(wanted)
        if as_json:
            print_json({"ok": True, "history": found.model_dump(mode="json")})
        else:
            _print(found)


def _print(found: History) -> None:
    console = wide_console()
    console.print(title(found), style="bold")
    for rows in (flow_rows(found), step_rows(found), run_rows(found)):
        if rows:
            _print_table(console, rows)


def _print_table(console: Console, rows: list[Row]) -> None:
    """Print only the columns that have a value: most windows have no crash and no footage."""
    shown = [heading for heading in rows[0] if any(row[heading] for row in rows)]
    table = Table(*(heading.capitalize() for heading in shown), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(row[heading]) for heading in shown))
    console.print()
    console.print(table)
