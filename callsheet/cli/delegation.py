"""Delegation to the warm engine: commands that ask a Prefect server start 1.5 s sooner.

The engine forks, and the fork runs the command with the terminal, folder and environment of this process. This process
passes signals to the command and ends with its exit code.
"""

import os
import signal
import sys
from types import FrameType

from callsheet.cli.entries import ASK_SERVER
from callsheet.cli.interruption import INTERRUPTED
from callsheet.surroundings import likely_home, prefect_may_be_set_up
from callsheet.warm_start import ask_engine, end_by, program, read_answer

PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def run_in_engine(arguments: list[str]) -> int | None:
    """Run this command line in the engine; return its exit code, or None if it must run here."""
    try:
        if not ASK_SERVER.intersection(arguments[:1]) or prefect_may_be_set_up():
            return None
        home = likely_home()
    except (FileNotFoundError, RuntimeError):  # no working directory or no home: the command reports it
        return None
    engine = ask_engine(home, command=_command(arguments), program=program())
    pid = read_answer(engine) if engine else None
    if not engine or not pid:
        return None
    passed_on = _pass_signals_on(pid)
    code = read_answer(engine)
    if code is None and signal.SIGINT in passed_on:
        return INTERRUPTED
    if code is None:
        end_by(passed_on[-1] if passed_on else signal.SIGKILL)
    return code


def _command(arguments: list[str]) -> dict[str, object]:
    """Return the arguments, folder and other state of this process, without its environment."""
    mask = os.umask(0)
    os.umask(mask)
    streams = {name: (getattr(sys, name).encoding, getattr(sys, name).errors) for name in ("stdin", "stdout", "stderr")}
    return {"arguments": arguments, "umask": mask, "streams": streams}


def _pass_signals_on(pid: int) -> list[int]:
    """Pass all further signals to the command; return the list that collects them."""
    passed_on: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        passed_on.append(number)
        os.kill(pid, number)

    def stop(number: int, frame: FrameType | None) -> None:
        os.kill(pid, signal.SIGSTOP)
        os.kill(os.getpid(), signal.SIGSTOP)
        os.kill(pid, signal.SIGCONT)  # so does this process, now that it reads on

    for number in PASSED_ON:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, pass_on)
    signal.signal(signal.SIGTSTP, stop)
    return passed_on
