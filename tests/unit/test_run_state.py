"""When a run is over, and what one that is not over waits for."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed, Crashed, Failed, Running, Suspended

from callsheet.model.labels import RECOVERIES
from callsheet.model.run.backfill import AttemptState
from callsheet.model.run.recovery import MENDED_WITHIN
from callsheet.server.run_state import asks_for_approval, is_over, will_be_mended
from tasks.backfill.runs import _try_state


def run_in(state, ago=timedelta(0), **fields):
    """A run of a deployment that entered its state so long ago."""
    at = state.model_copy(update={"timestamp": datetime.now(UTC) - ago})
    return FlowRun(**{"flow_id": uuid4(), "deployment_id": uuid4(), "state": at, **fields})


def test_a_crash_is_not_the_end_of_a_run_that_is_put_back_to_work():
    """For some minutes, whatever is set on the machine that watches: recovery itself knows when to give it up."""
    assert not is_over(run_in(Crashed()))
    assert not is_over(run_in(Crashed(), labels={RECOVERIES: 99}))
    assert is_over(run_in(Crashed(), ago=MENDED_WITHIN))


@pytest.mark.parametrize("nobody", [{"deployment_id": None}, {"parent_task_run_id": uuid4()}])
def test_scenes_and_runs_by_hand_are_not_put_back_to_work(nobody):
    """Recovery looks after runs of deployments alone."""
    assert is_over(run_in(Crashed(), **nobody))


def test_other_ends_are_ends():
    """And what runs or waits is not over."""
    assert is_over(run_in(Completed()))
    assert is_over(run_in(Failed()))
    assert not is_over(run_in(Running()))
    assert not will_be_mended(run_in(Running()))


def test_a_run_that_was_paused_by_hand_asks_nobody():
    """Only a question makes it wait for an answer."""
    asking = Suspended(timeout_seconds=60)
    asking.state_details.run_input_keyset = {"schema": "s", "response": "r", "description": "d"}
    assert asks_for_approval(run_in(asking))
    assert not asks_for_approval(run_in(Suspended(timeout_seconds=60)))


def test_for_a_backfill_a_crashed_run_is_over_when_it_is_over_for_everybody():
    """Two rules would start a second run of the same file beside the first."""
    assert _try_state(run_in(Crashed())) is AttemptState.GOING_ON
    assert _try_state(run_in(Crashed(), ago=MENDED_WITHIN)) is AttemptState.FAILED
    assert _try_state(run_in(Crashed(), deployment_id=None)) is AttemptState.FAILED
