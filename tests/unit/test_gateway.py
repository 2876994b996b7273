"""Stored media over HTTP, from a real server on loopback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from callsheet.embedded.ports import free_port
from callsheet.storage.keys import content_key
from callsheet.storage.local import LocalStore

CONTENT = bytes(range(256)) * 40
KEY = content_key("clips", sha256(CONTENT).hexdigest(), "video/mp4")
MANIFEST = "videos/a-film/manifest.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one clip and one manifest, and things around it that must not be served."""
    folder = tmp_path_factory.mktemp("served") / "media"
    store = LocalStore(folder)
    store.put_bytes(CONTENT, KEY, "video/mp4")
    store.put_bytes(b"{}", MANIFEST, "application/json")
    (folder / ".incoming").mkdir(exist_ok=True)
    (folder / ".incoming/half").write_text("not yet")
    (folder.parent / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    return folder


@pytest.fixture(scope="module")
def media(folder: Path) -> Iterator[httpx.Client]:
    """A client of a gateway that serves `folder`."""
    port = free_port(14_280)
    with subprocess.Popen(
        [sys.executable, "-m", "callsheet.gateway", str(port)], env={**os.environ, "CALLSHEET_HOME": str(folder.parent)}
    ) as gateway:
        transport = httpx.HTTPTransport(retries=8)  # connections are tried again until the gateway listens
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/media/", transport=transport) as client:
            yield client
        gateway.terminate()


def test_a_clip_arrives_whole_with_its_type(media: httpx.Client):
    """What was stored is what is served, as the kind of media it is."""
    answer = media.get(KEY)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=10000-", 10_000, 10_239),
        ("bytes=-10", 10_230, 10_239),
        ("bytes=5-99999", 5, 10_239),
    ],
)
def test_a_player_gets_the_range_it_asks_for(media: httpx.Client, asked: str, first: int, last: int):
    """Seeking in a browser is a range request."""
    answer = media.get(KEY, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.content == CONTENT[first : last + 1]


def test_a_range_behind_the_end_is_refused_with_the_length(media: httpx.Client):
    """416 tells a player how long the file is."""
    answer = media.get(KEY, headers={"Range": "bytes=20000-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"


def test_head_tells_the_length_without_the_content(media: httpx.Client):
    """Players look before they load."""
    answer = media.head(KEY)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(CONTENT))


def test_content_is_kept_for_ever_and_manifests_are_asked_for_again(media: httpx.Client):
    """A content key never means anything else; a manifest may be written again."""
    assert "immutable" in media.get(KEY).headers["cache-control"]
    assert media.get(MANIFEST).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("key", [KEY, MANIFEST])
def test_what_a_client_has_already_is_not_sent_again(media: httpx.Client, key: str):
    """The entity tag of a content key is the content's own digest."""
    tag = media.get(key).headers["etag"]
    again = media.get(key, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_manifest_has_another_tag(media: httpx.Client, folder: Path):
    """Otherwise a browser would still show the old one."""
    before = media.get(MANIFEST).headers["etag"]
    LocalStore(folder).put_bytes(b'{"again": true}', MANIFEST, "application/json")
    assert media.get(MANIFEST, headers={"If-None-Match": before}).status_code == 200


def test_a_page_of_another_origin_may_play_it(media: httpx.Client):
    """The Prefect UI is served from another port."""
    answer = media.get(KEY, headers={"Origin": "http://127.0.0.1:4200", "Range": "bytes=0-1"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Content-Range" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "clips",
        "clips/",
        ".incoming/half",
        "../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "clips/..%2f..%2fsecret.txt",
        "%2fetc/passwd",
        "link.txt",
        "nothing/here.mp4",
    ],
)
def test_only_stored_objects_are_served(media: httpx.Client, path: str):
    """No folder, no dot-file, nothing outside the store, not through a link either."""
    target = httpx.URL(str(media.base_url)).copy_with(raw_path=f"/media/{path}".encode())
    answer = media.send(httpx.Request("GET", target))
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_nothing_can_be_written_over_http(media: httpx.Client):
    """The gateway reads and nothing else."""
    assert media.put(KEY, content=b"x").status_code == 405
    assert media.delete(KEY).status_code == 405
