"""What the log of a run tells of its end: sentences, in red only where something is wrong."""

import logging

import pytest

from callsheet.errors import ContentTooLong, RateLimited
from tasks.run.plain_logs import as_sentence


def logged(message, *arguments, error=None):
    """The record of an error as it is shown."""
    told = (type(error), error, None) if error else None
    record = logging.LogRecord("prefect.flow_runs", logging.ERROR, __file__, 1, message, arguments, told)
    assert as_sentence(record)
    return record


def test_an_error_of_ours_is_its_sentence():
    """Without its type, its quotes and the places in the code that it came through."""
    error = ContentTooLong("takes two lines", field="content.title")
    record = logged("Encountered exception during execution: %r", error, error=error)
    assert record.getMessage() == "Encountered exception during execution: content.title: takes two lines"
    assert record.exc_info is None


def test_a_step_that_is_tried_again_tells_why_in_a_sentence():
    """Prefect gives the error as an argument while it has tries left, and writes it into the line when it has none."""
    error = RateLimited("openai", "openai asks for 20 s of patience", 20)
    line = "Task run failed with %s: %r - Retry %s/%s will start %s"
    retried = logged(line, "exception", error, 1, 4, "20.0 second(s) from now")
    told = "Task run failed with exception: openai asks for 20 s of patience - "
    assert retried.getMessage() == f"{told}Retry 1/4 will start 20.0 second(s) from now"
    over = logged(f"Task run failed with exception: {error!r} - Retries are exhausted", error=error)
    assert over.getMessage() == f"{told}Retries are exhausted"


@pytest.mark.parametrize(
    ("state", "level"),
    [("Failed('x')", "ERROR"), ("Crashed('x')", "ERROR"), ("Suspended('Waits')", "INFO"), ("Cancelled('x')", "INFO")],
)
def test_a_run_that_waits_or_was_ended_by_a_person_has_no_error(state, level):
    """Prefect logs all of them as errors."""
    assert logged(f"Finished in state {state}").levelname == level
