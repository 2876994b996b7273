"""Spoken sentences on a real server: each is kept by its sound, and the voice may fail while the film may not."""

import asyncio
import wave

import pytest
from prefect import flow

from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import Lexicon, VoiceChoice
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from flows.scene import generate_scene
from flows.video import generate_video
from tasks.narration import speak_lines
from tests.flows.history import latest_run, scene_runs, task_states


@flow(name="speak-for-a-test", flow_run_name="{title}")
async def spoken_lines(title, lines, language, choice):
    """Speak lines as a scene does."""
    return await speak_lines(lines, language, choice, title)


async def speak(title, *lines, language="en", **choice):
    """Return the sentences of the lines, and how many were spoken and how many were kept."""
    made = await spoken_lines(title, lines, language, VoiceChoice(**choice))
    run = await latest_run(title)
    for _ in range(100):  # the server takes note of tasks a moment after they are over
        states = [state for name, state in await task_states(run.id) if name.startswith("speak")]
        spoken, kept = states.count("Completed"), states.count("Cached")
        if spoken + kept >= sum(map(len, made)):
            break
        await asyncio.sleep(0.1)
    return made, (spoken, kept)


async def test_a_changed_sentence_is_the_only_one_that_is_spoken_again(prefect_server):
    """Of two lines with three sentences: the others are kept, in the same order."""
    once, counted = await speak("spoken", "Water boils. Steam is hot.", "Ice is cold.")
    assert ([len(line) for line in once], counted) == ([2, 1], (3, 0))
    again, counted = await speak("again", "Water boils. Steam is hot.", "Ice is cold.")
    assert (again, counted) == (once, (0, 3))
    changed, counted = await speak("changed", "Water boils. Steam is warm.", "Ice is cold.")
    assert counted == (1, 2)
    assert (changed[0][0], changed[1]) == (once[0][0], once[1])


async def test_the_stored_sound_is_as_long_as_the_sentence_says(prefect_server):
    """One mono WAV file a sentence."""
    [[sentence]], _ = await speak("measured", "A bell rings.")
    with open_store(settings()).opened(sentence.stored.key) as path, wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getnframes()) == (1, sentence.sentence.samples)
        assert sound.getframerate() == sentence.sentence.sample_rate_hz


async def test_another_reading_of_a_word_is_another_sentence(prefect_server):
    """A lexicon changes the sound of the sentences that hold its words, and of no other ones."""
    lines = ("The gif moves.", "The film ends.")
    await speak("plain", *lines)
    _, counted = await speak("respelled", *lines, lexicon=Lexicon(words={"gif": "jiff"}))
    assert counted == (1, 1)


async def test_a_voice_without_its_service_gives_way_and_is_asked_again_in_the_next_run(prefect_server):
    """The next voice of this machine speaks; why is a part of what is kept, but not for ever."""
    [[sentence]], _ = await speak("first", "Bees dance.", voice="openai:nova")
    assert sentence.sentence.voice.name == "heart"
    assert sentence.sentence.passed_over == (
        "openai:nova: The voice openai:nova needs a speech service: set CALLSHEET_SPEECH_API_KEY or"
        " CALLSHEET_SPEECH_BASE_URL.",
    )
    _, counted = await speak("second", "Bees dance.", voice="openai:nova")
    assert counted == (1, 1)


async def test_a_choice_to_fail_ends_with_the_voices_own_words(prefect_server):
    """And an unknown voice is a mistake in the request, whatever the choice says."""
    with pytest.raises(Exception, match="needs a speech service"):
        await speak("fails", "Bees sing.", voice="openai:nova", on_failure="fail")
    with pytest.raises(InvalidRequest, match="no voice"):
        await speak("unknown", "Bees sing.", voice="nobody")


async def test_a_choice_of_silence_keeps_the_time_of_the_words(prefect_server):
    """Captions stay as long as a voice would need."""
    [[sentence]], _ = await speak("silent", "Bees sleep at night.", voice="openai:nova", on_failure="silent")
    assert sentence.sentence.voice is None
    assert [word.text for word in sentence.sentence.words] == ["Bees", "sleep", "at", "night."]


def told(title, *lines, **options):
    """A film of a scene a line: each shows what is said."""
    scenes = [
        {
            "name": f"scene {number}",
            "template": "title",
            "content": {"title": line},
            "narration": [{"text": line, "at": "title"}],
        }
        for number, line in enumerate(lines, start=1)
    ]
    given = {"title": title, "scenes": scenes, "profile": "draft", "merge": {"transition": "none"}}
    return VideoRequest.model_validate({**given, **options})


async def works_of(title):
    """Return how many sentences were spoken, and how many scenes rendered, in the latest run of this title."""
    states = [each for run in await scene_runs((await latest_run(title)).id) for each in await task_states(run.id)]
    done = [name for name, state in states if state == "Completed"]
    return sum(name.startswith("speak-sentence") for name in done), sum(
        name.startswith("render-scene") for name in done
    )


@pytest.mark.long
async def test_a_changed_line_is_one_sentence_and_one_scene(prefect_server):
    """And nothing is spoken or rendered where nothing has changed."""
    manifest = await generate_video(told("Told", "Moss is soft.", "Stone is hard."))
    assert await works_of("Told") == (2, 2)
    assert manifest.spoken_by == ("heart",)
    await generate_video(told("Told again", "Moss is soft.", "Stone is hard."))
    assert await works_of("Told again") == (0, 0)
    await generate_video(told("Told anew", "Moss is soft.", "Stone is cold."))
    assert await works_of("Told anew") == (1, 1)


async def test_the_picture_is_as_long_as_its_speech_asks_and_the_film_is_heard(prefect_server):
    """Each sentence begins inside of its scene and ends before it; sound and captions are in the film."""
    lines = ("Rain falls.", "The river grows and grows.")
    manifest = await generate_video(told("Heard", *lines, burnt_captions="boxed", music="calm"))
    run = await latest_run("Heard")
    assert ("burn-captions", "Completed") in [(name[:13], state) for name, state in await task_states(run.id)]
    assert "composed by a machine" in manifest.music.sound.credit
    assert manifest.sound.music_under_speech_lufs == -31
    for scene in manifest.scenes:
        [heard] = scene.speech
        assert heard.start_s > 0.3
        assert heard.end_s < scene.clip.duration_s < heard.end_s + 3
    assert manifest.video.has_audio
    with open_store(settings()).opened(manifest.captions.key) as path:
        assert [line for line in path.read_text().splitlines() if line and line[0].isalpha()] == [
            "WEBVTT", "Rain falls.", "The river grows and grows.",
        ]  # fmt: skip
    assert manifest.video.frames == sum(scene.clip.frames for scene in manifest.scenes)


async def test_scene_code_that_ends_before_its_narration_is_told_so(prefect_server):
    """Its picture can't be made longer by others."""
    code = "from manim import *\n\n\nclass Short(Scene):\n    def construct(self):\n        self.wait(0.5)\n"
    scene = {"name": "Short", "code": code, "narration": [{"text": "This takes longer than half a second."}]}
    with pytest.raises(Exception, match=r"its picture ends \d\.\d s before its narration: let its code wait"):
        await generate_scene(SceneRequest.model_validate({"scene": scene, "profile": "draft"}))


async def test_the_mix_of_a_film_is_kept_if_only_its_pictures_change(prefect_server):
    """Another theme renders every scene again, and the sound stays the same file."""
    lines = ("Rain falls on the lake.", "Mist rises from it.")
    first = await generate_video(told("rain", *lines))
    again = await generate_video(told("rain in paper", *lines, look={"theme": "paper"}))
    assert again.video.stored != first.video.stored
    assert again.sound == first.sound
    states = dict(await task_states((await latest_run("rain in paper")).id))
    assert states["mix-narration"] == "Cached"
