"""Finished films in a folder: two films never share a file, and no file is there before it is whole."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.disk import whole_file
from callsheet.errors import InvalidRequest
from callsheet.model.film.media import Stills, Video
from callsheet.model.film.profile import ProfileName
from callsheet.model.film.timeline import MergeOptions, plan_timeline
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.manifest import Manifest
from callsheet.model.run.runs import Film
from callsheet.settings import settings
from callsheet.storage import films
from callsheet.storage.films import file_name, save_render
from callsheet.storage.opening import open_store
from callsheet.storage.store import store_media


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A store of the test's own."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    yield
    settings.cache_clear()


def film(tmp_path: Path, *scenes: str, title: str = "A lesson", captions: bool = False) -> Manifest:
    """A film whose file holds the names of its scenes."""
    request = VideoRequest(title=title, scenes=[{"name": name, "prompt": "x"} for name in scenes])
    (tmp_path / "film").write_text(" ".join(scenes), encoding="utf-8")
    stored = store_media(open_store(settings()), tmp_path / "film", "videos", "video/mp4")
    video = Video(stored=stored, profile=ProfileName.DRAFT, width=854, height=480, frame_rate=15, frames=15)
    stills = Stills(poster=stored, thumbnail=stored, contact_sheet=stored)
    return Manifest(
        title=title, video=video, stills=stills, timeline=plan_timeline((video,), MergeOptions()), scenes=(),
        missing_scenes=(), request=request, versions={}, steps=(), run_id=str(uuid4()), created_at=datetime.now(UTC),
        captions=store_media(open_store(settings()), tmp_path / "film", "captions", "text/vtt") if captions else None,
    )  # fmt: skip


def save_film(manifest: Manifest, out: Path, made_from: str = "") -> Path:
    """From the store of the test."""
    return films.save_film(open_store(settings()).opened, manifest, out, made_from)


def names(out: Path) -> list[str]:
    """What is in the folder."""
    return sorted(path.name for path in out.iterdir())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder for films."""
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_two_films_of_one_title_have_a_file_each(tmp_path: Path, out: Path):
    """The second one has the beginning of its run's id in its name, and both are whole."""
    first = save_film(film(tmp_path, "One"), out, "/lessons/1.yaml")
    manifest = film(tmp_path, "One")
    another = manifest.model_copy(update={"request": film(tmp_path, "One", "Two").request})
    second = save_film(another, out, "/lessons/2.yaml")
    assert first.name == "a-lesson.mp4"
    assert second.name == f"a-lesson-{manifest.run_id[:8]}.mp4"
    assert names(out) == sorted([first.name, "a-lesson.json", second.name, second.with_suffix(".json").name])


def test_the_same_request_replaces_its_own_file(tmp_path: Path, out: Path):
    """From wherever it was made, and whichever of two names it has."""
    for request, made_from in [("One", "/a.yaml"), ("Two", "/b.yaml"), ("One", "/c.yaml"), ("Two", "")]:
        path = save_film(film(tmp_path, request), out, made_from)
        assert path.read_text() == request
    assert len(names(out)) == 4


def test_a_changed_request_file_replaces_its_film(tmp_path: Path, out: Path):
    """As long as it has one of the scenes; a file with all scenes new holds another film."""
    assert save_film(film(tmp_path, "One", "Two"), out, "/a.yaml").name == "a-lesson.mp4"
    changed = save_film(film(tmp_path, "One", "Three"), out, "/a.yaml")
    assert (changed.name, changed.read_text()) == ("a-lesson.mp4", "One Three")
    assert save_film(film(tmp_path, "Four"), out, "/a.yaml").name != "a-lesson.mp4"
    assert changed.read_text() == "One Three"


def test_a_film_of_somebody_else_is_never_replaced(tmp_path: Path, out: Path):
    """A file beside which there is no manifest, or one that can't be read, may be anything."""
    (out / "a-lesson.mp4").write_text("mine")
    path = save_film(film(tmp_path, "One"), out, "/a.yaml")
    assert path.name != "a-lesson.mp4"
    assert (out / "a-lesson.mp4").read_text() == "mine"
    path.with_suffix(".json").write_text("no manifest")
    assert save_film(film(tmp_path, "One"), out, "/a.yaml") not in (path, out / "a-lesson.mp4")


def test_a_scene_of_another_file_with_the_same_class_has_a_file_apart(tmp_path: Path, out: Path):
    """A scene rendered again replaces its own video; one of which nothing is known stays."""
    video = tmp_path / "take.mp4"

    def rendered(words: str, source: str, name: str = "Scene") -> Path:
        video.write_text(words)
        return save_render(video, name, tmp_path / source, out)

    first, second = rendered("one", "a.py"), rendered("two", "b.py")
    assert (first.name, first.read_text(), second.read_text()) == ("Scene.mp4", "one", "two")
    assert rendered("three", "b.py") == second
    assert (first.read_text(), second.read_text()) == ("one", "three")
    assert json.loads(second.with_suffix(".json").read_text())["request"] == {
        "file": str(tmp_path / "b.py"),
        "scene": "Scene",
    }
    (out / "Other.mp4").write_text("mine")
    assert rendered("four", "a.py", "Other").name != "Other.mp4"
    assert (out / "Other.mp4").read_text() == "mine"


def test_clips_of_two_runs_without_a_known_request_have_a_file_each(tmp_path: Path, out: Path):
    """That nothing is known of either does not make them one film; each run replaces its own file."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"clip")
    saved = [
        films.save_clip(lambda _: nullcontext(clip), Film(run_id=run_id, title="A", key="k"), None, out)
        for run_id in ("1" * 36, "2" * 36, "1" * 36)
    ]
    assert [path.name for path in saved] == ["a.mp4", "a-22222222.mp4", "a.mp4"]


@pytest.mark.parametrize("beside", ["[]", '{"request": 7, "made_from": "a.yaml"}', '{"request": {"scenes": [1]}}', "7"])
def test_a_json_file_that_is_no_manifest_leaves_its_video_alone(tmp_path: Path, out: Path, beside: str):
    """Another program may have written it."""
    other = out / "a-lesson.mp4"
    other.write_bytes(b"another")
    other.with_suffix(".json").write_text(beside, encoding="utf-8")
    path = save_film(film(tmp_path, "One"), out, made_from="a.yaml")
    assert path != other
    assert other.read_bytes() == b"another"


def test_captions_that_a_film_no_longer_has_are_taken_away(tmp_path: Path, out: Path):
    """They would be shown beside another version of it."""
    save_film(film(tmp_path, "One", captions=True), out)
    assert "a-lesson.vtt" in names(out)
    save_film(film(tmp_path, "One"), out)
    assert names(out) == ["a-lesson.json", "a-lesson.mp4"]


def test_the_json_beside_a_film_is_its_manifest_and_where_it_was_made_from(tmp_path: Path, out: Path):
    """Every field of the manifest is there as it is in the store."""
    manifest = film(tmp_path, "One")
    facts = json.loads(save_film(manifest, out, "/a.yaml").with_suffix(".json").read_text())
    assert facts.pop("made_from") == "/a.yaml"
    assert facts == manifest.model_dump(mode="json")


def test_a_film_that_can_not_be_written_is_one_sentence_that_says_how_to_get_it(tmp_path: Path):
    """Nothing is left behind, and the run is named."""
    (tmp_path / "file").touch()
    manifest = film(tmp_path, "One")
    with pytest.raises(InvalidRequest, match=f"callsheet get {manifest.run_id[:8]} --out FOLDER"):
        save_film(manifest, tmp_path / "file")


def test_a_file_is_not_there_before_it_is_whole(out: Path):
    """What was there stays until then, and after a failure; no part is left beside it."""
    (out / "film").write_text("before")

    def write(part: Path) -> None:
        part.write_text("half")
        assert (out / "film").read_text() == "before"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), whole_file(out / "film") as part:
        write(part)
    assert ((out / "film").read_text(), names(out)) == ("before", ["film"])


@given(st.text(min_size=1, max_size=200))
def test_every_title_gives_a_name_that_a_file_can_have(title: str):
    """Short enough with an id and a suffix behind it, without folders, and never hidden or empty."""
    name = file_name(title)
    assert 0 < len(f".{name}-{uuid4()}.mp4.1234567.part".encode()) <= 255
    assert not name.startswith(".")
    assert "/" not in name
    assert "\0" not in name


def test_the_timing_report_lies_beside_the_film_and_goes_with_it(tmp_path: Path):
    """The same film made again without a voice has none; more files are written for each film."""
    spoken = film(tmp_path, "a")
    (tmp_path / "timing").write_text("{}", encoding="utf-8")
    report = store_media(open_store(settings()), tmp_path / "timing", "timing", "application/json")
    (tmp_path / "out").mkdir()
    written: list[Path] = []
    path = films.save_film(
        open_store(settings()).opened,
        spoken.model_copy(update={"timing": report}),
        tmp_path / "out",
        write_more=lambda _, beside: written.append(beside),
    )
    assert written == [path]
    assert names(tmp_path / "out") == ["a-lesson.json", "a-lesson.mp4", "a-lesson.timing.json"]
    save_film(spoken, tmp_path / "out")
    assert names(tmp_path / "out") == ["a-lesson.json", "a-lesson.mp4"]
