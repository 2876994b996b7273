"""The life of a run's process: exact on this machine, by its heartbeats on any other."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events.filters import EventAnyResourceFilter, EventFilter, EventNameFilter, EventOccurredFilter
from prefect.settings import get_current_settings

from callsheet.model.labels import BEGUN, PROCESS
from callsheet.processes import started_at_ticks
from callsheet.server.transitions import states_of

HEARTBEAT = "prefect.flow-run.heartbeat"
HEARTBEATS_MISSED = 3


def this_process() -> str:
    """Return a unique name of this process: numbers are reused, also between containers."""
    return f"{_machine()} / {os.getpid()} {start_of(os.getpid())}"


def start_of(pid: int) -> str:
    """Return when a process started, in clock ticks since boot; empty if it does not exist."""
    ticks = started_at_ticks(pid)
    return "" if ticks is None else str(ticks)


def was_of_this_boot(flow_run: FlowRun) -> bool:
    """Return whether the run's last process was on this machine, since its last boot."""
    return str(flow_run.labels.get(PROCESS, "")).startswith(f"{_boot()} ")


async def is_dead(client: PrefectClient, flow_run: FlowRun) -> bool:
    """Return whether a run in state Running or Cancelling has no process any more."""
    if await _is_introduced(client, flow_run):
        return await _is_gone(client, flow_run)
    return await _is_silent(client, flow_run)


async def has_process(client: PrefectClient, flow_run: FlowRun) -> bool:
    """Return whether a paused run is still at its last step, before it ends its process.

    Flows that don't name their process count as having none.
    """
    if BEGUN not in flow_run.labels:
        return False
    if await _is_introduced(client, flow_run):
        return bool(flow_run.labels.get(PROCESS)) and not await _is_gone(client, flow_run)
    return not await _is_silent(client, flow_run)


async def read_begin_state(client: PrefectClient, flow_run: FlowRun) -> str:
    """Return the id of the state with which the run last began to run; empty if it never did."""
    if flow_run.state is not None and flow_run.state.type is StateType.RUNNING:
        return str(flow_run.state.id)
    running = [state for state in await states_of(client, flow_run) if state.type is StateType.RUNNING]
    return str(running[-1].id) if running else ""


async def _is_introduced(client: PrefectClient, flow_run: FlowRun) -> bool:
    """Return whether the label names the run's present process, not an earlier one."""
    return flow_run.labels.get(BEGUN) == await read_begin_state(client, flow_run)


async def _is_gone(client: PrefectClient, flow_run: FlowRun) -> bool:
    machine, _, process = str(flow_run.labels.get(PROCESS, "")).rpartition(" / ")
    if machine == _machine():
        pid, started = process.split()
        return start_of(int(pid)) != started
    return await _is_silent(client, flow_run)


async def _is_silent(client: PrefectClient, flow_run: FlowRun) -> bool:
    frequency_s = get_current_settings().flows.heartbeat_frequency
    if frequency_s is None:
        return False  # this can't be known
    since = datetime.now(UTC) - timedelta(seconds=frequency_s * HEARTBEATS_MISSED)
    if flow_run.state is None or flow_run.state.timestamp > since:
        return False
    heard = EventFilter(
        event=EventNameFilter(name=[HEARTBEAT]),
        any_resource=EventAnyResourceFilter(id=[f"prefect.flow-run.{flow_run.id}"]),
        occurred=EventOccurredFilter(since=since),
    )
    return not (await client.read_events(heard, limit=1)).events


def _machine() -> str:
    """Return a name of this boot of this machine, as this container sees it."""
    return f"{_boot()} {Path('/proc/self/ns/pid').readlink()}"


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
