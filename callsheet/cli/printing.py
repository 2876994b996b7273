"""Where words go: standard output carries the result alone, so that scripts can read it; the rest is for the eye."""

import json
from collections.abc import Mapping

import typer
from rich.console import Console

# Standard error: how a run goes on, hints and failures.
eye = Console(stderr=True, highlight=False, emoji=False)

# A table in a pipe is as wide as it needs to be; a terminal says how wide it is.
PIPE_WIDTH = 200


def print_json(facts: Mapping[str, object]) -> None:
    """One JSON object on a line of its own."""
    typer.echo(json.dumps(facts, ensure_ascii=False))


def wide_console() -> Console:
    """Standard output for tables: the terminal, or something as wide as a table needs."""
    console = Console(highlight=False, emoji=False)
    return console if console.is_terminal else Console(highlight=False, emoji=False, width=PIPE_WIDTH)
