"""Whole results of steps: on the disk they are complete or missing, while Prefect writes them in place.

A full disk would leave an empty file under the name of a result, and a retry would read it. A retry would also count a
scene as done although its result could not be kept, and fail without the result.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

from prefect import flow_engine
from prefect.client.schemas.objects import State
from prefect.filesystems import LocalFileSystem

from callsheet.disk import disk_errors, whole_file
from callsheet.threads import in_a_thread

WRITES_FILE = "awrite_path"
MAKES_STATE = "return_value_to_state"


async def write_whole_result(storage: LocalFileSystem, path: str, content: bytes) -> str:
    """Write a result as `LocalFileSystem.awrite_path` does, and return its path.

    Raises:
        SetupIncomplete: the disk is full, or not writable. Prefect logs it and keeps the value in memory.
    """
    target: Path = storage._resolve_path(path)

    def write() -> None:
        with disk_errors(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(target) as part:
                part.write_bytes(content)

    await in_a_thread(write)
    return str(target)


def without_lost_results(make_state: Callable[..., Awaitable[State[Any]]]) -> Callable[..., Awaitable[State[Any]]]:
    """Remove the reference to an unwritten result from a flow's state: a retry runs it again."""

    @wraps(make_state)
    async def make(*args: Any, write_result: bool = False, **kwargs: Any) -> State[Any]:
        state = await make_state(*args, write_result=write_result, **kwargs)
        if write_result and not getattr(state.data, "is_persisted", True):
            state.data = None
        return state

    return make


def use_whole_results() -> None:
    """Use both in this process, for all results that are kept on its disk."""
    written: Any = write_whole_result
    setattr(LocalFileSystem, WRITES_FILE, written)
    make_state = getattr(flow_engine, MAKES_STATE)
    if not hasattr(make_state, "__wrapped__"):
        setattr(flow_engine, MAKES_STATE, without_lost_results(make_state))
