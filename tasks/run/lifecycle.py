"""The beginning and the end of a run: its place in the queue, its cost recorder, and the ends that are no failures."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import Pause
from prefect.states import Cancelled, Scheduled

from callsheet.errors import NotApproved, ProviderRefused, QuotaExhausted
from callsheet.model.labels import PROVIDER, RESUMED
from callsheet.model.run.resumption import Resumption
from callsheet.model.run.waiting import PENDING_RETRY, TRIES_AT_MOST, can_resume_later, tries_in
from callsheet.server.label_writer import write_labels
from callsheet.server.run_state import stands_alone
from tasks.policies import resumption
from tasks.run.budget import cost_recorder
from tasks.run.limits import run_limits
from tasks.run.process import given_back, introduce, this_run
from tasks.run.progress import RunProgress, progress_of
from tasks.run.queue import call_next, take_place

NEVER = timedelta(days=3650)


@asynccontextmanager
async def video_run(title: str, scenes: int) -> AsyncIterator[RunProgress]:
    """Show the progress of the run in the block, and keep its ends that are no failures.

    `run_lifecycle` describes these ends.
    """
    async with run_lifecycle(), progress_of(title, scenes=scenes) as progress:
        yield progress


@asynccontextmanager
async def run_lifecycle() -> AsyncIterator[None]:
    """End an unapproved run as Cancelled, and one without quota at a provider as PendingRetry.

    A run that can't be resumed (a scene of a video, a flow called by hand) fails with the same words instead.
    """
    async with _with_queue_slot(), cost_recorder():
        try:
            with _resumed():
                yield
        except NotApproved as error:
            await leave(Cancelled(message=str(error)))
        except (QuotaExhausted, ProviderRefused) as error:
            waiting = _waiting(error)
            if waiting is None:
                raise
            await leave(waiting, {PROVIDER: error.provider})


@contextmanager
def _resumed() -> Iterator[None]:
    """Let the steps of the block know where the run continues, if a person has said so. Its scenes know it, too."""
    flow_run = _flow_run()
    written = flow_run.labels.get(RESUMED)
    if not written:
        yield
        return
    token = resumption.set((str(flow_run.id), Resumption.model_validate_json(str(written))))
    try:
        yield
    finally:
        resumption.reset(token)


async def leave(state: State[Any], labels: dict[str, str] | None = None) -> NoReturn:
    """Enter `state` and end the process: Prefect's engine treats a `Pause` as a regular end."""
    flow_run = _flow_run()
    async with get_client() as client:
        if labels:
            await write_labels(client, flow_run.id, dict(labels))
        answer = await client.set_flow_run_state(flow_run.id, state)
    raise Pause(state=answer.state or state)


async def introduce_process() -> None:
    """Label a recoverable run with its process, so that upkeep notices when the process is gone."""
    flow_run = _flow_run()
    if flow_run.deployment_id is not None:
        async with get_client() as client:
            await introduce(client, flow_run)


@asynccontextmanager
async def without_queue() -> AsyncIterator[None]:
    """Label a deployment's run with its process.

    It takes no slot, for which its own runs would wait.
    """
    await introduce_process()
    flow_run = _flow_run()
    if flow_run.deployment_id is None:
        yield
        return
    async with given_back(flow_run):
        yield


@asynccontextmanager
async def _with_queue_slot() -> AsyncIterator[None]:
    """Begin a deployment's run when it gets a slot; until then, end its process."""
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
    message = f"{reason}. The run continues when {error.provider} answers again"
    if tries:
        message += f" (resumed {tries} of {TRIES_AT_MOST} times)"
    return Scheduled(name=PENDING_RETRY, scheduled_time=datetime.now(UTC) + NEVER, message=message)


def _flow_run() -> FlowRun:
    flow_run = this_run()
    assert flow_run
    return flow_run
