"""The commands that start, follow and control runs, as a person or a script runs them."""

import json
import signal

import pytest

from tests.flows.commands import run, run_to_end, started

REQUEST = """
title: {title}
profile: draft
scenes:
  - name: One
    template: title
    content: {{title: {title}, duration_s: 1}}
"""


# Long enough for a command to come in between.
LONG = """
title: {title}
profile: draft
scenes:
  - name: One
    template: picture
    content: {{path: docs/pictures/example.png, caption: {title}, duration_s: 120}}
"""


def request_file(tmp_path, title, request=REQUEST):
    """A request of one scene."""
    file = tmp_path / "request.yaml"
    file.write_text(request.format(title=title), encoding="utf-8")
    return file


def test_a_run_is_started_watched_and_listed(prefect_server, tmp_path):
    """With `--json` each answer is one object, and each event one line."""
    file = request_file(tmp_path, "By command")
    first = json.loads(run("start", file, "--key", "k1", "--owner", "ada-cli", "--json"))["run"]
    again = json.loads(run("start", file, "--key", "k1", "--owner", "ada-cli", "--json"))["run"]
    assert (first["is_new"], again["is_new"], again["id"]) == (True, False, first["id"])
    events = [json.loads(line) for line in run("watch", first["id"][:8], "--json").splitlines()]
    assert (events[0]["kind"], events[-1]["kind"]) == ("run-scheduled", "completed")
    [listed] = json.loads(run("runs", "--owner", "ada-cli", "--since", "1h", "--json"))["runs"]
    assert (listed["id"], listed["state"]) == (first["id"], "Completed")
    status = json.loads(run("status", "By command", "--json"))["status"]
    assert (status["percentage"], status["scenes"][0]["state"]) == (100, "ready")
    assert "By command" in run("runs", "--state", "Completed")
    assert "✓ 01 One" in run("status", first["id"][:8])
    assert "run “By command” is Completed and can't be cancelled" in run("cancel", "By command", code=2)


def test_a_run_is_cancelled_retried_and_made_anew(prefect_server, tmp_path):
    """Each answer names the run and says what follows."""
    file = request_file(tmp_path, "Commanded", LONG)
    started_run = json.loads(run("start", file, "--json"))["run"]
    for_eye = run("cancel", "Commanded")
    assert for_eye.splitlines()[0].startswith(f"{started_run['id'][:8]} Commanded: is ")
    assert "ended as Cancelled" in run("watch", "Commanded", code=1)
    assert json.loads(run("retry", "Commanded", "--json"))["ok"]
    assert "checkpoint      01 One render-scene" in run_to_end("Commanded")
    anew = json.loads(run("regenerate", "Commanded", "1", "--json"))["run"]
    assert anew["id"] != started_run["id"]
    assert "several runs match “Commanded”" in run("resume", "Commanded", code=2)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("status", "no such run"), 2, "has no run that is called or begins with “no such run”"),
        (("runs", "--since", "yesterday"), 2, "--since: “yesterday” is no length of time; write 30m, 12h or 7d"),
    ],
)
def test_a_mistake_is_one_sentence(prefect_server, arguments, code, sentence):
    """Also as JSON."""
    assert sentence in " ".join(run(*arguments, code=code).split())
    assert sentence in json.loads(run(*arguments, "--json", code=code))["error"]


@pytest.mark.parametrize("arguments", [("runs",), ("watch", "x"), ("cancel", "x"), ("start", "REQUEST")])
def test_without_a_server_every_command_says_how_to_start_one(home, tmp_path, arguments):
    """None is started: it would have no runs."""
    file = str(request_file(tmp_path, "x"))
    given = [file if argument == "REQUEST" else argument for argument in arguments]
    said = run(*given, code=1, CALLSHEET_HOME=str(tmp_path))
    assert "start one with `callsheet up`" in said


def test_a_server_that_does_not_answer_is_one_sentence(home):
    """Exit code 3: the same command may work later."""
    said = run("runs", code=3, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert said.strip() == "The Prefect server at http://127.0.0.1:9/api can't be reached (connection refused)."


def test_ctrl_c_ends_watching_and_leaves_the_run_going(prefect_server, tmp_path):
    """One line and no traceback, exit code 130."""
    minutes_long = LONG.replace("draft", "full-hd")
    run("start", request_file(tmp_path, "Left while watched", minutes_long))
    command = started("watch", "Left while watched", "--json")
    command.stdout.readline()
    command.send_signal(signal.SIGINT)
    _, errors = command.communicate(timeout=30)
    assert (command.returncode, errors) == (130, "Interrupted.\n")
    assert json.loads(run("status", "Left while watched", "--json"))["status"]["state"] in ("Pending", "Running")
    run("cancel", "Left while watched")
