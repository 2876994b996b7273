"""Few runs start at once, in the order of the queue."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.embedded.start_slots import StartSlots
from callsheet.model.run.queue import Priority, Turn, in_order

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TURNS = st.lists(
    st.builds(
        Turn,
        run_id=st.uuids(),
        priority=st.sampled_from(Priority),
        since=st.integers(0, 5).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda turn: turn.run_id,
)


def turn(number, priority=Priority.NORMAL):
    """One turn of many."""
    return Turn(run_id=UUID(int=number), priority=priority, since=NOON + timedelta(seconds=number))


@given(TURNS, st.integers(1, 4))
def test_no_more_runs_than_slots_start_at_once_and_the_others_start_in_order(turns, count):
    """The first ones find a free slot; all others wait, and start in order."""
    inside, most, begun = 0, 0, []

    async def begin(slots, each):
        nonlocal inside, most
        await slots.acquire(each)
        begun.append(each)
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        slots.release()

    async def rush():
        slots = StartSlots(count)
        await asyncio.gather(*(begin(slots, each) for each in turns))

    asyncio.run(rush())
    assert most == min(count, len(turns))
    assert begun[:count] == turns[:count]
    assert begun[count:] == in_order(turns[count:])


async def test_a_late_run_of_high_priority_starts_before_those_that_wait():
    """A rush of runs does not delay it."""
    slots = StartSlots(1)
    await slots.acquire(turn(1))
    begun = []

    async def begin(each):
        await slots.acquire(each)
        begun.append(each)
        slots.release()

    waiting = [asyncio.create_task(begin(turn(number))) for number in (2, 3)]
    await asyncio.sleep(0)
    waiting.append(asyncio.create_task(begin(turn(4, Priority.HIGH))))
    await asyncio.sleep(0)
    slots.release()
    await asyncio.gather(*waiting)
    assert [each.run_id.int for each in begun] == [4, 2, 3]


@pytest.mark.parametrize("turns_of_the_loop", [0, 1])
async def test_a_run_that_stops_waiting_takes_no_slot(turns_of_the_loop):
    """A slot that is given to it at the same moment goes to the next run."""
    slots = StartSlots(1)
    await slots.acquire(turn(1))
    leaver, later, next_one = (asyncio.create_task(slots.acquire(turn(number))) for number in (2, 3, 4))
    await asyncio.sleep(0)
    leaver.cancel()
    for _ in range(turns_of_the_loop):
        await asyncio.sleep(0)
    slots.release()
    later.cancel()
    async with asyncio.timeout(1):
        await next_one
    assert leaver.cancelled()
    assert later.cancelled()
