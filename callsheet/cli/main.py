"""`callsheet …`: which commands there are. The module of a command is imported when that command is called."""

from callsheet.cli.interruption import INTERRUPTED, LINE, leaving_at_once

with leaving_at_once():
    import sys
    from collections.abc import Sequence
    from dataclasses import dataclass
    from importlib import import_module
    from typing import Annotated, Any

    import typer
    from typer.core import TyperCommand

    from callsheet.cli.plain_help import PlainCommand, PlainGroup

BAD_INPUT = 2


@dataclass(frozen=True)
class Entry:
    """A command as the list of commands shows it. Its summary is the first sentence of its own help."""

    panel: str
    module: str
    summary: str
    function: str = ""
    """Where it is not called as the command is."""


_MAKE, _FOLLOW, _APPROVE, _CONTROL, _SET_UP = "Make", "Follow", "Approve", "Control", "Set up"
ENTRIES = {
    "new": Entry(_MAKE, "new", "Write a request file to begin with."),
    "check": Entry(_MAKE, "previews", "Say everything about a request file that can be known without making it."),
    "preview": Entry(_MAKE, "previews", "Show how a scene ends as a picture, or all scenes on one sheet."),
    "create": Entry(_MAKE, "create", "Make a video from a request file and wait for it."),
    "image": Entry(_MAKE, "image", "Edit a picture and make it move."),
    "pairs": Entry(_MAKE, "pairs", "Animate pairs of pictures from a folder and join them."),
    "render": Entry(_MAKE, "render", "Check, rehearse and render a Manim file behind the fence."),
    "start": Entry(_MAKE, "control", "Start a run from a request file and return at once."),
    "backfill": Entry(_MAKE, "backfill", "Make what is missing or stale of a catalogue of request files."),
    "regenerate": Entry(_MAKE, "control", "Make one scene of a video anew, in a new run; the other scenes are kept."),
    "runs": Entry(_FOLLOW, "runs", "List runs, the latest first."),
    "status": Entry(_FOLLOW, "runs", "Say where a run stands: each scene, its step and attempt, what went wrong."),
    "watch": Entry(_FOLLOW, "watch", "Show a run until it is over."),
    "videos": Entry(_FOLLOW, "films", "List the films in the store, the latest first."),
    "get": Entry(_FOLLOW, "films", "Fetch the finished film of a run, wherever it was started."),
    "open": Entry(_FOLLOW, "films", "Open the film of a run, or the page of a run that is not over.", "open_film"),
    "history": Entry(_FOLLOW, "history", "Sum up runs and steps: how long they took, what they cost, how they ended."),
    "storyboard": Entry(_APPROVE, "approving", "Print the scenes of a run that waits for approval, and its estimate."),
    "approve": Entry(_APPROVE, "approving", "Let a run make what it proposes, or the scenes of a file in their order."),
    "reject": Entry(_APPROVE, "approving", "End a run that waits for approval; a `retry` of it asks anew."),
    "pause": Entry(_CONTROL, "control", "Let a run stop at its next step; `resume` lets it go on."),
    "resume": Entry(_CONTROL, "control", "Let a run go on that was paused or waits for its provider."),
    "cancel": Entry(_CONTROL, "control", "End a run with all that it has started; finished steps are kept."),
    "retry": Entry(_CONTROL, "control", "Let a run that failed, crashed or was cancelled go on from there."),
    "up": Entry(
        _SET_UP,
        "up",
        "Keep database, Prefect server, media and runner running until Ctrl-C, or until `callsheet down`.",
    ),
    "down": Entry(_SET_UP, "up", "Stop the server of this home, whichever command started it."),
    "doctor": Entry(_SET_UP, "doctor", "Say what is installed, what is missing and how to mend it."),
    "flows": Entry(_SET_UP, "flows", "List the flows of this checkout, and the flow files that are broken."),
    "templates": Entry(_SET_UP, "templates", "List the scene templates, or show what one takes."),
    "webhook": Entry(_SET_UP, "webhook", "Deliver the webhook of a run again, try the addresses out, make a secret."),
}


class Commands(PlainGroup):
    """The commands by their names: listed from `ENTRIES`, imported when one is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, entry in ENTRIES.items():
            self.add_command(TyperCommand(name, help=entry.summary, rich_help_panel=entry.panel))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Name, command and the arguments left, as in the base class; the command is the real one."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and _imported(listed.name or ""), rest

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command. A wrong name, option or argument is one line on standard error, and exit code 2."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except typer.Abort:
            typer.echo(LINE, err=True)
            code = INTERRUPTED
        except typer.TyperException as error:
            typer.secho(_refusal(error), fg="red", err=True)
            code = error.exit_code
        if standalone_mode:
            sys.exit(code)
        return code


class CommandLine(typer.Typer):
    """The program: while no command has anything to tidy up, Ctrl-C ends it at once."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Run it as the console script does."""
        with leaving_at_once():
            return super().__call__(*arguments, **options)


app = CommandLine(
    cls=Commands,
    help="Words, scripts, documents and pictures become finished videos.",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"callsheet {version('callsheet')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _callsheet(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(BAD_INPUT)


def _imported(name: str) -> Any:
    entry = ENTRIES[name]
    found = getattr(import_module(f"callsheet.cli.{entry.module}"), entry.function or name)
    if not isinstance(found, typer.Typer):
        command, found = found, typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        found.command(name, cls=PlainCommand)(command)
    return typer.main.get_command(found)


def _refusal(error: typer.TyperException) -> str:
    """What is wrong with a command line, what may have been meant, and where help is: in one line."""
    wrong = error.format_message().replace("\n\t", " ").replace("Value error, ", "").rstrip(". ")
    if possibilities := getattr(error, "possibilities", None):
        wrong = f"{error.message}. Did you mean {' or '.join(possibilities)}?"
    context = getattr(error, "ctx", None)
    if context is None:
        return wrong
    return f"{wrong if wrong.endswith('?') else f'{wrong}.'} `{context.command_path} --help` says more."


if __name__ == "__main__":
    app()
