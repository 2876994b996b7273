"""Jobs: what runs behind the fence, and what it may take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from callsheet.fence.software import NEEDED


class FencePolicy(StrEnum):
    """What stands between untrusted code and this machine."""

    REQUIRED = "required"
    """bubblewrap, a filter of system calls, limits. If they can't be had, nothing runs."""
    CONTAINER = "container"
    """An outer boundary that the operator vouches for. Code runs without privileges and with limits, but sees the
    container's files and network."""
    UNSAFE_NONE = "unsafe-none"
    """Nothing. Code can do everything that the worker can: for code that you would run yourself."""


DEFAULT_MEMORY_MB = 2048


@dataclass(frozen=True)
class FenceLimits:
    """How long a job may take, how much memory, and how many jobs run on this machine at once.

    Locked files in `slots_dir` count the jobs.
    """

    timeout_s: float
    at_once: int
    slots_dir: Path
    policy: FencePolicy = FencePolicy.REQUIRED
    memory_mb: int = DEFAULT_MEMORY_MB


@dataclass(frozen=True)
class ResultRule:
    """A file that may come out: at most this large, and with these bytes at this place."""

    max_bytes: int
    magic: bytes
    magic_offset: int = 0


@dataclass(frozen=True)
class Job:
    """A module of ours with `main(order, outbox) -> int`, run inside with `order`, in a folder that holds `files`."""

    module: str
    order: Mapping[str, Any]
    files: Mapping[str, Path] = field(default_factory=dict)
    results: Mapping[str, ResultRule] = field(default_factory=dict)
    packages: tuple[str, ...] = NEEDED
    """The distributions that the module imports; it finds these inside, with what they require, and no others."""
