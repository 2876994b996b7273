"""Deployments under their former name: runs of them work and are found, and nothing is scheduled twice."""

from collections import Counter

import pytest
from prefect.client.orchestration import get_client

from callsheet import client
from callsheet.model.deployed import DEPLOYMENT_NAME, FORMER_TAG, NAMES_OF_FLOWS, NEVER_RENAMED
from callsheet.model.requests.video import SceneBrief, SceneRequest
from callsheet.model.run.runs import IfRunning
from callsheet.server.requests import run_name
from tests.flows.films import last_status, titled

pytestmark = pytest.mark.usefixtures("prefect_server")
SCENE = SceneRequest(scene=SceneBrief.model_validate(titled("By its former name")), profile="draft")


async def former_deployment(flow):
    """The id of a flow's deployment under its former name."""
    async with get_client() as prefect:
        return (await prefect.read_deployment_by_name(f"{flow}/{DEPLOYMENT_NAME}")).id


async def start_former(key=None):
    """Start the scene by the former name, as `prefect deployment run` does."""
    chosen = await former_deployment("generate-scene")
    async with get_client() as prefect:
        return await prefect.create_flow_run_from_deployment(
            chosen,
            name=run_name(SCENE),
            parameters={"request": SCENE.model_dump(mode="json", exclude_none=True)},
            idempotency_key=key and f"{chosen}:{key}",
        )


async def test_a_run_of_the_former_name_is_made_and_found():
    """It is listed beside the others, and the same work is not begun beside it."""
    former = await start_former()
    assert (await client.start(SCENE, if_running=IfRunning.JOIN)).id == former.id
    assert (await last_status(former.id)).is_completed
    assert former.id in {run.id for run in await client.list_runs(limit=50)}
    assert (await client.find_run(str(former.id)[:8])).id == former.id


async def test_a_key_of_the_release_before_still_names_its_run():
    """A start that is repeated after the upgrade gets the run of the first start, and pays nothing again."""
    former = await start_former("key:before the upgrade")
    again = await client.start(SCENE, idempotency_key="before the upgrade")
    assert (again.id, again.is_new) == (former.id, False)
    await client.cancel(former.id)


async def test_nothing_is_scheduled_twice_and_no_backfill_without_a_catalogue():
    """Each flow has at most one active schedule, and it is that of the name of today."""
    async with get_client() as prefect:
        known = await prefect.read_deployments(limit=200)
        flows = {each.id: (await prefect.read_flow(each.flow_id)).name for each in known}
    ours = [each for each in known if flows[each.id] in NAMES_OF_FLOWS]
    renamed = NAMES_OF_FLOWS.keys() - NEVER_RENAMED
    assert Counter(flows[each.id] for each in ours if FORMER_TAG in each.tags) == dict.fromkeys(renamed, 1)
    assert {each.name for each in ours if FORMER_TAG in each.tags} == {DEPLOYMENT_NAME}
    today = {flows[each.id]: each.name for each in ours if FORMER_TAG not in each.tags}
    assert today == NAMES_OF_FLOWS
    active = {f"{flows[each.id]}/{each.name}" for each in ours if any(schedule.active for schedule in each.schedules)}
    assert active == {
        "recover-interrupted/upkeep-recovery", "resume-pending/upkeep-waiting", "report-history/upkeep-history",
    }  # fmt: skip
    assert {each.name for each in await client.list_flows()} == {"/".join(each) for each in NAMES_OF_FLOWS.items()}
