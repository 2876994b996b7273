"""The state of what has failed is a sentence: Prefect would put the name of the error's class before it.

Who reads the error itself (retries, a video that makes up for a scene) finds it in the state's data, as before.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from prefect import flow_engine, task_engine
from prefect.client.schemas.objects import State

from callsheet.errors import CallsheetError

MAKES_STATE = "exception_to_failed_state"
"""By this name both engines know what makes a state of an error."""


def failure_words(error: BaseException) -> str:
    """Return what a person reads of an error: its own sentence, where it is one of ours."""
    if isinstance(error, CallsheetError):
        return str(error)
    return f"An unexpected error ended it ({type(error).__name__}: {error}); its log says where"


def in_plain_words(make_state: Callable[..., Awaitable[State[Any]]]) -> Callable[..., Awaitable[State[Any]]]:
    """Let what makes a state of an error say it in these words."""

    @wraps(make_state)
    async def make(error: BaseException, *args: Any, **kwargs: Any) -> State[Any]:
        state = await make_state(error, *args, **kwargs)
        state.message = failure_words(error)
        return state

    return make


def use_plain_states() -> None:
    """Do so in this process, for flows and for steps."""
    for engine in (flow_engine, task_engine):
        make_state = getattr(engine, MAKES_STATE)
        if not hasattr(make_state, "__wrapped__"):
            setattr(engine, MAKES_STATE, in_plain_words(make_state))
