"""Requests from a small process to the warm engine, which has imported everything and works in its place.

This module needs the standard library alone, so a request takes some milliseconds. The engine is
`callsheet.embedded.warm_engine`. Flow runs ask it in `callsheet.embedded.run_warm`, commands in
`callsheet.cli.delegation`.
"""

import json
import os
import signal
import socket
import sys
from typing import Any, NoReturn

SOCKET_NAME = "engine.sock"
# What runs a flow, in a separate process or in a fork of the warm engine.
PREFECT_ENGINE = "prefect.engine"
ANSWER_BYTES = 4


def short_path(home: str | os.PathLike[str]) -> str:
    """Return a path of the engine's socket that fits.

    The kernel allows 107 bytes, and the path of a home may be longer.
    """
    folder = os.open(home, os.O_DIRECTORY | os.O_RDONLY | os.O_CLOEXEC)
    return f"/proc/self/fd/{folder}/{SOCKET_NAME}"


def program() -> dict[str, Any]:
    """Return what this process must have in common with the engine to be replaced by it."""
    return {
        "executable": sys.executable,
        "package": os.path.dirname(__file__),
        "user": os.getuid(),
        "environment": {name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "LD_"))},
    }


def ask_engine(home: str | os.PathLike[str], **order: Any) -> socket.socket | None:
    """Send an order to this home's engine, and return the connection; None if no engine runs.

    The standard streams, the environment and the working directory of this process are sent with it.
    """
    engine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        engine.connect(short_path(home))
        order |= {"environment": dict(os.environ), "directory": os.getcwd()}
        content = json.dumps(order).encode() + b"\n"
        sent = socket.send_fds(engine, [content], [0, 1, 2])
        engine.sendall(content[sent:])
    except OSError:
        engine.close()
        return None
    return engine


def as_answer(number: int) -> bytes:
    """Return a number as the connection carries it."""
    return number.to_bytes(ANSWER_BYTES, "big", signed=True)


def read_answer(engine: socket.socket) -> int | None:
    """Return the next number that the other side sends; None if it has ended."""
    try:
        content = engine.recv(ANSWER_BYTES, socket.MSG_WAITALL)
    except ConnectionError:
        return None
    return int.from_bytes(content, "big", signed=True) if len(content) == ANSWER_BYTES else None


def end_by(number: int) -> NoReturn:
    """End this process the way this signal ends one."""
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # if the signal is blocked
