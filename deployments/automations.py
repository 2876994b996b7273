"""Automations of the server: it starts the recovery of a crashed run, and the webhooks of a finished one.

The recovery also calls the run that waited for a crashed or cancelled one. A run that ends regularly makes this call
itself.
"""

from datetime import timedelta
from typing import Any

from prefect.automations import AutomationCore
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType
from prefect.events.actions import RunDeployment
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectNotFound

from callsheet.model.deployed import MADE_TAG, full_name
from callsheet.model.run import recovery
from callsheet.model.run.recovery import RECOVERED_TAGS
from callsheet.model.run.webhooks import AUTOMATION

DELIVERY = full_name("deliver-webhooks")
CRASHED = "prefect.flow-run.Crashed"
CANCELLED = "prefect.flow-run.Cancelled"
# Recovery restarts a crashed run, or gives it up, and then it fails.
ENDS = [StateType.COMPLETED.value, StateType.FAILED.value, StateType.CANCELLED.value]
# The run and its new state: the event of a new state has the state's id.
THE_RUN = {
    "run_id": {"__prefect_kind": "jinja", "template": "{{ flow_run.id }}"},
    "state_id": {"__prefect_kind": "jinja", "template": "{{ event.id }}"},
}


async def ensure_automations(client: PrefectClient, *, has_webhooks: bool) -> None:
    """Create or update the automations; without webhook addresses, create none for webhooks."""
    await _ensure(
        client,
        recovery.DEPLOYMENT,
        name="Recover crashed runs",
        description="A run whose process was killed continues from its last finished step.",
        # Runs of other upkeep don't have the tags: a crashed recovery must not start the next one.
        trigger=_each(
            expect={CRASHED, CANCELLED}, match_related={"prefect.resource.id": [_tag(tag) for tag in RECOVERED_TAGS]}
        ),
    )
    if not has_webhooks:
        return await _remove(client, AUTOMATION)
    await _ensure(
        client,
        DELIVERY,
        THE_RUN,
        name=AUTOMATION,
        description="When a run is over, Callsheet posts its result to the addresses of CALLSHEET_WEBHOOK_URL.",
        trigger=_each(
            expect={"prefect.flow-run.*"},
            match={"prefect.resource.id": "prefect.flow-run.*", "prefect.state-type": ENDS},
            # A scene has its video's tags, but no deployment.
            match_related=[{"prefect.resource.id": _tag(MADE_TAG)}, {"prefect.resource.role": "deployment"}],
        ),
    )
    return None


def _tag(tag: str) -> str:
    return f"prefect.tag.{tag}"


def _each(**chosen: Any) -> EventTrigger:
    """Return the trigger that fires at every event of these, at once."""
    return EventTrigger(posture=Posture.Reactive, threshold=1, within=timedelta(0), **chosen)


async def _ensure(
    client: PrefectClient, deployment_name: str, parameters: dict[str, Any] | None = None, **described: Any
) -> None:
    """Create an automation that starts a deployment, if the server knows that deployment."""
    try:
        deployment = await client.read_deployment_by_name(deployment_name)
    except ObjectNotFound:
        return
    action = RunDeployment(source="selected", deployment_id=deployment.id, parameters=parameters)
    wanted = AutomationCore(actions=[action], **described)
    found = await client.read_automations_by_name(wanted.name)
    if found:
        await client.update_automation(found[0].id, wanted)
    else:
        await client.create_automation(wanted)


async def _remove(client: PrefectClient, name: str) -> None:
    for automation in await client.read_automations_by_name(name):
        await client.delete_automation(automation.id)
