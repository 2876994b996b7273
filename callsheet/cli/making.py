"""What commands that make a video of pictures share: take the pictures in, start the run, follow it, hand over."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError

from callsheet.cli.create import follow, hand_over, print_result
from callsheet.cli.servers import prefect_server
from callsheet.cli.showing import eye
from callsheet.errors import InvalidRequest
from callsheet.footage.intake import taken_in
from callsheet.media.music import taken_in_music
from callsheet.model.footage import Fit
from callsheet.model.image_requests import ImagePairsRequest, ImageVideoRequest
from callsheet.model.problems import sentence_of
from callsheet.model.profile import ProfileName
from callsheet.scratch import scratch_dir
from callsheet.settings import settings
from callsheet.storage.keys import media_type_of
from callsheet.storage.opening import open_store
from callsheet.storage.store import store_media

PICTURES = "pictures"
ADDRESSES = ("http://", "https://")
Made = TypeVar("Made", ImageVideoRequest, ImagePairsRequest)
Profile = Annotated[ProfileName, typer.Option(help="Size and frame rate.", case_sensitive=False)]
Out = Annotated[Path, typer.Option(help="Folder for the finished video and its manifest.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object when the video is there.")]
Seconds = Annotated[float, typer.Option("--seconds", help="How long it moves.")]
Shape = Annotated[Fit, typer.Option("--fit", help="How pictures of another shape fill the frame.")]
Title = Annotated[str, typer.Option(help="Title of the video; without it, the name of what it is made of.")]


def make(request: ImageVideoRequest | ImagePairsRequest, out: Path, as_json: bool) -> None:
    """Start the run, show how it goes, and hand over the video. Ctrl-C leaves the run going."""
    with prefect_server(eye.print) as is_ours:
        from callsheet import client  # a second of imports, after the pictures were found to be right

        run = asyncio.run(client.start(request))
        follow(run, is_ours)
        manifest = asyncio.run(client.result(run.id))
        path = hand_over(manifest, out)
    if manifest.footage_usd:
        eye.print(f"Paid: ${manifest.footage_usd:.2f}")
    print_result(run, manifest, path, as_json)


def as_request(model: type[Made], fields: dict[str, object]) -> Made:
    """The request; InvalidRequest in one sentence where a field is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise InvalidRequest(sentence_of(error)) from None


def at_hand(file: str, stored: Callable[[Path], str]) -> str:
    """What a run finds on whichever machine it is: an address as it is, a file stored by its content."""
    return file if file.startswith(ADDRESSES) else stored(Path(file))


def stored_music(path: Path) -> str:
    """Key of the music, checked and in the store."""
    with scratch_dir(settings().scratch_dir, "music") as folder:
        plain = folder / "music.flac"
        taken_in_music(path, plain, str(path))
        return store_media(open_store(settings()), plain, "music", "audio/flac").key


def stored_picture(path: Path) -> str:
    """Key of the picture, checked and in the store: the run finds it there, on whichever machine it is."""
    with scratch_dir(settings().scratch_dir, "picture") as folder:
        try:
            plain = taken_in(path, folder)
        except InvalidRequest as error:
            raise InvalidRequest(str(error.args[0]), str(path)) from None
        return store_media(open_store(settings()), plain, PICTURES, media_type_of(plain.name)).key
