"""How a run begins and ends: its place in the queue, its cost recorder, and the ends that are no failures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import Pause
from prefect.states import Cancelled, Scheduled

from callsheet.errors import NotApproved, ProviderRefused, QuotaExhausted
from callsheet.model.labels import PROVIDER
from callsheet.model.run.waiting import PENDING_RETRY, TRIES_AT_MOST, can_resume_later, tries_in
from callsheet.server.run_state import stands_alone
from tasks.run.budget import cost_recorder
from tasks.run.current import this_run
from tasks.run.limits import run_limits
from tasks.run.process import given_back, introduce
from tasks.run.progress import RunProgress, progress_of
from tasks.run.queue import call_next, take_place

NEVER = timedelta(days=3650)


@asynccontextmanager
async def video_run(title: str, scenes: int) -> AsyncIterator[RunProgress]:
    """Inside, the run shows its progress, and its ends that are no failures are kept as such (see `run_lifecycle`)."""
    async with run_lifecycle(), progress_of(title, scenes=scenes) as progress:
        yield progress


@asynccontextmanager
async def run_lifecycle() -> AsyncIterator[None]:
    """Inside, a run that is not approved ends as Cancelled, and one whose provider is out of quota as PendingRetry.

    A run that nobody could resume (a scene of a video, a flow called by hand) fails with the same words instead.
    """
    async with _with_queue_slot(), cost_recorder():
        try:
            yield
        except NotApproved as error:
            await leave(Cancelled(message=str(error)))
        except (QuotaExhausted, ProviderRefused) as error:
            waiting = _waiting(error)
            if waiting is None:
                raise
            await leave(waiting, {PROVIDER: error.provider})


async def leave(state: State[Any], labels: dict[str, str] | None = None) -> NoReturn:
    """Let this run enter `state`, and end its process: Prefect's engine takes a `Pause` as an end in good order."""
    flow_run = _flow_run()
    async with get_client() as client:
        if labels:
            await client.update_flow_run_labels(flow_run.id, dict(labels))
        answer = await client.set_flow_run_state(flow_run.id, state)
    raise Pause(state=answer.state or state)


async def introduce_process() -> None:
    """A run that can be recovered says which process it has, so that it is known when that process is gone."""
    flow_run = _flow_run()
    if flow_run.deployment_id is not None:
        async with get_client() as client:
            await introduce(client, flow_run)


@asynccontextmanager
async def without_queue() -> AsyncIterator[None]:
    """Inside, a run of a deployment is known by its process. It takes no place, which runs that it starts wait for."""
    await introduce_process()
    flow_run = _flow_run()
    if flow_run.deployment_id is None:
        yield
        return
    async with given_back(flow_run):
        yield


@asynccontextmanager
async def _with_queue_slot() -> AsyncIterator[None]:
    """A run of a deployment begins when others have left it a place; until then it gives its process back."""
    flow_run = _flow_run()
    if flow_run.deployment_id is None:
        yield
        return
    await introduce_process()
    async with get_client() as client:
        limits = await run_limits(client)
        queued = await take_place(client, flow_run, limits)
    if queued is not None:
        raise Pause(state=queued)
    async with given_back(flow_run, call_next if limits.bounds_runs else None):
        yield


def _waiting(error: QuotaExhausted | ProviderRefused) -> State[Any] | None:
    flow_run = _flow_run()
    tries = tries_in(flow_run.labels)
    if not (can_resume_later(error) and stands_alone(flow_run) and tries < TRIES_AT_MOST):
        return None
    reason = str(error).rstrip(".")
    message = f"{reason}. It goes on by itself when {error.provider} answers again"
    if tries:
        message += f" (resumed {tries} of {TRIES_AT_MOST} times)"
    return Scheduled(name=PENDING_RETRY, scheduled_time=datetime.now(UTC) + NEVER, message=message)


def _flow_run() -> FlowRun:
    flow_run = this_run()
    assert flow_run
    return flow_run
