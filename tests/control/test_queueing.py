"""Runs that wait for their turn, on a real server with a real runner."""

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, FlowRunFilterParentFlowRunId
from prefect.states import Running

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.model.labels import BEGUN, PROCESS
from callsheet.model.run.queue import QUEUED
from tasks.run.process import given_back, introduce
from tests.flows.films import film, last_status, reached
from tests.flows.limiting import limited


async def worked(run):
    """When the first step of a run began, and when its last one ended: while it only looks, it makes nothing."""
    async with get_client() as prefect:
        scenes = FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run.id]))
        parts = [part.id for part in await prefect.read_flow_runs(flow_run_filter=scenes)]
        family = FlowRunFilter(id=FlowRunFilterId(any_=[run.id, *parts]))
        steps = await prefect.read_task_runs(flow_run_filter=family)
    return min(step.start_time for step in steps), max(step.end_time for step in steps if step.end_time)


async def in_turn(runs):
    """Whether these runs worked one after the other, in this order."""
    times = [await worked(run) for run in runs]
    return all(earlier[1] <= later[0] for earlier, later in pairwise(times))


async def test_each_priority_has_its_work_queue(prefect_server):
    """The server gives runs of the higher one to a runner first; a priority that there is not is refused."""
    async with get_client() as prefect:
        queues = {queue.name: queue.priority for queue in await prefect.read_work_queues("callsheet")}
    assert sorted(("high", "default", "low"), key=queues.get) == ["high", "default", "low"]
    with pytest.raises(InvalidRequest, match="priority: there is no priority “urgent”; give one of high, normal, low"):
        await client.start(film("Urgent"), priority="urgent")


async def test_runs_of_one_owner_work_one_after_another_and_hold_up_nobody_else(prefect_server):
    """In the order in which they came; the run of another owner is done before the owner's last has begun."""
    async with limited(runs_at_once_per_owner=1):
        first = await client.start(film("Turn 0", duration_s=20, profile="full-hd"), owner="turner")
        await reached(first, lambda status: any(scene.step for scene in status.scenes))
        second = await client.start(film("Turn 1", duration_s=4), owner="turner")
        await reached(second, lambda status: status.state == QUEUED)
        third = await client.start(film("Turn 2"), owner="turner")
        waiting = await reached(third, lambda status: status.state == QUEUED and status.queue_position == 2)
        assert waiting.doing == "waits for another run of turner to end"
        other = await client.start(film("Turn of another"), owner="other")
        ends = await asyncio.gather(*map(last_status, [first, second, third, other]))
    assert all(end.is_completed for end in ends)
    assert await in_turn([first, second, third])
    assert (await worked(other))[1] < (await worked(third))[0]


@pytest.mark.long
async def test_a_run_that_was_killed_leaves_its_place(prefect_server):
    """The next one of its owner has it, and the killed one continues as well."""
    async with limited(runs_at_once_per_owner=1):
        killed = await client.start(film("Killed in its place", duration_s=20, profile="full-hd"), owner="victim")
        await reached(killed, lambda status: any(scene.step for scene in status.scenes))
        after = await client.start(film("After the killed", duration_s=1), owner="victim")
        await reached(after, lambda status: status.state == QUEUED)
        async with get_client() as prefect:
            process = (await prefect.read_flow_run(killed.id)).labels[PROCESS]
        os.kill(int(process.split()[-2]), signal.SIGKILL)
        assert (await last_status(after)).is_completed
        async with asyncio.timeout(120):
            while not (await client.status(killed)).is_completed:
                await asyncio.sleep(0.5)


async def test_a_run_that_is_cancelled_leaves_its_place(prefect_server):
    """The server calls the next one."""
    async with limited(runs_at_once_per_owner=1):
        cancelled = await client.start(
            film("Cancelled in its place", duration_s=60, profile="full-hd"), owner="canceller"
        )
        await reached(cancelled, lambda status: any(scene.step for scene in status.scenes))
        after = await client.start(film("After the cancelled"), owner="canceller")
        await reached(after, lambda status: status.state == QUEUED)
        await client.cancel(cancelled)
        async with asyncio.timeout(150):
            assert (await last_status(after)).is_completed


@pytest.mark.long
async def test_a_run_of_high_priority_goes_before_those_that_were_there_first(prefect_server):
    """With one place for all, low ones that wait already begin after a high one."""
    async with limited(runs_at_once=1):
        first = await client.start(film("Priority: first", duration_s=60, profile="full-hd"))
        await reached(first, lambda status: any(scene.step for scene in status.scenes))
        low = [await client.start(film(f"Priority: low {n}"), priority="low") for n in range(2)]
        high = await client.start(film("Priority: high"), priority="high")
        for run in (*low, high):
            await reached(run, lambda status: status.state == QUEUED)
        await client.cancel(first)
        ends = await asyncio.gather(*map(last_status, [high, *low]))
    assert all(end.is_completed for end in ends)
    assert await in_turn([high, *low])


async def test_a_process_takes_no_place_from_the_one_that_came_after_it(prefect_server):
    """It gives back what is its own; a process that has begun meanwhile keeps its name and its place."""
    run = await client.start(film("Handed on"), at=datetime.now(UTC) + timedelta(days=1))
    async with get_client() as prefect:
        await prefect.set_flow_run_state(run.id, Running(), force=True)
        flow_run = await prefect.read_flow_run(run.id)
        async with given_back(flow_run):
            await introduce(prefect, flow_run)
            assert (await prefect.read_flow_run(run.id)).labels[BEGUN] == str(flow_run.state.id)
        assert (await prefect.read_flow_run(run.id)).labels[PROCESS] == ""
        async with given_back(flow_run):
            await introduce(prefect, flow_run)
            await prefect.update_flow_run_labels(run.id, {PROCESS: "another one"})
        assert (await prefect.read_flow_run(run.id)).labels[PROCESS] == "another one"
        await prefect.delete_flow_run(run.id)
