"""The embedded server of a home, as clients and commands find it: by a file that it writes when it is ready."""

from datetime import datetime
from pathlib import Path

from pydantic import AliasChoices, Field, ValidationError

from callsheet.model.values import Value
from callsheet.processes import started_at_ticks
from callsheet.settings import Settings

STATE_FILE = "up.json"
NO_TLS = Path(__file__).with_name("no_tls.pem")
"""What the embedded server's clients trust: a certificate without a key. Its API is plain HTTP, and Prefect would read
the 120 certificates of all authorities for each client, which takes 25 ms."""


class RunningServices(Value):
    """An embedded server that is ready for work."""

    pid: int
    """The process id of the supervisor."""
    pid_started_at_ticks: int = Field(validation_alias=AliasChoices("pid_started_at_ticks", "pid_age_ticks"))
    """When that process started, in ticks, so that another one with the same number is not taken for it. A server of an
    earlier version, which may still run, has it under the second name."""
    api_url: str
    ui_url: str
    media_url: str
    gateway_url: str = ""
    """The address of the HTTP API; empty for a server of an earlier version."""
    database: str
    """What keeps the state, in words: PostgreSQL 15, or SQLite."""
    started_at: datetime
    lingers_s: float | None = None
    """Seconds that a server which was started for a command stays without use; None for one that stays until Ctrl-C."""
    setting_digests: dict[str, str] = Field(default_factory=dict)
    """Digests of the settings that it was started with, by the name of their environment variable."""
    declared: str = ""
    """Digest of the deployments that it was started with."""


def running(settings: Settings) -> RunningServices | None:
    """Return the embedded server of this home if it is up and ready, else None."""
    try:
        services = RunningServices.model_validate_json((settings.home / STATE_FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    return services if started_at_ticks(services.pid) == services.pid_started_at_ticks else None
