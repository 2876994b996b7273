"""A command in a fork of the warm engine, which replaces the process that asked for it."""

import atexit
import os
import runpy
import signal
import socket
import sys
import threading
import time
import traceback
from typing import Any, NoReturn

from callsheet.settings import settings
from callsheet.warm_start import as_answer

COMMAND = "callsheet.cli.main"


def become_command(order: dict[str, Any], asker: socket.socket) -> NoReturn:
    """Send the process number to the asking process, run the command, send its exit code."""
    asker.send(as_answer(os.getpid()))
    threading.Thread(target=_end_with, args=(asker,), name="end-with-asker", daemon=True).start()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the engine ignores it if the server is in the background
    os.umask(order["umask"])
    time.tzset()
    _open_streams(order["streams"])
    code = _run(order["arguments"])
    atexit._run_exitfuncs()
    sys.stdout.flush()
    asker.send(as_answer(code))
    os._exit(code)


def _end_with(asker: socket.socket) -> None:
    """End the command if the process that asked for it is killed."""
    if asker.recv(1) == b"":
        os.kill(os.getpid(), signal.SIGKILL)


def _open_streams(streams: dict[str, list[str]]) -> None:
    """Open the standard streams of the process that asked, with its encoding and buffering."""
    for number, (name, (encoding, errors)) in enumerate(streams.items()):
        is_line_buffered = name == "stderr" or os.isatty(number)
        stream = open(  # noqa: SIM115 — for as long as the process lives
            number, "w" if number else "r", encoding=encoding, errors=errors, closefd=False
        )
        if number:
            stream.reconfigure(line_buffering=is_line_buffered)
        setattr(sys, name, stream)


def _run(arguments: list[str]) -> int:
    """Run the command line; return its exit code, after a traceback as of a fresh interpreter."""
    from prefect.context import refresh_global_settings_context

    settings.cache_clear()
    refresh_global_settings_context()
    sys.argv = ["callsheet", *arguments]
    try:
        runpy.run_module(COMMAND, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0
