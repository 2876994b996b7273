"""Predictions of runs that were cancelled without a process: paused, crashed, or waiting.

Upkeep stops them.
"""

from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType

from callsheet.model.labels import PREDICTION
from callsheet.server import queries
from tasks.footage import FOOTAGE

PAID_KINDS = {FOOTAGE.adapter.name: FOOTAGE}
# No model of the catalogue may take longer: an older prediction has ended without a cancel.
LOOKED_BACK = timedelta(hours=1)


async def stop_left_running(client: PrefectClient) -> list[str]:
    """Cancel what cancelled runs have left at the provider; return the ids of these predictions.

    If the provider can't cancel a prediction now, the next upkeep tries again.
    """
    cancelled = queries.both(
        queries.in_states(StateType.CANCELLED), queries.ended(after=datetime.now(UTC) - LOOKED_BACK)
    )
    requested = {
        label.removeprefix(PREDICTION): PAID_KINDS.get(str(kind), FOOTAGE)
        for run in await queries.read_top_level_runs(client, cancelled)
        for label, kind in run.labels.items()
        if label.startswith(PREDICTION)
    }
    return [prediction_id for prediction_id, kind in requested.items() if await kind.stop(prediction_id)]
