"""Which process a run has, and how often a run may go on after losing it."""

from datetime import timedelta

from callsheet.model.deployed import MADE_TAG

DEPLOYMENT = "recover-interrupted/callsheet"
"""What lets runs go on whose process has ended."""
RECOVERED_TAGS = [MADE_TAG, "webhooks"]
"""Tags of the deployments whose runs are recovered; upkeep itself is started again anyway."""
PROCESS = "callsheet.process"
"""Label of a run: the process that it has, or had last; empty where that gave itself back."""
BEGUN = "callsheet.begun"
"""Label: the state with which that process began. Where the run has begun to run anew, it names a process of before."""
RECOVERIES = "callsheet.recoveries"
"""Label: how often the run was put back to work after its process had ended, without finishing a step in between."""
FINISHED_STEPS = "callsheet.finished-steps"
"""Label: how many different steps were finished when that was counted last."""
MENDED_WITHIN = timedelta(minutes=6)
"""A crash starts the recovery at once; where nothing could be started then, a schedule looks every ten minutes."""
