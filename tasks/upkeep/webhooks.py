"""News of finished runs, for other programs: put together from what the server knows, and delivered.

One run delivers one piece of news: it writes its id and the state's onto the run that ended. Another delivery of the
same state, because an automation fired twice or upkeep was too early, finds this label and stops.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import MissingResult
from prefect.runtime import flow_run

from callsheet.errors import InvalidRequest, SetupIncomplete
from callsheet.model.labels import DELIVERY
from callsheet.model.run.manifest import Manifest
from callsheet.model.run.webhooks import (
    AUTOMATION,
    EndedRun,
    Receipt,
    VideoFacts,
    WebhookData,
    WebhookEvent,
    WebhookType,
    delivery_id,
)
from callsheet.notify.posting import post
from callsheet.server import queries
from callsheet.server.deployments import order_delivery
from callsheet.server.run_state import error_message
from callsheet.server.runs import to_run
from tasks import policies, wiring
from tasks.step import step
from tasks.upkeep.recovery import CRASHED_WITHIN

TYPES = {
    StateType.COMPLETED: WebhookType.COMPLETED,
    StateType.FAILED: WebhookType.FAILED,
    StateType.CRASHED: WebhookType.CRASHED,
    StateType.CANCELLED: WebhookType.CANCELLED,
}
# An automation starts a delivery within seconds. Later, a run without one was missed: server or runner was down.
MISSED_AFTER = timedelta(minutes=10)
# Crashed runs are news when their recovery is over, so the search goes back further than that.
LOOKS_BACK = CRASHED_WITHIN + timedelta(days=1)


async def news_of(client: PrefectClient, run_id: UUID, state_id: UUID | None, *, by_hand: bool) -> WebhookEvent | None:
    """Return the news of a run in this state, or of its end; None if another run delivers it."""
    ended = await client.read_flow_run(run_id)
    states = await client.read_flow_run_states(run_id)
    state = next((each for each in states if each.id == state_id), ended.state if state_id is None else None)
    if state is None or state.type not in TYPES:
        raise InvalidRequest(f"run “{ended.name}” is not over, so it has no result yet")
    if not by_hand and not await _claim(client, ended, state.id):
        return None
    return await _event(client, ended, state, is_redelivery=by_hand)


def ping() -> WebhookEvent:
    """Return an event that tests an address."""
    return WebhookEvent(
        id=delivery_id(UUID(flow_run.id)), type=WebhookType.PING, timestamp=datetime.now(UTC), data=WebhookData()
    )


async def deliver_everywhere(event: WebhookEvent) -> tuple[Receipt, ...]:
    """Deliver to all addresses at once; a failure of one does not affect the others.

    Raises:
        SetupIncomplete: no address is set.
    """
    names = [endpoint.name for endpoint in wiring.webhook_endpoints()]
    if not names:
        raise SetupIncomplete("No address for webhooks is set; set CALLSHEET_WEBHOOK_URL.", "CALLSHEET_WEBHOOK_URL")
    # A delivery by hand repeats earlier ones; after a restart, no delivery is sent again.
    turn = flow_run.id if event.is_redelivery else ""
    deliveries = (deliver(event.id, name, turn, event) for name in names)
    answers = await asyncio.gather(*deliveries, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return tuple(answer for answer in answers if isinstance(answer, Receipt))


@step(policies.DELIVERING, name="deliver-webhook", run_name="deliver to {endpoint}")
async def deliver(event_id: str, endpoint: str, turn: str, event: WebhookEvent) -> Receipt:
    """Deliver the event to one address; raise the reason if that fails."""
    receipt = await post(wiring.webhook_endpoint(endpoint), event)
    get_run_logger().info("%s took %s (%s), answering %d", receipt.host, event.type, event_id, receipt.status)
    return receipt


async def read_missed(client: PrefectClient, ended_before: datetime | None = None) -> list[FlowRun]:
    """Return runs without a delivery that ended before this moment, or ten minutes ago.

    A run that ended before the server had a receiver is no news.
    """
    if not wiring.webhook_endpoints():
        return []
    # Prefect's own client omits the field.
    chosen = {"automations": {"name": {"any_": [AUTOMATION]}}}
    receivers = (await client.request("POST", "/automations/filter", json=chosen)).raise_for_status().json()
    if not receivers:
        return []
    registered_at = datetime.fromisoformat(receivers[0]["created"])
    now = datetime.now(UTC)
    ended = queries.ended(max(registered_at, now - LOOKS_BACK), ended_before or now - MISSED_AFTER)
    over = queries.both(queries.in_states(*queries.FINISHED), ended)
    return [each for each in await queries.read_top_level_runs(client, over) if _is_missed(each, now)]


async def redeliver(client: PrefectClient, ended: FlowRun) -> None:
    """Start a run that delivers the news; a second call for the same state gives the same run."""
    assert ended.state
    await order_delivery(client, run_id=ended.id, state_id=ended.state.id, idempotency_key=f"missed:{ended.state.id}")


def _is_missed(ended: FlowRun, now: datetime) -> bool:
    """Return whether no run has delivered this end, and no recovery may undo it."""
    assert ended.state
    is_claimed = str(ended.labels.get(DELIVERY, "")).startswith(str(ended.state.id))
    may_be_recovered = ended.state.type is StateType.CRASHED and now - ended.state.timestamp < CRASHED_WITHIN
    return not (is_claimed or may_be_recovered)


async def _claim(client: PrefectClient, ended: FlowRun, state_id: UUID) -> bool:
    """Return whether this run delivers: it has the label, or it is the first to write it."""
    mark = f"{state_id} by {flow_run.id}"
    written = str(ended.labels.get(DELIVERY, ""))
    if written.startswith(str(state_id)):
        return written == mark
    await client.update_flow_run_labels(ended.id, {DELIVERY: mark})
    return True


async def _event(client: PrefectClient, ended: FlowRun, state: State[Any], *, is_redelivery: bool) -> WebhookEvent:
    run = await to_run(client, ended)
    told = EndedRun(
        id=run.id,
        name=run.name,
        flow=run.flow,
        owner=run.owner,
        state=state.name or state.type.value,
        message=error_message(state.message),
        created_at=run.created_at,
        ended_at=state.timestamp,
        ui_url=run.ui_url,
    )
    return WebhookEvent(
        id=delivery_id(state.id),
        type=TYPES[state.type],
        timestamp=state.timestamp,
        is_redelivery=is_redelivery,
        data=WebhookData(run=told, video=await _video(state)),
    )


async def _video(state: State[Any]) -> VideoFacts | None:
    """Return the video that the run made; a deleted result does not stop the news."""
    if state.type is not StateType.COMPLETED:
        return None
    try:
        made: Any = await state.aresult()
    except (MissingResult, ValueError, OSError):
        get_run_logger().warning("The run's result is gone, so the webhook leaves out its video.")
        return None
    return VideoFacts.of(made, wiring.media_url(made.video.stored)) if isinstance(made, Manifest) else None
