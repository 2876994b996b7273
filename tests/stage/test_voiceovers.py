"""Scenes for manim-voiceover in the stage's child: their forms run, and they say the same at the same frames."""

from __future__ import annotations

import pytest

from callsheet.model.film.narration import SpokenSentence, Timing
from callsheet.model.film.voiceover import HeardWord, VoiceoverTimes, spoken_times
from callsheet.scene_lint import findings_of, load_catalogue, scene_classes
from callsheet.settings import Settings
from callsheet.stage.order import Mode, SceneOrder
from tests.stage.child_runner import DRAFT, carried_out, order

HEAD = """from manim import *
from manim_voiceover import VoiceoverScene

class Speaks(VoiceoverScene):
    def construct(self):
"""


def speaking(*lines: str) -> str:
    """A scene that does this."""
    return HEAD + "".join(f"        {line}\n" for line in lines)


def lasting(text: str, seconds: float) -> VoiceoverTimes:
    """A voiceover of this length, whose words share it evenly."""
    words, at = [], 0
    letters = len("".join(text.split()))
    for word in text.split():
        share_s = seconds / letters
        end = at + len(word)
        words.append(HeardWord(begins_at=at, ends_at=end, start_s=at * share_s, end_s=end * share_s))
        at = end
    return VoiceoverTimes(text=text, duration_s=seconds, words=tuple(words), sentence_starts_s=(0.0,))


def at_times(source: str, mode: Mode, *times: VoiceoverTimes) -> SceneOrder:
    """An order with the times of a voice."""
    return order(source, mode).model_copy(update={"voiceovers": times})


FORMS = {
    "the services of the package and its recorder": """from manim import *
from manim_voiceover import VoiceoverScene
from manim_voiceover.services.azure import AzureService
from manim_voiceover.services.elevenlabs import ElevenLabsService
from manim_voiceover.services.recorder import RecorderService

class Speaks(VoiceoverScene):
    def construct(self):
        self.set_speech_service(RecorderService(silence_threshold=-40.0, trim_buffer_start=200))
        self.set_speech_service(ElevenLabsService(voice_id="x", voice_settings={"stability": 0.5}))
        self.set_speech_service(AzureService(voice="de-DE-KatjaNeural", style="cheerful"), create_subcaption=False)
        with self.voiceover(text="Ein Kreis.", subcaption="Ein Kreis!", prosody={"rate": "-10%"}) as tracker:
            self.play(Create(Circle()), run_time=tracker.duration)
""",
    "a service of the scene's own, with helpers of the package": """from manim import *
from manim_voiceover import VoiceoverScene, VoiceoverTracker
from manim_voiceover.helper import remove_bookmarks, msg_box
from manim_voiceover.services.base import SpeechService, initialize_speech_service
from manim_voiceover.translate import get_gettext

_ = get_gettext()

class OwnService(SpeechService):
    def __init__(self, voice="en-US-AriaNeural", **kwargs):
        SpeechService.__init__(self, **kwargs)
        self.voice = voice

    def generate_from_text(self, text, cache_dir=None, path=None, **kwargs):
        return {"input_text": remove_bookmarks(text)}

class Speaks(VoiceoverScene):
    def construct(self):
        self.set_speech_service(OwnService(transcription_model="base"))
        with self.voiceover(_("One circle.")):
            self.play(FadeIn(Circle()))
""",
    "several bases, and a camera": """from manim import *
import manim_voiceover

class Speaks(manim_voiceover.VoiceoverScene, MovingCameraScene):
    def construct(self):
        tracker = self.add_voiceover_text("Nearer, and nearer.")
        self.play(self.camera.frame.animate.scale(0.5), FadeIn(Circle()))
        self.wait(tracker.get_remaining_duration(buff=-0.5))
        self.wait_for_voiceover()
""",
    "helpers that take the scene, and a base without words": """from manim import *
from manim_voiceover import VoiceoverScene
from manim_voiceover.services.gtts import GTTSService

class Told(VoiceoverScene):
    def setup(self):
        self.set_speech_service(GTTSService(lang="en", tld="co.uk"))

def tell(scene: VoiceoverScene, text):
    with scene.voiceover(text=text) as tracker:
        scene.play(FadeIn(Square()), run_time=max(tracker.duration - 0.3, 0.1))
        scene.safe_wait(tracker.get_remaining_duration())

class Speaks(ThreeDScene, Told):
    def construct(self):
        self.set_camera_orientation(phi=1)
        tell(self, "<speak>A square <break time='200ms'/> in space.</speak>")
""",
    "bookmarks in quotes of both kinds": speaking(
        "dot = Dot()",
        "with self.voiceover(text='''Here <bookmark mark=\"here\"/> it is, <bookmark mark='there' /> and",
        "        there it goes.''') as tracker:",
        "    self.wait_until_bookmark('here')",
        "    self.play(FadeIn(dot), run_time=tracker.time_until_bookmark('there', buff=0.1, limit=1))",
        "    self.wait_until_bookmark('there')",
        "    self.play(dot.animate.shift(RIGHT), run_time=tracker.get_remaining_duration())",
    ),
    "an SSML document": speaking(
        "with self.voiceover(ssml='<speak>A <mark name=\"x\"/>dot.</speak>'): self.add(Dot())"
    ),
}


def test_the_checks_let_public_forms_through() -> None:
    """Each file has one scene without findings; a misspelt name is found as in every scene."""
    catalogue = load_catalogue(Settings().catalogue_dir)
    for form, source in FORMS.items():
        assert scene_classes(source, catalogue)[-1] == "Speaks"
        assert findings_of(source, "Speaks", catalogue) == (), form
    [finding] = findings_of(speaking("self.voiceovr(text='x')"), "", catalogue)
    assert "did you mean voiceover?" in finding.message


def test_public_forms_run_and_say_the_same_at_the_same_frames_in_the_render(tmp_path) -> None:
    """The rehearsal with estimated times collects what is said; the render has the times of the voice."""
    collected = carried_out(tmp_path / "first", *(order(source, class_name="Speaks") for source in FORMS.values()))
    scripts = [outcome.facts.voiceovers for outcome in collected]
    assert [script.said[0].text for script in scripts] == [
        "Ein Kreis.", "One circle.", "Nearer, and nearer.", "A square in space.",
        "Here it is, and there it goes.", "A dot.",
    ]  # fmt: skip
    assert scripts[0].services == ("RecorderService", "ElevenLabsService", "AzureService")
    assert [script.language for script in scripts] == ["de-DE", "en-US", "", "en", "", ""]
    times = [[lasting(said.text, 2.0 + number / 5) for said in script.said] for number, script in enumerate(scripts)]
    orders = [
        at_times(source, mode, *spoken).model_copy(update={"class_name": "Speaks"})
        for source, spoken in zip(FORMS.values(), times, strict=True)
        for mode in (Mode.REHEARSE, Mode.RENDER)
    ]
    made = carried_out(tmp_path / "second", *orders)
    for number, (rehearsal, render) in enumerate(zip(made[::2], made[1::2], strict=True)):
        assert render.frames == rehearsal.facts.frames == pytest.approx((2.0 + number / 5) * DRAFT.frame_rate, abs=1)
        assert render.last["voiceover_frames"] == [0]


def test_what_is_said_next_waits_for_what_is_being_said(tmp_path) -> None:
    """Voices never overlap, and the scene does not end before the last one; a section that is left out is silent."""
    source = speaking(
        "self.add_voiceover_text('One.')",
        "self.next_section(skip_animations=True)",
        "with self.voiceover('Never heard.'): self.play(FadeIn(Dot()))",
        "self.next_section()",
        "with self.voiceover('Two.'):",
        "    self.add_voiceover_text('Three.')",
    )
    times = [lasting("One.", 1.0), lasting("Two.", 2.0), lasting("Three.", 1.0)]
    [made] = carried_out(tmp_path, at_times(source, Mode.RENDER, *times))
    assert made.last["event"] == "rendered", made.last
    starts = made.last["voiceover_frames"]
    lengths = [later - earlier for earlier, later in zip(starts, [*starts[1:], made.frames], strict=True)]
    assert lengths[1:] == [2 * DRAFT.frame_rate, DRAFT.frame_rate]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["with self.voiceover(text='One.'): self.wait_until_bookmark('B')"], "there is no <bookmark mark='B'/>"),
        (["self.wait_until_bookmark('B')"], "nothing is said yet, so there is no bookmark 'B'"),
        (["with self.voiceover(): pass"], "voiceover needs a text"),
        (["with self.voiceover(text='word ' * 2000): pass"], "a voiceover has 9,999 characters, more than 5,000"),
        (["for n in range(400): self.add_voiceover_text('a')"], "more than 300 voiceovers"),
        (["for n in range(11): self.add_voiceover_text(4990 * 'a')"], "says more than 50,000 characters"),
    ],
)
def test_what_can_not_be_said_is_named_in_one_sentence(lines: list[str], says: str, tmp_path) -> None:
    """As the scene's own error."""
    [made] = carried_out(tmp_path, order(speaking(*lines)))
    assert made.last["event"] == "failed"
    assert says in made.last["message"]


@pytest.mark.parametrize(
    ("spoken", "says"),
    [
        ([lasting("Another.", 1.0)], "the scene says “One.” where it said “Another.” before"),
        ([], "the scene says “One.” where it said nothing before"),
        ([lasting("One.", 1.0), lasting("Two.", 1.0)], "the scene says nothing where it said “Two.” before"),
    ],
)
def test_other_words_than_before_are_refused(spoken: list[VoiceoverTimes], says: str, tmp_path) -> None:
    """A voice has spoken those; in a rehearsal and in a render."""
    source = speaking("with self.voiceover(text='One.'): self.play(FadeIn(Dot()))")
    for made in carried_out(tmp_path, *(at_times(source, mode, *spoken) for mode in (Mode.REHEARSE, Mode.RENDER))):
        assert made.last["event"] == "failed"
        assert made.last["message"].startswith(says)


def test_the_picture_turns_at_the_word_of_its_bookmark(tmp_path) -> None:
    """To the frame, by the times of the voice."""
    source = speaking(
        "with self.voiceover(text=\"It moves <bookmark mark='now'/>right now.\"):",
        "    self.wait_until_bookmark('now')",
        "    print('at', self.renderer.time)",
        "    self.add(Dot())",
    )
    text = "It moves right now."
    sentence = SpokenSentence(
        text=text, spoken=text, voice=None, speed=1, sample_rate_hz=1000, samples=3000, timing=Timing.EXACT, words=()
    )
    times = spoken_times(text, [sentence], DRAFT.frame_rate).model_copy(update={"words": lasting(text, 3.0).words})
    [made] = carried_out(tmp_path, at_times(source, Mode.REHEARSE, times))
    [told] = [line for line in (made.folder / "log.txt").read_text().splitlines() if line.startswith("at ")]
    word_s = 3.0 * len("Itmoves") / len("Itmovesrightnow.")
    assert float(told.removeprefix("at ")) == pytest.approx(word_s, abs=1 / DRAFT.frame_rate)
