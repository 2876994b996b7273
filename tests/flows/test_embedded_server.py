"""The embedded server as a person meets it: real PostgreSQL, real Prefect, started, killed and started again.

The checkout is a small one of the test's own with one flow, so that what is tested here is the supervisor alone.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

import callsheet
from callsheet import embedded
from callsheet.embedded import RunningServices, postgres
from callsheet.embedded.postgres import locate
from callsheet.embedded.state import is_held, supervisor_of
from callsheet.embedded.supervisor import project_dir
from callsheet.errors import SetupIncomplete
from callsheet.settings import Settings
from tests.flows.commands import without_signs_of_life
from tests.flows.supervised import state_of, up, wait_for

FLOW = """
import subprocess
from pathlib import Path
from prefect import flow

@flow
def nap(seconds: float, mark: str) -> None:
    with subprocess.Popen(["sleep", str(seconds)]) as child:
        Path(mark).write_text(str(child.pid))
"""
PREFECT_YAML = """
name: naps
deployments:
  - {name: naps, entrypoint: flows.nap.nap, work_pool: {name: callsheet}}
"""
CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with one flow that starts a program and waits for it."""
    project = tmp_path_factory.mktemp("project")
    (project / "flows").mkdir()
    (project / "flows/__init__.py").touch()
    (project / "flows/nap.py").write_text(FLOW)
    (project / "prefect.yaml").write_text(PREFECT_YAML)
    for shared in ("deployments", "tasks"):
        (project / shared).symlink_to(CHECKOUT / shared)
    return project


@pytest.fixture(scope="module")
def home(project: Path) -> Iterator[Path]:
    """One home for all tests of this file: the first makes the database, the others find it."""
    home = project / "home"
    yield home
    assert belonging_to(home) == [], "a test left something running"


@pytest.fixture
def settings(home: Path) -> Settings:
    """Settings of that home, on ports that no other test prefers."""
    return Settings(home=home, prefect_port=14_200, media_port=14_300)


def belonging_to(home: Path) -> list[str]:
    """Command lines of living processes that know the home: by their arguments or by their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        is_self = int(process.name) == os.getpid()
        if command and not is_self and bytes(home) in command + environment:
            found.append(command.replace(b"\0", b" ").decode())
    return found


def start_nap(services: RunningServices, seconds: float, mark: Path, in_s: float | None = None) -> str:
    """Schedule a run of the one flow, as any client would, now or in some seconds; gives its id."""
    given = {"seconds": seconds, "mark": str(mark)}
    due = {"scheduled_time": (datetime.now(UTC) + timedelta(seconds=in_s)).isoformat()} if in_s else {}
    with httpx.Client(base_url=services.api_url) as client:
        deployment = client.get("/deployments/name/nap/naps").raise_for_status().json()["id"]
        run = client.post(
            f"/deployments/{deployment}/create_flow_run",
            json={"state": {"type": "SCHEDULED", "state_details": due}, "parameters": given},
        )
        return str(run.raise_for_status().json()["id"])


def test_up_brings_everything_up_and_sigterm_takes_everything_down(project: Path, home: Path, settings: Settings):
    """Server, media and runner answer; a run goes through; afterwards nothing is left, and nothing complains."""
    with up(project, settings) as process:
        services = embedded.running(settings)
        assert services and services.database.startswith("PostgreSQL")
        assert httpx.get(f"{services.media_url}/no-such-key").status_code == 404
        run = start_nap(services, 0, project / "first")
        wait_for(lambda: state_of(services, run) == "COMPLETED")
        process.terminate()
        said = process.communicate()[0]
    assert process.returncode == 0
    assert "Traceback" not in said
    assert [line.split()[0] for line in said.splitlines() if not line.startswith("…")] == [
        *("Database", "Prefect", "Media", "Studio", "HTTP", "Fence", "Deployments", "Runner", "Ready", "Stopping."),
    ]
    assert embedded.running(settings) is None
    assert belonging_to(home) == []


def test_kill_9_of_the_supervisor_leaves_nothing_running(project: Path, home: Path, settings: Settings):
    """Not the database, not the server, not a flow run in the middle of its work; and the next start works."""
    mark = project / "napping"
    with up(project, settings) as process:
        services = embedded.running(settings)
        assert services
        start_nap(services, 600, mark)
        wait_for(mark.exists)
        process.kill()
        process.communicate()
        wait_for(lambda: belonging_to(home) == [], within_s=30)
    assert embedded.running(settings) is None
    with up(project, settings):
        assert embedded.running(settings)


def test_a_second_up_says_where_the_first_one_is(project: Path, settings: Settings):
    """One sentence, and an exit code that tells."""
    with up(project, settings) as first:
        services = embedded.running(settings)
        with up(project, settings) as second:
            said = second.communicate()[0]
        assert second.returncode == 1
        assert said == f"Callsheet is already running as process {first.pid}: {services.ui_url}\n"


def test_a_service_that_dies_is_started_again(project: Path, home: Path, settings: Settings):
    """Here the media gateway is killed; the supervisor says so and has it back."""
    with up(project, settings) as process:
        services = embedded.running(settings)
        gateway = next(pid for pid in pids() if b"callsheet.gateway" in command_of(pid) and is_of(pid, home))
        os.kill(gateway, signal.SIGKILL)
        wait_for(lambda: gateway_answers(services))
        process.terminate()
        assert "media gateway was killed by SIGKILL" in process.communicate()[0]


def test_a_run_whose_process_is_killed_leaves_nothing_it_has_started(project: Path, home: Path, settings: Settings):
    """Whether the runner's end of it is killed or all ends with the supervisor: what a run has started ends first."""
    mark = project / "killed"
    with up(project, settings) as process:
        start_nap(embedded.running(settings), 600, mark)
        wait_for(lambda: mark.exists() and mark.read_text())
        runner_end = next(pid for pid in pids() if b"run_warm" in command_of(pid) and bytes(home) in command_of(pid))
        os.kill(runner_end, signal.SIGKILL)
        wait_for(lambda: command_of(int(mark.read_text())) == b"", within_s=10)
        process.terminate()
        process.communicate()
    assert belonging_to(home) == []


def pids() -> list[int]:
    """Numbers of all processes."""
    return [int(process.name) for process in Path("/proc").glob("[0-9]*")]


def command_of(pid: int) -> bytes:
    """The command line of a process; empty where it has gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def gateway_answers(services: RunningServices) -> bool:
    """Whether media is served."""
    try:
        return httpx.get(f"{services.media_url}/no-such-key").status_code == 404
    except httpx.TransportError:
        return False


def test_a_server_started_for_a_command_ends_with_it(
    project: Path, home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """While it is there a second command shares it, and keeps it until it is done as well."""
    monkeypatch.chdir(project)
    said: list[str] = []
    with embedded.started(settings, said.append) as first:
        with embedded.started(settings) as second:
            assert second == first
        assert httpx.get(f"{first.api_url}/health").json() is True
    assert next(line for line in said if not line.startswith("…")).startswith("Database")
    assert embedded.running(settings) is None
    assert belonging_to(home) == []


@pytest.mark.long
def test_a_server_lingers_for_the_next_command_and_ends_by_itself(
    project: Path, home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """It ends neither while a command uses it nor while a run works, and is not found while it stops."""
    monkeypatch.chdir(project)
    lingering = settings.model_copy(update={"linger_s": 10.0})
    with embedded.started(lingering) as first:
        pass
    assert embedded.running(settings) == first
    with embedded.started(lingering) as second:
        assert second == first
        start_nap(second, 20, project / "lingering")
        wait_for((project / "lingering").exists)
    time.sleep(12)
    assert embedded.running(settings) == first, "it ended while a run worked"
    wait_for(lambda: embedded.running(settings) is None, within_s=60)
    wait_for(lambda: belonging_to(home) == [], within_s=30)


@pytest.mark.long
def test_a_lingering_server_with_other_settings_is_not_used(
    project: Path, home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """A film would else be made with settings that were changed since, without a word. `stop` stops it at once."""
    monkeypatch.chdir(project)
    lingering = settings.model_copy(update={"linger_s": 300.0})
    with embedded.started(lingering) as first:
        pass
    said: list[str] = []
    with embedded.started(lingering.model_copy(update={"repairs": 1}), said.append) as second:
        assert second.pid != first.pid
    assert said[0] == "Starting the server again: CALLSHEET_REPAIRS changed since it was started."
    assert embedded.stop(settings)
    assert embedded.running(settings) is None
    assert belonging_to(home) == []


def commanded(project: Path, settings: Settings, *command: str) -> "subprocess.Popen[str]":
    """A command of this checkout and this home; it hears Ctrl-C, wherever the tests were started."""
    environment = {
        "CALLSHEET_HOME": str(settings.home),
        "CALLSHEET_PREFECT_PORT": str(settings.prefect_port),
        "CALLSHEET_MEDIA_PORT": str(settings.media_port),
        "CALLSHEET_LINGER_S": "300",
        "PREFECT_HOME": str(project / "no-profile"),
    }
    return subprocess.Popen(
        ["env", "--default-signal=INT", sys.executable, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=project,
        env={**os.environ, **environment},
    )


def stopped(project: Path, settings: Settings) -> str:
    """What `callsheet down` says."""
    said, errors = commanded(project, settings, "-m", "callsheet", "down").communicate(timeout=100)
    assert without_signs_of_life(errors) == ""
    return said


USE = """
from callsheet import embedded
from callsheet.settings import settings
with embedded.started(settings()) as services:
    print(services.pid, flush=True)
    input()
"""


@pytest.mark.long
def test_two_commands_at_the_same_time_share_one_server_and_down_stops_it(
    project: Path, home: Path, settings: Settings
):
    """Neither fails because the other was quicker; without a server, `down` says that there is none."""
    assert stopped(project, settings) == f"No server runs for the home {home}.\n"
    first, second = (commanded(project, settings, "-c", USE) for _ in range(2))
    with first, second:
        [pid] = {each.stdout.readline().strip() for each in (first, second)}
        services = embedded.running(settings)
        assert services and pid == str(services.pid)
        first.communicate("\n")
        second.communicate("\n")
    assert stopped(project, settings) == f"Stopped {services.ui_url}.\n"
    assert embedded.running(settings) is None
    assert belonging_to(home) == []


def test_down_ends_what_a_run_has_started_and_the_next_server_knows_the_run(
    project: Path, home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """No process is left.

    A checkout with the flow that recovers runs restarts it; this one has no such flow.
    """
    monkeypatch.chdir(project)
    mark = project / "taken-down"
    with embedded.started(settings.model_copy(update={"linger_s": 300.0})) as services:
        run = start_nap(services, 20, mark)
        wait_for(mark.exists)
    assert stopped(project, settings) == f"Stopped {services.ui_url}.\n"
    assert belonging_to(home) == []
    with embedded.started(settings) as services:
        assert state_of(services, run) != "COMPLETED"


def test_a_server_that_is_starting_is_stopped_by_ctrl_c_and_by_down(project: Path, home: Path, settings: Settings):
    """Ctrl-C is exit code 130 and one line; `down` finds a server that is not ready yet; both leave nothing running."""
    request = project / "film.yaml"
    request.write_text("title: T\nscenes: [{name: A, template: title, content: {title: A}}]\n", encoding="utf-8")
    create = ("-m", "callsheet", "create", str(request), "--out", str(project / "out"))
    with commanded(project, settings, *create) as command:
        wait_for(lambda: (home / "up.lock").exists() and is_held(settings))
        command.send_signal(signal.SIGINT)
        said, errors = command.communicate(timeout=60)
    assert (command.returncode, said) == (130, "")
    assert errors.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in errors
    assert belonging_to(home) == []
    with commanded(project, settings, *create) as command:
        wait_for(lambda: is_held(settings))
        assert stopped(project, settings) == "Stopped the server that was starting.\n"
        said, errors = command.communicate(timeout=60)
    assert (command.returncode, "Traceback" in errors) == (1, False)
    assert belonging_to(home) == []


@pytest.mark.long
def test_a_server_whose_command_died_while_it_started_ends_when_it_is_ready(
    project: Path, home: Path, settings: Settings
):
    """It is not there for five minutes for a command that no person waits for."""
    request = project / "film.yaml"
    request.write_text("title: T\nscenes: [{name: A, template: title, content: {title: A}}]\n", encoding="utf-8")
    with commanded(project, settings, "-m", "callsheet.cli.main", "create", str(request)) as command:
        wait_for(lambda: (home / "up.lock").exists() and is_held(settings))
        command.kill()
    wait_for(lambda: not is_held(settings), within_s=60)
    wait_for(lambda: belonging_to(home) == [], within_s=30)


@pytest.mark.long
def test_a_server_whose_command_died_serves_another_one_that_waits_for_it(
    project: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """The next command comes while the server starts."""
    monkeypatch.chdir(project)
    wait = "import sys; from callsheet import embedded; from callsheet.settings import settings as s\n"
    wait += "with embedded.started(s()): pass\n"
    with commanded(project, settings, "-c", wait) as command:
        wait_for(lambda: (settings.home / "up.lock").exists() and is_held(settings))
        command.kill()
    supervisor = supervisor_of(settings)
    assert supervisor
    with embedded.started(settings.model_copy(update={"linger_s": 300.0})) as services:
        assert services.pid == supervisor[0]
        time.sleep(4)
        assert embedded.running(settings) == services
    assert embedded.stop(settings)


@pytest.mark.long
def test_a_lingering_server_that_is_killed_leaves_nothing_to_the_next_command(
    project: Path, home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """The next one finds no server, starts one, and that one works."""
    monkeypatch.chdir(project)
    lingering = settings.model_copy(update={"linger_s": 300.0})
    with embedded.started(lingering) as first:
        pass
    os.kill(first.pid, signal.SIGKILL)
    wait_for(lambda: embedded.running(settings) is None)
    with embedded.started(settings) as second:
        assert second.pid != first.pid
        run = start_nap(second, 0, project / "after-the-kill")
        wait_for(lambda: state_of(second, run) == "COMPLETED")
    assert belonging_to(home) == []


@pytest.mark.long
def test_runs_are_found_after_the_stream_of_events_broke(
    project: Path, home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """The Prefect server is killed and started again: the runner finds what was due meanwhile, and what comes next."""
    monkeypatch.chdir(project)
    with embedded.started(settings) as services:
        server = next(pid for pid in pids() if b"prefect.server.api" in command_of(pid) and is_of(pid, home))
        begins = start_nap(services, 0, project / "before-the-break", in_s=2)
        os.kill(server, signal.SIGKILL)
        wait_for(lambda: is_well(services), within_s=60)
        wait_for(lambda: state_of(services, begins) == "COMPLETED", within_s=60)
        time.sleep(3)  # the runner connects again every other second
        began = time.monotonic()
        run = start_nap(services, 0, project / "after-the-break")
        wait_for((project / "after-the-break").exists)
        assert time.monotonic() - began < 20
        wait_for(lambda: state_of(services, run) == "COMPLETED")


def is_of(pid: int, home: Path) -> bool:
    """Whether a process knows the home by its environment."""
    try:
        return bytes(home) in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def is_well(services: RunningServices) -> bool:
    """Whether the Prefect server answers."""
    try:
        return httpx.get(f"{services.api_url}/health").json() is True
    except (httpx.HTTPError, ValueError):
        return False


@pytest.mark.long
def test_what_was_changed_is_registered_and_what_was_not_is_left_out(
    project: Path, home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """Neither a changed flow nor a server that has lost something is taken for known."""
    monkeypatch.chdir(project)

    def deployments_line(*, loses: bool = False) -> str:
        """What a start says of the deployments; afterwards a person may delete the deployment in the UI."""
        said: list[str] = []
        with embedded.started(settings, said.append) as services, httpx.Client(base_url=services.api_url) as client:
            found = client.get("/deployments/name/nap/naps").raise_for_status().json()
            block_types = client.post("/block_types/filter", json={}).raise_for_status().json()
            assert {"secret", "s3-bucket"} <= {each["slug"] for each in block_types}
            if loses:
                client.delete(f"/deployments/{found['id']}").raise_for_status()
        return next(line for line in said if line.startswith("Deployments")).removeprefix("Deployments   ")

    known, registered = "known, and unchanged", "registered"
    deployments_line()
    assert deployments_line() == known
    flow = project / "flows/nap.py"
    flow.write_text(flow.read_text().replace("mark: str)", 'mark: str = "/dev/null")'))
    assert deployments_line(loses=True) == registered
    assert deployments_line() == registered
    assert deployments_line() == known
    shutil.rmtree(locate(settings).data)
    assert deployments_line() == registered


async def test_block_types_are_known_of_the_very_database_that_has_them(tmp_path: Path):
    """Neither after an update of a package, nor of a database that was made in the place of the one that had them."""
    cluster = locate(Settings(home=tmp_path))
    child = await postgres.start(cluster)
    try:
        assert not postgres.has_block_types(cluster, "these")
        await postgres.remember_block_types(cluster, child, "these")
        assert postgres.has_block_types(cluster, "these")
        assert not postgres.has_block_types(cluster, "newer")
        connection = await asyncpg.connect(host=str(cluster.socket_dir), user=postgres.ROLE, database="postgres")
        await connection.execute(f"DROP DATABASE {postgres.DATABASE}")
        await connection.execute(f"CREATE DATABASE {postgres.DATABASE}")
        await connection.close()
        assert not postgres.has_block_types(cluster, "these")
    finally:
        await child.stop()
        shutil.rmtree(cluster.data)


def test_a_command_outside_a_checkout_uses_the_one_that_it_was_installed_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A project of another kind is no checkout, whatever it has a prefect.yaml for."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prefect.yaml").touch()
    (tmp_path / "flows").mkdir()
    assert project_dir() == CHECKOUT
    monkeypatch.setattr(callsheet, "__path__", [str(tmp_path / "site-packages/callsheet")])
    with pytest.raises(SetupIncomplete, match="change to a checkout first"):
        project_dir()


def test_up_starts_nothing_where_a_server_is_named(project: Path, settings: Settings):
    """PREFECT_API_URL decides."""
    process = subprocess.run(
        [Path(sys.executable).with_name("callsheet"), "up"],
        capture_output=True,
        text=True,
        cwd=project,
        env={**os.environ, "PREFECT_API_URL": "http://prefect.example.com/api", "CALLSHEET_HOME": str(settings.home)},
        check=True,
    )
    assert "http://prefect.example.com/api" in process.stdout
    assert embedded.running(settings) is None


@pytest.mark.long
def test_without_postgresql_the_server_runs_on_sqlite_and_says_so(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Slower, so fewer scenes at once; but it works."""
    monkeypatch.chdir(project)
    settings = Settings(home=tmp_path, prefect_port=14_200, media_port=14_300, postgres_dir=tmp_path / "nowhere")
    said: list[str] = []
    with embedded.started(settings, said.append) as services:
        assert services.database == "SQLite"
    assert next(line for line in said if not line.startswith("…")).startswith(
        "Database      SQLite (PostgreSQL is not installed)"
    )
