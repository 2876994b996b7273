"""The history of runs and their steps: times, tries and costs. Pure arithmetic.

A `Tally` takes the runs of a window one after another. It keeps only a number for each step, so the window may be of
any length.
"""

from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from callsheet.model.values import Value

# A history lists so many of the latest runs one by one.
LATEST_AT_MOST = 50


class Outcome(StrEnum):
    """The end of a run or a step."""

    COMPLETED = "completed"
    KEPT = "kept"
    """A step whose value an earlier run, or an earlier try of this one, had made: nothing was done."""
    FAILED = "failed"
    CRASHED = "crashed"
    """Its process ended."""
    CANCELLED = "cancelled"
    UNFINISHED = "unfinished"
    """It is not over, or waits."""


class StepRecord(Value):
    """A step of a run."""

    step: str
    """The name of the task, e.g. `render-scene`."""
    scene: str = ""
    """The run of the scene that it belongs to, as “scene 02 Introduction”; empty for steps of the whole."""
    outcome: Outcome
    started_at: datetime | None = None
    """None for a step that never began."""
    seconds: float = 0.0
    """Seconds at work, over all tries, without the waits between them."""
    retries: int = 0
    """Tries after the first."""


class RunRecord(Value):
    """A run that a person or a schedule started, with all that its scenes did."""

    id: UUID
    name: str
    flow: str
    owner: str = ""
    outcome: Outcome
    due_at: datetime
    """When it was to begin."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    waited_s: float = 0.0
    """From when it was to begin until it did."""
    seconds: float = 0.0
    """Seconds at work, over all its processes, without the time for which it was paused or waited."""
    restarts: int = 0
    """How often it began again: after a pause, an interruption, or by hand."""
    steps: tuple[StepRecord, ...] = ()
    """In the order in which they began, those of its scenes among them."""
    model_calls_usd: float = 0.0
    """The cost of calls of language models, as far as it is known; also of calls whose answer was kept from earlier."""
    footage_usd: float = 0.0
    """The cost of footage, as far as it is known; also of footage that was kept from an earlier run."""

    @property
    def retries(self) -> int:
        """Return the tries of its steps after the first of each."""
        return sum(step.retries for step in self.steps)

    @property
    def usd(self) -> float:
        """Return the whole cost, as far as it is known."""
        return round(self.model_calls_usd + self.footage_usd, 6)


class Durations(Value):
    """Durations of things that were really done and completed. All zero if there were none."""

    count: int = 0
    total_s: float = 0.0
    median_s: float = 0.0
    p90_s: float = 0.0
    """Nine in ten took no longer."""
    longest_s: float = 0.0


class StepSummary(Value):
    """All steps of one name."""

    name: str
    outcomes: dict[Outcome, int]
    retries: int
    durations: Durations

    @property
    def count(self) -> int:
        """Return how many there were."""
        return sum(self.outcomes.values())


class FlowSummary(StepSummary):
    """All runs of one flow; `retries` are those of their steps."""

    restarts: int
    waited: Durations
    """From when runs were to begin until they did, for the runs that did."""
    model_calls_usd: float
    footage_usd: float


class History(Value):
    """Runs that were to begin within a window."""

    since: datetime
    until: datetime
    flows: tuple[FlowSummary, ...]
    """By name."""
    steps: tuple[StepSummary, ...]
    """Steps that took longest together come first."""
    latest: tuple[RunRecord, ...]
    """The latest runs one by one, the latest first."""

    @property
    def runs(self) -> int:
        """Return how many runs there were."""
        return sum(flow.count for flow in self.flows)

    @property
    def usd(self) -> float:
        """Return the whole cost, as far as it is known."""
        return round(sum(flow.model_calls_usd + flow.footage_usd for flow in self.flows), 6)


class Tally:
    """The sums of a window, while its runs are read, the latest first."""

    def __init__(self, since: datetime, until: datetime, latest_at_most: int = LATEST_AT_MOST) -> None:
        self._since, self._until = since, until
        self._latest: deque[RunRecord] = deque()
        self._latest_at_most = latest_at_most
        self._flows: defaultdict[str, _FlowSums] = defaultdict(_FlowSums)
        self._steps: defaultdict[str, _Sums] = defaultdict(_Sums)

    def add(self, run: RunRecord) -> None:
        """Count a run and its steps."""
        if len(self._latest) < self._latest_at_most:
            self._latest.append(run)
        self._flows[run.flow].add_run(run)
        for step in run.steps:
            self._steps[step.step].add(step.outcome, step.seconds, step.retries)

    def history(self) -> History:
        """Return the history of all counted runs."""
        steps = [StepSummary(name=name, **sums.summed()) for name, sums in self._steps.items()]
        return History(
            since=self._since,
            until=self._until,
            flows=tuple(FlowSummary(name=name, **sums.summed()) for name, sums in sorted(self._flows.items())),
            steps=tuple(sorted(steps, key=lambda step: (-step.durations.total_s, step.name))),
            latest=tuple(self._latest),
        )


def durations(seconds: Sequence[float]) -> Durations:
    """Return the summary of these durations."""
    if not seconds:
        return Durations()
    ranked = sorted(seconds)
    return Durations(
        count=len(ranked),
        total_s=round(sum(ranked), 3),
        median_s=round(percentile(ranked, 0.5), 3),
        p90_s=round(percentile(ranked, 0.9), 3),
        longest_s=round(ranked[-1], 3),
    )


def percentile(ranked: Sequence[float], fraction: float) -> float:
    """Return the value that this fraction of `ranked` does not exceed.

    Between two values it is in proportion.

    `ranked` is in ascending order.
    """
    position = (len(ranked) - 1) * fraction
    below = int(position)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[above] - ranked[below]) * (position - below)


@dataclass
class _Sums:
    """The sums of one name."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    retries: int = 0
    seconds: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, outcome: Outcome, seconds: float, retries: int) -> None:
        self.outcomes[outcome] += 1
        self.retries += retries
        if outcome is Outcome.COMPLETED:
            self.seconds.append(seconds)

    def summed(self) -> Mapping[str, object]:
        counted = {outcome: self.outcomes[outcome] for outcome in Outcome if self.outcomes[outcome]}
        return {"outcomes": counted, "retries": self.retries, "durations": durations(self.seconds)}


@dataclass
class _FlowSums(_Sums):
    """The sums of one flow."""

    restarts: int = 0
    waited: "array[float]" = field(default_factory=lambda: array("d"))
    model_calls_usd: float = 0.0
    footage_usd: float = 0.0

    def add_run(self, run: RunRecord) -> None:
        self.add(run.outcome, run.seconds, run.retries)
        self.restarts += run.restarts
        self.model_calls_usd += run.model_calls_usd
        self.footage_usd += run.footage_usd
        if run.started_at is not None:
            self.waited.append(run.waited_s)

    def summed(self) -> Mapping[str, object]:
        costs = {"model_calls_usd": round(self.model_calls_usd, 6), "footage_usd": round(self.footage_usd, 6)}
        return {**super().summed(), **costs, "restarts": self.restarts, "waited": durations(self.waited)}
