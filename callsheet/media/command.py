"""The one place that runs media programs.

An argv goes in; a failure carries the end of the program's output.

A program ends with its caller. If an exception, a time limit or a stop (`callsheet.stopping`) breaks the wait off, this
module kills the program. If this process dies, Linux kills it: `setpriv --pdeathsig` asks for that between fork and
exec. That signal follows the thread that started the program. This thread waits until the program has ended, so no
program outlives its wait.
"""

import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from callsheet import stopping
from callsheet.errors import PermanentError, SetupIncomplete
from callsheet.watchdog import allowed

# Lines kept of a program's output, and characters of each line.
TAIL_LINES = 20
LINE_CHARACTERS = 500
# Debian's packages of programs that are not named as they are.
_PACKAGES = {"ffprobe": "ffmpeg"}


class CommandFailed(PermanentError):
    """A media program ended with an error or ran out of time.

    `.log_tail` is the end of its output.
    """

    def __init__(self, program: str, reason: str, log_tail: str) -> None:
        super().__init__(program, reason, log_tail)
        self.program = program
        self.reason = reason
        self.log_tail = log_tail

    def __str__(self) -> str:
        last_line = self.log_tail.rpartition("\n")[2]
        return f"{self.program} {self.reason}{': ' if last_line else ''}{last_line}"


def run_command(argv: Sequence[str], timeout_s: float) -> str:
    """Run `argv` to its end and return its standard output. The program has no standard input.

    Raises CommandFailed if it fails or takes longer than `timeout_s`, SetupIncomplete if it is not installed, and
    Stopped if its work is not needed any more.
    """
    program = argv[0]
    # Part of util-linux. Without it, a kill of this process may leave the program running.
    setpriv = shutil.which("setpriv")
    process = subprocess.Popen(
        [*([setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []), _found(program), *argv[1:]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    assert process.stderr is not None
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    listener = threading.Thread(target=_keep_tail, args=(process.stderr, tail), daemon=True)
    out_of_time = threading.Event()
    alarm = threading.Timer(timeout_s, _end, args=(process, out_of_time))
    with process, stopping.hurried(process.kill), allowed(timeout_s):
        try:
            listener.start()
            alarm.start()
            output = process.stdout.read()
            status = process.wait()
            listener.join()
        finally:
            alarm.cancel()
            process.kill()
    stopping.check()
    if status != 0:
        reason = f"took longer than {timeout_s:g} s" if out_of_time.is_set() else "failed"
        raise CommandFailed(program, reason, "\n".join(tail))
    return output


def file_url(path: Path) -> str:
    """Return a file as ffmpeg's argument: never taken for an option, an address or a pattern."""
    return f"file:{path.resolve()}"


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        package = _PACKAGES.get(program, program)
        raise SetupIncomplete(f"{program} is not installed; on Debian, `apt-get install {package}` brings it", program)
    return path


def _end(process: subprocess.Popen[str], out_of_time: threading.Event) -> None:
    out_of_time.set()
    process.kill()


def _keep_tail(stderr: IO[str], tail: deque[str]) -> None:
    while line := stderr.readline(LINE_CHARACTERS):
        if line.strip():
            tail.append(line.strip())
