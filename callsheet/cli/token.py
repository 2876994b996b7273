"""`callsheet token add OWNER | list | revoke ID`."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from callsheet.cli.control import JsonOption
from callsheet.cli.failures import sentences
from callsheet.cli.plain_help import PlainCommand, PlainGroup
from callsheet.cli.printing import print_json
from callsheet.cli.servers import running_server

token = typer.Typer(
    cls=PlainGroup,
    help="Make a token of the HTTP API for an owner, list the tokens, or revoke one.",
    add_completion=False,
)


@token.command(cls=PlainCommand)
def add(
    owner: Annotated[str, typer.Argument(help="The person or program that asks with it.")],
    admin: Annotated[bool, typer.Option("--admin", help="It sees and controls the runs of all owners.")] = False,
) -> None:
    """Print a new token. Only its digest is kept, so it can't be shown again."""
    with sentences(), running_server():
        from callsheet import client

        typer.echo(asyncio.run(client.add_token(owner, is_admin=admin)))


@token.command(name="list", cls=PlainCommand)
def list_tokens(as_json: JsonOption = False) -> None:
    """List the tokens by their ids."""
    with sentences(as_json), running_server():
        from callsheet import client

        kept = asyncio.run(client.list_tokens())
    if as_json:
        print_json({"tokens": [each.model_dump(mode="json", exclude={"sha256"}) for each in kept]})
        return
    table = Table("Id", "Owner", "Sees", "Made", box=None, pad_edge=False)
    for each in kept:
        sees = "all runs" if each.is_admin else "its owner's runs"
        table.add_row(each.id, each.owner, sees, f"{each.created_at:%Y-%m-%d %H:%M} UTC")
    Console().print(table if kept else "There are no tokens yet; `callsheet token add OWNER` makes one.")


@token.command(cls=PlainCommand)
def revoke(token_id: Annotated[str, typer.Argument(help="Its id, as `callsheet token list` shows it.")]) -> None:
    """Refuse a token from now on; within ten seconds, where it was in use."""
    with sentences(), running_server():
        from callsheet import client

        revoked = asyncio.run(client.revoke_token(token_id))
    typer.echo(f"Revoked {revoked.id} of {revoked.owner}.")
