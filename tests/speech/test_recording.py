"""A person's own recording is split at its pauses, so that each text has its part."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import OnVoiceFailure, Timing, VoiceChoice
from callsheet.speech.hibari import Hibari
from callsheet.speech.narrator import Narrator
from callsheet.speech.provider import Speech
from callsheet.speech.recording import VOICE, read_recording, speak_by_recording, split_recording
from callsheet.speech.sound_files import read_wav, silence, write_wav

RATE_HZ = 8_000
LETTER_S = 0.07
TEXTS = (
    "Callsheet makes films from documents.",
    "It has 3 parts: words, pictures, and sound.",
    "No.",
    "Each sentence is spoken by itself, which makes a change of one word cheap.",
)


def voiced(length_s: float) -> np.ndarray:
    """Something that sounds for so long."""
    times = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return (0.3 * np.sin(2 * math.pi * 220 * times)).astype(np.float32)


@st.composite
def recordings(draw: st.DrawFn) -> tuple[list[str], list[tuple[float, float]], Speech]:
    """Texts, where each begins and ends, and a recording with a pause at each comma, some noise, and a lead."""
    texts, spans, sounds, place_s = [], [], [silence(0.3, RATE_HZ)], 0.3
    for _ in range(draw(st.integers(1, 8))):
        clauses = draw(st.lists(st.integers(2, 12), min_size=1, max_size=3))
        texts.append(", ".join(" ".join(["abcde"] * words) for words in clauses) + ".")
        begins_s = place_s
        pace = draw(st.floats(0.85, 1.15))
        for number, words in enumerate(clauses):
            if number:
                pause_s = draw(st.floats(0.22, 0.3))
                sounds.append(silence(pause_s, RATE_HZ))
                place_s += pause_s
            length_s = 6.5 * words * LETTER_S * pace
            sounds.append(voiced(length_s))
            place_s += length_s
        spans.append((begins_s, place_s))
        pause_s = draw(st.floats(0.55, 1.2))
        sounds.append(silence(pause_s, RATE_HZ))
        place_s += pause_s
    noise = np.random.default_rng(0).normal(0, draw(st.sampled_from([0.0, 0.002])), sum(map(len, sounds)))
    return texts, spans, Speech((np.concatenate(sounds) + noise).astype(np.float32), RATE_HZ)


@given(recordings())
@settings(deadline=None)
def test_each_text_gets_its_part(made: tuple[list[str], list[tuple[float, float]], Speech]):
    """Whatever rests are inside of the texts, and at whatever pace a person reads."""
    texts, spans, recording = made
    parts = split_recording(recording, texts)
    assert len(parts) == len(spans)
    for part, (start_s, end_s) in zip(parts, spans, strict=True):
        assert start_s - 0.25 < part.start_s <= start_s + 0.02
        assert end_s - 0.02 <= part.end_s < end_s + 0.25


async def test_a_recording_of_a_film_speaks(tmp_path: Path):
    """A voice reads the texts into one file, and each sentence is found in it again."""
    narrator = Narrator([Hibari()])
    sounds, lengths_s = [silence(0.7, 24_000)], []
    for text in TEXTS:
        spoken = await narrator.speak(text, "en", VoiceChoice(on_failure=OnVoiceFailure.FAIL), tmp_path / "one.wav")
        lengths_s.append(spoken.length_s)
        sounds += [read_wav((tmp_path / "one.wav").read_bytes(), "it").samples, silence(0.4, 24_000)]
    write_wav(tmp_path / "film.wav", Speech(np.concatenate(sounds), 24_000))
    recording = read_recording(tmp_path / "film.wav")
    outs = [tmp_path / f"{number}.wav" for number in range(len(TEXTS))]
    found = speak_by_recording(recording, TEXTS, "en", outs)
    assert [sentence.length_s for sentence in found] == [pytest.approx(length_s, abs=0.15) for length_s in lengths_s]
    assert {(sentence.voice, sentence.timing) for sentence in found} == {(VOICE, Timing.ESTIMATED)}
    assert [word.text for word in found[1].words] == TEXTS[1].split()
    assert all(len(read_wav(out.read_bytes(), "it").samples) for out in outs)


@pytest.mark.parametrize(
    ("sound", "texts", "sentence"),
    [
        (
            voiced(2),
            ["One two three.", "Four five six."],
            "recording: 2 sentences need 1 pauses, and it has 0: pause for 0.5 s",
        ),
        (silence(3, RATE_HZ), ["One."], "recording: it is silent"),
        (voiced(0.3), ["word " * 100], "recording: it has 0 s of speech, which is too short"),
        (voiced(60), ["One."], "recording: it has 60 s of speech, which is too long"),
        (silence(0, RATE_HZ), ["One."], "recording: it is silent"),
    ],
)
def test_a_recording_that_does_not_fit_is_refused(sound: np.ndarray, texts: list[str], sentence: str):
    """One sentence says what is wrong and what to do."""
    with pytest.raises(InvalidRequest) as raised:
        split_recording(Speech(sound, RATE_HZ), texts)
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize("content", [b"", b"<html>", b"RIFF\x00\x00\x00\x00WAVEjunk", b"ID3\x04" + bytes(100)])
def test_a_file_that_is_no_sound_is_refused(tmp_path: Path, content: bytes):
    """The first bytes decide how it is read, and the sentence names the field."""
    (tmp_path / "it.mp3").write_bytes(content)
    with pytest.raises(InvalidRequest, match=r"^recording: "):
        read_recording(tmp_path / "it.mp3")
