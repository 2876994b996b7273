"""Edited and animated pictures. Money is spent at most once, whenever the process that spends it is killed.

A job at a provider is three steps. Each one's result is kept under the job's own key before the next one begins:

1. `intend-footage` notes the time. Whatever was accepted for the job was accepted after that.
2. `submit-footage` asks the provider whether it has accepted the job since, and submits it where it has not. So nothing
   is paid twice: neither after a death between acceptance and record, nor where an answer was lost, nor by two runs
   that want the same.
3. `receive-footage` waits for the end, fetches what was made, and stores it.

A run that is cancelled cancels its prediction. Somebody who runs it again wants another one: that is a job of its own,
in the place of the cancelled one.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from prefect import task
from prefect.client.orchestration import get_client
from prefect.exceptions import TerminationSignal
from prefect.runtime import flow_run

from callsheet.errors import PredictionCancelled
from callsheet.footage.conform import conform_video
from callsheet.footage.provider import FootageProvider, error_of
from callsheet.model.footage import (
    Failed,
    FailureKind,
    Finished,
    Fit,
    FootageEstimate,
    FootageJob,
    JobKind,
    Pending,
    Submitted,
)
from callsheet.model.footage_orders import FootageMaker, FootageOrder, FootageRecord, Intent, MadeFootage, Submission
from callsheet.model.media import Clip
from callsheet.model.profile import PROFILES, ProfileName
from callsheet.scratch import scratch_dir
from callsheet.settings import settings
from tasks import policies, wiring
from tasks.budget import spend
from tasks.footage_turns import in_flight, spaced, starting
from tasks.keeping import is_kept, made_or_kept
from tasks.progress import current_progress
from tasks.publishing import store_clip, upload

KIND = "footage"
DOING = {
    JobKind.EDIT_IMAGE: "editing",
    JobKind.ANIMATE_IMAGE: "animating",
    JobKind.ANIMATE_BETWEEN: "animating",
}


async def estimate_footage(orders: dict[str, FootageOrder]) -> dict[str, FootageEstimate]:
    """What everything will cost, by its label, and whether it is kept; what has no pictures yet is not.

    Nobody is asked. Raises InvalidRequest where no model can do it.
    """
    async with wiring.footage_provider() as provider:
        estimates = {label: provider.estimate(order.job()) for label, order in orders.items()}
        keys = {label: provider.job_key(order.job()) for label, order in orders.items() if order.pictures}
    kept = {label for label, job_key in keys.items() if await is_kept(_receive, **_identity(job_key))}
    return {label: estimate.model_copy(update={"is_kept": label in kept}) for label, estimate in estimates.items()}


async def make_clip(order: FootageOrder, label: str) -> tuple[Clip, FootageRecord]:
    """Moving pictures as a clip that follows the order's profile, and who made them."""
    made = await make_footage(order, label)
    clip = await made_or_kept(
        _conform_clip, made=made, profile=order.profile, fit=order.fit, maker=wiring.footage_maker(), label=label
    )
    return clip, made.record


async def make_footage(order: FootageOrder, label: str) -> MadeFootage:
    """What was ordered: kept from an earlier run, waited for where it is being made, else made now."""
    progress = current_progress()
    if progress is not None:
        progress.change(lambda now: now.scene_doing(label, DOING[order.kind]))
    async with wiring.footage_provider() as provider:
        job_key = provider.job_key(order.job())
    replaces = ""
    while True:
        asked_by = uuid4().hex
        call = _Call(order, job_key, replaces, label)
        try:
            return await call.made(asked_by)
        except PredictionCancelled as error:
            if call.was_asked_by == asked_by:
                raise
            replaces = error.prediction_id


class _Call:
    """The steps of one job, or of its replacement."""

    def __init__(self, order: FootageOrder, job_key: str, replaces: str, label: str) -> None:
        self._order = order
        self._identity = {**_identity(job_key, replaces), "label": label}
        self.was_asked_by = ""

    async def made(self, asked_by: str) -> MadeFootage:
        """Step by step."""
        if await is_kept(_receive, **self._identity):
            return await self._received(asked_by)
        async with in_flight(self._identity["maker"]):
            return await self._received(asked_by)

    async def _received(self, asked_by: str) -> MadeFootage:
        intent = await _intend(**self._identity)
        submission = await _submit(**self._identity, order=self._order, intent=intent, asked_by=asked_by)
        self.was_asked_by = submission.asked_by
        return await made_or_kept(_receive, **self._identity, order=self._order, submitted=submission.submitted)


def _identity(job_key: str, replaces: str = "") -> dict[str, Any]:
    """By which the steps of a job are known."""
    return {"maker": wiring.footage_maker(), "job_key": job_key, "replaces": replaces}


@task(name="intend-footage", task_run_name="intend-footage {label}", **policies.INTENDING)
async def _intend(maker: FootageMaker, job_key: str, replaces: str, label: str) -> Intent:
    return Intent(job_key=job_key, at=datetime.now(UTC))


@task(name="submit-footage", task_run_name="submit-footage {label}", **policies.SUBMITTING)
async def _submit(
    maker: FootageMaker,
    job_key: str,
    replaces: str,
    label: str,
    order: FootageOrder,
    intent: Intent,
    asked_by: str,
) -> Submission:
    async with starting(maker), wiring.footage_provider() as provider, _at_hand(order) as job:
        find = partial(provider.find, job, intent.at, {replaces})
        if found := await find():
            return Submission(submitted=found)
        async with _cancelled_with_the_run(provider, find):
            submitted = await provider.submit(job)
            await spaced(maker)
    return Submission(submitted=submitted, asked_by=asked_by)


@task(name="receive-footage", task_run_name="receive-footage {label}", **policies.RECEIVING)
async def _receive(
    maker: FootageMaker, job_key: str, replaces: str, label: str, order: FootageOrder, submitted: Submitted
) -> MadeFootage:
    async with wiring.footage_provider() as provider:
        async with _cancelled_with_the_run(provider, partial(_known, submitted)):
            finished = await _ended(provider, submitted)
        with scratch_dir(wiring.scratch_root(), "footage") as folder:
            async with _at_hand(order) as job:
                footage = await provider.collect(job, finished, folder)
            await spend(submitted.estimate_usd if footage.cost_usd is None else footage.cost_usd)
            stored = await upload(footage.path, KIND, footage.media_type)
    record = FootageRecord(
        kind=order.kind, provider=footage.provider, model=footage.model, prediction_id=footage.prediction_id,
        estimate_usd=submitted.estimate_usd, cost_usd=footage.cost_usd, notes=footage.notes,
    )  # fmt: skip
    return MadeFootage(stored=stored, record=record)


@task(name="conform-clip", task_run_name="conform-clip {label}", **policies.CONFORMING)
async def _conform_clip(made: MadeFootage, profile: ProfileName, fit: Fit, maker: FootageMaker, label: str) -> Clip:
    with scratch_dir(wiring.scratch_root(), "conform") as folder, wiring.opened([made.stored]) as (source,):
        path = folder / "clip.mp4"
        if maker.is_paid:
            await asyncio.to_thread(conform_video, source, PROFILES[profile], fit, path)
        else:
            await asyncio.to_thread(shutil.copyfile, source, path)
        return await store_clip(path, PROFILES[profile])


async def _ended(provider: FootageProvider, submitted: Submitted) -> Finished:
    """Ask after it until it has ended. Raises what its failure means; one that is overdue is cancelled first."""
    while isinstance(seen := await provider.look(submitted), Pending):
        await asyncio.sleep(settings().footage_poll_s)
    if isinstance(seen, Failed):
        if seen.kind is FailureKind.OVERDUE:
            await provider.cancel(submitted)
        raise error_of(seen)
    return seen


@asynccontextmanager
async def _at_hand(order: FootageOrder) -> AsyncIterator[FootageJob]:
    """The job with its pictures on this machine, inside the block."""
    with wiring.opened(order.pictures) as paths:
        yield order.job(paths)


@asynccontextmanager
async def _cancelled_with_the_run(
    provider: FootageProvider, find: Callable[[], Awaitable[Submitted | None]]
) -> AsyncIterator[None]:
    """A run that ends because somebody cancelled it cancels its prediction; one that is paused or killed does not."""
    try:
        yield
    except (asyncio.CancelledError, TerminationSignal):
        if await _is_run_cancelled() and (submitted := await find()):
            await provider.cancel(submitted)
        raise


async def _known(submitted: Submitted) -> Submitted:
    return submitted


async def _is_run_cancelled() -> bool:
    async with get_client() as client:
        run = await client.read_flow_run(flow_run.root_flow_run_id)
    return run.state is not None and (run.state.is_cancelling() or run.state.is_cancelled())
