"""What scene code says: its words without tags, and the times of its bookmarks."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from callsheet.model.film.narration import SpokenSentence, Timing, WordTime
from callsheet.model.film.voiceover import estimated_times, marked_text, spoken_times, words_of_ssml
from callsheet.sentences import sentences_of

RATE_HZ = 24_000
WORDS = some.sampled_from(
    ["Circles", "turn.", "π", "is", "3.14,", "naturally", "I", "say:", "“no”", "数学很美。", "end!"]
)
GAPS = some.sampled_from([" ", "  ", "\n            ", "\t"])


@pytest.mark.parametrize(
    ("written", "text", "marks"),
    [
        ("Hello <bookmark mark='A'/>world.", "Hello world.", {"A": 5}),
        ('<bookmark mark="start"/>Go <bookmark  mark = "end" />', "Go", {"start": 0, "end": 2}),
        ("Half<bookmark mark='x'>way", "Halfway", {"x": 4}),
        ("One\n        line,  <mark name='b'/> please", "One line, please", {"b": 8}),
        ('Wait <break time="1s"/> and <emphasis level="strong">look</emphasis>.', "Wait and look.", {}),
        ("If a < b and c > d, stop.", "If a < b and c > d, stop.", {}),
        ("", "", {}),
    ],
)
def test_tags_are_no_words_and_bookmarks_have_places(written, text, marks):
    """Places count letters, so that spaces do not matter."""
    assert marked_text(written) == (text, marks)


def test_an_ssml_document_is_its_words():
    """Its signs are those of XML; its bookmarks stay."""
    ssml = "<speak><p>Salt &amp; <mark name='A'/>pepper &lt;3</p></speak>"
    assert marked_text(words_of_ssml(ssml)) == ("Salt & pepper <3", {"A": 5})


@some.composite
def marked(draw):
    """A text with bookmarks before some of its words, and after the last one."""
    words = draw(some.lists(WORDS, min_size=1, max_size=25))
    marks = draw(some.sets(some.integers(0, len(words)), max_size=8))
    pieces = [f"<bookmark mark='m{at}'/>{word}" if at in marks else word for at, word in enumerate(words)]
    text = "".join(piece + draw(GAPS) for piece in pieces)
    return f"{text}<bookmark mark='m{len(words)}'/>" if len(words) in marks else text


def spoken(text, letters_a_second):
    """A sentence whose words follow one another at this pace, with a little silence around them."""
    words, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        begins_s = 0.1 + at / letters_a_second
        ends_s = 0.1 + (at + len(word)) / letters_a_second
        words.append(WordTime(text=word, begins_at=at, ends_at=at + len(word), start_s=begins_s, end_s=ends_s))
        at += len(word)
    length_s = 0.2 + len(text) / letters_a_second
    return SpokenSentence(
        text=text, spoken=text, voice=None, speed=1.0, sample_rate_hz=RATE_HZ,
        samples=round(length_s * RATE_HZ), timing=Timing.EXACT, words=tuple(words),
    )  # fmt: skip


@given(marked(), some.floats(5.0, 40.0), some.sampled_from([15, 30, 60]))
def test_bookmarks_come_in_their_order_and_while_the_voice_speaks(written, pace, frame_rate):
    """Estimated or measured, in one sentence or in many."""
    said = marked_text(written)
    sentences = [spoken(sentence, pace) for sentence in sentences_of(said.text, "en")]
    for times in (estimated_times(said.text), spoken_times(said.text, sentences, frame_rate)):
        moments = [times.second_of(place) for place in said.marks.values()]
        assert moments == sorted(moments)
        assert all(0.0 <= moment < times.duration_s for moment in moments)
        first, last = times.words[0], times.words[-1]
        assert all(first.start_s <= moment <= last.end_s for moment in moments)


@given(marked(), some.sampled_from([15, 30, 60]))
def test_a_bookmark_is_where_the_word_after_it_begins(written, frame_rate):
    """To the word, also in later sentences."""
    said = marked_text(written)
    sentences = [spoken(sentence, 12.0) for sentence in sentences_of(said.text, "en")]
    times = spoken_times(said.text, sentences, frame_rate)
    starts = {word.begins_at: word.start_s for word in times.words}
    for place in said.marks.values():
        assert times.second_of(place) == starts.get(place, times.words[-1].end_s)


def test_a_voiceover_lasts_whole_frames_and_a_pause_longer_than_its_words():
    """So the next one begins after a pause, and a film of many voiceovers does not drift."""
    sentences = [spoken("The first one.", 14.0), spoken("And the second.", 14.0)]
    times = spoken_times("The first one. And the second.", sentences, 30)
    assert times.duration_s * 30 == pytest.approx(round(times.duration_s * 30), abs=1e-6)
    ends_s = times.sentence_starts_s[1] + sentences[1].length_s
    assert 0.6 < times.duration_s - ends_s < 0.75
    assert times.sentence_starts_s[0] == 0.0
    assert 0.5 <= times.sentence_starts_s[1] - sentences[0].length_s <= 0.8
