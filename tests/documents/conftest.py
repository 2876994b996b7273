"""What the tests of documents share."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

from callsheet.fence.job import FenceLimits
from callsheet.model.film.document import Document, DocumentKind
from callsheet.sources.documents.block_list import BlockList
from callsheet.sources.documents.document_reader import OpenedDocument, read_document
from callsheet.sources.documents.first_bytes import kind_of, reader_of

Opener = Callable[..., Awaitable[OpenedDocument]]


@pytest.fixture
def limits(tmp_path: Path) -> FenceLimits:
    """Limits with slots of their own."""
    return FenceLimits(timeout_s=60, at_once=2, slots_dir=tmp_path / "slots")


@pytest.fixture
def opened(tmp_path: Path, limits: FenceLimits) -> Opener:
    """Reads bytes as a person's file is read: behind the fence."""

    async def open_bytes(content: bytes, name: str = "file") -> OpenedDocument:
        path = tmp_path / "given"
        path.write_bytes(content)
        folder = Path(mkdtemp(dir=tmp_path))
        return await read_document(path, name, folder, limits)

    return open_bytes


@pytest.fixture
def blocks(tmp_path: Path) -> Callable[..., BlockList]:
    """Reads bytes in this process: what a reader makes of them."""

    def read(content: bytes | str, kind: DocumentKind | None = None, address: str = "") -> BlockList:
        source = content.encode() if isinstance(content, str) else content
        found = BlockList(tmp_path, address=address)
        reader_of(kind or kind_of(source))(source, found)
        return found

    return read


def shown(document: Document | BlockList) -> list[str]:
    """Return each block in short: its kind, and its text."""
    return [f"{block.kind}: {' | '.join(text for text in block.texts() if text)}" for block in document.blocks]
