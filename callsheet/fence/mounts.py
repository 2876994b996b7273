"""A view of the file system that lets a process of root become the user nobody, and still reach the folders it needs.

Standard library alone. A checkout or a Python below /root is closed to every other user. So a process that is about to
give up root first takes a separate view of the file system. There it opens the needed folders at `EXPOSED_AT`. Nothing
is copied, no other process sees the view, and it ends with the process. bwrap then binds from there to the original
places.
"""

import ctypes
import os
from pathlib import Path

EXPOSED_AT = Path("/mnt")
NOBODY = 65_534

# linux/sched.h, linux/mount.h, linux/prctl.h
CLONE_NEWNS = 0x00020000
MS_NOSUID, MS_NODEV, MS_REC, MS_BIND, MS_PRIVATE = 0x2, 0x4, 0x4000, 0x1000, 0x40000
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
LAST_CAPABILITY = Path("/proc/sys/kernel/cap_last_cap")

_libc = ctypes.CDLL(None, use_errno=True)


def exposed(path: str, roots: list[str]) -> str:
    """Return where `path` is found once `roots` are exposed.

    That is below the innermost of them, or else its own place.
    """
    for number, root in sorted(enumerate(roots), key=lambda numbered: -len(numbered[1])):
        if Path(path).is_relative_to(root):
            return str(EXPOSED_AT / str(number) / Path(path).relative_to(root)).removesuffix("/.")
    return path


def expose(roots: list[str]) -> None:
    """Bind every root below EXPOSED_AT, under its number, in a mount namespace of this process."""
    _check(_libc.unshare(CLONE_NEWNS), "a private view of the file system")
    _mount(None, "/", None, MS_REC | MS_PRIVATE)
    # Opened in the new namespace (the kernel does not bind what belongs to another one), and before EXPOSED_AT is
    # covered: a root may lie below it.
    descriptors = [os.open(root, os.O_PATH | os.O_CLOEXEC) for root in roots]
    _mount("tmpfs", str(EXPOSED_AT), "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")
    for number, descriptor in enumerate(descriptors):
        place = EXPOSED_AT / str(number)
        place.mkdir()
        _mount(f"/proc/self/fd/{descriptor}", str(place), None, MS_BIND | MS_REC)
        os.close(descriptor)


def give_up_root() -> None:
    """Become the user nobody, without groups or capabilities, and without a way back."""
    for capability in range(int(LAST_CAPABILITY.read_text()) + 1):
        _check(_libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "giving up capabilities")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def promise_no_new_privileges() -> None:
    """Give up new privileges: from now on, no set-uid program gives this process more rights."""
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def die_with(parent: int, signal_number: int) -> None:
    """Let the kernel send the signal when `parent` has gone.

    A change of user would undo it: call this after that.
    """
    _check(_libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0), "a signal at the end of the supervisor")
    if os.getppid() != parent:
        os._exit(1)


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    arguments = [None if text is None else text.encode() for text in (source, target, kind, options)]
    source_c, target_c, kind_c, options_c = arguments
    _check(_libc.mount(source_c, target_c, kind_c, ctypes.c_ulong(flags), options_c), f"mounting {target}")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
