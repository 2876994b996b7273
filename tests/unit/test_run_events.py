"""What Prefect's events tell, as values of ours. The shapes are those that a server of 3.8.8 sends."""

from datetime import UTC, datetime
from uuid import uuid4

from prefect.events import Event, RelatedResource, Resource

from callsheet.client.watching import run_event
from callsheet.model.run.runs import EventKind

RUN, SCENE = uuid4(), uuid4()


def state_event(resource, name, state_type, of=None, details=None, **labels):
    """A change of state of a run or of a step; `of` is the run that the step belongs to, with its name."""
    prefix = "prefect.task-run" if of else "prefect.flow-run"
    label = {
        "prefect.resource.id": f"{prefix}.{resource}",
        "prefect.state-name": name,
        "prefect.state-type": state_type,
    }
    related = []
    if of:
        run_id, run_name = of
        of_run = {"prefect.resource.id": f"prefect.flow-run.{run_id}", "prefect.resource.role": "flow-run"}
        related.append(RelatedResource({**of_run, "prefect.resource.name": run_name}))
    state = {"type": state_type, "name": name, "state_details": details or {}}
    return Event(
        event=f"{prefix}.{name}", resource=Resource({**label, **labels}), related=related,
        payload={"validated_state": state},
    )  # fmt: skip


def test_a_retry_says_when_the_step_is_tried_again():
    """The step is named without the scene, which is named beside it."""
    event = state_event(
        uuid4(), "AwaitingRetry", "SCHEDULED", of=(SCENE, "scene 02 Trick"),
        details={"scheduled_time": "2026-01-01T04:15:38.432613Z"},
        **{"prefect.resource.name": "render-scene 02 Trick", "prefect.run-count": "1"},
    )  # fmt: skip
    told = run_event(event, RUN)
    assert (told.kind, told.step, told.scene, told.attempt) == (
        EventKind.RETRY_SCHEDULED,
        "render-scene",
        "02 Trick",
        1,
    )
    assert told.retry_at == datetime(2026, 1, 1, 4, 15, 38, 432613, tzinfo=UTC)


def test_a_failed_scene_is_a_warning_and_a_failed_run_is_its_failure():
    """With the words of the error alone."""
    words = {"prefect.state-message": "Flow run encountered an exception: SceneFailed: no such colour"}
    scene = run_event(
        state_event(SCENE, "Failed", "FAILED", **words, **{"prefect.resource.name": "scene 02 Trick"}), RUN
    )
    assert (scene.kind, scene.step, scene.scene) == (EventKind.WARNING, "scene 02 Trick", "02 Trick")
    assert scene.message == "no such colour"
    run = run_event(state_event(RUN, "Failed", "FAILED", **words), RUN)
    assert (run.kind, run.step, run.message) == (EventKind.FAILED, "", "no such colour")


def test_a_crash_and_a_pause_are_told_by_the_state_they_are():
    """A crash is a warning: whether the run continues after it, this event does not know."""
    crashed = run_event(state_event(RUN, "Crashed", "CRASHED"), RUN)
    paused = run_event(state_event(RUN, "Suspended", "PAUSED"), RUN)
    assert (crashed.kind, crashed.state) == (EventKind.WARNING, "Crashed")
    assert (paused.kind, paused.state) == (EventKind.PAUSED, "Suspended")


def test_what_nobody_wants_to_know_is_left_out():
    """Preparations, and the progress of another run."""
    assert run_event(state_event(RUN, "Pending", "PENDING"), RUN) is None
    related = {"prefect.resource.id": f"prefect.flow-run.{SCENE}", "prefect.resource.role": "flow-run"}
    progress = Event(
        event="prefect.artifact.updated",
        resource=Resource({"prefect.resource.id": "prefect.artifact.x"}),
        related=[RelatedResource(related)],
        payload={"data": 12.5, "description": "scene alone"},
    )
    assert run_event(progress, RUN) is None
    assert run_event(progress, SCENE).percentage == 12.5
