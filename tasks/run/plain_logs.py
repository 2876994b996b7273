"""Plain logs of a run: an expected error is one sentence, because a traceback does not help a user."""

import logging
import re

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


def use_plain_logs() -> None:
    """Filter the logs of this process. A filter that is added again changes nothing."""
    for name in RUN_LOGGERS:
        logging.getLogger(name).addFilter(as_sentence)
