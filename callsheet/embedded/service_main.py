"""The main program of a Python service of the embedded server.

    python -m callsheet.embedded.service_main MODULE IMPORTS ARGUMENT…

It imports what the service will need (names separated by commas) while the service before it is still starting. Then it
waits for the signal on standard input, and runs MODULE as `python -m MODULE ARGUMENT…` would.

Standard input stays open for as long as the supervisor lives. When it closes, this process ends with all its
descendants: a runner that is killed alone would leave its flow runs behind.
"""

import importlib
import os
import runpy
import signal
import sys
import threading

from callsheet.embedded.process import GO
from callsheet.embedded.process_tree import end_descendants
from callsheet.imports import lasting_imports


def main() -> int:
    """Run the service; return 1 if the supervisor went away before the service could begin."""
    module, imports, *arguments = sys.argv[1:]
    with lasting_imports():
        for name in filter(None, imports.split(",")):
            importlib.import_module(name)
    if os.read(0, len(GO)) != GO:
        return 1
    threading.Thread(target=_end_with_supervisor, name="end-with-supervisor", daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def _end_with_supervisor() -> None:
    while os.read(0, 1):
        pass
    end_descendants(os.getpid())
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
