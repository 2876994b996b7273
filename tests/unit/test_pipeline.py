"""A run under the names of a pipeline: stages, events, state and result, derived from what the run reports."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from callsheet.model.run.pipeline import STEPS, PipelineStage, PipelineStatus, stage_of
from callsheet.model.run.pipeline_events import PipelineReader, pipeline_result, pipeline_status
from callsheet.model.run.runs import Checkpoint, EventKind, RunEvent, RunStatus
from callsheet.model.run.state_names import STATE_NAMES

RUN = UUID(int=7)
STARTED, KEPT = EventKind.STEP_STARTED, EventKind.CHECKPOINT


def step_names() -> set[str]:
    """The names of all steps, as their decorators say them."""
    tasks = Path(__file__).parents[2] / "tasks"
    sources = (path.read_text(encoding="utf-8") for path in tasks.rglob("*.py"))
    return {name for source in sources for name in re.findall(r'@step\([\w.]+, name="([a-z-]+)"', source)}


def told(*events: tuple[EventKind, str, str]) -> list[str]:
    """What these events of a run, each with its step and scene, mean for the pipeline."""
    reader, moment = PipelineReader(), datetime(2026, 1, 1, tzinfo=UTC)
    read = [
        reader.read(RunEvent(id=uuid4(), kind=kind, run_id=RUN, occurred_at=moment, step=step, scene=scene))
        for kind, step, scene in events
    ]
    return [f"{each.type} {each.stage or ''}".strip() for event in read for each in event.pipeline]


def run_status(state: str, **fields: object) -> RunStatus:
    """The status of a run in this state."""
    given = {"is_final": False, "is_completed": False, "percentage": 40.0, "doing": "", "message": ""}
    return RunStatus.model_validate({"run_id": RUN, "state": state, **given, **fields})


def test_every_step_of_a_film_belongs_to_one_stage():
    """What helps other steps belongs to none: uploads, questions to the store, upkeep."""
    helpers = {
        "upload", "look-for-media", "start-video", "read-catalogue", "read-history", "deliver-webhook",
    }  # fmt: skip
    listed = [step for steps in STEPS.values() for step in steps]
    assert len(listed) == len(set(listed))
    assert set(listed) | helpers == step_names()
    assert stage_of("speak-sentence 01 Opening") is PipelineStage.AUDIO_GENERATION


def test_the_events_of_a_run_tell_its_stages_in_order():
    """A stage begins with its first step, and is over with the first step of a later one."""
    one, two = "01 Moon", "02 Sun"
    assert told(
        (EventKind.RUN_STARTED, "", ""),
        (STARTED, "read-document", ""), (KEPT, "read-document", ""),
        (STARTED, "write-storyboard", ""), (KEPT, "upload pictures", ""),
        (STARTED, "speak-sentence", one), (KEPT, "speak-sentence", one),
        (STARTED, "render-scene", one), (STARTED, "speak-sentence", two),
        (KEPT, "merge-clips", ""), (KEPT, "publish-video", ""),
        (EventKind.COMPLETED, "", ""),
    ) == [
        "PIPELINE_STARTED", "STAGE_STARTED input_adaptation",
        "STAGE_COMPLETED input_adaptation", "STAGE_STARTED content_parsing", "STATE_SAVED content_parsing",
        "STAGE_COMPLETED content_parsing", "STAGE_STARTED script_generation",
        "STAGE_COMPLETED script_generation", "STAGE_STARTED audio_generation", "AUDIO_GENERATING audio_generation",
        "AUDIO_GENERATED audio_generation", "STATE_SAVED audio_generation",
        "STAGE_STARTED video_generation", "VIDEO_RENDERING video_generation", "AUDIO_GENERATING audio_generation",
        "STAGE_COMPLETED audio_generation", "VIDEO_RENDERED video_generation", "STATE_SAVED video_generation",
        "STAGE_COMPLETED video_generation", "STAGE_STARTED output", "STATE_SAVED output",
        "STAGE_COMPLETED output", "PIPELINE_COMPLETED",
    ]  # fmt: skip


def test_a_failure_and_a_retry_are_told():
    """A run that fails before its first step has a wrong request; one that continues restores its state."""
    failed = (EventKind.FAILED, "", "")
    began = (EventKind.RUN_STARTED, "", "")
    assert told(began, failed)[2:] == [
        "VALIDATION_ERROR input_adaptation", "STAGE_FAILED input_adaptation", "PIPELINE_FAILED",
    ]  # fmt: skip
    assert told(began, (STARTED, "render-scene", "01 Moon"), failed, began, (KEPT, "render-scene", "01 Moon"))[5:] == [
        "STAGE_FAILED video_generation", "PIPELINE_FAILED",
        "STATE_RESTORED input_adaptation",
        "STAGE_STARTED video_generation", "VIDEO_RENDERED video_generation", "STATE_SAVED video_generation",
    ]  # fmt: skip


@pytest.mark.parametrize("state", STATE_NAMES)
def test_every_state_of_a_run_is_a_state_of_the_pipeline(state: str):
    """States before the first step are pending; a crash that Callsheet may end is a pause."""
    over = {"is_final": True, "is_completed": state == "Completed"}
    expected = {
        "Running": "running", "Retrying": "running", "Cancelling": "running", "Paused": "paused", "Suspended": "paused",
        "Crashed": "paused", "Failed": "failed", "TimedOut": "failed", "Cancelled": "cancelled",
        "Completed": "completed",
    }  # fmt: skip
    is_final = expected.get(state) in ("failed", "cancelled", "completed")
    assert pipeline_status(run_status(state, **(over if is_final else {}))) == expected.get(state, "pending")
    assert pipeline_status(run_status("Crashed", is_final=True)) is PipelineStatus.FAILED
    assert pipeline_status(run_status("PendingRetry", waits_for_provider="openai")) is PipelineStatus.PAUSED


def test_a_run_without_a_film_is_a_result_with_its_stages():
    """A stage is over when a later one has begun; the last one has the state of the run."""
    steps = [
        Checkpoint(step=step, state="Completed" if is_done else "Failed", is_done=is_done, attempt=1)
        for step, is_done in [("read-document", True), ("write-storyboard", True), ("speak-sentence 01 Moon", False)]
    ]
    over = run_status("Failed", is_final=True, message="the disk is full")
    made = pipeline_result(over, steps)
    assert (made.success, made.task_id, made.errors) == (False, str(RUN), ("the disk is full",))
    assert (made.status, made.current_stage, made.overall_progress) == ("failed", "audio_generation", 0.4)
    assert {stage: report.status.value for stage, report in made.stages.items()} == {
        "content_parsing": "completed", "script_generation": "completed", "audio_generation": "failed",
    }  # fmt: skip
    assert made.stages[PipelineStage.CONTENT_PARSING].artifacts == ("read-document",)
