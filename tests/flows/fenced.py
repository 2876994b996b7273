"""What runs behind the fence, of one server. A child that has no scene yet is not among it."""

from pathlib import Path

from callsheet.embedded.process_tree import descendants
from callsheet.settings import settings


def guards(scratch=None):
    """Ids of the processes that guard a scene which runs now: each holds a working folder in `scratch` open.

    Without one it is that of the test's own server.
    """
    scratch = scratch or settings().scratch_dir
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _holds_a_folder_in(scratch, folder)]


def renders():
    """Those, and everything that they have started."""
    return [pid for guard in guards() for pid in (guard, *descendants(guard))]


def alive(pids):
    """Those of the processes that still do anything; a dead one may wait for its parent to collect its exit code."""
    return [pid for pid in pids if _state_of(pid) not in ("", "Z")]


def _state_of(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _holds_a_folder_in(scratch, folder):
    try:
        if b"fence/supervisor.py" not in (folder / "cmdline").read_bytes():
            return False
        return any(file.readlink().is_relative_to(scratch) for file in (folder / "fd").iterdir())
    except OSError:  # it has ended meanwhile
        return False
