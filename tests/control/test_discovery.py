"""Flow files that are dropped into a checkout: found, deployed and run, whatever lies beside them.

The checkout is a small one of the test's own.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from callsheet import embedded
from callsheet.model.deployed import Discovery
from callsheet.settings import Settings
from tests.flows.supervised import state_of, up, wait_for

CHECKOUT = Path(__file__).parents[2]
FIRST = '''
from callsheet.model.deployed import deployed
from prefect import flow

@deployed("Says hello.")
@flow
def hello(mark: str, often: int = 1) -> None:
    """Say hello."""
    from pathlib import Path
    Path(mark).write_text("hello " * often)
'''
RENAMED = FIRST.replace("@flow", '@flow(name="generate-video")')
BROKEN = {
    "colon.py": "from prefect import flow\n\ndef oops(\n",
    "missing.py": "from prefect import flow\n\n\nimport no_such_module\n",
    "exits.py": "import sys\n\nsys.exit('not today')\n",
    "empty.py": "print('{}')\n",
    "undeclared.py": "from prefect import flow\n\n@flow\ndef quiet(): ...\n",
    "plain.py": "from callsheet.model.deployed import deployed\n\n@deployed()\ndef plain(): ...\n",
    "options.py": "from callsheet.model.deployed import deployed\n\n@deployed(every_s=-1)\ndef often(): ...\n",
    "timetable.py": FIRST.replace('"Says hello."', 'cron="every noon"').replace("hello(", "noon("),
    "shared.py": "def often():\n    return 3\n",
    "another.py": f"from flows.shared import often\n{FIRST}",
    "two-words.py": FIRST,
}  # fmt: skip
SENTENCES = [
    "flows/colon.py:3: SyntaxError: '(' was never closed",
    "flows/empty.py: there is no flow in it",
    "flows/exits.py:3: SystemExit: not today",
    "flows/missing.py:4: ModuleNotFoundError: No module named 'no_such_module'",
    "flows/options.py:3: every_s: must be greater than 0.0",
    "flows/plain.py:3: `@deployed` is on plain, which is no flow; put `@flow` right below it",
    "flows/two-words.py: its name can't be imported; use letters, digits and underscores",
    "flows/undeclared.py:3: no flow in this file is deployed; put `@deployed()` above the `@flow` that is to be",
]


@pytest.fixture
def project(tmp_path):
    """A checkout with one flow, which prefect.yaml does not name."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/__init__.py").touch()
    (tmp_path / "flows/hello.py").write_text(FIRST)
    (tmp_path / "prefect.yaml").write_text("name: dropped\n")
    for shared in ("deployments", "tasks"):
        (tmp_path / shared).symlink_to(CHECKOUT / shared)
    return tmp_path


def run(project, *argv, **environment):
    """A Python program in the checkout."""
    return subprocess.run(
        [sys.executable, *argv], cwd=project, capture_output=True, text=True, check=False,
        env={**os.environ, "PREFECT_HOME": str(project / "no-profile"), **environment},
    )  # fmt: skip


def discovered(project, *arguments):
    """What discovery prints."""
    finished = run(project, "-m", "deployments.discover", *arguments)
    assert finished.returncode == 0, finished.stderr
    return Discovery.model_validate_json(finished.stdout)


def drop(project, files):
    """Put flow files into the checkout."""
    for name, source in files.items():
        (project / "flows" / name).write_text(source)


def test_every_broken_file_is_named_with_its_line_and_harms_no_other(project):
    """Syntax, imports, an exit, nothing in it, a declaration in the wrong place, a time that does not exist."""
    drop(project, BROKEN)
    found = discovered(project)
    told = [str(broken) for broken in found.broken]
    assert [sentence for sentence in told if "timetable" not in sentence and "hello.py:5" not in sentence] == SENTENCES
    assert any(sentence.startswith("flows/timetable.py:5: ") and "cron" in sentence for sentence in told)
    [kept] = found.deployments
    assert (kept.name, kept.parameters) == ("hello/callsheet", ("mark", "often = 1"))


def test_a_name_belongs_to_the_flow_that_prefect_yaml_knows(project):
    """A file that is dropped in can't take the place of one that is there, whichever comes first by its name."""
    discovered(project, "--write")
    drop(project, {"another.py": FIRST})
    found = discovered(project)
    assert [each.entrypoint for each in found.deployments] == ["flows.hello.hello"]
    [broken] = found.broken
    assert str(broken).startswith("flows/another.py:5: the flow in flows/hello.py:5 is called “hello” already")


def test_prefect_yaml_may_say_more_than_a_declaration(project):
    """What is written by hand stays; what the declaration says is brought up to date."""
    entry = {"name": "callsheet", "entrypoint": "flows.hello.hello", "description": "Old.", "concurrency_limit": 2}
    nightly = {"name": "nightly", "entrypoint": "flows.hello.hello", "work_pool": {"name": "callsheet"}}
    (project / "prefect.yaml").write_text(yaml.safe_dump({"name": "dropped", "deployments": [entry, nightly]}))
    assert [each.name for each in discovered(project, "--write").deployments] == ["hello/callsheet", "hello/nightly"]
    written = yaml.safe_load((project / "prefect.yaml").read_text())["deployments"]
    assert written[0]["description"] == "Says hello."
    assert written[0]["concurrency_limit"] == 2
    assert written[1] == nightly


def test_a_former_name_in_prefect_yaml_becomes_that_of_today(project):
    """What was added by hand stays with it. The former name is kept without a schedule that would run."""
    (project / "flows/hello.py").write_text(RENAMED)
    monday = {"slug": "monday", "cron": "0 6 * * 1", "parameters": {"mark": "x"}}
    entry = {"name": "callsheet", "entrypoint": "flows.hello.hello", "concurrency_limit": 2, "schedules": [monday]}
    (project / "prefect.yaml").write_text(yaml.safe_dump({"name": "dropped", "deployments": [entry]}))
    assert [each.name for each in discovered(project, "--write").deployments] == ["generate-video/video"]
    first = (project / "prefect.yaml").read_text()
    today, former = yaml.safe_load(first)["deployments"]
    assert (today["name"], today["concurrency_limit"], today["schedules"]) == ("video", 2, [monday])
    assert (former["name"], former["tags"]) == ("callsheet", ["callsheet", "former-name"])
    assert former["schedules"] == [{**monday, "active": False}]
    assert [each.name for each in discovered(project, "--write").deployments] == ["generate-video/video"]
    assert (project / "prefect.yaml").read_text() == first


def test_a_schedule_can_need_a_setting(project):
    """Without a value it is inactive; a setting that does not exist is an error of the file."""
    declared = '"Says hello.", every_s=60, schedule_needs="backfill_catalogue"'
    (project / "flows/hello.py").write_text(FIRST.replace('"Says hello."', declared))
    [idle] = discovered(project, "--write").deployments
    assert idle.schedule == ""
    assert yaml.safe_load((project / "prefect.yaml").read_text())["deployments"][0]["schedules"] == [
        {"interval": 60, "active": False}
    ]
    listed = run(project, "-m", "deployments.discover", CALLSHEET_BACKFILL_CATALOGUE=str(project))
    [scheduled] = Discovery.model_validate_json(listed.stdout).deployments
    assert scheduled.schedule == "every 60 s"
    (project / "flows/hello.py").write_text(FIRST.replace('"Says hello."', declared.replace("catalogue", "folder")))
    [broken] = discovered(project).broken
    assert str(broken) == (
        "flows/hello.py:5: schedule_needs: there is no setting backfill_folder; docs/operations.md lists the settings"
    )


@pytest.mark.long
def test_what_the_page_of_extending_tells_works_while_the_server_runs(project):
    """A file that is dropped in is deployed and runs; the broken ones beside it are named, from the start on."""
    settings = Settings(home=project / "home", prefect_port=14_400, media_port=14_500)
    drop(project, {"colon.py": BROKEN["colon.py"]})
    with up(project, settings) as process:
        services = embedded.running(settings)
        drop(project, {"late.py": FIRST.replace("hello", "late"), "exits.py": BROKEN["exits.py"]})
        done = as_told(project, services, settings)
        assert "Completed" in done.stdout
        wait_for(lambda: state_of(services, done.stdout.split("/")[-1].strip()) == "COMPLETED")
        late = start(services, "late", mark=str(project / "mark"))
        wait_for(lambda: state_of(services, late) in ("COMPLETED", "FAILED", "CRASHED"))
        assert (project / "mark").read_text() == "late "
        listed = run(project, "-m", "callsheet", "flows", "--json", CALLSHEET_HOME=str(settings.home))
        process.terminate()
        said = process.communicate()[0]
    answer = json.loads(listed.stdout)
    assert {each["name"]: each["deployed"] for each in answer["flows"]} == {
        "hello/callsheet": True, "late/callsheet": True,
    }  # fmt: skip
    assert {each["file"]: each["line"] for each in answer["broken"]} == {"flows/colon.py": 3, "flows/exits.py": 3}
    assert (listed.returncode, answer["ok"]) == (1, False)
    assert f"Not deployed  {SENTENCES[0]}\n" in said
    assert "flows.colon can't be imported" in (settings.home / "logs/engine.log").read_text()


def as_told(project, services, settings):
    """The commands of docs/extending.md, done as a person would, beside files that are broken."""
    [script] = re.findall(r"```bash\n(.*?)```", (CHECKOUT / "docs/extending.md").read_text(), re.DOTALL)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PREFECT_API_URL": services.api_url,
        "PREFECT_HOME": str(project / "no-profile"),
        "CALLSHEET_HOME": str(settings.home),
    }
    done = subprocess.run(
        ["bash", "-uc", script], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def start(services, flow, **parameters):
    """Schedule a run, as any client would; gives its id."""
    with httpx.Client(base_url=services.api_url) as client:
        deployment = client.get(f"/deployments/name/{flow}/callsheet").raise_for_status().json()["id"]
        order = {"state": {"type": "SCHEDULED"}, "parameters": parameters}
        run = client.post(f"/deployments/{deployment}/create_flow_run", json=order)
        return run.raise_for_status().json()["id"]
