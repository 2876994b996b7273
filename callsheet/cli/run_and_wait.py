"""What commands that make a video share: start the run, follow it, hand over; and take pictures and music in."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from callsheet.cli.failures import CTRL_C, Left, RunFailed
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import eye, print_json
from callsheet.cli.servers import how_long_it_stays, prefect_server
from callsheet.errors import InvalidRequest, TransientError
from callsheet.model.film.profile import ProfileName
from callsheet.model.footage.jobs import Fit
from callsheet.model.problems import sentence_of
from callsheet.model.values import ADDRESSES
from callsheet.storage.films import OUT_OPTION, make_folder, save_film

if TYPE_CHECKING:
    from callsheet.model.requests.backfill import BackfillRequest
    from callsheet.model.run.kinds import FilmRequest
    from callsheet.model.run.manifest import Manifest
    from callsheet.model.run.runs import Run

Made = TypeVar("Made", bound=BaseModel)
Profile = Annotated[ProfileName, typer.Option(help="Size and frame rate.", case_sensitive=False)]
Out = Annotated[Path, typer.Option(OUT_OPTION, help="Folder for the finished video and its manifest.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object when the video is there.")]
Seconds = Annotated[float, typer.Option("--seconds", help="How long it moves.")]
Shape = Annotated[Fit, typer.Option("--fit", help="How pictures of another shape fill the frame.")]
Title = Annotated[str, typer.Option(help="Title of the video; without it, the name of what it is made of.")]


def make(request: "FilmRequest", out: Path, as_json: bool, made_from: str | Path) -> None:
    """Start the run, show how it goes, and hand over the video. Ctrl-C leaves the run going.

    `made_from` is the file, folder or address that it is made from: made from there again, it replaces its own file.

    Raises:
        InvalidRequest: `out` is no folder that can be written to; this is found before the run is started.
    """
    make_folder(out)
    with tidying_up(), prefect_server() as lingers_s:
        from callsheet import client
        from callsheet.settings import settings
        from callsheet.storage.opening import open_store

        run = started(request)
        follow(run, lingers_s)
        manifest = asyncio.run(client.result(run.id))
        path = save_film(open_store(settings()).opened, manifest, out, place_of(made_from))
        _say_what_it_took(run, manifest)
    _print_result(run, manifest, path, as_json, has_page=lingers_s != 0 or _runs_here())
    if lingers_s and not as_json:
        eye.print(how_long_it_stays(lingers_s), soft_wrap=True, markup=False)


def _runs_here() -> bool:
    """Return whether a server runs here that a link leads to."""
    from callsheet import embedded
    from callsheet.settings import settings

    return embedded.running(settings()) is not None


def place_of(made_from: str | Path) -> str:
    """The file or folder by its whole path; an address as it is."""
    return str(made_from) if str(made_from).startswith(ADDRESSES) else str(Path(made_from).absolute())


def started(request: "FilmRequest | BackfillRequest") -> "Run":
    """The run, started. Raises Left where Ctrl-C comes while the server is being asked for it."""
    from callsheet import client

    try:
        return asyncio.run(client.start(request))
    except CTRL_C:
        raise Left("Interrupted while the run was being started; `callsheet runs` shows whether it was.") from None


def _say_what_it_took(run: "Run", manifest: "Manifest") -> None:
    """What this run paid, and what a person should know of how the film was written.

    What the run could keep from others was paid before. A server that does not say costs the sentence.
    """
    from callsheet.client.costs import read_spent_usd
    from callsheet.model.run.cost import usd_words

    for sentence in told_of(manifest):
        eye.print(sentence, markup=False, soft_wrap=True)
    with suppress(TransientError):
        if paid_usd := asyncio.run(read_spent_usd(run.id)):
            eye.print(f"Paid: {usd_words(paid_usd)}")


def told_of(manifest: "Manifest") -> list[str]:
    """Sentences about a film that its picture does not tell: prompts that no model wrote, models, scenes missing."""
    from callsheet.model.run.cost import calls_words

    sentences = []
    if laid_out := manifest.prompts_laid_out:
        what = "1 prompt is" if laid_out == 1 else f"{laid_out} prompts are"
        sentences.append(f"{what} laid out as text: no language model is set up where the run works.")
    if manifest.model_calls:
        sentences.append(f"{calls_words(manifest.model_calls)}.")
    if manifest.missing_scenes:
        sentences.append(f"Missing scenes: {', '.join(manifest.missing_scenes)}")
    return sentences


def tell_what_is_unheeded(edit: str = "", animate: str = "", between: str = "") -> None:
    """Name what this machine does not do, before it begins. A model of a provider reads free text."""
    from callsheet.settings import settings

    if not (edit or animate or between) or settings().footage_provider != "local":
        return
    from callsheet.footage.local import unheeded

    for sentence in unheeded(edit, animate, between):
        eye.print(
            f"{sentence} It is left out; `--help` lists what is understood.",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )


def tell_what_a_request_leaves_out(request: "FilmRequest") -> None:
    """Name what this machine does not do of the words in a request of pictures."""
    from callsheet.model.run.kinds import film_kind_taking

    for prompts in film_kind_taking(type(request)).footage_prompts(request):
        tell_what_is_unheeded(**prompts)


def follow(run: "Run", lingers_s: float | None) -> None:
    """Show the run until it is over; Ctrl-C leaves it going, and its server with it."""
    from callsheet.cli import live_view

    try:
        eye.print(f"Run {run.name}: {run.ui_url}", soft_wrap=True, markup=False)
        last = asyncio.run(live_view.show(run.id))
        if lingers_s == 0:
            _let_webhooks_go(run)
    except CTRL_C:
        raise Left(
            f"The run goes on: {run.ui_url} (`callsheet get {run.short_id}` fetches the film; the same command, later, "
            "repeats nothing that is done)."
        ) from None
    if not last.is_completed:
        raise RunFailed(f"The run ended as {last.state}: {last.message}")


def _let_webhooks_go(run: "Run") -> None:
    """A server that is taken down after this run would not deliver its webhooks before it is started again."""
    from callsheet import client
    from callsheet.settings import settings

    if settings().webhook_url and not asyncio.run(client.until_told(run)):
        words = "The webhook is not delivered yet; it will be delivered when a server runs here again."
        eye.print(words, style="yellow")


def _print_result(run: "Run", manifest: "Manifest", path: Path, as_json: bool, *, has_page: bool) -> None:
    """Print where the video is, for a person or as one JSON object; `has_page`: the server of the run is there."""
    if as_json:
        print_json(
            {
                "ok": True,
                "run_id": str(run.id),
                "run_url": run.ui_url if has_page else None,
                "video": str(path),
                "duration_s": manifest.video.duration_s,
                "frames": manifest.video.frames,
                "missing_scenes": manifest.missing_scenes,
            }
        )
        return
    typer.echo(f"{path} ({manifest.video.duration_s:.2f} s, {manifest.video.frames} frames)")
    typer.echo(f"Run: {run.ui_url}" if has_page else f"Run: {run.short_id}; `callsheet up` opens its page")


def as_request(model: type[Made], fields: dict[str, object]) -> Made:
    """The request; InvalidRequest in one sentence where a field is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise InvalidRequest(sentence_of(error)) from None


def at_hand(file: str, stored: Callable[[Path], str]) -> str:
    """What a run finds on whichever machine it is: an address as it is, a file stored by its content."""
    return file if file.startswith(ADDRESSES) else stored(Path(file))


def with_files_stored(request: "FilmRequest") -> "FilmRequest":
    """The request with its pictures and its music in the store; the client stores what a video of scenes names."""
    from callsheet.model.run.kinds import film_kind_taking
    from callsheet.request_reader import is_elsewhere, with_files

    if film_kind_taking(type(request)).is_staged:
        return request
    music = getattr(request, "music", None)
    sound = music.file if music else ""

    def stored(file: str) -> str:
        if is_elsewhere(file):
            return file
        return stored_music(Path(file)) if file == sound else stored_picture(Path(file))

    return with_files(request, stored)


def stored_music(path: Path) -> str:
    """Key of the music, checked and in the store."""
    from callsheet.media.music import import_music
    from callsheet.scratch import scratch_dir
    from callsheet.settings import settings
    from callsheet.storage.opening import open_store
    from callsheet.storage.store import store_media

    with scratch_dir(settings().scratch_dir, "music") as folder:
        plain = folder / "music.flac"
        import_music(path, plain, str(path))
        return store_media(open_store(settings()), plain, "music", "audio/flac").key


def stored_picture(path: Path) -> str:
    """Key of the picture, checked and in the store: the run finds it there, on whichever machine it is."""
    from callsheet.scratch import scratch_dir
    from callsheet.settings import settings
    from callsheet.sources.picture_intake import import_picture
    from callsheet.storage.keys import GIVEN_PICTURES, media_type_of
    from callsheet.storage.opening import open_store
    from callsheet.storage.store import holds_media, store_media

    store = open_store(settings())
    with scratch_dir(settings().scratch_dir, "picture") as folder:
        try:
            plain = import_picture(
                path, folder, lambda file: holds_media(store, file, GIVEN_PICTURES, media_type_of(file.name))
            )
        except InvalidRequest as error:
            raise InvalidRequest(str(error.args[0]), str(path)) from None
        return store_media(store, plain, GIVEN_PICTURES, media_type_of(plain.name)).key
