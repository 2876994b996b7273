"""Short requests for tests of runs on the real server."""

import asyncio

from prefect.client.orchestration import get_client

from callsheet import client
from callsheet.model.requests.video import VideoRequest


def titled(name, duration_s=1, **fields):
    """A scene that shows its name."""
    return {"name": name, "template": "title", "content": {"title": name, "duration_s": duration_s}, **fields}


def film(title, scenes=1, duration_s=1, **options):
    """A draft of some title scenes with hard cuts; their pictures depend on the title, so that none is kept."""
    made = scenes if isinstance(scenes, list) else [titled(f"{title} {n}", duration_s) for n in range(1, scenes + 1)]
    fields = {"title": title, "profile": "draft", "merge": {"transition": "none"}, "scenes": made, **options}
    return VideoRequest.model_validate(fields)


async def last_status(run):
    """Wait for the end of a run, and return its status then.

    The whole status is asked for at the end alone: `client.follow` takes a quarter of a core while a run works.
    """
    async with asyncio.timeout(180), get_client() as prefect:
        while True:
            if (await prefect.read_flow_run(getattr(run, "id", run))).state.is_final():
                status = await client.status(run)
                if status.is_final:  # a run that crashed may continue
                    return status
            await asyncio.sleep(0.25)


async def reached(run, is_so, timeout_s=90):
    """Follow a run until a status is as wanted, and give that status."""
    async with asyncio.timeout(timeout_s):
        async for status in client.follow(run):
            if is_so(status):
                return status
    raise AssertionError("the run ended before")
