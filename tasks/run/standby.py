"""A warm child of the stage, before the first scene of a run needs it: that scene starts a second earlier."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from contextvars import ContextVar

from callsheet.errors import SetupIncomplete
from callsheet.fence.running import Standby
from callsheet.model.film.scenes import SceneFile
from callsheet.stage import sandbox
from tasks import wiring

_waiting: ContextVar[list[Standby] | None] = ContextVar("standby", default=None)


@asynccontextmanager
async def prewarmed_child() -> AsyncIterator[None]:
    """Prepare a child that has imported Manim, for the first scene in the block without files.

    If no scene comes, because all are kept, the child has cost a second of another core. If the fence can't be built,
    there is no child: a scene that needs a render reports what is missing.
    """
    async with AsyncExitStack() as stack:
        with suppress(SetupIncomplete):
            child = await stack.enter_async_context(sandbox.prewarm(wiring.stage_limits()))
            stack.callback(_waiting.reset, _waiting.set([child] if child else None))
        yield


def next_child(files: tuple[SceneFile, ...]) -> Standby | None:
    """Return the warm child, for a scene that needs these files; each child is returned once."""
    waiting = _waiting.get()
    return waiting.pop() if waiting and not files else None
