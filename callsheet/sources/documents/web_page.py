"""Documents at an address of the web: fetched through the one door for files from the network, and read like any other.

A page is read without its scripts. What is shown by scripts alone is not there.
"""

from collections.abc import Callable
from pathlib import Path

from callsheet.errors import InvalidRequest, MediaUnfit
from callsheet.fence.job import FenceLimits
from callsheet.model.film.document import MAX_SOURCE_BYTES, DocumentKind
from callsheet.sources.documents.document_reader import FIELD, OpenedDocument, read_document
from callsheet.sources.fetch import FetchLimits, fetch

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
