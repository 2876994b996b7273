"""`callsheet new KIND FILE`: a request file to begin with, which is right as it stands but for pictures it names."""

from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli.failures import sentences
from callsheet.errors import InvalidRequest


class Kind(StrEnum):
    """Kinds of request files; each is the name of a skeleton in `skeletons`."""

    SCENES = "scenes"
    PROMPTS = "prompts"
    TOPIC = "topic"
    CODE = "code"
    PICTURE = "picture"
    PAIRS = "pairs"


def new(
    kind: Annotated[
        Kind,
        typer.Argument(help="What the film is made of"),
    ] = Kind.SCENES,
    file: Annotated[Path, typer.Argument(help="Where it is written. A file that is there is never replaced.")] = Path(
        "film.yaml"
    ),
) -> None:
    """Write a request file to begin with. It has comments, and can be made as it stands.

    A file for pictures names those that you put beside it; `callsheet check` says which are missing.
    """
    with sentences():
        text = (files("callsheet.cli") / "skeletons" / f"{kind}.yaml").read_text(encoding="utf-8")
        try:
            with file.open("x", encoding="utf-8") as empty:
                empty.write(text)
        except FileExistsError:
            raise InvalidRequest(f"“{file}” is there already; name another file", "FILE") from None
        except OSError as error:
            raise InvalidRequest(f"“{file}” can't be written ({error.strerror}); name another file", "FILE") from None
        typer.echo(f"{file} is written. `callsheet check {file}` looks at it, `callsheet create {file}` makes it.")
