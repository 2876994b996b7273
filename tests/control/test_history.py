"""The history of runs, read back from the real server: by the client, the command, and the flow that reports it."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from prefect.client.orchestration import get_client
from typer.testing import CliRunner

from callsheet import client
from callsheet.cli.main import app
from callsheet.errors import InvalidRequest
from callsheet.model.deployed import DEPLOYMENT_NAME, UPKEEP_TAG
from callsheet.model.run.history import Outcome
from tests.flows.films import film, last_status, titled
from tests.flows.history import artifacts

OWNER = "historian"


@pytest.fixture(scope="module")
def began(prefect_server):
    """When three runs began: a video, the same with one more scene, and one that fails."""
    now = datetime.now(UTC)
    asyncio.run(_make_history())
    return now


async def _make_history():
    """A video, the same with one more scene, and one whose scene can't be made."""
    again = film("Remembered", [titled("Remembered one"), titled("Remembered two")])
    broken = {"name": "Broken", "template": "equation", "content": {"steps": ["frac(1, "]}}
    await last_status(await client.start(film("Remembered", [titled("Remembered one")]), owner=OWNER))
    others = [await client.start(request, owner=OWNER) for request in (again, film("Forgotten", [broken]))]
    await asyncio.gather(*map(last_status, others))


async def test_a_history_tells_what_was_done_kept_and_failed(began):
    """The second run takes the first one's scene; the third fails before anything is rendered."""
    found = await client.history(since=began, owner=OWNER)
    [flow] = found.flows
    assert (flow.name, flow.outcomes) == ("generate-video", {Outcome.COMPLETED: 2, Outcome.FAILED: 1})
    steps = {step.name: step for step in found.steps}
    assert steps["render-scene"].outcomes == {Outcome.COMPLETED: 2, Outcome.KEPT: 1}
    assert steps["merge-clips"].durations.count == 2
    assert 0 < steps["render-scene"].durations.median_s <= steps["render-scene"].durations.longest_s < 60
    latest = found.latest[0]
    assert (latest.name, latest.outcome, latest.owner) == ("Forgotten", Outcome.FAILED, OWNER)
    assert latest.started_at
    assert latest.seconds > 0
    assert found.latest[1].steps[0].scene.startswith("scene 0")


async def test_records_come_one_after_another_over_page_limits(began, monkeypatch):
    """However many fit into one answer: each run once, the latest first, with its own steps."""
    whole = [record async for record in client.run_records(since=began, owner=OWNER)]
    monkeypatch.setattr("callsheet.client.run_history.RUNS_AT_ONCE", 2)
    monkeypatch.setattr("callsheet.server.queries.PAGE", 3)
    paged = [record async for record in client.run_records(since=began, owner=OWNER)]
    assert paged == whole
    assert len({record.id for record in paged}) == 3


async def test_a_window_is_about_when_runs_were_to_begin(began):
    """Nothing is in the one before, and a window that ends first is refused."""
    assert (await client.history(since=began - timedelta(minutes=5), until=began, owner=OWNER)).runs == 0
    with pytest.raises(InvalidRequest, match="must begin before it ends"):
        await client.history(since=began, until=began - timedelta(seconds=1))


def test_the_command_prints_tables_and_json(began):
    """The same facts for the eye and for scripts."""
    printed = CliRunner().invoke(app, ["history", "--since", "1h", "--owner", OWNER])
    assert printed.exit_code == 0, printed.output
    assert printed.output.startswith("3 runs from ")
    assert "render-scene" in printed.output
    found = json.loads(CliRunner().invoke(app, ["history", "--owner", OWNER, "--runs", "1", "--json"]).output)
    assert found["history"]["flows"][0]["outcomes"] == {"completed": 2, "failed": 1}
    assert [run["name"] for run in found["history"]["latest"]] == ["Forgotten"]
    refused = CliRunner().invoke(app, ["history", "--since", "week"])
    assert refused.exit_code == 2


async def test_the_report_is_tables_in_the_server(began):
    """Its deployment is started like that of any flow, by its name and with its own parameters."""
    run = await client.start_flow("report-history", {"days": 1, "owner": OWNER}, owner="nobody")
    assert (await last_status(run)).is_completed
    [table] = [artifact for artifact in (await artifacts(run.id)).values() if artifact.key.startswith("history")]
    assert table.description.count("3 runs from ")
    assert (await client.history(since=began, flow="report-history", owner="nobody")).runs == 1
    assert "report-history/upkeep-history" in {each.name for each in await client.list_flows()}


@asynccontextmanager
async def tagged(name, *tags):
    """A run of a user's flow, whose deployment has these tags alone."""
    async with get_client() as prefect:
        flow_id = await prefect.create_flow_from_name(name)
        deployment_id = await prefect.create_deployment(flow_id, DEPLOYMENT_NAME, tags=list(tags))
        yield await prefect.create_flow_run_from_deployment(deployment_id, name=name)
        await prefect.delete_deployment(deployment_id)


async def test_a_flow_with_tags_of_its_own_is_listed_found_and_remembered(prefect_server):
    """Upkeep alone is left out, unless it is named; the list and the history go by the same rule."""
    since = datetime.now(UTC)
    async with tagged("own-reports", "reports") as reports, tagged("own-upkeep", UPKEEP_TAG) as upkeep:
        listed = {run.id for run in await client.list_runs(since=since, limit=200)}
        remembered = {run.id async for run in client.run_records(since=since)}
        assert reports.id in listed & remembered
        assert upkeep.id not in listed | remembered
        assert (await client.find_run(str(reports.id)[:8])).id == reports.id
        assert [run.id for run in await client.list_runs(flow="own-upkeep")] == [upkeep.id]
