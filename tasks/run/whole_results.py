"""Results of steps are whole on the disk, or not there: Prefect writes them in place.

A disk that is full would leave an empty file under the name of a result, and a retry would read it.
"""

from pathlib import Path
from typing import Any

from prefect.filesystems import LocalFileSystem

from callsheet.disk import disk_errors, whole_file
from callsheet.threads import in_a_thread

WRITES_FILE = "awrite_path"


async def write_whole_result(storage: LocalFileSystem, path: str, content: bytes) -> str:
    """Write a result as `LocalFileSystem.awrite_path` does, and return its path.

    Raises:
        SetupIncomplete: the disk is full, or may not be written to. Prefect logs it and keeps the value in memory.
    """
    target: Path = storage._resolve_path(path)

    def write() -> None:
        with disk_errors(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(target) as part:
                part.write_bytes(content)

    await in_a_thread(write)
    return str(target)


def use_whole_results() -> None:
    """Do so in this process, for all results that are kept on its disk."""
    written: Any = write_whole_result
    setattr(LocalFileSystem, WRITES_FILE, written)
