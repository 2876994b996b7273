"""How Prefect runs each step: a named policy, the wiring, one call into the library."""

from tasks.run.plain_logs import use_plain_logs, use_plain_states
from tasks.run.whole_results import use_whole_results

use_plain_logs()
use_plain_states()
use_whole_results()
