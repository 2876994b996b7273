"""Upkeep on a real server: what becomes of runs that lost their process, by what was asked of them before."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Cancelling, Crashed, Pending, Running, Suspended

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.model.labels import BEGUN, DEADLINE, FINISHED_STEPS, PROCESS, RECOVERIES
from callsheet.model.run.runs import EventKind
from callsheet.server.process import has_process, this_process
from callsheet.server.run_state import asks_for_approval
from callsheet.settings import settings
from flows.scene import generate_scene
from flows.upkeep import recover_interrupted, resume_pending
from tests.flows.asking import waiting
from tests.flows.films import film, last_status

DEAD = this_process().rpartition(" ")[0] + " 1"


@pytest.fixture(autouse=True)
async def upkeep_is_over(prefect_server):
    """The server starts upkeep by itself where a run crashed or was cancelled: what an earlier test has caused is over.

    What it still comes upon, it recovers just as the tests do.
    """
    under_way = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING]
    async with get_client() as prefect, asyncio.timeout(60):
        while await prefect.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[recover_interrupted.name])),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=under_way)),
                expected_start_time=FlowRunFilterExpectedStartTime(before_=datetime.now(UTC)),
            ),
        ):
            await asyncio.sleep(0.2)


async def in_state(name, *states, **labels):
    """A run that no runner takes up, brought into these states one after the other; its process is dead."""
    run = await client.start(film(name), at=datetime.now(UTC) + timedelta(days=1))
    async with get_client() as prefect:
        await prefect.update_flow_run_labels(run.id, {PROCESS: DEAD, **labels})
        for state in states:
            entered = (await prefect.set_flow_run_state(run.id, state, force=True)).state
            if entered.type is StateType.RUNNING:
                await prefect.update_flow_run_labels(run.id, {BEGUN: str(entered.id)})
    return run


async def read(run):
    """The run as the server knows it."""
    async with get_client() as prefect:
        return await prefect.read_flow_run(run.id)


async def labelled(run, **labels):
    """Write these labels onto the run."""
    async with get_client() as prefect:
        await prefect.update_flow_run_labels(run.id, labels)


async def deleted(run):
    """No runner looks after it any more."""
    async with get_client() as prefect:
        await prefect.delete_flow_run(run.id)


async def state_of(run):
    """The state of the run now."""
    return (await read(run)).state


async def left(run, name):
    """The state that comes after `name`."""
    async with asyncio.timeout(60):
        while (state := await state_of(run)).name == name:
            await asyncio.sleep(0.2)
    return state


async def test_a_run_whose_process_is_gone_goes_on(prefect_server):
    """It is found by upkeep, and counted."""
    run = await in_state("Gone", Running())
    await recover_interrupted()
    assert (await last_status(run)).is_completed
    assert (await read(run)).labels[RECOVERIES] == 1


async def test_a_run_whose_process_lives_is_left_alone(prefect_server):
    """Here it is this very process."""
    run = await in_state("Alive", Running(), **{PROCESS: this_process()})
    assert str(run.id) not in await recover_interrupted()
    await deleted(run)


async def test_a_process_that_has_not_said_yet_who_it_is_is_not_taken_for_dead(prefect_server):
    """The label still names the one before it, however long the new one takes to begin."""
    run = await in_state("Slow to begin", Running(), Crashed())
    async with get_client() as prefect:
        await prefect.set_flow_run_state(run.id, Running(), force=True)
    assert str(run.id) not in await recover_interrupted()
    await deleted(run)


@pytest.mark.parametrize(
    ("states", "kind"),
    [((Running(), Cancelling()), StateType.CANCELLED), ((Running(), Cancelling(), Crashed()), StateType.CANCELLED)],
)
async def test_a_run_that_was_being_cancelled_is_not_recovered(prefect_server, states, kind):
    """It ends as it was asked to."""
    run = await in_state(f"Cancelled {len(states)}", *states)
    await recover_interrupted(starting_before=datetime.now(UTC))
    assert (await state_of(run)).type is kind


async def test_a_run_that_is_just_being_cancelled_is_left_to_its_runner(prefect_server):
    """What the runner says at the end would else come over a retry, and cancel that as well."""
    run = await in_state("Being cancelled", Running(), Cancelling())
    assert str(run.id) not in await recover_interrupted()
    assert (await state_of(run)).type is StateType.CANCELLING
    await deleted(run)


async def test_a_paused_run_whose_process_died_stays_paused(prefect_server):
    """The crash is forgotten; it can still be resumed."""
    run = await in_state("Paused and dead", Running(), Suspended(timeout_seconds=3600, pause_key="by hand"), Crashed())
    await recover_interrupted()
    assert (await state_of(run)).name == "Suspended"
    await client.resume(run, given_back_within_s=0)
    assert (await last_status(run)).is_completed


async def test_a_question_survives_the_death_of_the_process_that_asked_it(prefect_server):
    """Killed while it was leaving: the run still waits for approval, and continues when that is given."""
    run = await client.start(film("Asked and dead", approval=True))
    await waiting(run)
    async with get_client() as prefect:
        await prefect.set_flow_run_state(run.id, Crashed(), force=True)
    await recover_interrupted()
    assert asks_for_approval(await read(run))
    assert (await client.status(run)).needs_approval
    await client.approve(run)
    assert (await last_status(run)).is_completed


async def test_a_run_that_is_paused_has_a_process_until_that_gives_itself_back(prefect_server):
    """Until then it is not resumed: two processes would do the same."""
    run = await in_state("Leaving", Running(), Suspended(timeout_seconds=3600), **{PROCESS: this_process()})
    with pytest.raises(InvalidRequest, match=r"“Leaving” is Suspended .*: its present step is not over"):
        await client.resume(run, given_back_within_s=0)
    assert (await state_of(run)).name == "Suspended"
    await labelled(run, **{PROCESS: ""})
    async with get_client() as prefect:
        assert not await has_process(prefect, await read(run))
    await client.resume(run, given_back_within_s=0)
    assert (await last_status(run)).is_completed


async def test_the_server_itself_starts_the_recovery_of_a_crashed_run(prefect_server):
    """The test does not call upkeep; the run was recovered often enough already, so it is given up with a sentence."""
    run = await in_state("Too often", Running(), Crashed(), **{RECOVERIES: 3})
    state = await left(run, "Crashed")
    assert (state.type, "ended 4 times" in state.message) == (StateType.FAILED, True)
    await client.retry(run)
    assert (await read(run)).labels[RECOVERIES] == 0
    assert (await last_status(run)).is_completed


async def test_a_run_that_has_finished_a_step_since_is_counted_anew(prefect_server):
    """What dies again and again at the same step is given up, not what dies now and then on a long way."""
    run = await in_state("Getting on", Running(), **{RECOVERIES: 3, FINISHED_STEPS: 0})
    async with get_client() as prefect:
        ended = {"type": "COMPLETED", "name": "Completed"}
        step = {"flow_run_id": str(run.id), "task_key": "s", "dynamic_key": "0", "name": "a step", "state": ended}
        (await prefect.request("POST", "/task_runs/", json=step)).raise_for_status()
    await recover_interrupted()
    labels = (await read(run)).labels
    assert (labels[RECOVERIES], labels[FINISHED_STEPS]) == (1, 1)
    assert (await last_status(run)).is_completed


async def test_who_starts_callsheet_anew_has_lost_no_run_to_itself(prefect_server):
    """A restart is no sign that the run kills its processes: it continues after any number of restarts."""
    run = await in_state("Restarted", Running(), **{RECOVERIES: 3})
    assert (await recover_interrupted(starting_before=datetime.now(UTC)))[str(run.id)] == "Scheduled"
    assert (await read(run)).labels[RECOVERIES] == 3
    assert (await last_status(run)).is_completed


async def test_who_watches_a_run_that_crashes_sees_it_go_on(prefect_server):
    """The crash is a warning, the status is not final, and the end is the run's own."""
    run = await in_state("Watched through", Running(), Crashed())
    first, last = None, None
    async with asyncio.timeout(180):
        followed = [status async for status in client.follow(run)]
        async for event in client.watch(run):
            first = first or (event if event.state == "Crashed" else None)
            last = event
    assert (first.kind, last.kind) == (EventKind.WARNING, EventKind.COMPLETED)
    assert [status.is_final for status in followed][-1:] == [True]
    assert followed[-1].is_completed


async def test_a_run_that_crashed_can_be_cancelled_before_it_goes_on(prefect_server):
    """Who cancels is quicker than the runner here, or the run is cancelled in its queue: it does not continue."""
    run = await in_state("Not again", Running(), Crashed())
    await client.cancel(run)
    assert (await last_status(run)).state == "Cancelled"


async def test_a_crash_that_nobody_mends_is_an_end(prefect_server):
    """A run without a deployment is not recovered: who watches it is told that it failed."""
    async with get_client() as prefect:
        found = await prefect.create_flow_run(generate_scene, parameters={}, name="Alone")
        for state in (Running(), Crashed(message="Its process was killed")):
            await prefect.set_flow_run_state(found.id, state, force=True)
    async with asyncio.timeout(60):
        events = [event async for event in client.watch(found.id)]
    assert [(event.kind, event.state) for event in events[-2:]] == [
        (EventKind.WARNING, "Crashed"), (EventKind.FAILED, "Crashed")
    ]  # fmt: skip
    assert events[-1].message == "Its process was killed"
    assert (await last_status(found.id)).is_final


async def test_a_run_that_never_began_goes_on_where_its_runner_is_gone(prefect_server):
    """A run that was about to start before this server did has no runner that starts it."""
    run = await in_state("About to start", Pending())
    assert (await recover_interrupted(starting_before=datetime.now(UTC)))[str(run.id)] == "Scheduled"
    assert (await last_status(run)).is_completed
    assert RECOVERIES not in (await read(run)).labels


async def test_a_run_whose_process_is_on_its_way_is_left_alone(prefect_server, monkeypatch):
    """A busy machine may take minutes to start it; only much later another runner gets it, and nothing is counted."""
    run = await in_state("On its way", Pending())
    assert str(run.id) not in await recover_interrupted()
    monkeypatch.setenv("CALLSHEET_STARTING_WITHIN_S", "0.001")
    settings.cache_clear()
    assert (await recover_interrupted())[str(run.id)] == "Scheduled"
    monkeypatch.undo()
    settings.cache_clear()
    assert RECOVERIES not in (await read(run)).labels
    assert (await last_status(run)).is_completed


async def test_a_run_that_nobody_approved_in_time_is_given_up(prefect_server):
    """With a sentence, and not as a failure."""
    run = await client.start(film("Forgotten", approval=True))
    await waiting(run)
    async with get_client() as prefect:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await prefect.update_flow_run_labels(run.id, {DEADLINE: past.isoformat()})
    await resume_pending()
    state = await state_of(run)
    assert (state.type, "the run was not approved in time" in state.message) == (StateType.CANCELLED, True)
