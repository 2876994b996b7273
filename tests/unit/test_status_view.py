"""Where a run stands, from what the server says of it."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import Artifact, FlowRun, TaskRun, TaskRunPolicy
from prefect.states import AwaitingRetry, Cancelled, Completed, Crashed, Failed, Pending, Running, Scheduled, Suspended

from callsheet.client.status_view import RunSnapshot, status_of
from callsheet.model.labels import PROVIDER, RETRY_REASON, SPENT
from callsheet.model.run.cost import CostKind, cost_label
from callsheet.model.run.kinds import BACKFILL, IMAGE_VIDEO, VIDEO
from callsheet.model.run.runs import SceneState, StepError
from callsheet.model.run.waiting import PENDING_RETRY
from callsheet.server.run_state import error_message

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SCENES = [
    {"name": name, "template": "title", "content": {"title": name}, "order": order}
    for name, order in (("Last", 30), ("First", 10), ("Middle", 20))
]


def run_in(state, request=None):
    """The run of a video of three scenes."""
    parameters = {"request": request or {"title": "Film", "scenes": SCENES}}
    return FlowRun(flow_id=uuid4(), name="Film", state=state, parameters=parameters)


def part_in(number, state):
    """The run of one of its scenes."""
    name = ("First", "Middle", "Last")[number - 1]
    scene = next(scene for scene in SCENES if scene["name"] == name)
    request = {"scene": scene, "number": number}
    return FlowRun(flow_id=uuid4(), name=f"scene {number:02} {name}", state=state, parameters={"request": request})


def step_of(flow_run, name, state, run_count=1, retries=2):
    """A step of a run."""
    return TaskRun(
        flow_run_id=flow_run.id, name=name, state=state, run_count=run_count, task_key=name, dynamic_key="0",
        empirical_policy=TaskRunPolicy(retries=retries),
    )  # fmt: skip


def progress_of(flow_run, percentage, description=""):
    """A progress artifact."""
    return Artifact(type="progress", data=percentage, description=description, flow_run_id=flow_run.id)


def seen(run, parts=(), tasks=(), artifacts=(), ahead=None, kind=VIDEO):
    """What was read, the latest first."""
    return RunSnapshot(run=run, parts=list(parts), tasks=list(tasks), artifacts=list(artifacts), ahead=ahead, kind=kind)


def test_a_run_that_waits_has_its_scenes_in_film_order_and_its_place_in_the_queue():
    """Nothing of it has begun; what there is to do is known."""
    status = status_of(seen(run_in(Scheduled()), ahead=2))
    assert [(scene.number, scene.name) for scene in status.scenes] == [(1, "First"), (2, "Middle"), (3, "Last")]
    assert {scene.state for scene in status.scenes} == {SceneState.WAITING}
    assert (status.queue_position, status.steps_done, status.steps_total) == (3, 0, 6)
    assert status.doing == "waiting for a free runner"


def test_a_scene_tells_its_step_and_which_attempt_it_is():
    """The outer step, not the upload inside of it; a step that waits for another try says why."""
    run = run_in(Running())
    first, middle = part_in(1, Running()), part_in(2, Running())
    tasks = [
        step_of(first, "upload clips", Running()),
        step_of(first, "render-scene 01 First", Running()),
        step_of(first, "fill-template 01 First", Completed()),
        step_of(middle, "write-scene-code 02 Middle", AwaitingRetry(scheduled_time=NOW), run_count=2, retries=5),
    ]
    middle.labels[RETRY_REASON] = f"{tasks[-1].id} the store did not answer"
    status = status_of(seen(run, [middle, first], tasks))
    assert (status.scenes[0].step, status.scenes[0].attempt, status.scenes[0].attempts) == ("render-scene", 1, 3)
    assert status.scenes[1].state is SceneState.RETRYING
    assert (status.scenes[1].attempt, status.scenes[1].attempts) == (2, 6)
    assert status.scenes[1].message == "the store did not answer"


def test_the_steps_of_an_animatic_are_not_those_of_the_film():
    """It is merged before the scenes of the film are made."""
    run = run_in(Running())
    status = status_of(seen(run, [part_in(1, Running())], [step_of(run, "merge-clips", Completed())]))
    assert (status.steps_done, status.steps_total) == (0, 6)


def test_steps_are_counted_once_however_often_they_ran():
    """A retry finds them in the cache and names them again."""
    run = run_in(Running())
    parts = [part_in(number, Completed()) for number in (3, 2, 1)]
    tasks = [step_of(run, "merge-clips", Completed()), step_of(run, "merge-clips", Completed())]
    artifacts = [progress_of(run, 94.0, "Film: making the stills"), progress_of(run, 12.0)]
    status = status_of(seen(run, parts, tasks, artifacts))
    assert (status.steps_done, status.steps_total, status.percentage) == (4, 6, 94)
    assert status.doing == "making the stills"


def test_after_a_retry_the_latest_run_of_a_scene_counts():
    """A cancelled scene gets a new run."""
    parts = [part_in(1, Completed()), part_in(1, Cancelled())]
    assert status_of(seen(run_in(Running()), parts)).scenes[0].state is SceneState.READY


@pytest.mark.parametrize("state", [Suspended(timeout_seconds=60), Crashed(), Scheduled()])
def test_no_scene_runs_in_a_run_without_a_process(state):
    """Prefect still calls it Running; a person would wait in vain."""
    status = status_of(seen(run_in(state), [part_in(1, Running())]))
    assert status.scenes[0].state is SceneState.WAITING


def test_the_last_error_has_its_step_its_cause_and_its_tries():
    """Also if the run continued after it."""
    run, part = run_in(Running()), part_in(1, Failed())
    early = Failed(message="Task run encountered an exception SceneFailed: early", timestamp=NOW)
    late = Failed(message="Task run encountered an exception SceneFailed: late", timestamp=NOW + timedelta(seconds=1))
    tasks = [step_of(part, "render-scene 01 First", early), step_of(part, "rehearse-scene 01 First", late, run_count=3)]
    error = StepError(step="rehearse-scene 01 First", cause="late", attempts=3)
    assert status_of(seen(run, [part], tasks)).error == error


def test_a_crashed_run_says_so_where_no_step_failed():
    """Its process was killed: there is nothing else to blame."""
    status = status_of(seen(run_in(Crashed(message="Process exited with -9"))))
    assert status.error == StepError(step="Film", cause="Process exited with -9")


def test_a_run_that_waits_for_its_provider_says_so():
    """It has no place in a queue; its state is a scheduled one for a day that never comes."""
    run = run_in(Scheduled(name=PENDING_RETRY)).model_copy(update={"labels": {PROVIDER: "Example"}})
    status = status_of(seen(run))
    assert (status.state, status.waits_for_provider, status.queue_position) == (PENDING_RETRY, "Example", None)
    assert status.doing == "waiting for Example; the run continues when that answers again"


def test_a_run_that_begins_later_says_when():
    """It does not wait for a runner."""
    run = run_in(Scheduled()).model_copy(update={"next_scheduled_start_time": datetime(2999, 1, 1, 6, tzinfo=UTC)})
    assert status_of(seen(run)).doing == "begins at 2999-01-01 06:00 UTC"


def test_the_scenes_are_those_that_were_approved():
    """Not those of the request, and not more of them."""
    approved = RunSnapshot(
        run=run_in(Running()),
        parts=[part_in(2, Running())],
        tasks=[],
        artifacts=[],
        storyboard=["A", "B"],
        kind=VIDEO,
    )
    status = status_of(approved)
    assert [(scene.number, scene.name, scene.state) for scene in status.scenes] == [
        (1, "A", SceneState.WAITING), (2, "B", SceneState.RUNNING)
    ]  # fmt: skip


def test_scenes_of_a_topic_appear_as_they_begin():
    """They are not known before."""
    run = run_in(Running(), {"title": "Film", "topic": "Everything"})
    assert status_of(seen(run)).scenes == ()
    assert [scene.name for scene in status_of(seen(run, [part_in(2, Pending())])).scenes] == ["Middle"]


def costing(**parts):
    """A run at work whose labels say what parts of its film have cost, by `model_calls` and `footage`."""
    kinds = {"model_calls": CostKind.MODEL_CALLS, "footage": CostKind.FOOTAGE}
    labels = {cost_label(kinds[kind], part): usd for kind, costs in parts.items() for part, usd in costs.items()}
    return run_in(Running()).model_copy(update={"labels": labels})


def test_what_models_cost_is_added_up_as_far_as_it_is_known():
    """The labels of the run say it."""
    run = costing(model_calls={"scene 01 First": 0.013, "scene 02 Middle": 0.000042}, footage={"all": 0.25})
    status = status_of(seen(run))
    assert (status.model_calls_usd, status.footage_usd) == (0.013042, 0.25)


@pytest.mark.parametrize("column", ["price", "cost", "7.0 $"])
def test_no_table_changes_a_sum(column):
    """Tables are for people: their columns may be renamed, and say what they like."""
    rows = json.dumps([{"attempt": 1, column: "7.0 $"}])
    tables = [Artifact(type="table", key=key, description=key, data=rows) for key in ("attempts", "outline", "footage")]
    status = status_of(seen(costing(model_calls={"outline": 0.5}), artifacts=tables))
    assert (status.model_calls_usd, status.footage_usd) == (0.5, 0.0)


def test_what_was_paid_so_far_counts_what_is_under_way():
    """The run's labels say it as soon as a provider has answered; those of its parts come when a scene is over."""
    run = run_in(Running()).model_copy(update={"labels": {f"{SPENT}2026-01-01": 0.25, f"{SPENT}2026-01-02": 0.5}})
    status = status_of(seen(run))
    assert (status.spent_usd, status.footage_usd) == (0.75, 0.0)


def test_a_run_of_an_earlier_version_shows_what_it_paid_and_nothing_else():
    """It has no labels of parts, and 0 for each kind of cost would be wrong."""
    run = run_in(Completed()).model_copy(update={"labels": {f"{SPENT}2026-01-01": 0.25}})
    status = status_of(seen(run))
    assert (status.spent_usd, status.model_calls_usd, status.footage_usd) == (0.25, None, None)
    unpaid = status_of(seen(run_in(Completed())))
    assert (unpaid.spent_usd, unpaid.model_calls_usd, unpaid.footage_usd) == (0.0, 0.0, 0.0)


def test_an_outline_is_among_what_models_cost():
    """It is a separate part, before any scene has begun."""
    run = costing(model_calls={"outline": 0.01, "scene 01 First": 0.02})
    assert status_of(seen(run)).model_calls_usd == 0.03


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({}, None),
        ({"days": 1}, None),
        ({"name": "Ada"}, None),
        ({"request": "a line"}, None),
        ({"request": "a line"}, VIDEO),
        ({"request": {"title": "Every night", "catalogue": "films"}}, BACKFILL),
    ],
)
def test_a_run_that_makes_no_video_has_no_steps_of_one(parameters, kind):
    """Upkeep, a backfill, or a user's flow: it is not known here what it has to do."""
    run = run_in(Running()).model_copy(update={"parameters": parameters})
    status = status_of(seen(run, tasks=[step_of(run, "publish-video", Completed())], kind=kind))
    assert (status.steps_done, status.steps_total, status.scenes) == (0, 0, ())


def test_a_picture_that_begins_to_move_is_a_video():
    """It has no scenes, and the steps of every video."""
    run = run_in(Running(), {"title": "Moves", "picture": "a.png"})
    assert status_of(seen(run, kind=IMAGE_VIDEO)).steps_total == 3


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Flow run encountered an exception: VideoIncomplete: 1 of 2 scenes", "1 of 2 scenes"),
        ("Task run encountered an exception SceneFailed: no: really", "no: really"),
        ("Process exited with -9", "Process exited with -9"),
        (None, ""),
    ],
)
def test_the_cause_of_an_error_is_its_own_words(message, words):
    """Without what Prefect puts before them."""
    assert error_message(message) == words
