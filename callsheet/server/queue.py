"""The position of a run among those that wait for a limit."""

from datetime import UTC, datetime

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun

from callsheet.model.run.queue import RUN_LIMITS, RunLimits, Turn, owner_in, priority_of


async def read_limits(client: PrefectClient) -> RunLimits:
    """Return the limits in force; no limits if the server has none."""
    found = await client.read_variable_by_name(RUN_LIMITS)
    return RunLimits.model_validate(found.value) if found else RunLimits()


def turn_in_line(flow_run: FlowRun) -> Turn:
    """Return the run's turn in line. A run without a moment to begin begins last."""
    return Turn(
        run_id=flow_run.id,
        owner=owner_in(flow_run.tags),
        priority=priority_of(flow_run.work_queue_name),
        since=flow_run.expected_start_time or datetime.max.replace(tzinfo=UTC),
    )
