"""Runs, seen from outside: their facts, their status and their events."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from callsheet.model.run.kinds import kind_of_flow
from callsheet.model.run.pipeline import PipelineEvent
from callsheet.model.values import Value


class Run(Value):
    """A run that was started: its lasting facts, and its state at the time of the query."""

    id: UUID
    name: str
    ui_url: str
    """The address at which a person watches it."""
    flow: str = ""
    """The flow that it is a run of: generate-video, generate-scene …"""
    owner: str = ""
    """The owner for whom it was started, if one was named."""
    state: str = ""
    """Prefect's name of the state: Scheduled, Running, Completed …"""
    created_at: datetime | None = None
    ended_at: datetime | None = None
    is_new: bool = False
    """True if a start has made it; a start may also return a run that was there before."""

    @property
    def kind(self) -> str:
        """Return what it makes, in a word; the name of the flow if that is not Callsheet's."""
        found = kind_of_flow(self.flow)
        return found.name if found else self.flow

    @property
    def short_id(self) -> str:
        """Return the beginning of its id, enough to name it by hand."""
        return str(self.id)[:8]


class IfRunning(StrEnum):
    """The behaviour of a start if the very same work is running already."""

    AGAIN = "again"
    """Start another run. The runs make a shared step once if one has finished it when the other needs it."""
    JOIN = "join"
    """Return the run that is there."""
    REFUSE = "refuse"


class SceneState(StrEnum):
    """The state of one scene."""

    WAITING = "waiting"
    RUNNING = "running"
    RETRYING = "retrying"
    """Its step failed and is tried again after a while."""
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SceneStatus(Value):
    """The status of one scene of a run."""

    number: int
    name: str
    state: SceneState
    percentage: float = 0.0
    """From 0 to 100; between them only if the run tells it for each scene."""
    step: str = ""
    """The present step of the scene, or the step that failed last."""
    attempt: int = 0
    """Which try of that step this is, counted from 1; 0 before the first."""
    attempts: int = 0
    """How many tries the step has at most."""
    message: str = ""
    """Why it failed, or why it is tried again."""
    clip: str = ""
    """The key of its clip in the store, as soon as there is one."""


class StepError(Value):
    """The last error."""

    step: str
    cause: str
    attempts: int = 0
    """How many times the step was tried; 0 if that is unknown."""


class RunStatus(Value):
    """The status of a run."""

    run_id: UUID
    name: str = ""
    state: str
    """Prefect's name of the state: Scheduled, Running, Completed …"""
    is_final: bool
    """Whether it is over. A crashed run is not over while Callsheet may start it again by itself."""
    is_completed: bool
    percentage: float
    """From 0 to 100."""
    doing: str
    """The present step, in one line."""
    started_at: datetime | None = None
    """When its first try began."""
    ended_at: datetime | None = None
    steps_done: int = 0
    """Scenes that are ready, and steps of the whole video that are over."""
    steps_total: int = 0
    """0 if it is not known yet."""
    scenes: tuple[SceneStatus, ...] = ()
    """In film order."""
    queue_position: int | None = None
    """Its position among the runs that wait for their turn or for a runner, from 1; None if it does not wait."""
    needs_approval: bool = False
    """Whether it waits for a person to approve or to reject it."""
    waits_for_provider: str = ""
    """The provider for which it waits. The run resumes by itself when that answers again."""
    error: StepError | None = None
    """The last error, also of a run that continued after it."""
    spent_usd: float = 0.0
    """What this run has paid so far, as far as prices are known: with the work under way, without kept results."""
    model_calls_usd: float | None = 0.0
    """What calls of language models cost so far, as far as it is known; a scene counts when it is over.

    None for a run of an earlier version: only `spent_usd` is known of it."""
    footage_usd: float | None = 0.0
    """What footage from a provider cost, as far as it is known; it counts when all of it is there. None likewise."""
    message: str
    """Prefect's message of the state: why a run failed."""


class Checkpoint(Value):
    """A step of a run, whose result is kept once it is done."""

    step: str
    scene: str = ""
    """The scene that the step belongs to, as “02 Introduction”; empty for steps of the whole video."""
    state: str
    """Prefect's name of the state."""
    is_done: bool
    attempt: int
    """Which try of the step this is, counted from 1; 0 before the first."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    message: str = ""
    """Why it is not done."""


class EventKind(StrEnum):
    """The kinds of events."""

    RUN_SCHEDULED = "run-scheduled"
    RUN_STARTED = "run-started"
    STEP_STARTED = "step-started"
    PROGRESS = "progress"
    WARNING = "warning"
    """A step or a scene failed and the run continues, or its process ended and Callsheet starts it again by itself."""
    RETRY_SCHEDULED = "retry-scheduled"
    CHECKPOINT = "checkpoint"
    """A step is over. Its result is kept, whatever happens to the run."""
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    """The run failed, or its process ended and it was not started again (`state` is Crashed)."""
    CANCELLED = "cancelled"


class RunEvent(Value):
    """An event of a run. Fields without a meaning for the event are empty."""

    id: UUID
    kind: EventKind
    run_id: UUID
    occurred_at: datetime
    state: str = ""
    """Prefect's name of the state that the run entered, if it entered one."""
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
    """One line for a person: the present step, or the error."""
    pipeline: tuple[PipelineEvent, ...] = ()
    """What it means for the pipeline, by the names of its stages and events."""


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
