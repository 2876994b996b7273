"""The animatic of a film by paid models: watched while the run waits, before anything is paid."""

import re

import av
import httpx
from prefect.client.orchestration import get_client

from tests.flows.asking import answered, waiting
from tests.flows.films import last_status
from tests.flows.history import all_artifacts, task_states
from tests.flows.test_movie_by_models import kinds_of, paid_film
from tests.footage.films import environment_of

SCRIPT = """Title: A watched lamp

INT. CELLAR - NIGHT

ANNA (30), in a grey dress, holds a lamp.

ANNA
Who watches the light?
"""


async def test_a_person_watches_the_animatic_and_then_the_film_is_paid(paid, prefect_server, tmp_path):
    """It asks no model. What it has spoken is not spoken again, and a run that continues makes no other one."""
    request = paid_film("Watched lamp", script=SCRIPT, approval=True, profile="hd")
    async with get_client() as prefect:
        deployment = await prefect.read_deployment_by_name("script-to-movie/movie")
        run = await prefect.create_flow_run_from_deployment(
            deployment.id,
            parameters={"request": request.model_dump(mode="json", exclude_none=True)},
            job_variables={"env": environment_of(paid)},
        )
    await waiting(run, within_s=180)
    assert paid.created() == 0
    [page] = [each.data for each in await all_artifacts(run.id) if each.key == "board"]
    [address] = re.findall(r"\[Watch the animatic\]\(<(.+)>\): \d+ seconds", page)
    film = tmp_path / "animatic.mp4"
    async with httpx.AsyncClient() as browser:
        film.write_bytes((await browser.get(address)).raise_for_status().content)
    with av.open(str(film)) as video:
        assert (video.streams.video[0].height, len(video.streams.audio), len(video.streams.subtitles)) == (480, 1, 1)

    await answered(run)
    assert (await last_status(run.id)).is_completed
    ordered = kinds_of(paid)
    assert ordered[:2] == ["sheet"] * 2
    assert ordered.count("panel") == ordered.count("clip") == (len(ordered) - 2) / 2
    done = [name for name, state in await task_states(run.id) if state == "Completed"]
    spoken = [name for name in done if name.startswith("speak-sentence")]
    assert len(spoken) == 1
    assert sum(name == "merge-clips" for name in done) == 2
