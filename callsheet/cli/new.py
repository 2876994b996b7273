"""`callsheet new KIND FILE`: write a valid request file, to which you add pictures."""

from difflib import get_close_matches
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli.failures import sentences
from callsheet.errors import InvalidRequest


class FileKind(StrEnum):
    """The kinds of request files; each is the name of a skeleton in `skeletons`."""

    SCENES = "scenes"
    PROMPTS = "prompts"
    TOPIC = "topic"
    CODE = "code"
    PICTURE = "picture"
    PAIRS = "pairs"


# Other words that people use for a kind.
MEANT = {
    **dict.fromkeys(("video", "film", "movie", "template", "templates", "explainer"), FileKind.SCENES),
    **dict.fromkeys(("text", "words", "script"), FileKind.PROMPTS),
    **dict.fromkeys(("image", "photo"), FileKind.PICTURE),
    **dict.fromkeys(("images", "pictures", "photos"), FileKind.PAIRS),
    **dict.fromkeys(("manim", "python"), FileKind.CODE),
}


def new(
    kind: Annotated[str, typer.Argument(help=f"What the film is made of: {', '.join(FileKind)}.")] = "scenes",
    file: Annotated[Path, typer.Argument(help="Path of the new file. An existing file is never replaced.")] = Path(
        "film.yaml"
    ),
) -> None:
    """Write a request file to begin with. It has comments, and you can make it as it stands.

    A file for pictures names those that you put beside it; `callsheet check` says which are missing.
    """
    with sentences():
        text = (files("callsheet.cli") / "skeletons" / f"{_known(kind, file)}.yaml").read_text(encoding="utf-8")
        try:
            with file.open("x", encoding="utf-8") as empty:
                empty.write(text)
        except FileExistsError:
            raise InvalidRequest(f"“{file}” exists already; name another file", "FILE") from None
        except OSError as error:
            raise InvalidRequest(f"“{file}” can't be written ({error.strerror}); name another file", "FILE") from None
        typer.echo(f"{file} is written. `callsheet check {file}` checks it, `callsheet create {file}` makes it.")


def _known(kind: str, file: Path) -> FileKind:
    """Return the kind of this name.

    Raises:
        InvalidRequest: no kind has it; the message has the command that you most likely meant.
    """
    if kind in list(FileKind):
        return FileKind(kind)
    if Path(kind).suffix or Path(kind).name != kind:  # a file, whose kind the user left out
        file, likely = Path(kind), FileKind.SCENES
    else:
        likely = MEANT.get(kind.lower()) or FileKind(
            next(iter(get_close_matches(kind.lower(), FileKind, n=1)), FileKind.SCENES)
        )
    wish = f"did you mean `callsheet new {likely} {file}`?"
    raise InvalidRequest(f"“{kind}” is no kind of film; {wish} The kinds are {', '.join(FileKind)}", "KIND")
