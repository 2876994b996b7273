"""A cache in a store: what is kept is found by its name, and only by code that would make it in the same way."""

from pathlib import Path

from callsheet.storage.local import LocalStore
from callsheet.storage.s3 import S3Store
from callsheet.storage.window_cache import WindowCache
from tests.s3_server import answering, bucket_block, s3_error


def put(cache: WindowCache, folder: Path, content: bytes) -> None:
    """Keep a file of this content as “window”."""
    path = folder / "made"
    path.write_bytes(content)
    cache.keep("window", path)
    assert not path.exists()


def found(cache: WindowCache) -> bytes | None:
    """The content that is kept as “window”."""
    with cache.opened("window") as path:
        return path.read_bytes() if path else None


def test_what_is_kept_is_found_until_it_is_replaced(tmp_path: Path) -> None:
    """The file is given away, and the last one counts."""
    cache = WindowCache(LocalStore(tmp_path / "store"), "windows", "video/mp4", "1")
    assert found(cache) is None
    for content in (b"one", b"two"):
        put(cache, tmp_path, content)
        assert found(cache) == content


def test_software_that_makes_it_another_way_does_not_find_it(tmp_path: Path) -> None:
    """A new version begins with an empty cache."""
    store = LocalStore(tmp_path / "store")
    put(WindowCache(store, "windows", "video/mp4", "1"), tmp_path, b"old")
    assert found(WindowCache(store, "windows", "video/mp4", "2")) is None


def test_a_shelf_that_does_not_answer_is_like_an_empty_one(tmp_path: Path) -> None:
    """It is there to save work: the film is made without it, and nothing of it is made twice."""
    made = tmp_path / "made"
    made.write_bytes(b"frames")
    with answering(s3_error(503, "SlowDown")) as (address, requests):
        cache = WindowCache(S3Store(bucket_block(address, "films"), tmp_path / "scratch"), "windows", "video/mp4", "1")
        assert found(cache) is None
        cache.keep("window", made)
    assert len(requests) == 2
