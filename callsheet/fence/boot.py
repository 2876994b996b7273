"""The first program inside the fence: it sets this process's limits, then becomes the job.

Standard library alone.

    python -I -S -B boot.py BRIEFING      (one JSON object)

It imports the job's module at once. The job is there when standard input ends: it lies in a file in memory, whose
descriptor the briefing names. If the process is fed, the job is there after the first line, and the lines that follow
are the module's.

The program is trusted text with no more rights than the code that follows. Nothing it says is believed outside.
"""

import importlib
import json
import os
import resource
import sys
import traceback
from typing import Any


def main() -> int:
    """Run the job, and return its exit code."""
    briefing = json.loads(sys.argv[1])
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a process that is killed has said it
    for name, value in briefing["rlimits"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    sys.path += briefing["packages"]
    return _do(briefing)


def _do(briefing: dict[str, Any]) -> int:
    from callsheet.fence.protocol import Outbox  # found in the packages of the briefing

    outbox = Outbox(briefing["outbox"])
    outbox.say("started")
    module = importlib.import_module(briefing["module"])
    if briefing["is_fed"]:
        sys.stdin.buffer.readline()
        served: int = module.serve(_job(briefing["job"]), sys.stdin.buffer, outbox)
        return served
    sys.stdin.buffer.read()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    code: int = module.main(_job(briefing["job"]), outbox)
    return code


def _job(descriptor: int) -> dict[str, Any]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(descriptor, "rb") as file:
        order: dict[str, Any] = json.loads(file.read())
    return order


if __name__ == "__main__":
    exit_code = 1
    try:
        exit_code = main()
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: threads that the job's code leaves behind could keep the process from ending.
    os._exit(exit_code)
