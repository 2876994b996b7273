"""Watch steps: one that reports no progress for a time is ended with a sentence, and tried again as its policy says."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect.context import TaskRunContext

from callsheet.settings import settings
from callsheet.watchdog import report_progress, watched

Given = ParamSpec("Given")
Made = TypeVar("Made")


def watched_step(step: Callable[Given, Coroutine[Any, Any, Made]]) -> Callable[Given, Coroutine[Any, Any, Made]]:
    """Wrap the function of a task. Raises StepStuck after `CALLSHEET_STEP_SILENCE_S` seconds without progress."""

    @wraps(step)
    async def run(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        report_progress()  # to the step around this one
        context = TaskRunContext.get()
        name = context.task_run.name if context else step.__name__
        async with watched(name, settings().step_silence_s):
            return await step(*args, **kwargs)

    return run
