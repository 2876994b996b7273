"""Failures at the command line: each is a sentence and an exit code, never a traceback."""

import asyncio
import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

import typer

from callsheet.cli.interruption import INTERRUPTED, LINE
from callsheet.cli.printing import eye, print_json
from callsheet.errors import CallsheetError, InvalidRequest, PermanentError, SetupIncomplete, TransientError

FAILED, BAD_INPUT, TRY_AGAIN = 1, 2, 3
# The exceptions that Ctrl-C raises. asyncio.run raises the second if something else cancels its task at that moment.
CTRL_C = (KeyboardInterrupt, asyncio.CancelledError)


class RunFailed(PermanentError):
    """The run ended without a video."""


class Left(Exception):
    """Ctrl-C ended the command; the message says what happens to the work that it had started."""


@contextmanager
def sentences(
    as_json: bool = False, facts: Callable[[], Mapping[str, object]] = dict, *, speaks_itself: bool = False
) -> Iterator[None]:
    """Turn errors into a sentence on standard error (or one JSON object with `facts`), and exit.

    The errors are Callsheet's own, those of the operating system (a home without rights, a full disk), and wrong
    settings. While the block works, standard error is silent for at most three seconds. With `speaks_itself`, the block
    reports its progress itself. A program that reads JSON gets no progress lines.

    Exit codes: 1 the work failed, 2 the input is wrong, 3 a later try may succeed, 130 Ctrl-C.
    """
    try:
        _check_process()
        with nullcontext() if speaks_itself or as_json else eye.never_silent():
            yield
    except InvalidRequest as error:
        raise _told(str(error), BAD_INPUT, as_json, facts) from None
    except CallsheetError as error:
        raise _told(str(error), TRY_AGAIN if isinstance(error, TransientError) else FAILED, as_json, facts) from None
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader has closed the output, as `head` does: typer exits quietly
            raise
        raise _told(_about_disk(error), FAILED, as_json, facts) from None
    except ValueError as error:
        if not (sentence := _about_settings(error)):
            raise
        raise _told(sentence, BAD_INPUT, as_json, facts) from None
    except (Left, *CTRL_C) as error:
        eye.print(str(error) or LINE, markup=False, soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None


def _check_process() -> None:
    """Raise SetupIncomplete if the working directory is gone or no home folder is known."""
    try:
        Path.cwd()
    except FileNotFoundError:
        sentence = "The working directory does not exist any more; change to another folder."
        raise SetupIncomplete(sentence, missing="working directory") from None
    try:
        Path.home()
    except RuntimeError:
        sentence = "This user has no home folder; set HOME to a folder that you can write to."
        raise SetupIncomplete(sentence, missing="home") from None


def _told(sentence: str, code: int, as_json: bool, facts: Callable[[], Mapping[str, object]]) -> typer.Exit:
    if as_json:
        print_json({**facts(), "ok": False, "error": sentence})
    else:
        eye.print(sentence, style="red", markup=False, soft_wrap=True)
    return typer.Exit(code)


def _about_disk(error: OSError) -> str:
    """Return what the operating system refuses, and for the home what to do about it."""
    from callsheet.disk import check_home, full_disk_errors, home_unusable
    from callsheet.settings import settings

    home, place = settings().home.absolute(), str(error.filename or "")
    reason = error.strerror or str(error)
    try:
        with full_disk_errors(home):
            if error.errno == errno.ENOSPC:
                raise error
        if place and (home.is_relative_to(place) or Path(place).is_relative_to(home)):
            check_home(home)
            raise home_unusable(home, reason)
    except SetupIncomplete as found:
        return str(found)
    return f"“{place}” can't be used: {reason}" if place else reason


def _about_settings(error: ValueError) -> str:
    """Return what is wrong with the settings, by variable; empty for an unrelated error."""
    from pydantic import ValidationError  # imported here: other refusals do not need it

    from callsheet.model.problems import problems_of
    from callsheet.settings import Settings

    if not isinstance(error, ValidationError) or error.title != Settings.__name__:
        return ""
    return "\n".join(f"CALLSHEET_{str(field[0]).upper()}: {sentence}" for field, sentence in problems_of(error))
