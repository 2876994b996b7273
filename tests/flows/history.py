"""What the Prefect server remembers of runs, for tests to look at."""

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterName,
    FlowRunFilterParentFlowRunId,
)
from prefect.client.schemas.sorting import FlowRunSort


async def latest_run(name):
    """The flow run of this name that began last."""
    async with get_client() as client:
        runs = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(name=FlowRunFilterName(any_=[name])), sort=FlowRunSort.START_TIME_DESC
        )
    return runs[0]


async def scene_runs(run_id):
    """The subflow runs of a video's run."""
    async with get_client() as client:
        return await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run_id]))
        )


async def task_states(run_id):
    """Name and state name of every task run of a run and of its scenes."""
    scenes = await scene_runs(run_id)
    ids = [run_id, *(run.id for run in scenes)]
    async with get_client() as client:
        runs = await client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=ids)))
    return [(run.name, run.state.name) for run in runs]


async def rendered(run_id):
    """Names of the scenes that were really rendered, sorted."""
    states = await task_states(run_id)
    return sorted(name for name, state in states if name.startswith("render-scene") and state == "Completed")


async def begun(run_id):
    """Names of the renders that have begun, sorted: once for each time, however they have ended."""
    states = await task_states(run_id)
    idle = ("Cached", "Pending", "Scheduled")
    return sorted(name for name, state in states if name.startswith("render-scene") and state not in idle)


async def all_artifacts(run_id):
    """Every artifact that a run made itself."""
    async with get_client() as client:
        return await client.read_artifacts(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])))


async def artifacts(run_id):
    """The artifacts of a run, by their type."""
    return {artifact.type: artifact for artifact in await all_artifacts(run_id)}
