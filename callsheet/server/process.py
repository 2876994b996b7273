"""Whether the process of a run still lives: exact on this machine, by its heartbeats on any other."""

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
    """One process for good: numbers are used again, and every container counts from 1."""
    return f"{_machine()} / {os.getpid()} {start_of(os.getpid())}"


def start_of(pid: int) -> str:
    """When it started, in clock ticks since boot; empty where there is no such process."""
    ticks = started_at_ticks(pid)
    return "" if ticks is None else str(ticks)


def was_of_this_boot(flow_run: FlowRun) -> bool:
    """Whether the last process of the run was one of this machine, which has not been down since."""
    return str(flow_run.labels.get(PROCESS, "")).startswith(f"{_boot()} ")


async def is_dead(client: PrefectClient, flow_run: FlowRun) -> bool:
    """Whether a run that is called running, or is being cancelled, has no process any more."""
    if await _is_introduced(client, flow_run):
        return await _is_gone(client, flow_run)
    return await _is_silent(client, flow_run)


async def has_process(client: PrefectClient, flow_run: FlowRun) -> bool:
    """Whether a run that was paused is still at the step at which it was; then it gives its process back.

    Nothing is known of flows that don't say which process they have: they are taken to have none.
    """
    if BEGUN not in flow_run.labels:
        return False
    if await _is_introduced(client, flow_run):
        return bool(flow_run.labels.get(PROCESS)) and not await _is_gone(client, flow_run)
    return not await _is_silent(client, flow_run)


async def read_begin_state(client: PrefectClient, flow_run: FlowRun) -> str:
    """Id of the state with which the run began to run last; empty where it never did."""
    if flow_run.state is not None and flow_run.state.type is StateType.RUNNING:
        return str(flow_run.state.id)
    running = [state for state in await states_of(client, flow_run) if state.type is StateType.RUNNING]
    return str(running[-1].id) if running else ""


async def _is_introduced(client: PrefectClient, flow_run: FlowRun) -> bool:
    """Whether the label names the process that the run has now, and not one before it."""
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
        return False  # nobody can tell
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
    """This boot of this machine, as this container sees it."""
    return f"{_boot()} {Path('/proc/self/ns/pid').readlink()}"


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
