"""From a document to a storyboard: read it behind the fence, keep its pictures, write scenes and narration by rules."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from shutil import copyfile

from callsheet.disk import whole_file
from callsheet.model.film.document import Document, DocumentKind
from callsheet.model.film.media import StoredObject
from callsheet.model.problems import Problem
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.requests.storyboard import Storyboard
from callsheet.model.requests.video import SceneBrief, SceneRequest
from callsheet.model.values import Value
from callsheet.scratch import scratch_dir
from callsheet.sources.documents.document_intake import open_document
from callsheet.sources.documents.document_reader import OpenedDocument, read_document
from callsheet.stage.composing import layout_problems
from callsheet.storage.keys import digest_in, media_type_of
from callsheet.threads import in_a_thread
from callsheet.watchdog import report_progress
from callsheet.writing.storyboard.rules import write_storyboard
from tasks import policies, wiring
from tasks.publishing import upload
from tasks.step import step


class StoredDocument(Value):
    """A document, and its pictures in the store, each with its digest in the document."""

    document: Document
    pictures: tuple[tuple[str, StoredObject], ...]


async def plan_film(request: ExplainerRequest) -> Storyboard:
    """Return the scenes of the film: the given storyboard, or one of the document.

    Raises:
        InvalidRequest: the document can't be read, or holds nothing to tell.
    """
    if request.storyboard:
        return request.storyboard
    read = await read_source(request.document or "", request.text, request.title)
    pictures = {digest: await _picture_file(stored) for digest, stored in read.pictures}
    return await _write_storyboard(request, read.document, pictures)


@step(policies.READING_DOCUMENT, name="read-document")
async def read_source(file: str, text: str, title: str) -> StoredDocument:
    """Read a document once a run: a file, an address, a stored key, or a text; store its pictures."""
    with scratch_dir(wiring.scratch_root(), "document") as folder:
        opened = await _open(file, text, title, folder)
        pictures = [
            (digest, await upload(path, "pictures", media_type_of(path.name)))
            for digest, path in opened.pictures.items()
        ]
        return StoredDocument(document=opened.document, pictures=tuple(pictures))


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


def _problems_of(request: ExplainerRequest, brief: SceneBrief) -> Iterable[Problem]:
    return layout_problems(SceneRequest(scene=brief, profile=request.profile, look=request.look))
