"""Scenes for manim-voiceover on a real server: their code speaks by itself, and the film is heard and captioned."""

import pytest

from callsheet.errors import SceneAbandoned
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from flows.scene import generate_scene
from flows.video import generate_video
from tests.fakes.chat_server import good
from tests.flows.history import latest_run, scene_runs, task_states

SPEAKS = '''from manim import *
from manim_voiceover import VoiceoverScene
from manim_voiceover.services.gtts import GTTSService


class Speaks(VoiceoverScene):
    def construct(self):
        self.set_speech_service(GTTSService(transcription_model="base"))
        circle = Circle()
        with self.voiceover(text="This circle is drawn as I speak.") as tracker:
            self.play(Create(circle), run_time=tracker.duration)
        with self.voiceover(text="""Now it <bookmark mark='turns'/> becomes a square.
            <break time="1s"/> That is all.""") as tracker:
            self.wait_until_bookmark("turns")
            self.play(Transform(circle, Square()), run_time=tracker.get_remaining_duration())
'''
TALKS_AT_RANDOM = SPEAKS.replace("from manim import *", "import random\n\nfrom manim import *").replace(
    '"This circle is drawn as I speak."', 'f"Number {random.random()}."'
)


def film(title, code):
    """A film of one scene of code."""
    scene = {"name": "Speaks", "code": code}
    return VideoRequest.model_validate({"title": title, "profile": "draft", "scenes": [scene]})


async def steps_of(title):
    """The steps of the one scene of the latest run of this title, with their states."""
    [run] = await scene_runs((await latest_run(title)).id)
    return [(name.partition(" ")[0], state) for name, state in await task_states(run.id)]


@pytest.mark.long
@pytest.mark.usefixtures("prefect_server")
async def test_a_scene_for_manim_voiceover_runs_as_it_is_and_is_heard():
    """Its words are spoken once; a changed sentence is the only one that is spoken again."""
    manifest = await generate_video(film("Speaks", SPEAKS))
    [scene] = manifest.scenes
    texts = [heard.spoken.sentence.text for heard in scene.speech]
    assert texts == ["This circle is drawn as I speak.", "Now it becomes a square.", "That is all."]
    assert manifest.spoken_by == ("heart",)
    assert scene.speech_remark == "The code names GTTSService; heart speaks instead"
    ends = [0.0, *(heard.end_s for heard in scene.speech)]
    for heard, before_s in zip(scene.speech, ends, strict=False):
        assert heard.start_s == 0.0 or 0.5 <= heard.start_s - before_s <= 0.8
    assert ends[-1] < scene.clip.duration_s < ends[-1] + 1
    assert manifest.video.has_audio
    with open_store(settings()).opened(manifest.captions.key) as path:
        assert "Now it becomes a square." in path.read_text()

    await generate_video(film("Speaks again", SPEAKS.replace("That is all.", "That is it.")))
    steps = await steps_of("Speaks again")
    assert [state for name, state in steps if name == "speak-sentence"].count("Cached") == 2
    assert ("render-scene", "Completed") in steps


@pytest.mark.usefixtures("prefect_server")
async def test_words_that_depend_on_chance_are_refused_before_the_render():
    """The voice has spoken others."""
    request = SceneRequest.model_validate({"scene": {"name": "Random", "code": TALKS_AT_RANDOM}, "profile": "draft"})
    with pytest.raises(SceneAbandoned, match=r"must not depend on chance or on time"):
        await generate_scene(request)
    names = [name for name, _ in await task_states((await latest_run("scene 01 Random")).id)]
    assert not any(name.startswith("render-scene") for name in names)


@pytest.mark.usefixtures("prefect_server")
async def test_code_that_speaks_takes_no_lines_beside():
    """Two voices at once would be heard."""
    scene = {"name": "Twice", "code": SPEAKS, "narration": [{"text": "This circle is drawn as I speak."}]}
    with pytest.raises(SceneAbandoned, match="its code speaks by itself: leave out its narration"):
        await generate_scene(SceneRequest.model_validate({"scene": scene, "profile": "draft"}))


WRITTEN = """from manim import *
from manim_voiceover import VoiceoverScene


class Dots(VoiceoverScene):
    def construct(self):
        with self.voiceover(text="Two <bookmark mark='more'/>dots."):
            self.add(Circle())
            self.wait_until_bookmark("more")
"""


async def test_a_model_lets_its_scene_say_the_lines_of_the_prompt(writes):
    """It is told the lines; code that says other words is sent back before a voice speaks them."""
    server = writes(good(WRITTEN.replace("dots.", "dots, and more.")), good(WRITTEN))
    scene = {"name": "Dots", "prompt": "Show dots.", "narration": [{"text": "Two dots."}]}
    report = await generate_scene(SceneRequest.model_validate({"scene": scene, "profile": "draft"}))
    assert "from manim_voiceover import VoiceoverScene" in server.asked[0].question
    assert "- Two dots." in server.asked[0].question
    assert "it says “Two dots, and more.” instead of its line “Two dots.”" in report.attempts[0].findings[-1]
    assert [heard.spoken.sentence.text for heard in report.speech] == ["Two dots."]
    assert report.speech[0].start_s == 0
