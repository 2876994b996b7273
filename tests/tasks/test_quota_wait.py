"""Runs whose provider answers again start apart from each other, however many wait."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.states import Scheduled

from callsheet.model.labels import PROVIDER
from callsheet.model.run.waiting import PENDING_RETRY
from tasks.upkeep import quota_wait

NOW = datetime.now(UTC)


def waiting(since: timedelta) -> FlowRun:
    """A run that has waited for so long for a provider that can't tell whether there is quota again."""
    state = Scheduled(name=PENDING_RETRY)
    state.timestamp = NOW - since
    return FlowRun(id=uuid4(), flow_id=uuid4(), state=state, labels={PROVIDER: "Replicate"})


async def test_many_runs_are_resumed_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that have waited longest begin; the rest waits for the next look, and so does one that is not due yet."""
    resumed: list[tuple[FlowRun, timedelta]] = []

    async def resume_pending(client: Any, flow_run: FlowRun, why: str, after: timedelta) -> str:
        resumed.append((flow_run, after))
        return why

    monkeypatch.setattr(quota_wait, "resume_pending", resume_pending)
    runs = [waiting(timedelta(hours=1, minutes=number)) for number in range(200)]
    early = waiting(timedelta(minutes=1))
    assert await quota_wait.resume_in_turn(None, [early, *runs]) == quota_wait.RESUMED_AT_MOST
    assert [run for run, _ in resumed] == runs[::-1][: quota_wait.RESUMED_AT_MOST]
    assert [after.total_seconds() for _, after in resumed] == [
        2 * number for number in range(quota_wait.RESUMED_AT_MOST)
    ]
