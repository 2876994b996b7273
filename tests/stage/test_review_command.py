"""`callsheet review`: a request file, a video and the film of a run, without a server."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from callsheet.cli.main import app
from callsheet.model.film.caption_files import webvtt
from callsheet.model.film.captions import Cue
from callsheet.model.film.media import Clip, Stills, Video
from callsheet.model.film.profile import ProfileName
from callsheet.model.film.timeline import MergeOptions, plan_timeline
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.manifest import Manifest, SceneOutcome, SceneReport
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from callsheet.storage.publish import publish
from callsheet.storage.store import store_media
from tests.homes import lend_catalogue
from tests.synthetic import tiny_profile, write_clip

PROFILE = tiny_profile()
REQUEST = """
title: Looked at
profile: draft
scenes:
  - name: Long words
    template: quote
    content: {quote: "A picture that stands for a long time shows nothing that moves at all", duration_s: 8}
  - name: Own code
    code: |
      from manim import *

      class Mine(Scene):
          def construct(self):
              self.play(FadeIn(Text("too far").move_to(RIGHT * 7)))
              self.wait(5)
"""


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Each test has a home."""
    lend_catalogue(tmp_path / "home", tmp_path_factory)
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    yield
    settings.cache_clear()


def said_of(*arguments) -> tuple[int, dict]:
    """Exit code and the JSON object of a command."""
    result = CliRunner().invoke(app, ["review", *map(str, arguments), "--json"])
    return result.exit_code, json.loads(result.stdout)


def standing(frame: int) -> np.ndarray:
    """A picture that moves for a second, and stands for four."""
    pixels = np.full((PROFILE.height, PROFILE.width, 4), (12, 18, 34, 255), np.uint8)
    pixels[20:100, 20:300] = (240, 240, 250, 255)
    pixels[120:160, 40 + min(frame, 30) * 4 : 120 + min(frame, 30) * 4] = (240, 200, 90, 255)
    return pixels


def test_a_request_file_is_measured_and_its_findings_are_drawn(tmp_path: Path):
    """Templates and scenes of code alike: each finding names scene, second, measure, value and limit."""
    file, sheet = tmp_path / "film.yaml", tmp_path / "made/sheet.png"
    file.write_text(REQUEST, encoding="utf-8")
    code, said = said_of(file, "--sheet", sheet)
    found = {(each["scene"], each["measure"]): each for each in said["findings"]}
    assert code == 0
    still = found["Own code", "longest-still"]
    assert still["value"] > still["limit"] == 3.0
    assert still["is_fault"]
    assert 0 < still["second"] < 8
    assert found["Own code", "layout"]["is_fault"]
    assert said["faults"] == sum(each["is_fault"] for each in said["findings"])
    assert set(said["unmeasured"]) == {"15", "16", "17"}
    assert Image.open(sheet).width == 1600


def test_a_video_is_measured_by_its_pixels(tmp_path: Path):
    """In words: a table, the findings and their number; with --strict, a fault is an exit code."""
    write_clip(tmp_path / "film.mp4", PROFILE, 150, standing)
    result = CliRunner().invoke(app, ["review", str(tmp_path / "film.mp4"), "--strict"])
    assert result.exit_code == 1
    assert "longest-still" in result.stdout
    assert "fault  film.mp4, 1.0 s: nothing moves for 4.0 s; 3 s are the most" in result.stdout


def test_the_film_of_a_run_is_measured_scene_by_scene(tmp_path: Path):
    """Its captions, too; without a server. A name that comes again has its number."""
    write_clip(tmp_path / "film.mp4", PROFILE, 150, standing)
    (tmp_path / "film.vtt").write_text(webvtt([Cue(start_ms=500, end_ms=700, text="Quick words")]), encoding="utf-8")
    store = open_store(settings())
    stored = store_media(store, tmp_path / "film.mp4", "videos", "video/mp4")
    values = {"stored": stored, "profile": ProfileName.DRAFT, "width": 320, "height": 180, "frame_rate": 30}
    clips = [Clip(**values, frames=frames) for frames in (15, 135)]
    names = ("Story", "Story")
    timeline = plan_timeline(tuple(clips), MergeOptions(transition="none"))
    manifest = Manifest(
        title="Measured", video=Video(**values, frames=150), timeline=timeline,
        stills=Stills(poster=stored, thumbnail=stored, contact_sheet=stored), missing_scenes=(), versions={}, steps=(),
        scenes=tuple(
            SceneReport(number=at, name=name, outcome=SceneOutcome.RENDERED, clip=clip)
            for at, (name, clip) in enumerate(zip(names, clips, strict=True), start=1)
        ),
        captions=store_media(store, tmp_path / "film.vtt", "captions", "text/vtt"), run_id="0" * 8,
        request=VideoRequest(title="Measured", scenes=[{"name": name, "prompt": "x"} for name in names]),
        created_at=datetime.now(UTC),
    )  # fmt: skip
    publish(store, manifest)
    code, said = said_of("Measured")
    found = {each["measure"]: each for each in said["findings"]}
    assert code == 0
    assert (found["longest-still"]["scene"], found["longest-still"]["second"]) == (
        "Story (2)",
        pytest.approx(0.5, abs=0.1),
    )
    assert found["caption-pace"]["value"] == 55
    lengths = {each["scene"]: each["value"] for each in said["figures"] if each["measure"] == "scene-length"}
    assert lengths == {"Story": 0.5, "Story (2)": 4.5}


def test_a_subject_that_cannot_be_reviewed_is_a_sentence(tmp_path: Path):
    """It names what is wrong: the sheet's name, a file that is no video, or a run that has no film here."""
    assert said_of("no-such-run")[0] == 2
    assert "no film of a run" in said_of("no-such-run")[1]["error"]
    (tmp_path / "film.mp4").write_text("no film", encoding="utf-8")
    assert said_of(tmp_path / "film.mp4")[0] in (1, 2)
    assert ".png" in said_of("x.mp4", "--sheet", "sheet.gif")[1]["error"]
