"""The name that scene code meant instead of an unknown one, in the words of the static checks."""

import builtins
import inspect
import re
from collections.abc import Iterable
from types import FrameType

from callsheet.model.problems import nearest

_KEYWORD = re.compile(r"unexpected keyword argument '(\w+)'")


def with_meant_name(failure: BaseException) -> str:
    """Return what the error says.

    If it says that a name is unknown, add the nearest name that exists.
    """
    message = str(failure)
    name, known = _unknown_name(failure, message)
    meant = nearest(name, (each for each in known if not each.startswith("_")))
    return f"{message.rstrip('.')}; did you mean “{meant}”?" if meant else message


def _unknown_name(failure: BaseException, message: str) -> tuple[str, Iterable[str]]:
    """Return the name that is missing, and those that exist in its place."""
    if isinstance(failure, AttributeError) and failure.name:
        return failure.name, dir(failure.obj)
    frames = list(_frames(failure))
    if isinstance(failure, NameError) and failure.name and frames:
        return failure.name, {*frames[-1].f_globals, *frames[-1].f_locals, *dir(builtins)}
    if isinstance(failure, TypeError) and (keyword := _KEYWORD.search(message)):
        # Manim's classes hand their keywords up to the first class of all, which alone finds that one is unknown.
        made = [type(frame.f_locals["self"]) for frame in frames if frame.f_code.co_name == "__init__"]
        classes = [vars(kind) for kind in made[0].__mro__[:-1]] if made else []
        known = [inspect.signature(each["__init__"]).parameters for each in classes if "__init__" in each]
        return keyword[1], {name for parameters in known for name in parameters}
    return "", ()


def _frames(failure: BaseException) -> Iterable[FrameType]:
    """Yield the frames through which the error has come, the outermost first."""
    place = failure.__traceback__
    while place:
        yield place.tb_frame
        place = place.tb_next
