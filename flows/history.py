"""The history of runs: every morning, and on demand, as tables in the Prefect server."""

from typing import Annotated

from prefect import flow
from pydantic import Field

from callsheet.model.deployed import UPKEEP_TAG, deployed
from tasks.run.termination import heed_sigterm
from tasks.upkeep.history import read_history
from tasks.upkeep.history import report_history as report


@deployed("How long runs and steps took, retries, costs and outcomes, as tables.", tags=[UPKEEP_TAG], cron="0 6 * * *")
@flow(name="report-history", flow_run_name="history of {days:g} days")
@heed_sigterm
async def report_history(days: Annotated[float, Field(gt=0)] = 7, flow: str = "", owner: str = "") -> int:
    """Sum up the runs of the last days.

    Args:
        days: How far back.
        flow: Only runs of this flow, e.g. generate-video; without it, all but upkeep.
        owner: Only runs that were started for this owner.

    Returns:
        The number of runs.
    """
    history = await read_history(days, flow, owner)
    await report(history)
    return history.runs
