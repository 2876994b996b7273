"""The orders to a supervisor: plain data, with everything decided.

They depend only on their input and what is installed.
"""

import math
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from callsheet.fence import boot
from callsheet.fence.job import FenceLimits, FencePolicy, Job
from callsheet.fence.software import NEEDED, PACKAGE, Software, software
from callsheet.fence.walls import HOME, PACKAGES, WORK, build_walls
from callsheet.scratch import leftovers_of

PROCESSES = 64
OPEN_FILES = 256
FILE_BYTES = 512 << 20
# Address space is not memory: each thread of a numeric library reserves 72 MB of it. So the bound is generous; the
# control group is the one that counts.
ADDRESS_SPACE_BYTES = 4 << 30
CPU_SECONDS_PER_SECOND = 4


def setting_order(
    module: str,
    limits: FenceLimits,
    files: Mapping[str, Path],
    work: str | None,
    packages: tuple[str, ...] = NEEDED,
    *,
    is_fed: bool = False,
) -> dict[str, Any]:
    """Return what a process needs to begin: everything but its job.

    `work` is its folder, if no walls give it one. `packages` are the distributions that it finds. If it `is_fed`, it
    reads lines after its job.
    """
    installed = software(packages)
    is_walled = work is None
    work = work or WORK
    return {
        "program": _program(installed, is_walled),
        "walls": asdict(build_walls(installed)) if is_walled else None,
        "gives_up_root": limits.policy is not FencePolicy.UNSAFE_NONE,
        "environment": environment(work, HOME if is_walled else work),
        "briefing": {
            "module": module,
            "is_fed": is_fed,
            # Without walls, packages are found at the places where they are installed.
            "packages": [PACKAGES] if is_walled else sorted({str(path.parent) for path in installed.packages}),
            "rlimits": _rlimits(limits),
        },
        "work": work,
        "files": {name: str(path.resolve()) for name, path in files.items()},
        "memory_bytes": limits.memory_mb << 20,
        "processes": 2 * PROCESSES,
    }


def work_folder(limits: FenceLimits, folder: Path) -> str | None:
    """Make a folder inside `folder` for a process without walls; return None if it has walls."""
    return None if limits.policy is FencePolicy.REQUIRED else str(folder / f"work-{secrets.token_hex(4)}")


def job_order(job: Job, limits: FenceLimits, folder: Path) -> dict[str, Any]:
    """Return what the process is to do, and what may come out of it."""
    return {
        "order": dict(job.order),
        "results": {name: (rule.max_bytes, rule.magic_offset, rule.magic.hex()) for name, rule in job.results.items()},
        "folder": str(folder),
        "leftovers": [str(path) for path in leftovers_of(folder)],
        "timeout_s": limits.timeout_s,
        "slots": limits.at_once,
        "slots_dir": str(limits.slots_dir),
    }


def _program(installed: Software, is_walled: bool) -> list[str]:
    boot_file = f"{PACKAGES}/{Path(boot.__file__).relative_to(PACKAGE.parent)}" if is_walled else boot.__file__
    return [str(installed.interpreter), "-I", "-S", "-B", boot_file]


def _rlimits(limits: FenceLimits) -> dict[str, int]:
    """Return the limits of each process.

    NPROC counts a user's processes, so it is set only for a process in a separate namespace.
    """
    each = {
        "CORE": 0,
        "CPU": math.ceil(limits.timeout_s) * CPU_SECONDS_PER_SECOND,
        "AS": max(ADDRESS_SPACE_BYTES, 2 * limits.memory_mb << 20),
        "FSIZE": FILE_BYTES,
        "NOFILE": OPEN_FILES,
    }
    return {**each, "NPROC": PROCESSES} if limits.policy is FencePolicy.REQUIRED else each


def environment(work: str, home: str) -> dict[str, str]:
    """Return all the job's variables.

    Each numeric library has one thread: jobs already fill the cores side by side. TeX reads and writes nothing outside
    of Manim's own folder, and starts no program.
    """
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONHASHSEED": "0",
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "TEXMFOUTPUT": f"{work}/media/Tex",
        "TEXMFVAR": f"{home}/texmf-var",
    }
