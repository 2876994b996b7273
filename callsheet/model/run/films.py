"""Finished films, as a person looks for them."""

from datetime import datetime
from pathlib import Path

from callsheet.model.values import Value


class Film(Value):
    """A finished film, or the clip of a single scene: which run made it, and where it is."""

    run_id: str
    title: str
    key: str
    """What the store calls it."""
    url: str | None = None
    """Where a browser finds it; None where nothing serves it."""
    file: Path | None = None
    """Where it is on this machine; None where the store is somewhere else."""
    duration_s: float | None = None
    created_at: datetime | None = None

    @property
    def place(self) -> str:
        """Its address, or else its file, or else what the store calls it."""
        return self.url or str(self.file or self.key)
