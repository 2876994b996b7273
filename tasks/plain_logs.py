"""In the logs of a run an expected error is its sentence: a traceback tells a user of the Prefect UI nothing."""

import logging

from callsheet.errors import CallsheetError

RUN_LOGGERS = ("prefect.flow_runs", "prefect.task_runs")


def as_sentence(record: logging.LogRecord) -> bool:
    """Take the traceback off, and the quotes of `repr`, where the record reports one of our own errors."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, CallsheetError):
        record.exc_info = None
        record.exc_text = None
        record.msg = str(record.msg).replace("%r", "%s")
    return True


def use_plain_logs() -> None:
    """Do so in this process. Filters are a set in effect: adding one again changes nothing."""
    for name in RUN_LOGGERS:
        logging.getLogger(name).addFilter(as_sentence)
