"""The door for what people name as a document: a file, an address, or a video at YouTube."""

from collections.abc import Callable
from pathlib import Path

from callsheet.fence.job import FenceLimits
from callsheet.model.film.document import DocumentKind
from callsheet.model.values import ADDRESSES
from callsheet.sources.documents.document_reader import OpenedDocument, read_document
from callsheet.sources.documents.web_page import fetch_document
from callsheet.sources.documents.youtube import is_youtube, read_captions


async def open_document(
    source: str,
    folder: Path,
    limits: FenceLimits,
    allowed_hosts: frozenset[str] = frozenset(),
    on_progress: Callable[[int], None] = lambda blocks: None,
    kind: DocumentKind | None = None,
) -> OpenedDocument:
    """Read a document from a file or an address. `folder` is an empty scratch folder of the caller's.

    `allowed_hosts` are as in `FetchLimits`. Raises as `read_document`, `fetch_document` and
    `read_captions` do.
    """
    if is_youtube(source):
        return await read_captions(source, folder, limits, allowed_hosts, on_progress)
    if source.lower().startswith(ADDRESSES):
        return await fetch_document(source, folder, limits, allowed_hosts, on_progress, kind)
    return await read_document(Path(source), source, folder, limits, on_progress, kind)
