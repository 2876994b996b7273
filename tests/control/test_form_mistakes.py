"""Mistakes that a form lets through: the run has its name, and one line of its log says what is wrong, and where."""

import asyncio

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.model.deployed import full_name
from callsheet.model.requests.pictures import PairScene
from callsheet.model.requests.video import SceneBrief
from tests.flows.asking import waiting
from tests.flows.films import last_status, titled
from tests.flows.history import scene_runs, task_states

ERROR = 40
WORDS_OF_PREFECT = (
    "ParameterTypeError", "Value error,", "InvalidRequest", "ContentTooLong:", "Traceback", ".dict.", "KeyError",
    "Flow run encountered", "system exit",
)  # fmt: skip
NO_POINTS = {"name": "Broken", "template": "bullets", "content": {"points": []}}
UNKNOWN_FIELD = {"name": "Odd", "template": "title", "content": {"title": "Odd", "subtitel": "x"}}
WRONG_TYPE = {"name": "Dated", "template": "timeline", "content": {"events": [{"when": {"year": 1}, "what": 5}]}}
MISTAKES = [
    ("generate-video", "Without points", [NO_POINTS], "scenes.0.content.points (scene “Broken”): needs at least 1"),
    ("generate-video", "One of two", [titled("Good"), UNKNOWN_FIELD], "scenes.1.content.subtitel (scene “Odd”): "),
    ("generate-video", "Lists", [WRONG_TYPE], "scenes.0.content.events.0.when (scene “Dated”): "),
    (
        "generate-video",
        "Both ways",
        [{**titled("Two"), "prompt": "Two."}],
        "scenes.0.prompt (scene “Two”): give just one",
    ),
    ("generate-video", "No scene", [], "scenes: needs at least 1 scene"),
]
# What a form can't know: it takes a typesetter, the files of the machine, and the size of the picture.
LATEX = {"name": "Root", "template": "equation", "content": {"steps": ["\\\\sqrt{2}", "x = 2"]}}
NO_FILE = {"name": "Earth", "template": "picture", "content": {"path": "/nowhere/earth.png"}}
NO_SOUND = {"name": "Bell", "prompt": "A bell.", "files": ["/nowhere/bell.wav"]}
TOO_LONG = {"name": "Wide", "template": "terminal", "content": {"prompt_sign": "m" * 24, "entries": [{"text": "ls"}]}}
PLEY = "from manim import *\n\n\nclass A(Scene):\n    def construct(self):\n        self.pley(Create(Circle()))\n"
CODE = {"name": "Typed", "code": PLEY}
NO_SCENE = {"name": "Empty", "code": "import os\n"}
LATEX_SENTENCE = "scene “Root”, content.steps.0: the formula “"
SENTENCES = (
    "scene “Typed”, code: line 6: A has no attribute or method pley; did you mean play?",
    "scene “Empty”, code: ",
    LATEX_SENTENCE,
    "scene “Earth”, content.path: ",
    "scene “Bell”, files: ",
    "scene “Wide”, content.prompt_sign: ",
)


async def submitted(flow, request):
    """Id of the run of what a person has put into the form."""
    async with get_client() as prefect:
        deployment = await prefect.read_deployment_by_name(full_name(flow))
        run = await prefect.create_flow_run_from_deployment(deployment.id, parameters={"request": request})
    return run.id


async def errors_in_log(run_id):
    """Lines that the Prefect UI shows in red, once the last of the log is there."""
    of_the_run = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run_id]))
    async with get_client() as prefect, asyncio.timeout(30):
        while not any("Finished in state" in log.message for log in await prefect.read_logs(of_the_run)):
            await asyncio.sleep(0.2)
        return [log.message for log in await prefect.read_logs(of_the_run) if log.level >= ERROR]


async def is_told_once(run_id, name, sentence):
    """Whether the run ended with this name, and with the sentence in its state and in one line of its log."""
    status = await last_status(run_id)
    [line] = await errors_in_log(run_id)
    assert (status.name, status.state) == (name, "Failed")
    assert sentence in status.message
    assert sentence in line
    assert not [words for words in WORDS_OF_PREFECT if words in line + status.message]


@pytest.mark.parametrize(("flow", "title", "scenes", "sentence"), MISTAKES, ids=lambda value: str(value)[:12])
async def test_a_mistake_in_the_form_is_one_sentence_with_scene_and_field(
    prefect_server, flow, title, scenes, sentence
):
    """Whatever the form let through, in a run with the title of the video."""
    await is_told_once(await submitted(flow, {"title": title, "scenes": scenes}), title, sentence)


async def test_a_mistake_in_a_single_scene_is_told_in_the_run_of_the_scene(prefect_server):
    """Its form has no title: the run has the scene's name."""
    await is_told_once(
        await submitted("generate-scene", {"scene": NO_POINTS}),
        "scene Broken",
        "scene.content.points: needs at least 1",
    )


async def test_all_that_can_be_known_of_all_scenes_is_told_before_one_is_made(prefect_server):
    """Formulas, files, room and code: in one sentence, and no step of a scene has begun."""
    scenes = [titled("Right"), LATEX, NO_FILE, NO_SOUND, TOO_LONG, CODE, NO_SCENE]
    run_id = await submitted("generate-video", {"title": "Seven scenes", "scenes": scenes})
    for sentence in SENTENCES:
        await is_told_once(run_id, "Seven scenes", sentence)
    assert await task_states(run_id) == []
    assert await scene_runs(run_id) == []


@pytest.mark.parametrize(
    ("scene", "sentence"), [(LATEX, LATEX_SENTENCE), (CODE, SENTENCES[0])], ids=["formula", "code"]
)
async def test_a_single_scene_is_looked_at_before_it_is_made(prefect_server, scene, sentence):
    """By the same function."""
    run_id = await submitted("generate-scene", {"scene": scene})
    await is_told_once(run_id, f"scene 01 {scene['name']}", sentence)
    assert await task_states(run_id) == []


@pytest.mark.long
async def test_a_request_that_wants_a_card_for_a_failed_scene_gets_it_for_code_with_a_mistake(prefect_server):
    """The policy of the request decides: the video is made."""
    scenes = [titled("Right"), CODE]
    request = {"title": "With a card", "scenes": scenes, "on_scene_failure": "placeholder", "profile": "draft"}
    run_id = await submitted("generate-video", request)
    assert (await last_status(run_id)).is_completed
    assert [str(scene.outcome) for scene in (await client.result(run_id)).scenes] == ["rendered", "placeholder"]


NOT_STORED = {"name": "Root", "stored": "scenes/00/none.json"}
NO_KEY = {"name": "Root", "stored": "somewhere else"}


@pytest.mark.parametrize(
    ("scene", "sentence"),
    [(LATEX, LATEX_SENTENCE), (NOT_STORED, "its stored part is gone"), (NO_KEY, "is no stored scene")],
    ids=["formula", "gone", "no key"],
)
async def test_an_answer_with_a_mistake_is_asked_for_again(prefect_server, scene, sentence):
    """A person who approves changed scenes in the form loses nothing, and reads what is wrong."""
    run_id = await submitted("generate-video", {"title": "Changed", "scenes": [titled("Right")], "approval": True})
    await waiting(await client.find_run(run_id))
    await client.approve(run_id, scenes=[SceneBrief.model_validate(scene)])
    assert sentence in await page_of_next_question(run_id)
    await client.cancel(run_id)


async def test_an_answer_with_a_picture_that_is_not_there_is_asked_for_again(prefect_server, pictures):
    """The run reads pictures after the answer: it fails of none, and the next answer is taken."""
    first, last = pictures("first"), pictures("last")
    scene = {"name": "Waves", "first": first, "last": last, "prompt": "zoom in", "duration_s": 0.5}
    fields = {"title": "Changed pairs", "profile": "draft", "scenes": [scene], "approval": "always"}
    run_id = await submitted("animate-image-pairs", fields)
    await waiting(await client.find_run(run_id))
    await client.approve(run_id, scenes=[PairScene.model_validate({**scene, "last": "/nowhere/last.png"})])
    assert "scene “Waves”, last: there is no file" in await page_of_next_question(run_id)
    await client.approve(run_id, scenes=[PairScene.model_validate({**scene, "name": "Sea"})])
    status = await last_status(run_id)
    assert (status.is_completed, [scene.name for scene in status.scenes]) == (True, ["Sea"])


async def page_of_next_question(run_id):
    """What stands above the question that is asked after an answer that could not be used."""
    async with asyncio.timeout(60):
        while "could not be used" not in (page := await page_of(run_id)):
            assert not (await client.status(run_id)).is_final
            await asyncio.sleep(0.3)
    return page


async def page_of(run_id):
    """What stands above the question of a run; nothing while it does not wait."""
    try:
        return (await client.proposal(run_id)).page
    except InvalidRequest:
        return ""
