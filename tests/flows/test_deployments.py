"""The deployments, run by the runner in separate processes: from the client, on a schedule, and refused."""

import asyncio
from datetime import timedelta

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.exceptions import PrefectHTTPStatusError

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.model.requests.video import VideoRequest

HELLO = {"name": "Hello", "template": "title", "content": {"title": "Hello", "duration_s": 1}}
REQUEST = {"title": "By the runner", "profile": "draft", "scenes": [HELLO]}


async def last_status(run):
    """Follow a run to its end; what was seen on the way."""
    return [status async for status in client.follow(run.id)]


async def runs_of(deployment):
    """Flow runs of a deployment."""
    async with get_client() as prefect:
        return await prefect.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id]))
        )


async def deployment_called(name):
    """A deployment by its name."""
    async with get_client() as prefect:
        return await prefect.read_deployment_by_name(name)


async def test_the_client_starts_a_run_and_follows_it_to_the_video(prefect_server):
    """Progress only grows, and the manifest is that of the finished video."""
    run = await client.start(VideoRequest.model_validate(REQUEST))
    seen = await last_status(run)
    assert [status.percentage for status in seen] == sorted(status.percentage for status in seen)
    assert (seen[-1].state, seen[-1].percentage) == ("Completed", 100)
    assert (await client.result(run.id)).video.frames == 15


async def test_a_failed_run_says_which_scene_and_why(prefect_server):
    """The state of the run carries the sentence, and there is no video to get."""
    code = "from manim import *\n\n\nclass Broken(Scene):\n    def construct(self):\n        raise ValueError\n"
    broken = {"name": "Broken", "code": code}
    run = await client.start(VideoRequest.model_validate({**REQUEST, "title": "Failing", "scenes": [HELLO, broken]}))
    *_, last = await last_status(run)
    assert last.state == "Failed"
    assert "1 of 2 scenes could not be made" in last.message
    assert "“Broken”" in last.message
    with pytest.raises(InvalidRequest, match="has no video"):
        await client.result(run.id)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"profile": "8k"}, "profile"),
        ({"topic_scenes": 0}, "topic_scenes"),
        ({"titel": "x"}, "titel"),
        ({"title": 7}, "title"),
    ],
)
async def test_the_server_refuses_a_wrong_value_before_anything_runs(prefect_server, change, field):
    """No run is made, and the answer names the field."""
    deployment = await deployment_called("generate-video/video")
    before = len(await runs_of(deployment))
    async with get_client() as prefect:
        with pytest.raises(PrefectHTTPStatusError) as refusal:
            await prefect.create_flow_run_from_deployment(deployment.id, parameters={"request": {**REQUEST, **change}})
    assert field in refusal.value.response.text
    assert len(await runs_of(deployment)) == before


async def test_content_that_a_template_does_not_take_fails_the_run_before_any_scene(prefect_server):
    """What the server's schema can't see, the flow's parameters refuse, with the path of the field."""
    wrong = {"name": "Wrong", "template": "bullets", "content": {"points": []}}
    deployment = await deployment_called("generate-video/video")
    async with get_client() as prefect:
        run = await prefect.create_flow_run_from_deployment(
            deployment.id, parameters={"request": {**REQUEST, "scenes": [wrong]}}
        )
    *_, last = await last_status(run)
    assert last.state == "Failed"
    assert "content.points (scene “Wrong”): needs at least 1" in last.message


async def test_a_schedule_makes_a_video(prefect_server):
    """A scheduled run brings its own request and completes like any other."""
    deployment = await deployment_called("generate-scene/scene")
    schedule = DeploymentScheduleCreate(
        schedule=IntervalSchedule(interval=timedelta(seconds=20)),
        parameters={"request": {"scene": HELLO, "profile": "draft"}},
    )
    async with get_client() as prefect:
        [created] = await prefect.create_deployment_schedules(deployment.id, [schedule])
        try:
            async with asyncio.timeout(240):
                while not any(run.state.is_completed() for run in await runs_of(deployment) if run.auto_scheduled):
                    await asyncio.sleep(0.5)
        finally:
            await prefect.delete_deployment_schedule(deployment.id, created.id)
