"""A step without progress for too long is ended with a sentence; one that makes progress or waits its turn is not."""

import asyncio
import math
import time

import pytest

from callsheet import stopping
from callsheet.errors import StepStuck, TransientError
from callsheet.threads import in_a_thread
from callsheet.watchdog import allowed, report_progress, watched

SILENCE_S = 0.3


async def test_a_step_that_stays_silent_is_ended_with_a_sentence() -> None:
    """It is tried again, as what else may pass."""
    with pytest.raises(StepStuck) as caught:
        async with watched("render-scene Intro", SILENCE_S):
            await asyncio.sleep(60)
    assert str(caught.value) == "Step “render-scene Intro” reported no progress for 0.3 seconds, so it was ended"
    assert isinstance(caught.value, TransientError)


async def test_a_step_that_reports_progress_may_take_longer() -> None:
    """From the event loop, and from a thread whose work looks whether it is still wanted."""

    def looking() -> str:
        for _ in range(8):
            time.sleep(SILENCE_S / 4)
            stopping.check()
        return "done"

    async with watched("step", SILENCE_S):
        for _ in range(8):
            await asyncio.sleep(SILENCE_S / 4)
            report_progress()
        assert await in_a_thread(looking) == "done"


@pytest.mark.parametrize("limit_s", [3 * SILENCE_S, math.inf])
async def test_a_wait_that_has_a_limit_of_its_own_is_no_silence(limit_s: float) -> None:
    """Neither a turn that others hold, nor a program that is ended after a time."""
    async with watched("step", SILENCE_S):
        with allowed(limit_s):
            await asyncio.sleep(2 * SILENCE_S)


async def test_after_such_a_wait_silence_counts_again() -> None:
    """It begins where the wait ended."""
    with pytest.raises(StepStuck):
        async with watched("step", SILENCE_S):
            with allowed():
                await asyncio.sleep(2 * SILENCE_S)
            await asyncio.sleep(60)


async def test_progress_of_an_inner_step_is_progress_of_the_outer_one() -> None:
    """And so is an inner step's wait."""
    async with watched("outer", SILENCE_S), watched("inner", SILENCE_S):
        with allowed(3 * SILENCE_S):
            await asyncio.sleep(2 * SILENCE_S)
        for _ in range(8):
            await asyncio.sleep(SILENCE_S / 4)
            report_progress()


async def test_a_limit_of_somebody_else_stays_what_it_is() -> None:
    """A step's own TimeoutError is not taken for silence, nor a cancellation."""
    with pytest.raises(TimeoutError, match="theirs"):
        async with watched("step", SILENCE_S):
            raise TimeoutError("theirs")
    with pytest.raises(asyncio.CancelledError):
        async with watched("step", SILENCE_S):
            raise asyncio.CancelledError


async def test_work_that_hangs_in_a_thread_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step ends all the same, and its place is free for the next one."""
    monkeypatch.setattr("callsheet.threads.STOPS_WITHIN_S", 0.1)
    monkeypatch.setattr("callsheet.threads.AT_ONCE", 1)
    began_s = time.monotonic()
    with pytest.raises(StepStuck):
        async with watched("step", SILENCE_S):
            await in_a_thread(time.sleep, 30)
    assert await in_a_thread(divmod, 7, 2) == (3, 1)
    assert time.monotonic() - began_s < 10
