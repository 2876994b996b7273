"""The parts of the embedded server, as plain descriptions: programs, arguments and environments."""

import hashlib
import shlex
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pydantic import SecretStr

from callsheet.embedded import run_warm
from callsheet.embedded.ports import LOOPBACK
from callsheet.embedded.process import Command
from callsheet.local_server import NO_TLS
from callsheet.settings import NO_ENV_FILES, Settings

WORK_POOL = "callsheet"
RUNNER, RUNNER_NAME = "runner", "embedded"
# The registration begins a line about a broken flow file with this.
NOT_DEPLOYED = "Not deployed  "
# SQLite takes one writer: with more scenes at once the server answers 503 and the runs wait for each other.
SCENES_AT_ONCE_ON_SQLITE = 2
# An event reaches the runner when a run is scheduled. This setting is for runs that were scheduled long before: the
# runner asks for those of the next ten seconds, and their processes wait for their time.
SECONDS_BETWEEN_LOOKS_FOR_RUNS = 5
# A new watcher of a run waits for this; each time costs one insert of all events since.
SECONDS_BETWEEN_WRITES_OF_EVENTS = 0.3
# A run that waits for its turn at a paid provider asks again after as long as turns usually take, at least this often.
LONGEST_WAIT_FOR_A_SLOT_S = 2
# The holders of a limit's places are kept on disk, in PREFECT_HOME; their number is in the database. A server that kept
# the holders in memory, as by default, would not free a place that was taken before its restart.
LEASES_ON_DISK = "prefect.server.concurrency.lease_storage.filesystem"

# How often the server's services look for what is overdue. Prefect's own 5 to 20 seconds suit many users: on an idle
# machine they take several hundredths of a core. No user waits for any of these: some seconds later, a run is
# called Late, a pause ends unanswered, a missing worker is called offline.
SECONDS_BETWEEN_LOOKS_OF_SERVICES = {
    "SERVICES_LATE_RUNS_LOOP_SECONDS": 30,
    "SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS": 30,
    "SERVICES_FOREMAN_LOOP_SECONDS": 30,
    "SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS": 30,
    "SERVICES_CLEANUP_RECONCILER_LOOP_SECONDS": 30,
    "SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": 15,
    "EVENTS_PROACTIVE_GRANULARITY": "PT30S",
}

# Two servers that differ in these make the same films.
SETTINGS_OF_THE_SERVER_ALONE = (
    "CALLSHEET_LINGER_S",
    "CALLSHEET_PREFECT_PORT",
    "CALLSHEET_MEDIA_PORT",
    "CALLSHEET_API_HOSTS",
    "CALLSHEET_API_ORIGINS",
)

# The shortest that Prefect takes. A run on another machine that misses three counts as dead.
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
        """Return the address for people."""
        return f"http://{LOOPBACK}:{self.api_port}"

    @property
    def api_url(self) -> str:
        """Return the address for clients of Prefect."""
        return f"{self.ui_url}/api"

    @property
    def media_url(self) -> str:
        """Return the browsers' address for stored media: the settings' or the embedded gateway's."""
        return self.settings.media_url or f"{self.gateway_url}/media"

    @property
    def gateway_url(self) -> str:
        """Return the address of the HTTP API."""
        return f"http://{LOOPBACK}:{self.media_port}"

    def server(self, *, has_block_types: bool | None = None) -> Command:
        """Return the Prefect server with its services; it registers block types if necessary.

        It skips the registration if its database has them. None leaves that to Prefect's own memory: a file, which goes
        by the database's address, not by its content. Before Prefect reads the file, it imports every package that may
        bring block types.
        """
        arguments = ("server", "start", "--host", LOOPBACK, "--port", str(self.api_port))
        command = self._guarded(
            "Prefect server", "prefect", arguments, imports=("prefect.server.api.server", "prefect.cli.server")
        )
        if has_block_types is None:
            return command
        block_types = {
            "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": str(not has_block_types),
            "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "False",
        }
        return replace(command, environment={**command.environment, **block_types})

    def media(self) -> Command:
        """Return the gateway: stored media and the API over HTTP."""
        return self._guarded("media gateway", "callsheet.gateway", (str(self.media_port),))

    def registration(self) -> Command:
        """Return the program that registers the deployments with the server."""
        return self._guarded(
            "registration of deployments", "deployments.apply", imports=("prefect.cli.deploy", "prefect.flows")
        )

    def runner(self) -> Command:
        """Return the runner, which runs what the server has scheduled."""
        imports = ("prefect.workers.process", "prefect.events.clients")
        return self._guarded(RUNNER, "callsheet.embedded.runner", imports=imports)

    def engine(self) -> Command:
        """Return the warm engine, which forks flow runs.

        It is not guarded: a fork needs a single thread.
        """
        return Command(
            name="engine",
            argv=(sys.executable, "-m", "callsheet.embedded.warm_engine", str(self.settings.home)),
            log=self.settings.home / "logs" / "engine.log",
            cwd=self.project,
            environment={**self._environment, "OPENBLAS_NUM_THREADS": "1"},
        )

    @property
    def job_command(self) -> str:
        """Return the command that the runner starts for a flow run."""
        return shlex.join([sys.executable, "-I", "-S", run_warm.__file__, str(self.settings.home)])

    def _guarded(
        self, name: str, module: str, arguments: tuple[str, ...] = (), imports: tuple[str, ...] = ()
    ) -> Command:
        return Command(
            name=name,
            argv=(sys.executable, "-m", "callsheet.embedded.service_main", module, ",".join(imports), *arguments),
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
            "PREFECT_API_SSL_CERT_FILE": NO_TLS,
            "PREFECT_SERVER_API_HOST": LOOPBACK,
            "PREFECT_SERVER_API_PORT": self.api_port,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": self.database_url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": False,
            "PREFECT_SERVER_UI_V2_ENABLED": False,  # links to runs open the V1 UI; now the plain address does too
            "PREFECT_RESULTS_LOCAL_STORAGE_PATH": self.settings.results_dir,
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": SECONDS_BETWEEN_HEARTBEATS,
            "PREFECT_WORKER_QUERY_SECONDS": SECONDS_BETWEEN_LOOKS_FOR_RUNS,
            "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": SECONDS_BETWEEN_WRITES_OF_EVENTS,
            "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": LONGEST_WAIT_FOR_A_SLOT_S,
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": LEASES_ON_DISK,
            "PYTHONUNBUFFERED": 1,
            **{f"PREFECT_SERVER_{name}": every_s for name, every_s in SECONDS_BETWEEN_LOOKS_OF_SERVICES.items()},
        }
        environment = {name: str(value) for name, value in prefect.items()}
        return environment | as_environment(self.settings.model_copy(update={"media_url": self.media_url}))


def as_environment(settings: Settings) -> dict[str, str]:
    """Return environment variables from which another process reads the same settings."""
    values = settings.model_dump(exclude_none=True)
    return {f"CALLSHEET_{name.upper()}": _as_text(value) for name, value in values.items()} | {NO_ENV_FILES: "1"}


def setting_digests(settings: Settings) -> dict[str, str]:
    """Return a short digest of each setting that changes a run's result.

    The digests compare two servers without a secret.
    """
    values = as_environment(settings.model_copy(update={"home": settings.home.resolve()}))
    return {
        name: hashlib.sha256(f"{settings.home.resolve()}\0{name}\0{value}".encode()).hexdigest()[:16]
        for name, value in values.items()
        if name not in SETTINGS_OF_THE_SERVER_ALONE
    }


def _as_text(value: object) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case frozenset():
            return ",".join(sorted(value))
        case tuple():
            return ",".join(value)
    return str(value)
