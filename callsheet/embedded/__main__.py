"""`python -m callsheet.embedded`: an embedded server that lives as long as it is used, for `started`.

Tells on standard output how it goes, one JSON object a line: `say`, then `ready` or `failed`. Where another supervisor
was quicker, that one's server is the one that is ready.
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
    """Supervise until nobody uses it; 1 where something can't be started or does not stay up."""
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
    with suppress(BrokenPipeError):  # nobody listens any more, and there is nothing to say but that it stops
        os.write(1, json.dumps(facts).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
