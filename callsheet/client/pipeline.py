"""A run with the fields of a pipeline's result."""

import asyncio

from callsheet.client.films import film
from callsheet.client.run_status import checkpoints, result, status
from callsheet.model.run.kinds import FilmKind, kind_of_flow
from callsheet.model.run.pipeline import PipelineResult
from callsheet.model.run.pipeline_events import pipeline_result
from callsheet.server.connection import connected
from callsheet.server.runs import RunLike, read_run, to_run


async def pipeline(run: RunLike) -> PipelineResult:
    """Return the stages of a run, finished or not, and its film if that is there.

    Raises:
        InvalidRequest: the server knows no such run, or several match.
        TransientError: the server can't be reached.
    """
    async with connected() as client:
        known = await to_run(client, await read_run(client, run))
    now, steps = await asyncio.gather(status(known), checkpoints(known))
    if not (now.is_completed and isinstance(kind_of_flow(known.flow), FilmKind)):
        return pipeline_result(now, steps)
    made = await film(known)
    return pipeline_result(now, steps, await result(known), made.url or made.key)
