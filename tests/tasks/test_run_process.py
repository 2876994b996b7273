"""Which process a run has, and whether it still lives."""

import os
import signal
import subprocess
import sys

from callsheet.server.process import start_of, this_process


def test_a_process_is_named_by_machine_number_and_start():
    """Numbers are used again: the start makes the name one for good."""
    machine, _, process = this_process().rpartition(" / ")
    assert "pid:[" in machine
    assert process == f"{os.getpid()} {start_of(os.getpid())}"


def test_a_dead_process_has_no_start():
    """Also before its parent has asked for its exit code."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert start_of(child.pid)
    child.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert start_of(child.pid) == ""
    child.wait()
