"""Steps: tasks of Prefect with a named policy and a watchdog, which remake a kept value if one of its files is gone."""

from collections.abc import Callable, Coroutine, Mapping
from functools import update_wrapper, wraps
from typing import Any, Generic, ParamSpec, TypeVar

from prefect import Task, task
from prefect.context import TaskRunContext
from prefect.results import ResultStore, get_result_store

from callsheet.errors import TransientError
from callsheet.model.film.media import StoredObject, stored_objects
from callsheet.settings import settings
from callsheet.threads import in_a_thread
from callsheet.watchdog import report_progress, watched
from tasks import policies, wiring
from tasks.policies import PaidJobKey, TaskOptions

Given = ParamSpec("Given")
Made = TypeVar("Made")


class KeptStep(Generic[Given, Made]):
    """A task that is called like a function.

    Its policy decides whether its value is kept. A kept value names files, and the store may have lost one: then the
    step runs again. It does not remake files that were its inputs.
    """

    def __init__(
        self, work: Callable[Given, Coroutine[Any, Any, Made]], policy: TaskOptions, name: str, run_name: str
    ) -> None:
        update_wrapper(self, work)
        self.task: Task[Given, Coroutine[Any, Any, Made]] = task(name=name, task_run_name=run_name, **policy)(
            _end_silence(work)
        )
        self._is_kept = policy.get("persist_result", False)

    async def __call__(self, *args: Given.args, **kwargs: Given.kwargs) -> Made:
        """Run, or return the kept value.

        Raises StepStuck after `CALLSHEET_STEP_SILENCE_S` seconds without progress.
        """
        value = await self.task(*args, **kwargs)
        if self._is_kept:
            given = stored_objects((*args, *kwargs.values()))
            made = tuple(stored for stored in stored_objects(value) if stored not in given)
            if made and not await _are_stored(made):
                return await self.renew(*args, **kwargs)
        return value

    async def renew(self, *args: Given.args, **kwargs: Given.kwargs) -> Made:
        """Run, and replace the kept value."""
        return await self.task.with_options(refresh_cache=True)(*args, **kwargs)

    async def is_kept(self, job: Mapping[str, Any]) -> bool:
        """Return whether the value of this step of a job is kept: the step would not run."""
        key, results = await self._place_of(job)
        return await results.aexists(key)

    async def read_kept(self, job: Mapping[str, Any]) -> Made | None:
        """Return the kept value of this step of a job; None if the step would run."""
        key, results = await self._place_of(job)
        if not await results.aexists(key):
            return None
        value: Made = (await results.aread(key)).result
        return value

    async def _place_of(self, job: Mapping[str, Any]) -> tuple[str, ResultStore]:
        assert isinstance(self.task.cache_policy, PaidJobKey)
        return self.task.cache_policy.key_of(job), await get_result_store().aupdate_for_task(self.task)


def step(
    policy: TaskOptions, *, name: str, run_name: str = ""
) -> Callable[[Callable[Given, Coroutine[Any, Any, Made]]], KeptStep[Given, Made]]:
    """Return a decorator that makes a step of a function.

    Args:
        policy: How Prefect caches and retries it; one of `tasks.policies`.
        name: The step's name for people in the Prefect UI.
        run_name: The name of one run of it, with its arguments in braces; without it, `name`.
    """

    def wrap(work: Callable[Given, Coroutine[Any, Any, Made]]) -> KeptStep[Given, Made]:
        return KeptStep(work, policy, name, run_name or name)

    return wrap


def _end_silence(work: Callable[Given, Coroutine[Any, Any, Made]]) -> Callable[Given, Coroutine[Any, Any, Made]]:
    """Wrap the function of a task, so that it ends if it reports no progress for a time."""

    @wraps(work)
    async def run(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        report_progress()  # to the step around this one
        context = TaskRunContext.get()
        name = context.task_run.name if context else work.__name__
        async with watched(name, settings().step_silence_s):
            return await work(*args, **kwargs)

    return run


async def _are_stored(files: tuple[StoredObject, ...]) -> bool:
    """Check once without a separate step; if the store does not answer, check in a retried step."""
    try:
        return await in_a_thread(_look, files)
    except TransientError:
        return await _look_patiently(files)


@step(policies.READING, name="look-for-media")
async def _look_patiently(files: tuple[StoredObject, ...]) -> bool:
    return await in_a_thread(_look, files)


def _look(files: tuple[StoredObject, ...]) -> bool:
    store = wiring.store()
    return all(store.holds(stored) for stored in files)
