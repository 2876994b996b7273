"""The names of states, as people write them."""

import pytest

from callsheet.errors import InvalidRequest
from callsheet.model.run.state_names import named_states


def test_states_are_found_however_they_are_written():
    """You need not remember Prefect's capitals."""
    assert named_states(["running", "PendingRetry", "COMPLETED"], "states") == ["Running", "PendingRetry", "Completed"]


def test_a_state_that_does_not_exist_is_refused_with_those_that_do():
    """A typing error must not look like an empty list of runs."""
    with pytest.raises(InvalidRequest, match=r"states: there is no state Runing; there are .*Running"):
        named_states(["Runing"], "states")
