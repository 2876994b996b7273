"""The Python client: start, follow and control runs, fetch their films. It asks only the Prefect server.

    run = await start(VideoRequest(...), idempotency_key="order 17")
    async for event in watch(run):
        print(event.kind, event.message)
    manifest = await result(run)

A parameter `run` takes a `Run`, its id, the beginning of its id, or a name that no other run has.
`callsheet.client.sync` offers the same functions to code that does not await.
"""

from callsheet.client.approval import approve, proposal, reject
from callsheet.client.controls import cancel, pause, resume, retry
from callsheet.client.films import download, film, pipeline
from callsheet.client.flows import list_flows, start_flow
from callsheet.client.regeneration import continue_film, regenerate
from callsheet.client.run_history import history, run_records
from callsheet.client.run_lookup import find_run, list_runs
from callsheet.client.run_status import backfill_report, checkpoints, film_so_far, follow, read_request, result, status
from callsheet.client.shares import Share, find_share, list_shares, revoke_share, share
from callsheet.client.starting import start
from callsheet.client.tokens import ApiToken, add_token, find_token, list_tokens, revoke_token
from callsheet.client.watching import watch
from callsheet.client.webhooks import deliver_again, ping_webhooks, until_told
from callsheet.model.run.proposal import Proposal
from callsheet.model.run.runs import (
    Checkpoint,
    EventKind,
    IfRunning,
    Run,
    RunEvent,
    RunStatus,
    SceneState,
    SceneStatus,
    StepError,
)

__all__ = [
    "ApiToken",
    "Checkpoint",
    "EventKind",
    "IfRunning",
    "Proposal",
    "Run",
    "RunEvent",
    "RunStatus",
    "SceneState",
    "SceneStatus",
    "Share",
    "StepError",
    "add_token",
    "approve",
    "backfill_report",
    "cancel",
    "checkpoints",
    "continue_film",
    "deliver_again",
    "download",
    "film",
    "film_so_far",
    "find_run",
    "find_share",
    "find_token",
    "follow",
    "history",
    "list_flows",
    "list_runs",
    "list_shares",
    "list_tokens",
    "pause",
    "ping_webhooks",
    "pipeline",
    "proposal",
    "read_request",
    "regenerate",
    "reject",
    "result",
    "resume",
    "retry",
    "revoke_share",
    "revoke_token",
    "run_records",
    "share",
    "start",
    "start_flow",
    "status",
    "until_told",
    "watch",
]
