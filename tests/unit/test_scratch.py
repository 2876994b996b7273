"""Working folders: they vanish with their process, however it ends."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from threading import Thread

import pytest

from callsheet.scratch import scratch_dir, sweep

FORK = get_context("fork")
# A fork of a process that has been a client of Prefect ends with its exit code, not with ours.
SPAWN = get_context("spawn")


def test_a_working_folder_exists_for_the_length_of_its_block(tmp_path: Path) -> None:
    """Empty at the start, removed with all that is in it at the end."""
    with scratch_dir(tmp_path / "new" / "scratch", "render") as folder:
        assert folder.name.startswith("render-")
        assert list(folder.iterdir()) == []
        (folder / "deep").mkdir()
        (folder / "deep" / "frame.png").write_bytes(b"pixels")
    assert list((tmp_path / "new" / "scratch").iterdir()) == []


def test_a_working_folder_is_removed_when_the_work_fails(tmp_path: Path) -> None:
    """The error travels on."""
    with pytest.raises(ZeroDivisionError), scratch_dir(tmp_path, "render"):
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []


def test_a_living_folder_is_not_swept(tmp_path: Path) -> None:
    """Neither by its own process nor by a new folder beside it."""
    with scratch_dir(tmp_path, "one") as one, scratch_dir(tmp_path, "two"):
        sweep(tmp_path)
        assert one.is_dir()


def test_what_a_killed_process_left_is_swept_by_the_next(tmp_path: Path) -> None:
    """After kill -9 its folder stays at first and is gone as soon as a process opens another."""
    with _working(tmp_path) as (worker, folder):
        with scratch_dir(tmp_path, "render"):
            assert (folder / "frame.png").exists()
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
    assert (folder / "frame.png").exists()
    with scratch_dir(tmp_path, "render") as own:
        assert not folder.exists()
        assert {path.name for path in tmp_path.iterdir()} == {own.name, f"{own.name}.lock"}


def test_a_power_cut_in_the_middle_of_sweeping_leaves_nothing_that_stays(tmp_path: Path) -> None:
    """A lock file without its folder, and a folder half removed, are both swept."""
    (tmp_path / "render-1.lock").touch()
    (tmp_path / "render-2.lock").touch()
    (tmp_path / "render-2").mkdir()
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    """Only a folder with a lock file beside it is ours to remove."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes.txt").touch()
    sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"notes", "notes.txt"}


def test_a_folder_is_never_swept_under_busy_neighbours(tmp_path: Path) -> None:
    """Three processes of three threads open, use and close folders, each sweeping all the time."""
    workers = [SPAWN.Process(target=_busy_process, args=(tmp_path,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []


def _busy_process(root: Path) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for number in range(60):
                with scratch_dir(root, "busy") as folder:
                    (folder / "file").write_text(str(number))
                    sweep(root)
                    assert (folder / "file").read_text() == str(number)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


@contextmanager
def _working(root: Path) -> Iterator[tuple[ForkProcess, Path]]:
    """A process that holds a working folder with a file in it until it is killed."""
    reader, writer = FORK.Pipe()

    def work() -> None:
        with scratch_dir(root, "render") as folder:
            (folder / "frame.png").write_bytes(b"pixels")
            writer.send(folder)
            time.sleep(60)

    worker = FORK.Process(target=work)
    worker.start()
    try:
        yield worker, reader.recv()
    finally:
        worker.kill()
        worker.join()
