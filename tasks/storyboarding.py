"""From a document to a storyboard: read it behind the fence, keep its pictures, write scenes and narration."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from shutil import copyfile

from callsheet.disk import whole_file
from callsheet.errors import CallsheetError
from callsheet.model.film.document import Document, DocumentKind
from callsheet.model.film.media import StoredObject
from callsheet.model.problems import Problem
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.requests.storyboard import Storyboard
from callsheet.model.requests.storyboard_author import StoryboardAuthor
from callsheet.model.requests.video import SceneBrief, SceneRequest
from callsheet.model.run.attempts import AskingAgain, UnusableAnswer
from callsheet.model.run.cost import ModelCall
from callsheet.model.run.waiting import can_resume_later
from callsheet.model.run.writing import (
    BY_PERSON,
    BY_RULES,
    DraftedScenes,
    StoryboardQuestion,
    StoryboardReport,
    WrittenStoryboard,
)
from callsheet.model.values import Value
from callsheet.scratch import scratch_dir
from callsheet.sources.documents.document_intake import open_document
from callsheet.sources.documents.document_reader import OpenedDocument, read_document
from callsheet.stage.composing import layout_problems
from callsheet.storage.keys import digest_in, media_type_of
from callsheet.threads import in_a_thread
from callsheet.watchdog import report_progress
from callsheet.writing.storyboard.model_draft import draft_storyboard
from callsheet.writing.storyboard.model_writer import storyboard_writing, write_storyboard_by_model
from callsheet.writing.storyboard.rules import write_storyboard
from tasks import policies, wiring
from tasks.publishing import upload
from tasks.step import step
from tasks.writing import ask_once


class StoredDocument(Value):
    """A document, and its pictures in the store, each with its digest in the document."""

    document: Document
    pictures: tuple[tuple[str, StoredObject], ...]
    notes: tuple[str, ...] = ()
    """What is said of pictures that it names and that are not there: a sentence each."""


async def plan_film(request: ExplainerRequest) -> WrittenStoryboard:
    """Return the scenes of the film: the given storyboard, or one of the document, by the model or by rules.

    If the model fails, rules write it, unless the request wants the model alone. A run whose model has to be paid first
    waits for that. The report says which pictures of the document are left out.

    Raises:
        InvalidRequest: the document can't be read, or holds nothing to tell.
        SetupIncomplete: the request wants the model, and none is set up.
    """
    if request.storyboard:
        return WrittenStoryboard(storyboard=request.storyboard, report=StoryboardReport(written_by=BY_PERSON))
    read = await read_source(request.document or "", request.text, request.title)
    pictures = {digest: await _picture_file(stored) for digest, stored in read.pictures}
    calls: list[ModelCall] = []
    reason = ""
    if request.written_by is StoryboardAuthor.MODEL or (
        request.written_by is StoryboardAuthor.MODEL_OR_RULES and wiring.has_writer()
    ):
        try:
            return (await _ask_for_storyboard(request, read.document, pictures, calls)).with_remarks(read.notes)
        except CallsheetError as error:
            if can_resume_later(error) or request.written_by is StoryboardAuthor.MODEL:
                raise
            reason = str(error)
    storyboard = await _write_storyboard(request, read.document, pictures)
    report = StoryboardReport(written_by=BY_RULES, reason=reason, remarks=read.notes)
    return WrittenStoryboard(storyboard=storyboard, report=report, calls=tuple(calls))


@step(policies.READING_DOCUMENT, name="read-document")
async def read_source(file: str, text: str, title: str) -> StoredDocument:
    """Read a document once a run: a file, an address, a stored key, or a text; store its pictures."""
    with scratch_dir(wiring.scratch_root(), "document") as folder:
        opened = await _open(file, text, title, folder)
        pictures = [
            (digest, await upload(path, "pictures", media_type_of(path.name)))
            for digest, path in opened.pictures.items()
        ]
        return StoredDocument(document=opened.document, pictures=tuple(pictures), notes=opened.notes)


async def _open(file: str, text: str, title: str, folder: Path) -> OpenedDocument:
    limits, inner = wiring.stage_limits(), folder / "read"
    inner.mkdir()
    if text:
        source = folder / "text.md"
        source.write_text(text, encoding="utf-8")
        return await read_document(source, title, inner, limits, lambda _: report_progress(), DocumentKind.MARKDOWN)
    if digest_in(file):
        async with wiring.opened_key(file) as path:
            return await read_document(path, title, inner, limits, lambda _: report_progress())
    return await open_document(file, inner, limits, wiring.allowed_hosts(), lambda _: report_progress())


async def _picture_file(stored: StoredObject) -> Path:
    """Return a file with a stored picture that keeps its place on this machine: scenes name it."""
    path = wiring.home() / stored.key
    if not path.exists():
        async with wiring.opened_key(stored.key) as found:
            await in_a_thread(_copy, found, path)
    return path


def _copy(source: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as part:
        copyfile(source, part)


@step(policies.STORYBOARDING, name="write-storyboard")
async def _write_storyboard(request: ExplainerRequest, document: Document, pictures: dict[str, Path]) -> Storyboard:
    """Choose the scenes by rules; each has room for what it shows."""
    fits = partial(_problems_of, request)
    return await in_a_thread(
        write_storyboard, document, request.length_s, request.language, pictures=pictures, fits=fits
    )


async def _ask_for_storyboard(
    request: ExplainerRequest, document: Document, pictures: dict[str, Path], calls: list[ModelCall]
) -> WrittenStoryboard:
    """Have the model write the storyboard. `calls` takes what each question has cost."""
    writer = wiring.known_writer()

    async def ask(question: StoryboardQuestion, attempt: int, again: AskingAgain) -> DraftedScenes | UnusableAnswer:
        return await _draft_storyboard(question, writer, attempt, again)

    writing = storyboard_writing(document, request.length_s, request.language, pictures)
    fits = partial(_problems_of, request)
    return await write_storyboard_by_model(writing, pictures, fits, ask, wiring.repairs_at_most(), calls)


@step(policies.WRITING, name="draft-storyboard")
async def _draft_storyboard(
    question: StoryboardQuestion, writer: wiring.WriterIdentity, attempt: int, again: AskingAgain
) -> DraftedScenes | UnusableAnswer:
    return await ask_once(partial(draft_storyboard, question, wiring.writer(), attempt), again)


def _problems_of(request: ExplainerRequest, brief: SceneBrief) -> Iterable[Problem]:
    alone = SceneRequest(scene=brief, profile=request.profile, look=request.look, illustrate=request.illustrate)
    return layout_problems(alone)
