"""What the embedded server consists of, as plain descriptions: programs, arguments and environments."""

import shlex
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import SecretStr

from callsheet.embedded import run_warm
from callsheet.embedded.ports import LOOPBACK
from callsheet.embedded.process import Command
from callsheet.settings import Settings

WORK_POOL = "callsheet"
RUNNER_NAME = "embedded"
# With this the registration begins a line about a flow file that is broken.
NOT_DEPLOYED = "Not deployed  "
# SQLite takes one writer: with more scenes at once the server answers 503 and the runs wait for each other.
SCENES_AT_ONCE_ON_SQLITE = 2
# A look is one small request; the server answers some hundred a second.
SECONDS_BETWEEN_LOOKS_FOR_RUNS = 0.3
# Whoever begins to watch a run waits for this; every time is one insert of all events since.
SECONDS_BETWEEN_WRITES_OF_EVENTS = 0.3
# Who waits for its turn at a paid provider asks again after as long as turns usually take, and at least this often.
LONGEST_WAIT_FOR_A_SLOT_S = 2
# Who holds a place of a limit is kept on disk, in PREFECT_HOME; how many are held is in the database. A server that
# kept the holders in memory, as by default, would give no place back that was taken before it was started again.
LEASES_ON_DISK = "prefect.server.concurrency.lease_storage.filesystem"

# The shortest that Prefect takes. A run on another machine that misses three is taken for dead.
SECONDS_BETWEEN_HEARTBEATS = 30


@dataclass(frozen=True)
class Services:
    """The programs of one embedded server, apart from the database."""

    settings: Settings
    project: Path
    """The checkout: holds prefect.yaml, and flows, tasks and deployments as packages."""
    database_url: str
    api_port: int
    media_port: int

    @property
    def ui_url(self) -> str:
        """Where a person looks."""
        return f"http://{LOOPBACK}:{self.api_port}"

    @property
    def api_url(self) -> str:
        """Where clients talk to Prefect."""
        return f"{self.ui_url}/api"

    @property
    def media_url(self) -> str:
        """Where browsers find stored media: what the settings say, else our own gateway."""
        return self.settings.media_url or f"http://{LOOPBACK}:{self.media_port}/media"

    def server(self) -> Command:
        """The Prefect server with its background services."""
        arguments = ("server", "start", "--host", LOOPBACK, "--port", str(self.api_port))
        return self._guarded(
            "Prefect server", "prefect", arguments, imports=("prefect.server.api.server", "prefect.cli.server")
        )

    def media(self) -> Command:
        """Stored media over HTTP."""
        arguments = (str(self.settings.media_dir), str(self.media_port))
        return self._guarded("media gateway", "callsheet.gateway", arguments)

    def registration(self) -> Command:
        """Makes the server know the deployments."""
        return self._guarded(
            "registration of deployments", "deployments.apply", imports=("prefect.cli.deploy", "prefect.flows")
        )

    def runner(self) -> Command:
        """Runs what the server has scheduled. No `--limit`: a rescheduled run would find its own token still held."""
        arguments = ("worker", "start", "--pool", WORK_POOL, "--type", "process", "--name", RUNNER_NAME)
        return self._guarded("runner", "prefect", arguments, imports=("prefect.cli.worker", "prefect.workers.process"))

    def engine(self) -> Command:
        """Forks flow runs that have everything imported. Not guarded: a fork must be made from a single thread."""
        return Command(
            name="engine",
            argv=(sys.executable, "-m", "callsheet.embedded.warm_engine", str(self.settings.home)),
            log=self.settings.home / "logs" / "engine.log",
            cwd=self.project,
            environment={**self._environment, "OPENBLAS_NUM_THREADS": "1"},
        )

    @property
    def job_command(self) -> str:
        """What the runner starts for a flow run."""
        return shlex.join([sys.executable, "-I", "-S", run_warm.__file__, str(self.settings.home)])

    def _guarded(
        self, name: str, module: str, arguments: tuple[str, ...] = (), imports: tuple[str, ...] = ()
    ) -> Command:
        return Command(
            name=name,
            argv=(sys.executable, "-m", "callsheet.embedded.guarded", module, ",".join(imports), *arguments),
            log=self.settings.home / "logs" / f"{name.replace(' ', '-').lower()}.log",
            cwd=self.project,
            environment=self._environment,
        )

    @cached_property
    def _environment(self) -> dict[str, str]:
        prefect_home = self.settings.home / "prefect"
        prefect = {
            "PREFECT_HOME": prefect_home,
            "PREFECT_API_URL": self.api_url,
            "PREFECT_SERVER_API_HOST": LOOPBACK,
            "PREFECT_SERVER_API_PORT": self.api_port,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": self.database_url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": False,
            "PREFECT_SERVER_UI_V2_ENABLED": False,  # links to runs open the V1 UI; so does the address itself now
            "PREFECT_RESULTS_LOCAL_STORAGE_PATH": self.settings.results_dir,
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": SECONDS_BETWEEN_HEARTBEATS,
            "PREFECT_WORKER_QUERY_SECONDS": SECONDS_BETWEEN_LOOKS_FOR_RUNS,
            "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": SECONDS_BETWEEN_WRITES_OF_EVENTS,
            "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": LONGEST_WAIT_FOR_A_SLOT_S,
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": LEASES_ON_DISK,
            "PYTHONUNBUFFERED": 1,
        }
        environment = {name: str(value) for name, value in prefect.items()}
        return environment | as_environment(self.settings.model_copy(update={"media_url": self.media_url}))


def as_environment(settings: Settings) -> dict[str, str]:
    """Environment variables from which another process reads the same settings."""
    values = settings.model_dump(exclude_none=True)
    return {f"CALLSHEET_{name.upper()}": _as_text(value) for name, value in values.items()}


def _as_text(value: object) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case frozenset():
            return ",".join(sorted(value))
    return str(value)
