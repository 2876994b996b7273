"""`callsheet start FILE` and `callsheet pause | resume | cancel | retry | regenerate RUN`."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any

import typer

from callsheet.cli.failures import sentences
from callsheet.cli.live_view import how_to_answer
from callsheet.cli.printing import print_json
from callsheet.cli.request import ApprovalOption, ProfileOption, RequestFile, read_request
from callsheet.cli.run_and_wait import with_files_stored
from callsheet.cli.servers import running_server
from callsheet.model.requests.pictures import Asking
from callsheet.model.run.queue import Priority
from callsheet.model.run.runs import IfRunning, Run

RunArgument = Annotated[
    str, typer.Argument(metavar="RUN", help="The run's id, the beginning of its id, or a name that no other run has.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
OwnerOption = Annotated[str, typer.Option(help="Who the run is for; `callsheet runs --owner` finds it.")]


def start(
    file: RequestFile,
    profile: ProfileOption = None,
    approval: ApprovalOption = False,
    key: Annotated[str, typer.Option(help="The same key never starts a second run.")] = "",
    if_running: Annotated[IfRunning, typer.Option(help="What to do if the same work is active.")] = IfRunning.AGAIN,
    owner: OwnerOption = "",
    priority: Annotated[Priority, typer.Option(help="Which run begins first if several wait.")] = Priority.NORMAL,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the run's id alone.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Start a run from a request file and return at once."""
    with sentences(as_json):
        request = with_files_stored(read_request(file, profile, approval))
        with running_server():
            from callsheet import client

            wish = client.start(
                request, idempotency_key=key or None, if_running=if_running, owner=owner, priority=priority
            )
            run = asyncio.run(wish)
        if quiet:
            typer.echo(run.id)
        else:
            print_run(run, "started" if run.is_new else f"exists already ({run.state})", as_json)
        if getattr(request, "approval", None) in (True, Asking.ALWAYS) and not (quiet or as_json):
            typer.echo(how_to_answer(run.short_id))


def pause(run: RunArgument, as_json: JsonOption = False) -> None:
    """Stop a run at its next step; `resume` continues it."""
    _act("pause", run, as_json, "stops at its next step and gives its process back")


def resume(run: RunArgument, as_json: JsonOption = False) -> None:
    """Continue a run that was paused or waits for its provider.

    Callsheet does not repeat finished steps.
    """
    _act("resume", run, as_json, "continues")


def cancel(run: RunArgument, as_json: JsonOption = False) -> None:
    """End a run with all that it has started.

    Callsheet keeps the finished steps; `retry` continues from there.
    """
    _act("cancel", run, as_json, "is being cancelled")


def retry(
    run: RunArgument,
    resume_from: Annotated[
        str,
        typer.Option(
            "--from", metavar="STAGE", help="Make what comes from this stage or step on again: docs/pipeline.md."
        ),
    ] = "",
    pay_again: Annotated[
        bool, typer.Option("--pay-again", help="With --from: make what costs money again, too.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Continue a run that failed, crashed or was cancelled, from where it ended."""
    done = f"continues from {resume_from}" if resume_from else "continues from where it ended"
    _act("retry", run, as_json, done, resume_from=resume_from, pay_again=pay_again)


def regenerate(
    run: RunArgument,
    scene: Annotated[str, typer.Argument(help="The name of the scene or shot, or its number in the film.")],
    text: Annotated[str, typer.Option(help="Other words: its narration, its prompt, or the action of a shot.")] = "",
    take: Annotated[int | None, typer.Option(min=1, help="Which take; without it, one that no run has made.")] = None,
    language: Annotated[str, typer.Option(help="Language of the film, if the run made several.")] = "",
    owner: OwnerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make one scene of a video again, in a new run; keep the other scenes.

    In a film of a document it is one scene, and in a film of a screenplay one shot.
    """
    with sentences(as_json), running_server():
        from callsheet import client

        wish = client.regenerate(run, scene, text=text, take=take, language=language, owner=owner)
        started = asyncio.run(wish)
        print_run(started, f"makes scene {scene} again", as_json)


def _act(verb: str, run: str, as_json: bool, done: str, **how: Any) -> None:
    with sentences(as_json), running_server():
        from callsheet import client

        wish: Coroutine[Any, Any, Run] = getattr(client, verb)(run, **how)
        print_run(asyncio.run(wish), done, as_json)


def print_run(run: Run, done: str, as_json: bool) -> None:
    """Print the run and what happens to it, for a person or as one JSON object."""
    if as_json:
        print_json({"ok": True, "run": run.model_dump(mode="json")})
        return
    typer.echo(f"{run.short_id} {run.name}: {done}")
    typer.echo(run.ui_url)
