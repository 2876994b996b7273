"""What is said of many runs and steps: counts, sums, percentiles."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.client.run_history import step_kind
from callsheet.model.run.history import Durations, Outcome, RunRecord, StepRecord, Tally, durations, percentile
from callsheet.model.run.history_tables import flow_rows, run_rows, step_rows, title

NOW = datetime(2026, 1, 8, tzinfo=UTC)
SECONDS = st.floats(0, 1e6, allow_nan=False)
STEPS = st.builds(
    StepRecord, step=st.sampled_from(["render-scene", "upload"]), outcome=st.sampled_from(Outcome), seconds=SECONDS,
    retries=st.integers(0, 5), started_at=st.none(), scene=st.just(""),
)  # fmt: skip
RUNS = st.builds(
    RunRecord, id=st.builds(uuid4), name=st.just("Film"), flow=st.sampled_from(["generate-video", "generate-scene"]),
    owner=st.just(""), outcome=st.sampled_from([each for each in Outcome if each is not Outcome.KEPT]),
    due_at=st.just(NOW), started_at=st.sampled_from([None, NOW]), ended_at=st.none(), waited_s=SECONDS,
    seconds=SECONDS, restarts=st.integers(0, 3), steps=st.lists(STEPS, max_size=5).map(tuple),
    model_calls_usd=st.floats(0, 100), footage_usd=st.floats(0, 100),
)  # fmt: skip


def tallied(runs, **options):
    """The history of these runs."""
    tally = Tally(NOW - timedelta(days=7), NOW, **options)
    for run in runs:
        tally.add(run)
    return tally.history()


def run_of(outcome=Outcome.COMPLETED, flow="generate-video", steps=(), **fields):
    """A run that took ten seconds."""
    told = {"started_at": NOW, "seconds": 10.0, **fields}
    return RunRecord(id=uuid4(), name="Film", flow=flow, outcome=outcome, due_at=NOW, steps=tuple(steps), **told)


def step_of(outcome=Outcome.COMPLETED, seconds=1.0, retries=0, step="render-scene"):
    """A step."""
    return StepRecord(step=step, outcome=outcome, seconds=seconds, retries=retries)


@given(st.lists(SECONDS, min_size=1), st.floats(0, 1))
def test_a_percentile_is_that_of_statistics(values, fraction):
    """The same as numpy's, which lies between the least and the most."""
    ranked = sorted(values)
    found = percentile(ranked, fraction)
    assert found == pytest.approx(np.percentile(ranked, fraction * 100), rel=1e-9, abs=1e-6)
    assert ranked[0] - 1e-9 <= found <= ranked[-1] + 1e-9


@given(st.lists(SECONDS))
def test_durations_stand_in_order(values):
    """Median, nine in ten, the longest, all together."""
    found = durations(values)
    assert found.count == len(values)
    assert 0 <= found.median_s <= found.p90_s <= found.longest_s <= found.total_s + 0.001
    assert durations([*values, 2e6]).longest_s == 2e6


@given(st.lists(RUNS, max_size=8))
def test_no_run_and_no_step_is_lost_or_counted_twice(runs):
    """Sums over flows and over steps are those over the records, whatever became of each."""
    found = tallied(runs)
    steps = [step for run in runs for step in run.steps]
    assert found.runs == len(runs)
    assert sum(step.count for step in found.steps) == len(steps)
    assert sum(flow.retries for flow in found.flows) == sum(step.retries for step in found.steps)
    assert sum(flow.retries for flow in found.flows) == sum(step.retries for step in steps)
    assert sum(flow.restarts for flow in found.flows) == sum(run.restarts for run in runs)
    assert found.usd == pytest.approx(sum(run.model_calls_usd + run.footage_usd for run in runs), abs=1e-4)
    assert sum(step.durations.count for step in found.steps) == sum(s.outcome is Outcome.COMPLETED for s in steps)
    assert len(run_rows(found)) == len(runs)


@given(st.lists(RUNS, max_size=8), st.lists(RUNS, max_size=8))
def test_two_windows_side_by_side_have_what_one_has(first, second):
    """Counts and sums add up; percentiles don't, so they are not added."""
    whole, parts = tallied([*first, *second]), [tallied(first), tallied(second)]
    assert whole.runs == sum(part.runs for part in parts)
    assert whole.usd == pytest.approx(sum(part.usd for part in parts), abs=1e-4)
    took = [sum(step.durations.total_s for step in each.steps) for each in (whole, *parts)]
    assert took[0] == pytest.approx(took[1] + took[2], abs=0.1)


def test_what_was_kept_or_failed_does_not_count_as_work_that_was_done():
    """A kept step takes no time at all; with it, every step would look faster than it is."""
    outcomes = [Outcome.COMPLETED, Outcome.KEPT, Outcome.FAILED, Outcome.CANCELLED, Outcome.UNFINISHED]
    steps = [step_of(outcome, seconds) for seconds, outcome in enumerate(outcomes, start=4)]
    [summary] = tallied([run_of(steps=steps)]).steps
    assert summary.durations == Durations(count=1, total_s=4, median_s=4, p90_s=4, longest_s=4)
    assert summary.outcomes == dict.fromkeys(outcomes, 1)


def test_what_took_longest_together_comes_first():
    """That is where it pays to look."""
    steps = [step_of(seconds=2, step="render-scene")] * 3 + [step_of(seconds=5, step="merge-clips")]
    assert [step.name for step in tallied([run_of(steps=steps)]).steps] == ["render-scene", "merge-clips"]


def test_only_the_latest_runs_are_kept_one_by_one():
    """All of them are counted."""
    runs = [run_of() for _ in range(5)]
    found = tallied(runs, latest_at_most=2)
    assert found.runs == 5
    assert found.latest == tuple(runs[:2])


def test_a_run_that_never_began_waited_for_nobody_knows_how_long():
    """It counts as a run, but not among the waits."""
    found = tallied([run_of(Outcome.CANCELLED, started_at=None, seconds=0.0), run_of(waited_s=3.0)])
    [flow] = found.flows
    assert (flow.count, flow.waited.count, flow.waited.median_s) == (2, 1, 3.0)


def test_tables_tell_the_outcomes_the_times_and_the_price():
    """As text, with nothing where there is nothing to tell."""
    steps = [step_of(seconds=12.4), step_of(Outcome.KEPT), step_of(Outcome.CRASHED, retries=2)]
    found = tallied([run_of(steps=steps, model_calls_usd=0.25), run_of(Outcome.FAILED, restarts=1)])
    [flow], [step] = flow_rows(found), step_rows(found)
    assert (flow["runs"], flow["completed"], flow["failed"], flow["median"]) == ("2", "1", "1", "10 s")
    assert (flow["language models"], flow["footage"], flow["restarts"], flow["retries"]) == ("0.25 $", "", "1", "2")
    assert (step["done"], step["kept"], step["failed"], step["median"], step["together"]) == (
        "1",
        "1",
        "1",
        "12 s",
        "12 s",
    )
    assert title(found) == "2 runs from 2026-01-01 00:00 to 2026-01-08 00:00 UTC, 0.25 $"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("render-scene 01 Hello", "render-scene"),
        ("merge-clips", "merge-clips"),
        ("write_poem-a3f", "write_poem"),
    ],
)
def test_a_step_is_called_by_what_it_does(name, kind):
    """Without the scene, and without what Prefect adds to tell one step from the next."""
    assert step_kind(name, "a3f9c2") == kind
