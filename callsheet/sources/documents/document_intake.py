"""The door for what people name as a document: a file, an address, or a video at YouTube.

A page of the web is fetched through the one door for files from the network, and read without its scripts. What is
shown by scripts alone is not there.
"""

from collections.abc import Callable
from pathlib import Path

from callsheet.errors import InvalidRequest, MediaUnfit
from callsheet.fence.job import FenceLimits
from callsheet.model.film.document import MAX_SOURCE_BYTES, DocumentKind, FigureBlock
from callsheet.model.values import ADDRESSES
from callsheet.sources.documents.bundle import write_bundle
from callsheet.sources.documents.document_reader import FIELD, OpenedDocument, read_document
from callsheet.sources.documents.named_pictures import may_name_pictures
from callsheet.sources.documents.text_source import MAX_TEXT_BYTES
from callsheet.sources.documents.youtube import is_youtube, read_captions
from callsheet.sources.fetch import FetchLimits, fetch
from callsheet.threads import in_a_thread

FETCH_TOTAL_S = 120.0
_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "text/x-markdown",
        "text/x-rst",
        "text/prs.fallenstein.rst",
        "application/pdf",
        "application/epub+zip",
        "application/vnd.oasis.opendocument.text",
        "application/json",
        "application/x-ipynb+json",
        "text/vtt",
        "application/x-subrip",
        "text/srt",
        "application/octet-stream",
        "binary/octet-stream",
        "application/zip",
        f"{_OFFICE}.wordprocessingml.document",
        f"{_OFFICE}.presentationml.presentation",
    }
)
"""What servers call documents. What one is, its first bytes say."""


async def open_document(
    source: str,
    folder: Path,
    limits: FenceLimits,
    allowed_hosts: frozenset[str] = frozenset(),
    on_progress: Callable[[int], None] = lambda blocks: None,
    kind: DocumentKind | None = None,
) -> OpenedDocument:
    """Read a document from a file or an address. `folder` is an empty scratch folder of the caller's.

    A file takes the pictures along that it names. `allowed_hosts` are as in `FetchLimits`. Raises as
    `read_document`, `fetch_document` and `read_captions` do.
    """
    if is_youtube(source):
        return await read_captions(source, folder, limits, allowed_hosts, on_progress)
    if source.lower().startswith(ADDRESSES):
        return await fetch_document(source, folder, limits, allowed_hosts, on_progress, kind)
    return await read_document(Path(source), source, folder, limits, on_progress, kind, with_pictures_beside=True)


async def fetch_document(
    url: str,
    folder: Path,
    limits: FenceLimits,
    allowed_hosts: frozenset[str] = frozenset(),
    on_progress: Callable[[int], None] = lambda blocks: None,
    kind: DocumentKind | None = None,
) -> OpenedDocument:
    """Fetch a document, and read it. `folder` is an empty scratch folder of the caller's.

    `allowed_hosts` are as in `FetchLimits`.

    Raises:
        InvalidRequest: about `document`; the address is not fetched from, nothing is at it, or no document is.
        RateLimited, ProviderTimeout, ProviderUnavailable, StageUnavailable: trying again later may help.
        SetupIncomplete: the fence can't be built on this machine.
    """
    try:
        fetched = await fetch(url, folder, FetchLimits(MEDIA_TYPES, MAX_SOURCE_BYTES, FETCH_TOTAL_S, allowed_hosts))
    except InvalidRequest as error:
        raise InvalidRequest(f"“{url[:200]}” can't be fetched: {error.args[0]}", FIELD) from error
    except MediaUnfit as error:
        wanted = error.expected if error.expected.startswith("at most") else "a page or a document"
        raise InvalidRequest(f"“{url[:200]}” is not read: it must be {wanted}, and is {error.found}", FIELD) from error
    return await read_document(fetched.path, fetched.url, folder, limits, on_progress, kind)


async def file_to_store(path: Path, name: str, folder: Path, limits: FenceLimits) -> Path:
    """Return the file that a store keeps of a document: itself, or a bundle with the pictures that it names.

    The bundle lies in `folder`, an empty scratch folder of the caller's. Raises as `read_document` does.
    """
    if not await in_a_thread(_may_name_pictures, path):
        return path
    opened = await read_document(path, name, folder, limits, with_pictures_beside=True)
    figures = [block for block in opened.document.blocks if isinstance(block, FigureBlock) and block.address]
    pictures = {figure.address: opened.pictures[figure.digest] for figure in figures if figure.digest}
    if not pictures and not opened.left_out:
        return path
    target = folder / "bundle"
    await in_a_thread(write_bundle, target, path, pictures, opened.left_out)
    return target


def _may_name_pictures(path: Path) -> bool:
    try:
        return path.stat().st_size <= MAX_TEXT_BYTES and may_name_pictures(path.read_bytes())
    except OSError:  # the store says so, in its words
        return False
