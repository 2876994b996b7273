"""`callsheet webhook deliver RUN | test | secret`."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import typer

from callsheet.cli.control import JsonOption, RunArgument
from callsheet.cli.failures import RunFailed, sentences
from callsheet.cli.plain_help import PlainCommand, PlainGroup
from callsheet.cli.printing import print_json
from callsheet.cli.servers import running_server
from callsheet.model.run.runs import Run, RunStatus
from callsheet.notify import new_secret

webhook = typer.Typer(
    cls=PlainGroup,
    help="Deliver the webhook of a run again, test the addresses, make a secret.",
    add_completion=False,
)


@webhook.command(cls=PlainCommand)
def deliver(run: RunArgument, as_json: JsonOption = False) -> None:
    """Post the result of a finished run once more, under the same delivery id."""
    with sentences(as_json), running_server():
        from callsheet import client

        _tell(asyncio.run(_deliver(client.deliver_again(run))), as_json)


@webhook.command(cls=PlainCommand)
def test(as_json: JsonOption = False) -> None:
    """Post a ping to every address from the machine that delivers, and name those that took it."""
    with sentences(as_json), running_server():
        from callsheet import client

        _tell(asyncio.run(_deliver(client.ping_webhooks())), as_json)


@webhook.command(cls=PlainCommand)
def secret() -> None:
    """Print a new secret: for CALLSHEET_WEBHOOK_SECRET here, and for the receiver."""
    typer.echo(new_secret())


async def _deliver(order: Coroutine[Any, Any, Run]) -> RunStatus:
    """Run the delivery to its end and return its status."""
    from callsheet import client

    delivering = await order
    async for status in client.follow(delivering):
        last = status
    if not last.is_completed:
        raise RunFailed(f"Not delivered: {last.message}")
    return last


def _tell(status: RunStatus, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, "delivery": status.message})
    else:
        typer.echo(status.message)
