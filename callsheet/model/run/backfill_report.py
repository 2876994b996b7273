"""The findings and results of a backfill, file by file."""

from collections import Counter
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from callsheet.model.run.backfill import FileState
from callsheet.model.run.cost import usd_words
from callsheet.model.values import Value


class FileOutcome(StrEnum):
    """The result of a file's run in this backfill."""

    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    """It waits for an approval, for a provider, or to be resumed. The run does not need the backfill any more."""


Outcome = FileOutcome
"""Its former name, which stored reports hold."""


class FileReport(Value):
    """One request file."""

    name: str
    dated_at: datetime
    title: str = ""
    """The title of its video; empty if the file is broken."""
    state: FileState
    """Its state before anything was started."""
    why: str
    about_s: float = 0.0
    """How long making it takes, roughly; 0 if it is not to be made."""
    price_at_most_usd: float | None = 0.0
    """What making it costs; None if the price is unknown."""
    is_started: bool = False
    """Whether this backfill has started a run for it."""
    outcome: FileOutcome | None = None
    """None if it was not to be made, or in a dry run."""
    run_id: UUID | None = None
    """Its run: that of this backfill, or the last one before."""
    message: str = ""
    """The last message of the run, if it did not finish."""


class BackfillReport(Value):
    """A whole backfill."""

    catalogue: str
    """Empty if no catalogue was named."""
    dry_run: bool
    files: tuple[FileReport, ...] = ()
    """Every chosen file, by date and name."""

    @property
    def started(self) -> tuple[FileReport, ...]:
        """Return the files for which this backfill has started a run."""
        return tuple(file for file in self.files if file.is_started)

    @property
    def finished(self) -> tuple[FileReport, ...]:
        """Return the files whose video was made during this backfill."""
        return self._with(FileOutcome.FINISHED)

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """Return the files whose run failed."""
        return self._with(FileOutcome.FAILED)

    @property
    def skipped(self) -> tuple[FileReport, ...]:
        """Return the files that were left alone.

        They are up to date, broken or given up. In a dry run they are all files.
        """
        return tuple(file for file in self.files if file.outcome is None)

    @property
    def is_well(self) -> bool:
        """Return whether no file needs a person's attention."""
        needs_care = (FileState.BROKEN, FileState.GIVEN_UP)
        return not self.failed and all(file.state not in needs_care for file in self.files)

    @property
    def summary(self) -> str:
        """Return one sentence about the whole backfill."""
        if not self.catalogue:
            return "No catalogue is named: give one, or set CALLSHEET_BACKFILL_CATALOGUE."
        if not self.files:
            return f"There is no request file to look at in {self.catalogue}."
        found = Counter(file.state for file in self.files)
        words = [f"{found[state]} {state}" for state in FileState if found[state]]
        files = "1 request file" if len(self.files) == 1 else f"{len(self.files)} request files"
        return f"{files}: {', '.join(words)}; {self._done()}."

    def _with(self, outcome: FileOutcome) -> tuple[FileReport, ...]:
        return tuple(file for file in self.files if file.outcome is outcome)

    def _done(self) -> str:
        if self.dry_run:
            seconds = sum(file.about_s for file in self.files)
            return f"making what is missing or stale takes about {seconds:.0f} s and costs {price_words(self.files)}"
        ends = Counter(file.outcome for file in self.files if file.outcome)
        words = [f"{len(self.started)} started", *(f"{ends[end]} {end}" for end in FileOutcome if ends[end])]
        return ", ".join(words)


def price_words(files: tuple[FileReport, ...]) -> str:
    """Return in words what making these files costs at most, and whether a price is unknown."""
    known = sum(file.price_at_most_usd or 0.0 for file in files)
    unknown = any(file.price_at_most_usd is None for file in files)
    return f"at most {usd_words(known)}{' and unknown prices' if unknown else ''}"
