"""What an earlier version left on the disk continues under this one, and no prediction is paid again.

`earlier/state.tar.xz` holds what version 94399cf left when its machine was lost: its database, results and media, and
what the provider knew. In it are a run that is done, one that was paused between two predictions, one whose prediction
was still running, and one that waits for approval.
"""

import asyncio
import json
import re
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client

from callsheet import client, embedded
from callsheet.embedded import postgres
from callsheet.footage.catalogue import read_catalogue
from callsheet.settings import settings
from tests.durability.plant import completed
from tests.fakes.replicate_jobs import Prediction, Upload
from tests.fakes.replicate_server import ReplicateServer
from tests.flows.clients import as_client
from tests.footage.films import environment_of, moving

STATE = Path(__file__).parent / "earlier/state.tar.xz"
LOST_ON = date(2026, 11, 28)
ROOT = Path(__file__).parents[2]
PORT = 18_200
PROVIDER_PORT = 18_095  # the provider's address is part of a paid result's key


@dataclass
class Upgraded:
    """The server of this version, over what the earlier one left."""

    home: Path
    runs: dict[str, str]
    provider: ReplicateServer
    known: int
    """Predictions that the provider has had under the earlier version."""

    def created(self):
        """How many predictions were asked for since."""
        return self.provider.created() - self.known


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """The server, ready, some seconds after the machine was lost."""
    home = tmp_path_factory.mktemp("earlier")
    with tarfile.open(STATE) as archive:
        archive.extractall(home, filter="data")
    facts = json.loads((home / "facts.json").read_text())
    replace_places(home)
    with ReplicateServer(port=PROVIDER_PORT, run_s=0.3) as provider, pytest.MonkeyPatch.context() as patch:
        remember(provider, facts, home / "uploads")
        variables = {"CALLSHEET_HOME": home, "CALLSHEET_PREFECT_PORT": PORT, "CALLSHEET_MEDIA_PORT": PORT + 80}
        for name, value in {**variables, **environment_of(provider)}.items():
            patch.setenv(name, str(value))
        settings.cache_clear()
        asyncio.run(restore(home / "database.sql"))
        with embedded.started(settings()) as services, as_client(services):
            yield Upgraded(home, facts["runs"], provider, provider.created())
    settings.cache_clear()


def replace_places(home):
    """Write this home, this checkout and this week where the earlier ones stand."""
    here = {"@HOME@": str(home), "@PROJECT@": str(ROOT), "@PYTHON@": sys.executable}
    later = datetime.now(UTC).date() - timedelta(days=1) - LOST_ON
    for path in [home / "database.sql", *(home / "results").iterdir(), *(home / "media").rglob("*.json")]:
        text = path.read_text()
        for place, value in here.items():
            text = text.replace(place, value)
        path.write_text(re.sub(r"\b2026-1[12]-\d\d\b", lambda day: moved(day[0], later), text))


def moved(day, later):
    """The day as much later as the machine was lost later."""
    return str(date.fromisoformat(day) + later)


def remember(provider, facts, uploads):
    """Let the provider know what it knew."""
    cards = {card.name: card for card in read_catalogue().models}
    for each in facts["uploads"]:
        content = (uploads / each["id"]).read_bytes()
        created_at = datetime.fromisoformat(each["created_at"])
        provider.uploads[each["id"]] = Upload(**{**each, "content": content, "created_at": created_at})
    for each in facts["predictions"]:
        provider.predictions.append(
            Prediction(
                id=each["id"],
                card=cards[each["model"]],
                input=each["input"],
                created_at=datetime.now(UTC) - timedelta(seconds=60),
                run_s=30,
            )
        )


async def restore(dump):
    """Fill an empty database of this home."""
    cluster = postgres.locate(settings())
    server = await postgres.start(cluster)
    try:
        command = [cluster.programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", cluster.socket_dir]
        subprocess.run([*command, "-U", "prefect", "-f", dump, "prefect"], check=True, stdout=subprocess.DEVNULL)
    finally:
        await server.stop()


async def read(run):
    """The run as the server knows it."""
    async with get_client() as prefect:
        return await prefect.read_flow_run(run)


async def test_a_run_whose_machine_was_lost_collects_its_prediction(upgraded):
    """Upkeep starts it again by itself, and what was submitted before is not submitted again."""
    await completed(await read(upgraded.runs["killed"]))
    assert upgraded.created() == 0


async def test_a_paused_run_asks_only_for_what_was_not_made(upgraded):
    """Its first prediction was paid before it was paused; its second was never asked for."""
    before = upgraded.created()
    await client.resume(upgraded.runs["paused"])
    await completed(await read(upgraded.runs["paused"]))
    assert upgraded.created() - before == 1


async def test_what_was_paid_is_kept_under_its_key(upgraded):
    """The same request, asked under this version, asks the provider for nothing."""
    before = upgraded.created()
    done = await read(upgraded.runs["done"])
    picture = str(upgraded.home / "done.png")
    assert done.parameters["request"]["picture"] == picture
    run = await client.start(moving("Done before", picture, edit="sepia", animate="zoom in"))
    await completed(run)
    assert upgraded.created() == before


async def test_a_run_that_waited_for_approval_is_approved(upgraded):
    """What it proposed under the earlier version is what is made."""
    await client.approve(upgraded.runs["waiting"])
    await completed(await read(upgraded.runs["waiting"]))
