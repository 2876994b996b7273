"""Queries to the Prefect server: runs, steps, artifacts and deployments, chosen by Callsheet's own terms.

A choice of runs is a `FlowRunFilter`; `both` joins two. A function named `read_…` asks the server, the others ask
nothing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    ArtifactFilter,
    DeploymentFilter,
    FlowFilter,
    FlowRunFilter,
    TaskRunFilter,
    WorkQueueFilter,
)
from prefect.client.schemas.objects import TERMINAL_STATES, Artifact, FlowRun, StateType, TaskRun, Variable

from callsheet.model.deployed import DEPLOYMENT_NAME, MADE_TAG, NAMES_OF_FLOWS
from callsheet.model.run.queue import owner_tags

PAGE = 200
"""The server's most entries of a page."""

Read = TypeVar("Read")


async def pages(read: Callable[..., Awaitable[list[Read]]], size: int, **chosen: Any) -> AsyncIterator[list[Read]]:
    """Yield page after page of `read`.

    The server's default order is by ids, which new entries don't change.
    """
    offset = 0
    while page := await read(**chosen, limit=size, offset=offset):
        yield page
        if len(page) < size:
            return
        offset += size


async def read_all(read: Callable[..., Awaitable[list[Read]]], **chosen: Any) -> list[Read]:
    """Return all entries of `read`, in one list."""
    return [each async for page in pages(read, PAGE, **chosen) for each in page]


UNFINISHED = tuple(kind for kind in StateType if kind not in TERMINAL_STATES)
FINISHED = tuple(TERMINAL_STATES)
EVERY_RUN = FlowRunFilter()
TOP_LEVEL = FlowRunFilter.model_validate({"parent_task_run_id": {"is_null_": True}})
"""Runs that are not scenes of others."""


def both(*choices: FlowRunFilter) -> FlowRunFilter:
    """Return the choice of the runs that all of these choices share.

    Each choice is about other properties of a run.
    """
    joined: dict[str, object] = {}
    for choice in choices:
        joined |= {name: getattr(choice, name) for name in choice.model_fields_set}
    return FlowRunFilter(**joined)


def in_states(*types: StateType, or_named: Collection[str] = ()) -> FlowRunFilter:
    """Choose runs in states of these types, or of these names."""
    of_names = {"operator": "or_", "name": {"any_": list(or_named)}} if or_named else {}
    return FlowRunFilter.model_validate({"state": {"type": {"any_": list(types)}, **of_names}})


def in_states_named(*names: str) -> FlowRunFilter:
    """Choose runs in states of these names; every run if there is none."""
    return FlowRunFilter.model_validate({"state": {"name": {"any_": list(names)}}}) if names else EVERY_RUN


def with_ids(*ids: UUID) -> FlowRunFilter:
    """Choose these runs."""
    return FlowRunFilter.model_validate({"id": {"any_": list(ids)}})


def named(name: str) -> FlowRunFilter:
    """Choose runs of this name."""
    return FlowRunFilter.model_validate({"name": {"any_": [name]}})


def of_deployments(deployment_ids: Collection[UUID]) -> FlowRunFilter:
    """Choose runs of these deployments."""
    return FlowRunFilter.model_validate({"deployment_id": {"any_": list(deployment_ids)}})


def scenes_of(*run_ids: UUID) -> FlowRunFilter:
    """Choose the runs of the scenes of these runs."""
    return FlowRunFilter.model_validate({"parent_flow_run_id": {"any_": list(run_ids)}})


def tagged(tags: Collection[str]) -> FlowRunFilter:
    """Choose runs with any of these tags."""
    return FlowRunFilter.model_validate({"tags": {"any_": list(tags)}})


def for_owner(owner: str, tags: Collection[str] = ()) -> FlowRunFilter:
    """Choose runs of this owner with all of these tags; every run if neither is given."""
    wanted = [*owner_tags(owner), *tags]
    return FlowRunFilter.model_validate({"tags": {"all_": wanted}}) if wanted else EVERY_RUN


def begun() -> FlowRunFilter:
    """Choose runs that have begun to run at least once."""
    return FlowRunFilter.model_validate({"start_time": {"is_null_": False}})


def due(after: datetime | None = None, before: datetime | None = None) -> FlowRunFilter:
    """Choose runs that were or are to begin between these moments."""
    return FlowRunFilter.model_validate({"expected_start_time": {"after_": after, "before_": before}})


def waiting_before(moment: datetime) -> FlowRunFilter:
    """Choose runs that wait for a runner and were to begin before this moment."""
    next_start = FlowRunFilter.model_validate({"next_scheduled_start_time": {"before_": moment}})
    return both(in_states(StateType.SCHEDULED), next_start)


def ended(after: datetime, before: datetime | None = None) -> FlowRunFilter:
    """Choose runs that ended between these moments."""
    return FlowRunFilter.model_validate({"end_time": {"after_": after, "before_": before}})


def of_flows(*flows: str) -> FlowFilter | None:
    """Choose flows by their names; every flow if none is named."""
    chosen = list(filter(None, flows))
    return FlowFilter.model_validate({"name": {"any_": chosen}}) if chosen else None


def our_deployments() -> DeploymentFilter:
    """Choose the deployments of Callsheet, under their names of today and under the former one."""
    return DeploymentFilter.model_validate({"name": {"any_": [DEPLOYMENT_NAME, *NAMES_OF_FLOWS.values()]}})


def deployments_with_ids(ids: Collection[UUID]) -> DeploymentFilter:
    """Choose these deployments."""
    return DeploymentFilter.model_validate({"id": {"any_": list(ids)}})


def work_queue(queue_id: UUID) -> WorkQueueFilter:
    """Choose this work queue."""
    return WorkQueueFilter.model_validate({"id": {"any_": [queue_id]}})


def artifacts(*, keys: Collection[str] = (), types: Collection[str] = ()) -> ArtifactFilter:
    """Choose artifacts by their keys or their types."""
    chosen = {"key": {"any_": list(keys)}} if keys else {"type": {"any_": list(types)}}
    return ArtifactFilter.model_validate(chosen)


async def read_runs(client: PrefectClient, chosen: FlowRunFilter) -> list[FlowRun]:
    """Read all runs that are chosen."""
    return await read_all(client.read_flow_runs, flow_run_filter=chosen)


async def read_top_level_runs(
    client: PrefectClient, chosen: FlowRunFilter, tags: Collection[str] = (MADE_TAG,)
) -> list[FlowRun]:
    """Read the chosen top-level runs whose deployment has any of these tags: by default, films."""
    return await read_all(
        client.read_flow_runs,
        flow_run_filter=both(TOP_LEVEL, chosen),
        deployment_filter=DeploymentFilter.model_validate({"tags": {"any_": list(tags)}}),
    )


async def read_steps(client: PrefectClient, chosen: FlowRunFilter, *, state_name: str = "") -> list[TaskRun]:
    """Read the steps of the chosen runs; those in a state of this name, if one is given."""
    in_state = TaskRunFilter.model_validate({"state": {"name": {"any_": [state_name]}}}) if state_name else None
    return await read_all(client.read_task_runs, flow_run_filter=chosen, task_run_filter=in_state)


async def read_variables(client: PrefectClient, beginning: str, tags: Collection[str] = ()) -> list[Variable]:
    """Read the variables whose names begin so, with all of these tags."""
    found: list[Variable] = []
    chosen = {"name": {"like_": beginning}, **({"tags": {"all_": list(tags)}} if tags else {})}
    while True:
        body = {"variables": chosen, "limit": PAGE, "offset": len(found)}
        page = Variable.model_validate_list((await client.request("POST", "/variables/filter", json=body)).json())
        found += page
        if len(page) < PAGE:
            return [each for each in found if each.name.startswith(beginning)]


async def read_artifacts(client: PrefectClient, runs: FlowRunFilter, chosen: ArtifactFilter) -> list[Artifact]:
    """Read the chosen artifacts of the chosen runs."""
    return await read_all(client.read_artifacts, artifact_filter=chosen, flow_run_filter=runs)
