"""The history of runs for people in the Prefect server."""

from datetime import UTC, datetime, timedelta

from prefect.artifacts import acreate_table_artifact

from callsheet import client
from callsheet.model.run.history import History
from callsheet.model.run.history_tables import flow_rows, run_rows, step_rows, title
from tasks import policies
from tasks.step import step


@step(policies.READING, name="read-history")
async def read_history(days: float, flow: str, owner: str) -> History:
    """Read the results of the runs of the last days."""
    now = datetime.now(UTC)
    return await client.history(since=now - timedelta(days=days), until=now, flow=flow, owner=owner)


async def report_history(history: History) -> None:
    """Show a table of flows, one of steps and one of the latest runs."""
    said = title(history)
    await acreate_table_artifact(key="history", description=said, table=flow_rows(history))
    await acreate_table_artifact(key="history-steps", description=f"Steps of {said}", table=step_rows(history))
    await acreate_table_artifact(key="history-runs", description=f"The latest of {said}", table=run_rows(history))
