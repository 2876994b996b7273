"""What the Prefect UI shows of a flow and of a step that have failed: a sentence, and the error itself behind it."""

import asyncio

import pytest
from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

from callsheet import errors
from tasks import policies

UNREACHABLE = errors.StorageUnavailable("The store at example.com did not answer", kind="network")
ERRORS = {
    "a mistake": errors.InvalidRequest("is needed", "title"),
    "too long": errors.ContentTooLong("takes two lines", "content.title"),
    "a refusal": errors.ProviderRefused("openai", 401, "the key is not known"),
    "no quota": errors.QuotaExhausted("openai", "nothing is left"),
    "a store that is away": UNREACHABLE,
    "a step that is stuck": errors.StepStuck("render-scene", 60),
}


async def ended(error):
    """States of a flow whose step raises this error: of the flow, and of its step as the server keeps it."""

    @task(**policies.retried(0))
    async def fail():
        raise error

    @flow
    async def fail_in_a_step():
        await fail()

    state = await fail_in_a_step(return_state=True)
    chosen = FlowRunFilter(id=FlowRunFilterId(any_=[state.state_details.flow_run_id]))
    async with get_client() as prefect, asyncio.timeout(30):
        # The server learns of steps by events, a moment later.
        while not (steps := await prefect.read_task_runs(flow_run_filter=chosen)) or not steps[0].state.is_final():
            await asyncio.sleep(0.1)
        [step] = steps
        kept = await prefect.read_flow_run(state.state_details.flow_run_id)
    return state, kept.state, step.state


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
async def test_the_state_of_a_failure_is_the_sentence_of_its_error(prefect_server, error):
    """Of the step and of its flow; a caller that asks for the result gets the error itself."""
    state, kept, step = await ended(error)
    assert [each.message for each in (state, kept, step)] == [str(error)] * 3
    raised = await state.aresult(raise_on_failure=False)
    assert (type(raised), raised.args) == (type(error), error.args)


async def test_an_error_that_is_not_ours_is_named(prefect_server):
    """Its words alone would tell nothing: those of a missing key are the key."""
    _, kept, step = await ended(KeyError("x"))
    assert kept.message == step.message == "An unexpected error ended it (KeyError: 'x'); its log says where"


async def test_a_step_is_still_tried_again_by_the_class_of_its_error(prefect_server):
    """A transient one as often as the policy allows, a permanent one never."""
    tries = []

    @flow
    async def try_both():
        for error in (UNREACHABLE, ERRORS["a mistake"]):

            @task(**{**policies.retried(2), "retry_delay_seconds": [0, 0]})
            async def fail(error=error):
                tries.append(type(error).__name__)
                raise error

            await fail(return_state=True)

    await try_both()
    assert tries == ["StorageUnavailable"] * 3 + ["InvalidRequest"]
