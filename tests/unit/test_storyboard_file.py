"""A storyboard is a file that a person reads and changes: writing and reading it loses nothing."""

from pathlib import Path

import pytest

from callsheet.model.requests.storyboard import Storyboard
from callsheet.sources.storyboard_file import read_storyboard, storyboard_text
from callsheet.sources.yaml_files import RequestFileInvalid

STORYBOARD = Storyboard.model_validate(
    {
        "title": "Tides: how the sea breathes",
        "language": "en-GB",
        "origin": "tides.md",
        "scenes": [
            {
                "name": "Tides",
                "template": "title",
                "content": {"title": "No 5", "subtitle": "The moon pulls the sea: twice a day"},
                "narration": [
                    {"text": "The moon pulls the sea.\nTwice a day.", "at": "subtitle", "places": ["line 3"]}
                ],
                "places": ["line 3", "page 2", "1:05"],
            },
            {
                "name": "Code",
                "template": "code",
                "content": {"code": "# Begin\nsea = 'No'\n", "steps": [{"first": 1, "last": 2, "note": "Begin: here"}]},
                "narration": [{"text": "12:30", "at": "steps.0"}, {"text": "A person wrote this — “yes”."}],
            },
        ],
    }
)


def test_a_storyboard_that_is_written_is_read_the_same(tmp_path):
    """Also texts that YAML would take for something else, code with line breaks, and places of all kinds."""
    file = tmp_path / "tides.storyboard.yaml"
    file.write_text(storyboard_text(STORYBOARD, file), encoding="utf-8")
    assert read_storyboard(file) == STORYBOARD
    assert "places:\n    - line 3" in file.read_text(encoding="utf-8")


def test_a_mistake_has_its_line_and_its_field(tmp_path):
    """A person who changes a line sees which one is wrong, and what to write."""
    file = tmp_path / "tides.storyboard.yaml"
    text = storyboard_text(STORYBOARD, file).replace("at: subtitle", "at: subtitel").replace("- page 2", "- pg. 2")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RequestFileInvalid) as refused:
        read_storyboard(file)
    lines = text.splitlines()
    problems = {problem.field: problem for problem in refused.value.problems}
    place = problems["scenes.0.places.1"]
    assert lines[place.line - 1].strip() == "- pg. 2"
    assert "such as “line 12”" in place.sentence


def test_a_part_that_the_scene_does_not_show_is_named(tmp_path):
    """The line of its `at` is reported, with the parts that there are."""
    file = tmp_path / "tides.storyboard.yaml"
    text = storyboard_text(STORYBOARD, file).replace("at: subtitle", "at: subtitel")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RequestFileInvalid) as refused:
        read_storyboard(file)
    (problem,) = refused.value.problems
    assert text.splitlines()[problem.line - 1].strip() == "at: subtitel"
    assert "subtitle" in problem.sentence


def test_a_storyboard_without_narration_is_refused():
    """It would be a silent film: that is a video request."""
    scene = STORYBOARD.scenes[0].model_copy(update={"narration": ()})
    with pytest.raises(ValueError, match="give at least one scene a line that is spoken"):
        Storyboard(title="Silent", scenes=(scene,))


def test_the_request_of_a_storyboard_has_no_places():
    """A request asks for scenes and words; where they come from stays in the storyboard."""
    briefs = STORYBOARD.briefs()
    assert [brief.name for brief in briefs] == ["Tides", "Code"]
    assert not any("places" in brief.model_dump() for brief in briefs)
    assert briefs[0].narration[0].text == STORYBOARD.scenes[0].narration[0].text
    assert Path(STORYBOARD.origin).suffix == ".md"
