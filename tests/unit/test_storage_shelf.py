"""A shelf in a store: what is kept is found by its name, and by nobody who would make it in another way."""

from pathlib import Path

from callsheet.storage.local import LocalStore
from callsheet.storage.s3 import S3Store
from callsheet.storage.shelf import Shelf
from tests.s3_server import answering, bucket_block, s3_error


def put(shelf: Shelf, folder: Path, content: bytes) -> None:
    """Keep a file of this content as “window”."""
    path = folder / "made"
    path.write_bytes(content)
    shelf.keep("window", path)
    assert not path.exists()


def found(shelf: Shelf) -> bytes | None:
    """The content that is kept as “window”."""
    with shelf.opened("window") as path:
        return path.read_bytes() if path else None


def test_what_is_kept_is_found_until_it_is_replaced(tmp_path: Path) -> None:
    """The file is given away, and the last one counts."""
    shelf = Shelf(LocalStore(tmp_path / "store"), "windows", "video/mp4", "1")
    assert found(shelf) is None
    for content in (b"one", b"two"):
        put(shelf, tmp_path, content)
        assert found(shelf) == content


def test_software_that_makes_it_another_way_does_not_find_it(tmp_path: Path) -> None:
    """A new version begins with an empty shelf."""
    store = LocalStore(tmp_path / "store")
    put(Shelf(store, "windows", "video/mp4", "1"), tmp_path, b"old")
    assert found(Shelf(store, "windows", "video/mp4", "2")) is None


def test_a_shelf_that_does_not_answer_is_like_an_empty_one(tmp_path: Path) -> None:
    """It is there to save work: the film is made without it, and nothing of it is made twice."""
    made = tmp_path / "made"
    made.write_bytes(b"frames")
    with answering(s3_error(503, "SlowDown")) as (address, requests):
        shelf = Shelf(S3Store(bucket_block(address, "films"), tmp_path / "scratch"), "windows", "video/mp4", "1")
        assert found(shelf) is None
        shelf.keep("window", made)
    assert len(requests) == 2
