"""Money is spent once, whenever the process that spends it is killed: the flow itself, on the real server."""

import random

import pytest

from flows.image_pairs import animate_image_pairs
from tests.durability.separate_runs import killed, process_of
from tests.footage.films import storyboard

KILLS_EACH = 2
RUN_S = 1.0
"""As long as a prediction takes here, and so the time in which a run is killed."""


@pytest.mark.parametrize("requests", [2, pytest.param(5, marks=pytest.mark.long)])
async def test_a_run_killed_at_any_moment_pays_once(paid, prefect_server, pictures, requests):
    """Two kills a request at random moments, from the first question to the download; then it is let go to its end.

    The provider answers late, so that some die between its acceptance and their record of it.
    """
    moments = random.Random(20260103)
    paid.run_s = RUN_S
    paid.fail("create", "slow-after", times=2 * requests * KILLS_EACH, seconds=RUN_S / 2)
    for number in range(1, requests + 1):
        request = storyboard(f"Killed {number} of {requests}", [(pictures(f"{number}a"), pictures(f"{number}b"))])
        for _ in range(KILLS_EACH):
            before = len(paid.requests)
            process = process_of(animate_image_pairs, request, prefect_server, paid)
            await killed(process, lambda: len(paid.requests) > before, moments.uniform(0, 2 * RUN_S))  # noqa: B023
        await animate_image_pairs(request)
        assert paid.created() == number
