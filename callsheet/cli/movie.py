"""`callsheet movie SCRIPT`: a screenplay becomes a film or a trailer."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from callsheet.cli.board import (
    BoardMode,
    EndingOption,
    ModeOption,
    ScenesOption,
    ShotsOption,
    character_lines,
    write_board,
)
from callsheet.cli.failures import sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import eye, print_json
from callsheet.cli.request import ApprovalOption
from callsheet.cli.run_and_wait import (
    AsJson,
    Out,
    Profile,
    Title,
    as_request,
    follow,
    make,
    started,
    with_files_stored,
)
from callsheet.cli.servers import prefect_server
from callsheet.errors import InvalidRequest
from callsheet.model.film.profile import ProfileName
from callsheet.storage.films import make_folder

if TYPE_CHECKING:
    from uuid import UUID

    from callsheet.model.requests.movie import MovieRequest
    from callsheet.model.run.stopped_film import StoppedFilm

ANIMATIC = "animatic.mp4"
CHANGEABLE = {"earlier_run", "shots", "stop_after", "out", "as_json"}
"""Options that go with `--continue`."""


class StopAfter(StrEnum):
    """The stage after which a run stops."""

    ANALYSIS = "analysis"
    ANIMATIC = "animatic"
    BOARD = "board"
    CLIPS = "clips"


class SheetFailure(StrEnum):
    """What becomes of a film without the reference picture of a person or a place."""

    FAIL = "fail"
    SKIP = "skip"


def movie(
    context: typer.Context,
    script: Annotated[
        Path | None, typer.Argument(help="A screenplay in Fountain, Final Draft (FDX), indented text, or PDF.")
    ] = None,
    mode: ModeOption = BoardMode.FULL,
    length: Annotated[
        float, typer.Option("--length", metavar="SECONDS", min=15, max=600, help="How long a trailer is.")
    ] = 60.0,
    scenes: ScenesOption = "",
    ending: EndingOption = False,
    shots: ShotsOption = None,
    panels: Annotated[
        Path | None, typer.Option("--panels", help="A folder with pictures of your own, named after their shots.")
    ] = None,
    panel_model: Annotated[
        str, typer.Option(help="Model at your provider that makes the panels, as in google/nano-banana.")
    ] = "",
    video_model: Annotated[
        str, typer.Option(help="Model at your provider that makes a clip of each panel, as in minimax/hailuo-02.")
    ] = "",
    on_sheet_failure: Annotated[
        SheetFailure, typer.Option(help="What happens if the panel model refuses a person or a place.")
    ] = SheetFailure.FAIL,
    voice: Annotated[
        list[str] | None,
        typer.Option("--voice", "-v", metavar="NAME=VOICE", help="Voice of a character; give it once for each."),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", "-l", help="Language of the dialogue, if its words do not tell it.")
    ] = "",
    music: Annotated[str, typer.Option(help="Music under the film: a mood, a sound file, or an http(s) address.")] = "",
    cards: Annotated[bool, typer.Option("--cards/--no-cards", help="Title at the beginning, card at the end.")] = True,
    stop_after: Annotated[
        StopAfter | None, typer.Option("--stop-after", help="Stop after this stage; `--continue` makes the rest.")
    ] = None,
    earlier_run: Annotated[
        str, typer.Option("--continue", metavar="RUN", help="Make the film of a run that stopped after a stage.")
    ] = "",
    profile: Profile = ProfileName.HD,
    title: Title = "",
    approval: ApprovalOption = False,
    out: Out = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Make a film or a trailer of a screenplay, with drawn shots, voices and music.

    Each character has a voice and looks that stay. Without a model and without a key.
    """
    with sentences(as_json, lambda: {"screenplay": str(script or "")}):
        from callsheet.sources.screenplays.shot_list_file import read_shot_list

        own = [shot.model_dump(exclude_defaults=True) for shot in read_shot_list(shots)] if shots else []
        if earlier_run:
            _check_options(context)
            _make(partial(_rest_of, earlier_run, own, stop_after), out, as_json, earlier_run, stop_after)
            return
        if script is None:
            raise InvalidRequest("name a screenplay, or a run that stopped with --continue", "SCRIPT")
        fields: dict[str, object] = {
            "title": title,
            "screenplay": str(script),
            "mode": mode,
            "length_s": length,
            "only": scenes,
            "ending": ending,
            "scenes": own,
            "panels": _panels_in(panels) if panels else {},
            "panel_model": panel_model,
            "video_model": video_model,
            "on_sheet_failure": on_sheet_failure,
            "voices": dict(_voice_of(each) for each in voice or ()),
            "language": language,
            "cards": cards,
            "stop_after": stop_after,
            "profile": profile,
            "approval": approval,
            **({"music": {"file": music}} if music else {}),
        }
        from callsheet.model.requests.movie import MovieRequest

        request = cast("MovieRequest", with_files_stored(as_request(MovieRequest, fields)))
        _make(request, out, as_json, script, stop_after)


def _panels_in(folder: Path) -> dict[str, str]:
    """Return the pictures of a folder by the names of their shots; name the files that are left out."""
    from callsheet.sources.panel_folder import panels_in

    found = panels_in(folder)
    for sentence in found.remarks:
        eye.print(sentence, style="yellow", markup=False, soft_wrap=True)
    return {name: str(path) for name, path in found.panels.items()}


def _check_options(context: typer.Context) -> None:
    """Raise InvalidRequest if something is given that the earlier run has decided."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name not in CHANGEABLE and source is not None and source.name == "COMMANDLINE":
            named = "SCRIPT" if parameter.name == "script" else parameter.opts[0]
            raise InvalidRequest("the earlier run has decided this; leave it out, or leave out --continue", named)


def _rest_of(run: str, shots: "list[dict[str, Any]]", stop_after: StopAfter | None) -> "MovieRequest":
    """Return the request for the rest of a film, with your changed shots if you give some."""
    from callsheet import client
    from callsheet.model.requests.movie import MovieRequest, MovieStage

    stopped = asyncio.run(client.film_so_far(run))
    plan = stopped.rest(MovieStage(stop_after) if stop_after else None)
    return as_request(MovieRequest, {**plan.model_dump(), "scenes": shots}) if shots else plan


def _make(
    request: "MovieRequest | Callable[[], MovieRequest]",
    out: Path,
    as_json: bool,
    made_from: str | Path,
    stop_after: StopAfter | None,
) -> None:
    """Make the film, or what comes before the stage after which its run stops."""
    if stop_after is None:
        make(request, out, as_json, made_from)
        return
    make_folder(out)
    with tidying_up(), prefect_server() as lingers_s:
        from callsheet import client

        run = started(request() if callable(request) else request)
        follow(run, lingers_s)
        stopped = asyncio.run(client.film_so_far(run))
    _show_stopped(stopped, run.id, out, as_json)


def _show_stopped(stopped: "StoppedFilm", run_id: "UUID", out: Path, as_json: bool) -> None:
    """Print what there is of a film; write its board and its animatic into the folder."""
    from callsheet.disk import whole_file
    from callsheet.settings import settings
    from callsheet.storage.opening import open_store

    files: list[Path] = []
    if stopped.stage.value != StopAfter.ANALYSIS.value:
        with ExitStack() as opened:
            store = open_store(settings())
            keys = {**{name: panel.key for name, panel in stopped.painted.items()}, **stopped.plan.panels}
            pictures = {name: opened.enter_context(store.opened(key)) for name, key in keys.items()}
            files = write_board(stopped.analysis, stopped.plan.scenes, stopped.findings, out, pictures)
            if stopped.animatic:
                files.append(out / ANIMATIC)
                with whole_file(files[-1]) as part:
                    copyfile(opened.enter_context(store.opened(stopped.animatic.key)), part)
    if as_json:
        facts = stopped.model_dump(mode="json", exclude={"run_id"})
        print_json({"ok": True, "run_id": str(run_id), **facts, "files": [str(path) for path in files]})
        return
    for sentence in stopped.remarks:
        eye.print(sentence, style="yellow", markup=False, soft_wrap=True)
    for line in character_lines(stopped.analysis):
        typer.echo(line)
    for path in files:
        typer.echo(f"Written: {path}")
    typer.echo(f"The run {stopped.sentence}.")


def _voice_of(words: str) -> tuple[str, str]:
    """Return the character and the voice that NAME=VOICE names."""
    from callsheet.speech.catalogue import voice_catalogue

    name, sign, voice = (part.strip() for part in words.partition("="))
    if not (name and sign and voice):
        raise InvalidRequest(f"“{words}” names no voice of a character; write MARA=emma", "--voice")
    voice_catalogue().language_of(voice)
    return name, voice
