"""The request for the film of a screenplay: the names of workflows, and what they need."""

import pytest
from pydantic import ValidationError

from callsheet.model.problems import sentence_of
from callsheet.model.requests.movie import MovieRequest

SHOTS = [{"name": "1.1", "scene": 1}, {"name": "1.2", "scene": 1, "take": 3}]


def movie(**fields):
    """A request with a text."""
    return MovieRequest.model_validate({"title": "Film", "script": "INT. ROOM - DAY\n\nAnna waits.", **fields})


@pytest.mark.parametrize(
    ("workflow", "stop_after"),
    [
        ("full_pipeline", None),
        ("script_analysis_only", "analysis"),
        ("animatic_only", "animatic"),
        ("storyboard_only", "board"),
        ("video_only", None),
    ],
)
def test_a_workflow_says_the_same_as_the_stage_after_which_a_run_stops(workflow, stop_after):
    """Both are one request, and the same work."""
    assert movie(workflow=workflow, scenes=SHOTS) == movie(stop_after=stop_after, scenes=SHOTS)


def test_a_form_shows_the_workflows():
    """They are a field of the request, and an empty one says nothing."""
    assert MovieRequest.model_json_schema()["properties"]["workflow"]["enum"][0] == "full_pipeline"
    assert movie(workflow=None, scene="") == movie()


def test_one_shot_of_a_board_gets_its_next_take():
    """The other shots stay as they are."""
    request = movie(workflow="regenerate_scene", scene="1.2", scenes=SHOTS)
    assert request == movie(scenes=[SHOTS[0], {**SHOTS[1], "take": 4}])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"workflow": "everything"}, "workflow: there is no workflow “everything”; give one of full_pipeline"),
        ({"workflow": ["full_pipeline"]}, "workflow: there is no workflow"),
        (
            {"workflow": "video_only"},
            "scenes: video_only needs the shots of a board; give them, or use `callsheet movie",
        ),
        ({"workflow": "regenerate_scene"}, "scenes: regenerate_scene needs the shots of a board; give them, or use"),
        ({"workflow": "regenerate_scene", "scenes": SHOTS, "scene": "7"}, "scene: regenerate_scene needs the name"),
        ({"workflow": "regenerate_scene", "scenes": SHOTS}, "there are 1.1, 1.2"),
        ({"workflow": "regenerate_scene", "scenes": [{"name": "1"}], "scene": "1"}, "scenes.0.scene"),
        ({"workflow": "storyboard_only", "stop_after": "clips"}, "stop_after: `workflow` says this already"),
    ],
)
def test_a_workflow_that_lacks_something_is_one_sentence(fields, said):
    """It names the field, and what to do."""
    with pytest.raises(ValidationError) as refused:
        movie(**fields)
    assert said in sentence_of(refused.value)
