"""The composition root: what a setting becomes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from callsheet.errors import SetupIncomplete
from callsheet.model.film.media import StoredObject
from callsheet.model.film.scenes import SceneFile
from callsheet.settings import settings
from callsheet.storage.store import store_media
from tasks import wiring
from tests.s3_server import Answer, answering, bucket_block, new_bucket, s3_server


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings of this test alone."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path))
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


async def test_media_is_kept_below_home_when_nothing_else_is_set(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Stored files are opened in their order, where they lie."""
    environment.setenv("CALLSHEET_MEDIA_URL", "http://127.0.0.1:4280")
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"frames")
    stored = store_media(wiring.store(), clip, "clips", "video/mp4")
    async with wiring.opened([stored, stored]) as paths:
        assert paths == [tmp_path / "media" / stored.key] * 2
    assert wiring.media_url(stored) == f"http://127.0.0.1:4280/{stored.key}"


async def test_the_files_of_a_scene_are_opened_by_their_names(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Their content comes from the store, wherever the file lay from which it was stored."""
    picture = tmp_path / "Photo 1.png"
    picture.write_bytes(b"pixels")
    stored = store_media(wiring.store(), picture, "scene-files", "image/png")
    picture.unlink()
    async with wiring.opened_files([SceneFile(name="picture-0.png", stored=stored)]) as files:
        assert {name: path.read_bytes() for name, path in files.items()} == {"picture-0.png": b"pixels"}


@pytest.mark.parametrize("storage", ["s3", "s3:", "ftp:films", "local:films"])
def test_a_store_that_nobody_knows_is_refused_by_name(environment: pytest.MonkeyPatch, storage: str) -> None:
    """The sentence names the setting, its value and the choices."""
    environment.setenv("CALLSHEET_STORAGE", storage)
    with pytest.raises(SetupIncomplete, match=f"CALLSHEET_STORAGE is “{storage}”; set it to `local` or to `s3:BLOCK`"):
        wiring.store()


@pytest.mark.usefixtures("prefect_server")
async def test_a_bucket_is_found_by_the_name_of_its_block(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also where an event loop runs, as in an asynchronous task."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"frames")
    environment.setenv("CALLSHEET_STORAGE", "s3:films")
    with s3_server() as address:
        await new_bucket(address, "callsheet").save("films", overwrite=True)
        stored = store_media(wiring.store(), clip, "clips", "video/mp4")
        async with wiring.opened([stored]) as (path,):
            assert path.read_bytes() == b"frames"
        assert not path.exists()


@pytest.mark.usefixtures("prefect_server")
async def test_a_store_that_takes_its_time_holds_nothing_else_up(environment: pytest.MonkeyPatch) -> None:
    """The store answers only when something else of this run has happened: what waits for it is a thread."""
    something_else = Event()
    stored = StoredObject(key="clips/a.mp4", sha256="ab" * 32, size_bytes=6, media_type="video/mp4")
    environment.setenv("CALLSHEET_STORAGE", "s3:slow")
    with answering(Answer(200, b"frames", after=something_else)) as (address, requests):
        await bucket_block(address, "films").save("slow", overwrite=True)

        async def happens() -> None:
            while not requests:
                await asyncio.sleep(0.01)
            something_else.set()

        happening = asyncio.create_task(happens())
        async with wiring.opened([stored]) as (path,):
            assert happening.done()
            assert path.read_bytes() == b"frames"


@pytest.mark.usefixtures("prefect_server")
def test_a_bucket_without_a_block_says_how_to_make_one(environment: pytest.MonkeyPatch) -> None:
    """The sentence names the block and where it is made."""
    environment.setenv("CALLSHEET_STORAGE", "s3:nowhere")
    with pytest.raises(SetupIncomplete, match=r"no S3Bucket block named “nowhere”\. Create it in the Prefect UI"):
        wiring.store()
