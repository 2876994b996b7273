"""The `callsheet` command. Ctrl-C ends it with one line, from its first instruction on."""

import sys

from callsheet.cli.interruption import leaving_at_once


def main() -> None:
    """Run the command line, in the warm engine or here."""
    with leaving_at_once():
        from callsheet.cli.delegation import run_in_engine

        code = run_in_engine(sys.argv[1:])
        if code is not None:
            sys.exit(code)
        from callsheet.cli.main import app
    app()


if __name__ == "__main__":
    main()
