"""`callsheet share RUN` and `callsheet unshare RUN [ID]`: links that play one video without a token."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.control import JsonOption, RunArgument
from callsheet.cli.failures import sentences
from callsheet.cli.printing import print_json
from callsheet.cli.servers import running_server

if TYPE_CHECKING:
    from callsheet.client import Share


def share(
    run: RunArgument,
    days: Annotated[
        float | None, typer.Option(min=0.01, max=3650, help="How long the link works. Without it, until it is revoked.")
    ] = None,
    list_links: Annotated[bool, typer.Option("--list", help="List the links of the run instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a link that plays the video of a run without a token.

    It is printed once: only its digest is kept. `callsheet unshare RUN` revokes it.
    """
    with sentences(as_json), running_server():
        from callsheet import client
        from callsheet.local_server import running
        from callsheet.settings import settings

        if list_links:
            kept = asyncio.run(client.list_shares(run))
            if as_json:
                print_json({"ok": True, "links": [_told(each) for each in kept]})
            else:
                typer.echo("\n".join(map(_line, kept)) or "no links")
            return
        token, made = asyncio.run(client.share(run, lasts=None if days is None else timedelta(days=days)))
        services = running(settings())
        link = f"{services.gateway_url.rstrip('/') if services else ''}/s/{token}"
        if as_json:
            print_json({"ok": True, **_told(made), "link": link})
        else:
            typer.echo(link)


def unshare(
    run: RunArgument,
    link: Annotated[
        str, typer.Argument(metavar="ID", help="One link, as `callsheet share RUN --list` shows it; empty: all.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Revoke the links of a run, or one of them. Their pages are gone at once."""
    with sentences(as_json), running_server():
        from callsheet import client

        async def revoke() -> list[client.Share]:
            ids = [link] if link else [each.id for each in await client.list_shares(run)]
            return [await client.revoke_share(run, each) for each in ids]

        revoked = asyncio.run(revoke())
    if as_json:
        print_json({"ok": True, "revoked": [_told(each) for each in revoked]})
    else:
        typer.echo(f"Revoked {len(revoked)} {'link' if len(revoked) == 1 else 'links'}.")


def _line(kept: "Share") -> str:
    until = f", until {kept.expires_at:%Y-%m-%d %H:%M} UTC" if kept.expires_at else ""
    return f"{kept.id}  {kept.created_at:%Y-%m-%d %H:%M} UTC{until}"


def _told(kept: "Share") -> dict[str, str | None]:
    expires_at = kept.expires_at.isoformat() if kept.expires_at else None
    return {
        "id": kept.id,
        "run_id": str(kept.run_id),
        "created_at": kept.created_at.isoformat(),
        "expires_at": expires_at,
    }
