"""`callsheet image PICTURE`: edit a picture and animate it."""

from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli.failures import sentences
from callsheet.cli.run_and_wait import (
    AsJson,
    Out,
    Profile,
    Seconds,
    Shape,
    Title,
    as_request,
    at_hand,
    make,
    stored_picture,
    tell_what_is_unheeded,
)
from callsheet.model.film.profile import ProfileName
from callsheet.model.footage.jobs import Fit
from callsheet.model.footage.picture_words import EDITS_IN_WORDS, MOVES_IN_WORDS
from callsheet.model.values import ADDRESSES


def image(
    picture: Annotated[str, typer.Argument(help="JPEG, PNG or WebP: a file, or an http(s) address.")],
    edit: Annotated[str, typer.Option(help=f"What to change in the picture first. {EDITS_IN_WORDS}")] = "",
    animate: Annotated[str, typer.Option(help=f"How the picture moves. {MOVES_IN_WORDS}")] = "",
    seconds: Seconds = 5.0,
    profile: Profile = ProfileName.HD,
    fit: Shape = Fit.FILL,
    title: Title = "",
    out: Out = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Edit a picture and animate it.

    Without a provider's key, this machine does it in a simpler way.
    """
    from callsheet.model.requests.pictures import ImageVideoRequest

    with sentences(as_json):
        fields = {
            "title": title or _name_of(picture),
            "edit": edit,
            "animate": animate,
            "duration_s": seconds,
            "profile": profile,
            "fit": fit,
        }
        as_request(ImageVideoRequest, {**fields, "picture": "a picture"})  # checked before Callsheet stores anything
        request = as_request(ImageVideoRequest, {**fields, "picture": at_hand(picture, stored_picture)})
        tell_what_is_unheeded(edit=edit, animate=animate)
        make(request, out, as_json, made_from=picture)


def _name_of(picture: str) -> str:
    from callsheet.sources.picture_folder import readable

    path = picture.partition("?")[0] if picture.startswith(ADDRESSES) else picture
    return readable(Path(path).stem)[:200] or "picture"
