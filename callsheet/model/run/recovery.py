"""The process of a run, and how often a run may be started again after losing it."""

from datetime import timedelta

from callsheet.model.deployed import MADE_TAG, full_name

FLOW = "recover-interrupted"
"""The flow that starts runs again whose process has ended."""
DEPLOYMENT = full_name(FLOW)
RECOVERED_TAGS = [MADE_TAG, "webhooks"]
"""Tags of the deployments whose runs are recovered; upkeep itself is started again anyway."""
MENDED_WITHIN = timedelta(minutes=11)
"""A crash starts the recovery at once. If nothing could be started then, a schedule looks every ten minutes."""
