"""The request of a command, checked before the command starts anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.printing import eye
from callsheet.model.film.caption_style import CaptionStyle
from callsheet.model.film.profile import ProfileName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callsheet.model.requests.video import SceneBrief
    from callsheet.model.run.kinds import FilmRequest

RequestFile = Annotated[Path, typer.Argument(help="Request file, YAML or JSON; `callsheet new` writes one.")]
ProfileOption = Annotated[
    ProfileName | None, typer.Option(help="Size and frame rate, instead of the file's", case_sensitive=False)
]


ApprovalOption = Annotated[
    bool, typer.Option("--approval", help="Ask for approval before the run makes anything, whatever the file says.")
]


BurntCaptionsOption = Annotated[
    CaptionStyle | None,
    typer.Option("--burnt-captions", help="Captions as a part of the picture, in this style.", case_sensitive=False),
]
MusicOption = Annotated[
    str,
    typer.Option(
        "--music",
        help="Music under the film: calm, tender, nostalgic, happy, energetic, none, a sound file, or an http(s) "
        "address.",
        show_default=False,
    ),
]


def read_request(file: Path, profile: ProfileName | None, approval: bool = False) -> FilmRequest:
    """Return the request in the file, with this profile and with approval if they are given.

    Raises:
        InvalidRequest: the message names the line and the field. The file can't be read or is wrong, a formula has no
            meaning, a picture is missing, or a text does not fit.
    """
    from callsheet import request_reader as reader
    from callsheet.model.requests.video import SceneBrief
    from callsheet.model.run.kinds import film_kind_taking

    request: FilmRequest = reader.read_request(file, reader.kind_of(file), profile)
    scenes = film_kind_taking(type(request)).in_film_order(request)
    tell_of_files([scene for scene in scenes if isinstance(scene, SceneBrief)])
    return with_approval(request) if approval else request


def with_music(request: FilmRequest, music: str) -> FilmRequest:
    """Return the request with this music, as `--music` names it. Raise InvalidRequest for a kind that has none."""
    from callsheet.errors import InvalidRequest
    from callsheet.model.film.sound import NO_MUSIC, Music
    from callsheet.model.run.kinds import film_kind_taking

    if "music" not in type(request).model_fields:
        raise InvalidRequest(f"{film_kind_taking(type(request)).words} has no music; leave this out", "--music")
    return request.model_copy(update={"music": None if music == NO_MUSIC else Music(file=music)})


def with_burnt_captions(request: FilmRequest, style: CaptionStyle) -> FilmRequest:
    """Return the request with captions in its pictures. Raise InvalidRequest for a kind that does not draw them."""
    from callsheet.errors import InvalidRequest
    from callsheet.model.run.kinds import film_kind_taking

    if "burnt_captions" not in type(request).model_fields:
        words = film_kind_taking(type(request)).words
        raise InvalidRequest(f"{words} has no captions in its pictures; leave this out", "--burnt-captions")
    return request.model_copy(update={"burnt_captions": style})


def tell_of_files(scenes: Sequence[SceneBrief]) -> None:
    """Name what scenes don't show of their files.

    They leave out parts of drawings. A prompt without a model leaves out all its files.
    """
    from callsheet.settings import settings
    from callsheet.stage.content import remarks_on_drawings

    remarks = list(remarks_on_drawings(scenes))
    for scene in scenes if not settings().writer_model else ():
        if scene.prompt and scene.files:
            names = ", ".join(Path(file).name for file in scene.files)
            remarks.append(
                f"Scene “{scene.name}” shows its prompt as text, without {names}: a language model would draw with its "
                "files, and none is set up (CALLSHEET_WRITER_MODEL)."
            )
    for remark in remarks:
        eye.print(remark, style="yellow", markup=False, soft_wrap=True)


def with_approval(request: FilmRequest) -> FilmRequest:
    """Return the request with approval on. Raise InvalidRequest for a kind that can't ask."""
    from callsheet.errors import InvalidRequest
    from callsheet.model.run.kinds import film_kind_taking

    kind = film_kind_taking(type(request))
    if kind.approval is None:
        raise InvalidRequest(f"{kind.words} does not ask for approval; leave this out", "--approval")
    return request.model_copy(update={"approval": kind.approval.always})
