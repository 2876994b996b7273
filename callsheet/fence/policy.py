"""How much fence there must be.

The operator decides it, never a machine that happens to lack something.
"""

from enum import StrEnum


class FencePolicy(StrEnum):
    """What stands between untrusted code and this machine."""

    REQUIRED = "required"
    """bubblewrap, a filter of system calls, limits. If they can't be had, nothing runs."""
    CONTAINER = "container"
    """An outer boundary that the operator vouches for. Code runs without privileges and with limits, but sees the
    container's files and network."""
    UNSAFE_NONE = "unsafe-none"
    """Nothing. Code can do everything that the worker can: for code that you would run yourself."""
