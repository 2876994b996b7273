"""Captions: cues on the frames of a film by the rules of subtitling, and the files that players read."""

import re
from itertools import accumulate, pairwise

import srt
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.model.film.caption_breaks import caption_rules
from callsheet.model.film.caption_files import subrip, webvtt
from callsheet.model.film.captions import Cue, cues_between, scene_cues, spoken_cues
from callsheet.model.film.media import StoredObject
from callsheet.model.film.narration import SpokenSentence, Timing, WordTime
from callsheet.model.film.timeline import MergeOptions, TransitionName, plan_timeline
from callsheet.model.film.voice_track import HeardSentence, StoredSentence, VoiceTrack
from callsheet.review.film import CaptionRule, caption_problems
from tests.synthetic import plain_clip

RATES = st.sampled_from([15, 24, 25, 30, 60])
WORDS = st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12), max_size=60).map(" ".join)
SENTENCES = {
    "en": "The shutter stays open for half of a second, and the sensor collects light until it closes again.",
    "de": "Der Verschluss bleibt eine halbe Sekunde offen, und der Sensor sammelt Licht, bis er sich wieder schließt.",
    "es": "El obturador permanece abierto durante medio segundo, y el sensor recoge la luz hasta que se cierra.",
    "zh": "快门会打开半秒钟，传感器在它关闭之前一直收集光线，然后照片就被写进存储卡里。",
    "ja": "シャッターは半秒のあいだ開いたままで、センサーは閉じるまで光を集めつづけます。",
    "ko": "셔터는 반 초 동안 열려 있고 센서는 다시 닫힐 때까지 빛을 모은 다음 사진을 저장합니다.",
    "ar": "يبقى الغالق مفتوحا لمدة نصف ثانية، ويجمع المستشعر الضوء حتى يغلق مرة أخرى.",
}


def spoken(text: str, start_s: float, pace: float = 15.0) -> HeardSentence:
    """A sentence whose voice says so many characters a second, each word as long as its share."""
    places = [found.span() for found in re.finditer(r"\w+", text)]
    words = tuple(
        WordTime(text=text[begins:ends], begins_at=begins, ends_at=ends, start_s=begins / pace, end_s=ends / pace)
        for begins, ends in places
    )
    sentence = SpokenSentence(
        text=text,
        spoken=text,
        voice=None,
        speed=1,
        sample_rate_hz=24_000,
        samples=round(24_000 * len(text) / pace),
        timing=Timing.ESTIMATED,
        words=words,
    )
    stored = StoredObject(key="speech/1.wav", sha256="", size_bytes=1, media_type="audio/wav")
    return HeardSentence(spoken=StoredSentence(sentence=sentence, stored=stored), start_s=start_s)


def said(texts: list[str], language: str = "en", pace: float = 15.0, pause_s: float = 0.6) -> VoiceTrack:
    """Sentences one after another, with the pauses of a narration."""
    starts = accumulate((len(text) / pace + pause_s for text in texts), initial=0.5)
    return VoiceTrack(
        sentences=tuple(spoken(text, start, pace) for text, start in zip(texts, starts, strict=False)),
        language=language,
    )


def end_frame(track: VoiceTrack, rate: int) -> int:
    """A film that ends a second after its last word."""
    return round((track.sentences[-1].end_s + 1) * rate) if track.sentences else rate


def without_spaces(text: str) -> str:
    """The text as its characters alone."""
    return "".join(text.split())


@given(WORDS, st.integers(0, 10**6), st.integers(0, 4_000), RATES)
def test_the_cues_of_a_shown_text_stay_in_their_stretch_and_apart(text: str, start: int, length: int, rate: int):
    """None is empty, none overlaps another one, and no word is lost."""
    cues = cues_between(text, start, start + length, rate)
    assert bool(cues) is bool(text.split() and length)
    assert without_spaces("".join(cue.text for cue in cues)) == (without_spaces(text) if length else "")
    times = [time for cue in cues for time in (cue.start_ms, cue.end_ms)]
    assert times == sorted(times)
    assert all(cue.start_ms < cue.end_ms for cue in cues)
    assert not cues or times[-1] <= round(1000 * (start + length) / rate)


@settings(max_examples=30, deadline=None)
@given(WORDS, RATES)
def test_a_text_with_time_to_read_it_keeps_every_rule(text: str, rate: int):
    """Two lines of 42 characters (16 of Chinese), 5/6 to 7 seconds, two frames apart, at a pace that can be read."""
    seconds = 3 + len(text) / 4
    cues = cues_between(text, 0, round(seconds * rate), rate)
    assert [found for found in caption_problems(cues, rate) if found.rule is not CaptionRule.SHORT] == []
    assert "\n".join(cue.text for cue in cues).count("\n") <= 2 * len(cues)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(30, 400), min_size=1, max_size=12),
    RATES,
    st.floats(0.1, 3, allow_nan=False),
    st.sampled_from([TransitionName.FADE, TransitionName.NONE]),
)
def test_a_caption_is_seen_while_its_scene_is(lengths, frame_rate, transition_s, transition):
    """It begins in the middle of a transition, and ends two frames before the next one's middle, or after 7 s."""
    clips = tuple(plain_clip(length, frame_rate) for length in lengths)
    timeline = plan_timeline(clips, MergeOptions(transition=transition, transition_s=transition_s))
    cues = scene_cues(timeline, [f"scene {number}" for number in range(len(clips))])
    assert [cue.text for cue in cues] == [f"scene {number}" for number in range(len(clips))]
    for cue, (begins, ends) in zip(cues, pairwise((0, *timeline.cut_frames())), strict=True):
        assert round(cue.start_ms * frame_rate / 1000) == begins
        last = min(ends - 2, begins + 7 * frame_rate)
        assert round(cue.end_ms * frame_rate / 1000) == max(last, begins + 1)


def test_a_scene_without_a_caption_leaves_its_time_empty():
    """The others stay where they are."""
    timeline = plan_timeline((plain_clip(30),) * 3, MergeOptions(transition=TransitionName.NONE))
    assert scene_cues(timeline, ["one", "", "three"]) == (
        Cue(start_ms=0, end_ms=933, text="one"),
        Cue(start_ms=2000, end_ms=2933, text="three"),
    )


SPEECH = st.sampled_from(list(SENTENCES)).flatmap(
    lambda language: st.tuples(
        st.just(language),
        st.lists(
            st.integers(12 if language in {"zh", "ja"} else 25, len(SENTENCES[language])).map(
                lambda length: SENTENCES[language][:length].strip() + "."
            ),
            min_size=1,
            max_size=8,
        ),
    )
)


@settings(max_examples=30, deadline=None)
@given(SPEECH, RATES)
def test_speech_at_its_usual_pace_breaks_no_rule(speech: tuple[str, list[str]], rate: int):
    """Length, pace, time and gap of every cue, and its start and end beside its words, in seven languages."""
    language, texts = speech
    track = said(texts, language, pace=5.5 if language in {"zh", "ja", "ko"} else 14)
    cues = spoken_cues(track, [end_frame(track, rate)], rate)
    assert caption_problems(cues, rate, [end_frame(track, rate)], language) == ()
    assert without_spaces("".join(cue.text for cue in cues)) == without_spaces("".join(texts))


@settings(max_examples=30, deadline=None)
@given(st.lists(WORDS, max_size=6), st.floats(3, 60), RATES)
def test_no_word_of_any_speech_is_lost_and_no_cue_overlaps(texts: list[str], pace: float, rate: int):
    """Also where a voice is quicker than anyone reads: then lines, order and gaps stay right."""
    track = said(texts, "", pace)
    cues = spoken_cues(track, [end_frame(track, rate)], rate)
    read, spoken_of = (without_spaces("".join(each)) for each in ((cue.text for cue in cues), texts))
    assert read.replace("`", "") == spoken_of.replace("`", "")
    broken = {found.rule for found in caption_problems(cues, rate)}
    assert broken.isdisjoint({CaptionRule.LINE, CaptionRule.LINES, CaptionRule.GAP, CaptionRule.LONG})
    assert all(cue.text[word.begins_at : word.ends_at] == word.text for cue in cues for word in cue.words)


def test_a_caption_has_no_marks_of_code():
    """They tell a voice and a picture what is code."""
    track = said(["First, install `uv`, and add `fastapi[standard]` to it."])
    (cue,) = spoken_cues(track, [end_frame(track, 30)], 30)
    assert " ".join(cue.text.split()) == "First, install uv, and add fastapi[standard] to it."
    assert [word.text for word in cue.words][2:4] == ["uv,", "and"]


def test_a_caption_has_a_dollar_without_its_mark():
    """The mark tells a voice and a picture that no formula begins there."""
    track = said(["The price fell to \\$5 in one year, and then to \\$4."])
    (cue,) = spoken_cues(track, [end_frame(track, 30)], 30)
    assert " ".join(cue.text.split()) == "The price fell to $5 in one year, and then to $4."


def test_a_cue_that_must_be_read_quickly_begins_before_its_words():
    """A quick voice says 22 characters in a second; the pause before it gives the time that is missing."""
    (quick,) = spoken_cues(said(["Have you a passport of this country?"], pace=27), [10_000], 30)
    assert (quick.start_ms, quick.end_ms - quick.start_ms >= 1000 * len(quick.text) / 20) == (400, True)


def test_a_cue_gives_way_to_a_quick_one_only_after_its_own_words():
    """It would linger until two frames before the next words, and ends three frames sooner."""
    quick = "Have you a passport of this country?"
    first = said(["The people stood out in the street and asked the cavalier."]).sentences[0]
    later = said([quick], pace=26).sentences[0]
    track = VoiceTrack(sentences=(first, later.model_copy(update={"start_s": first.end_s + 0.4})), language="en")
    cues = spoken_cues(track, [10_000], 30)
    assert cues[0].end_ms >= 1000 * first.end_s
    assert cues[-1].end_ms - cues[-1].start_ms >= 1000 * len(cues[-1].text) / 20


def test_lines_break_after_signs_and_before_joining_words():
    """No line ends with an article or a preposition."""
    found = {
        language: [cue.text for cue in spoken_cues(said([text], language), [10_000], 30)]
        for language, text in SENTENCES.items()
    }
    assert found["en"] == [
        "The shutter stays open\nfor half of a second,",
        "and the sensor collects light\nuntil it closes again.",
    ]
    assert found["de"] == [
        "Der Verschluss bleibt\neine halbe Sekunde offen,",
        "und der Sensor sammelt Licht,\nbis er sich wieder schließt.",
    ]
    assert found["zh"][0].split("\n")[0].endswith("，")
    assert all(line[0] not in "，。、」" for cue in (*found["zh"], *found["ja"]) for line in cue.split("\n"))


def test_a_short_sentence_stands_with_its_neighbour():
    """“Yes.” alone would be gone before it is read."""
    track = said(["Yes.", "It has moved by one pixel."])
    assert [cue.text for cue in spoken_cues(track, [10_000], 30)] == ["Yes. It has moved by one pixel."]


def by(speaker: str, text: str, start_s: float) -> HeardSentence:
    """A sentence whose speaker is named."""
    return spoken(text, start_s).model_copy(update={"speaker": speaker})


def test_what_two_say_at_once_stands_in_one_cue():
    """A line for each. Longer speeches have several such cues, and who speaks alone has the next one."""
    heard = (by("IDA", "We are calm!", 1.0), by("MAX", "We are very calm!", 1.0), by("IDA", "Are we?", 3.0))
    together, alone = spoken_cues(VoiceTrack(sentences=heard), [120], 30)
    assert (together.text, alone.text) == ("IDA: We are calm!\nMAX: We are very calm!", "IDA: Are we?")
    assert (together.start_ms, together.words) == (1000, ())
    assert together.end_ms >= 1000 + 1000 * len("We are very calm") / 15

    text = "I put the salt into the dough because you told me that it is sugar, and it was not."
    long = (by("PIA", text, 0.5), by("TOM", text, 0.6), by("TOM", "It was you.", 7.0))
    cues = spoken_cues(VoiceTrack(sentences=long), [400], 30)
    for speaker in ("PIA", "TOM"):
        lines = [cue.text.split("\n")[speaker == "TOM"] for cue in cues[:-1]]
        assert " ".join(lines) == f"{speaker}: {text}"
        assert max(map(len, lines)) <= 42
    assert cues[-1].text == "TOM: It was you."
    assert all(first.end_ms < second.start_ms for first, second in pairwise(cues))


def test_what_one_has_said_before_another_speaks_too_stands_alone():
    """The other one's words do not stand in the picture before they are heard."""
    heard = (by("IDA", "Where did it go?", 1.0), by("IDA", "We are calm!", 3.0), by("MAX", "We are very calm!", 3.1))
    alone, together = spoken_cues(VoiceTrack(sentences=heard), [180], 30)
    assert (alone.text, together.text) == ("IDA: Where did it go?", "IDA: We are calm!\nMAX: We are very calm!")
    assert (together.start_ms, alone.end_ms < together.start_ms) == (3000, True)


def test_a_point_after_an_abbreviation_ends_no_line():
    """A name stays with its title."""
    [cue] = spoken_cues(said(["The letters were sent on Monday to Dr. Smith of Leeds."]), [10_000], 30)
    assert "Dr. Smith" in cue.text.replace("\n", "|")


@given(st.integers(1, 40), RATES)
def test_no_cue_stands_over_a_cut_before_which_its_words_end(after: int, rate: int):
    """The speech ends some frames before the cut, where a cue would linger for twelve."""
    first = said(["The first scene ends with this sentence."]).sentences[0]
    cut = round(first.end_s * rate) + after
    second = spoken("The second scene begins here.", (cut + 3) / rate)
    track = VoiceTrack(sentences=(first, second))
    cuts = [cut, cut + 10 * rate]
    cues = spoken_cues(track, cuts, rate)
    assert len(cues) == 2
    assert caption_problems(cues, rate, cuts) == ()


def test_every_broken_rule_is_said():
    """In a sentence, with the number of the cue."""
    cues = (
        Cue(start_ms=0, end_ms=8_000, text="x" * 50),
        Cue(start_ms=8_000, end_ms=8_200, text="one\ntwo\nthree"),
        Cue(start_ms=9_000, end_ms=11_000, text="over the cut"),
        Cue(
            start_ms=12_000,
            end_ms=15_000,
            text="late",
            words=(WordTime(text="late", begins_at=0, ends_at=4, start_s=12.5, end_s=13),),
        ),
    )
    assert [(found.number, found.rule.value) for found in caption_problems(cues, 30, [300])] == [
        (1, "line"),
        (1, "long"),
        (2, "lines"),
        (2, "pace"),
        (2, "short"),
        (2, "gap"),
        (3, "cut"),
        (4, "speech"),
        (4, "speech"),
    ]


def test_rules_follow_the_script():
    """Mixed text has the rules of most of its letters."""
    assert caption_rules(SENTENCES["ko"]).line_characters == 16
    assert caption_rules("Python 快门").line_characters == 42
    assert caption_rules("", "ja").characters_a_second == 9


def test_text_can_not_end_its_cue():
    """Neither markup nor an arrow nor an empty line means anything in a caption."""
    cues = cues_between("a --> b\n\n<i>c</i> & d\u2028e", 0, 90, 30)
    written = webvtt(cues)
    assert written == "WEBVTT\n\n00:00:00.000 --> 00:00:02.933\na --&gt; b &lt;i&gt;c&lt;/i&gt; &amp; d e\n"
    assert len(re.findall("-->", written)) == 1


def test_subrip_says_the_same_as_webvtt():
    """An independent reader finds the numbers, the times and the text."""
    cues = (
        Cue(start_ms=500, end_ms=3_250, text="One <b>line</b>\nand {\\an8}another"),
        Cue(start_ms=3_723_004, end_ms=3_725_000, text="Über alles"),
    )
    found = list(srt.parse(subrip(cues)))
    assert [each.index for each in found] == [1, 2]
    assert [round(each.start.total_seconds() * 1000) for each in found] == [500, 3_723_004]
    assert [each.content for each in found] == ["One ‹b›line‹/b›\nand ｛＼an8｝another", "Über alles"]
