"""Spoken sentences on a real server: each is kept by its sound, and the voice may fail while the film may not."""

import wave

import pytest
from prefect import flow

from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import Lexicon, VoiceChoice
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from tasks.narration import speak_lines
from tests.flows.history import latest_run, task_states


@flow(name="speak-for-a-test", flow_run_name="{title}")
async def spoken_lines(title, lines, language, choice):
    """Speak lines as a scene does."""
    return await speak_lines(lines, language, choice, title)


async def speak(title, *lines, language="en", **choice):
    """Return the sentences of the lines, and how many were spoken and how many were kept."""
    made = await spoken_lines(title, lines, language, VoiceChoice(**choice))
    states = [state for name, state in await task_states((await latest_run(title)).id) if name.startswith("speak")]
    return made, (states.count("Completed"), states.count("Cached"))


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
