"""`callsheet storyboard | approve | reject RUN`: show what a run proposes, and answer it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.control import JsonOption, RunArgument, print_run
from callsheet.cli.failures import sentences
from callsheet.cli.printing import print_json
from callsheet.cli.servers import running_server

if TYPE_CHECKING:
    from callsheet.model.run.kinds import FilmScene

ScenesOption = Annotated[
    Path | None, typer.Option(help="YAML file with the scenes that you want; see `callsheet storyboard`.")
]


def storyboard(
    run: RunArgument,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the run asks for approval.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the scenes of a run that waits for approval, and its estimate.

    You can edit and approve this YAML.
    """
    with sentences(as_json), running_server():
        from callsheet import client
        from callsheet.sources.proposal_file import proposal_text

        if wait:
            asyncio.run(_wait_until_asked(run))
        found = asyncio.run(client.proposal(run))
        if as_json:
            print_json({"ok": True, "proposal": found.model_dump(mode="json", exclude_none=True)})
        else:
            typer.echo(proposal_text(found), nl=False)


def approve(run: RunArgument, scenes: ScenesOption = None, as_json: JsonOption = False) -> None:
    """Let a run make what it proposes, or the scenes of a file in their order."""
    with sentences(as_json):
        changed = _read(scenes) if scenes else None
        with running_server():
            from callsheet import client

            print_run(asyncio.run(client.approve(run, scenes=changed)), "is approved and continues", as_json)


def reject(
    run: RunArgument,
    reason: Annotated[str, typer.Option(help="The reason, for the person who asked for the video.")] = "",
    as_json: JsonOption = False,
) -> None:
    """End a run that waits for approval; a `retry` of it asks again."""
    with sentences(as_json), running_server():
        from callsheet import client

        print_run(asyncio.run(client.reject(run, reason)), "is rejected and ends", as_json)


async def _wait_until_asked(run: str) -> None:
    from callsheet import client

    async for status in client.follow(run):
        if status.needs_approval:
            return


def _read(file: Path) -> "Sequence[FilmScene]":
    from callsheet.sources.proposal_file import read_proposed_scenes
    from callsheet.stage.content import scene_problems

    return read_proposed_scenes(file, scene_problems)
