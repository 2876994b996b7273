"""The one writer of labels on the runs of this process.

The server reads the labels of a run, joins them and writes them back. If two writers of one run do this at once, one
of them loses its labels. So the writers of this process take turns, run by run.
"""

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary

from prefect.client.orchestration import PrefectClient
from prefect.types import KeyValueLabels

_turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()


async def write_labels(client: PrefectClient, run_id: UUID, labels: KeyValueLabels) -> None:
    """Add labels to a run of this process, in the order of the calls; labels of the same names are replaced.

    Raises httpx.HTTPError if the server does not answer.
    """
    turn = _turns.setdefault(run_id, asyncio.Lock())
    async with turn:
        await client.update_flow_run_labels(run_id, labels)
