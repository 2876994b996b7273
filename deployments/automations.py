"""What the server does by itself: a run that crashes is let go on, and one that is over is told of.

A run that waited for a crashed or cancelled one to end is called; one that ended in good order has called it itself.
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
# A crashed run goes on, or is given up and fails then.
ENDS = [StateType.COMPLETED.value, StateType.FAILED.value, StateType.CANCELLED.value]
# Which run has come into which state: an event of a new state has the state's id.
THE_RUN = {
    "run_id": {"__prefect_kind": "jinja", "template": "{{ flow_run.id }}"},
    "state_id": {"__prefect_kind": "jinja", "template": "{{ event.id }}"},
}


async def ensure_automations(client: PrefectClient, *, has_webhooks: bool) -> None:
    """Make the automations, or bring them up to date; nothing is told where there is nobody to tell."""
    await _ensure(
        client, recovery.DEPLOYMENT,
        name="Recover crashed runs",
        description="A run whose process was killed goes on from its last finished step.",
        # Runs of other upkeep don't have the tags: what is there to recover must not be started by its own crash.
        trigger=_each(
            expect={CRASHED, CANCELLED}, match_related={"prefect.resource.id": [_tag(tag) for tag in RECOVERED_TAGS]}
        ),
    )  # fmt: skip
    if not has_webhooks:
        return await _remove(client, AUTOMATION)
    await _ensure(
        client, DELIVERY, THE_RUN,
        name=AUTOMATION,
        description="When a run is over, the addresses of CALLSHEET_WEBHOOK_URL are told.",
        trigger=_each(
            expect={"prefect.flow-run.*"},
            match={"prefect.resource.id": "prefect.flow-run.*", "prefect.state-type": ENDS},
            # A scene has its video's tags, but no deployment.
            match_related=[{"prefect.resource.id": _tag(MADE_TAG)}, {"prefect.resource.role": "deployment"}],
        ),
    )  # fmt: skip
    return None


def _tag(tag: str) -> str:
    return f"prefect.tag.{tag}"


def _each(**chosen: Any) -> EventTrigger:
    """At every event of these, at once."""
    return EventTrigger(posture=Posture.Reactive, threshold=1, within=timedelta(0), **chosen)


async def _ensure(
    client: PrefectClient, deployment_name: str, parameters: dict[str, Any] | None = None, **described: Any
) -> None:
    """One automation that starts a deployment; nothing where the server does not know that deployment."""
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
