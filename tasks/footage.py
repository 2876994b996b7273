"""Edited and animated pictures. Money is spent at most once, whenever the process that spends it is killed.

A job at a provider is three steps. Each one's result is kept under the job's own key before the next one begins:

1. `intend-footage` notes the time. Whatever was accepted for the job was accepted after that.
2. `submit-footage` asks the provider whether it has accepted the job since, and submits it where it has not. So nothing
   is paid twice: neither after a death between acceptance and record, nor where an answer was lost, nor by two runs
   that want the same.
3. `receive-footage` waits for the end, fetches what was made, and stores it. That it gave nothing is kept as well.

A run that is cancelled cancels the predictions that it has asked for, and no others. Somebody who runs it again wants
another one: that is a job of its own, in the place of the cancelled one.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prefect.client.orchestration import get_client
from prefect.exceptions import TerminationSignal
from prefect.runtime import flow_run

from callsheet.errors import (
    CallsheetError,
    PredictionFailed,
    ProviderRefused,
    QuotaExhausted,
    RateLimited,
    SubmissionUnclear,
)
from callsheet.footage.conform import conform_video
from callsheet.footage.provider import FootageProvider, error_of
from callsheet.model.film.media import Clip
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.footage.jobs import (
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
from callsheet.model.footage.orders import (
    FootageMaker,
    FootageOrder,
    FootageRecord,
    Intent,
    MadeFootage,
    Submission,
)
from callsheet.scratch import scratch_dir
from callsheet.settings import settings
from callsheet.threads import in_a_thread
from callsheet.watchdog import report_progress
from tasks import policies, wiring
from tasks.paid_jobs.notes import note_failed, note_taken, read_failure, read_taken, spend_once
from tasks.paid_jobs.slots import in_flight, may_begin, starting, wait_for_start_spacing
from tasks.publishing import store_clip, upload
from tasks.run.footage_report import report_fruitless
from tasks.run.progress import current_progress
from tasks.step import step
from tasks.upkeep.stray_predictions import remember_prediction

KIND = "footage"
DOING = {
    JobKind.EDIT_IMAGE: "editing",
    JobKind.ANIMATE_IMAGE: "animating",
    JobKind.ANIMATE_BETWEEN: "animating",
}
ANSWER_AWAITED_S = 10.0
"""So long a cancelled run waits for the answer to a job that it has just sent; it is killed after half a minute."""
# Errors of a submission after which it is certain that nothing was accepted.
REFUSALS = (ProviderRefused, QuotaExhausted, RateLimited)


async def estimate_footage(orders: dict[str, FootageOrder]) -> dict[str, FootageEstimate]:
    """What everything will cost, by its label, and whether it is kept; what has no pictures yet is not.

    What is the same as something before it is made, and paid, with that. The provider is not asked. Raises
    InvalidRequest where no model can do it.
    """
    async with wiring.footage_provider() as provider:
        estimates = {label: provider.estimate(order.job()) for label, order in orders.items()}
        keys = {label: provider.job_key(order.job()) for label, order in orders.items() if order.pictures}
    first: dict[str, str] = {}
    for label, job_key in keys.items():
        if other := first.get(job_key):
            estimates[label] = estimates[label].as_part_of(other, is_kept=estimates[other].is_kept)
            continue
        first[job_key] = label
        is_made = await _read_cached(job_key) is not None
        estimates[label] = estimates[label].model_copy(update={"is_kept": is_made})
    return estimates


async def read_cached_footage(order: FootageOrder) -> MadeFootage | None:
    """What was made of this order in an earlier run; None where it is still to be made. The provider is not asked."""
    async with wiring.footage_provider() as provider:
        job_key = provider.job_key(order.job())
    return await _read_cached(job_key)


async def make_clip(order: FootageOrder, label: str) -> tuple[Clip, FootageRecord]:
    """Moving pictures as a clip that follows the order's profile, and who made them."""
    made = await make_footage(order, label)
    clip = await _conform_clip(made, order.profile, order.fit, wiring.footage_maker(), label)
    return clip, made.record


async def make_footage(order: FootageOrder, label: str) -> MadeFootage:
    """What was ordered: kept from an earlier run, waited for where it is being made, else made now.

    Raises what the failure of its prediction means; one that was cancelled before this run began is replaced.
    """
    progress = current_progress()
    if progress is not None:
        progress.change(lambda now: now.scene_doing(label, DOING[order.kind]))
    async with wiring.footage_provider() as provider:
        job_key = provider.job_key(order.job())
    replaced: tuple[str, ...] = ()
    while True:
        call = _Call(order, job_key, replaced, label)
        outcome = await call.outcome()
        if isinstance(outcome, MadeFootage):
            return outcome
        prediction_id = outcome.submitted.prediction_id
        if outcome.kind is not FailureKind.CANCELLED or call.asked_now or prediction_id in replaced:
            raise error_of(outcome)
        replaced = (*replaced, prediction_id)


async def _read_cached(job_key: str) -> MadeFootage | None:
    """What is kept of a job, or of the one that replaced it when it was cancelled."""
    identity = _identity(job_key)
    replaced: set[str] = set()
    while failed := await read_failure(identity):
        prediction_id = failed.submitted.prediction_id
        if failed.kind is not FailureKind.CANCELLED or prediction_id in replaced:
            return None
        replaced.add(prediction_id)
        identity = _identity(job_key, prediction_id)
    return await _receive.read_kept(identity)


@dataclass
class _SubmissionState:
    """What this process has asked of the provider for one job, so that it can be taken back or be asked again."""

    submitted: Submitted | None = None
    """What was accepted for this run."""
    is_open: bool = False
    """This process has sent it, and it was not refused for certain: it may be accepted, or is."""
    refused_at: datetime | None = None
    """A time after which nothing was sent but what was refused for certain; nothing was accepted before."""


class _Call:
    """The steps of one job, or of what replaces the cancelled predictions `replaced`."""

    def __init__(self, order: FootageOrder, job_key: str, replaced: tuple[str, ...], label: str) -> None:
        self._order = order
        self._key = _identity(job_key, replaced[-1] if replaced else "")
        self._identity = {**self._key, "label": label}
        self._maker: FootageMaker = self._key["maker"]
        self._replaced = replaced
        self._run = str(flow_run.root_flow_run_id)
        self.asked_now = False
        """Whether its prediction was asked for by this process; an earlier try of the same run may have, too."""

    async def outcome(self) -> MadeFootage | Failed:
        """What came of it. What it has cost is written down once, whatever it was."""
        failed = await read_failure(self._key)
        if failed is None:
            try:
                return await self._make()
            except (PredictionFailed, ProviderRefused):
                failed = await read_failure(self._key)
                if failed is None:
                    raise
        if await spend_once(self._maker, failed.submitted.prediction_id, failed.cost_usd):
            await report_fruitless(self._identity["label"], failed)
        return failed

    async def _make(self) -> MadeFootage:
        """Step by step. What was submitted before has no need of a place: it runs, and is waited for at once."""
        if await _submit.is_kept(self._identity) or await _receive.is_kept(self._identity):
            return await self._receive()
        async with in_flight(self._maker):
            return await self._receive()

    async def _receive(self) -> MadeFootage:
        asking = _SubmissionState()
        async with self._cancelled_with_the_run(asking):
            submission = await self._submit_once(asking)
            made = await _receive(**self._identity, order=self._order, submitted=submission.submitted)
        cost = made.record.estimate_usd if made.record.cost_usd is None else made.record.cost_usd
        await spend_once(self._maker, made.record.prediction_id, cost)
        return made

    async def _submit_once(self, asking: _SubmissionState) -> Submission:
        """The submission. Where it was refused for certain, the next run need not look for it as far back."""
        intent = await _intend(**self._identity, at=datetime.now(UTC), asked_by=self._run)
        try:
            submission: Submission = await _submit(
                **self._identity,
                order=self._order,
                intent=intent,
                replaced=self._replaced,
                asked_by=self._run,
                asking=asking,
            )
        except CallsheetError:
            if asking.refused_at is not None:
                await _intend.renew(**self._identity, at=asking.refused_at, asked_by=self._run)
            raise
        is_own = submission.asked_by == self._run
        self.asked_now = is_own and asking.is_open
        asking.submitted = submission.submitted if is_own else None
        return submission

    @asynccontextmanager
    async def _cancelled_with_the_run(self, asking: _SubmissionState) -> AsyncIterator[None]:
        """A run that ends because somebody cancelled it cancels its prediction; one that is paused or killed does not.

        It covers the steps and all that lies between them: a wait for the next try is no part of a step.
        """
        try:
            yield
        except (asyncio.CancelledError, TerminationSignal):
            if await _is_run_cancelled():
                await self._cancel(asking)
            raise

    async def _cancel(self, asking: _SubmissionState) -> None:
        async with wiring.footage_provider() as provider:
            submitted = asking.submitted
            if submitted is None and asking.is_open:
                intent = await _intend(**self._identity, at=datetime.now(UTC), asked_by=self._run)
                submitted = await provider.find(self._order.job(), intent.at, self._replaced)
            if submitted is not None:
                await provider.cancel(submitted)


def _identity(job_key: str, replaces: str = "") -> dict[str, Any]:
    """By which the steps of a job are known."""
    return {"maker": wiring.footage_maker(), "job_key": job_key, "replaces": replaces}


@step(policies.INTENDING, name="intend-footage", run_name="intend-footage {label}")
async def _intend(maker: FootageMaker, job_key: str, replaces: str, label: str, at: datetime, asked_by: str) -> Intent:
    return Intent(job_key=job_key, at=at, asked_by=asked_by)


@step(policies.SUBMITTING, name="submit-footage", run_name="submit-footage {label}")
async def _submit(
    maker: FootageMaker,
    job_key: str,
    replaces: str,
    label: str,
    order: FootageOrder,
    intent: Intent,
    replaced: tuple[str, ...],
    asked_by: str,
    asking: _SubmissionState,
) -> Submission:
    async with wiring.footage_provider() as provider, _at_hand(order) as job:
        while True:
            async with starting(maker):
                if found := await _read_accepted(provider, maker, job, intent, replaced):
                    sender = asked_by if asking.is_open else intent.asked_by
                    return Submission(submitted=found, asked_by=sender)
                if await may_begin(maker, provider):
                    await wait_for_start_spacing(maker)
                    return Submission(submitted=await _send(provider, maker, job, asking), asked_by=asked_by)
            report_progress()
            await asyncio.sleep(settings().footage_poll_s)


@step(policies.RECEIVING, name="receive-footage", run_name="receive-footage {label}")
async def _receive(
    maker: FootageMaker, job_key: str, replaces: str, label: str, order: FootageOrder, submitted: Submitted
) -> MadeFootage:
    async with wiring.footage_provider() as provider:
        ended = await _wait_for_end(provider, submitted)
        if isinstance(ended, Failed):
            await note_failed(_identity(job_key, replaces), ended)
            raise error_of(ended)
        with scratch_dir(wiring.scratch_root(), "footage") as folder:
            async with _at_hand(order) as job:
                footage = await provider.collect(job, ended, folder)
            stored = await upload(footage.path, KIND, footage.media_type)
    record = FootageRecord(
        kind=order.kind, provider=footage.provider, model=footage.model, prediction_id=footage.prediction_id,
        estimate_usd=submitted.estimate_usd, cost_usd=footage.cost_usd, notes=footage.notes,
    )  # fmt: skip
    return MadeFootage(stored=stored, record=record)


@step(policies.CONFORMING, name="conform-clip", run_name="conform-clip {label}")
async def _conform_clip(made: MadeFootage, profile: ProfileName, fit: Fit, maker: FootageMaker, label: str) -> Clip:
    with scratch_dir(wiring.scratch_root(), "conform") as folder:
        path = folder / "clip.mp4"
        async with wiring.opened([made.stored]) as (source,):
            if maker.is_paid:
                await in_a_thread(conform_video, source, PROFILES[profile], fit, path)
            else:
                await in_a_thread(shutil.copyfile, source, path)
        return await store_clip(path, PROFILES[profile])


async def _read_accepted(
    provider: FootageProvider, maker: FootageMaker, job: FootageJob, intent: Intent, replaced: tuple[str, ...]
) -> Submitted | None:
    """What the provider has accepted for the job already.

    A provider forgets what its predictions were of; ours are noted, so those that are another job's are none of this.
    """
    try:
        found = await provider.find(job, intent.at, replaced)
    except SubmissionUnclear as unclear:
        noted = {prediction_id: await read_taken(maker, prediction_id) for prediction_id in unclear.candidates}
        found = next((each for each in noted.values() if each and each.job_key == intent.job_key), None)
        unknown = tuple(prediction_id for prediction_id, each in noted.items() if each is None)
        if found is None and unknown:
            raise SubmissionUnclear(unclear.provider, unknown) from unclear
    if found is not None and maker.is_paid:
        await note_taken(maker, found)
    return found


async def _send(provider: FootageProvider, maker: FootageMaker, job: FootageJob, asking: _SubmissionState) -> Submitted:
    """The job, submitted, and noted at once. To be called by who is alone in submitting, and found nothing accepted."""
    asking.refused_at, began = None, datetime.now(UTC)
    asking.is_open = True
    # What is on its way can't be called back: who cancels the run waits for the answer, to cancel what was accepted.
    sending = asyncio.ensure_future(provider.submit(job))
    try:
        asking.submitted = await asyncio.shield(sending)
    except REFUSALS:
        asking.is_open, asking.refused_at = False, began
        raise
    except asyncio.CancelledError:
        with suppress(CallsheetError, TimeoutError):
            async with asyncio.timeout(ANSWER_AWAITED_S):
                asking.submitted = await sending
            await _note(maker, asking.submitted)
        raise
    await _note(maker, asking.submitted)
    return asking.submitted


async def _note(maker: FootageMaker, submitted: Submitted) -> None:
    if maker.is_paid:
        await note_taken(maker, submitted)
        await remember_prediction(submitted.prediction_id)


async def _wait_for_end(provider: FootageProvider, submitted: Submitted) -> Finished | Failed:
    """Ask after it until it has ended. One that is overdue is cancelled, and looked at once more."""
    while isinstance(seen := await provider.look(submitted), Pending):
        report_progress()
        await asyncio.sleep(settings().footage_poll_s)
    if isinstance(seen, Failed) and seen.kind is FailureKind.OVERDUE:
        await provider.cancel(submitted)
        again = await provider.look(submitted)
        return seen if isinstance(again, Pending) else again
    return seen


@asynccontextmanager
async def _at_hand(order: FootageOrder) -> AsyncIterator[FootageJob]:
    """The job with its pictures on this machine, inside the block."""
    async with wiring.opened(order.pictures) as paths:
        yield order.job(paths)


async def _is_run_cancelled() -> bool:
    async with get_client() as client:
        run = await client.read_flow_run(flow_run.root_flow_run_id)
    return run.state is not None and (run.state.is_cancelling() or run.state.is_cancelled())
