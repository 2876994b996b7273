"""Approve or reject what a run proposes before anything is spent. The answer stays with the run on the server."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, FlowRunInput
from prefect.client.schemas.responses import OrchestrationResult, SetStateStatus
from pydantic import ValidationError

from callsheet.client.connection import MAX_WORDS, connected
from callsheet.client.ending import asks_for_approval
from callsheet.client.finding import RunLike, described, read_run, state_name
from callsheet.errors import InvalidRequest
from callsheet.model.approval import DEADLINE, INPUTS, INPUTS_AT_MOST, Decision
from callsheet.model.problems import sentence_of
from callsheet.model.proposal import Proposal, ProposedScene
from callsheet.model.runs import Run

# What the server says of an answer that does not fit the form; the field is a path such as scenes[0].name.
_REFUSAL = re.compile(r"Validation failed for field '(?P<field>.+?)'\. Failure reason: (?P<why>.*)", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """What a run asked last, as the server keeps it."""

    number: int
    """From 1; 0 where nobody was asked yet."""
    form: dict[str, Any]
    """JSON schema of the form; empty where nobody was asked yet."""
    answer: FlowRunInput | None
    """None where nobody has answered it."""


async def proposal(run: RunLike) -> Proposal:
    """What the run would make and what that would take: read it, change its scenes, and give them to `approve`.

    Raises:
        InvalidRequest: it does not wait for approval.
    """
    async with connected() as client:
        flow_run = await _asking(client, run, "has nothing to show")
        keys = _keys(flow_run)
        page = await client.read_flow_run_input(flow_run.id, keys["description"])
        form = json.loads(await client.read_flow_run_input(flow_run.id, keys["schema"]))
    deadline = flow_run.labels.get(DEADLINE)
    return Proposal(
        run_id=flow_run.id,
        name=flow_run.name,
        page=json.loads(page),
        scenes=_proposed(form),
        until=datetime.fromisoformat(str(deadline)) if deadline else None,
    )


async def approve(run: RunLike, *, scenes: Sequence[ProposedScene] | None = None) -> Run:
    """Let a run that waits for approval make what it proposes, or these scenes in their place and order.

    Raises:
        InvalidRequest: it does not wait for approval, or these scenes can't be made of it; the message names the field.
    """
    if scenes is None:
        return await _answer(run, {"approved": True}, "approved")
    if not scenes:
        raise InvalidRequest("needs at least 1 scene; leave them out to approve the storyboard as it is", "scenes")
    changed = [scene.model_dump(mode="json", exclude_none=True) for scene in scenes]
    return await _answer(run, {"approved": True, "scenes": changed}, "approved")


async def reject(run: RunLike, reason: str = "") -> Run:
    """End a run that waits for approval, with this reason in its state; a `retry` of it asks anew.

    Raises:
        InvalidRequest: it does not wait for approval.
    """
    return await _answer(run, {"approved": False, "reason": reason}, "rejected")


async def storyboard_names(client: PrefectClient, flow_run: FlowRun) -> tuple[str, ...]:
    """Names of the scenes as they were approved, or as they are proposed; none where nobody was asked."""
    if DEADLINE not in flow_run.labels:
        return ()
    asked = await last_question(client, flow_run)
    agreed = asked.answer.decoded_value.get("scenes") if asked.answer else None
    return tuple(scene["name"] for scene in agreed or _proposed(asked.form))


async def last_question(client: PrefectClient, flow_run: FlowRun) -> Question:
    """The last question that was asked in this run, and its answer."""
    found = await client.filter_flow_run_input(flow_run.id, INPUTS, INPUTS_AT_MOST, set())
    inputs = {each.key: each for each in found}
    number = sum(key.endswith("-schema") for key in inputs)
    form = inputs.get(f"{INPUTS}-{number}-schema")
    return Question(number, form.decoded_value if form else {}, inputs.get(f"{INPUTS}-{number}-response"))


def _proposed(form: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """The scenes that the form begins with."""
    return tuple(form.get("properties", {}).get("scenes", {}).get("default", ()))


async def _answer(run: RunLike, answer: dict[str, Any], participle: str) -> Run:
    async with connected() as client:
        flow_run = await _asking(client, run, f"can't be {participle}")
        taken = await client.resume_flow_run(flow_run.id, run_input=_checked(answer))
        if taken.status is not SetStateStatus.ACCEPT:
            raise _refused(taken)
        return await described(client, await client.read_flow_run(flow_run.id))


def _checked(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, after a look at what the server's form forgets: how long a list of scenes may be."""
    try:
        if not any("first" in scene for scene in answer.get("scenes", ())):  # pairs of pictures are the run's to judge
            Decision.model_validate(answer)
    except ValidationError as error:
        raise InvalidRequest(sentence_of(error)) from None
    return answer


async def _asking(client: PrefectClient, run: RunLike, what: str) -> FlowRun:
    flow_run = await read_run(client, run)
    if not asks_for_approval(flow_run):
        state = state_name(flow_run)
        raise InvalidRequest(f"run “{flow_run.name}” is {state} and {what}: it does not wait for approval")
    return flow_run


def _keys(flow_run: FlowRun) -> dict[str, str]:
    """Under which names the server keeps the question."""
    return (flow_run.state and flow_run.state.state_details.run_input_keyset) or {}


def _refused(answer: OrchestrationResult[Any]) -> InvalidRequest:
    reason = str(getattr(answer.details, "reason", None) or "the server gives no reason")
    found = _REFUSAL.search(reason)
    if found is None:
        return InvalidRequest(reason[:MAX_WORDS])
    return InvalidRequest(found["why"][:MAX_WORDS], found["field"])
