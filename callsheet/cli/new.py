"""`callsheet new KIND FILE`: a request file to begin with, which is right as it stands but for pictures it names."""

from difflib import get_close_matches
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


# What people call a kind that has another name here.
MEANT = {
    **dict.fromkeys(("video", "film", "movie", "template", "templates", "explainer"), Kind.SCENES),
    **dict.fromkeys(("text", "words", "script"), Kind.PROMPTS),
    **dict.fromkeys(("image", "photo"), Kind.PICTURE),
    **dict.fromkeys(("images", "pictures", "photos"), Kind.PAIRS),
    **dict.fromkeys(("manim", "python"), Kind.CODE),
}


def new(
    kind: Annotated[str, typer.Argument(help=f"What the film is made of: {', '.join(Kind)}.")] = "scenes",
    file: Annotated[Path, typer.Argument(help="Where it is written. A file that is there is never replaced.")] = Path(
        "film.yaml"
    ),
) -> None:
    """Write a request file to begin with. It has comments, and can be made as it stands.

    A file for pictures names those that you put beside it; `callsheet check` says which are missing.
    """
    with sentences():
        text = (files("callsheet.cli") / "skeletons" / f"{_known(kind, file)}.yaml").read_text(encoding="utf-8")
        try:
            with file.open("x", encoding="utf-8") as empty:
                empty.write(text)
        except FileExistsError:
            raise InvalidRequest(f"“{file}” is there already; name another file", "FILE") from None
        except OSError as error:
            raise InvalidRequest(f"“{file}” can't be written ({error.strerror}); name another file", "FILE") from None
        typer.echo(f"{file} is written. `callsheet check {file}` looks at it, `callsheet create {file}` makes it.")


def _known(kind: str, file: Path) -> Kind:
    """Return the kind of this name.

    Raises:
        InvalidRequest: there is none; the message has the command that is most likely meant.
    """
    if kind in list(Kind):
        return Kind(kind)
    if Path(kind).suffix or Path(kind).name != kind:  # a file, before which the kind was left out
        file, likely = Path(kind), Kind.SCENES
    else:
        likely = MEANT.get(kind.lower()) or Kind(next(iter(get_close_matches(kind.lower(), Kind, n=1)), Kind.SCENES))
    wish = f"did you mean `callsheet new {likely} {file}`?"
    raise InvalidRequest(f"“{kind}” is no kind of film; {wish} The kinds are {', '.join(Kind)}", "KIND")
