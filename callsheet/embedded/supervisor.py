"""Starts the embedded server in order, keeps it running, and takes it down in reverse order.

All services are launched at once and import what they need; each begins to work as soon as what it stands on is there:
database, Prefect server, deployments and runner. A service that ends by itself is started again, a bounded number of
times; after that everything is taken down, because a server without one of its parts only looks alive.
"""

import asyncio
import os
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from callsheet.embedded import postgres, state
from callsheet.embedded.api import answers, has_runner, recover_crashed, recover_interrupted, set_job_command
from callsheet.embedded.descent import end_descendants
from callsheet.embedded.ports import reserve_port
from callsheet.embedded.postgres import Cluster
from callsheet.embedded.process import Child, Command
from callsheet.embedded.services import NOT_DEPLOYED, SCENES_AT_ONCE_ON_SQLITE, WORK_POOL, Services
from callsheet.embedded.state import AlreadyRunning, RunningServices
from callsheet.errors import SetupIncomplete
from callsheet.fence import orphans
from callsheet.model.deployed import PROJECT_FILE
from callsheet.processes import started_at_ticks
from callsheet.settings import Settings
from callsheet.stage import canaries
from callsheet.stage.limits import stage_limits

START_TIMEOUT_S = 180
POLL_S = 0.05
REAPS_EVERY_S = 5
LOOKS_FOR_CRASHES_EVERY_S = 15
RESTARTS = 3
RESTARTS_WITHIN_S = 600

Say = Callable[[str], None]


async def supervise(
    settings: Settings, say: Say, on_ready: Callable[[RunningServices], None], *, for_a_command: bool = False
) -> None:
    """Run the embedded server of `settings.home` until Ctrl-C or SIGTERM.

    `for_a_command`: until standard input ends. One that is just stopping, or not ready yet, is then waited for.

    Raises:
        AlreadyRunning: this home has a supervisor.
        SetupIncomplete: something can't be started, or does not stay up.
    """
    settings = settings.model_copy(update={"home": settings.home.resolve()})
    async with AsyncExitStack() as stack:
        await _enter_alone(stack, settings, patient=for_a_command)
        orphans.adopt()
        reaping = asyncio.ensure_future(_reap_orphans())
        running = asyncio.ensure_future(Supervisor(settings, say).run(on_ready))
        stop = _stop_once(running)
        watching = asyncio.ensure_future(_call_when_unused(settings, stop)) if for_a_command else None
        with suppress(asyncio.CancelledError):
            await running
        reaping.cancel()
        if watching:
            watching.cancel()


async def _reap_orphans() -> None:
    """Reap what was left to us: processes of runs, renders and services that were killed."""
    ended: set[int] = set()
    while True:
        await asyncio.sleep(REAPS_EVERY_S)
        ended = orphans.reap(ended)


async def _enter_alone(stack: AsyncExitStack, settings: Settings, *, patient: bool) -> None:
    """Take the home's lock until `stack` ends; the patient wait for it while nobody else's server is ready."""
    while True:
        try:
            return stack.enter_context(state.sole_supervisor(settings))
        except AlreadyRunning as other:
            if other.services or not patient:
                raise
        await asyncio.sleep(POLL_S)


def project_dir() -> Path:
    """The checkout, which is the working directory: flows, tasks and deployments are imported from it.

    Raises:
        SetupIncomplete: the working directory is another one.
    """
    here = Path.cwd()
    if not (here / PROJECT_FILE).exists():
        raise SetupIncomplete(f"There is no {PROJECT_FILE} in {here}; change to the checkout first.", PROJECT_FILE)
    return here


@dataclass
class _Service:
    """A child that is kept running, and how to start it anew."""

    start: Callable[[], Awaitable[Child]]
    child: Child


class Supervisor:
    """One embedded server, from the first program to the last."""

    def __init__(self, settings: Settings, say: Say) -> None:
        self._settings = settings
        self._say = say
        self._kept: list[_Service] = []  # in the order in which they depend on each other
        self._ports = ExitStack()

    async def run(self, on_ready: Callable[[RunningServices], None]) -> None:
        """Bring everything up and keep it up; however this ends, everything is taken down."""
        try:
            running = await self._bring_up()
            with state.announced(running, self._settings):
                on_ready(running)
                looking = self._look_for_crashes(running.api_url)
                await asyncio.gather(*(self._keep(service) for service in self._kept), looking)
        finally:
            await self._take_down()
            self._ports.close()

    async def _bring_up(self) -> RunningServices:
        began = datetime.now(UTC)
        project = project_dir()
        cluster = self._cluster()
        services = self._services(project, cluster)
        server, media = await self._add(services.server()), await self._add(services.media())
        await self._add_engine(services.engine())
        runner = await self._add(services.runner())
        registration = await Child.start(services.registration())
        limits = stage_limits(self._settings)
        fence = asyncio.create_task(canaries.ensure_fence(self._settings.home, limits))
        try:
            media.go()
            await self._add_database(cluster)
            await self._begin_server(server, services)
            self._say(f"Media         {services.media_url}")
            await fence  # no run is taken where scene code could get out
            self._say(f"Fence         {canaries.POLICIES_IN_WORDS[limits.policy]}")
            await self._register(registration, runner, services)
            await recover_interrupted(services, began)
        finally:
            fence.cancel()
            await registration.stop()
        return _described(services, cluster)

    def _cluster(self) -> Cluster | None:
        """The PostgreSQL cluster, or None where SQLite has to do."""
        try:
            return postgres.locate(self._settings)
        except SetupIncomplete as error:
            self._say(f"Database      SQLite ({error}): slow, so {SCENES_AT_ONCE_ON_SQLITE} scenes at once at most.")
            return None

    def _services(self, project: Path, cluster: Cluster | None) -> Services:
        settings = self._settings
        for folder in (settings.home / "prefect", settings.media_dir, settings.results_dir):
            folder.mkdir(parents=True, exist_ok=True)
        if cluster is None:
            fewer = min(settings.scenes_at_once, SCENES_AT_ONCE_ON_SQLITE)
            settings = settings.model_copy(update={"scenes_at_once": fewer})
        return Services(
            settings=settings,
            project=project,
            database_url=cluster.url if cluster else f"sqlite+aiosqlite:///{settings.home}/prefect/prefect.db",
            api_port=reserve_port(settings.prefect_port, self._ports),
            media_port=reserve_port(settings.media_port, self._ports),
        )

    async def _add(self, command: Command) -> Child:
        """Launch a guarded service. When it is started anew, all that it stands on is there: it may go at once."""

        async def start_anew() -> Child:
            child = await Child.start(command)
            child.go()
            return child

        child = await Child.start(command)
        self._kept.append(_Service(start_anew, child))
        return child

    async def _add_database(self, cluster: Cluster | None) -> None:
        if cluster is None:
            return
        child = await postgres.start(cluster)
        self._kept.insert(0, _Service(lambda: postgres.start(cluster), child))
        self._say(f"Database      PostgreSQL {cluster.version} in {cluster.data}")

    async def _add_engine(self, command: Command) -> None:
        """Nobody waits for it: while it is still importing, runs start without it."""
        self._kept.append(_Service(lambda: Child.start(command), await Child.start(command)))

    async def _begin_server(self, server: Child, services: Services) -> None:
        server.go()
        await _until(server, lambda: answers(f"{services.api_url}/health"))
        self._say(f"Prefect       {services.ui_url}")

    async def _register(self, registration: Child, runner: Child, services: Services) -> None:
        """Deployments and runner at the same time, but for the first start: both would make the work pool."""
        began = datetime.now(UTC)
        registration.go()
        if not await answers(f"{services.api_url}/work_pools/{WORK_POOL}"):
            await registration.succeed()
        runner.go()
        await registration.succeed()
        self._say("Deployments   registered")
        for line in registration.log_tail().splitlines():
            if line.startswith(NOT_DEPLOYED):
                self._say(line)
        await _until(runner, lambda: has_runner(services.api_url, began))
        await set_job_command(services)
        self._say(f"Runner        looks for runs in the work pool “{WORK_POOL}”")

    async def _keep(self, service: _Service) -> None:
        """Start `service` again when it ends, until it has ended too often.

        Raises:
            ProgramFailed: it has.
        """
        ends: deque[float] = deque(maxlen=RESTARTS + 1)
        while True:
            await service.child.wait()
            ends.append(time.monotonic())
            if len(ends) > RESTARTS and ends[-1] - ends[0] < RESTARTS_WITHIN_S:
                raise service.child.failure()
            self._say(f"{service.child.failure()}. Starting it again.")
            service.child = await service.start()

    async def _look_for_crashes(self, api_url: str) -> None:
        """Start the recovery again when its own process was killed. Costs one small question at each look."""
        while True:
            await asyncio.sleep(LOOKS_FOR_CRASHES_EVERY_S)
            with suppress(httpx.HTTPError):  # a server that is just being started again
                await recover_crashed(api_url)

    async def _take_down(self) -> None:
        self._say("Stopping.")
        while self._kept:
            await self._kept.pop().child.stop()
        end_descendants(os.getpid())  # such as the flow runs of a runner that was killed


def _stop_once(running: asyncio.Future[None]) -> Callable[[], None]:
    """Cancels `running`, also on Ctrl-C and SIGTERM; a second request must not interrupt the taking down."""
    loop = asyncio.get_running_loop()
    requests: list[None] = []

    def stop() -> None:
        if not requests:
            running.cancel()
        requests.append(None)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    return stop


async def _call_when_unused(settings: Settings, stop: Callable[[], None]) -> None:
    """Call `stop` when standard input has ended and no other command uses this server."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(0, ended.set)
    await ended.wait()
    asyncio.get_running_loop().remove_reader(0)
    while state.has_users(settings):
        await asyncio.sleep(POLL_S)
    stop()


def _described(services: Services, cluster: Cluster | None) -> RunningServices:
    started = started_at_ticks(os.getpid())
    assert started is not None
    return RunningServices(
        pid=os.getpid(),
        pid_started_at_ticks=started,
        api_url=services.api_url,
        ui_url=services.ui_url,
        media_url=services.media_url,
        database=f"PostgreSQL {cluster.version}" if cluster else "SQLite",
        started_at=datetime.now(UTC),
    )


async def _until(child: Child, is_ready: Callable[[], Awaitable[bool]]) -> None:
    """Wait until a starting child is ready.

    Raises:
        SetupIncomplete: it ended, or took too long.
    """
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            while child.is_running:
                if await is_ready():
                    return
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        name, log = child.command.name, child.command.log
        raise SetupIncomplete(f"{name} did not answer within {START_TIMEOUT_S} s; its log is {log}", name) from None
    raise child.failure()
