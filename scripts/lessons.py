"""Contact sheets of the lessons: docs/lessons/<name>.webp, by `make lessons`.

It rehearses each request of examples/lessons and renders nothing. A sheet shows the fullest picture of each twelfth of
the film, as it stands between two animations. A lesson with a voice has the times of a reader.
"""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from manim import tempconfig
from PIL import Image

from callsheet.media.contact_sheet import Shown, draw_contact_sheet
from callsheet.media.stills import SHEET_PICTURES, detail
from callsheet.model.film.profile import RenderProfile
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.stage.configure import configure
from callsheet.stage.order import PICTURES_FILE
from callsheet.stage.rehearsal.performance import rehearse
from callsheet.stage.rehearsal.trace import TraceRecorder
from callsheet.stage.templates import scene_class

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "examples/lessons").glob("*.yaml"))
SHEETS = ROOT / "docs/lessons"
WIDTH, QUALITY = 1280, 84
"""Width of a sheet in pixels, and its quality as WebP: twelve of them take less than 2.5 MB."""


def main() -> None:
    """Write a sheet for each lesson."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHEETS, help="folder of the sheets")
    parser.add_argument("--only", nargs="*", default=[lesson.stem for lesson in LESSONS], help="names of lessons")
    options = parser.parse_args()
    logging.getLogger("manim").setLevel(logging.ERROR)
    options.out.mkdir(parents=True, exist_ok=True)
    for lesson in LESSONS:
        if lesson.stem in options.only:
            write_sheet(VideoRequest.from_file(lesson).with_opening_and_close(), options.out / f"{lesson.stem}.webp")


def write_sheet(film: VideoRequest, sheet: Path) -> None:
    """Write twelve pictures of the film as one, with its title and its length."""
    pictures, begins_s = list[Shown](), 0.0
    for scene in film.scene_requests():
        rehearsed, length_s = _rehearsed(scene, film.render_profile)
        pictures += [Shown(each.picture, begins_s + each.time_s) for each in rehearsed]
        begins_s += length_s
    shown = [
        _richest(pictures, begins_s * part / SHEET_PICTURES, begins_s / SHEET_PICTURES)
        for part in range(SHEET_PICTURES)
    ]
    with TemporaryDirectory() as folder:
        draw_contact_sheet(shown, film.title, begins_s, path := Path(folder) / "sheet.jpg")
        drawn = Image.open(path)
        small = drawn.resize((WIDTH, round(WIDTH * drawn.height / drawn.width)), Image.Resampling.LANCZOS)
        small.save(sheet, quality=QUALITY, method=6)


def _richest(pictures: list[Shown], begins_s: float, length_s: float) -> Shown:
    """Return the picture with most to see of a part of the film; the nearest one if nothing ends in it."""
    within = [each for each in pictures if begins_s <= each.time_s < begins_s + length_s]
    nearest = min(pictures, key=lambda each: abs(each.time_s - begins_s - length_s / 2))
    return max(within, key=lambda each: detail(each.picture), default=nearest)


def _rehearsed(request: SceneRequest, profile: RenderProfile) -> tuple[list[Shown], float]:
    """Return the pictures of a scene with their times in it, and its length in seconds."""
    content, before = request.scene.filled(), Path.cwd()
    members = {"content": content, "look": request.look, "composition": request.composition}
    assert request.scene.template
    with tempconfig({}), TemporaryDirectory() as folder:
        configure(profile)
        os.chdir(folder)
        try:
            scene = type("Rehearsed", (scene_class(request.scene.template),), members)()
            recorder = TraceRecorder(scene, profile)
            trace = recorder.trace(rehearse(scene, profile, recorder).layout)
            recorder.save_pictures(Path(PICTURES_FILE))
            strip = Image.open(PICTURES_FILE).convert("RGB")
        finally:
            os.chdir(before)
    height = round(strip.width * profile.height / profile.width)
    ends = [(span.picture, (span.first_frame + span.frames) / profile.frame_rate) for span in trace.spans]
    return [
        Shown(strip.crop((0, place * height, strip.width, (place + 1) * height)), end_s)
        for place, end_s in ends
        if place is not None
    ], trace.duration_s


if __name__ == "__main__":
    main()
