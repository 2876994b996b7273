"""A run as a pipeline: stages, events, states and a result under the names that other pipelines of videos have.

This is the one map between those names and Callsheet's steps. Everything in it is derived from what a run reports
anyway: a run does nothing for it.

    input_adaptation   -> content_parsing -> script_generation -> audio_generation, video_generation -> output
    checks the request    read-document      write-storyboard …    speak-sentence    render-scene …      make-stills …
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pydantic import Field

from callsheet.model.values import Value


class PipelineStage(StrEnum):
    """The stages, in their order. Audio and video of different scenes are made at the same time."""

    INPUT_ADAPTATION = "input_adaptation"
    CONTENT_PARSING = "content_parsing"
    SCRIPT_GENERATION = "script_generation"
    AUDIO_GENERATION = "audio_generation"
    VIDEO_GENERATION = "video_generation"
    OUTPUT = "output"

    @property
    def place(self) -> int:
        """Return its place in the order, from 0."""
        return list(PipelineStage).index(self)


STEPS: Mapping[PipelineStage, tuple[str, ...]] = MappingProxyType(
    {
        PipelineStage.INPUT_ADAPTATION: ("take-in-picture", "take-in-music", "read-stored-scenes"),
        PipelineStage.CONTENT_PARSING: ("read-document", "read-screenplay"),
        PipelineStage.SCRIPT_GENERATION: (
            *("write-outline", "write-storyboard", "draft-storyboard", "storyboard-stage", "translate-texts"),
            *("write-scene-code", "repair-scene-code"),
        ),
        PipelineStage.AUDIO_GENERATION: ("speak-sentence",),
        PipelineStage.VIDEO_GENERATION: (
            *("fill-template", "validate-scene-code", "rehearse-scene", "render-scene", "draw-panel"),
            *("sketch-panel", "film-panel", "film-picture", "film-card", "conform-clip", "merge-clips"),
        ),
        PipelineStage.OUTPUT: (
            *("mix-narration", "burn-captions", "add-tracks", "make-stills", "draw-pairs", "publish-video"),
            "film-stage",
        ),
    }
)
"""The steps of each stage."""
_STAGE_OF = {step: stage for stage, steps in STEPS.items() for step in steps}


def stage_of(step: str) -> PipelineStage | None:
    """Return the stage that a step belongs to, by the step's name or that of a run of it; None for helpers."""
    return _STAGE_OF.get(step.partition(" ")[0])


_ORDER = tuple(name for stage, steps in STEPS.items() for name in (stage.value, *steps))


def place_of(name: str) -> int | None:
    """Return the place of a stage or of a step among all of them; None for helpers."""
    known = name.partition(" ")[0]
    return _ORDER.index(known) if known in _ORDER else None


class PipelineEventType(StrEnum):
    """What can happen in a pipeline."""

    PIPELINE_STARTED = "PIPELINE_STARTED"
    PIPELINE_COMPLETED = "PIPELINE_COMPLETED"
    PIPELINE_FAILED = "PIPELINE_FAILED"
    STAGE_STARTED = "STAGE_STARTED"
    STAGE_PROGRESS = "STAGE_PROGRESS"
    STAGE_COMPLETED = "STAGE_COMPLETED"
    STAGE_FAILED = "STAGE_FAILED"
    VALIDATION_WARNING = "VALIDATION_WARNING"
    VALIDATION_ERROR = "VALIDATION_ERROR"
    AUDIO_GENERATING = "AUDIO_GENERATING"
    AUDIO_GENERATED = "AUDIO_GENERATED"
    VIDEO_RENDERING = "VIDEO_RENDERING"
    VIDEO_RENDERED = "VIDEO_RENDERED"
    STATE_SAVED = "STATE_SAVED"
    STATE_RESTORED = "STATE_RESTORED"


class PipelineEvent(Value):
    """What an event of a run means for the pipeline."""

    type: PipelineEventType
    stage: PipelineStage | None = None
    """None for events of the whole pipeline."""


class PipelineStatus(StrEnum):
    """The states of a pipeline and of its stages."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StageReport(Value):
    """One stage of a run."""

    status: PipelineStatus
    progress: float = Field(ge=0, le=1)
    """Share of its steps that are over, of those that have begun; 1 if it is completed."""
    artifacts: tuple[str, ...] = ()
    """The steps whose results are kept."""


class PipelineResult(Value):
    """A run, finished or not, with the fields of a pipeline's result and of its saved state."""

    success: bool
    task_id: str
    """The id of the run."""
    status: PipelineStatus
    overall_progress: float = Field(ge=0, le=1)
    current_stage: PipelineStage | None = None
    """The last stage that has begun; None before the first."""
    stages: dict[PipelineStage, StageReport] = Field(default_factory=dict)
    """Those that have begun."""
    video_config: dict[str, Any] | None = None
    """The request as the film was made: title, scenes, narration. None without a film."""
    video_path: str | None = None
    """The address of the film, or its name in the store if nothing serves it."""
    audio_dir: str | None = None
    """The folder of the store with the spoken sentences; None for a silent film."""
    timing_report: str | None = None
    """The name of the timing report in the store; None for a silent film."""
    total_duration: float | None = None
    """The length of the film in seconds."""
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
