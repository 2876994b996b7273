"""Approval on a real server with a real runner: a run waits without a process, and continues as it was approved."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from prefect.client.orchestration import get_client

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.model.labels import DEADLINE
from flows.video import generate_video
from tests.flows.asking import answered, waiting
from tests.flows.films import film, last_status, titled
from tests.flows.history import all_artifacts, rendered


async def artifacts(run):
    """Every artifact of the run, by its key and type."""
    found = {}
    for artifact in await all_artifacts(run.id):
        found.setdefault(artifact.key or artifact.type, []).append(artifact)
    return found


async def test_an_approved_run_makes_the_storyboard_as_it_was_changed(prefect_server):
    """One scene is dropped, one is new, two change places; nothing of the plan is shown twice."""
    run = await client.start(film("Approved", scenes=3, approval=True))
    found = await waiting(run)
    shown = await artifacts(run)
    assert "| scenes | 3 |" in shown["estimate"][0].data
    assert len(shown["storyboard"]) == len(shown["progress"]) == 1
    assert await rendered(run.id) == []
    async with get_client() as prefect:
        schema = await prefect.read_flow_run_input(run.id, found.state.state_details.run_input_keyset["schema"])
    assert '"Approved 2"' in schema
    assert "null" not in schema
    first, third = titled("Approved 1"), titled("Approved 3")
    answer = await answered(run, scenes=[third, titled("Approved: new"), first])
    assert answer.status == "ACCEPT"
    assert (await last_status(run)).is_completed
    assert sorted(await rendered(run.id)) == [
        "render-scene 01 Approved 3", "render-scene 02 Approved: new", "render-scene 03 Approved 1"
    ]  # fmt: skip
    manifest = await client.result(run)
    assert [scene.name for scene in manifest.request.scenes] == ["Approved 3", "Approved: new", "Approved 1"]
    shown = await artifacts(run)
    assert {key: len(shown[key]) for key in ("progress", "estimate", "storyboard")} == {
        "progress": 1, "estimate": 1, "storyboard": 1
    }  # fmt: skip


@pytest.mark.long
async def test_an_answer_without_changes_takes_the_plan_as_it_is(prefect_server):
    """Only the word is needed; an answer that is none is refused, and the run still waits."""
    run = await client.start(film("As it is", approval=True))
    await waiting(run)
    refusals = [
        await answered(run, reject="perhaps"),
        await answered(run, approve=True),
        await answered(run, scene=[]),
    ]
    assert {refusal.status for refusal in refusals} == {"REJECT"}
    assert (await answered(run)).status == "ACCEPT"
    assert (await last_status(run)).is_completed


async def test_a_run_that_is_not_approved_is_cancelled_and_a_retry_asks_again(prefect_server):
    """The reason is in the run's state; nothing was made."""
    run = await client.start(film("Unwanted", approval=True))
    await waiting(run)
    await answered(run, reject=True, reason="too long")
    status = await last_status(run)
    assert (status.state, status.message) == ("Cancelled", "Not approved: too long")
    await client.retry(run)
    await waiting(run)
    await answered(run)
    assert (await last_status(run)).is_completed


async def test_changed_scenes_that_can_not_be_made_are_asked_for_again(prefect_server):
    """What the form can't see, the run finds: it says so where it asks the next time."""
    run = await client.start(film("Mended", approval=True))
    first = await waiting(run)
    broken = {"name": "Broken", "template": "bullets", "content": {"points": []}}
    assert (await answered(run, scenes=[broken])).status == "ACCEPT"
    async with get_client() as prefect, asyncio.timeout(60):
        while (again := await prefect.read_flow_run(run.id)).state.name != "Suspended" or again.state == first.state:
            await asyncio.sleep(0.1)
        keys = again.state.state_details.run_input_keyset
        description = await prefect.read_flow_run_input(run.id, keys["description"])
    assert "scenes.0.content.points: needs at least 1" in description
    await answered(run)
    assert (await last_status(run)).is_completed


async def test_a_run_that_waits_for_approval_can_be_cancelled(prefect_server):
    """It has no process, so it is over at once."""
    run = await client.start(film("Cancelled while waiting", approval=True))
    await waiting(run)
    await client.cancel(run)
    assert (await last_status(run)).state == "Cancelled"


async def test_the_deadline_is_kept_with_the_run(prefect_server):
    """A sweep reads it there."""
    run = await client.start(film("Until", approval=True, approve_within_h=2))
    found = await waiting(run)
    left = datetime.fromisoformat(found.labels[DEADLINE]) - datetime.now(UTC)
    assert timedelta(hours=1.9) < left < timedelta(hours=2)
    assert found.state.state_details.pause_timeout > datetime.fromisoformat(found.labels[DEADLINE])
    await client.cancel(run)


async def test_a_run_without_a_deployment_can_not_wait(prefect_server):
    """It is refused with the field, before anything is made."""
    with pytest.raises(InvalidRequest, match="approval: only a run of a deployment can wait"):
        await generate_video(film("By hand", approval=True))
