"""Plain logs of a run: an expected error is one sentence, because a traceback does not help a user."""

import logging
import re
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from prefect import flow_engine, task_engine
from prefect.client.schemas.objects import State

from callsheet.errors import CallsheetError

# Prefect logs each state but Completed as an error. A run that waits, or that a person has ended, has no error.
_WELL_ENDED = re.compile(r"Finished in state (?!Failed|Crashed|TimedOut)")
RUN_LOGGERS = ("prefect.flow_runs", "prefect.task_runs")


def as_sentence(record: logging.LogRecord) -> bool:
    """Remove traceback, quotes of `repr` and type name from a record about a Callsheet error.

    Prefect writes the error into the message, or gives it as an argument, as it does of a step that is tried again.
    """
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, CallsheetError):
        record.exc_info = None
        record.exc_text = None
        record.msg = str(record.msg).replace(repr(error), str(error))
    if isinstance(record.args, tuple) and any(isinstance(each, CallsheetError) for each in (error, *record.args)):
        record.msg = str(record.msg).replace("%r", "%s")
    if not record.args and _WELL_ENDED.match(str(record.msg)):  # with arguments the message is a pattern
        record.levelno, record.levelname = logging.INFO, logging.getLevelName(logging.INFO)
    return True


MAKES_STATE = "exception_to_failed_state"
"""The name by which both engines know the function that makes a state of an error."""


def in_plain_words(make_state: Callable[..., Awaitable[State[Any]]]) -> Callable[..., Awaitable[State[Any]]]:
    """Return a function that makes a state of an error with these words."""

    @wraps(make_state)
    async def make(error: BaseException, *args: Any, **kwargs: Any) -> State[Any]:
        state = await make_state(error, *args, **kwargs)
        unexpected = f"An unexpected error ended it ({type(error).__name__}: {error}); its log says where"
        state.message = str(error) if isinstance(error, CallsheetError) else unexpected
        return state

    return make


def use_plain_words() -> None:
    """Use plain words in the logs and states of this process, for flows and for steps; once is enough."""
    for name in RUN_LOGGERS:
        logging.getLogger(name).addFilter(as_sentence)
    for engine in (flow_engine, task_engine):
        make_state = getattr(engine, MAKES_STATE)
        if not hasattr(make_state, "__wrapped__"):
            setattr(engine, MAKES_STATE, in_plain_words(make_state))
