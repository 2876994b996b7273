"""Events are given once and in order, however they arrive."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from prefect.events import Event, Resource

from callsheet.server.event_order import SETTLE_S, Settling

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def event(occurred_s):
    """An event of this second."""
    resource = Resource({"prefect.resource.id": "a.b"})
    return Event(event="x", resource=resource, occurred=BEGIN + timedelta(seconds=occurred_s))


@st.composite
def arrivals(draw):
    """Events with when they arrive, some of them several times: late by less than what is waited."""
    times = draw(st.lists(st.floats(0, 10), max_size=30))
    late = st.floats(0, SETTLE_S * 0.99)
    found = []
    for occurred_s in times:
        made = event(occurred_s)
        found += [(occurred_s + draw(late), made) for _ in range(draw(st.integers(1, 3)))]
    return sorted(found, key=lambda arrival: arrival[0])


@given(arrivals())
def test_each_event_is_given_once_and_in_order(arriving):
    """Where none is later than what is waited, the order is that of their occurrence."""
    settling, given_events = Settling(), []
    for now_s, made in arriving:
        given_events += settling.settled(now_s)
        settling.take(made, now_s)
    given_events += settling.settled()
    assert {made.id for _, made in arriving} == {made.id for made in given_events}
    assert len(given_events) == len({made.id for made in given_events})
    times = [made.occurred for made in given_events]
    assert times == sorted(times)


def test_an_event_that_is_far_too_late_is_given_when_it_comes():
    """It is not lost."""
    settling = Settling()
    settling.take(event(5), 5)
    assert len(settling.settled(5 + SETTLE_S)) == 1
    settling.take(event(1), 9)
    assert [made.occurred for made in settling.settled(9 + SETTLE_S)] == [BEGIN + timedelta(seconds=1)]


def test_nothing_is_given_before_it_has_settled():
    """Something that occurred before it may still be on its way."""
    settling = Settling()
    settling.take(event(5), 5)
    assert settling.settled(5 + SETTLE_S / 2) == []
