"""Housekeeping: interrupted and waiting runs continue without help from users."""

from datetime import datetime

from prefect import flow, get_run_logger
from prefect.client.orchestration import get_client

from callsheet.model.deployed import UPKEEP_TAG, deployed
from tasks.run import queue
from tasks.run.limits import upkeep_alone
from tasks.run.termination import heed_sigterm
from tasks.upkeep import quota_wait, recovery, webhooks
from tasks.upkeep.stray_predictions import stop_left_running
from tasks.wiring import recoveries_at_most, starting_within


@deployed(
    "Callsheet restarts runs whose process or machine died, from their last finished step.",
    tags=[UPKEEP_TAG],
    every_s=600,
)
@flow(name="recover-interrupted", flow_run_name="recover interrupted runs")
@heed_sigterm
async def recover_interrupted(starting_before: datetime | None = None) -> dict[str, str]:
    """Restart runs whose process, runner or machine died, a bounded number of times.

    A cancelled run is never restarted. The flow also posts missed webhooks of runs that have ended, and stops what
    cancelled runs without a process have left at a paid provider.

    Args:
        starting_before: Time of Callsheet's restart on this machine. A run that was about to begin before it counts as
            interrupted, and a run that was at work here has not failed by itself. Without it, a run counts if it has
            been about to begin for longer than `CALLSHEET_STARTING_WITHIN_S`.

    Returns:
        The runs that were found, each with its new state.
    """
    log = get_run_logger()
    recovered = {}
    bounds = recovery.Bounds(recoveries_at_most(), starting_within(), starting_before)
    async with get_client() as client, upkeep_alone(client):
        for run in await recovery.read_interrupted(client, bounds):
            entered = await recovery.recover(client, run, bounds)
            log.info("%s was interrupted, and is %s now", run.name, entered)
            recovered[str(run.id)] = entered
        for run in await webhooks.read_missed(client, starting_before):
            log.info("No webhook has reported yet that %s is %s", run.name, run.state_name)
            await webhooks.redeliver(client, run)
        for prediction_id in await stop_left_running(client):
            log.info("Prediction %s, of a run that was cancelled, is stopped", prediction_id)
        await queue.call_next(client)
    return recovered


@deployed(
    "Callsheet continues runs whose provider answers again, and gives up unapproved ones.",
    tags=[UPKEEP_TAG],
    every_s=600,
)
@flow(name="resume-pending", flow_run_name="resume pending runs")
@heed_sigterm
async def resume_pending() -> dict[str, bool]:
    """Continue runs whose provider answers again, and give up runs without approval in time.

    Returns:
        The providers that runs wait for, and whether each answers.
    """
    log = get_run_logger()
    found = {}
    async with get_client() as client:
        # The provider is asked outside of the upkeep slot: it may take minutes, and killed runs don't wait for that.
        for provider in await quota_wait.read_pending(client):
            found[provider] = await quota_wait.provider_answers(provider)
            log.info("%s %s", provider, "answers" if found[provider] else "does not answer yet")
        async with upkeep_alone(client):
            for provider, runs in (await quota_wait.read_pending(client)).items():
                if found.get(provider):
                    await quota_wait.resume_in_turn(client, runs)
            await quota_wait.give_up_unapproved(client)
            await queue.call_next(client)
    return found
