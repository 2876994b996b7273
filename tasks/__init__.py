"""How Prefect runs each step: a named policy, the wiring, one call into the library."""

from tasks.run.plain_logs import use_plain_words
from tasks.run.whole_results import use_whole_results

use_plain_words()
use_whole_results()
