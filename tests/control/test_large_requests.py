"""A request that is larger than the parameters that a server takes is a run like any other."""

import json

import pytest
import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId

from callsheet import client
from callsheet.model.requests.pictures import ImagePairsRequest
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.storage.large_scenes import PARAMETERS_AT_MOST_BYTES, as_json, size_bytes
from tests.flows.asking import waiting
from tests.flows.commands import run
from tests.flows.films import film, last_status
from tests.flows.history import rendered

CODE = """from manim import *


class Part(Scene):
    def construct(self):
        self.play(FadeIn(Square(side_length={number})), run_time=0.6)


{remarks}
"""


def large(title, scenes=3, **options):
    """A film of some scenes of code, with remarks as generators of code leave them."""
    remarks = "\n".join(f"# {line:05}: a remark that a generator of code has left here" for line in range(3200))
    parts = [
        {"name": f"Part {number}", "code": CODE.format(number=number, remarks=remarks)}
        for number in range(1, scenes + 1)
    ]
    return film(title, parts, **options)


async def test_a_large_request_is_shown_approved_made_and_one_of_its_scenes_made_again(prefect_server, tmp_path):
    """Its scenes travel by way of the store; what people see of the run has names and code all the same."""
    request = large("Large", approval=True)
    assert size_bytes(as_json(request)) > PARAMETERS_AT_MOST_BYTES
    asked = await client.start(request, idempotency_key="large")
    again = await client.start(request, idempotency_key="large")
    assert (asked.is_new, again.is_new, again.id) == (True, False, asked.id)
    await waiting(asked)
    assert [scene.name for scene in (await client.status(asked)).scenes] == ["Part 1", "Part 2", "Part 3"]
    storyboard = run("storyboard", asked.id)
    assert [scene["code"] for scene in yaml.safe_load(storyboard)["scenes"]] == [s.code for s in request.scenes]
    changed = tmp_path / "changed.yaml"
    changed.write_text(storyboard.replace("name: Part 1", "name: First"), encoding="utf-8")
    run("approve", asked.id, "--scenes", changed)
    assert (await last_status(asked)).is_completed
    assert await rendered(asked.id) == ["render-scene 01 First", "render-scene 02 Part 2", "render-scene 03 Part 3"]
    made = (await client.result(asked)).request
    assert isinstance(made, VideoRequest)
    assert made.scenes[0].code == request.scenes[0].code
    anew = await client.regenerate(asked, "Part 2")
    assert (await last_status(anew)).is_completed
    assert await rendered(anew.id) == ["render-scene 02 Part 2"]
    async with get_client() as prefect:
        parameters = (await prefect.read_flow_run(asked.id)).parameters
        logs = await prefect.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[asked.id])))
    assert len(json.dumps(parameters)) < 5_000
    assert any("3 of 3 scenes are too large for the form" in log.message for log in logs)


REMARKS = "\n".join(f"# {line:05}: 生成器が残した長い注釈です。ここには何も書かれていません。" for line in range(4_000))


@pytest.mark.long
async def test_a_single_scene_that_is_larger_than_the_parameters_is_made(prefect_server):
    """By itself, and as one of a video: a scene of a video has a run with separate parameters."""
    brief = {"name": "Long", "code": CODE.format(number=2, remarks=REMARKS)}
    request = SceneRequest.model_validate({"scene": brief, "profile": "draft"})
    assert size_bytes(as_json(request)) > PARAMETERS_AT_MOST_BYTES
    alone = await client.start(request)
    assert (await last_status(alone)).is_completed
    in_a_film = await client.start(film("Holds a long one", [brief]))
    assert (await last_status(in_a_film)).is_completed
    async with get_client() as prefect:
        for run in (alone, in_a_film):
            assert size_bytes((await prefect.read_flow_run(run.id)).parameters) < 5_000


@pytest.mark.long
async def test_pairs_of_pictures_that_are_larger_than_the_parameters_are_made(prefect_server, pictures):
    """A person reads and changes their words as they were written, and answers with all of them."""
    first, last = pictures("first"), pictures("last")
    words = "🌊" * 4_900
    pairs = [
        {"name": f"Wave {n}", "first": first, "last": last, "prompt": words, "duration_s": 0.5, "caption": "海"}
        for n in range(9)
    ]
    fields = {"title": "Large pairs", "profile": "draft", "scenes": pairs, "approval": "always"}
    request = ImagePairsRequest.model_validate(fields)
    assert size_bytes(as_json(request)) > PARAMETERS_AT_MOST_BYTES
    asked = await client.start(request)
    await waiting(asked)
    proposal = await client.proposal(asked)
    assert proposal.scenes == request.scenes
    changed = [scene.model_copy(update={"name": f"Sea {number}"}) for number, scene in enumerate(proposal.scenes)]
    await client.approve(asked, scenes=changed)
    status = await last_status(asked)
    assert status.is_completed, status.message
    assert [scene.name for scene in status.scenes] == [f"Sea {number}" for number in range(9)]
    made = (await client.result(asked)).request
    assert made.scenes[-1].prompt == words
