"""What a run has paid so far."""

from callsheet.model.run.budget import total_spent_usd
from callsheet.server.connection import connected
from callsheet.server.runs import RunLike, read_run


async def read_spent_usd(run: RunLike) -> float:
    """What a run itself has paid, in US dollars, as far as prices are known; what was kept from others costs nothing.

    Raises:
        InvalidRequest: there is no such run.
        TransientError: the server can't be reached.
    """
    async with connected() as client:
        return total_spent_usd((await read_run(client, run)).labels)
