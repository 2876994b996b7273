"""The voice of a film: sentences of scenes at their places in the film."""

import pytest
from pydantic import ValidationError

from callsheet.model.film.media import StoredObject
from callsheet.model.film.narration import SpokenSentence, Timing
from callsheet.model.film.timeline import MergeOptions, plan_timeline
from callsheet.model.film.voice_track import HeardSentence, StoredSentence, VoiceTrack, lay_voice
from tests.synthetic import plain_clip


def heard(text: str, start_s: float, length_s: float = 1.0) -> HeardSentence:
    """A sentence in silence."""
    sentence = SpokenSentence(
        text=text,
        spoken=text,
        voice=None,
        speed=1,
        sample_rate_hz=24_000,
        samples=round(24_000 * length_s),
        timing=Timing.ESTIMATED,
        words=(),
    )
    stored = StoredObject(key="speech/1.wav", sha256="", size_bytes=1, media_type="audio/wav")
    return HeardSentence(spoken=StoredSentence(sentence=sentence, stored=stored), start_s=start_s)


def test_a_sentence_begins_with_its_scene_also_after_transitions():
    """Three scenes of two seconds overlap by half a second: they begin at 0, 1.5 and 3 s."""
    timeline = plan_timeline((plain_clip(60),) * 3, MergeOptions(transition_s=0.5))
    track = lay_voice(timeline, [[heard("one", 0.6)], [], [heard("two", 0.2), heard("three", 1.1)]], "en")
    assert [round(each.start_s, 6) for each in track.sentences] == [0.6, 3.2, 4.1]
    assert track.sentences[0].end_s == 1.6


def test_sentences_of_a_track_are_in_the_order_of_time():
    """A mixer and a caption writer read it once, from its start to its end."""
    with pytest.raises(ValidationError, match="in the order of their starts"):
        VoiceTrack(sentences=(heard("late", 2), heard("early", 1)))
