"""Artifacts never decide anything: a server that does not take them costs no run its work."""

import asyncio
import logging

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.settings import PREFECT_API_URL, temporary_settings

from callsheet.model.film.media import Clip, StoredObject
from callsheet.model.run.manifest import SceneOutcome, SceneReport
from tasks.run.progress import current_progress, progress_of
from tasks.run.reporting import report_attempts, report_scene
from tests.flows.history import all_artifacts, latest_run
from tests.s3_server import Answer, answering

CLIP = Clip(
    stored=StoredObject(key="clips/a.mp4", sha256="ab" * 32, size_bytes=1, media_type="video/mp4"),
    width=426, height=240, frame_rate=15, frames=15, has_audio=False, profile="draft",
)  # fmt: skip
REPORT = SceneReport(number=1, name="A", outcome=SceneOutcome.RENDERED, clip=CLIP)


async def changed_until_written(progress):
    """Say something new, and wait until the artifact was written or given up."""
    progress.change(lambda now: now.scene_done("01 A"))
    async with asyncio.timeout(30):
        while progress._changed.is_set():
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("prefect_server")
async def test_progress_that_somebody_deletes_in_the_ui_costs_nothing():
    """The run continues to its result, also if it writes once more and a last time."""

    @flow(name="watched", flow_run_name="Deleted meanwhile")
    async def watched():
        async with progress_of("Deleted meanwhile", scenes=1) as progress:
            [artifact] = await all_artifacts(flow_run.id)
            async with get_client() as client:
                await client.delete_artifact(artifact.id)
            await changed_until_written(progress)
            await changed_until_written(progress)
        return "made"

    assert await watched() == "made"
    assert await all_artifacts((await latest_run("Deleted meanwhile")).id) == []


@pytest.mark.parametrize("answer", [Answer(500, b"database is locked"), Answer(404, b"{}")])
async def test_a_scene_is_made_although_the_server_takes_no_artifact(answer, caplog):
    """Neither its progress nor its reports are seen then, and a log says why."""
    with (
        answering(answer) as (address, requests),
        temporary_settings({PREFECT_API_URL: f"{address}/api"}),
        caplog.at_level(logging.WARNING),
    ):
        async with progress_of("Unseen", scenes=1) as progress:
            assert current_progress() is progress
            await report_scene(REPORT, "01 A")
            await report_attempts((), "01 A")
    assert requests
    assert "Something is not shown in the Prefect server" in caplog.text
