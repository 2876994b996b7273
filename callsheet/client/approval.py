"""Approval: answers to what a run proposes before it spends money.

The server keeps the answer with the run.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import OrchestrationResult, SetStateStatus
from pydantic import ValidationError

from callsheet.errors import InvalidRequest
from callsheet.model.labels import DEADLINE
from callsheet.model.problems import sentence_of
from callsheet.model.run.approval import YES_OF_OLDER_FORMS, Decision
from callsheet.model.run.kinds import FilmScene, film_kind_with
from callsheet.model.run.proposal import Proposal
from callsheet.model.run.runs import Run
from callsheet.server.connection import MAX_WORDS, connected
from callsheet.server.large_requests import fit_scenes, load_stored_scenes
from callsheet.server.questions import proposed_scenes
from callsheet.server.run_state import asks_for_approval
from callsheet.server.runs import RunLike, read_run, state_name, to_run
from callsheet.storage.large_scenes import as_json

# The server's words on an answer that does not fit the form; the field is a path such as scenes[0].name.
_REFUSAL = re.compile(r"Validation failed for field '(?P<field>.+?)'\. Failure reason: (?P<why>.*)", re.DOTALL)


async def proposal(run: RunLike) -> Proposal:
    """Return what the run would make, and its cost; you can change the scenes for `approve`.

    Raises:
        InvalidRequest: the run does not wait for approval.
    """
    async with connected() as client:
        flow_run = await _asking(client, run, "has nothing to show")
        keys = _keys(flow_run)
        page = await client.read_flow_run_input(flow_run.id, keys["description"])
        form = json.loads(await client.read_flow_run_input(flow_run.id, keys["schema"]))
    deadline = flow_run.labels.get(DEADLINE)
    found = Proposal(
        run_id=flow_run.id,
        name=flow_run.name,
        page=json.loads(page),
        scenes=proposed_scenes(form),
        until=datetime.fromisoformat(str(deadline)) if deadline else None,
    )
    return found.model_copy(update={"scenes": await load_stored_scenes(found.scenes)})


async def approve(run: RunLike, *, scenes: Sequence[FilmScene] | None = None) -> Run:
    """Let a waiting run make what it proposes, or these scenes in their place and order.

    Raises:
        InvalidRequest: the run does not wait for approval, or can't be made from these scenes; the message names the
            field.
    """
    if scenes is None:
        return await _answer(run, {}, "approved")
    if not scenes:
        raise InvalidRequest("needs at least 1 scene; leave them out to approve the storyboard as it is", "scenes")
    async with connected() as client:
        changed = list(map(as_json, await fit_scenes(scenes, client)))
    return await _answer(run, {"scenes": changed}, "approved")


async def reject(run: RunLike, reason: str = "") -> Run:
    """End a waiting run, with this reason in its state; a `retry` of it asks again.

    Raises:
        InvalidRequest: the run does not wait for approval.
    """
    return await _answer(run, {"reject": True, "reason": reason}, "rejected")


async def _answer(run: RunLike, answer: dict[str, Any], participle: str) -> Run:
    async with connected() as client:
        flow_run = await _asking(client, run, f"can't be {participle}")
        form = json.loads(await client.read_flow_run_input(flow_run.id, _keys(flow_run)["schema"]))
        taken = await client.resume_flow_run(flow_run.id, run_input=_in_words_of(form, _checked(answer)))
        if taken.status is not SetStateStatus.ACCEPT:
            raise _refused(taken)
        return await to_run(client, await client.read_flow_run(flow_run.id))


def _checked(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer; check the number of scenes, which the server's form does not."""
    try:
        if film_kind_with((), answer.get("scenes", ())).is_staged:  # the run checks all other scenes
            Decision.model_validate(answer)
    except ValidationError as error:
        raise InvalidRequest(sentence_of(error)) from None
    return answer


def _in_words_of(form: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer with the fields of the form, which an older Callsheet may have sent."""
    if YES_OF_OLDER_FORMS not in form.get("properties", {}):
        return answer
    left = {name: value for name, value in answer.items() if name != "reject"}
    return {**left, YES_OF_OLDER_FORMS: not answer.get("reject", False)}


async def _asking(client: PrefectClient, run: RunLike, what: str) -> FlowRun:
    flow_run = await read_run(client, run)
    if not asks_for_approval(flow_run):
        state = state_name(flow_run)
        raise InvalidRequest(f"run “{flow_run.name}” is {state} and {what}: it does not wait for approval")
    return flow_run


def _keys(flow_run: FlowRun) -> dict[str, str]:
    """Return the names under which the server keeps the question."""
    return (flow_run.state and flow_run.state.state_details.run_input_keyset) or {}


def _refused(answer: OrchestrationResult[Any]) -> InvalidRequest:
    reason = str(getattr(answer.details, "reason", None) or "the server gives no reason")
    found = _REFUSAL.search(reason)
    if found is None:
        return InvalidRequest(reason[:MAX_WORDS])
    return InvalidRequest(found["why"][:MAX_WORDS], found["field"])
