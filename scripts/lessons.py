"""Contact sheets of the films in examples/lessons: docs/lessons/<name>.webp. Run it with `make lessons`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from callsheet.media.stills import make_stills
from callsheet.model.requests.video import VideoRequest

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "examples/lessons").glob("*.yaml"))
SHEETS = ROOT / "docs/lessons"
WIDTH, QUALITY = 1200, 82
"""Width of a sheet in pixels, and its quality as WebP: twelve of them take less than 2.5 MB."""


def main() -> None:
    """Make each film, and write its sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--films", type=Path, help="folder of films that are made, each in a folder with its lesson's name"
    )
    parser.add_argument("--only", nargs="*", default=[lesson.stem for lesson in LESSONS], help="names of lessons")
    options = parser.parse_args()
    SHEETS.mkdir(parents=True, exist_ok=True)
    for lesson in LESSONS:
        if lesson.stem in options.only:
            with TemporaryDirectory() as made:
                film = next((options.films / lesson.stem).glob("*.mp4")) if options.films else _film(lesson, made)
                write_sheet(film, VideoRequest.from_file(lesson).title, SHEETS / f"{lesson.stem}.webp")


def write_sheet(film: Path, title: str, sheet: Path) -> None:
    """Write twelve frames of `film`, evenly spread over its length, as one picture."""
    with TemporaryDirectory() as folder:
        drawn = Image.open(make_stills(film, title, Path(folder)).contact_sheet)
        height = round(WIDTH * drawn.height / drawn.width)
        drawn.resize((WIDTH, height), Image.Resampling.LANCZOS).save(sheet, quality=QUALITY, method=6)


def _film(lesson: Path, folder: str) -> Path:
    command = [sys.executable, "-m", "callsheet", "create", str(lesson), "--out", folder, "--json"]
    said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return Path(said["video"])


if __name__ == "__main__":
    main()
