"""The local store: whole files only, whatever happens to the process or the disk."""

import os
import signal
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from callsheet.errors import MediaUnfit
from callsheet.storage.keys import content_key
from callsheet.storage.local import LocalStore
from callsheet.storage.store import store_media
from tests.small_disk import run_on_disk

FORK = get_context("fork")
# A fork of a process that has been a client of Prefect ends with its exit code, not with ours.
SPAWN = get_context("spawn")


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """An empty store that something serves."""
    return LocalStore(tmp_path / "media", "http://127.0.0.1:4280/media/")


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A file to store."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"frames")
    return path


def test_a_stored_file_is_opened_in_place(store: LocalStore, clip: Path, tmp_path: Path) -> None:
    """Reading media from a folder copies nothing."""
    stored = store_media(store, clip, "clips", "video/mp4")
    with store.opened(stored.key) as path:
        assert path == tmp_path / "media" / stored.key


def test_a_file_given_away_is_still_there_where_storing_fails(store: LocalStore, clip: Path) -> None:
    """So that the next attempt has something to store."""
    with pytest.raises(MediaUnfit):
        store.put_file(clip, content_key("clips", "ab" * 32, "video/mp4"), "video/mp4", move=True)
    assert clip.read_bytes() == b"frames"


def test_a_file_given_away_on_the_same_disk_is_renamed(store: LocalStore, clip: Path) -> None:
    """No second copy of a large video is ever written."""
    inode = clip.stat().st_ino
    stored = store_media(store, clip, "clips", "video/mp4", move=True)
    with store.opened(stored.key) as path:
        assert path.stat().st_ino == inode


def test_a_link_given_away_is_stored_as_the_file_it_names(store: LocalStore, clip: Path) -> None:
    """A link in the store would change with whatever it points to."""
    link = clip.with_name("link.mp4")
    link.symlink_to(clip)
    stored = store_media(store, link, "clips", "video/mp4", move=True)
    with store.opened(stored.key) as path:
        assert not path.is_symlink()
    assert clip.exists()
    assert not link.exists()


def test_the_address_of_a_file_is_its_key_below_the_media_address(store: LocalStore, tmp_path: Path) -> None:
    """Without a server there is no address."""
    assert store.url("clips/a.mp4") == "http://127.0.0.1:4280/media/clips/a.mp4"
    assert LocalStore(tmp_path).url("clips/a.mp4") is None


def test_a_content_key_takes_no_other_content(store: LocalStore, clip: Path) -> None:
    """A file that changes while it is stored is refused, and what was there stays."""
    stored = store_media(store, clip, "clips", "video/mp4")
    clip.write_bytes(b"others")
    with pytest.raises(MediaUnfit, match="expected sha256"):
        store.put_file(clip, stored.key, "video/mp4")
    assert store.read_bytes(stored.key) == b"frames"


def test_a_damaged_file_is_mended_by_storing_it_again(store: LocalStore, clip: Path) -> None:
    """Also where the damage left its size as it was."""
    stored = store_media(store, clip, "clips", "video/mp4")
    with store.opened(stored.key) as path:
        path.write_bytes(b"broken")
    assert not store.holds(stored)
    store_media(store, clip, "clips", "video/mp4")
    assert store.holds(stored)


def test_files_that_no_key_can_name_are_not_listed(store: LocalStore, clip: Path, tmp_path: Path) -> None:
    """Neither those of a file browser nor those still on their way in."""
    stored = store_media(store, clip, "clips", "video/mp4")
    (tmp_path / "media" / "clips" / ".DS_Store").write_bytes(b"")
    (tmp_path / "media" / ".incoming" / "put-1").mkdir()
    assert list(store.keys()) == [stored.key]


def test_nothing_but_the_object_is_left_after_storing(store: LocalStore, clip: Path, tmp_path: Path) -> None:
    """Working files are gone after success and after failure."""
    stored = store_media(store, clip, "clips", "video/mp4")
    clip.write_bytes(b"others")
    with pytest.raises(MediaUnfit):
        store.put_file(clip, stored.key, "video/mp4")
    assert list((tmp_path / "media" / ".incoming").iterdir()) == []


def test_a_killed_writer_leaves_no_half_file_and_its_remains_are_swept(store: LocalStore, tmp_path: Path) -> None:
    """By kill -9, while 200 MB are written: the object is whole or not there, and the next writer cleans up."""
    source, incoming = tmp_path / "large.mp4", tmp_path / "media" / ".incoming"
    with source.open("wb") as file:
        file.truncate(200_000_000)
    writer = FORK.Process(target=store.put_file, args=(source, "clips/large.mp4", "video/mp4"))
    writer.start()
    _wait_for(lambda: any(path.stat().st_size for path in incoming.glob("*/object")))
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    assert {path.stat().st_size for path in (tmp_path / "media").glob("clips/*")} <= {200_000_000}
    store.put_bytes(b"{}", "videos/a.json", "application/json")
    assert list(incoming.iterdir()) == []


STORE_ON_DISK = """
import pathlib, sys
from callsheet.errors import SetupIncomplete
from callsheet.storage.local import LocalStore
root = pathlib.Path(sys.argv[1])
store = LocalStore(root / "media")
try:
    store.put_bytes(b"small", "clips/small.mp4", "video/mp4")
    store.put_file(pathlib.Path(sys.argv[2]), "clips/large.mp4", "video/mp4")
except SetupIncomplete as error:
    print(error.missing, "|", error)
print(list(store.keys()), list((root / "media").glob(".incoming/*")))
"""


@pytest.mark.parametrize(
    ("mount_options", "sentence", "left"),
    [
        ("size=1m", "disk space | The disk of {disk}/media/.incoming is full (", "['clips/small.mp4'] []"),
        ("ro", "permission | {disk}/media can't be used (Read-only file system)", "[] []"),
    ],
    ids=["full", "read-only"],
)
def test_a_disk_that_takes_no_more_is_one_sentence_and_no_half_file(
    tmp_path: Path, mount_options: str, sentence: str, left: str
) -> None:
    """Tried on real file systems; neither is a matter of waiting, so neither is retried."""
    disk, large = tmp_path / "disk", tmp_path / "large.mp4"
    large.write_bytes(bytes(3_000_000))
    said, remains = run_on_disk(disk, mount_options, STORE_ON_DISK, large, timeout_s=60).splitlines()
    assert said.startswith(sentence.format(disk=disk))
    assert "CALLSHEET_HOME" in said
    assert remains == left


def test_many_writers_of_the_same_content_end_with_one_whole_object(store: LocalStore, tmp_path: Path) -> None:
    """Four processes store the same clip at once."""
    content = os.urandom(500_000)
    files = [tmp_path / f"{number}.mp4" for number in range(4)]
    writers = [SPAWN.Process(target=_store_often, args=(store, file, content)) for file in files]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    assert list(map(store.read_bytes, store.keys())) == [content]


def _store_often(store: LocalStore, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    for _ in range(5):
        store_media(store, file, "clips", "video/mp4")


def _wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline
