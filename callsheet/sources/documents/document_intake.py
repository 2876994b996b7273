"""The door for what people name as a document: a file, an address, or a video at YouTube."""

from collections.abc import Callable
from pathlib import Path

from callsheet.fence.job import FenceLimits
from callsheet.model.film.document import DocumentKind, FigureBlock
from callsheet.model.values import ADDRESSES
from callsheet.sources.documents.bundle import write_bundle
from callsheet.sources.documents.document_reader import OpenedDocument, read_document
from callsheet.sources.documents.named_pictures import may_name_pictures
from callsheet.sources.documents.text_source import MAX_TEXT_BYTES
from callsheet.sources.documents.web_page import fetch_document
from callsheet.sources.documents.youtube import is_youtube, read_captions
from callsheet.threads import in_a_thread


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
