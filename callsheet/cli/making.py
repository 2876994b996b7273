"""What commands that make a video share: start the run, follow it, hand over; and take pictures and music in."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from callsheet.cli import showing
from callsheet.cli.failures import CTRL_C, INTERRUPTED, RunFailed
from callsheet.cli.printing import eye, print_json
from callsheet.cli.servers import keep_until_over, prefect_server
from callsheet.errors import InvalidRequest, TransientError
from callsheet.footage.intake import taken_in
from callsheet.media.music import taken_in_music
from callsheet.model.cost import usd_words
from callsheet.model.footage import Fit
from callsheet.model.manifest import FilmRequest, Manifest
from callsheet.model.problems import sentence_of
from callsheet.model.profile import ProfileName
from callsheet.model.runs import Run
from callsheet.scratch import scratch_dir
from callsheet.settings import settings
from callsheet.storage.keys import media_type_of
from callsheet.storage.opening import open_store
from callsheet.storage.store import store_media

PICTURES = "pictures"
ADDRESSES = ("http://", "https://")
OUT_OPTION = "--out"
Made = TypeVar("Made", bound=BaseModel)
Profile = Annotated[ProfileName, typer.Option(help="Size and frame rate.", case_sensitive=False)]
Out = Annotated[Path, typer.Option(OUT_OPTION, help="Folder for the finished video and its manifest.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object when the video is there.")]
Seconds = Annotated[float, typer.Option("--seconds", help="How long it moves.")]
Shape = Annotated[Fit, typer.Option("--fit", help="How pictures of another shape fill the frame.")]
Title = Annotated[str, typer.Option(help="Title of the video; without it, the name of what it is made of.")]


def make(request: FilmRequest, out: Path, as_json: bool) -> None:
    """Start the run, show how it goes, and hand over the video. Ctrl-C leaves the run going.

    Raises:
        InvalidRequest: `out` is no folder that can be written to; this is found before the run is started.
    """
    make_folder(out)
    with prefect_server(eye.print) as is_ours:
        from callsheet import client  # a second of imports, after the request was found to be right

        run = asyncio.run(client.start(request))
        follow(run, is_ours)
        manifest = asyncio.run(client.result(run.id))
        path = hand_over(manifest, out)
        _tell_what_was_paid(run)
    _print_result(run, manifest, path, as_json)


def _tell_what_was_paid(run: Run) -> None:
    """By this run; what it could keep from others was paid before. A server that does not say costs the sentence."""
    from callsheet.client.spending import spent_by_usd

    with suppress(TransientError):
        if paid_usd := asyncio.run(spent_by_usd(run.id)):
            eye.print(f"Paid: {usd_words(paid_usd)}")


def make_folder(out: Path) -> None:
    """Make the folder where it is missing: nobody shall wait for a video that can't be handed over.

    Raises:
        InvalidRequest: it can't be made, or not be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InvalidRequest(f"“{out}” is a file; name a folder", OUT_OPTION) from None
    except OSError as error:
        raise InvalidRequest(
            f"the folder “{out}” can't be made ({error.strerror}); name another one", OUT_OPTION
        ) from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise InvalidRequest(f"the folder “{out}” can't be written to; name another one", OUT_OPTION)


def follow(run: Run, server_is_ours: bool) -> None:
    """Show the run until it is over; Ctrl-C leaves it going."""
    try:
        eye.print(f"Run {run.name}: {run.ui_url}", soft_wrap=True, markup=False)
        last = asyncio.run(showing.show(run.id))
        if server_is_ours:
            _let_webhooks_go(run)
    except CTRL_C:
        if server_is_ours:
            keep_until_over(run.id)
        eye.print(f"The run goes on: {run.ui_url}", soft_wrap=True)
        eye.print("The same command, later, repeats nothing that is done.")
        raise typer.Exit(INTERRUPTED) from None
    if not last.is_completed:
        raise RunFailed(f"The run ended as {last.state}: {last.message}")


def _let_webhooks_go(run: Run) -> None:
    """A server that is taken down after this run would not deliver its webhooks before it is started again."""
    from callsheet import client

    if settings().webhook_url and not asyncio.run(client.until_told(run)):
        words = "The webhook is not delivered yet; it will be delivered when a server runs here again."
        eye.print(words, style="yellow")


def hand_over(manifest: Manifest, out: Path) -> Path:
    """The video, and beside it its captions and its manifest, in folder `out`.

    Raises:
        InvalidRequest: they can't be written there; the run has kept them.
    """
    path = out / f"{_file_name(manifest.title)}.mp4"
    store = open_store(settings())
    try:
        with store.opened(manifest.video.stored.key) as stored:
            shutil.copyfile(stored, path)
        if manifest.captions:
            with store.opened(manifest.captions.key) as stored:
                shutil.copyfile(stored, path.with_suffix(".vtt"))
        path.with_suffix(".json").write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
    except OSError as error:
        raise InvalidRequest(
            f"the video is made and kept, but “{path}” can't be written ({error.strerror}); "
            "name another folder and run the command again: nothing is made twice",
            OUT_OPTION,
        ) from None
    return path


def _file_name(title: str) -> str:
    words = re.sub(r"[^\w]+", "-", title.lower()).strip("-")
    return words[:80] or "video"


def _print_result(run: Run, manifest: Manifest, path: Path, as_json: bool) -> None:
    """Where the video is, for a person or as one JSON object."""
    if as_json:
        print_json(
            {
                "ok": True,
                "run_id": str(run.id),
                "run_url": run.ui_url,
                "video": str(path),
                "duration_s": manifest.video.duration_s,
                "frames": manifest.video.frames,
                "missing_scenes": manifest.missing_scenes,
            }
        )
        return
    if manifest.missing_scenes:
        eye.print(f"Missing scenes: {', '.join(manifest.missing_scenes)}", style="yellow", markup=False)
    typer.echo(f"{path} ({manifest.video.duration_s:.2f} s, {manifest.video.frames} frames)")
    typer.echo(f"Run: {run.ui_url}")


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
