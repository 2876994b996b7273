"""The runs of a video: its own, and those of its scenes.

Events of a scene's run name the scene, not the video. So Callsheet looks up every unknown run. The server sends
the first event of a run before it stores the run, so the look-up may have to wait.
"""

import asyncio
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.events import Event
from prefect.exceptions import ObjectNotFound

from callsheet.server.runs import read_parts

FLOW_RUN = "prefect.flow-run."
# Pauses between reads of a run that can't be read yet; a run that can't be read after them was deleted.
PAUSES_S = (0, 0.1, 0.2, 0.5, 1, 2)


class Family:
    """A run and the known runs of its scenes."""

    def __init__(self, run_id: UUID) -> None:
        self._head = run_id
        self.members = {run_id}
        self._strangers: set[UUID] = set()

    async def has(self, client: PrefectClient, event: Event) -> bool:
        """Return whether the event is about one of them."""
        run_id = run_of(event)
        if run_id is None or run_id in self._strangers:
            return False
        is_of_run = event.resource.id.startswith(FLOW_RUN) and all(each.role != "task-run" for each in event.related)
        if run_id not in self.members and not is_of_run:  # a top-level run is no scene
            await _wait_until_known(client, run_id)
            await self.read(client)
        if run_id not in self.members:
            self._strangers.add(run_id)
        return run_id in self.members

    async def read(self, client: PrefectClient) -> None:
        """Read all scenes that have begun by now."""
        self.members |= {part.id for part in await read_parts(client, self._head)}


def run_of(event: Event) -> UUID | None:
    """Return the flow run that the event is about, or that its step belongs to."""
    if event.resource.id.startswith(FLOW_RUN):
        return UUID(event.resource.id.removeprefix(FLOW_RUN))
    named = (related.id for related in event.related if related.role == "flow-run")
    return next((UUID(name.removeprefix(FLOW_RUN)) for name in named), None)


async def _wait_until_known(client: PrefectClient, run_id: UUID) -> None:
    for pause_s in PAUSES_S:
        await asyncio.sleep(pause_s)
        try:
            await client.read_flow_run(run_id)
        except ObjectNotFound:
            continue
        return
