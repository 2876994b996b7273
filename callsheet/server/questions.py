"""The questions of a run and the answers of people: the Prefect server keeps both with the run."""

from dataclasses import dataclass
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun

from callsheet.model.labels import DEADLINE
from callsheet.model.run.approval import INPUTS, INPUTS_AT_MOST, KEY
from callsheet.server.transitions import states_of

# Prefect's name of the state that a resumed run enters.
RESUMING = "Resuming"


@dataclass(frozen=True)
class Question:
    """The last question of a run, as the server keeps it."""

    number: int
    """From 1; 0 if the run has not asked yet."""
    form: dict[str, Any]
    """JSON schema of the form; empty if the run has not asked yet."""
    answer: dict[str, Any] | None
    """None until the run is resumed."""


async def storyboard_names(client: PrefectClient, flow_run: FlowRun) -> tuple[str, ...]:
    """Return the names of the approved or proposed scenes; none if the run has not asked."""
    if DEADLINE not in flow_run.labels:
        return ()
    asked = await last_question(client, flow_run)
    agreed = asked.answer.get("scenes") if asked.answer else None
    return tuple(scene["name"] for scene in agreed or proposed_scenes(asked.form))


async def last_question(client: PrefectClient, flow_run: FlowRun) -> Question:
    """Return the last question of this run, and its answer."""
    inputs = await _inputs(client, flow_run)
    number = sum(key.endswith("-schema") for key in inputs)
    form = inputs.get(f"{INPUTS}-{number}-schema", {})
    answer = inputs.get(f"{INPUTS}-{number}-response")
    if answer is None and number and await _was_resumed(client, flow_run, number):
        answer = {}
    return Question(number, form, answer)


async def forget_questions(client: PrefectClient, flow_run: FlowRun) -> None:
    """Let a retry of this run ask from the beginning."""
    for key in await _inputs(client, flow_run):
        await client.delete_flow_run_input(flow_run.id, key)


async def _inputs(client: PrefectClient, flow_run: FlowRun) -> dict[str, Any]:
    found = await client.filter_flow_run_input(flow_run.id, INPUTS, INPUTS_AT_MOST, set())
    return {each.key: each.decoded_value for each in found}


async def _was_resumed(client: PrefectClient, flow_run: FlowRun, number: int) -> bool:
    """Return whether the run was resumed from this question: the server stores no empty answer."""
    states = await states_of(client, flow_run)
    asked = [place for place, state in enumerate(states) if state.state_details.pause_key == f"{KEY}-{number}"]
    after = states[asked[-1] + 1 :] if asked else []
    return bool(after) and after[0].name == RESUMING


def proposed_scenes(form: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the scenes that the form begins with."""
    return tuple(form.get("properties", {}).get("scenes", {}).get("default", ()))
