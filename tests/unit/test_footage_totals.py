"""What all jobs of a storyboard cost together, and how long they take."""

from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.footage.jobs import FootageEstimate, JobKind
from callsheet.model.footage.orders import (
    FootageRecord,
    at_most_usd,
    may_cost,
    missing_of,
    spent_usd,
    total_about_s,
    total_estimate_usd,
)

TIMES = st.lists(st.floats(0.1, 1000), min_size=1, max_size=20)


def job(usd=0.27, about_s=240.0, is_kept=False):
    """An estimate."""
    return FootageEstimate(provider="p", model="m", usd=usd, basis="", about_s=about_s, is_kept=is_kept)


def test_what_is_kept_takes_nothing():
    """Neither money nor time; but it was paid once, and counts in the total."""
    assert not may_cost([job(is_kept=True), job(usd=0.0)])
    assert total_about_s([job(is_kept=True)], 4) == 0
    assert total_estimate_usd([job(is_kept=True), job()]) == 0.54


def test_what_nobody_knows_may_cost():
    """Neither a price nor a time is made up."""
    assert may_cost([job(usd=None)])
    assert total_about_s([job(), job(about_s=None)], 4) is None


@given(TIMES, st.integers(1, 8))
def test_many_at_once_take_no_longer_than_one_by_one(times, at_once):
    """And never less than the longest of them."""
    jobs = [job(about_s=time) for time in times]
    together = total_about_s(jobs, at_once)
    assert max(times) <= together <= sum(times) * 1.0001


def test_equal_jobs_are_one_in_every_sum():
    """In what is to be paid and how long it takes; also where the price of the one is not known."""
    one, unknown = job(), job(usd=None)
    jobs = [one, one.as_part_of("one", is_kept=False)]
    assert missing_of(jobs) == [one]
    assert (at_most_usd(jobs), total_estimate_usd(jobs), total_about_s(jobs, 1)) == (0.27, 0.27, 240.0)
    assert may_cost([unknown, unknown.as_part_of("unknown", is_kept=False)])


def test_a_prediction_of_several_scenes_is_paid_once():
    """Its price stands in the record of each."""

    def record(prediction_id, usd=0.5):
        return FootageRecord(
            kind=JobKind.ANIMATE_IMAGE, provider="p", model="m", prediction_id=prediction_id, cost_usd=usd
        )

    assert spent_usd([record("a"), record("b"), record("a"), record("c", usd=None)]) == 1.0
