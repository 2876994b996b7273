"""Steps and a store that does not answer: what was made is made once, and what is there is not taken for lost."""

import secrets

import pytest
from prefect import task
from prefect.cache_policies import NO_CACHE

from callsheet.errors import StageUnavailable, StorageUnavailable
from callsheet.model.film.media import Stills, StoredObject
from callsheet.settings import settings
from tasks import policies
from tasks.policies import ContentKey, TaskOptions
from tasks.publishing import upload
from tasks.step import step
from tests.s3_server import Answer, answering, bucket_block, s3_error

BUSY = s3_error(503, "SlowDown", retry_after="0")
PICTURE = StoredObject(key="stills/a.jpg", sha256="ab" * 32, size_bytes=6, media_type="image/jpeg")
STILLS = Stills(poster=PICTURE, thumbnail=PICTURE, contact_sheet=PICTURE)
WORK = {**policies.RENDERING, "cache_policy": NO_CACHE, "persist_result": False}


@pytest.fixture
async def bucket(prefect_server, monkeypatch):
    """Makes a server that gives these answers the store of this test."""
    servers = []

    async def start(*answers):
        server = answering(*answers)
        address, requests = server.__enter__()
        servers.append(server)
        block_name = f"answering-{secrets.token_hex(4)}"  # an open store is kept by the name of its block
        await bucket_block(address, "films").save(block_name)
        monkeypatch.setenv("CALLSHEET_STORAGE", f"s3:{block_name}")
        settings.cache_clear()
        return requests

    yield start
    for server in servers:
        server.__exit__(None, None, None)
    monkeypatch.undo()
    settings.cache_clear()


async def test_work_is_done_once_while_its_upload_keeps_failing(bucket, tmp_path):
    """The upload has separate retries; when they are used up, no step renders again for the same answer."""
    requests = await bucket(BUSY)
    clip, renders = tmp_path / "clip.mp4", []

    @task(**WORK)
    async def render():
        renders.append(1)
        clip.write_bytes(b"frames")
        return await upload(clip, "clips", "video/mp4")

    with pytest.raises(StorageUnavailable, match="503"):
        await render()
    assert len(renders) == 1
    assert len(requests) == 1 + policies.STORING["retries"]
    assert clip.exists()


async def test_work_that_never_began_is_begun_again(prefect_server):
    """No process could be started: nothing is lost by another try."""
    tries = []

    @task(**WORK)
    async def render():
        tries.append(1)
        if len(tries) == 1:
            raise StageUnavailable("no process", retry_after_s=0)
        return "rendered"

    assert await render() == "rendered"
    assert len(tries) == 2


def counted_step():
    """A step that makes stills, and what grows by one each time that it does."""
    made = []
    policy = TaskOptions(cache_policy=ContentKey(step=f"stills-{secrets.token_hex(4)}"), persist_result=True)

    @step(policy, name="make-stills-in-a-test")
    async def make(*given):
        made.append(1)
        return STILLS

    return make, made


async def test_a_store_that_hesitates_once_costs_nothing(bucket):
    """Whether the pictures are there is asked again, and none is made again."""
    make, made = counted_step()
    requests = await bucket(BUSY, Answer(200, b"pixels"))
    assert await make() == STILLS
    assert (len(made), len(requests)) == (1, 4)


async def test_media_that_is_gone_is_made_anew(bucket):
    """The store says so: it does not only fail to answer."""
    make, made = counted_step()
    await bucket(s3_error(404, "NoSuchKey"))
    assert await make() == STILLS
    assert len(made) == 2


async def test_files_that_a_step_was_given_are_not_its_own_to_make(bucket):
    """No step asks the store for them, and a step that gives back what it was given does not run again."""
    make, made = counted_step()
    requests = await bucket(s3_error(404, "NoSuchKey"))
    assert await make(STILLS) == STILLS
    assert (len(made), len(requests)) == (1, 0)


async def test_a_kept_value_is_replaced_on_request(bucket):
    """`renew` runs whatever is kept; later calls have the new value."""
    await bucket(Answer(200, b"pixels"))
    numbers = iter(range(10))
    policy = TaskOptions(cache_policy=ContentKey(step=f"number-{secrets.token_hex(4)}"), persist_result=True)

    @step(policy, name="count-in-a-test")
    async def count():
        return next(numbers)

    assert [await count(), await count(), await count.renew(), await count()] == [0, 0, 1, 1]
