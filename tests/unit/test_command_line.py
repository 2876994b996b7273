"""The command line itself: help, version, words that are nearly right, and Ctrl-C at any moment."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet import __main__ as main
from callsheet.cli.main import ENTRIES, app
from callsheet.model.film.profile import ProfileName
from callsheet.model.film.timeline import TransitionName
from callsheet.model.footage.jobs import Fit
from callsheet.model.run.queue import Priority

# As the console script does it; says so when the first slow import begins.
PROGRAM = """
import sys

class Told:
    @staticmethod
    def find_spec(name, *_):
        if name == "typer":
            print("begun", flush=True)

sys.meta_path.insert(0, Told)
from callsheet.cli.main import app
app()
"""
PYTHON = (sys.executable, "-c", PROGRAM)


CHOICES = {"profile": ProfileName, "transition": TransitionName, "fit": Fit, "priority": Priority}


def answered(*arguments):
    """Exit code and everything that is said."""
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["creat"], "No such command 'creat'. Did you mean 'create'"),
        (["create", "x.yaml", "--profil", "hd"], "No such option: --profil. Did you mean --profile"),
        (["create"], "Missing argument 'FILE'. `"),
        (["create", "x.yaml", "--profile", "huge"], "'huge' is not one of 'draft', 'hd', 'full-hd'"),
        (["history", "--runs", "many"], "`root history --help` says more."),
        (["templates", "equatoin"], "'placeholder'. Did you mean equation? `"),
        (["webhook", "delive"], "Did you mean 'deliver'?"),
    ],
)
def test_a_word_that_is_wrong_is_one_line_with_what_may_have_been_meant(arguments, sentence):
    """Exit code 2, without a frame around it; help is named, not printed."""
    code, said = answered(*arguments)
    assert code == 2
    assert sentence in said
    assert "Usage" not in said
    assert "Value error" not in said


def test_short_help_is_help():
    """Of the program and of a command."""
    assert answered("-h") == answered("--help")
    assert answered("create", "-h") == answered("create", "--help")
    assert answered("create", "-h")[0] == 0


def test_no_command_lists_the_commands():
    """With exit code 2, as nothing was asked for."""
    code, said = answered()
    assert code == 2
    assert "regenerate" in said


def test_the_version_is_one_line():
    """For reports of faults and for scripts."""
    code, said = answered("--version")
    assert code == 0
    assert said.startswith("callsheet 0.")


@pytest.mark.parametrize("after_s", [0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1.2])
def test_ctrl_c_is_one_line_and_exit_code_130_at_any_moment(after_s):
    """While modules are imported, while a server is asked and while the interpreter ends: never a traceback."""
    command = subprocess.Popen(
        ["env", "--default-signal=INT", "PREFECT_API_URL=http://127.0.0.1:9/api", *PYTHON, "status", "x"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert command.stdout.readline() == "begun\n"
    time.sleep(after_s)
    command.send_signal(signal.SIGINT)
    _, said = command.communicate(timeout=60)
    unreached = (3, "The Prefect server at http://127.0.0.1:9/api can't be reached.\n")
    assert (command.returncode, said) in [(130, "Interrupted.\n"), unreached]
    assert command.returncode == 130 or after_s > 0.3


def test_ctrl_c_while_python_looks_for_packages_is_one_line(tmp_path: Path):
    """Python itself has a traceback for it, so the command looks for packages when it can answer."""
    slow = "import time; print('looking', flush=True); time.sleep(30)"
    (tmp_path / "sitecustomize.py").write_text(slow, encoding="utf-8")
    begin = ["env", "--default-signal=INT", f"PYTHONPATH={tmp_path}", sys.executable, "-P", "-S"]
    command = subprocess.Popen([*begin, main.__file__], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert command.stdout.readline() == "looking\n"
    command.send_signal(signal.SIGINT)
    _, said = command.communicate(timeout=60)
    assert (command.returncode, said) == (130, "Interrupted.\n")


def test_the_command_that_set_up_installs_is_the_command():
    """It has its name, its packages and its exit codes."""
    begin = [sys.executable, "-P", "-S", main.__file__]
    done = subprocess.run([*begin, "creat"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("`callsheet --help` says more.\n")


def test_a_process_that_ignores_ctrl_c_goes_on():
    """As `nohup` and a shell's background want it."""
    command = subprocess.Popen(
        ["env", "--ignore-signal=INT", *PYTHON, "--version"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert command.stdout.readline() == "begun\n"
    command.send_signal(signal.SIGINT)
    said, errors = command.communicate(timeout=60)
    assert (command.returncode, errors, said[:9]) == (0, "", "callsheet")


@pytest.mark.parametrize("name", ENTRIES)
def test_help_at_80_columns_breaks_no_word_and_names_no_type_of_a_switch(name: str, monkeypatch: pytest.MonkeyPatch):
    """Each choice of an option can be read and copied."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 80)
    result = CliRunner().invoke(app, [name, "--help"])
    said = result.output
    assert result.exit_code == 0
    assert max(map(len, said.splitlines())) <= 80
    assert not re.search(r"<bool>|<[A-Z]|<list|%Y", said)
    words = set(re.findall(r"[\w-]+", said))
    options = [each for each in CHOICES if f"--{each}" in said]
    assert all(set(CHOICES[each]) <= words for each in options)
