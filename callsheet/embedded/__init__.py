"""The embedded server, for use without any set-up: database, Prefect server, media and runner under one supervisor.

`callsheet up` keeps it running in the foreground; `started` yields it for a command, after which it stays a while for
the next; `running` finds it; `stop` stops it.
"""

from callsheet.embedded.session import started, stop
from callsheet.embedded.state import AlreadyRunning, counted_as_user, retire
from callsheet.embedded.supervisor import supervise
from callsheet.local_server import RunningServices, running

__all__ = ["AlreadyRunning", "RunningServices", "counted_as_user", "retire", "running", "started", "stop", "supervise"]
