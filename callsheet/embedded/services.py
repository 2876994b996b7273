"""What the embedded server consists of, as plain descriptions: programs, arguments and environments."""

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
from callsheet.settings import NO_ENV_FILES, Settings

WORK_POOL = "callsheet"
RUNNER, RUNNER_NAME = "runner", "embedded"
# With this the registration begins a line about a flow file that is broken.
NOT_DEPLOYED = "Not deployed  "
# SQLite takes one writer: with more scenes at once the server answers 503 and the runs wait for each other.
SCENES_AT_ONCE_ON_SQLITE = 2
# The runner is told when a run is scheduled. This is for runs that were scheduled long before: it asks for those of the
# next ten seconds, and their processes wait for their time.
SECONDS_BETWEEN_LOOKS_FOR_RUNS = 5
# Whoever begins to watch a run waits for this; every time is one insert of all events since.
SECONDS_BETWEEN_WRITES_OF_EVENTS = 0.3
# Who waits for its turn at a paid provider asks again after as long as turns usually take, and at least this often.
LONGEST_WAIT_FOR_A_SLOT_S = 2
# Who holds a place of a limit is kept on disk, in PREFECT_HOME; how many are held is in the database. A server that
# kept the holders in memory, as by default, would give no place back that was taken before it was started again.
LEASES_ON_DISK = "prefect.server.concurrency.lease_storage.filesystem"

# How often the server's services look for what is overdue. Prefect's own 5 to 20 seconds are meant for many users: on a
# machine with nothing to do they take several hundredths of a core. Nobody waits for any of these: a run is called
# Late, a pause ends unanswered, a worker that is gone is called offline some seconds later.
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
SETTINGS_OF_THE_SERVER_ALONE = ("CALLSHEET_LINGER_S", "CALLSHEET_PREFECT_PORT", "CALLSHEET_MEDIA_PORT")

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

    def server(self, *, has_block_types: bool | None = None) -> Command:
        """The Prefect server with its background services. It registers block types unless its database has them.

        None leaves that to Prefect's own memory: a file, which goes by the database's address, not by what is in it,
        and before it is read imports every package that may bring block types.
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
        """Stored media over HTTP."""
        arguments = (str(self.settings.media_dir), str(self.media_port))
        return self._guarded("media gateway", "callsheet.gateway", arguments)

    def registration(self) -> Command:
        """Makes the server know the deployments."""
        return self._guarded(
            "registration of deployments", "deployments.apply", imports=("prefect.cli.deploy", "prefect.flows")
        )

    def runner(self) -> Command:
        """Runs what the server has scheduled."""
        imports = ("prefect.workers.process", "prefect.events.clients")
        return self._guarded(RUNNER, "callsheet.embedded.runner", imports=imports)

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
            **{f"PREFECT_SERVER_{name}": every_s for name, every_s in SECONDS_BETWEEN_LOOKS_OF_SERVICES.items()},
        }
        environment = {name: str(value) for name, value in prefect.items()}
        return environment | as_environment(self.settings.model_copy(update={"media_url": self.media_url}))


def as_environment(settings: Settings) -> dict[str, str]:
    """Environment variables from which another process reads the same settings."""
    values = settings.model_dump(exclude_none=True)
    return {f"CALLSHEET_{name.upper()}": _as_text(value) for name, value in values.items()} | {NO_ENV_FILES: "1"}


def setting_digests(settings: Settings) -> dict[str, str]:
    """A short digest of each setting that changes what a run makes: two servers can be compared without a secret."""
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
    return str(value)
