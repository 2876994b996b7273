"""Backfills: the chosen request files of a catalogue, and a decision for each.

Nothing is read or started here.

A file's work has two digests: of the request, and of the software that makes its video. Runs are looked up by them, so
the Prefect server alone remembers what was made.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import takewhile
from uuid import UUID

from pydantic import AwareDatetime

from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.requests.video import VideoRequest
from callsheet.model.values import Value

# After so many failures of the same work in a row a person has to look at it.
TRIES_AT_MOST = 3
DIGITS_OF_A_DIGEST = 24

_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_KEY = re.compile(r"backfill:([0-9a-f]+)-([0-9a-f]+):(\d+)$")

_TAG = re.compile(r"work:([0-9a-f]+)-([0-9a-f]+)")


class CatalogueFile(Value):
    """A request file as a catalogue lists it."""

    name: str
    """Its path below the catalogue, with slashes."""
    changed_at: AwareDatetime

    @property
    def dated_at(self) -> datetime:
        """Return the last date in its name (midnight UTC), or else the time of its last change."""
        days = [day for text in _DATE.findall(self.name) if (day := _as_date(text))]
        return datetime.combine(days[-1], time(), UTC) if days else self.changed_at.astimezone(UTC)


def chosen(files: Iterable[CatalogueFile], request: BackfillRequest) -> tuple[CatalogueFile, ...]:
    """Return the chosen files, by date and then by name."""
    first, last = request.since or date.min, request.until or date.max
    meant = (file for file in files if fnmatchcase(file.name, request.match))
    within = (file for file in meant if first <= file.dated_at.date() <= last)
    return tuple(sorted(within, key=lambda file: (file.dated_at, file.name)))


class Fingerprint(Value):
    """Digests of a video's request and of its software: the same digests give the same video."""

    request: str
    software: str

    @property
    def tag(self) -> str:
        """Return the tag that finds all its runs."""
        return f"work:{self.request}-{self.software}"

    def key(self, number: int) -> str:
        """Return the idempotency key of its run number `number`, counted from 1."""
        return f"backfill:{self.request}-{self.software}:{number}"


def work_in(key: str) -> tuple[Fingerprint, int] | None:
    """Return the work and the number in an idempotency key; None if no backfill made the key."""
    found = _KEY.search(key)
    return (Fingerprint(request=found[1], software=found[2]), int(found[3])) if found else None


def tagged_work(tags: Iterable[str]) -> Fingerprint | None:
    """Return the work that a run's tags name: every run of a video names what it makes."""
    for tag in tags:
        if found := _TAG.fullmatch(tag):
            return Fingerprint(request=found[1], software=found[2])
    return None


class Candidate(Value):
    """A file that was read: its request and its work, or the problem with it."""

    file: CatalogueFile
    request: VideoRequest | None = None
    work: Fingerprint | None = None
    problem: str = ""


class AttemptState(StrEnum):
    """The result of a run that a backfill has started."""

    GOING_ON = "going on"
    FINISHED = "finished"
    LOST = "lost"
    """Finished, and its video is gone from the store."""
    FAILED = "failed"
    CANCELLED = "cancelled"


class AttemptedRun(Value):
    """A run of some work, which a backfill or a person has started."""

    run_id: UUID
    work: Fingerprint
    number: int
    """From 1; 0 for a run that a person has started."""
    state: AttemptState
    message: str = ""
    is_ours: bool = False
    """Whether this very backfill started it, before an interruption."""


class FileState(StrEnum):
    """What a backfill finds of a file."""

    UP_TO_DATE = "up to date"
    MISSING = "missing"
    STALE = "stale"
    """There is a video, but the request or the software has changed since."""
    RUNNING = "running"
    BROKEN = "broken"
    GIVEN_UP = "given up"
    """It failed too often, or a person cancelled it."""


class FileDecision(Value):
    """The decision about a file, and the reason."""

    state: FileState
    why: str
    last: AttemptedRun | None = None
    """The latest run of exactly this work."""

    @property
    def is_to_be_made(self) -> bool:
        """Return whether its video is to be made, unless this backfill has tried that already."""
        return self.state in (FileState.MISSING, FileState.STALE)

    @property
    def number(self) -> int:
        """Return the number of the next run of its work."""
        return self.last.number + 1 if self.last else 1

    @property
    def is_left_alone(self) -> bool:
        """Return whether the backfill neither starts nor awaits a run."""
        is_ours = bool(self.last and self.last.is_ours)
        return not (self.is_to_be_made or self.state is FileState.RUNNING or is_ours)


def verdict_of(work: Fingerprint, tries: Sequence[AttemptedRun]) -> FileDecision:
    """Return the decision about a file with this work.

    It follows from the runs of this work, and from those of former contents of the file.
    """
    own = sorted((each for each in tries if each.work == work), key=lambda each: each.number)
    if not own:
        return _of_a_new_content(work, [each for each in tries if each.state is AttemptState.FINISHED])
    last = own[-1]
    if last.state is not AttemptState.FINISHED:
        last = _of_a_person(own) or last
    match last.state:
        case AttemptState.GOING_ON:
            state, why = FileState.RUNNING, "its run is not over"
        case AttemptState.FINISHED:
            state, why = FileState.UP_TO_DATE, "nothing has changed since it was made"
        case AttemptState.LOST:
            state, why = FileState.STALE, "its video is no longer stored"
        case AttemptState.CANCELLED:
            state, why = FileState.GIVEN_UP, "its run was cancelled: retry that run, or change the file"
        case AttemptState.FAILED:
            state, why = _of_failures(own)
    return FileDecision(state=state, why=why, last=last)


def _of_a_person(own: Sequence[AttemptedRun]) -> AttemptedRun | None:
    """Return a person's run that has made the work, else one that is making it."""
    theirs = [each for each in own if each.number == 0]
    for state in (AttemptState.FINISHED, AttemptState.GOING_ON):
        if found := next((each for each in theirs if each.state is state), None):
            return found
    return None


def _of_a_new_content(work: Fingerprint, finished: Sequence[AttemptedRun]) -> FileDecision:
    if not finished:
        return FileDecision(state=FileState.MISSING, why="it was never made")
    same_request = any(each.work.request == work.request for each in finished)
    changed = "what makes it (Callsheet, its libraries, its model)" if same_request else "the request"
    return FileDecision(state=FileState.STALE, why=f"{changed} has changed since it was made")


def _of_failures(own: Sequence[AttemptedRun]) -> tuple[FileState, str]:
    failed = len(list(takewhile(lambda each: each.state is AttemptState.FAILED, reversed(own))))
    if failed < TRIES_AT_MOST:
        return FileState.MISSING, f"it failed {failed} of {TRIES_AT_MOST} times"
    return FileState.GIVEN_UP, f"it failed {failed} times: change the file, or retry the last run. {own[-1].message}"


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
