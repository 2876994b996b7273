"""Housekeeping: runs that were interrupted, and runs that wait, go on without anybody looking after them."""

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


@deployed("Runs whose process or machine died go on from their last finished step.", tags=[UPKEEP_TAG], every_s=600)
@flow(name="recover-interrupted", flow_run_name="recover interrupted runs")
@heed_sigterm
async def recover_interrupted(starting_before: datetime | None = None) -> dict[str, str]:
    """Let runs go on whose process, runner or machine died; a bounded number of times, and never a cancelled one.

    Runs that ended while nobody could tell the webhooks' receivers are told of now, and what runs that were cancelled
    without a process have left running at a paid provider is stopped.

    Args:
        starting_before: Everything here was started anew after this moment: what was about to begin before it is taken
            for interrupted, and what was at work on this machine has not failed by itself. Without it, what has been
            about to begin for longer than `CALLSHEET_STARTING_WITHIN_S`.

    Returns:
        The runs that were found, each with the state that it was brought into.
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
            log.info("Nobody was told yet that %s is %s", run.name, run.state_name)
            await webhooks.redeliver(client, run)
        for prediction_id in await stop_left_running(client):
            log.info("Prediction %s, of a run that was cancelled, is stopped", prediction_id)
        await queue.call_next(client)
    return recovered


@deployed("Runs go on whose provider answers again; unapproved ones are given up.", tags=[UPKEEP_TAG], every_s=600)
@flow(name="resume-pending", flow_run_name="resume pending runs")
@heed_sigterm
async def resume_pending() -> dict[str, bool]:
    """Let runs go on whose provider answers again, and give up those that nobody approved in time.

    Returns:
        The providers that runs wait for, and whether each answers.
    """
    log = get_run_logger()
    found = {}
    async with get_client() as client:
        # Asked before it is alone: a provider may take minutes to answer, and killed runs don't wait for that.
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
