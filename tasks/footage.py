"""Edited and animated pictures: paid jobs, or made on this machine."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from callsheet.footage.conform import conform_video
from callsheet.footage.provider import FootageProvider
from callsheet.model.film.media import Clip
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.footage.jobs import Failed, Finished, Fit, FootageEstimate, FootageJob, JobKind
from callsheet.model.footage.orders import FootageMaker, FootageOrder, FootageRecord, MadeFootage
from callsheet.scratch import scratch_dir
from callsheet.settings import settings
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.paid_jobs.protocol import PaidAdapter, PaidKind
from tasks.paid_jobs.slots import IN_FLIGHT, STARTING, Pace
from tasks.publishing import store_clip, upload
from tasks.run.footage_report import report_fruitless
from tasks.run.progress import current_progress
from tasks.step import step

KIND = "footage"
DOING = {
    JobKind.EDIT_IMAGE: "editing",
    JobKind.COMPOSE_IMAGE: "painting",
    JobKind.ANIMATE_IMAGE: "animating",
    JobKind.ANIMATE_BETWEEN: "animating",
}


async def estimate_footage(orders: Mapping[str, FootageOrder]) -> dict[str, FootageEstimate]:
    """Return what every job will cost, by its label, and whether its result is kept.

    Raises:
        InvalidRequest: no model can do a job.
    """
    return await FOOTAGE.estimate(orders)


async def read_cached_footage(order: FootageOrder) -> MadeFootage | None:
    """Return an earlier run's result of this order; None if there is none."""
    return await FOOTAGE.read_kept(order)


async def make_clip(order: FootageOrder, label: str, frames: int | None = None) -> tuple[Clip, FootageRecord]:
    """Make moving pictures into a clip of the order's profile; return it and its maker.

    With `frames` it has exactly so many: it ends earlier, or holds its last picture.
    """
    made = await make_footage(order, label)
    clip = await _conform_clip(made, order.profile, order.fit, wiring.footage_maker(), label, frames)
    return clip, made.record


async def make_footage(order: FootageOrder, label: str) -> MadeFootage:
    """Return the ordered footage: kept from before, awaited if it is in progress, else new."""
    progress = current_progress()
    if progress is not None:
        progress.change(lambda now: now.scene_doing(label, DOING[order.kind]))
    return await FOOTAGE.make(order, label)


@step(policies.CONFORMING, name="conform-clip", run_name="conform-clip {label}")
async def _conform_clip(
    made: MadeFootage, profile: ProfileName, fit: Fit, maker: FootageMaker, label: str, frames: int | None = None
) -> Clip:
    with scratch_dir(wiring.scratch_root(), "conform") as folder:
        path = folder / "clip.mp4"
        async with wiring.opened([made.stored]) as (source,):
            if maker.is_paid or frames is not None:
                await in_a_thread(conform_video, source, PROFILES[profile], fit, path, frames)
            else:
                await in_a_thread(shutil.copyfile, source, path)
        return await store_clip(path, PROFILES[profile])


class _FootageAdapter(PaidAdapter[FootageOrder, FootageJob, MadeFootage]):
    """Footage, as `PaidAdapter` describes a kind of paid jobs."""

    name = KIND
    modules = policies.LOCAL_FOOTAGE_MODULES

    def maker(self) -> FootageMaker:
        return wiring.footage_maker()

    def pace(self) -> Pace:
        chosen = settings()
        return Pace(self.maker().is_paid, IN_FLIGHT, STARTING, chosen.footage_start_spacing_s, chosen.footage_poll_s)

    def connect(self) -> AbstractAsyncContextManager[FootageProvider]:
        return wiring.footage_provider()

    def can_run(self, order: FootageOrder) -> bool:
        return bool(order.pictures)

    def job_of(self, order: FootageOrder) -> FootageJob:
        return order.job()

    @asynccontextmanager
    async def prepare(self, order: FootageOrder) -> AsyncIterator[FootageJob]:
        async with wiring.opened(order.pictures) as paths:
            yield order.job(paths)

    async def collect(self, order: FootageOrder, finished: Finished) -> MadeFootage:
        with scratch_dir(wiring.scratch_root(), KIND) as folder:
            async with self.connect() as provider, self.prepare(order) as job:
                footage = await provider.collect(job, finished, folder)
            stored = await upload(footage.path, KIND, footage.media_type)
        record = FootageRecord(
            kind=order.kind,
            provider=footage.provider,
            model=footage.model,
            prediction_id=footage.prediction_id,
            estimate_usd=finished.submitted.estimate_usd,
            cost_usd=footage.cost_usd,
            notes=footage.notes,
        )
        return MadeFootage(stored=stored, record=record)

    def cost_usd(self, made: MadeFootage) -> float | None:
        return made.record.cost_usd

    async def report_fruitless(self, label: str, failed: Failed) -> None:
        await report_fruitless(label, failed)


FOOTAGE = PaidKind(_FootageAdapter())
