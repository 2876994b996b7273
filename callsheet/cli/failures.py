"""Every failure that a person meets at the command line is a sentence and an exit code, never a traceback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from callsheet.errors import CallsheetError, InvalidRequest, PermanentError, TransientError
from callsheet.sources.request_file import RequestFileInvalid

FAILED, BAD_INPUT, TRY_AGAIN, INTERRUPTED = 1, 2, 3, 130


class RunFailed(PermanentError):
    """The run ended without a video."""


@contextmanager
def sentences(as_json: bool = False) -> Iterator[None]:
    """Turn Callsheet's errors into their sentence on standard error (or one JSON object) and exit.

    Exit codes: 1 the work failed, 2 the input is wrong, 3 trying again later may help, 130 Ctrl-C.
    """
    try:
        yield
    except CallsheetError as error:
        if as_json:
            typer.echo(json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False))
        else:
            typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(_exit_code(error)) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _exit_code(error: CallsheetError) -> int:
    if isinstance(error, InvalidRequest | RequestFileInvalid):
        return BAD_INPUT
    return TRY_AGAIN if isinstance(error, TransientError) else FAILED
