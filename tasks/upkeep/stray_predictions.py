"""Predictions of runs that were cancelled without a process: paused, crashed, or waiting.

Upkeep stops them.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.runtime import flow_run

from callsheet.errors import CallsheetError
from callsheet.model.labels import PREDICTION
from callsheet.server import queries
from callsheet.server.label_writer import write_labels
from tasks import wiring
from tasks.paid_jobs.notes import is_stopped, note_stopped, read_taken

# No model of the catalogue may take longer: an older prediction has ended without a cancel.
LOOKED_BACK = timedelta(hours=1)


async def remember_prediction(prediction_id: str) -> None:
    """Label the outermost run with the prediction that it has requested.

    A server that does not answer costs only the label: the prediction is also recorded elsewhere.
    """
    with suppress(httpx.HTTPError):
        async with get_client() as client:
            await write_labels(client, UUID(flow_run.root_flow_run_id), {f"{PREDICTION}{prediction_id}": True})


async def stop_left_running(client: PrefectClient) -> list[str]:
    """Cancel what cancelled runs have left at the provider; return the ids of these predictions.

    If the provider can't cancel a prediction now, the next upkeep tries again.
    """
    maker = wiring.footage_maker()
    if not maker.is_paid:
        return []
    cancelled = queries.both(
        queries.in_states(StateType.CANCELLED), queries.ended(after=datetime.now(UTC) - LOOKED_BACK)
    )
    asked_for = [
        each
        for each in _asked_for(await queries.read_top_level_runs(client, cancelled))
        if not await is_stopped(maker, each)
    ]
    stopped = []
    for prediction_id in asked_for:
        submitted = await read_taken(maker, prediction_id)
        with suppress(CallsheetError):
            if submitted is not None:
                async with wiring.footage_provider() as provider:
                    await provider.cancel(submitted)
                stopped.append(prediction_id)
            await note_stopped(maker, prediction_id)
    return stopped


def _asked_for(runs: Iterable[FlowRun]) -> list[str]:
    return [label.removeprefix(PREDICTION) for run in runs for label in run.labels if label.startswith(PREDICTION)]
