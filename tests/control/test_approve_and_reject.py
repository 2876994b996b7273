"""Approving and rejecting by the client and the command line, on a real server with a real runner."""

import json

import pytest
import yaml
from prefect.client.orchestration import get_client
from prefect.input import RunInput

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.model.requests.video import SceneBrief
from tests.flows.asking import waiting
from tests.flows.commands import run, run_to_end
from tests.flows.films import film, last_status, titled
from tests.flows.history import rendered

REQUEST = """
title: {title}
profile: draft
approval: true
merge: {{transition: none}}
scenes:
  - name: One
    template: title
    content: {{title: {title}, duration_s: 1}}
  - name: Two
    template: title
    content: {{title: "{title}, two", duration_s: 1}}
"""


@pytest.mark.long
async def test_an_edited_storyboard_is_approved_and_one_of_its_scenes_is_made_anew(prefect_server):
    """Two scenes are proposed, five approved; one of those is made again, without a further question."""
    asked = await client.start(film("Agreed", scenes=2, approval=True))
    await waiting(asked)
    status = await client.status(asked)
    assert (status.needs_approval, status.doing, status.is_final) == (True, "waiting for approval", False)
    shown = await client.proposal(asked)
    assert "| scenes | 2 |" in shown.page
    assert shown.until is not None
    added = [SceneBrief.model_validate(titled(f"Agreed, added {n}")) for n in (1, 2, 3)]
    await client.approve(asked, scenes=[*reversed(shown.scenes), *added])
    done = await last_status(asked)
    assert (done.is_completed, done.steps_done, done.steps_total) == (True, 8, 8)
    names = [scene.name for scene in (await client.result(asked)).request.scenes]
    assert names[:3] == ["Agreed 2", "Agreed 1", "Agreed, added 1"]
    assert [scene.name for scene in done.scenes] == names
    anew = await client.regenerate(asked, "Agreed, added 2")
    assert (await last_status(anew)).is_completed
    assert await rendered(anew.id) == ["render-scene 04 Agreed, added 2"]


async def test_what_can_not_be_answered_is_refused_in_a_sentence(prefect_server):
    """Other verbs say what to do instead; an answer that does not fit names its field, and the run still waits."""
    asked = await client.start(film("Answered", approval=True))
    await waiting(asked)
    with pytest.raises(InvalidRequest, match="can't be resumed: it waits for approval, so approve or reject it"):
        await client.resume(asked)
    with pytest.raises(InvalidRequest, match=r"^scenes: needs at least 1 scene"):
        await client.approve(asked, scenes=[])
    too_many = [SceneBrief.model_validate(titled(str(n))) for n in range(201)]
    with pytest.raises(InvalidRequest, match=r"^scenes: takes at most 200, not 201"):
        await client.approve(asked, scenes=too_many)
    with pytest.raises(InvalidRequest, match=r"^reason: takes at most 1000 characters"):
        await client.reject(asked, "no" * 501)
    await client.reject(asked, "too short")
    status = await last_status(asked)
    assert (status.state, status.message) == ("Cancelled", "Not approved: too short")
    for verb, words in ((client.approve, "can't be approved"), (client.proposal, "has nothing to show")):
        with pytest.raises(InvalidRequest, match=f"is Cancelled and {words}: it does not wait for approval"):
            await verb(asked)


class OlderForm(RunInput):
    """What Callsheet asked with until approval became what is meant by resuming."""

    approved: bool
    scenes: tuple[SceneBrief, ...] = ()
    reason: str = ""


@pytest.mark.parametrize("is_wanted", [pytest.param(True, marks=pytest.mark.long), False])
async def test_a_run_that_waits_with_an_older_form_is_answered(prefect_server, is_wanted):
    """The client speaks the words of the form that waits, and the run understands them."""
    asked = await client.start(film(f"Older form, wanted: {is_wanted}", approval=True))
    waits = await waiting(asked)
    async with get_client() as prefect:
        keys = waits.state.state_details.run_input_keyset
        form = json.dumps(OlderForm.model_json_schema())
        await prefect.delete_flow_run_input(asked.id, keys["schema"])
        await prefect.create_flow_run_input(asked.id, keys["schema"], form)
    if is_wanted:
        await client.approve(asked)
        assert (await last_status(asked)).is_completed
    else:
        await client.reject(asked, "too short")
        assert (await last_status(asked)).message == "Not approved: too short"


async def test_a_storyboard_is_printed_changed_and_approved_by_command(prefect_server, tmp_path):
    """What is printed is a file that is given back; the start says how."""
    file = tmp_path / "request.yaml"
    file.write_text(REQUEST.format(title="By hand and eye"), encoding="utf-8")
    said = run("start", file)
    name = said[:8]
    assert f"`callsheet approve {name}`" in said
    await waiting(await client.find_run(name))
    assert f"`callsheet reject {name}`" in run("status", name)
    printed = run("storyboard", name)
    assert "# | scenes | 2 |" in printed
    [one, two] = yaml.safe_load(printed)["scenes"]
    assert json.loads(run("storyboard", name, "--json"))["proposal"]["scenes"][0]["name"] == one["name"] == "One"
    changed = tmp_path / "changed.yaml"
    changed.write_text(yaml.safe_dump({"scenes": [two, {**one, "content": {}}]}), encoding="utf-8")
    assert "changed.yaml:7: scenes.1.content (scene “One”): say what the template shows" in run(
        "approve", name, "--scenes", changed, code=2
    )
    changed.write_text(printed.replace("name: One", "name: First"), encoding="utf-8")
    assert "is approved and continues" in run("approve", name, "--scenes", changed)
    assert "First render-scene" in run_to_end(name)


async def test_a_run_is_rejected_by_command(prefect_server, tmp_path):
    """Its state says why, and a second answer is refused with exit code 2."""
    file = tmp_path / "request.yaml"
    file.write_text(REQUEST.format(title="Unwanted by command"), encoding="utf-8")
    started = json.loads(run("start", file, "--json"))["run"]
    await waiting(await client.find_run(started["id"]))
    assert json.loads(run("reject", started["id"], "--reason", "not now", "--json"))["ok"]
    assert "ended as Cancelled: Not approved: not now" in run("watch", started["id"], code=1)
    assert "it does not wait for approval" in run("approve", started["id"], code=2)
