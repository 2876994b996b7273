"""The twelve lessons in examples/lessons: each is on its page, and the review finds no fault in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet.cli.main import app
from callsheet.model.content import TemplateName
from callsheet.model.film.look import ThemeName
from callsheet.model.requests.video import VideoRequest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/lessons.md").read_text(encoding="utf-8")
LESSONS = sorted((ROOT / "examples/lessons").glob("*.yaml"))
# In portrait with many scripts, spoken, and square. A command of the page reviews the one in a look of one's own.
REVIEWED_ALWAYS = ("greetings_short", "python_generators", "sourdough")


def test_each_lesson_is_on_the_page_with_its_command_and_its_sheet() -> None:
    """And the sheets are small enough for a page."""
    names = [lesson.stem for lesson in LESSONS]
    assert len(names) == 12
    assert (
        sorted(re.findall(r"^`callsheet create examples/lessons/(\w+)\.yaml --out out`$", PAGE, re.MULTILINE)) == names
    )
    sheets = [ROOT / "docs" / path for path in re.findall(r"\]\((lessons/\w+\.webp)\)", PAGE)]
    assert sorted(sheet.stem for sheet in sheets) == names
    assert sum(sheet.stat().st_size for sheet in sheets) < 2_500_000


def test_together_the_lessons_use_every_template_and_every_theme() -> None:
    """An example of any template stands in a whole film."""
    films = [VideoRequest.from_file(lesson).with_opening_and_close() for lesson in LESSONS]
    assert {brief.template for film in films for brief in film.scenes} == set(TemplateName)
    assert {film.look.theme for film in films} == set(ThemeName)
    assert {film.profile for film in films} == {"hd", "portrait", "square"}
    assert all(5 <= len(film.scenes) <= 8 for film in films)
    assert sum(film.look.brand is not None for film in films) == 1


@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(lesson, id=lesson.stem, marks=[] if lesson.stem in REVIEWED_ALWAYS else [pytest.mark.long])
        for lesson in LESSONS
    ],
)
def test_the_review_finds_no_fault_in_a_lesson(lesson: Path) -> None:
    """By places: nothing lies outside, overlaps, is too small or too dim, or stands still for too long."""
    result = CliRunner().invoke(app, ["review", str(lesson), "--json"])
    said = json.loads(result.stdout)
    assert [each["message"] for each in said["findings"] if each["is_fault"]] == []
    assert (result.exit_code, said["faults"]) == (0, 0)
