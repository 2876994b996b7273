"""Edited and animated pictures.

Callsheet spends money at most once, even if a process is killed at any time.

A job at a provider has three steps. Each step's result is kept under the job's key before the next step begins:

1. `intend-footage` notes the time. Every acceptance of the job by the provider comes after that.
2. `submit-footage` asks the provider whether it has accepted the job since, and submits it if not. So Callsheet pays
   nothing twice: neither after a kill between acceptance and record, nor after a lost answer, nor if two runs want the
   same.
3. `receive-footage` waits for the end, fetches the result, and stores it. It also keeps the fact that there was none.

A cancelled run cancels the predictions that it has requested, and no others. A later run makes a new prediction: this
is a separate job that replaces the cancelled one.
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
"""Longest wait of a cancelled run for the answer to its last job; it is killed after 30 s."""
# Errors of a submission after which the provider has certainly accepted nothing.
REFUSALS = (ProviderRefused, QuotaExhausted, RateLimited)


async def estimate_footage(orders: dict[str, FootageOrder]) -> dict[str, FootageEstimate]:
    """Return what every job will cost, by its label, and whether its result is kept.

    A job without pictures yet has no kept result. A job that equals an earlier one in the list is paid with that. The
    provider is not asked.

    Raises:
        InvalidRequest: no model can do a job.
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
    """Return an earlier run's result of this order; None if there is none.

    The provider is not asked.
    """
    async with wiring.footage_provider() as provider:
        job_key = provider.job_key(order.job())
    return await _read_cached(job_key)


async def make_clip(order: FootageOrder, label: str) -> tuple[Clip, FootageRecord]:
    """Make moving pictures into a clip of the order's profile; return it and its maker."""
    made = await make_footage(order, label)
    clip = await _conform_clip(made, order.profile, order.fit, wiring.footage_maker(), label)
    return clip, made.record


async def make_footage(order: FootageOrder, label: str) -> MadeFootage:
    """Return the ordered footage: kept from before, awaited if it is in progress, else new.

    Raise what the failure of its prediction means. A prediction that was cancelled before this run began is replaced.
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
    """Return what is kept of a job, or of the one that replaced it after a cancel."""
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
    """What this process has sent to the provider for one job, for a cancel or another look-up."""

    submitted: Submitted | None = None
    """The prediction that was accepted for this run."""
    is_open: bool = False
    """True if this process has sent the job and the provider has not certainly refused it."""
    refused_at: datetime | None = None
    """Start of a certainly refused submission: nothing was accepted before it."""


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
        """Whether this process requested its prediction; an earlier try of the same run may have, too."""

    async def outcome(self) -> MadeFootage | Failed:
        """Return the result, and record its cost once, whatever the result is."""
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
        """Run the steps.

        A submitted prediction needs no slot: it runs already, and the step only waits.
        """
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
        """Submit once. After a certain refusal, the next run need not look back as far."""
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
        """Cancel the prediction if a user cancels the run; a paused or killed run leaves it.

        The block covers the steps and the time between them: a wait for the next try is not part of a step.
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
    """Return the parameters that identify the steps of a job."""
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
    """Return what the provider has already accepted for the job.

    A provider does not keep the job of a prediction. Callsheet notes the job of each of its predictions, and ignores
    those of other jobs.
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
    """Submit the job and note it at once; call this alone, after a look-up that found nothing."""
    asking.refused_at, began = None, datetime.now(UTC)
    asking.is_open = True
    # A request on its way can't be called back: a cancelled run waits for the answer, to cancel what was accepted.
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
    """Ask for the prediction until it has ended; cancel an overdue one, and ask once more."""
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
    """Yield the job with local copies of its pictures."""
    async with wiring.opened(order.pictures) as paths:
        yield order.job(paths)


async def _is_run_cancelled() -> bool:
    async with get_client() as client:
        run = await client.read_flow_run(flow_run.root_flow_run_id)
    return run.state is not None and (run.state.is_cancelling() or run.state.is_cancelled())
