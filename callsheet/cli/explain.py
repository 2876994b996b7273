"""`callsheet explain DOCUMENT`: a document becomes a narrated film."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.failures import sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import eye, print_json
from callsheet.cli.request import ApprovalOption, BurntCaptionsOption, MusicOption
from callsheet.cli.run_and_wait import AsJson, Out, Profile, Title, as_request, make, with_files_stored
from callsheet.errors import InvalidRequest
from callsheet.model.film.look import AccentName, Illustrate, ThemeName
from callsheet.model.film.profile import ProfileName
from callsheet.model.requests.storyboard_author import StoryboardAuthor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from callsheet.model.problems import Problem
    from callsheet.model.requests.explainer import ExplainerRequest
    from callsheet.model.requests.video import SceneBrief
    from callsheet.model.run.cost import ModelCall
    from callsheet.model.run.writing import WrittenStoryboard
    from callsheet.settings import Settings
    from callsheet.sources.documents.document_reader import OpenedDocument

SUFFIX = ".storyboard.yaml"


def explain(
    document: Annotated[
        str, typer.Argument(help="A file, or an http(s) address. Not needed with --storyboard.", show_default=False)
    ] = "",
    length: Annotated[
        float | None, typer.Option("--length", help="About how long the film should be, in seconds.")
    ] = None,
    voice: Annotated[
        str, typer.Option("--voice", "-v", help="Voice that speaks: a name of `callsheet voices`, `male` or `female`.")
    ] = "",
    language: Annotated[
        str, typer.Option("--language", "-l", help="Language of the document, if its words do not tell it.")
    ] = "",
    languages: Annotated[
        str, typer.Option("--languages", help="A film in each of these languages, as in en,de,es.")
    ] = "",
    theme: Annotated[
        ThemeName, typer.Option("--theme", "--look", help="Colours.", case_sensitive=False)
    ] = ThemeName.MIDNIGHT,
    accent: Annotated[AccentName, typer.Option(help="Accent colour.", case_sensitive=False)] = AccentName.BLUE,
    illustrate: Annotated[
        Illustrate, typer.Option(help="Drawings that the words ask for.", case_sensitive=False)
    ] = Illustrate.OFF,
    music: MusicOption = "",
    burnt_captions: BurntCaptionsOption = None,
    profile: Profile = ProfileName.HD,
    title: Title = "",
    written_by: Annotated[
        StoryboardAuthor, typer.Option("--written-by", help="Who writes the storyboard.", case_sensitive=False)
    ] = StoryboardAuthor.MODEL_OR_RULES,
    storyboard: Annotated[
        Path | None, typer.Option("--storyboard", help="Make the film of this storyboard, as you have changed it.")
    ] = None,
    storyboard_only: Annotated[
        bool, typer.Option("--storyboard-only", help="Write the storyboard to a file, and make no film.")
    ] = False,
    approval: ApprovalOption = False,
    out: Out = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Make a narrated film of a document: README, paper, slides, notebook, web page.

    Its own sentences are chosen, spoken and shown, scene by scene. It needs no model and no key. If a language model is
    set up, the model writes the storyboard; Callsheet leaves out what the document does not say.
    """
    with sentences(as_json, lambda: {"document": document}):
        fields: dict[str, object] = {
            "title": title,
            "length_s": length,
            "profile": profile,
            "look": {"theme": theme, "accent": accent},
            "illustrate": illustrate,
            "voice": {"voice": voice},
            "language": language,
            "languages": [tag.strip() for tag in languages.split(",") if tag.strip()],
            "written_by": written_by,
            "approval": approval,
            "burnt_captions": burnt_captions,
            **({"music": music} if music else {}),
        }
        request = _request(document, storyboard, voice, fields)
        if storyboard_only:
            if storyboard:
                raise InvalidRequest("give a document, of which a storyboard is to be written", "--storyboard-only")
            _write(request, out, as_json)
            return
        make(with_files_stored(request), out, as_json, made_from=storyboard or document)


def _request(document: str, storyboard: Path | None, voice: str, fields: dict[str, object]) -> "ExplainerRequest":
    """Return the request; a mistake in it is found before anything is stored. Raises InvalidRequest."""
    from callsheet.model.requests.explainer import ExplainerRequest
    from callsheet.speech.catalogue import voice_catalogue

    if voice:
        voice_catalogue().language_of(voice)
    if storyboard and document:
        raise InvalidRequest("give a document or a storyboard, not both", "--storyboard")
    if storyboard:
        from callsheet.sources.storyboard_file import read_storyboard
        from callsheet.stage.content import scene_problems

        return as_request(ExplainerRequest, {**fields, "storyboard": read_storyboard(storyboard, scene_problems)})
    if not document:
        raise InvalidRequest("name a document: a file, or an http(s) address", "DOCUMENT")
    return as_request(ExplainerRequest, {**fields, "document": document})


def _write(request: "ExplainerRequest", out: Path, as_json: bool) -> None:
    """Write the storyboard of the document into the folder, and print where it is."""
    from callsheet.disk import make_folder, write_whole
    from callsheet.model.run.cost import calls_words
    from callsheet.sources.storyboard_file import storyboard_text
    from callsheet.storage.films import file_name

    path = out / f"{file_name(request.title)}{SUFFIX}"
    with tidying_up():
        written = asyncio.run(_storyboard_of(request, out / f"{file_name(request.title)}.pictures"))
    make_folder(out)
    storyboard = written.storyboard
    write_whole(path, storyboard_text(storyboard, path))
    for sentence in written.report.sentences():
        eye.print(sentence, markup=False, soft_wrap=True)
    if written.calls:
        eye.print(f"{calls_words(written.calls)}.", markup=False, soft_wrap=True)
    lines = [line for scene in storyboard.scenes for line in scene.narration]
    words = sum(len(line.text.split()) for line in lines)
    if as_json:
        print_json({"ok": True, "storyboard": str(path), "scenes": len(storyboard.scenes), "words": words})
        return
    typer.echo(f"{path}: {len(storyboard.scenes)} scenes, {words} words")


async def _storyboard_of(request: "ExplainerRequest", folder_of_pictures: Path) -> "WrittenStoryboard":
    """Return the storyboard of the document, with the pictures that it shows in a separate folder beside it.

    No server is there: a model is asked once, and if it does not answer, rules write the storyboard.
    """
    from callsheet.disk import check_home
    from callsheet.errors import CallsheetError
    from callsheet.model.run.writing import BY_RULES, StoryboardReport, WrittenStoryboard
    from callsheet.scratch import scratch_dir
    from callsheet.settings import settings
    from callsheet.sources.documents.document_intake import open_document
    from callsheet.sources.storyboard_file import with_pictures_beside
    from callsheet.stage.limits import stage_limits
    from callsheet.writing.storyboard.rules import write_storyboard

    given = settings()
    check_home(given.home, to_write=True, needs_little=True)
    eye.doing = "reading"
    with scratch_dir(given.scratch_dir, "document") as folder:
        opened = await open_document(request.document or "", folder, stage_limits(given), given.fetch_allowed_hosts)
        eye.doing = "writing the storyboard"
        calls: list[ModelCall] = []
        reason = ""
        if request.written_by is not StoryboardAuthor.RULES:
            try:
                written = await _by_model(request, opened, given, calls)
                if written:
                    storyboard = with_pictures_beside(written.storyboard, folder_of_pictures)
                    return written.model_copy(update={"storyboard": storyboard}).with_remarks(opened.notes)
            except CallsheetError as error:
                if request.written_by is StoryboardAuthor.MODEL:
                    raise
                reason = str(error)
        storyboard = write_storyboard(
            opened.document,
            request.length_s,
            request.language,
            pictures=opened.pictures,
            fits=lambda brief: _problems_of(request, brief),
        )
        storyboard = with_pictures_beside(storyboard, folder_of_pictures)
        report = StoryboardReport(written_by=BY_RULES, reason=reason, remarks=opened.notes)
        return WrittenStoryboard(storyboard=storyboard, report=report, calls=tuple(calls))


async def _by_model(
    request: "ExplainerRequest", opened: "OpenedDocument", given: "Settings", calls: "list[ModelCall]"
) -> "WrittenStoryboard | None":
    """Return the storyboard that the model writes; None if there is no model, and the request can do without."""
    from callsheet.errors import SetupIncomplete
    from callsheet.writing.storyboard.model_draft import draft_storyboard
    from callsheet.writing.storyboard.model_writer import storyboard_writing, write_storyboard_by_model
    from callsheet.writing.writer import open_writer

    writer = open_writer(given)
    if writer is None:
        if request.written_by is StoryboardAuthor.MODEL:
            raise SetupIncomplete("No language model is set up; set CALLSHEET_WRITER_MODEL.", "CALLSHEET_WRITER_MODEL")
        return None
    writing = storyboard_writing(opened.document, request.length_s, request.language, opened.pictures)
    return await write_storyboard_by_model(
        writing,
        opened.pictures,
        lambda brief: _problems_of(request, brief),
        lambda question, attempt, _: draft_storyboard(question, writer, attempt),
        given.repairs,
        calls,
    )


def _problems_of(request: "ExplainerRequest", brief: "SceneBrief") -> "Iterable[Problem]":
    """Yield what has no room in the picture."""
    from callsheet.model.requests.video import SceneRequest
    from callsheet.stage.composing import layout_problems

    alone = SceneRequest(scene=brief, profile=request.profile, look=request.look, illustrate=request.illustrate)
    return layout_problems(alone)
