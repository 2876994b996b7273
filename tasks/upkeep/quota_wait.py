"""Runs that wait: for the next answer of a provider, or for an approval."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Cancelled

from callsheet.errors import ProviderError, ProviderRefused, QuotaExhausted, SetupIncomplete
from callsheet.model.labels import DEADLINE, PROVIDER
from callsheet.model.run.waiting import PENDING_RETRY, is_due, tries_in
from callsheet.server import queries
from callsheet.server.run_state import asks_for_approval
from callsheet.server.transitions import enter, resume_pending
from callsheet.writing.writer import answers
from tasks import wiring

RESUMED_APART = timedelta(seconds=2)
"""Time between the starts of two resumed runs."""
RESUMED_AT_MOST = 60
"""Number of runs of one provider that one upkeep resumes: as many as start until the next upkeep."""


async def read_pending(client: PrefectClient) -> dict[str, list[FlowRun]]:
    """Return the runs that wait for a provider, by its name."""
    found = await queries.read_runs(client, queries.in_states_named(PENDING_RETRY))
    providers = {str(flow_run.labels.get(PROVIDER, "")) for flow_run in found}
    return {name: [run for run in found if run.labels.get(PROVIDER, "") == name] for name in sorted(providers)}


async def provider_answers(name: str) -> bool:
    """Return whether a provider accepts the key and has quota left, as far as it tells.

    A provider that is not set up here any more can't be asked: the run itself finds out.
    """
    if _is_writer(name):
        return await answers(wiring.writer())
    try:
        async with wiring.footage_provider() as provider:
            if provider.service == name:
                await provider.check_account()
    except (SetupIncomplete, ProviderError, ProviderRefused, QuotaExhausted):
        return False
    return True


async def resume_in_turn(client: PrefectClient, runs: Iterable[FlowRun]) -> int:
    """Continue runs from their failed step, and say so; return how many.

    The starts are spaced, and the longest wait comes first; the next upkeep continues with the rest. Hundreds of starts
    at once would leave no capacity for a new run of a user.
    """
    due = []
    for run in sorted(runs, key=_waits_since):
        waited = datetime.now(UTC) - _waits_since(run)
        # A model that has answered has quota again; other providers don't tell.
        if _is_writer(str(run.labels.get(PROVIDER))) or is_due(waited, tries_in(run.labels)):
            due.append(run)
    resumed = 0
    for run in due[:RESUMED_AT_MOST]:
        why = f"{run.labels.get(PROVIDER)} answers"
        if await resume_pending(client, run, why, after=RESUMED_APART * resumed) is not None:
            resumed += 1
    return resumed


def _waits_since(flow_run: FlowRun) -> datetime:
    assert flow_run.state
    return flow_run.state.timestamp


async def give_up_unapproved(client: PrefectClient) -> int:
    """End the runs whose deadline has passed; return how many there were."""
    found = await queries.read_runs(client, queries.in_states(StateType.PAUSED))
    message = "Given up: the run was not approved in time. A retry asks again"
    given_up = 0
    for run in found:
        deadline = str(run.labels.get(DEADLINE, ""))
        if asks_for_approval(run) and deadline and datetime.fromisoformat(deadline) < datetime.now(UTC):
            given_up += await enter(client, run, Cancelled(message=message)) is not None
    return given_up


def _is_writer(name: str) -> bool:
    return wiring.has_writer() and wiring.writer().service == name
