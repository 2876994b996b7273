"""Which process a run has, and how often a run may go on after losing it."""

from datetime import timedelta

PROCESS = "callsheet.process"
"""Label of a run: the process that it has, or had last."""
RECOVERIES = "callsheet.recoveries"
"""Label: how often the run was put back to work after its process had ended."""
MENDED_WITHIN = timedelta(minutes=6)
"""A crash starts the recovery at once; where nothing could be started then, a schedule looks every five minutes."""


def is_mended(crashed_ago: timedelta, recoveries: int, recoveries_at_most: int) -> bool:
    """Whether a run that crashed so long ago, and went on so often before, still goes on by itself."""
    return recoveries < recoveries_at_most and crashed_ago < MENDED_WITHIN
