"""The order of runs: at most so many at once, and so many of one owner; by priority, then as they came."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from callsheet.model.values import Value

QUEUED = "Queued"
"""Name of the state of a run that waits for another one to end. It is a scheduled one: no process waits."""
CALLED = "Called"
"""Name of the state of a run whose turn has come, until a runner takes it."""
RUN_LIMITS = "callsheet_run_limits"
"""Variable in the Prefect server that holds the `RunLimits`."""
OWNER_TAG = "owner:"
"""Beginning of the tag with the owner's name."""


class Priority(StrEnum):
    """Which run begins first if several wait.

    A run's work queue says it, and a run stays in its work queue.
    """

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def work_queue(self) -> str:
        """Return the work queue for runs of this priority; “default” is the one that every pool has."""
        return "default" if self is Priority.NORMAL else self.value


def priority_of(work_queue: str | None) -> Priority:
    """Return the priority of runs in this work queue; that of any other queue is normal."""
    named = {priority.work_queue: priority for priority in Priority}
    return named.get(work_queue or "", Priority.NORMAL)


class RunLimits(Value):
    """The limits of runs over all machines. The Prefect server keeps them; None is no limit."""

    runs_at_once: int | None = None
    runs_at_once_per_owner: int | None = None
    budget_run_usd: float | None = None
    """The most that a run may cost without a person's approval."""
    budget_day_usd: float | None = None
    """The most that all runs of a day (UTC) may cost without a person's approval."""

    @property
    def bounds_runs(self) -> bool:
        """Return whether a run may have to wait for another one to end."""
        return not (self.runs_at_once is None and self.runs_at_once_per_owner is None)

    @property
    def bounds_costs(self) -> bool:
        """Return whether a run may need an approval of its costs."""
        return not (self.budget_run_usd is None and self.budget_day_usd is None)


class Turn(Value):
    """A run that wants to begin."""

    run_id: UUID
    owner: str = ""
    """Empty if the run has no owner: then no owner's limit holds for it."""
    priority: Priority = Priority.NORMAL
    since: datetime
    """The moment at which it was first to begin."""


def owner_in(tags: Iterable[str]) -> str:
    """Return the owner that one of the tags of a run names; an empty text if none does."""
    return next((tag.removeprefix(OWNER_TAG) for tag in tags if tag.startswith(OWNER_TAG)), "")


def owner_tags(owner: str) -> list[str]:
    """Return the tags of a run for this owner; none if `owner` is empty."""
    return [f"{OWNER_TAG}{owner}"] if owner else []


def in_order(waiting: Iterable[Turn]) -> list[Turn]:
    """Return who begins first: by priority, then by the moment since when they wait."""
    ranks = list(Priority)
    return sorted(waiting, key=lambda turn: (ranks.index(turn.priority), turn.since, turn.run_id))


def may_begin(holding: Iterable[str], waiting: Iterable[Turn], limits: RunLimits) -> tuple[Turn, ...]:
    """Return the runs whose turn it is, in order.

    `holding` has the owner of each run that was let in.

    If an owner has no place left, the next run of another owner may begin before that owner's runs.
    """
    taken = Counter(holding)
    at_once, of_owner = limits.runs_at_once, limits.runs_at_once_per_owner
    called = []
    for turn in in_order(waiting):
        is_full = at_once is not None and taken.total() >= at_once
        is_owner_full = bool(turn.owner) and of_owner is not None and taken[turn.owner] >= of_owner
        if not (is_full or is_owner_full):
            taken[turn.owner] += 1
            called.append(turn)
    return tuple(called)


def ahead_of(run_id: UUID, waiting: Iterable[Turn], limits: RunLimits) -> int:
    """Return how many waiting runs stand before this one.

    If only owners have a limit, the runs of its owner alone count.
    """
    line = in_order(waiting)
    [own] = [turn for turn in line if turn.run_id == run_id]
    before = line[: line.index(own)]
    return sum(limits.runs_at_once is not None or turn.owner == own.owner for turn in before)


def waits_for(turn: Turn, holding: Iterable[str], limits: RunLimits) -> str:
    """Return why it is not this run's turn, in words that follow its name."""
    at_once = limits.runs_at_once_per_owner
    is_owners = bool(turn.owner) and at_once is not None and Counter(holding)[turn.owner] >= at_once
    return f"waits for another run of {turn.owner} to end" if is_owners else "waits for another run to end"
