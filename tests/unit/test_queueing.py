"""Whose turn it is among runs."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.run.queue import (
    Priority,
    RunLimits,
    Turn,
    ahead_of,
    in_order,
    may_begin,
    owner_in,
    priority_of,
    waits_for,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OWNERS = st.sampled_from(["", "ada", "ben"])
TURNS = st.lists(
    st.builds(
        Turn,
        run_id=st.uuids(),
        owner=OWNERS,
        priority=st.sampled_from(Priority),
        since=st.integers(0, 5).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    ),
    max_size=12,
    unique_by=lambda turn: turn.run_id,
)
BOUND = st.none() | st.integers(1, 4)
LIMITS = st.builds(RunLimits, runs_at_once=BOUND, runs_at_once_per_owner=BOUND)


def turn(number, owner="", priority=Priority.NORMAL):
    """The run of this number; a higher one came later."""
    return Turn(run_id=UUID(int=number), owner=owner, priority=priority, since=NOON + timedelta(seconds=number))


def within(owners, limits):
    """Whether these may run at once."""
    counts = Counter(owners)
    return counts.total() <= (limits.runs_at_once or 99) and all(
        count <= (limits.runs_at_once_per_owner or 99) for owner, count in counts.items() if owner
    )


@given(TURNS, st.lists(OWNERS, max_size=6), LIMITS)
def test_no_more_are_called_than_may_run(waiting, holding, limits):
    """Of one owner and of all; whatever was let in under wider limits stays, and no run joins it."""
    called = [each.owner for each in may_begin(holding, waiting, limits)]
    if within(holding, limits):
        assert within([*holding, *called], limits)
    if limits.runs_at_once is not None and len(holding) >= limits.runs_at_once:
        assert called == []


@given(TURNS, st.lists(OWNERS, max_size=6), LIMITS)
def test_no_place_stays_empty_while_somebody_waits_for_it(waiting, holding, limits):
    """A run that is not called could not be let in beside those that are."""
    called = may_begin(holding, waiting, limits)
    owners = [*holding, *(each.owner for each in called)]
    left = [each for each in waiting if each not in called]
    assert not any(within([*owners, each.owner], limits) for each in left)


@given(TURNS, LIMITS)
def test_nobody_of_an_owner_is_overtaken_by_a_later_run_of_the_same(waiting, limits):
    """Nor by one of lower priority."""
    called = set(may_begin([], waiting, limits))
    for owner in ("ada", "ben"):
        line = [each in called for each in in_order(waiting) if each.owner == owner]
        assert line == sorted(line, reverse=True)


@given(TURNS)
def test_without_limits_everybody_begins(waiting):
    """In order."""
    assert list(may_begin(["ada"], waiting, RunLimits())) == in_order(waiting)


def test_a_higher_priority_goes_first_however_late_it_came():
    """And within one, the first that came."""
    line = in_order([turn(1, priority=Priority.LOW), turn(2), turn(3, priority=Priority.HIGH), turn(4)])
    assert [each.run_id.int for each in line] == [3, 2, 4, 1]


def test_a_run_whose_owner_has_no_place_lets_others_pass():
    """Ada waits for herself alone."""
    limits = RunLimits(runs_at_once_per_owner=1)
    assert may_begin(["ada"], [turn(1, "ada"), turn(2, "ben"), turn(3)], limits) == (turn(2, "ben"), turn(3))
    assert ahead_of(turn(3, "ada").run_id, [turn(1, "ada"), turn(2, "ben"), turn(3, "ada")], limits) == 1
    everybody = RunLimits(runs_at_once=1)
    assert ahead_of(turn(3, "ada").run_id, [turn(1, "ada"), turn(2, "ben"), turn(3, "ada")], everybody) == 2


def test_who_waits_is_told_for_whom():
    """For the owner's other runs, or for anybody's."""
    limits = RunLimits(runs_at_once=3, runs_at_once_per_owner=1)
    assert waits_for(turn(1, "ada"), ["ada"], limits) == "waits for another run of ada to end"
    assert waits_for(turn(1, "ada"), ["ben", "", ""], limits) == "waits for another run to end"


@pytest.mark.parametrize("priority", Priority)
def test_the_work_queue_says_the_priority(priority):
    """Every other queue is a normal one."""
    assert priority_of(priority.work_queue) is priority
    assert priority_of("somebody's own") is priority_of(None) is Priority.NORMAL


def test_the_owner_is_in_the_tags():
    """A run without one has no owner."""
    assert owner_in(["callsheet", "owner:ada"]) == "ada"
    assert owner_in(["callsheet"]) == ""
