"""The flows that the server can start, and runs of any of them, even of flows without a request type."""

from collections.abc import Mapping
from datetime import datetime
from inspect import Parameter
from typing import Any

from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import SCHEDULE_TYPES, CronSchedule, IntervalSchedule, RRuleSchedule
from prefect.states import Scheduled

from callsheet.model.deployed import FORMER_TAG, Deployment, cron_words, interval_words, parameter_words
from callsheet.model.run.queue import owner_tags
from callsheet.model.run.runs import Run
from callsheet.server import queries
from callsheet.server.connection import connected
from callsheet.server.deployments import read_deployment
from callsheet.server.queries import read_all
from callsheet.server.runs import to_run


async def list_flows() -> tuple[Deployment, ...]:
    """Return the server's deployments of Callsheet, by name, without former names."""
    async with connected() as client:
        ours = await read_all(client.read_deployments, deployment_filter=queries.our_deployments())
        found = [each for each in ours if FORMER_TAG not in each.tags]
        named = [(f"{(await client.read_flow(each.flow_id)).name}/{each.name}", each) for each in found]
    return tuple(_described(name, each) for name, each in sorted(named, key=lambda pair: pair[0]))


async def start_flow(
    flow: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    idempotency_key: str | None = None,
    owner: str = "",
    at: datetime | None = None,
) -> Run:
    """Start a run of any deployed flow by its name (`generate-video`), with JSON values.

    The same key never starts a second run; `owner` and `at` are as in `start`.

    Raises:
        InvalidRequest: the flow does not take these parameters; the message names the field.
        SetupIncomplete: the server does not know the flow.
        TransientError: the server can't be reached.
    """
    async with connected() as client:
        deployment = await read_deployment(client, flow)
        flow_run = await client.create_flow_run_from_deployment(
            deployment.id,
            parameters=dict(parameters or {}),
            tags=owner_tags(owner),
            state=Scheduled(scheduled_time=at),
            idempotency_key=deployment.idempotency_key(None if idempotency_key is None else f"flow:{idempotency_key}"),
        )
        return await to_run(client, flow_run)


def _described(name: str, deployment: DeploymentResponse) -> Deployment:
    schema = deployment.parameter_openapi_schema or {}
    active = [each.schedule for each in deployment.schedules if each.active]
    return Deployment(
        name=name,
        entrypoint=deployment.entrypoint or "",
        description=deployment.description or "",
        parameters=tuple(_parameter(*each) for each in schema.get("properties", {}).items()),
        schedule=", ".join(map(_in_words, active)),
    )


def _parameter(name: str, schema: Mapping[str, Any]) -> str:
    return parameter_words(name, schema.get("default", Parameter.empty))


def _in_words(schedule: SCHEDULE_TYPES) -> str:
    match schedule:
        case IntervalSchedule():
            return interval_words(schedule.interval.total_seconds())
        case CronSchedule():
            return cron_words(schedule.cron, schedule.timezone)
        case RRuleSchedule():
            return schedule.rrule
    return ""
