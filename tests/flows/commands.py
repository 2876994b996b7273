"""The command line as a person or a script uses it, with the test's own server."""

import os
import re
import subprocess
import sys

from callsheet.settings import settings


def environment(**changes):
    """The test server's home, and no server named but by `changes`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | {"CALLSHEET_HOME": str(settings().home), **changes}


def started(*arguments, **changes):
    """The command as a process, which hears Ctrl-C also where the tests were started in the background."""
    hearing = ["env", "--default-signal=INT"]  # a shell lets what it starts in the background ignore it
    argv = [*hearing, sys.executable, "-m", "callsheet", *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(argv, env=environment(**changes), stdout=pipe, stderr=pipe, text=True)


def run(*arguments, code=0, **changes):
    """Its output, where it ends with this exit code; never a traceback."""
    command = started(*arguments, **changes)
    output, errors = command.communicate(timeout=120)
    errors = without_signs_of_life(errors)
    assert "Traceback" not in output + errors
    assert command.returncode == code, output + errors
    return output + errors if code else output


def without_signs_of_life(errors):
    """What a command has said, without the lines that say on a busy machine that it works."""
    return re.sub(r"^… .*, \d+ s so far\n", "", errors, flags=re.MULTILINE)


def run_to_end(name):
    """What `watch` says to the eye."""
    command = started("watch", name)
    output, errors = command.communicate(timeout=120)
    assert command.returncode == 0, output + errors
    return errors
