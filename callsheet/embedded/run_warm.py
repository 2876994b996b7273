"""What the runner starts for each flow run: the warm engine where there is one, else a fresh one.

    python -I -S run_warm.py HOME

With the standard library alone, so that it begins within some milliseconds. It looks to the runner like the run itself:
its streams, its exit code, and the signals that it gets.
"""

import json
import os
import signal
import socket
import sys

ENGINE = "prefect.engine"
SOCKET_NAME = "engine.sock"


def short_path(home: str | os.PathLike[str]) -> str:
    """The engine's socket by a path that is short enough: the kernel allows 107 bytes, and homes may be deep."""
    folder = os.open(home, os.O_DIRECTORY | os.O_RDONLY | os.O_CLOEXEC)
    return f"/proc/self/fd/{folder}/{SOCKET_NAME}"


def main() -> int:
    """The exit code of the run."""
    engine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        engine.connect(short_path(sys.argv[1]))
    except OSError:
        os.execv(sys.executable, [sys.executable, "-m", ENGINE])
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: engine.send(bytes([received])))
    order = {"environment": dict(os.environ), "directory": os.getcwd()}
    content = json.dumps(order).encode() + b"\n"
    sent = socket.send_fds(engine, [content], [0, 1, 2])
    engine.sendall(content[sent:])
    return _ended_as(_answer(engine))


def _answer(engine: socket.socket) -> int | None:
    """The exit code as Python counts it, negative for a signal; None where the engine itself has gone."""
    answer = engine.recv(4, socket.MSG_WAITALL)
    return int.from_bytes(answer, "big", signed=True) if len(answer) == 4 else None


def _ended_as(code: int | None) -> int:
    """End as the run did: by the same signal, where it was one."""
    if code is None or code == -signal.SIGKILL:
        code = -signal.SIGKILL
        os.kill(os.getpid(), signal.SIGKILL)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    sys.exit(main())
