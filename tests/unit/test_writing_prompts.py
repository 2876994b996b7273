"""Prompts are files: filled strictly, and part of what a cached answer is an answer to."""

import shutil

import pytest

from callsheet.writing import prompts
from callsheet.writing.prompts import digest, prompt

FILES = sorted(path.name for path in prompts.FOLDER.glob("*.md"))


@pytest.mark.parametrize("name", FILES)
def test_a_change_in_any_prompt_changes_the_digest(name, tmp_path):
    """One letter is enough."""
    folder = shutil.copytree(prompts.FOLDER, tmp_path / "prompts")
    assert digest(folder) == digest()
    with (folder / name).open("a") as file:
        file.write("!")
    assert digest(folder) != digest()


def test_a_prompt_that_is_added_changes_the_digest(tmp_path):
    """So does one that is renamed."""
    folder = shutil.copytree(prompts.FOLDER, tmp_path / "prompts")
    (folder / "more.md").write_text("")
    assert digest(folder) != digest()


def test_a_place_needs_a_value_and_a_value_a_place():
    """A misspelt name is noticed by the first test that runs."""
    with pytest.raises(KeyError):
        prompt("topic")
    with pytest.raises(KeyError, match="tone"):
        prompt("topic", topic="Shapes", tone="calm")


def test_a_value_is_text_and_nothing_more():
    """What a user writes is not filled in a second time."""
    assert prompt("topic", topic=r"<<topic>> \1 {topic}").endswith(r"<<topic>> \1 {topic}")


def test_blank_lines_of_a_value_stay():
    """Line numbers of code must not move."""
    assert "a\n\n\n\nb" in prompt("topic", topic="a\n\n\n\nb")
