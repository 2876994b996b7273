"""Finished films, as a person looks for them."""

from datetime import datetime
from pathlib import Path

from callsheet.model.values import Value


class Film(Value):
    """A finished film, or the clip of a single scene: the run that made it, and its place."""

    run_id: str
    title: str
    key: str
    """Its name in the store."""
    url: str | None = None
    """Its address for a browser; None if nothing serves it."""
    file: Path | None = None
    """Its place on this machine; None if the store is somewhere else."""
    duration_s: float | None = None
    created_at: datetime | None = None

    @property
    def place(self) -> str:
        """Return its address, or else its file, or else its name in the store."""
        return self.url or str(self.file or self.key)
