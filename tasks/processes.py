"""Whether the process of a run still lives: exact on this machine, by its heartbeats on any other."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.events.filters import EventAnyResourceFilter, EventFilter, EventNameFilter, EventOccurredFilter
from prefect.settings import get_current_settings

from callsheet.model.recovery import PROCESS

HEARTBEAT = "prefect.flow-run.heartbeat"
HEARTBEATS_MISSED = 3
# A process says who it is as the first thing that it does; until then the label may name the one before it.
INTRODUCTION = timedelta(seconds=5)
STARTING = timedelta(minutes=1)


def this_process() -> str:
    """One process for good: numbers are used again, and every container counts from 1."""
    return f"{_machine()} / {os.getpid()} {start_of(os.getpid())}"


async def introduce(client: PrefectClient, flow_run: FlowRun) -> None:
    """Let the run know its process."""
    await client.update_flow_run_labels(flow_run.id, {PROCESS: this_process()})


async def is_dead(client: PrefectClient, flow_run: FlowRun) -> bool:
    """Whether a run that is called running has no process any more."""
    assert flow_run.state
    if datetime.now(UTC) - flow_run.state.timestamp < INTRODUCTION:
        return False
    machine, _, process = str(flow_run.labels.get(PROCESS, "")).rpartition(" / ")
    if machine == _machine():
        pid, started = process.split()
        return start_of(int(pid)) != started
    return await _is_silent(client, flow_run)


def start_of(pid: int) -> str:
    """When it started, in clock ticks since boot; empty where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()  # the name in brackets may hold spaces
    return "" if state == "Z" else rest[18]


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
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
