"""Everything a newcomer needs, under one supervisor: database, Prefect server, media and runner.

`callsheet up` keeps it running in the foreground; `started` has it for the length of one command; `running` finds it.
"""

from callsheet.embedded.session import started
from callsheet.embedded.state import AlreadyRunning, RunningServices, running
from callsheet.embedded.supervisor import supervise

__all__ = ["AlreadyRunning", "RunningServices", "running", "started", "supervise"]
