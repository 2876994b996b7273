"""Runs that wait for the maker of footage, on a real server: its account is asked, and their tries lie apart."""

from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.states import Scheduled

from callsheet import client
from callsheet.model.labels import PROVIDER, TRIES
from callsheet.model.run.waiting import PENDING_RETRY
from flows.upkeep import resume_pending
from tasks.upkeep.quota_wait import resume_in_turn
from tests.flows.films import film


async def waiting(name, provider):
    """A run that waits for this provider."""
    far = datetime.now(UTC) + timedelta(days=1)
    run = await client.start(film(name), at=far)
    async with get_client() as prefect:
        await prefect.update_flow_run_labels(run.id, {PROVIDER: provider})
        await prefect.set_flow_run_state(run.id, Scheduled(name=PENDING_RETRY, scheduled_time=far), force=True)
    return run


async def test_a_dead_key_is_found_without_a_try(prefect_server, paid):
    """The account is asked, which costs nothing; while it refuses the key, no run spends one of its tries."""
    run = await waiting("Dead key", "Replicate")
    paid.fail("account", "401")
    assert (await resume_pending())["Replicate"] is False
    assert (await resume_pending())["Replicate"] is True
    assert paid.requests == ["GET /v1/account", "GET /v1/account"]
    await client.cancel(run)


async def test_what_an_account_does_not_tell_is_tried_after_a_while(prefect_server, paid):
    """A quota shows only in a job: the run tries itself, first after minutes, later after hours."""
    run = await waiting("No quota", "Replicate")
    await resume_pending()
    async with get_client() as prefect:
        found = await prefect.read_flow_run(run.id)
        assert (found.state_name, TRIES in found.labels) == (PENDING_RETRY, False)
        # A state entered some minutes ago, as far as this flow is concerned.
        earlier = found.state.model_copy(update={"timestamp": datetime.now(UTC) - timedelta(minutes=6)})
        assert await resume_in_turn(prefect, [found.model_copy(update={"state": earlier})])
        tried = await prefect.read_flow_run(run.id)
        assert (tried.state_type, tried.labels[TRIES]) == ("SCHEDULED", 1)
        tried_once = {"state": earlier, "labels": {**found.labels, TRIES: 1}}
        assert not await resume_in_turn(prefect, [found.model_copy(update=tried_once)])
    await client.cancel(run)
