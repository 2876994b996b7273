"""The help of a command at 80 columns, with whole words and without internal details."""

from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup


class PlainCommand(TyperCommand):
    """A command whose help lists choices in its sentences, and no type for switches."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return its arguments and options, worded plainly."""
        return [_worded(param) for param in super().get_params(ctx)]


class PlainGroup(TyperGroup):
    """A group of commands with the same help."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return its options, worded plainly."""
        return [_worded(param) for param in super().get_params(ctx)]


def _worded(param: Any) -> Any:
    if isinstance(param, TyperArgument) and param.metavar is None:
        param.metavar = str(param.name).upper()
    if getattr(param, "is_flag", False):
        param.metavar = ""
    kind = param.type_descriptor
    if kind.is_choice and not param.help.endswith(choices := f": {', '.join(str(each) for each in kind.choices)}."):
        # The column of types would break them in the middle of words.
        param.help = f"{param.help.rstrip('.')}{choices}"
        param.display_type = lambda ctx: "" if isinstance(param, TyperArgument) else "NAME"
    return param
