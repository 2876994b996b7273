"""What the events of a run mean for a pipeline, and a run as a pipeline's result. Pure."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from callsheet.model.run.manifest import Manifest
from callsheet.model.run.pipeline import (
    PipelineEvent,
    PipelineEventType,
    PipelineResult,
    PipelineStage,
    PipelineStatus,
    StageReport,
    stage_of,
)
from callsheet.model.run.runs import Checkpoint, EventKind, RunEvent, RunStatus, SceneState

_BEGUN = {
    "speak-sentence": PipelineEventType.AUDIO_GENERATING,
    "render-scene": PipelineEventType.VIDEO_RENDERING,
    "merge-clips": PipelineEventType.VIDEO_RENDERING,
}
_MADE = {
    "speak-sentence": PipelineEventType.AUDIO_GENERATED,
    "render-scene": PipelineEventType.VIDEO_RENDERED,
    "merge-clips": PipelineEventType.VIDEO_RENDERED,
}
_VALIDATES = "validate-scene-code"
_STATUS = {
    "Running": PipelineStatus.RUNNING,
    "Retrying": PipelineStatus.RUNNING,
    "Cancelling": PipelineStatus.RUNNING,
    "Paused": PipelineStatus.PAUSED,
    "Suspended": PipelineStatus.PAUSED,
    "Completed": PipelineStatus.COMPLETED,
    "Failed": PipelineStatus.FAILED,
    "TimedOut": PipelineStatus.FAILED,
    "Cancelled": PipelineStatus.CANCELLED,
}


class PipelineReader:
    """Reads the events of one run, in order, from the first one."""

    def __init__(self) -> None:
        self._has_begun = False
        self._running: list[PipelineStage] = []
        self._completed: set[PipelineStage] = set()

    def read(self, event: RunEvent) -> RunEvent:
        """Return the event with what it means for the pipeline."""
        read = {
            EventKind.RUN_STARTED: self._begin,
            EventKind.STEP_STARTED: self._begin_step,
            EventKind.CHECKPOINT: self._end_step,
            EventKind.PROGRESS: self._progress,
            EventKind.WARNING: self._warn,
            EventKind.PAUSED: self._pause,
            EventKind.COMPLETED: self._end,
            EventKind.FAILED: self._fail,
        }.get(event.kind)
        return event.model_copy(update={"pipeline": tuple(read(event))}) if read else event

    def _begin_step(self, event: RunEvent) -> list[PipelineEvent]:
        return [*self._reach(event), *_named(_BEGUN, event)]

    def _end_step(self, event: RunEvent) -> list[PipelineEvent]:
        stage = stage_of(event.step)
        saved = [PipelineEvent(type=PipelineEventType.STATE_SAVED, stage=stage)] if stage else []
        return [*self._reach(event), *_named(_MADE, event), *saved]

    def _progress(self, _: RunEvent) -> list[PipelineEvent]:
        return [PipelineEvent(type=PipelineEventType.STAGE_PROGRESS, stage=self._last())]

    def _warn(self, event: RunEvent) -> list[PipelineEvent]:
        told = PipelineEvent(type=PipelineEventType.VALIDATION_WARNING, stage=stage_of(event.step))
        return [told] if event.step.startswith(_VALIDATES) else []

    def _pause(self, _: RunEvent) -> list[PipelineEvent]:
        return [PipelineEvent(type=PipelineEventType.STATE_SAVED, stage=self._last())]

    def _end(self, _: RunEvent) -> list[PipelineEvent]:
        return [*self._complete(self._running), PipelineEvent(type=PipelineEventType.PIPELINE_COMPLETED)]

    def _begin(self, _: RunEvent) -> list[PipelineEvent]:
        if self._has_begun:
            return [PipelineEvent(type=PipelineEventType.STATE_RESTORED, stage=self._last())]
        self._has_begun = True
        self._running = [PipelineStage.INPUT_ADAPTATION]
        return [
            PipelineEvent(type=PipelineEventType.PIPELINE_STARTED),
            PipelineEvent(type=PipelineEventType.STAGE_STARTED, stage=PipelineStage.INPUT_ADAPTATION),
        ]

    def _reach(self, event: RunEvent) -> list[PipelineEvent]:
        """Begin the stage of a step, and complete those before it.

        While scenes are made, audio of one and video of another are at work at the same time.
        """
        stage = stage_of(event.step)
        if stage is None:
            return []
        is_together = bool(event.scene) and stage is PipelineStage.VIDEO_GENERATION
        over = [
            each
            for each in self._running
            if each.place < stage.place and not (is_together and each is PipelineStage.AUDIO_GENERATION)
        ]
        begun = self._complete(over)
        if stage not in self._running and stage not in self._completed:
            self._running.append(stage)
            begun.append(PipelineEvent(type=PipelineEventType.STAGE_STARTED, stage=stage))
        return begun

    def _complete(self, stages: Sequence[PipelineStage]) -> list[PipelineEvent]:
        over = sorted(stages, key=lambda stage: stage.place)
        self._running = [stage for stage in self._running if stage not in over]
        self._completed |= set(over)
        return [PipelineEvent(type=PipelineEventType.STAGE_COMPLETED, stage=stage) for stage in over]

    def _fail(self, _: RunEvent) -> list[PipelineEvent]:
        failed, self._running = self._running, []
        told = [PipelineEvent(type=PipelineEventType.STAGE_FAILED, stage=stage) for stage in failed]
        if failed == [PipelineStage.INPUT_ADAPTATION]:
            told.insert(0, PipelineEvent(type=PipelineEventType.VALIDATION_ERROR, stage=failed[0]))
        return [*told, PipelineEvent(type=PipelineEventType.PIPELINE_FAILED)]

    def _last(self) -> PipelineStage | None:
        known = [*self._running, *self._completed]
        return max(known, key=lambda stage: stage.place, default=None)


def _named(by_step: dict[str, PipelineEventType], event: RunEvent) -> list[PipelineEvent]:
    told = by_step.get(event.step.partition(" ")[0])
    return [PipelineEvent(type=told, stage=stage_of(event.step))] if told else []


def pipeline_status(status: RunStatus) -> PipelineStatus:
    """Return the state of a run by a pipeline's name. A run that waits for a provider or a restart is paused."""
    if status.is_final and not status.is_completed and status.state == "Crashed":
        return PipelineStatus.FAILED
    if status.waits_for_provider or status.state == "Crashed":
        return PipelineStatus.PAUSED
    return _STATUS.get(status.state, PipelineStatus.PENDING)


def pipeline_result(
    status: RunStatus, steps: Sequence[Checkpoint], manifest: Manifest | None = None, video_path: str | None = None
) -> PipelineResult:
    """Return a run with the fields of a pipeline's result. `manifest` is that of its film, if there is one."""
    state = pipeline_status(status)
    stages = _stages(state, steps)
    heard = [each.spoken.stored.key for scene in manifest.scenes for each in scene.speech] if manifest else []
    is_over = state in (PipelineStatus.FAILED, PipelineStatus.CANCELLED)
    broken = [f"{scene.name}: {scene.message}" for scene in status.scenes if scene.state is SceneState.FAILED]
    replaced = [f"{scene.name}: {scene.error}" for scene in manifest.scenes if scene.error] if manifest else []
    return PipelineResult(
        success=status.is_completed,
        task_id=str(status.run_id),
        status=state,
        overall_progress=min(1.0, status.percentage / 100),
        current_stage=max(stages, key=lambda stage: stage.place, default=None),
        stages=stages,
        video_config=manifest.request.model_dump(mode="json", exclude_defaults=True) if manifest else None,
        video_path=video_path,
        audio_dir=PurePosixPath(heard[0]).parts[0] if heard else None,
        timing_report=manifest.timing.key if manifest and manifest.timing else None,
        total_duration=manifest.video.duration_s if manifest else None,
        errors=tuple(dict.fromkeys([status.message, *broken])) if is_over else (),
        warnings=(*replaced, *(manifest.voices_passed_over if manifest else ())),
    )


def _stages(state: PipelineStatus, steps: Sequence[Checkpoint]) -> dict[PipelineStage, StageReport]:
    by_stage = {stage: [step for step in steps if stage_of(step.step) is stage] for stage in PipelineStage}
    begun = [stage for stage, members in by_stage.items() if members]
    found = {}
    for stage in begun:
        members = by_stage[stage]
        done = [step for step in members if step.is_done]
        is_last = stage is begun[-1]
        is_completed = state is PipelineStatus.COMPLETED or (len(done) == len(members) and not is_last)
        found[stage] = StageReport(
            status=PipelineStatus.COMPLETED if is_completed else state,
            progress=1.0 if is_completed else round(len(done) / len(members), 3),
            artifacts=tuple(dict.fromkeys(step.step for step in done)),
        )
    return found
