"""Where a run stands among those that wait for others to end."""

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun

from callsheet.model.run.queue import CALLED, QUEUED, RUN_LIMITS, RunLimits, Turn, ahead_of, turn_of
from callsheet.server import queries
from callsheet.server.paging import PAGE


async def ahead_in_line(client: PrefectClient, flow_run: FlowRun) -> int:
    """How many of the runs that wait begin before this one.

    Looks at one page of them: nobody counts the rest of a line that is longer.
    """
    found = await client.read_flow_runs(flow_run_filter=queries.in_states_named(QUEUED, CALLED), limit=PAGE)
    line = {turn_in_line(each) for each in (*found, flow_run)}
    return ahead_of(flow_run.id, line, await read_limits(client))


async def read_limits(client: PrefectClient) -> RunLimits:
    """What bounds runs now; nothing does where the server knows of no limits."""
    found = await client.read_variable_by_name(RUN_LIMITS)
    return RunLimits.model_validate(found.value) if found else RunLimits()


def turn_in_line(flow_run: FlowRun) -> Turn:
    """Where the run stands by what the server knows of it."""
    return turn_of(flow_run.id, flow_run.tags, flow_run.work_queue_name, flow_run.expected_start_time)
