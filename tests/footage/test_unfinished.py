"""How many predictions of ours are under way, as the provider's list tells."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from pydantic import SecretStr

from callsheet.footage.catalogue import read_catalogue
from callsheet.footage.local import LocalFootage
from callsheet.footage.replicate import ReplicateFootage
from callsheet.model.footage.jobs import JobKind
from tests.fakes.replicate_server import TOKEN, ReplicateServer
from tests.footage.given import job_of


@pytest.fixture
def server() -> Iterator[ReplicateServer]:
    """A server whose predictions take their time."""
    with ReplicateServer(run_s=60) as running:
        yield running


@pytest.fixture
async def provider(server: ReplicateServer) -> AsyncIterator[ReplicateFootage]:
    """The provider, pointed at the server; nothing is fetched here."""

    async def nothing(url: str, folder: Path, media_types: frozenset[str], max_bytes: int) -> Path:
        raise AssertionError

    async with aclosing(ReplicateFootage(read_catalogue(), SecretStr(TOKEN), server.url, nothing)) as made:
        yield made


async def test_what_has_not_ended_is_counted_on_every_page(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """By any process, and whether or not that process lives."""
    server.page_size = 2
    for take in range(1, 6):
        await provider.submit(job_of(JobKind.ANIMATE_BETWEEN, tmp_path, take=take))
    assert await provider.count_unfinished() == 5
    server.predictions[0].run_s = server.predictions[3].run_s = 0
    assert await provider.count_unfinished() == 3


async def test_what_others_do_with_the_account_does_not_count(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """Their pictures were not uploaded for a job of ours."""
    await provider.submit(job_of(JobKind.EDIT_IMAGE, tmp_path))
    for upload in server.uploads.values():
        upload.metadata = {}
    assert await provider.count_unfinished() == 0


async def test_this_machine_has_nothing_under_way_elsewhere():
    """It needs no turn."""
    assert await LocalFootage().count_unfinished() == 0
