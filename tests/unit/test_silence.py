"""No command is silent for longer than three seconds, whatever it waits for."""

import io
import re
import time

import pytest
import typer

from callsheet.cli import printing
from callsheet.cli.failures import sentences
from callsheet.cli.printing import Eye


@pytest.fixture
def eye(monkeypatch: pytest.MonkeyPatch) -> Eye:
    """Standard error as a pipe, kept in memory."""
    made = Eye(file=io.StringIO(), width=80)
    monkeypatch.setattr("callsheet.cli.failures.eye", made)
    return made


def test_a_command_that_waits_says_what_it_does_and_for_how_long(eye: Eye):
    """In a pipe, no status moves."""
    with sentences():
        time.sleep(printing.LONGEST_SILENCE_S + 0.4)
        eye.doing = "rendering animation 2 of 3"
        time.sleep(printing.LONGEST_SILENCE_S + 0.4)
    assert re.findall(r"…\s+(.*)", eye.file.getvalue()) == [
        "working, 3 s so far",
        "rendering animation 2 of 3, 5 s so far",
    ]


def test_a_command_whose_answer_is_json_is_silent_meanwhile(eye: Eye):
    """A program reads it, and takes words on standard error for a failure."""
    with sentences(as_json=True):
        time.sleep(printing.LONGEST_SILENCE_S + 0.4)
    assert eye.file.getvalue() == ""


def test_a_command_that_speaks_is_not_interrupted(eye: Eye):
    """The command's own words begin the silence again; at the end, nothing is left that could speak."""
    with sentences():
        for _ in range(4):
            time.sleep(1)
            eye.print("a word")
    time.sleep(printing.LONGEST_SILENCE_S + 0.4)
    assert eye.file.getvalue() == "a word\n" * 4


def test_a_command_that_lasts_until_ctrl_c_speaks_itself(eye: Eye):
    """`callsheet up` says nothing more when it is ready."""
    with sentences(speaks_itself=True):
        time.sleep(printing.LONGEST_SILENCE_S + 0.4)
    assert eye.file.getvalue() == ""


def test_a_command_that_fails_leaves_nothing_that_speaks(eye: Eye):
    """The failure is its last word."""
    with pytest.raises(typer.Exit), sentences():
        raise FileNotFoundError(2, "No such file or directory", "here")
    time.sleep(printing.LONGEST_SILENCE_S + 0.4)
    assert eye.file.getvalue() == "“here” can't be used: No such file or directory\n"
