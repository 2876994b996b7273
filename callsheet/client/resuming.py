"""A run that waits for its provider goes on: because the provider answers again, or because somebody says so."""

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import OrchestrationResult
from prefect.states import Scheduled

from callsheet.client.entering import enter
from callsheet.model.waiting import TRIES, TRIES_AT_MOST, tries_in


async def resume_pending(
    client: PrefectClient, flow_run: FlowRun, why: str, after: timedelta = timedelta()
) -> OrchestrationResult[Any] | None:
    """Put it back to work `after` a while, from the step that failed. It is counted: a run waits so often at most.

    None where it does not wait any more, because somebody was quicker or has cancelled it.
    """
    tries = tries_in(flow_run.labels) + 1
    message = f"{why}: resumed, {tries} of {TRIES_AT_MOST} times."
    begins = datetime.now(UTC) + after
    return await enter(client, flow_run, Scheduled(scheduled_time=begins, message=message), labels={TRIES: tries})
