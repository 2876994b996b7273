"""The `callsheet` command. Ctrl-C ends it with one line, from its first instruction on.

    python -P -S callsheet/__main__.py ARGUMENTS

Set-up installs it that way: Python answers Ctrl-C with a traceback while it looks for packages. So this file says first
what Ctrl-C does, and then lets Python look for them.
"""

import sys

# What Python is built with: `os` and `signal` would have to be read first.
from _signal import SIGINT, default_int_handler, getsignal, signal  # type: ignore[import-not-found]
from posix import _exit, write


def main() -> None:
    """Run the command line, in the warm engine or here."""
    from callsheet.cli.interruption import leaving_at_once

    with leaving_at_once(_leave if __name__ == "__main__" else default_int_handler):
        from callsheet.cli.delegation import run_in_engine

        code = run_in_engine(sys.argv[1:])
        if code is not None:
            sys.exit(code)
        from callsheet.cli.main import app

        app()


def _leave(number: int, frame: object) -> None:
    """End the process as `callsheet.cli.interruption` does, before that module can be imported."""
    write(2, b"Interrupted.\n")
    _exit(130)


def _find_packages() -> None:
    """Let this process import the packages beside its interpreter, as Python does without `-S`."""
    import site

    site.main()
    sys.argv[0] = "callsheet"


if __name__ == "__main__":
    if getsignal(SIGINT) is default_int_handler:
        signal(SIGINT, _leave)
    if sys.flags.no_site:
        _find_packages()
    main()
