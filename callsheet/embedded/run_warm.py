"""The program that the runner starts for each flow run: it uses the warm engine, or else a fresh one.

    python -I -S run_warm.py HOME

To the runner it behaves like the run itself, with its streams, exit code and signals.
"""

import os
import signal
import sys

if __name__ == "__main__":  # without site-packages, for speed, so it sets the package's path
    sys.path.insert(0, os.path.abspath(f"{__file__}/../../.."))

from callsheet.warm_start import PREFECT_ENGINE, ask_engine, end_by, read_answer


def main() -> int:
    """Return the exit code of the run; don't return if the run or the engine ended by a signal."""
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
