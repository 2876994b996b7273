"""Lengths of shots: speech decides, silent shots give way, nothing is heard twice."""

import pytest

from callsheet.model.film.media import StoredObject
from callsheet.model.film.narration import SpokenSentence, Timing, VoiceChoice, WordTime
from callsheet.model.film.screenplay_analysis import CameraShot
from callsheet.model.film.voice_track import StoredSentence
from callsheet.speech.casting import cast_voices
from callsheet.writing.screenplay.film_timing import SaidUtterance, time_shots
from callsheet.writing.screenplay.script_facts import analyse
from callsheet.writing.screenplay.shot_rules import plan_shots

RATE = 30


def sentence(text, length_s):
    """A sentence that takes so long."""
    spoken = SpokenSentence(
        text=text, spoken=text, voice=None, speed=1, sample_rate_hz=1000, samples=round(1000 * length_s),
        timing=Timing.ESTIMATED,
        words=(WordTime(text=text, begins_at=0, ends_at=len(text), start_s=0.1, end_s=length_s - 0.1),),
    )  # fmt: skip
    return StoredSentence(sentence=spoken, stored=StoredObject(key=text, sha256="0", size_bytes=1, media_type="a/b"))


@pytest.fixture
def facts(sample):
    """Return what is found in the sample, its shots, and its speech: half a second a word."""
    found = analyse(sample)
    said = {
        each.number: SaidUtterance(each, (sentence(each.text, len(each.text.split()) / 2),))
        for each in found.utterances
    }
    return found, plan_shots(sample, found), said


def test_a_shot_is_as_long_as_its_speech_and_each_utterance_is_heard_once(facts):
    """Also if a person names an utterance in two shots."""
    _, shots, said = facts
    twice = (*shots, CameraShot(name="again", scene=1, utterances=tuple(said)))
    timed = time_shots(twice, said, RATE)
    assert [each.shot.name for each in timed] == [shot.name for shot in twice]
    heard = [each.spoken.sentence.text for shot in timed for each in shot.heard]
    assert heard == [each.utterance.text for each in said.values()]
    assert all(each.end_s + 0.3 < shot.frames / RATE for shot in timed for each in shot.heard)
    assert all(shot.frames >= shot.shot.length_s * RATE - 1 for shot in timed)
    assert timed[-1].heard == ()


@pytest.mark.parametrize("length_s", [20, 35, 60, 90])
def test_a_trailer_has_its_length_and_no_speech_is_cut(facts, length_s):
    """Silent shots become shorter or longer."""
    _, shots, said = facts
    timed = time_shots(shots, said, RATE, length_s)
    assert sum(each.frames for each in timed) / RATE == pytest.approx(length_s, rel=0.05)
    assert all(each.end_s < shot.frames / RATE for shot in timed for each in shot.heard)


def test_the_name_of_a_speaker_is_told_where_the_picture_does_not(facts):
    """Off screen, or if more than one is seen."""
    _, shots, said = facts
    speakers = {each.speaker for shot in time_shots(shots, said, RATE) for each in shot.heard if shot.shot.seen}
    assert "" in speakers
    named = [(shot.shot, each.speaker) for shot in time_shots(shots, said, RATE) for each in shot.heard if each.speaker]
    assert named
    assert all(len(shot.seen) != 1 or shot.seen != (name,) or name == "LIV" for shot, name in named)


def test_each_character_has_a_voice_that_stays(facts):
    """It fits the gender that the words tell, nobody else has it, and a person may choose it."""
    found, _, _ = facts
    cast = cast_voices(found.characters, "en", VoiceChoice(), {})
    assert set(cast) == {"MARA", "JONAS", "LIV"}
    assert len({choice.voice for choice in cast.values()}) == 3
    assert "heart" not in {choice.voice for choice in cast.values()}
    assert cast == cast_voices(tuple(reversed(found.characters)), "en", VoiceChoice(), {})
    chosen = cast_voices(found.characters, "en", VoiceChoice(), {"MARA": "emma"})
    assert chosen["MARA"].voice == "emma"
    few = cast_voices(found.characters, "de", VoiceChoice(), {})
    assert len({(choice.voice, choice.speed) for choice in few.values()}) == 3
