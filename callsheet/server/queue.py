"""The position of a run among those that wait for a limit."""

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun

from callsheet.model.run.queue import CALLED, QUEUED, RUN_LIMITS, RunLimits, Turn, ahead_of, turn_of
from callsheet.server import queries
from callsheet.server.paging import PAGE


async def ahead_in_line(client: PrefectClient, flow_run: FlowRun) -> int:
    """Return how many waiting runs begin before this one.

    The count uses one page of them: in a longer line, it leaves out the rest.
    """
    found = await client.read_flow_runs(flow_run_filter=queries.in_states_named(QUEUED, CALLED), limit=PAGE)
    line = {turn_in_line(each) for each in (*found, flow_run)}
    return ahead_of(flow_run.id, line, await read_limits(client))


async def read_limits(client: PrefectClient) -> RunLimits:
    """Return the limits in force; no limits if the server has none."""
    found = await client.read_variable_by_name(RUN_LIMITS)
    return RunLimits.model_validate(found.value) if found else RunLimits()


def turn_in_line(flow_run: FlowRun) -> Turn:
    """Return the run's turn in line, from the server's data."""
    return turn_of(flow_run.id, flow_run.tags, flow_run.work_queue_name, flow_run.expected_start_time)
