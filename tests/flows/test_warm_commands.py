"""The warm engine runs commands, and they behave as in a separate process."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from callsheet import client
from callsheet.cli.entries import ASK_SERVER, ENTRIES
from tests.flows.commands import environment, run, started
from tests.flows.patience import until

ROOT = Path(__file__).parents[2]
WARM_CODE = 40
# Ends with this and the command's own exit code, or with 0 where it would have to be done by this process.
RUN_WARM = f"""
import sys
from callsheet.cli.delegation import run_in_engine
code = run_in_engine(sys.argv[1:])
sys.exit(0 if code is None else {WARM_CODE} + code)
"""
LONG = """\
title: {title}
profile: full-hd
scenes:
  - name: Long
    template: picture
    content: {{path: docs/pictures/example.png, duration_s: 60}}
"""


def run_warm(*arguments, **changes):
    """How the first process of a command ends, if it does nothing of the command itself."""
    argv = [sys.executable, "-c", RUN_WARM, *arguments]
    return subprocess.run(argv, env=environment(**changes), capture_output=True, text=True, check=False, cwd=ROOT)


def test_a_command_that_asks_the_server_is_done_by_the_engine(prefect_server):
    """Its output, its errors and its exit code are those of the command."""
    listed = run_warm("runs", "--json")
    assert listed.returncode == WARM_CODE
    assert json.loads(listed.stdout)["ok"]
    refused = run_warm("status", "no-such-run")
    assert (refused.returncode, refused.stdout) == (WARM_CODE + 2, "")
    assert "no-such-run" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        (["templates"], {}),  # asks no server
        (["no-such-command"], {}),
        ([], {}),
        (["runs"], {"PREFECT_API_URL": "http://127.0.0.1:1/api"}),  # may mean another server
        (["runs"], {"PYTHONPATH": "/somewhere"}),  # may be another program
        (["runs"], {"CALLSHEET_HOME": "/no/such/home"}),
    ],
)
def test_any_other_command_is_done_by_its_own_process(prefect_server, arguments, changes):
    """So it is where anything else could come of it."""
    asked = run_warm(*arguments, **changes)
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "", "")


def test_it_works_in_the_folder_and_the_environment_of_whoever_asks(prefect_server, tmp_path):
    """A file is found by its name there, and what is made is put there."""
    (tmp_path / "film.yaml").write_text("title: Here\nprofile: draft\nscenes: [{name: A, template: title}]\n")
    refused = subprocess.run(
        [sys.executable, "-m", "callsheet", "create", "film.yaml", "--profile", "huge"],
        env=environment(COLUMNS="80"), capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert refused.returncode == 2
    assert "huge" in refused.stderr


async def test_a_command_that_is_killed_ends_in_the_engine_too(prefect_server, tmp_path):
    """`kill -9` of the process that was started; its run continues, as that of any command."""
    file = tmp_path / "killed.yaml"
    file.write_text(LONG.format(title="Killed command"))
    command = started("create", str(file))
    try:
        assert await until(lambda: [each for each in runs_called("Killed command") if each["state"] == "Running"], 60)
        os.kill(command.pid, signal.SIGKILL)
        command.communicate(timeout=20)  # until no process holds its standard output any more
    finally:
        command.kill()
        await client.cancel(runs_called("Killed command")[0]["id"])


def runs_called(title):
    """Runs of this name, as the command line lists them."""
    return [each for each in json.loads(run("runs", "--json"))["runs"] if each["name"] == title]


def test_the_list_of_commands_that_ask_a_server_is_true():
    """Each is a command, and its module asks for one."""
    assert set(ENTRIES) >= ASK_SERVER
    modules = {ENTRIES[name].module for name in ASK_SERVER}
    for module in modules:
        source = (ROOT / f"callsheet/cli/{module}.py").read_text()
        assert any(word in source for word in ("running_server", "prefect_server", "callsheet.cli.run_and_wait")), (
            module
        )
