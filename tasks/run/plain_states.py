"""Plain failure states: their message is a sentence, without the error's class that Prefect puts before it.

Readers of the error itself (retries, a video that replaces a scene) still find it in the state's data.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from prefect import flow_engine, task_engine
from prefect.client.schemas.objects import State

from callsheet.errors import CallsheetError

MAKES_STATE = "exception_to_failed_state"
"""The name by which both engines know the function that makes a state of an error."""


def failure_words(error: BaseException) -> str:
    """Return the words of an error for people: its own sentence, if it is Callsheet's."""
    if isinstance(error, CallsheetError):
        return str(error)
    return f"An unexpected error ended it ({type(error).__name__}: {error}); its log says where"


def in_plain_words(make_state: Callable[..., Awaitable[State[Any]]]) -> Callable[..., Awaitable[State[Any]]]:
    """Return a function that makes a state of an error with these words."""

    @wraps(make_state)
    async def make(error: BaseException, *args: Any, **kwargs: Any) -> State[Any]:
        state = await make_state(error, *args, **kwargs)
        state.message = failure_words(error)
        return state

    return make


def use_plain_states() -> None:
    """Use plain states in this process, for flows and for steps."""
    for engine in (flow_engine, task_engine):
        make_state = getattr(engine, MAKES_STATE)
        if not hasattr(make_state, "__wrapped__"):
            setattr(engine, MAKES_STATE, in_plain_words(make_state))
