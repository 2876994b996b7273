"""A run that continues from a stage: which kept values count, and which do not."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import VoiceChoice
from callsheet.model.run.resumption import Resumption
from tasks import narration, policies, scenes, storyboarding

RUN = "a run"
SPOKEN = {"key": "k", "text": "Hi.", "language": "en", "label": "01 Moon", "is_patient": True}
TASK_RUN = SimpleNamespace(flow_run_id=UUID(int=1))


def key(step, given, resumed: Resumption | None = None, run: str = RUN) -> str:
    """The key of a step's value in a run that continues so."""
    context = SimpleNamespace(task=step.task, task_run=TASK_RUN)
    token = policies.resumption.set((run, resumed) if resumed else None)
    try:
        return step.task.cache_policy.compute_key(context, given, {})
    finally:
        policies.resumption.reset(token)


def is_kept(step, given, begins_at: str, **how) -> bool:
    """Whether a run that continues from there takes the kept value of the step."""
    resumed = Resumption.checked(begins_at, 1, **{"pays_again": False, **how})
    return key(step, given) == key(step, given, resumed)


def test_what_comes_before_a_stage_is_kept_and_the_rest_is_not():
    """By stages of the pipeline, and by steps of the run."""
    document, spoken = {"file": "a.md"}, {**SPOKEN, "choice": VoiceChoice(voice="heart")}
    given = [(storyboarding.read_source, document), (narration.speak_sentence, spoken), (scenes.render_scene, {})]
    kept = {begins: [is_kept(step, inputs, begins) for step, inputs in given] for begins in (
        "input_adaptation", "content_parsing", "script_generation", "audio-generation", "Video_Generation",
        "render-scene", "merge-clips", "output",
    )}  # fmt: skip
    assert kept == {
        "input_adaptation": [False, False, False],
        "content_parsing": [False, False, False],
        "script_generation": [True, False, False],
        "audio-generation": [True, False, False],
        "Video_Generation": [True, True, False],
        "render-scene": [True, True, False],
        "merge-clips": [True, True, True],
        "output": [True, True, True],
    }


def test_nothing_is_paid_twice_unless_asked():
    """Answers of models and sentences of services are kept; a voice of this machine costs nothing."""
    answer, service = (
        (storyboarding._draft_storyboard, {"question": {}}),
        {**SPOKEN, "choice": VoiceChoice(voice="openai-nova")},
    )
    assert is_kept(*answer, "input_adaptation")
    assert is_kept(narration.speak_sentence, service, "input_adaptation")
    assert not is_kept(*answer, "input_adaptation", pays_again=True)
    assert not is_kept(narration.speak_sentence, service, "input_adaptation", pays_again=True)


def test_a_killed_run_finds_what_its_resumption_has_made():
    """The same resumption has the same keys; another one, and one of another run, has others."""
    first, second = (Resumption.checked("render-scene", number, pays_again=False) for number in (1, 2))
    keys = [
        key(scenes.render_scene, {}, each, run)
        for each, run in [(first, "a"), (first, "a"), (second, "a"), (first, "b")]
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_an_unknown_stage_is_one_sentence():
    """It names the nearest one, and the field."""
    with pytest.raises(
        InvalidRequest, match=r"there is no stage “video_generaton”; did you mean “video_generation”"
    ) as told:
        Resumption.checked("video_generaton", 1, pays_again=False)
    assert told.value.field == "resume_from"
