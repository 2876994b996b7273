"""`callsheet …`: the list of commands. Calling a command imports its module."""

from callsheet.cli.interruption import INTERRUPTED, LINE, leaving_at_once

with leaving_at_once():
    import re
    import sys
    from collections.abc import Sequence
    from difflib import get_close_matches
    from importlib import import_module
    from typing import Annotated, Any

    import typer
    from typer.core import TyperCommand

    from callsheet.cli.entries import ENTRIES
    from callsheet.cli.plain_help import PlainCommand, PlainGroup

BAD_INPUT = 2


class Commands(PlainGroup):
    """The commands by their names: list them from `ENTRIES`, import one when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, entry in ENTRIES.items():
            self.add_command(TyperCommand(name, help=entry.summary, rich_help_panel=entry.panel))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return name, command and remaining arguments; the command is the imported one."""
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
        """Run a command; a wrong name, option or argument is one line and exit code 2."""
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
    """Run the program: Ctrl-C ends it at once while no command has anything to clean up."""

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
    """Return one line: what is wrong, what you may have meant, and where help is."""
    wrong = error.format_message().replace("\n\t", " ").replace("Value error, ", "").rstrip(". ")
    if possibilities := getattr(error, "possibilities", None):
        wrong = f"{error.message}. Did you mean {' or '.join(possibilities)}?"
    if hint := re.fullmatch(r".*: '(.*)' is not one of (.*)", wrong):
        nearest = get_close_matches(hint[1], re.findall(r"'([^']+)'", hint[2]), n=1)
        wrong = f"{wrong}. Did you mean {nearest[0]}?" if nearest else wrong
    context = getattr(error, "ctx", None)
    if context is None:
        return wrong
    return f"{wrong if wrong.endswith('?') else f'{wrong}.'} `{context.command_path} --help` says more."


if __name__ == "__main__":
    app()
