"""Which of the server's runs are shown, and what they are called."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed, Scheduled

from callsheet.model.run.runs import Run
from callsheet.server.runs import _is_planned

SOON = datetime.now(UTC) + timedelta(hours=1)
LATE = datetime.now(UTC) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("auto_scheduled", "state", "is_planned"),
    [
        (True, Scheduled(scheduled_time=SOON), True),
        (True, Scheduled(scheduled_time=LATE), False),
        (True, Completed(), False),
        (False, Scheduled(scheduled_time=SOON), False),
    ],
)
def test_what_a_schedule_plans_for_later_is_no_run_yet(auto_scheduled, state, is_planned):
    """A run that is due, that is over, or that a person has put off is one."""
    begins_at = state.state_details.scheduled_time or LATE
    run = FlowRun(flow_id=uuid4(), auto_scheduled=auto_scheduled, state=state, expected_start_time=begins_at)
    assert _is_planned(run) is is_planned


def test_a_run_says_what_it_makes():
    """In a word; another person's flow is called by its name."""
    known, other = (Run(id=uuid4(), name="A", ui_url="", flow=flow) for flow in ("animate-image-pairs", "hello"))
    assert (known.kind, other.kind) == ("pairs", "hello")
