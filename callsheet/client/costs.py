"""What a run has cost so far, read from the tables that it shows to people."""

import json
from collections.abc import Sequence

from prefect.client.schemas.objects import Artifact

from callsheet.model.run.budget import total_spent_usd
from callsheet.model.run.cost import PRICE, price_in
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


def spent_usd(artifacts: Sequence[Artifact], *keys: str) -> float:
    """The prices in the tables of these keys, as far as they are known. `artifacts` come the latest first.

    A scene that was begun again shows what it kept once more, so the latest table of each scene counts alone.
    """
    latest = {each.description: each.data for each in reversed(artifacts) if each.key in keys}
    rows = (row for table in latest.values() if isinstance(table, str) for row in json.loads(table))
    return round(sum(price_in(row.get(PRICE)) for row in rows), 6)
