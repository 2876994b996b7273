"""The door for screenplays: a file goes in, and a `Screenplay` comes out, or one sentence about what is wrong.

The file is parsed behind the fence, in a process with little memory and time, without network and without other files.
"""

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import ValidationError

from callsheet.errors import InvalidRequest
from callsheet.fence.job import FenceLimits, Job, ResultRule
from callsheet.fence.running import Ending, Event, run
from callsheet.model.film.screenplay import Screenplay
from callsheet.sources.documents.document_reader import checked_digest, failure_of_reading, reading_limits
from callsheet.sources.screenplays import screenplay_child
from callsheet.sources.screenplays.screenplay_child import RESULT_FILE, SOURCE_FILE
from callsheet.threads import in_a_thread

logger = logging.getLogger(__name__)

FIELD = "screenplay"
MEMORY_MB = 768
_MAX_RESULT_BYTES = 64_000_000
_PACKAGES = ("charset-normalizer", "lxml", "pillow", "pydantic", "pypdfium2")
"""What the readers import; the rest follows from these."""
_DAMAGED = "it is damaged, or ends the program that reads it; save it again"


async def read_screenplay(
    path: Path,
    name: str,
    folder: Path,
    limits: FenceLimits,
    on_progress: Callable[[int], None] = lambda parts: None,
) -> Screenplay:
    """Read a screenplay: Fountain, Final Draft, indented text, or PDF with text.

    `name` is what people call the file, and `folder` an empty scratch folder of the caller's. `on_progress` gets the
    number of parts that were read, or of pages of a PDF.

    Raises:
        InvalidRequest: about `screenplay`; it can't be read, is too large, is protected, or is no screenplay.
        SetupIncomplete: the fence can't be built on this machine.
        StageUnavailable: something killed the process that reads; the screenplay may be fine.
    """
    digest = await in_a_thread(checked_digest, path, name, FIELD)
    told: dict[str, Event] = {}

    def listen(event: Event) -> None:
        told[event["event"]] = event
        if event["event"] == "read" and isinstance(event.get("parts"), int):
            on_progress(event["parts"])

    apart = reading_limits(limits, MEMORY_MB)
    results = {RESULT_FILE: ResultRule(_MAX_RESULT_BYTES, b"{")}
    ending = await run(
        Job(screenplay_child.__name__, {}, {SOURCE_FILE: path}, results, _PACKAGES), apart, folder, listen
    )
    if "done" not in told or folder / RESULT_FILE not in ending.files:
        raise _failure(name, told, ending, apart)
    return await in_a_thread(_checked_screenplay, name, digest, folder / RESULT_FILE)


def _failure(name: str, told: Mapping[str, Event], ending: Ending, limits: FenceLimits) -> Exception:
    """Return what to raise if no screenplay came."""
    if sentence := told.get("refused", {}).get("sentence"):
        return InvalidRequest(f"“{name}” can't be read: {str(sentence)[:500]}", FIELD)
    if failure := failure_of_reading(name, ending, limits, FIELD):
        return failure
    logger.info("A screenplay could not be read: %s", told.get("damaged", {}).get("error") or ending.log[-500:])
    return InvalidRequest(f"“{name}” can't be read: {_DAMAGED}", FIELD)


def _checked_screenplay(name: str, digest: str, result: Path) -> Screenplay:
    """Return what came out of the fence, checked: nothing in it is believed."""
    try:
        return Screenplay.model_validate({**json.loads(result.read_bytes()), "origin": name, "digest": digest})
    except (ValidationError, ValueError, TypeError, RecursionError):
        raise InvalidRequest(f"“{name}” can't be read: {_DAMAGED}", FIELD) from None
