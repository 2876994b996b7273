"""Steps of the commands that make a video: start a run, follow it, fetch the film."""

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
from callsheet.errors import InvalidRequest, SetupIncomplete, TransientError
from callsheet.model.film.profile import ProfileName
from callsheet.model.footage.jobs import Fit
from callsheet.model.problems import listed, sentence_of
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
Seconds = Annotated[float, typer.Option("--seconds", help="How long the picture moves, in seconds.")]
Shape = Annotated[Fit, typer.Option("--fit", help="How pictures of another shape fill the frame.")]
Title = Annotated[str, typer.Option(help="Title of the video; without it, the name of the file or folder.")]


def make(request: "FilmRequest | Callable[[], FilmRequest]", out: Path, as_json: bool, made_from: str | Path) -> None:
    """Start the run, show its progress, and fetch the video. Ctrl-C leaves the run active.

    `request` may be a function that asks the server for it. `made_from` is the source file, folder or address. A later
    film from the same source replaces the file of this one.

    Raises:
        InvalidRequest: `out` is no folder that can be written to; the check comes before the start of the run.
    """
    make_folder(out)
    with tidying_up(), prefect_server() as lingers_s:
        from callsheet import client
        from callsheet.settings import settings
        from callsheet.storage.opening import open_store

        run = started(request() if callable(request) else request)
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
    """Return the absolute path of a file or folder; an address as it is."""
    return str(made_from) if str(made_from).startswith(ADDRESSES) else str(Path(made_from).absolute())


def started(request: "FilmRequest | BackfillRequest") -> "Run":
    """Start the run and return it. Raise Left if Ctrl-C comes while the server answers."""
    from callsheet import client

    try:
        return asyncio.run(client.start(request))
    except CTRL_C:
        raise Left("Interrupted while the run was starting; `callsheet runs` shows whether it exists.") from None


def _say_what_it_took(run: "Run", manifest: "Manifest") -> None:
    """Print what this run paid, and the notes on how the film was written.

    The sum leaves out reused results, which an earlier run paid. If the server does not answer, the sentence is left
    out.
    """
    from callsheet.client.run_status import read_spent_usd
    from callsheet.model.run.cost import usd_words

    for sentence in told_of(manifest):
        eye.print(sentence, markup=False, soft_wrap=True)
    with suppress(TransientError):
        if paid_usd := asyncio.run(read_spent_usd(run.id)):
            eye.print(f"Paid: {usd_words(paid_usd)}")


def told_of(manifest: "Manifest") -> list[str]:
    """Return notes on prompts laid out without a model, on model calls, on missing scenes."""
    from callsheet.model.run.cost import calls_words

    sentences = []
    if laid_out := manifest.prompts_laid_out:
        what = "1 prompt is" if laid_out == 1 else f"{laid_out} prompts are"
        sentences.append(f"{what} laid out as text: no language model is set up on the runner's machine.")
    if manifest.storyboard:
        sentences += manifest.storyboard.sentences()
    for other in manifest.other_languages:
        sentences.append(f"“{other.title}” is the film in “{other.language}”.")
        sentences += other.storyboard.left_out if other.storyboard else ()
    if manifest.spoken_by:
        sentences.append(f"Spoken by {listed(manifest.spoken_by)}.")
        sentences += [f"Another voice took the place of {reason}" for reason in manifest.voices_passed_over]
    if manifest.model_calls:
        sentences.append(f"{calls_words(manifest.model_calls)}.")
    if manifest.missing_scenes:
        sentences.append(f"Missing scenes: {', '.join(manifest.missing_scenes)}")
    return sentences


def tell_what_is_unheeded(edit: str = "", animate: str = "", between: str = "") -> None:
    """Name the words that this machine ignores. A provider's model reads free text."""
    from callsheet.settings import settings

    if not (edit or animate or between) or settings().footage_provider != "local":
        return
    from callsheet.footage.local import unheeded

    for sentence in unheeded(edit, animate, between):
        eye.print(
            f"{sentence} Callsheet ignores it; `--help` lists what it understands.",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )


def tell_what_a_request_leaves_out(request: "FilmRequest") -> None:
    """Name the words in a request of pictures that this machine ignores."""
    from callsheet.model.run.kinds import film_kind_taking

    for prompts in film_kind_taking(type(request)).footage_prompts(request):
        tell_what_is_unheeded(**prompts)


def follow(run: "Run", lingers_s: float | None) -> None:
    """Show the run until it is over; Ctrl-C leaves the run and its server active."""
    from callsheet.cli import live_view

    try:
        eye.print(f"Run {run.name}: {run.ui_url}", soft_wrap=True, markup=False)
        last = asyncio.run(live_view.show(run.id))
        if lingers_s == 0:
            _let_webhooks_go(run)
    except CTRL_C:
        raise Left(
            f"The run continues: {run.ui_url} (`callsheet get {run.short_id}` fetches the film; the same command "
            "repeats no finished step)."
        ) from None
    if not last.is_completed:
        raise RunFailed(f"The run ended as {last.state}: {last.message}")


def _let_webhooks_go(run: "Run") -> None:
    """Wait for the webhooks of the run, which a stopped server delivers after its next start."""
    from callsheet import client
    from callsheet.settings import settings

    if settings().webhook_url and not asyncio.run(client.until_told(run)):
        words = "The webhook is not delivered yet; Callsheet delivers it when a server runs here again."
        eye.print(words, style="yellow")


def _print_result(run: "Run", manifest: "Manifest", path: Path, as_json: bool, *, has_page: bool) -> None:
    """Print where the video is, as text or JSON; `has_page`: the run's server is active."""
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
    """Return the request. Raise InvalidRequest with one sentence if a field is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise InvalidRequest(sentence_of(error)) from None


def at_hand(file: str, stored: Callable[[Path], str]) -> str:
    """Return what a run anywhere can read: an address as it is, or the key of a stored file."""
    return file if file.startswith(ADDRESSES) else stored(Path(file))


def with_files_stored(request: "FilmRequest") -> "FilmRequest":
    """Return the request with its pictures, music and texts stored; the client stores scene files."""
    from callsheet.model.run.kinds import film_kind_taking
    from callsheet.request_reader import DOCUMENTS, is_elsewhere, with_files

    music = getattr(request, "music", None)
    if film_kind_taking(type(request)).is_staged and music is None:
        return request
    sound = music.file if music else ""
    texts = {getattr(request, name, None): name for name in DOCUMENTS}

    def stored(file: str) -> str:
        if is_elsewhere(file):
            return file
        if file in texts:
            return stored_text(Path(file)) if texts[file] == "screenplay" else stored_document(Path(file))
        return stored_music(Path(file)) if file == sound else stored_picture(Path(file))

    return with_files(request, stored)


def stored_music(path: Path) -> str:
    """Check the music, store it, and return its key."""
    from callsheet.media.music import import_music
    from callsheet.scratch import scratch_dir
    from callsheet.settings import settings
    from callsheet.storage.opening import open_store
    from callsheet.storage.store import store_media

    with scratch_dir(settings().scratch_dir, "music") as folder:
        plain = folder / "music.flac"
        import_music(path, plain, str(path))
        return store_media(open_store(settings()), plain, "music", "audio/flac").key


def stored_document(path: Path) -> str:
    """Store the document with the pictures that it names, and return its key.

    Without a fence on this machine the pictures stay behind: nothing else reads files that people give.
    """
    from callsheet.scratch import scratch_dir
    from callsheet.settings import settings
    from callsheet.sources.documents.document_intake import file_to_store
    from callsheet.stage.limits import stage_limits

    if not path.is_file():
        raise InvalidRequest(f"there is no file “{path}”", "document")
    eye.doing = "reading"
    with tidying_up(), scratch_dir(settings().scratch_dir, "document") as folder:
        try:
            kept = asyncio.run(file_to_store(path, str(path), folder, stage_limits(settings())))
        except SetupIncomplete as error:
            words = f"Pictures that “{path}” names are not taken along: {error}"
            eye.print(words, style="yellow", markup=False, soft_wrap=True)
            kept = path
        eye.doing = ""
        return stored_text(kept)


def stored_text(path: Path) -> str:
    """Store the file of a text as it is, and return its key, by which a run on any machine finds it."""
    from callsheet.settings import settings
    from callsheet.storage.opening import open_store
    from callsheet.storage.store import store_media

    if not path.is_file():
        raise InvalidRequest(f"there is no file “{path}”", "document")
    return store_media(open_store(settings()), path, "documents", "application/octet-stream").key


def stored_picture(path: Path) -> str:
    """Check the picture, store it, and return its key, by which a run on any machine finds it."""
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
