"""The reason for which a scene failed, as one sentence for the person who asked for it.

Pure functions.
"""

import re
import signal
from typing import Any

from callsheet.errors import SceneFailed
from callsheet.fence.job import FenceLimits
from callsheet.fence.running import Ending, Reason
from callsheet.stage.order import Mode, SceneUnfit

LOG_TAIL_CHARACTERS = 8_000
LONGEST_MESSAGE = 1_000
# What Manim says of common mistakes, and what to do about them.
_PLAINLY = {
    "Called Scene.play with no animations": "play gets no animations; pass at least one, or leave the call out",
    "<= 0 seconds which Manim cannot render": "an animation takes no time; make its run_time longer, or use self.add",
    "without animations, this is not supported": "a group of animations is empty; add one, or leave it out",
}
# bwrap passes an end by a signal on as a shell does: 128 and its number.
_BY_SIGNAL = 128


def scene_failed(
    scene_name: str, mode: Mode, ending: Ending, told: dict[str, Any] | None, limits: FenceLimits
) -> SceneFailed:
    """Return the error for a scene that has not given what was asked of it.

    `told` is the child's own `failed` event.
    """
    line = told.get("line") if told else None
    known_line = line if isinstance(line, int) and line > 0 else None
    return SceneFailed(scene_name, _reason(mode, ending, told, limits), ending.log[-LOG_TAIL_CHARACTERS:], known_line)


def _reason(mode: Mode, ending: Ending, told: dict[str, Any] | None, limits: FenceLimits) -> str:
    match ending.reason:
        case Reason.TIMEOUT:
            return _too_long(mode, limits)
        case Reason.MEMORY:
            return _too_much_memory(limits)
        case Reason.REFUSED:
            return f"it {ending.detail}"
    return _raised(told, limits) if told else _ended(ending.returncode)


def _raised(told: dict[str, Any], limits: FenceLimits) -> str:
    """Return what the child's exception says, as text only: nothing else of it is believed."""
    error, message = _one_line(told.get("error")), _one_line(told.get("message"))
    if error == SceneUnfit.__name__:
        return message
    for manims, ours in _PLAINLY.items():
        if manims in message:
            return ours
    if error.endswith("MemoryError"):  # numpy has a different one
        return _too_much_memory(limits)
    if "No space left on device" in message or "File too large" in message:
        return "it wrote more files than there is room for"
    return f"{error}: {message}" if message else error


def _ended(returncode: int | None) -> str:
    if returncode is None:
        return "its process ended early"
    number = -returncode if returncode < 0 else returncode - _BY_SIGNAL
    if number in {member.value for member in signal.Signals}:
        return f"its process was ended by {signal.Signals(number).name}"
    return f"its process ended with code {returncode} before the scene did"


def _too_long(mode: Mode, limits: FenceLimits) -> str:
    if mode is Mode.RENDER:
        return f"it took longer than {limits.timeout_s:g} seconds"
    return (
        f"its rehearsal took longer than {limits.timeout_s:g} seconds, although that skips the animations; "
        "look for a loop that never ends, or for too much work in construct()"
    )


def _too_much_memory(limits: FenceLimits) -> str:
    return f"it needed more than {limits.memory_mb} MB of memory"


def _one_line(text: object) -> str:
    """Return the text printable and in one line."""
    printable = re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", str(text if text is not None else ""))
    return re.sub(r" {2,}", " ", printable).strip()[:LONGEST_MESSAGE]
