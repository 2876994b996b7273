"""The address of a film is the one under which it is found: also in a bucket, whose addresses are signed."""

from html import escape
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest

from callsheet.client.films import _described, _saved
from callsheet.errors import InvalidRequest
from callsheet.settings import settings
from callsheet.storage.s3 import S3Store
from callsheet.storage.store import store_media
from tests.s3_server import new_bucket, s3_server


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """This machine has a separate store, which is empty."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def shown(key, url):
    """The page of a run whose film has this key and this address, and what it says of the film."""
    page = f'<video src="{escape(url)}" controls></video>\n\n[Open “Hello” as a file](<{url}>)\n\nStored as `{key}`'
    film = _described(SimpleNamespace(data=page, created=None), SimpleNamespace(id=uuid4(), name="Hello"))
    assert film is not None
    return film


def test_a_signed_address_keeps_its_signature(elsewhere):
    """Without it, the bucket refuses who opens it; what else the film has is named with the setting."""
    file = elsewhere / "film.mp4"
    file.write_bytes(b"film")
    with s3_server() as address:
        store = S3Store(new_bucket(address), elsewhere / "scratch")
        stored = store_media(store, file, "videos", "video/mp4")
        url = store.url(stored.key)
        assert url
        film = shown(stored.key, url)
        assert film.url == url
        assert "Signature=" in film.url
        assert httpx.get(film.url).content == b"film"
        with pytest.raises(InvalidRequest, match="in a bucket that is not set here; set CALLSHEET_STORAGE=s3:BLOCK"):
            _saved(film, {}, elsewhere / "out", edit=False)


def test_a_plain_address_is_that_of_the_page(elsewhere):
    """As the gateway of another machine serves it."""
    key = f"videos/ab/ab{'c' * 62}.mp4"
    url = f"https://media.example.com/media/{key}"
    assert shown(key, url).url == url
