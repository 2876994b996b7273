"""Labels that the parts of one run write at the same time."""

import asyncio

from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext

from callsheet.errors import StorageUnavailable
from callsheet.model.labels import RETRY_REASON
from callsheet.model.run.cost import CostKind, cost_label
from tasks.policies import retried
from tasks.run.budget import cost_recorder, note_cost

ROUNDS, PARTS = 5, 3


async def test_the_reason_of_a_retry_and_the_costs_of_a_run_stand_beside_each_other(prefect_server):
    """Both are written at the same time; the server joins labels without a lock, and neither replaces the other."""
    lost = []

    @task(**retried(1), persist_result=False)
    async def shaky(reason, failing):
        if failing:
            raise StorageUnavailable(failing.pop(), retry_after_s=0)

    @flow(name="labelled", persist_result=False)
    async def labelled():
        run_id = FlowRunContext.get().flow_run.id
        async with cost_recorder(), get_client() as client:
            for number in range(ROUNDS):
                reason = f"down {number}"
                parts = [f"{number} {part}" for part in range(PARTS)]
                await asyncio.gather(
                    shaky(reason, [reason]), *(note_cost(CostKind.FOOTAGE, part, 0.1 + number) for part in parts)
                )
                labels = (await client.read_flow_run(run_id)).labels
                if not str(labels.get(RETRY_REASON)).endswith(reason):
                    lost.append(reason)
                lost.extend(part for part in parts if cost_label(CostKind.FOOTAGE, part) not in labels)

    await labelled()
    assert lost == []
