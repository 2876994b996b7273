"""`callsheet watch RUN`: show an active run, for the eye or as one JSON object a line."""

import asyncio
from contextlib import suppress

import typer

from callsheet.cli import live_view
from callsheet.cli.control import RunArgument
from callsheet.cli.failures import RunFailed, sentences
from callsheet.cli.printing import eye
from callsheet.cli.run_and_wait import told_of
from callsheet.cli.servers import running_server
from callsheet.errors import CallsheetError, InvalidRequest, TransientError
from callsheet.model.run.runs import EventKind, Run, RunEvent, RunStatus


def watch(
    run: RunArgument,
    as_json: bool = typer.Option(False, "--json", help="Print each event as one JSON object a line."),
) -> None:
    """Show a run until it is over. Exit code 0 only if it completed; Ctrl-C leaves it active."""
    with sentences(as_json, speaks_itself=as_json), running_server():
        if as_json:
            event = asyncio.run(_print_events(run))
            if event is None or event.kind is not EventKind.COMPLETED:  # the printed event says why
                raise typer.Exit(1)
        else:
            last = asyncio.run(_show(run))
            _check(last)
            _tell_of_film(last)


async def _show(run: str) -> RunStatus:
    from callsheet import client

    found: Run = await client.find_run(run)
    eye.print(f"{found.short_id} {found.name}: {found.ui_url}", soft_wrap=True, markup=False)
    return await live_view.show(found.id)


async def _print_events(run: str) -> RunEvent | None:
    from callsheet import client

    last = None
    async for event in client.watch(run):
        typer.echo(event.model_dump_json(exclude_defaults=True))
        last = event
    return last


def _tell_of_film(status: RunStatus) -> None:
    """Print where the film is, how it was written, and what it cost."""
    from callsheet import client
    from callsheet.model.run.cost import usd_words

    with suppress(InvalidRequest, TransientError):
        film = asyncio.run(client.film(status.run_id))
        with suppress(CallsheetError):  # this machine may be unable to read the results of a run on another one
            for sentence in told_of(asyncio.run(client.result(status.run_id))):
                eye.print(sentence, markup=False, soft_wrap=True)
        if status.spent_usd:
            eye.print(f"Paid: {usd_words(status.spent_usd)}")
        typer.echo(film.place)


def _check(status: RunStatus) -> None:
    if not status.is_completed:
        raise RunFailed(f"The run ended as {status.state}: {status.message}")
