"""Runs that are resumed or cancelled while their process is still at the step at which they were paused."""

from callsheet import client
from tests.flows.fenced import alive, renders
from tests.flows.films import film, last_status, reached
from tests.flows.history import rendered
from tests.flows.patience import until


def long(name):
    """A scene that renders for some seconds. What has its name and its content is kept for other runs."""
    return {"name": name, "template": "picture", "content": {"path": "docs/pictures/example.png", "duration_s": 241}}


async def test_a_run_that_is_paused_and_resumed_at_once_has_one_process(prefect_server):
    """What it was rendering is waited for; a second process beside the first would render it as well."""
    run = await client.start(film("Resumed at once", scenes=[long("Waited for")]))
    await reached(run, lambda _: bool(renders()))
    await client.pause(run)
    await client.resume(run, given_back_within_s=120)
    assert not renders()
    assert (await last_status(run)).is_completed
    assert await rendered(run.id) == ["render-scene 01 Waited for"]


async def test_a_run_that_is_cancelled_while_it_pauses_stops_at_once(prefect_server):
    """It was at a step still; a run that is Cancelled has no process."""
    run = await client.start(film("Paused and cancelled", scenes=[long("Not to be rendered")]))
    await reached(run, lambda _: bool(renders()))
    rendering = renders()
    await client.pause(run)
    await client.cancel(run)
    assert await until(lambda: not alive(rendering), 15)
    assert (await last_status(run)).state == "Cancelled"
    assert await rendered(run.id) == []
