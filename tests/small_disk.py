"""A program on a small file system of its own, which a test may fill."""

import subprocess
import sys
from pathlib import Path

import pytest


def run_on_disk(disk: Path, options: str, program: str, *arguments: object, timeout_s: float) -> str:
    """Return what a Python program says that gets the path of a new file system, and the other arguments.

    `options` are those of tmpfs, such as `size=1m`. The test is skipped if this machine does not let it mount one.
    """
    disk.mkdir()
    mounting = f"mount -t tmpfs -o {options} none {disk}"
    private = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*private, mounting], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a test mount a small file system")
    argv = [*private, f'{mounting} && exec "$@"', "sh", sys.executable, "-c", program, *map(str, (disk, *arguments))]
    return subprocess.run(argv, capture_output=True, text=True, check=True, timeout=timeout_s).stdout
