"""Films of screenplays by paid models, killed at any moment: finished, and each thing paid once."""

import random

import pytest

from flows.movie import make_movie
from tests.durability.separate_runs import killed, process_of
from tests.flows.test_movie_by_models import kinds_of, paid_film

SCRIPT = """Title: {title}

INT. KITCHEN OF {title} - NIGHT

ANNA (30), in the green dress of {title}, holds a lamp.

Anna waves.

ANNA
Who put out the light?

Anna sits at a table.

Anna runs.
"""
RUN_S = 2.0
"""As long as a prediction takes here: more than four could run at once."""
LATE_S = 1.0
"""How late the answer is that a film waits for when it is killed, in half of all cases before it comes."""
SHEETS, SHOTS = 2, 5
MADE = SHEETS + 2 * SHOTS


@pytest.mark.parametrize("number", [1, *(pytest.param(number, marks=pytest.mark.long) for number in range(2, 11))])
async def test_a_film_killed_at_any_moment_pays_each_thing_once(paid, prefect_server, number):
    """It is killed at a random moment from its first sheet to its merge; then it is let go to its end.

    Some die between the acceptance of a thing by the provider and their record of it.
    """
    moments = random.Random(20261130 + number)
    paid.run_s = RUN_S
    title, reached = f"Lamp {number}", moments.randint(1, MADE)
    request = paid_film(title, script=SCRIPT.format(title=title))
    paid.fail("create", "slow-after", times=reached - 1, seconds=0)
    paid.fail("create", "slow-after", seconds=LATE_S)
    process = process_of(make_movie, request, prefect_server, paid)
    await killed(process, lambda: paid.created() >= reached, moments.uniform(0, 2 * LATE_S))
    assert process.returncode == -9
    manifest = await make_movie(request)

    assert kinds_of(paid) == ["sheet"] * SHEETS + ["panel"] * SHOTS + ["clip"] * SHOTS
    made = paid.predictions
    sheets, panels = made[:SHEETS], made[SHEETS : SHEETS + SHOTS]
    assert max(each.ended_at() for each in sheets) <= min(each.created_at for each in panels)
    in_scenes = [record for scene in manifest.scenes for record in scene.footage]
    recorded = sorted(record.prediction_id for record in (*manifest.footage, *in_scenes))
    assert recorded == sorted(each.id for each in made)
    assert manifest.footage_usd <= manifest.footage_estimate_usd <= 1.5 * manifest.footage_usd
    assert paid.most_at_once <= 4
