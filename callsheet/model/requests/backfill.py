"""The request of a backfill: which request files of a catalogue to make."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from callsheet.model.problems import refused
from callsheet.model.values import Value


class BackfillRequest(Value):
    """Make what is missing or stale of a catalogue of request files."""

    catalogue: str = Field("", max_length=1000, title="Catalogue")
    """Folder on the machine that runs this, or s3://bucket/prefix. Empty: the one that
    CALLSHEET_BACKFILL_CATALOGUE names."""
    since: date | None = Field(None, title="Since")
    """Only files of this day or a later one. A file's day is the date in its name, or else that of its last change."""
    until: date | None = Field(None, title="Until")
    """Only files of this day or an earlier one."""
    match: str = Field("*", min_length=1, max_length=200, title="Match")
    """Only files with such names below the catalogue, e.g. `lessons/*.yaml`; a * stands for slashes, too."""
    at_once: int = Field(2, ge=1, le=50, title="At once")
    """Videos that are made at the same time."""
    dry_run: bool = Field(False, title="Dry run")
    """Start nothing. Say what would be made, how long it takes and what it costs at most."""

    @property
    def title(self) -> str:
        """Return the title of its run."""
        return f"{'dry run of ' if self.dry_run else ''}backfill {self.catalogue}".strip()

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise refused("until", f"{self.until} is before `since` ({self.since})")
        return self
