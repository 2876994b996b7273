"""Files are whole under their names, or not there; a full disk is a sentence."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from callsheet.disk import check_home, whole_file, write_whole
from callsheet.errors import SetupIncomplete
from callsheet.scratch import scratch_dir

ROOT = Path(__file__).parents[2]
NOBODY = 65534
WRITE = """
import sys, time
from pathlib import Path
from callsheet.disk import check_home, whole_file
with whole_file(Path(sys.argv[1])) as part:
    part.write_bytes(b"half")
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_file_takes_the_place_of_another_one_whole(tmp_path: Path) -> None:
    """With its own content, and with nothing beside it."""
    path = tmp_path / "fence.json"
    path.write_bytes(b"old and longer")
    write_whole(path, "ä")
    assert path.read_text(encoding="utf-8") == "ä"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["fence.json"]


def test_what_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    """And no part of it, under any name; the temporary name has the suffix, from which some writers read the format."""
    path = tmp_path / "video.mp4"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), whole_file(path) as part:
        assert part.suffix == ".mp4"
        assert part.parent == tmp_path
        part.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_write_leaves_no_half_file_under_the_name(tmp_path: Path) -> None:
    """However the process ends."""
    path = tmp_path / "video.mp4"
    argv = [sys.executable, "-c", WRITE, str(path)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "half\n"
        process.send_signal(signal.SIGKILL)
    assert not path.exists()


@pytest.mark.parametrize("where", ["folder", "block"])
def test_a_full_disk_is_a_sentence_from_a_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Both where the folder is made and where something is written into it."""
    full = OSError(errno.ENOSPC, "No space left on device")

    def refused(*_: object, **__: object) -> None:
        raise full

    root = tmp_path / "scratch"
    if where == "folder":
        monkeypatch.setattr(os, "open", refused)
    with pytest.raises(SetupIncomplete, match=f"The disk of {root} is full"), scratch_dir(root, "render"):
        raise full


def test_another_error_in_a_working_folder_stays_what_it_is(tmp_path: Path) -> None:
    """A picture that may not be read is no matter of the working folder."""
    with pytest.raises(PermissionError), scratch_dir(tmp_path, "render"):
        raise PermissionError(errno.EACCES, "Permission denied")


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder that this process may read and not write to; root gives up its rights for the test."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        real, effective, saved = os.getresuid()
        if effective == 0:
            os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield Path(folder)
        finally:
            os.setresuid(real, effective, saved)
            Path(folder).chmod(0o755)


def test_a_home_that_may_only_be_read_is_refused_to_those_that_write(read_only_folder: Path) -> None:
    """Others may still read what it holds."""
    check_home(read_only_folder)
    with pytest.raises(SetupIncomplete, match=f"you may not write to {read_only_folder}. Set CALLSHEET_HOME"):
        check_home(read_only_folder, to_write=True)


def test_a_home_that_can_not_be_made_is_refused_to_all(read_only_folder: Path) -> None:
    """It is not taken for an empty one."""
    with pytest.raises(SetupIncomplete, match=f"you may not write to {read_only_folder}. Set CALLSHEET_HOME"):
        check_home(read_only_folder / "below/home")
