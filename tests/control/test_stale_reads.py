"""Two clients that decide at the same moment about a run, on a real server: an old view overrules no newer state."""

from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.states import Cancelled, Pending, Running, Scheduled

from callsheet import client
from callsheet.client import controls
from callsheet.model.labels import TRIES
from callsheet.model.run.waiting import PENDING_RETRY
from callsheet.server.transitions import enter, resume_pending
from tests.flows.films import film

FAR = timedelta(days=1)


async def scheduled(prefect, name):
    """A run that no runner takes, as the server knows it."""
    run = await client.start(film(name), at=datetime.now(UTC) + FAR)
    return await prefect.read_flow_run(run.id)


async def test_a_run_that_was_cancelled_meanwhile_does_not_rise(prefect_server):
    """Neither by its turn nor by its provider; and no try is counted."""
    async with get_client() as prefect:
        seen = await scheduled(prefect, "Cancelled meanwhile")
        await prefect.set_flow_run_state(seen.id, Cancelled())
        assert await enter(prefect, seen, Scheduled(name="Called")) is None
        assert await resume_pending(prefect, seen, "It answers again") is None
        now = await prefect.read_flow_run(seen.id)
    assert (now.state_type, TRIES in now.labels) == (StateType.CANCELLED, False)


class Racing:
    """A client that is overtaken between a look and what it leads to."""

    def __init__(self, prefect, state):
        self._prefect = prefect
        self._state = state

    def __getattr__(self, name):
        return getattr(self._prefect, name)

    async def set_flow_run_state(self, run_id, state, force=False):
        """Another client is quicker, once."""
        overtaking, self._state = self._state, None
        if overtaking is not None:
            await self._prefect.set_flow_run_state(run_id, overtaking, force=True)
        return await self._prefect.set_flow_run_state(run_id, state, force=force)


async def test_what_came_in_between_is_put_back(prefect_server):
    """The server accepts what comes last, even from a run that was cancelled the moment before."""
    async with get_client() as prefect:
        seen = await scheduled(prefect, "Cancelled in between")
        called = Scheduled(name="Called", scheduled_time=datetime.now(UTC) + FAR)
        assert await enter(Racing(prefect, Cancelled(message="By hand")), seen, called) is None
        now = await prefect.read_flow_run(seen.id)
    assert (now.state_type, now.state.message) == (StateType.CANCELLED, "By hand")


async def test_a_run_that_nobody_overtakes_enters_the_state(prefect_server):
    """What follows on it, such as a runner that takes it at once, is no overtaking."""
    async with get_client() as prefect:
        seen = await scheduled(prefect, "Not overtaken")
        waits = Scheduled(name=PENDING_RETRY, scheduled_time=datetime.now(UTC) + FAR)
        assert (await enter(prefect, seen, waits)).status is SetStateStatus.ACCEPT
        waiting = await prefect.read_flow_run(seen.id)
        assert waiting.state_name == PENDING_RETRY
        await resume_pending(prefect, waiting, "By hand")
        assert (await prefect.read_flow_run(seen.id)).labels[TRIES] == 1
    await client.cancel(seen.id)


async def test_a_run_that_a_runner_takes_while_it_is_cancelled_does_not_begin(prefect_server, monkeypatch):
    """Its process is on its way; a run that is Cancelled would begin, one that is Cancelling does not."""
    really_read = controls.read_run

    async def read_before_a_runner_takes_it(prefect, run):
        seen = await really_read(prefect, run)
        await prefect.set_flow_run_state(seen.id, Pending(), force=True)
        return seen

    async with get_client() as prefect:
        seen = await scheduled(prefect, "Taken while cancelled")
        monkeypatch.setattr(controls, "read_run", read_before_a_runner_takes_it)
        assert (await client.cancel(seen.id)).state == "Cancelling"
        assert (await prefect.set_flow_run_state(seen.id, Running())).status is SetStateStatus.REJECT
        await prefect.delete_flow_run(seen.id)
