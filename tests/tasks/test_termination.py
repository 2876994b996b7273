"""What SIGTERM does to a flow, wherever the main thread happens to be."""

import asyncio
import signal
from contextlib import suppress

import pytest
from prefect.exceptions import TerminationSignal
from prefect.utilities import engine
from prefect.utilities.engine import capture_sigterm, is_prefect_sigterm_handler_installed

from callsheet.errors import InvalidRequest
from callsheet.model.requests.video import SceneRequest
from tasks.run.progress import RunProgress, progress_of
from tasks.run.request import take_request
from tasks.run.termination import HANDLER, ended_by_sigterm, heed_sigterm


async def _terminated_elsewhere():
    """A task that no one awaits, in whose time the signal comes."""
    await asyncio.sleep(0)
    signal.raise_signal(signal.SIGTERM)
    await asyncio.sleep(60)


async def _flow(seen):
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        seen.append("cancelled")
        raise


async def test_a_signal_in_the_time_of_another_task_ends_the_flow():
    """Prefect's own handler raises in that task, which keeps the exception for itself."""
    seen = []
    with capture_sigterm():
        other = asyncio.create_task(_terminated_elsewhere())
        async with asyncio.timeout(10):
            with pytest.raises(TerminationSignal), ended_by_sigterm():
                await _flow(seen)
    assert seen == ["cancelled"]
    assert not other.done()
    other.cancel()


async def test_the_outermost_flow_ends_those_inside():
    """The flows inside keep its handler, which Prefect still takes for its own."""
    seen = []

    async def inside():
        with capture_sigterm(), ended_by_sigterm():
            assert is_prefect_sigterm_handler_installed()
            await _flow(seen)

    with capture_sigterm():
        other = asyncio.create_task(_terminated_elsewhere())
        async with asyncio.timeout(10):
            with pytest.raises(TerminationSignal), ended_by_sigterm():
                async with asyncio.TaskGroup() as group:
                    group.create_task(inside())
                    group.create_task(inside())
    assert seen == ["cancelled", "cancelled"]
    other.cancel()


async def test_a_flow_that_ends_by_itself_leaves_prefects_handler():
    """The same for its errors, which stay what they are."""
    of_prefect = getattr(engine, HANDLER)
    with capture_sigterm():
        with ended_by_sigterm():
            assert getattr(engine, HANDLER) is not of_prefect
        with pytest.raises(ValueError), ended_by_sigterm():
            raise ValueError
        assert is_prefect_sigterm_handler_installed()
        assert getattr(engine, HANDLER) is of_prefect


async def test_a_flow_that_makes_something_else_of_its_end_is_ended_all_the_same():
    """A value, or an error that its state would be made of: neither says that a person has cancelled the run."""

    async def swallows():
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return "a film"

    @take_request
    async def fails(request: SceneRequest) -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise InvalidRequest("cut off") from None

    given = {"scene": {"name": "A", "prompt": "B."}}
    for flow in (heed_sigterm(swallows), lambda: fails(given)):
        with capture_sigterm():
            other = asyncio.create_task(_terminated_elsewhere())
            async with asyncio.timeout(10):
                with pytest.raises(TerminationSignal):
                    await flow()
        other.cancel()


async def test_a_progress_that_ends_loses_no_signal(prefect_server, monkeypatch):
    """Its writer is cancelled, too, and is not taken for the run."""

    async def write_slowly(self):
        await asyncio.sleep(0.2)

    monkeypatch.setattr(RunProgress, "write", write_slowly)
    monkeypatch.setattr(RunProgress, "keep_writing", _ends_late)

    @heed_sigterm
    async def show_progress():
        async with progress_of("Shown", scenes=1):
            asyncio.get_running_loop().call_later(0.1, signal.raise_signal, signal.SIGTERM)
        await asyncio.sleep(60)

    async with asyncio.timeout(20):
        with capture_sigterm(), pytest.raises(TerminationSignal):
            await show_progress()


async def _ends_late(self):
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0.3)
