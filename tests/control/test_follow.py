"""Following a run: what it costs the server."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from callsheet import client
from callsheet.server import queries
from tests.flows.films import film


async def test_who_follows_a_run_that_waits_asks_for_its_steps_now_and_then(prefect_server, monkeypatch):
    """Nothing changes, so the state and the progress are asked for, and the whole status every two seconds."""
    looks = []
    read_steps = queries.read_steps

    async def counted(*arguments, **options):
        looks.append(datetime.now(UTC))
        return await read_steps(*arguments, **options)

    monkeypatch.setattr(queries, "read_steps", counted)
    run = await client.start(film("Waits for an hour"), at=datetime.now(UTC) + timedelta(hours=1))
    with suppress(TimeoutError):
        async with asyncio.timeout(6):
            async for status in client.follow(run):
                assert status.state == "Scheduled"
    assert 1 <= len(looks) <= 3
    await client.cancel(run)
