"""Documents at an address: fetched from loopback, and by the rules for addresses."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from callsheet.errors import InvalidRequest
from callsheet.sources.documents.document_intake import fetch_document
from tests.documents import writers
from tests.documents.conftest import shown
from tests.pace import POLL_S

PAGE = "<!doctype html><html><head><title>Sea</title></head><body><main><h1>Sea</h1><p>{}</p></main></body></html>"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the interface of the server
        """Say nothing."""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """Return a server on loopback with a page, a PDF and a program."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sea.html").write_text(PAGE.format("The sea is salt. " * 20))
    (folder / "paper.pdf").write_bytes(writers.pdf())
    (folder / "a.exe").write_bytes(b"MZ" + bytes(100))
    (folder / "film.mp4").write_bytes(bytes(100))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.mark.parametrize(("name", "first"), [("sea.html", "heading: Sea"), ("paper.pdf", "heading: Why lamps turn")])
async def test_a_page_and_a_pdf_are_read_from_their_address(tmp_path, limits, host, name, first):
    """What it is, its bytes say."""
    (tmp_path / "read").mkdir()
    found = await fetch_document(f"http://{host}/{name}", tmp_path / "read", limits, frozenset({host}))
    assert shown(found.document)[0] == first
    assert found.document.origin == f"http://{host}/{name}"


async def test_what_is_not_there_or_not_public_is_told(tmp_path, limits, host):
    """One sentence each; nothing is left in the folder."""
    folder = tmp_path / "read"
    folder.mkdir()
    with pytest.raises(InvalidRequest, match=r"document: .*answered 404 Not Found"):
        await fetch_document(f"http://{host}/gone.html", folder, limits, frozenset({host}))
    with pytest.raises(InvalidRequest, match=r"is not on the public network|nothing is fetched from port"):
        await fetch_document(f"http://{host}/sea.html", folder, limits)
    with pytest.raises(InvalidRequest, match=r"document: .*only http:// and https:// are fetched"):
        await fetch_document("file:///etc/passwd", folder, limits)
    with pytest.raises(InvalidRequest, match=r"must be a page or a document, and is video/mp4$"):
        await fetch_document(f"http://{host}/film.mp4", folder, limits, frozenset({host}))
    assert list(folder.iterdir()) == []
