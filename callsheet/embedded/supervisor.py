"""The supervisor: it starts the embedded server in order, keeps it running, and stops it in reverse order.

It launches all services at once, and they import what they need. Each begins to work as soon as what it depends on is
ready: database, Prefect server, deployments and runner. The supervisor restarts a service that ends, a bounded number
of times. After that it stops everything, because a server without one of its parts only looks alive.
"""

import asyncio
import math
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

import callsheet
from callsheet.disk import check_home
from callsheet.embedded import postgres, registration, state
from callsheet.embedded.api import ServerApi
from callsheet.embedded.ports import reserve_port
from callsheet.embedded.postgres import Cluster
from callsheet.embedded.process import Child, Command
from callsheet.embedded.process_tree import descendants, end_descendants
from callsheet.embedded.services import (
    NOT_DEPLOYED,
    RUNNER,
    SCENES_AT_ONCE_ON_SQLITE,
    WORK_POOL,
    Services,
    setting_digests,
)
from callsheet.embedded.state import AlreadyRunning
from callsheet.errors import SetupIncomplete
from callsheet.fence import subreaper
from callsheet.local_server import RunningServices
from callsheet.model.deployed import PROJECT_FILE
from callsheet.processes import started_at_ticks
from callsheet.settings import Settings
from callsheet.stage.limits import stage_limits

# A folder that has all of these is a checkout; a project of another kind may have a prefect.yaml, too.
CHECKOUT_PARTS = (PROJECT_FILE, "flows", "deployments/apply.py")
START_TIMEOUT_S = 180
POLL_S = 0.05
REAPS_EVERY_S = 5
LOOKS_FOR_CRASHES_EVERY_S = 15
LOOKS_AT_DISK_EVERY_S = 1
# A person who sees nothing for longer thinks that the command hangs.
LONGEST_SILENCE_S = 2.5
LOOK_FOR_USERS_S = 1
AFTER_THE_LAST_RUN_S = 5
RESTARTS = 3
RESTARTS_WITHIN_S = 600

Say = Callable[[str], None]


async def supervise(
    settings: Settings, say: Say, on_ready: Callable[[RunningServices], None], *, for_a_command: bool = False
) -> None:
    """Run the embedded server of `settings.home` until Ctrl-C or SIGTERM.

    With `for_a_command`, it ends when no command and no run has needed it for `settings.linger_s` seconds. It then also
    waits for another server that is stopping, or not ready yet.

    Raises:
        AlreadyRunning: this home has a supervisor.
        SetupIncomplete: a service can't be started, or does not stay up.
    """
    settings = settings.model_copy(update={"home": settings.home.resolve()})
    async with AsyncExitStack() as stack:
        await _enter_alone(stack, settings, patient=for_a_command)
        subreaper.adopt()
        reaping = asyncio.ensure_future(_reap_orphans())
        lingers_s = settings.linger_s if for_a_command else None
        running = asyncio.ensure_future(Supervisor(settings, say, lingers_s).run(on_ready))
        _stop_once(running)
        with suppress(asyncio.CancelledError):
            await running
        reaping.cancel()


async def _reap_orphans() -> None:
    """Reap orphans from the kernel: processes of killed runs, renders and services."""
    ended: set[int] = set()
    while True:
        await asyncio.sleep(REAPS_EVERY_S)
        ended = subreaper.reap(ended)


async def _enter_alone(stack: AsyncExitStack, settings: Settings, *, patient: bool) -> None:
    """Hold the home's lock until `stack` ends; if `patient`, wait for a starting server."""
    while True:
        try:
            return stack.enter_context(state.sole_supervisor(settings))
        except AlreadyRunning as other:
            if other.services or not patient:
                raise
        await asyncio.sleep(POLL_S)


def project_dir() -> Path:
    """Return the checkout, from which flows, tasks and deployments are imported.

    It is the working directory if that is one, else the checkout that this program was installed from.

    Raises:
        SetupIncomplete: there is none.
    """
    for folder in (Path.cwd(), Path(callsheet.__path__[0]).parent):
        if all((folder / part).exists() for part in CHECKOUT_PARTS):
            return folder
    raise SetupIncomplete(
        f"There is no checkout of Callsheet in {Path.cwd()}, and this program was not installed from one; "
        "change to a checkout first.",
        PROJECT_FILE,
    )


@dataclass
class _Service:
    """A child that is kept running, and how to restart it."""

    start: Callable[[], Awaitable[Child]]
    child: Child


class Supervisor:
    """One embedded server, from the first program to the last."""

    def __init__(self, settings: Settings, say: Say, lingers_s: float | None = None) -> None:
        self._settings = settings
        self._say_line = say
        self._lingers_s = lingers_s
        """How long the server stays unused, in seconds; None: for ever."""
        self._kept: list[_Service] = []  # in the order in which they depend on each other
        self._written = [settings.home]
        """Folders of everything that services write; the database may be on another disk than the home."""
        self._ports = ExitStack()
        self._waits_for = "the database"
        self._began_at = self._said_at = time.monotonic()

    async def run(self, on_ready: Callable[[RunningServices], None]) -> None:
        """Start everything and keep it up; however this ends, stop everything."""
        try:
            project = project_dir()
            cluster = self._cluster()
            services = self._services(project, cluster)
            async with ServerApi.connected(services) as api:
                telling = asyncio.ensure_future(self._tell_of_waits())
                try:
                    running = await self._bring_up(services, cluster, api)
                finally:
                    telling.cancel()
                with state.announced(running, self._settings):
                    # The command that waits for the server is one of its users; it may be over in a moment.
                    is_awaited = state.has_users(self._settings)
                    on_ready(running)
                    await self._keep_up(api, is_awaited)
        except httpx.HTTPError as error:
            raise SetupIncomplete(f"The Prefect server does not answer as it should: {error}") from error
        finally:
            await self._take_down()
            self._ports.close()

    def _say(self, line: str) -> None:
        self._said_at = time.monotonic()
        self._say_line(line)

    async def _tell_of_waits(self) -> None:
        """Say what the supervisor waits for after a while without another line."""
        while True:
            await asyncio.sleep(POLL_S)
            now_s = time.monotonic()
            if now_s - self._said_at > LONGEST_SILENCE_S:
                self._say(f"…             waiting for {self._waits_for}, {now_s - self._began_at:.0f} s so far")

    async def _bring_up(self, services: Services, cluster: Cluster | None, api: ServerApi) -> RunningServices:
        began = datetime.now(UTC)
        installed = registration.installed()
        has_block_types = postgres.has_block_types(cluster, installed) if cluster else None
        server = await self._add(services.server(has_block_types=has_block_types))
        media = await self._add(services.media())
        engine = services.engine()
        # Runs start without it while it is still importing.
        self._kept.append(_Service(lambda: Child.start(engine), await Child.start(engine)))
        runner = await self._add(services.runner())
        from callsheet.stage import canaries  # half a second of imports, while the services still import

        limits = stage_limits(self._settings)
        fence = asyncio.create_task(canaries.ensure_fence(self._settings.home, limits))
        try:
            media.go()
            await self._add_database(cluster)
            await self._begin_server(server, api)
            if cluster and not has_block_types:
                await postgres.remember_block_types(cluster, self._kept[0].child, installed)
            self._say(f"Media         {services.media_url}")
            self._say(f"Studio        {services.gateway_url}")
            self._say(f"HTTP API      {services.gateway_url}/api/docs")
            self._waits_for = "the test of the fence"
            await fence  # no run starts if scene code could escape
            self._say(f"Fence         {canaries.POLICIES_IN_WORDS[limits.policy]}")
            await self._register(runner, api)
            await api.recover_interrupted(began)
        finally:
            fence.cancel()
        return _described(services, cluster, self._settings, self._lingers_s)

    async def _keep_up(self, api: ServerApi, is_awaited: bool) -> None:
        """Keep every service running; return when no command and no run uses the server any more."""
        keeping = [asyncio.ensure_future(self._keep(service)) for service in self._kept]
        keeping.append(asyncio.ensure_future(self._look_for_crashes(api)))
        if self._lingers_s is not None:
            keeping.append(asyncio.ensure_future(self._wait_until_unused(api, self._lingers_s, is_awaited)))
        try:
            done, _ = await asyncio.wait(keeping, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                await each
        finally:
            for each in keeping:
                each.cancel()

    async def _wait_until_unused(self, api: ServerApi, lingers_s: float, is_awaited: bool) -> None:
        """Return when no command and no run has needed the server for `lingers_s`; then hide it.

        If the command that started it has died meanwhile, and no other one waits for it, the server ends at once.
        Upkeep runs start automatically, again and again: the supervisor does not interrupt them, but they don't count
        as use.
        """
        used_at = time.monotonic() if is_awaited else -math.inf
        while True:
            await asyncio.sleep(min(LOOK_FOR_USERS_S, max(lingers_s, POLL_S)))
            if state.has_users(self._settings):
                used_at = time.monotonic()
                continue
            # Runs that have a process: one that the server calls Running may have died with its machine.
            runner = next(service.child for service in self._kept if service.child.command.name == RUNNER)
            working = {run for pid in descendants(runner.pid) if (run := _flow_run_of(pid))}
            with suppress(httpx.HTTPError):  # of a server that is restarting
                if await api.count_asked_for(working):
                    # When it ends, the server may start another run that delivers its webhook: a moment more.
                    used_at = time.monotonic() + AFTER_THE_LAST_RUN_S
                is_over = time.monotonic() - used_at >= lingers_s and not working and not await api.due_runs()
                if is_over and state.retire(self._settings):
                    return

    def _cluster(self) -> Cluster | None:
        """Return the PostgreSQL cluster, or None if only SQLite is possible."""
        try:
            cluster = postgres.locate(self._settings)
            self._written.append(cluster.data)
            return cluster
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
        """Launch a guarded service.

        At a restart, all that it depends on is ready: it may begin at once.
        """

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

    async def _begin_server(self, server: Child, api: ServerApi) -> None:
        self._waits_for = "the Prefect server"
        server.go()
        await _until(server, api.answers)
        self._say(f"Prefect       {api.services.ui_url}")

    async def _register(self, runner: Child, api: ServerApi) -> None:
        """Start deployments and runner together, but one by one if the work pool is missing."""
        began = datetime.now(UTC)
        has_pool = await api.has_pool()
        if has_pool:
            runner.go()
        self._waits_for = "the deployments to be registered"
        digest = registration.declared(api.services.project, self._settings)
        if digest and has_pool and await registration.is_known(api, digest):
            self._say("Deployments   known, and unchanged")
        else:
            await self._register_all(api, began.timestamp())
        if not has_pool:
            runner.go()
        self._waits_for = "the runner"
        await _until(runner, lambda: api.has_runner(began))
        await api.set_job_command()
        self._say(f"Runner        looks for runs in the work pool “{WORK_POOL}”")

    async def _register_all(self, api: ServerApi, began_s: float) -> None:
        child = await Child.start(api.services.registration())
        try:
            child.go()
            await child.succeed()
        finally:
            await child.stop()
        self._say("Deployments   registered")
        broken = [line for line in child.log_tail().splitlines() if line.startswith(NOT_DEPLOYED)]
        for line in broken:
            self._say(line)
        if not broken:
            await registration.remember(api, api.services.project, self._settings, began_s)

    async def _keep(self, service: _Service) -> None:
        """Restart `service` when it ends, until it has ended too often.

        Raises:
            ProgramFailed: it has. An end because of a full disk does not count.
        """
        ends: deque[float] = deque(maxlen=RESTARTS + 1)
        while True:
            await service.child.wait()
            if not self._wrong_with_disk():
                ends.append(time.monotonic())
                if len(ends) > RESTARTS and ends[-1] - ends[0] < RESTARTS_WITHIN_S:
                    raise service.child.failure()
            await self._start_again(service)

    async def _start_again(self, service: _Service) -> None:
        """Restart a service that has ended, once the disk has room for what it writes."""
        while True:
            wrong = self._wrong_with_disk()
            self._say(f"{service.child.failure()}. {wrong or 'Starting it again.'}")
            while self._wrong_with_disk():
                await asyncio.sleep(LOOKS_AT_DISK_EVERY_S)
            if wrong:
                self._say(f"The disk has room: starting {service.child.command.name} again.")
            try:
                service.child = await service.start()
                return
            except (SetupIncomplete, OSError):
                if not self._wrong_with_disk():
                    raise

    def _wrong_with_disk(self) -> str:
        """Return why services can't write, and what to do; empty if they can."""
        try:
            for folder in self._written:
                check_home(folder, to_write=True, needs_little=True)
        except SetupIncomplete as error:
            return str(error)
        return ""

    async def _look_for_crashes(self, api: ServerApi) -> None:
        """Start the recovery again if its process was killed; a check costs one small request."""
        while True:
            await asyncio.sleep(LOOKS_FOR_CRASHES_EVERY_S)
            with suppress(httpx.HTTPError):  # a server that is restarting
                await api.recover_crashed()

    async def _take_down(self) -> None:
        self._say("Stopping.")
        while self._kept:
            await self._kept.pop().child.stop()
        end_descendants(os.getpid())  # such as the flow runs of a runner that was killed


def _stop_once(running: asyncio.Future[None]) -> None:
    """Cancel `running` on Ctrl-C and SIGTERM; a second signal must not interrupt the shutdown."""
    loop = asyncio.get_running_loop()
    requests: list[None] = []

    def stop() -> None:
        if not requests:
            running.cancel()
        requests.append(None)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)


def _flow_run_of(pid: int) -> str:
    """Return the id of the flow run that a process works on; empty if it works on none."""
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    prefix = b"PREFECT__FLOW_RUN_ID="
    return next((each.removeprefix(prefix).decode() for each in variables if each.startswith(prefix)), "")


def _described(
    services: Services, cluster: Cluster | None, settings: Settings, lingers_s: float | None
) -> RunningServices:
    started = started_at_ticks(os.getpid())
    assert started is not None
    return RunningServices(
        pid=os.getpid(),
        pid_started_at_ticks=started,
        api_url=services.api_url,
        ui_url=services.ui_url,
        media_url=services.media_url,
        gateway_url=services.gateway_url,
        database=f"PostgreSQL {cluster.version}" if cluster else "SQLite",
        started_at=datetime.now(UTC),
        lingers_s=lingers_s,
        setting_digests=setting_digests(settings),
        declared=registration.declared(services.project, settings) or "",
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
