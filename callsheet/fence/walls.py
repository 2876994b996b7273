"""The walls as data: what a fenced process sees, step by step in bubblewrap's words.

Pure functions.

    /usr (without /usr/local), Python, the packages that are let in      read-only
    /scene                                                               the working folder, in memory, of limited size
    /tmp                                                                 home and temporary files, likewise
    /dev                                                                 null, zero, random and the like

There is no /proc, no network, no other process, no folder of this machine that can be written, and a filter in front of
the kernel (`filters`). Steps are bwrap's options but for two kinds, whose descriptors the supervisor makes: `text`
(content, target) and `--seccomp` (path of the filter).
"""

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from callsheet.errors import SetupIncomplete
from callsheet.fence.software import PYTHON_FOLDER, Software

WORK = "/scene"
HOME = "/tmp"
PACKAGES = "/packages"
SCENE_DISK_BYTES = 1 << 30
HOME_DISK_BYTES = 256 << 20
FILTERS = Path(__file__).parent / "filters"
INSTALL = "on Debian, `apt-get install bubblewrap` brings it"

NAMESPACES = (
    ("--unshare-user",),
    ("--unshare-pid",),
    ("--unshare-net",),
    ("--unshare-ipc",),
    ("--unshare-uts",),
    ("--unshare-cgroup-try",),
    ("--disable-userns",),
    ("--uid", "65534"),
    ("--gid", "65534"),
    ("--hostname", "stage"),
    ("--die-with-parent",),
    ("--new-session",),
    ("--cap-drop", "ALL"),
)
_SYSTEM = ("bin", "lib", "lib64", "sbin", "share", "libexec")
_LINKED = ("bin", "lib", "lib64", "sbin")
# Typefaces, the loader's cache, and what LaTeX needs if it is installed.
_EXTRAS = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/papersize",
    "/etc/texmf",
    "/usr/local/share/fonts",
    "/var/cache/fontconfig",
    "/var/lib/texmf",
)
_USERS = (
    ("text", f"nobody:x:65534:65534::{HOME}:/usr/sbin/nologin\n", "/etc/passwd"),
    ("text", "nogroup:x:65534:\n", "/etc/group"),
)


@dataclass(frozen=True)
class Walls:
    """Everything that bwrap gets.

    `roots` are folders that may be closed to the user that bwrap runs as.
    """

    bwrap: str
    steps: tuple[tuple[str, ...], ...]
    roots: tuple[str, ...]


def build_walls(software: Software) -> Walls:
    """Return the walls around a process that runs `software`.

    Raises:
        SetupIncomplete: bubblewrap is not installed, or there is no filter for this kind of processor.
    """
    return Walls(_bwrap(), tuple(_steps(software, _filter())), _roots(software))


def _steps(software: Software, seccomp: Path) -> Iterator[tuple[str, ...]]:
    yield from NAMESPACES
    yield from (("--ro-bind-try", f"/usr/{name}", f"/usr/{name}") for name in _SYSTEM)
    yield from (("--symlink", f"usr/{name}", f"/{name}") for name in _LINKED)
    yield from (("--ro-bind-try", path, path) for path in _EXTRAS)
    yield from _USERS
    yield from _python(software.base)
    yield from (("--ro-bind", str(path), f"{PACKAGES}/{path.name}") for path in software.packages)
    yield ("--dev", "/dev")
    yield from _in_memory(HOME, HOME_DISK_BYTES)
    yield from _in_memory(WORK, SCENE_DISK_BYTES)
    yield ("--seccomp", str(seccomp))


def _python(base: Path) -> Iterator[tuple[str, ...]]:
    """Yield the steps for a Python beside the system's own, without packages installed into it."""
    if base == Path("/usr"):
        return
    for name in ("bin", "lib"):
        yield ("--ro-bind", f"{base}/{name}", f"{base}/{name}")
    if (base / "lib" / PYTHON_FOLDER / "site-packages").exists():
        yield ("--tmpfs", f"{base}/lib/{PYTHON_FOLDER}/site-packages")


def _in_memory(place: str, size_bytes: int) -> Iterator[tuple[str, ...]]:
    yield ("--perms", "0755", "--size", str(size_bytes), "--tmpfs", place)


def _roots(software: Software) -> tuple[str, ...]:
    folders = {str(path.parent) for path in software.packages} | {str(software.base)}
    return tuple(sorted(folder for folder in folders if not Path(folder).is_relative_to("/usr")))


def _bwrap() -> str:
    found = shutil.which("bwrap")
    if found is None:
        raise SetupIncomplete(f"Scene code runs behind bubblewrap only, which is not installed; {INSTALL}.", "bwrap")
    return found


def _filter() -> Path:
    processor = platform.machine()
    path = FILTERS / f"{processor}.bpf"
    if not path.exists():
        raise SetupIncomplete(
            f"There is no filter of system calls for {processor} processors; render on x86_64 or aarch64.", processor
        )
    return path
