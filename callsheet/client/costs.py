"""The cost of a run so far."""

from callsheet.model.run.budget import total_spent_usd
from callsheet.server.connection import connected
from callsheet.server.runs import RunLike, read_run


async def read_spent_usd(run: RunLike) -> float:
    """Return what a run itself has paid, in US dollars, as far as prices are known.

    Results that it reuses from other runs cost nothing.

    Raises:
        InvalidRequest: the run does not exist.
        TransientError: the server can't be reached.
    """
    async with connected() as client:
        return total_spent_usd((await read_run(client, run)).labels)
