"""What every store promises, asked of the local folder and of S3 over HTTP."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from callsheet.errors import InvalidRequest, MediaLost
from callsheet.model.film.media import StoredObject
from callsheet.storage.local import LocalStore
from callsheet.storage.s3 import S3Store
from callsheet.storage.store import Store, open_media, store_media
from tests.s3_server import new_bucket, s3_server


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """The address of an S3 server."""
    with s3_server() as address:
        yield address


@pytest.fixture(params=["local", "s3", "s3 in a folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each kind of store, empty."""
    if request.param == "local":
        return LocalStore(tmp_path / "media")
    folder = "films/2025" if "folder" in request.param else ""
    return S3Store(new_bucket(request.getfixturevalue("s3_address"), folder), tmp_path / "scratch")


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A file of 7000 bytes."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"frames " * 1000)
    return path


def test_a_stored_file_comes_back_byte_for_byte(store: Store, clip: Path) -> None:
    """What was stored is what is read, under a key made of its content."""
    stored = store_media(store, clip, "clips", "video/mp4")
    digest = hashlib.sha256(clip.read_bytes()).hexdigest()
    assert stored == StoredObject(
        key=f"clips/{digest[:2]}/{digest}.mp4", sha256=digest, size_bytes=7000, media_type="video/mp4"
    )
    with open_media(store, stored, verify_digest=True) as path:
        assert path.suffix == ".mp4"
        assert path.read_bytes() == clip.read_bytes()


def test_storing_the_same_content_twice_gives_the_same_object(store: Store, clip: Path) -> None:
    """A retry of a finished upload changes nothing."""
    first = store_media(store, clip, "clips", "video/mp4")
    assert store_media(store, clip, "clips", "video/mp4") == first
    assert list(store.keys()) == [first.key]


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_that_is_given_away_is_gone_afterwards(store: Store, clip: Path, times: int) -> None:
    """Also where its content was stored already."""
    content = clip.read_bytes()
    for _ in range(times):
        clip.write_bytes(content)
        stored = store_media(store, clip, "clips", "video/mp4", move=True)
    assert not clip.exists()
    assert store.read_bytes(stored.key) == content


def test_a_source_that_changes_later_does_not_change_what_is_stored(store: Store, clip: Path) -> None:
    """A file that is not given away is copied, never linked."""
    before = clip.read_bytes()
    stored = store_media(store, clip, "clips", "video/mp4")
    with clip.open("r+b") as file:
        file.write(b"CHANGED")
    assert store.read_bytes(stored.key) == before
    assert store.holds(stored)


def test_a_file_of_no_bytes_is_stored(store: Store, clip: Path) -> None:
    """Nothing is something too: the smallest file has no special case."""
    clip.write_bytes(b"")
    stored = store_media(store, clip, "clips", "video/mp4")
    assert store.holds(stored)
    assert store.read_bytes(stored.key) == b""


def test_what_is_not_there_is_lost_and_says_so(store: Store) -> None:
    """Reading it names the key and what to do; asking for it is simply no."""
    assert not store.exists("clips/a.mp4")
    with pytest.raises(MediaLost, match=r"clips/a.mp4 is not in .* Run the flow again"):
        store.read_bytes("clips/a.mp4")
    with pytest.raises(MediaLost), store.opened("clips/a.mp4"):
        pass


def test_a_truncated_object_is_noticed_when_opened(store: Store, clip: Path) -> None:
    """The size is compared on every opening, because it costs nothing."""
    stored = store_media(store, clip, "clips", "video/mp4")
    store.put_bytes(clip.read_bytes(), "clips/whole.mp4", "video/mp4")
    short = StoredObject(**{**stored.model_dump(), "key": "clips/whole.mp4", "size_bytes": 7001})
    assert not store.holds(short)
    with pytest.raises(MediaLost, match="has 7000 bytes instead of 7001"), open_media(store, short):
        pass


def test_a_changed_object_is_noticed_when_its_digest_is_asked_for(store: Store, clip: Path) -> None:
    """Same size, other content."""
    stored = store_media(store, clip, "clips", "video/mp4")
    store.put_bytes(clip.read_bytes().replace(b"f", b"g"), "clips/other.mp4", "video/mp4")
    other = StoredObject(**{**stored.model_dump(), "key": "clips/other.mp4"})
    with pytest.raises(MediaLost, match="is damaged"), open_media(store, other, verify_digest=True):
        pass


def test_putting_again_replaces_what_was_there(store: Store) -> None:
    """A manifest is renewed in place."""
    store.put_bytes(b"old", "videos/a.manifest.json", "application/json")
    store.put_bytes(b"new and longer", "videos/a.manifest.json", "application/json")
    assert store.read_bytes("videos/a.manifest.json") == b"new and longer"


def test_keys_come_in_the_order_of_their_characters(store: Store) -> None:
    """The same order in each store: a dot and a dash come before the slash of a folder."""
    keys = ["a-b", "a.b", "a/b", "a/b.c/d", "a/b/c", "a0", "b"]
    for key in reversed(keys[:2] + keys[3:]):
        store.put_bytes(b"", key, "text/plain")
    assert list(store.keys()) == sorted(keys[:2] + keys[3:])
    assert list(store.keys("a/")) == ["a/b.c/d", "a/b/c"]
    assert list(store.keys("a/b.")) == ["a/b.c/d"]
    assert list(store.keys("none/")) == []


@pytest.mark.parametrize("key", ["../escaped", "/etc/escaped", "a/../../escaped", "A"])
def test_no_method_takes_a_key_that_is_none(store: Store, key: str, clip: Path) -> None:
    """Refused before anything is touched."""
    calls = [
        lambda: store.put_file(clip, key, "video/mp4"),
        lambda: store.put_bytes(b"", key, "text/plain"),
        lambda: store.exists(key),
        lambda: store.read_bytes(key),
        lambda: store.opened(key).__enter__(),
        lambda: store.url(key) if not isinstance(store, LocalStore) else store.exists(key),
        lambda: list(store.keys(key)),
    ]
    for call in calls:
        with pytest.raises(InvalidRequest):
            call()


names = st.lists(st.text(alphabet="ab.-_0", min_size=1, max_size=3).map("x".__add__), min_size=1, max_size=3)


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(names.map("/".join), max_size=8))
def test_a_folder_lists_its_keys_as_s3_does(tmp_path_factory: pytest.TempPathFactory, keys: set[str]) -> None:
    """In the order of whole keys, although a file system lists folder by folder."""
    store = LocalStore(tmp_path_factory.mktemp("media"))
    stored = {key for key in keys if not any(other.startswith(f"{key}/") for other in keys)}
    for key in stored:
        store.put_bytes(b"", key, "text/plain")
    assert list(store.keys()) == sorted(stored)
