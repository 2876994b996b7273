"""Publishing: a reader that starts from manifests never meets half a video."""

import json
import os
import signal
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from callsheet.errors import MediaLost, MediaUnfit
from callsheet.model.film.media import Stills, StoredObject, Video, stored_objects
from callsheet.model.film.profile import ProfileName
from callsheet.model.film.timeline import MergeOptions, plan_timeline
from callsheet.model.requests.video import SceneBrief, VideoRequest
from callsheet.model.run.manifest import Manifest
from callsheet.storage.keys import content_key, digest_in
from callsheet.storage.local import LocalStore
from callsheet.storage.publish import VIDEOS, manifest_key, publish, published
from callsheet.storage.store import Store, store_media

FORK = get_context("fork")


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """An empty store."""
    return LocalStore(tmp_path / "media")


def test_a_published_video_is_found_by_its_content(store: LocalStore, tmp_path: Path) -> None:
    """The digest of the file leads to the file and to the manifest beside it."""
    manifest = _stored_film(store, tmp_path, "One")
    publish(store, manifest)
    sha256 = manifest.video.stored.sha256
    assert store.exists(content_key(VIDEOS, sha256, "video/mp4"))
    assert json.loads(store.read_bytes(manifest_key(sha256))) == manifest.model_dump(mode="json")


def test_the_manifest_is_a_stored_object_too(store: LocalStore, tmp_path: Path) -> None:
    """Its own digest stands in the value, because its key carries the video's."""
    stored = publish(store, _stored_film(store, tmp_path, "One"))
    assert store.holds(stored)
    assert digest_in(stored.key) is None


def test_all_published_videos_are_listed_and_no_other(store: LocalStore, tmp_path: Path) -> None:
    """A video without a manifest is not published yet."""
    films = [_stored_film(store, tmp_path, title) for title in ("One", "Two", "Three")]
    for film in films[:2]:
        publish(store, film)
    assert {film.title for film in published(store)} == {"One", "Two"}


def test_publishing_again_replaces_the_manifest_in_place(store: LocalStore, tmp_path: Path) -> None:
    """The same content is one video, not two."""
    manifest = _stored_film(store, tmp_path, "One")
    publish(store, manifest)
    publish(store, manifest.model_copy(update={"run_id": "second"}))
    assert [film.run_id for film in published(store)] == ["second"]


@pytest.mark.parametrize("number", range(4))
def test_nothing_is_published_while_a_file_is_missing(store: LocalStore, tmp_path: Path, number: int) -> None:
    """Neither the video nor a still may be wanting."""
    manifest = _stored_film(store, tmp_path, "One")
    missing = (manifest.video.stored, *stored_objects(manifest.stills))[number]
    (tmp_path / "media" / missing.key).unlink()
    with pytest.raises(MediaLost, match="the video was not published"):
        publish(store, manifest)
    assert list(published(store)) == []


def test_a_manifest_that_nobody_can_read_names_its_file(store: LocalStore) -> None:
    """It was written by another version, or by hand."""
    store.put_bytes(b"{}", manifest_key("ab" * 32), "application/json")
    with pytest.raises(MediaUnfit, match=r"^videos/ab/.*\.manifest\.json: expected a manifest of this version"):
        list(published(store))


def test_a_reader_never_sees_half_a_video(store: LocalStore, tmp_path: Path) -> None:
    """Three publishers in a row are killed in the middle of their work, while a reader looks on all the time."""
    seen = 0
    for publisher_number in range(3):
        publisher = FORK.Process(target=_publish_forever, args=(store, tmp_path, publisher_number))
        publisher.start()
        deadline = time.monotonic() + 0.7
        while time.monotonic() < deadline:
            seen += _count_whole(store)
        os.kill(publisher.pid or 0, signal.SIGKILL)
        publisher.join()
        assert publisher.exitcode == -signal.SIGKILL
        seen += _count_whole(store)
    assert seen


def _count_whole(store: Store) -> int:
    """How many videos are published, each with all of its files whole."""
    films = list(published(store))
    assert all(store.holds(stored) for film in films for stored in (film.video.stored, *stored_objects(film.stills)))
    return len(films)


def _publish_forever(store: Store, folder: Path, publisher_number: int) -> None:
    number = 0
    while True:
        publish(store, _stored_film(store, folder, f"Film {publisher_number}.{number}"))
        number += 1


def _stored_film(store: Store, folder: Path, title: str) -> Manifest:
    """A film whose files are stored but not published; their content is made of the title."""

    def keep(name: str, kind: str, media_type: str) -> StoredObject:
        path = folder / name
        path.write_bytes(f"{name} of {title} ".encode() * 5000)
        return store_media(store, path, kind, media_type)

    video = Video(
        stored=keep("video.mp4", VIDEOS, "video/mp4"),
        profile=ProfileName.DRAFT,
        width=854,
        height=480,
        frame_rate=15,
        frames=30,
    )
    stills = Stills(
        poster=keep("poster.jpg", "stills", "image/jpeg"),
        thumbnail=keep("thumbnail.jpg", "stills", "image/jpeg"),
        contact_sheet=keep("contact-sheet.jpg", "stills", "image/jpeg"),
    )
    return Manifest(
        title=title,
        video=video,
        stills=stills,
        timeline=plan_timeline((video,), MergeOptions()),
        scenes=(),
        missing_scenes=(),
        request=VideoRequest(title=title, scenes=(SceneBrief(name="Scene", prompt="Areas and slopes"),)),
        versions={},
        steps=(),
        run_id="first",
        created_at=datetime(2025, 1, 1, tzinfo=UTC),
    )
