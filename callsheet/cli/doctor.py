"""`callsheet doctor`: list what is installed, what is missing, and how to fix it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from callsheet.cli.failures import sentences
from callsheet.cli.printing import print_json, wide_console

if TYPE_CHECKING:
    from callsheet.cli.checks import Check

MARKS = {"ok": "[green]ok[/green]", "note": "[yellow]note[/yellow]", "missing": "[red]missing[/red]"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what is installed, what is missing and how to fix it.

    Exit code 1 if something needed is missing.
    """
    with sentences(as_json):
        from callsheet.cli import checks
        from callsheet.settings import settings

        found = checks.all_checks(settings())
    healthy = not any(check.state == "missing" for check in found)
    if as_json:
        print_json({"ok": healthy, "checks": [asdict(check) for check in found]})
    else:
        _print(found, healthy)
    if not healthy:
        raise typer.Exit(1)


def _print(found: "list[Check]", healthy: bool) -> None:
    table = Table("", "What", "Found", "To fix it", box=None, pad_edge=False)
    for check in found:
        table.add_row(
            MARKS[check.state], check.what, *(Text(each, overflow="fold") for each in (check.found, check.remedy))
        )
    console = wide_console()
    console.print(table)
    console.print("\nNothing necessary is missing." if healthy else "\nSomething necessary is missing.")
