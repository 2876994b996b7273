"""How Prefect runs each step: a named policy, the wiring, one call into the library."""

from tasks.run.plain_logs import use_plain_logs
from tasks.run.plain_states import use_plain_states

use_plain_logs()
use_plain_states()
