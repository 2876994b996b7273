"""When a run that waits for its provider tries again."""

from datetime import timedelta

import pytest

from callsheet.model.run.waiting import TRIED_AFTER, TRIES_AT_MOST, is_due


@pytest.mark.parametrize("tries", range(TRIES_AT_MOST))
def test_each_try_comes_after_a_longer_wait(tries):
    """Five tries within half an hour would be over before anybody has paid."""
    assert is_due(TRIED_AFTER[tries], tries)
    assert not is_due(TRIED_AFTER[tries] - timedelta(seconds=1), tries)


def test_the_tries_last_for_more_than_a_day():
    """There is one wait for each try."""
    assert len(TRIED_AFTER) == TRIES_AT_MOST
    assert sum(TRIED_AFTER, timedelta()) > timedelta(days=1)
