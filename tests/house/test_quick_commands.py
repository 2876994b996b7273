"""The command line answers at once: what help and refusals import, and that the list of commands is true."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from callsheet.cli.main import ENTRIES

ROOT = Path(__file__).parents[2]
# Each takes a tenth of a second to two seconds, and neither help nor a refusal needs one of them.
SLOW = {
    "PIL", "asyncpg", "av", "boto3", "ffmpeg", "httpx", "manim", "numpy", "prefect", "prefect_aws", "pydantic_ai",
    "pydantic_settings", "replicate", "sqlalchemy", "starlette", "typst", "uvicorn",
}  # fmt: skip
CALL_EACH = """
import sys
from callsheet.cli.main import app
for line in sys.stdin.read().splitlines():
    sys.argv = ["callsheet", *line.split()]
    try:
        app()
    except SystemExit as end:
        print(line, end.code, file=sys.stderr)
print("modules", *{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


def called(*lines: str) -> tuple[list[str], set[str]]:
    """What one process that runs these command lines says on standard error, and the packages it has imported."""
    asked = subprocess.run(
        [sys.executable, "-c", CALL_EACH], input="\n".join(lines), capture_output=True, text=True, check=True, cwd=ROOT
    )
    *said, modules = asked.stderr.splitlines()
    return said, set(modules.split())


def test_help_imports_nothing_slow():
    """Neither the list of commands nor the help of any command."""
    asked = ["--help", "-h", *(f"{name} --help" for name in ENTRIES)]
    said, modules = called(*asked)
    assert said == [f"{line} 0" for line in asked]
    assert not modules & SLOW


def test_a_refusal_imports_nothing_slow(tmp_path: Path):
    """A request file that is wrong, and a command line that is wrong: exit code 2 without a server or a typesetter."""
    file = tmp_path / "wrong.yaml"
    file.write_text("title: No scenes\nscenes: []\n", encoding="utf-8")
    asked = [f"create {file}", f"start {file}", f"create {file} --profile huge", "create", "creat"]
    said, modules = called(*asked)
    assert {f"{line} 2" for line in asked} <= set(said)
    assert not modules & SLOW


def test_where_no_server_runs_prefect_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """To say so needs nothing of it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path / "home"))
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    asked = ["runs", "status x", "watch x", "history", "pause x", "approve x", "webhook test"]
    said, modules = called(*asked)
    assert [line for line in said if not line.startswith("No Prefect server runs")] == [f"{line} 1" for line in asked]
    assert not modules & (SLOW - {"httpx", "pydantic_settings"})


@pytest.mark.parametrize("name", ENTRIES)
def test_the_list_of_commands_says_what_the_command_says(name: str):
    """It is written down beside the names, so that the list imports no command."""
    entry = ENTRIES[name]
    command = getattr(import_module(f"callsheet.cli.{entry.module}"), entry.function or name)
    told = command.info.help if isinstance(command, typer.Typer) else command.__doc__
    assert " ".join(told.split()).startswith(ENTRIES[name].summary)
