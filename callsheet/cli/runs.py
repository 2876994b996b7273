"""`callsheet runs` and `callsheet status RUN`: list runs, and show the state of one."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from re import fullmatch
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from callsheet.cli.control import JsonOption, RunArgument
from callsheet.cli.failures import sentences
from callsheet.cli.live_view import STYLES, picture
from callsheet.cli.printing import print_json, wide_console
from callsheet.cli.servers import running_server
from callsheet.errors import InvalidRequest
from callsheet.model.run.cost import usd_words
from callsheet.model.run.runs import Run, RunStatus
from callsheet.model.run.state_names import named_states

if TYPE_CHECKING:
    from callsheet.model.run.runs import Film

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def runs(
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="Only runs in this state: Running, Completed …")
    ] = None,
    flow: Annotated[str, typer.Option(help="Only runs of this flow: generate-video …")] = "",
    owner: Annotated[str, typer.Option(help="Only runs that were started for this owner.")] = "",
    since: Annotated[str, typer.Option(help="Only runs that are no older: 30m, 12h, 7d.", metavar="TIME")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="Most runs to list.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List runs, the newest first."""
    with sentences(as_json):
        begin, states = ago(since, "--since"), named_states(state or (), "--state")
        with running_server():
            from callsheet import client

            wanted = client.list_runs(states=states, flow=flow, owner=owner, since=begin, limit=limit)
            found = asyncio.run(wanted)
        if as_json:
            print_json({"ok": True, "runs": [run.model_dump(mode="json") for run in found]})
        else:
            _print_table(found)


def status(run: RunArgument, as_json: JsonOption = False) -> None:
    """Show the state of a run: each scene, its step and attempt, what went wrong."""
    with sentences(as_json), running_server():
        from callsheet import client

        now = asyncio.run(client.status(run))
        film = asyncio.run(film_of(now))
        if as_json:
            facts = film.model_dump(mode="json", include={"key", "url", "file"}) if film else None
            print_json({"ok": True, "status": now.model_dump(mode="json"), "video": facts})
        else:
            console = wide_console()
            console.print(picture(now, lines=1000))
            if now.spent_usd:
                console.print(f"  paid so far: {usd_words(now.spent_usd)}")
            if now.model_calls_usd:
                console.print(f"  language models: {usd_words(now.model_calls_usd)}")
            if now.footage_usd:
                console.print(f"  footage: {usd_words(now.footage_usd)}")
            if film:
                console.print(f"  film: {film.place}", soft_wrap=True)


async def film_of(status: RunStatus) -> "Film | None":
    """Return the film that a run has made; None for a run without one, or of another kind."""
    from callsheet import client

    if not status.is_completed:
        return None
    with suppress(InvalidRequest):
        return await client.film(status.run_id)
    return None


def ago(length: str, option: str) -> datetime | None:
    """Return the time that is so long ago, as `option` gives it; None for an empty text.

    Raises:
        InvalidRequest: it is no length of time.
    """
    if not length:
        return None
    written = fullmatch(r"(\d{1,6})([mhd])", length)
    if written is None:
        raise InvalidRequest(f"“{length}” is no length of time; write 30m, 12h or 7d", field=option)
    return datetime.now(UTC) - timedelta(**{UNITS[written[2]]: int(written[1])})


def _print_table(found: tuple[Run, ...]) -> None:
    table = Table("Run", "Kind", "Title", "State", "Started", "Took", "Owner", box=None, pad_edge=False)
    for run in found:
        style = STYLES.get(run.state, "cyan")
        started = f"{run.created_at.astimezone():%Y-%m-%d %H:%M}" if run.created_at else ""
        took = f"{(run.ended_at - run.created_at).total_seconds():.0f} s" if run.created_at and run.ended_at else ""
        table.add_row(
            run.short_id,
            Text(run.kind),
            Text(run.name),
            Text(run.state, style),
            started,
            took,
            Text(run.owner),
        )
    console = wide_console()
    console.print(table if found else "There are no such runs.")
