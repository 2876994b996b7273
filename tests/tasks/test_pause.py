"""A pause takes effect between steps: what a step has made is stored first, and scenes wait for each other."""

import asyncio

import pytest
from prefect import flow, task
from prefect.context import FlowRunContext
from prefect.exceptions import Pause
from prefect.states import Suspended

from callsheet.settings import settings
from callsheet.storage.opening import open_store
from tasks.publishing import upload
from tasks.run.pause import all_of

SUSPENDED = Suspended(timeout_seconds=60)


async def test_what_was_made_when_somebody_pauses_is_stored(prefect_server, tmp_path):
    """The upload is a separate step inside the one that made the file: the pause is found when both are over."""
    clip, stored = tmp_path / "clip.mp4", []

    @task(persist_result=False)
    async def render():
        clip.write_bytes(b"frames")
        FlowRunContext.get().flow_run_suspension_request.mark_requested(SUSPENDED)
        stored.append(await upload(clip, "clips", "video/mp4"))

    @flow(name="paused", persist_result=False)
    async def paused():
        with pytest.raises(Pause):
            await render()
        FlowRunContext.get().flow_run_suspension_request.mark_requested(None)

    await paused()
    assert open_store(settings()).holds(*stored)


async def test_a_pause_waits_for_what_goes_on_beside_it():
    """The first scene comes upon it; the other one ends its step."""
    begun, ended = asyncio.Event(), []

    async def comes_upon_it():
        await begun.wait()
        raise Pause(state=SUSPENDED)

    async def goes_on():
        begun.set()
        await asyncio.sleep(0.05)
        ended.append(1)

    with pytest.raises(Pause):
        await all_of([comes_upon_it(), goes_on()])
    assert ended


async def test_what_is_made_at_once_keeps_its_order_and_errors_do_not_wait():
    """Whatever is ready first."""
    assert await all_of([asyncio.sleep(0.05, "first"), asyncio.sleep(0, "second")]) == ["first", "second"]

    async def fails():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await asyncio.wait_for(all_of([asyncio.Event().wait(), fails()]), 60)
