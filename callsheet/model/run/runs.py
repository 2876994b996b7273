"""Runs, seen from outside: what they are, where they stand, and what happens in them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from callsheet.model.run.kinds import kind_of_flow
from callsheet.model.values import Value


class Run(Value):
    """A run that was started, as far as it does not change any more, and its state when it was looked at."""

    id: UUID
    name: str
    ui_url: str
    """Where a person watches it."""
    flow: str = ""
    """The flow it is a run of: generate-video, generate-scene …"""
    owner: str = ""
    """Who it was started for, where that was said."""
    state: str = ""
    """Prefect's name of the state: Scheduled, Running, Completed …"""
    created_at: datetime | None = None
    ended_at: datetime | None = None
    is_new: bool = False
    """True where a start has made it; a start may also be answered with a run that was there before."""

    @property
    def kind(self) -> str:
        """What it makes, in a word; the name of a flow that is not Callsheet's own."""
        found = kind_of_flow(self.flow)
        return found.name if found else self.flow

    @property
    def short_id(self) -> str:
        """The beginning of its id, enough to name it by hand."""
        return str(self.id)[:8]


class IfRunning(StrEnum):
    """What a start does where the very same work is running already."""

    AGAIN = "again"
    """Start another run; the steps they share are still made once, as far as one is over when the other needs it."""
    JOIN = "join"
    """Answer with the run that is there."""
    REFUSE = "refuse"


class SceneState(StrEnum):
    """What is happening with one scene."""

    WAITING = "waiting"
    RUNNING = "running"
    RETRYING = "retrying"
    """Its step failed and is tried again after a while."""
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SceneStatus(Value):
    """Where one scene of a run stands."""

    number: int
    name: str
    state: SceneState
    percentage: float = 0.0
    """From 0 to 100; between them only where the run tells it for each scene."""
    step: str = ""
    """What is done with it now, or what failed last."""
    attempt: int = 0
    """Which try of that step this is, counted from 1; 0 before the first."""
    attempts: int = 0
    """How many tries the step has at most."""
    message: str = ""
    """Why it failed, or why it is tried again."""


class StepError(Value):
    """What went wrong last."""

    step: str
    cause: str


class RunStatus(Value):
    """Where a run stands."""

    run_id: UUID
    name: str = ""
    state: str
    """Prefect's name of the state: Scheduled, Running, Completed …"""
    is_final: bool
    """Whether it is over. A crashed run is not, as long as it may be put back to work by itself."""
    is_completed: bool
    percentage: float
    """From 0 to 100."""
    doing: str
    """What happens now, in one line."""
    started_at: datetime | None = None
    """When its first try began."""
    ended_at: datetime | None = None
    steps_done: int = 0
    """Scenes that are ready, and steps of the whole video that are over."""
    steps_total: int = 0
    """0 where it is not known yet."""
    scenes: tuple[SceneStatus, ...] = ()
    """In film order."""
    queue_position: int | None = None
    """Which one it is among the runs that wait for their turn, or for a runner, from 1; None where it does not wait."""
    needs_approval: bool = False
    """Whether it waits for somebody to approve or to reject it."""
    waits_for_provider: str = ""
    """The provider that it waits for, to go on by itself when that answers again."""
    error: StepError | None = None
    """The last error, also of a run that went on after it."""
    spent_usd: float = 0.0
    """What this run has paid so far, as far as prices are known: what is under way is in it, what was kept is not."""
    model_calls_usd: float = 0.0
    """What calls of language models cost so far, as far as it is known; a scene counts when it is over."""
    footage_usd: float = 0.0
    """What footage from a provider cost, as far as it is known; it counts when all of it is there."""
    message: str
    """What Prefect has to say of the state: why a run failed."""


class EventKind(StrEnum):
    """What an event tells."""

    RUN_SCHEDULED = "run-scheduled"
    RUN_STARTED = "run-started"
    STEP_STARTED = "step-started"
    PROGRESS = "progress"
    WARNING = "warning"
    """A step or a scene failed and the run goes on, or its process ended and it is put back to work by itself."""
    RETRY_SCHEDULED = "retry-scheduled"
    CHECKPOINT = "checkpoint"
    """A step is over; what it gave is kept, whatever happens to the run."""
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    """The run failed, or its process ended and it was not put back to work (`state` is Crashed)."""
    CANCELLED = "cancelled"


class RunEvent(Value):
    """Something that happened in a run. What an event does not tell is left empty."""

    id: UUID
    kind: EventKind
    run_id: UUID
    occurred_at: datetime
    state: str = ""
    """Prefect's name of the state that was entered, where one was."""
    step: str = ""
    """The step, or the scene as “scene 02 Introduction”; empty for events of the run as a whole."""
    scene: str = ""
    """The scene that the step belongs to, as “02 Introduction”; empty for steps of the whole video."""
    attempt: int = 0
    """Which try of the step this is, counted from 1."""
    percentage: float | None = None
    """From 0 to 100, with `progress`."""
    retry_at: datetime | None = None
    """When the step is tried again, with `retry-scheduled`."""
    message: str = ""
    """One line for a person: what is done, or what went wrong."""
