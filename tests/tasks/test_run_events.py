"""Events of our own, on a real server: what a run has told it does not tell again."""

import asyncio

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.events.filters import EventFilter, EventIDFilter
from prefect.flow_engine import run_flow
from prefect.states import Pending

from tasks.run import events
from tasks.run.progress import progress_of


@flow
async def finishing():
    """A run of one step."""
    async with progress_of("Told once", scenes=1) as progress:
        progress.tell_finished("the step")


async def test_what_an_earlier_process_told_is_not_told_again(prefect_server, monkeypatch):
    """The server itself forgets after five minutes what it has passed on; its store does not."""
    sent, emit_event = [], events.emit_event
    monkeypatch.setattr(events, "emit_event", lambda *args, **fields: sent.append(emit_event(*args, **fields)))
    async with get_client() as prefect:
        run = await prefect.create_flow_run(finishing, state=Pending())
        await run_flow(finishing, flow_run=run, parameters={})
        chosen = EventFilter(id=EventIDFilter(id=[event.id for event in sent]))
        async with asyncio.timeout(60):
            while not (await prefect.read_events(chosen, limit=1)).events:
                await asyncio.sleep(0.1)
        events._sent.clear()  # as a new process begins
        await prefect.set_flow_run_state(run.id, Pending(), force=True)
        await run_flow(finishing, flow_run=await prefect.read_flow_run(run.id), parameters={})
    assert [event.payload["step"] for event in sent] == ["the step"]
