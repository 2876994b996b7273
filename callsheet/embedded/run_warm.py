"""What the runner starts for each flow run: the warm engine where there is one, else a fresh one.

    python -I -S run_warm.py HOME

It looks to the runner like the run itself: its streams, its exit code, and the signals that it gets.
"""

import os
import signal
import sys

if __name__ == "__main__":  # without site-packages, for speed, so it says where its own package is
    sys.path.insert(0, os.path.abspath(f"{__file__}/../../.."))

from callsheet.warm_start import PREFECT_ENGINE, ask_engine, end_by, read_answer


def main() -> int:
    """The exit code of the run, or no return where it ended by a signal, or the engine with it."""
    engine = ask_engine(sys.argv[1])
    if engine is None:
        os.execv(sys.executable, [sys.executable, "-m", PREFECT_ENGINE])
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: engine.send(bytes([received])))
    code = read_answer(engine)
    if code is None:
        end_by(signal.SIGKILL)
    if code < 0:
        end_by(-code)
    return code


if __name__ == "__main__":
    sys.exit(main())
