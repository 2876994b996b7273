"""The door for documents: a file goes in, and a `Document` comes out, or one sentence about what is wrong.

The file is parsed behind the fence, in a process with little memory and time, without network and without other files.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from callsheet.disk import sha256_of
from callsheet.errors import InvalidRequest, StageUnavailable
from callsheet.fence.job import FenceLimits, Job, ResultRule
from callsheet.fence.running import Ending, Event, Reason, run
from callsheet.model.film.document import (
    MAX_NAME_CHARACTERS,
    MAX_PICTURE_BYTES,
    MAX_PICTURES,
    MAX_SOURCE_BYTES,
    Document,
    DocumentKind,
)
from callsheet.model.values import ADDRESSES
from callsheet.sources.documents import document_child
from callsheet.sources.documents.block_list import PictureType
from callsheet.sources.documents.document_child import RESULT_FILE, SOURCE_FILE, picture_file
from callsheet.sources.documents.named_pictures import (
    local_addresses,
    picture_notes,
    take_pictures,
    with_pictures,
)
from callsheet.sources.documents.plugin_sources import reader_packages
from callsheet.threads import in_a_thread

logger = logging.getLogger(__name__)

FIELD = "document"
TIMEOUT_S = 90.0
"""A book of 700 pages takes 15 seconds on a slow machine."""
MEMORY_MB = 1024
MAX_RESULT_BYTES = 32_000_000
PACKAGES = (
    "charset-normalizer",
    "docutils",
    "lxml",
    "lxml-html-clean",
    "mammoth",
    "markdown-it-py",
    "mdit-py-plugins",
    "pillow",
    "pydantic",
    "pypdfium2",
    "python-pptx",
    "pyyaml",
    "srt",
    "trafilatura",
    "webvtt-py",
)
"""What the readers import; the rest follows from these."""
MODULE = document_child.__name__
MAX_FILES_BESIDE = 50
_PLAN_SUFFIXES = {".yaml", ".yml", ".json"}
_MAGIC: tuple[tuple[PictureType, bytes], ...] = (("image/png", b"\x89PNG\r\n\x1a\n"), ("image/jpeg", b"\xff\xd8\xff"))
_RESULTS = {RESULT_FILE: ResultRule(MAX_RESULT_BYTES, b"{")} | {
    picture_file(number, media_type): ResultRule(MAX_PICTURE_BYTES, magic)
    for number in range(MAX_PICTURES)
    for media_type, magic in _MAGIC
}
_FORMATS = {
    DocumentKind.MARKDOWN: "Markdown",
    DocumentKind.RESTRUCTURED_TEXT: "reStructuredText",
    DocumentKind.PLAIN_TEXT: "text",
    DocumentKind.HTML: "a web page",
    DocumentKind.PDF: "PDF",
    DocumentKind.DOCX: "DOCX",
    DocumentKind.PPTX: "PPTX",
    DocumentKind.ODT: "ODT",
    DocumentKind.EPUB: "EPUB",
    DocumentKind.NOTEBOOK: "a notebook",
    DocumentKind.SUBRIP: "SRT",
    DocumentKind.WEBVTT: "WebVTT",
    DocumentKind.VIDEO_PLAN: "a plan of a video",
    DocumentKind.DOCUMENT_JSON: "a document in JSON",
}
_DAMAGED = "it is damaged, or ends the program that reads it; save it again"


@dataclass(frozen=True)
class OpenedDocument:
    """A document, and where its pictures lie, by their digests."""

    document: Document
    pictures: Mapping[str, Path]
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Why pictures that the document names are not there, by their addresses."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return a sentence on the pictures that are left out, and one on those of the web, if there are such."""
        return tuple(picture_notes(self.document, self.document.origin, self.left_out))


async def read_document(
    path: Path,
    name: str,
    folder: Path,
    limits: FenceLimits,
    on_progress: Callable[[int], None] = lambda blocks: None,
    kind: DocumentKind | None = None,
    *,
    with_pictures_beside: bool = False,
) -> OpenedDocument:
    """Read a document. Its pictures are written into `folder`, an empty scratch folder of the caller's.

    `name` is what people call the file: a file's name, or an address. `on_progress` gets the number of blocks
    after each one. `kind` is the format, if a person has named it; else the first bytes tell it.
    `with_pictures_beside` takes the pictures that it names from its folder. A bundle holds such pictures.

    Raises:
        InvalidRequest: about `document`; it can't be read, is too large, is protected, or is of no format that is read.
        SetupIncomplete: the fence can't be built on this machine.
        StageUnavailable: something killed the process that reads; the document may be fine.
    """
    digest = await in_a_thread(checked_digest, path, name)
    is_address = name.startswith(ADDRESSES)
    apart = reading_limits(limits, MEMORY_MB)
    told: dict[str, Event] = {}

    def listen(event: Event) -> None:
        told[event["event"]] = event
        if event["event"] == "read" and isinstance(event.get("blocks"), int):
            on_progress(event["blocks"])

    async def read(beside: Mapping[str, Path]) -> Ending:
        told.clear()
        given = {f"beside-{number}": file for number, file in enumerate(beside.values())}
        order = {
            "kind": kind.value if kind else None,
            "address": name if is_address else "",
            "beside": dict(zip(beside, given, strict=True)),
        }
        job = Job(MODULE, order, {SOURCE_FILE: path, **given}, _RESULTS, (*PACKAGES, *reader_packages()))
        return await run(job, apart, folder, listen)

    ending = await read({})
    if (asked := told.get("names files")) and not is_address:
        beside = await in_a_thread(_files_beside, path, name, asked.get("names"))
        digests = [await in_a_thread(checked_digest, file, file.name) for file in beside.values()]
        digest = hashlib.sha256("".join([digest, *digests]).encode()).hexdigest()
        ending = await read(beside)
    if "done" not in told or folder / RESULT_FILE not in ending.files:
        raise _failure(name, told, ending, apart)
    opened = await in_a_thread(_opened, name, digest, ending.files, folder, told.get("bundle", {}))
    if with_pictures_beside and not is_address:
        return await _with_pictures_beside(opened, path, folder, apart)
    return opened


async def _with_pictures_beside(
    opened: OpenedDocument, path: Path, folder: Path, limits: FenceLimits
) -> OpenedDocument:
    """Return the document with the pictures that it names and that lie beside its file, as copies in `folder`."""
    addresses = local_addresses(opened.document)
    if not addresses:
        return opened
    beside = folder / "beside"
    beside.mkdir()
    named = await take_pictures(path, addresses, beside, limits)
    by_address = {address: await in_a_thread(sha256_of, picture) for address, picture in named.files.items()}
    pictures = {by_address[address]: picture for address, picture in named.files.items()}
    return _with_named(opened, pictures, by_address, named.left_out)


def checked_digest(path: Path, name: str, field: str = FIELD) -> str:
    """Return the SHA-256 of a file that may be read whole.

    Raises:
        InvalidRequest: about `field`; it can't be read, is empty or is too large.
    """
    try:
        if path.is_dir():
            raise InvalidRequest(f"“{name}” is a folder; give a file", field)
        size_bytes = path.stat().st_size
        if size_bytes > MAX_SOURCE_BYTES:
            most = MAX_SOURCE_BYTES // 1_000_000
            raise InvalidRequest(f"“{name}” has {size_bytes / 1e6:,.0f} MB, and at most {most} MB are read", field)
        with path.open("rb") as file:
            content = file.read(MAX_SOURCE_BYTES + 1)
    except FileNotFoundError:
        raise InvalidRequest(f"there is no file “{name}”; check the name", field) from None
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"“{name}” can't be opened: {getattr(error, 'strerror', None) or error}", field) from None
    if not content.strip():
        raise InvalidRequest(f"“{name}” is empty; give a file with text", field)
    return hashlib.sha256(content).hexdigest()


def reading_limits(limits: FenceLimits, memory_mb: int) -> FenceLimits:
    """Return the limits of a process that reads a document, with `memory_mb` at most.

    Its slots are beside those of renders: a document does not wait for another run's scene.
    """
    return replace(limits, slots_dir=limits.slots_dir / "documents", timeout_s=TIMEOUT_S, memory_mb=memory_mb)


def failure_of_reading(
    name: str, ending: Ending, limits: FenceLimits, field: str = FIELD
) -> InvalidRequest | StageUnavailable | None:
    """Return what to raise if the limits, or something else from outside, ended the process that reads; else None."""
    if ending.reason is Reason.TIMEOUT:
        reason = f"reading it takes more than {limits.timeout_s:g} seconds; give a part of it"
    elif ending.reason is Reason.MEMORY:
        reason = f"reading it takes more than {limits.memory_mb:,} MB of memory; give a part of it"
    elif ending.was_killed:
        return StageUnavailable(f"The process that reads “{name}” was killed")
    else:
        return None
    return InvalidRequest(f"“{name}” can't be read: {reason}", field)


def _files_beside(path: Path, name: str, names: object) -> dict[str, Path]:
    """Return the files that a plan names, each in the folder of the plan or below it."""
    folder = path.absolute().parent.resolve()
    found = {}
    for each in names if isinstance(names, list) else ():
        file = (folder / str(each)).resolve()
        if not file.is_relative_to(folder) or file.suffix.lower() not in _PLAN_SUFFIXES or not file.is_file():
            raise InvalidRequest(
                f"“{name}” names the file “{str(each)[:100]}”, and there is no such plan beside it", FIELD
            )
        found[str(each)] = file
    if len(found) > MAX_FILES_BESIDE:
        most = MAX_FILES_BESIDE
        raise InvalidRequest(
            f"“{name}” names {len(found)} files, and at most {most} are read; give a part of it", FIELD
        )
    return found


def _failure(name: str, told: Mapping[str, Event], ending: Ending, limits: FenceLimits) -> Exception:
    """Return what to raise if no document came."""
    if sentence := (told.get("refused") or told.get("names files") or {}).get("sentence"):
        return InvalidRequest(f"“{name}” can't be read: {str(sentence)[:500]}", FIELD)
    if failure := failure_of_reading(name, ending, limits, FIELD):
        return failure
    logger.info("A document could not be read: %s", told.get("damaged", {}).get("error") or ending.log[-500:])
    kind = told.get("kind", {}).get("kind")
    known = next((words for each, words in _FORMATS.items() if each.value == kind), "")
    return InvalidRequest(f"“{name}” can't be read{f' as {known}' if known else ''}: {_DAMAGED}", FIELD)


def _opened(name: str, digest: str, files: tuple[Path, ...], folder: Path, bundle: Event) -> OpenedDocument:
    """Return what came out of the fence, checked: nothing in it is believed.

    `bundle` is what the child tells of a bundle, if the file is one.
    """
    pictures = {sha256_of(path): path for path in files if path.name != RESULT_FILE}
    try:
        fields: dict[str, Any] = json.loads((folder / RESULT_FILE).read_bytes())
        document = Document.model_validate({**fields, "origin": name, "digest": bundle.get("source", digest)})
        digests, left_out = _texts_of(bundle, "digests"), _texts_of(bundle, "left_out")
    except (ValidationError, ValueError, TypeError, AttributeError, RecursionError):
        raise InvalidRequest(f"“{name}” can't be read: {_DAMAGED}", FIELD) from None
    if not document.pictures <= pictures.keys():
        raise InvalidRequest(f"“{name}” can't be read: {_DAMAGED}", FIELD)
    return _with_named(OpenedDocument(document, pictures), pictures, digests, left_out)


def _texts_of(bundle: Event, part: str) -> dict[str, str]:
    """Return what a child tells of a bundle, by address. Raises AttributeError if it is of another form."""
    return {address: str(text)[:MAX_NAME_CHARACTERS] for address, text in bundle.get(part, {}).items()}


def _with_named(
    opened: OpenedDocument, pictures: Mapping[str, Path], digests: Mapping[str, str], left_out: Mapping[str, str]
) -> OpenedDocument:
    """Return the document with pictures that it names; its digest is that of all files.

    It is the same document, whether its pictures lay beside it or came in a bundle.
    """
    document = with_pictures(opened.document, pictures, digests)
    if named := sorted(set(digests.values()) & pictures.keys()):
        digest = hashlib.sha256("".join([document.digest, *named]).encode()).hexdigest()
        document = document.model_copy(update={"digest": digest})
    return OpenedDocument(document, {**opened.pictures, **pictures}, left_out)
