"""The protocol of paid jobs: Callsheet spends money at most once, even if a process is killed at any time.

A job at a provider has three steps. Each step's result is kept under the job's key before the next step begins:

1. `intend` notes the time. Every acceptance of the job by the provider comes after that.
2. `submit` asks the provider whether it has accepted the job since, and submits it if not. So Callsheet pays nothing
   twice: neither after a kill between acceptance and record, nor after a lost answer, nor if two runs want the same.
3. `receive` waits for the end, fetches the result, and stores it. It also keeps the fact that there was none.

The cost is counted once, in the run that first saw the end, whatever the end is.

A cancelled run cancels the predictions that it has requested, and no others. A later run makes a new prediction: this
is a separate job that replaces the cancelled one.

A new kind of paid jobs needs a `PaidAdapter`. `tasks/footage.py` has the first one.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

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
from callsheet.model.footage.jobs import (
    Failed,
    FailureKind,
    Finished,
    FootageEstimate,
    Pending,
    Submitted,
)
from callsheet.model.footage.orders import FootageMaker, Intent, Submission
from callsheet.providers.paid_provider import PaidProvider, error_of
from callsheet.watchdog import report_progress
from tasks import policies
from tasks.paid_jobs.notes import Notes
from tasks.paid_jobs.slots import Pace
from tasks.step import Given, KeptStep, step

ANSWER_AWAITED_S = 10.0
"""Longest wait of a cancelled run for the answer to its last job; it is killed after 30 s."""
# Errors of a submission after which the provider has certainly accepted nothing.
REFUSALS = (ProviderRefused, QuotaExhausted, RateLimited)

Order = TypeVar("Order")
"""What a caller asks for; its files are in the store."""
Job = TypeVar("Job")
"""What the provider gets, with files on this machine."""
Made = TypeVar("Made")
"""What is kept of the result."""
Kept = TypeVar("Kept")


class PaidAdapter(ABC, Generic[Order, Job, Made]):
    """What the protocol needs to know about one kind of paid jobs."""

    name: str
    """Name of the kind in its steps and in the keys of its results, which are durable."""
    modules: tuple[str, ...] = ()
    """The code behind results that this machine makes at no cost; paid results do not depend on our code."""

    @abstractmethod
    def maker(self) -> FootageMaker:
        """Return the maker that the settings name."""

    @abstractmethod
    def pace(self) -> Pace:
        """Return the limits of the maker."""

    @abstractmethod
    def connect(self) -> AbstractAsyncContextManager[PaidProvider[Job]]:
        """Yield the provider that the settings name."""

    @abstractmethod
    def job_of(self, order: Order) -> Job:
        """Return the job without its files: it can be named, estimated and found, but not sent."""

    @abstractmethod
    def prepare(self, order: Order) -> AbstractAsyncContextManager[Job]:
        """Yield the job with its files on this machine."""

    @abstractmethod
    async def collect(self, order: Order, finished: Finished) -> Made:
        """Fetch and store the result."""

    @abstractmethod
    def cost_usd(self, made: Made) -> float | None:
        """Return the price of a result; None if only the estimate is known."""

    @abstractmethod
    async def report_fruitless(self, label: str, failed: Failed) -> None:
        """Show that a job cost money and gave nothing."""

    def can_run(self, order: Order) -> bool:
        """Return whether the order is complete; an incomplete one can only be estimated."""
        return True


class PaidKind(Generic[Order, Job, Made]):
    """All jobs of one kind: their prices, their results and their steps."""

    def __init__(self, adapter: PaidAdapter[Order, Job, Made]) -> None:
        self.adapter = adapter
        self.intend = self._step("intend", _intend)
        self.submit = self._step("submit", self._submit)
        self.receive = self._step("receive", self._receive)

    @property
    def notes(self) -> Notes:
        """Return the notes on jobs at the maker that the settings name."""
        return Notes(self.adapter.name, self.adapter.maker())

    async def estimate(self, orders: Mapping[str, Order]) -> dict[str, FootageEstimate]:
        """Return what every order will cost, by its label, and whether its result is kept.

        An incomplete order has no kept result. An order that equals an earlier one in the list is paid with that. The
        provider is not asked.

        Raises:
            InvalidRequest: no model can do a job.
        """
        jobs = {label: self.adapter.job_of(order) for label, order in orders.items()}
        async with self.adapter.connect() as provider:
            estimates = {label: provider.estimate(job) for label, job in jobs.items()}
            keys = {label: provider.job_key(job) for label, job in jobs.items() if self.adapter.can_run(orders[label])}
        first: dict[str, str] = {}
        for label, job_key in keys.items():
            if other := first.get(job_key):
                estimates[label] = estimates[label].as_part_of(other, is_kept=estimates[other].is_kept)
                continue
            first[job_key] = label
            is_made = await self._read_kept(job_key) is not None
            estimates[label] = estimates[label].model_copy(update={"is_kept": is_made})
        return estimates

    async def read_kept(self, order: Order) -> Made | None:
        """Return an earlier run's result of this order; None if there is none. The provider is not asked."""
        return await self._read_kept(await self._key_of(order))

    async def make(self, order: Order, label: str) -> Made:
        """Return the result: kept from before, awaited if its job is in progress, else new.

        Raise what the failure of its prediction means. A prediction that was cancelled before this run began is
        replaced.
        """
        job_key = await self._key_of(order)
        replaced: tuple[str, ...] = ()
        while True:
            job = PaidJob(self, order, job_key, replaced, label)
            outcome = await job.finish()
            if not isinstance(outcome, Failed):
                return outcome
            prediction_id = outcome.submitted.prediction_id
            if outcome.kind is not FailureKind.CANCELLED or job.is_own or prediction_id in replaced:
                raise error_of(outcome)
            replaced = (*replaced, prediction_id)

    async def stop(self, prediction_id: str) -> bool:
        """Cancel a prediction of a cancelled run; return whether this call did it.

        If the provider can't cancel it now, the next call tries again.
        """
        submitted = await self.notes.read_taken(prediction_id)
        if submitted is None or await self.notes.is_stopped(prediction_id):
            return False
        with suppress(CallsheetError):
            async with self.adapter.connect() as provider:
                await provider.cancel(submitted)
            await self.notes.note_stopped(prediction_id)
            return True
        return False

    def _step(self, stage: str, work: Callable[Given, Coroutine[Any, Any, Kept]]) -> KeptStep[Given, Kept]:
        name = f"{stage}-{self.adapter.name}"
        policy = policies.paid_job_policy(stage, self.adapter.name, self.adapter.modules)
        return step(policy, name=name, run_name=f"{name} {{label}}")(work)

    async def _key_of(self, order: Order) -> str:
        async with self.adapter.connect() as provider:
            return provider.job_key(self.adapter.job_of(order))

    async def _read_kept(self, job_key: str) -> Made | None:
        """Return what is kept of a job, or of the one that replaced it after a cancel."""
        notes, replaced = self.notes, [""]
        while failed := await notes.read_failure(job_key, replaced[-1]):
            prediction_id = failed.submitted.prediction_id
            if failed.kind is not FailureKind.CANCELLED or prediction_id in replaced:
                return None
            replaced.append(prediction_id)
        return await self.receive.read_kept({"maker": notes.maker, "job_key": job_key, "replaces": replaced[-1]})

    # The key of each step's result is made of maker, job_key and replaces alone.

    async def _submit(
        self,
        maker: FootageMaker,
        job_key: str,
        replaces: str,
        label: str,
        job: "PaidJob[Order, Job, Made]",
        intent: Intent,
    ) -> Submission:
        pace = self.adapter.pace()
        async with self.adapter.connect() as provider, self.adapter.prepare(job.order) as prepared:
            while True:
                async with pace.starting():
                    if accepted := await job.find(provider, intent):
                        return Submission(submitted=accepted, asked_by=job.run if job.is_sent else intent.asked_by)
                    if await pace.may_begin(await provider.count_unfinished()):
                        await pace.wait_for_start_spacing()
                        return Submission(submitted=await job.send(provider, prepared), asked_by=job.run)
                report_progress()
                await asyncio.sleep(pace.poll_s)

    async def _receive(
        self, maker: FootageMaker, job_key: str, replaces: str, label: str, order: Order, submitted: Submitted
    ) -> Made:
        async with self.adapter.connect() as provider:
            ended = await _wait_for_end(provider, submitted, self.adapter.pace().poll_s)
        if isinstance(ended, Failed):
            await Notes(self.adapter.name, maker).note_failed(job_key, replaces, ended)
            raise error_of(ended)
        return await self.adapter.collect(order, ended)


class PaidJob(Generic[Order, Job, Made]):
    """One job of this run, or the one that replaces the cancelled predictions `replaced`."""

    def __init__(
        self, kind: PaidKind[Order, Job, Made], order: Order, job_key: str, replaced: tuple[str, ...], label: str
    ) -> None:
        self.order = order
        self.run = str(flow_run.root_flow_run_id)
        """The outermost run."""
        self.is_sent = False
        """Whether this process has sent the job and the provider has not certainly refused it."""
        self.is_own = False
        """Whether this process requested its prediction; an earlier try of the same run may have, too."""
        self._kind = kind
        self._job_key = job_key
        self._replaced = replaced
        self._replaces = replaced[-1] if replaced else ""
        self._notes = kind.notes
        self._inputs: dict[str, Any] = {
            "maker": self._notes.maker,
            "job_key": job_key,
            "replaces": self._replaces,
            "label": label,
        }
        self._submitted: Submitted | None = None
        """The prediction that was accepted for this run."""
        self._refused_at: datetime | None = None
        """Start of a certainly refused submission: nothing was accepted before it."""

    async def finish(self) -> Made | Failed:
        """Return the result, and count its cost once, whatever the result is."""
        failed = await self._notes.read_failure(self._job_key, self._replaces)
        if failed is None:
            try:
                return await self._make()
            except (PredictionFailed, ProviderRefused):
                failed = await self._notes.read_failure(self._job_key, self._replaces)
                if failed is None:
                    raise
        if await self._notes.spend_once(failed.submitted.prediction_id, failed.cost_usd):
            await self._kind.adapter.report_fruitless(self._inputs["label"], failed)
        return failed

    async def _make(self) -> Made:
        """Run the steps.

        A submitted prediction needs no slot: it runs already, and the steps only wait.
        """
        kind = self._kind
        is_submitted = await kind.submit.is_kept(self._inputs) or await kind.receive.is_kept(self._inputs)
        slot = nullcontext() if is_submitted else kind.adapter.pace().in_flight()
        async with slot, self._cancelled_with_the_run():
            submitted = await self._submit_once()
            made = await kind.receive(**self._inputs, order=self.order, submitted=submitted)
        cost_usd = kind.adapter.cost_usd(made)
        await self._notes.spend_once(submitted.prediction_id, submitted.estimate_usd if cost_usd is None else cost_usd)
        return made

    async def _submit_once(self) -> Submitted:
        """Submit once. After a certain refusal, the next run need not look back as far."""
        intent = await self._intend()
        try:
            submission = await self._kind.submit(**self._inputs, job=self, intent=intent)
        except CallsheetError:
            if self._refused_at is not None:
                await self._kind.intend.renew(**self._inputs, at=self._refused_at, asked_by=self.run)
            raise
        is_of_this_run = submission.asked_by == self.run
        self.is_own = is_of_this_run and self.is_sent
        self._submitted = submission.submitted if is_of_this_run else None
        return submission.submitted

    async def _intend(self) -> Intent:
        return await self._kind.intend(**self._inputs, at=datetime.now(UTC), asked_by=self.run)

    async def find(self, provider: PaidProvider[Job], intent: Intent) -> Submitted | None:
        """Return what the provider has already accepted for the job.

        A provider does not keep the job of a prediction. Callsheet notes the job of each of its predictions, and
        ignores those of other jobs.
        """
        try:
            found = await provider.find(self._kind.adapter.job_of(self.order), intent.at, self._replaced)
        except SubmissionUnclear as unclear:
            noted = {each: await self._notes.read_taken(each) for each in unclear.candidates}
            found = next((each for each in noted.values() if each and each.job_key == self._job_key), None)
            unknown = tuple(prediction_id for prediction_id, each in noted.items() if each is None)
            if found is None and unknown:
                raise SubmissionUnclear(unclear.provider, unknown) from unclear
        if found is not None:
            await self._notes.note_taken(found)
        return found

    async def send(self, provider: PaidProvider[Job], prepared: Job) -> Submitted:
        """Submit the job and note it at once; call this alone, after a look-up that found nothing."""
        self._refused_at, began = None, datetime.now(UTC)
        self.is_sent = True
        # A request on its way can't be called back: a cancelled run waits for the answer, to cancel what was accepted.
        sending = asyncio.ensure_future(provider.submit(prepared))
        try:
            self._submitted = await asyncio.shield(sending)
        except REFUSALS:
            self.is_sent, self._refused_at = False, began
            raise
        except asyncio.CancelledError:
            with suppress(CallsheetError, TimeoutError):
                async with asyncio.timeout(ANSWER_AWAITED_S):
                    self._submitted = await sending
                await self._notes.note_submitted(self._submitted)
            raise
        await self._notes.note_submitted(self._submitted)
        return self._submitted

    @asynccontextmanager
    async def _cancelled_with_the_run(self) -> AsyncIterator[None]:
        """Cancel the prediction if a user cancels the run; a paused or killed run leaves it.

        The block covers the steps and the time between them: a wait for the next try is not part of a step.
        """
        try:
            yield
        except (asyncio.CancelledError, TerminationSignal):
            if await _is_run_cancelled():
                await self._cancel()
            raise

    async def _cancel(self) -> None:
        async with self._kind.adapter.connect() as provider:
            submitted = self._submitted
            if submitted is None and self.is_sent:
                submitted = await self.find(provider, await self._intend())
            if submitted is not None:
                await provider.cancel(submitted)


async def _intend(maker: FootageMaker, job_key: str, replaces: str, label: str, at: datetime, asked_by: str) -> Intent:
    return Intent(job_key=job_key, at=at, asked_by=asked_by)


async def _wait_for_end(provider: PaidProvider[Job], submitted: Submitted, poll_s: float) -> Finished | Failed:
    """Ask for the prediction until it has ended; cancel an overdue one, and ask once more."""
    while isinstance(seen := await provider.look(submitted), Pending):
        report_progress()
        await asyncio.sleep(poll_s)
    if isinstance(seen, Failed) and seen.kind is FailureKind.OVERDUE:
        await provider.cancel(submitted)
        again = await provider.look(submitted)
        return seen if isinstance(again, Pending) else again
    return seen


async def _is_run_cancelled() -> bool:
    async with get_client() as client:
        run = await client.read_flow_run(flow_run.root_flow_run_id)
    return run.state is not None and (run.state.is_cancelling() or run.state.is_cancelled())
