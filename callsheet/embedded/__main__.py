"""`python -m callsheet.embedded`: an embedded server that lives as long as it is used, for `started`.

It reports on standard output, one JSON object a line: `say`, then `ready` or `failed`. If another supervisor was
quicker, `ready` describes the other server.
"""

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

from callsheet.embedded.process import ProgramFailed
from callsheet.embedded.state import AlreadyRunning
from callsheet.embedded.supervisor import supervise
from callsheet.errors import SetupIncomplete
from callsheet.local_server import RunningServices
from callsheet.settings import settings


def main() -> int:
    """Supervise while commands or runs use the server; return 1 if a service can't run."""
    try:
        asyncio.run(supervise(settings(), lambda line: _tell(say=line), _tell_ready, for_a_command=True))
    except AlreadyRunning as error:
        assert error.services
        _tell_ready(error.services)
    except SetupIncomplete as error:
        _tell(failed=str(error), log_tail=error.log_tail if isinstance(error, ProgramFailed) else "")
        return 1
    return 0


def _tell_ready(services: RunningServices) -> None:
    _tell(ready=services.model_dump(mode="json"))


def _tell(**facts: Any) -> None:
    with suppress(BrokenPipeError):  # the reader has gone, and there is nothing left to report but the end
        os.write(1, json.dumps(facts).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
