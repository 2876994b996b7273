"""The timing report: what was planned, what came out, and how far they are apart."""

from datetime import UTC, datetime

import pytest

from callsheet.model.film.media import Stills, StoredObject, Video
from callsheet.model.film.narration import SpokenSentence, Timing, Voice
from callsheet.model.film.sound import NarrationMix
from callsheet.model.film.timeline import MergeOptions, TransitionName, plan_timeline
from callsheet.model.film.voice_track import HeardSentence, StoredSentence
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.manifest import Manifest, SceneOutcome, SceneReport
from callsheet.model.run.timing import timing_of, timing_rows, timing_sentence
from tests.synthetic import plain_clip

STORED = StoredObject(key="speech/1.wav", sha256="", size_bytes=1, media_type="audio/wav")
EMMA = Voice(name="emma", language="en-GB", provider="kokoro", vendor_id="bf_emma")
CUT = MergeOptions(transition=TransitionName.NONE)


def said(text: str, length_s: float, voice: Voice | None = EMMA) -> HeardSentence:
    """A sentence at the beginning of its scene."""
    sentence = SpokenSentence(
        text=text, spoken=text, voice=voice, speed=1, sample_rate_hz=24_000, samples=round(24_000 * length_s),
        timing=Timing.ESTIMATED, words=(),
    )  # fmt: skip
    return HeardSentence(spoken=StoredSentence(sentence=sentence, stored=STORED), start_s=0.5)


def film(
    *scenes: tuple[int, float | None, tuple[HeardSentence, ...]], merge=CUT, sound_s: float | None = None
) -> Manifest:
    """A film of scenes with so many frames at 30 a second, a planned length, and their speech."""
    timeline = plan_timeline(tuple(plain_clip(frames) for frames, _, _ in scenes), merge)
    reports = tuple(
        SceneReport(
            number=number, name=f"scene {number}", outcome=SceneOutcome.RENDERED, clip=plain_clip(frames),
            planned_s=planned_s, speech=speech,
        )
        for number, (frames, planned_s, speech) in enumerate(scenes, start=1)
    )  # fmt: skip
    mix = NarrationMix(stored=STORED, loudness_lufs=-16, true_peak_dbtp=-2, gain_db=0, length_s=sound_s)
    return Manifest(
        title="Moss", video=Video(**plain_clip(timeline.frames).model_dump()),
        stills=Stills(poster=STORED, thumbnail=STORED, contact_sheet=STORED), timeline=timeline, scenes=reports,
        sound=mix, missing_scenes=(), versions={}, steps=(), run_id="1", created_at=datetime.now(UTC),
        request=VideoRequest(title="Moss", scenes=[{"name": each.name, "prompt": "x"} for each in reports]),
    )  # fmt: skip


def test_a_film_that_keeps_to_its_plan_has_no_drift():
    """Planned and real seconds are the same, and sound and picture end together."""
    report = timing_of(film((60, 2.0, (said("Moss is soft.", 1.0),)), (90, 3.0, ()), sound_s=5.0))
    assert (report.planned_s, report.real_s, report.sound_drift_frames, report.largest_drift_frames) == (5, 5, 0, 0)
    assert timing_sentence(report) == (
        "Timing of “Moss”: 5.00 s, planned 5.00 s, 180 words a minute, sound and picture end together"
    )


def test_a_scene_that_is_longer_than_planned_makes_all_after_it_late():
    """By its surplus of frames, whatever overlaps; a sound that ends early has a negative drift."""
    merge = MergeOptions(transition=TransitionName.FADE, transition_s=0.5)
    speech = (said("Moss is soft.", 1.0),)
    report = timing_of(film((66, 2.0, speech), (90, 3.0, ()), (60, 2.0, speech), merge=merge, sound_s=6.0))
    assert [scene.drift_frames for scene in report.scenes] == [0, 6, 6]
    assert [scene.planned_start_s for scene in report.scenes] == [0, 1.5, 4.0]
    assert [scene.start_s for scene in report.scenes] == [0, 1.7, 4.2]
    assert report.largest_drift_frames == 6
    assert (report.planned_s, report.real_s, report.sound_drift_frames) == (6.0, 6.2, -6)


def test_the_pace_counts_only_the_time_in_which_a_voice_speaks():
    """Pauses and sentences that stayed silent don't count; each scene names its voices."""
    report = timing_of(film((90, None, (said("One two three.", 1.5), said("Four.", 1.0, voice=None))), (30, None, ())))
    assert (report.words, report.spoken_s, report.words_a_minute) == (3, 1.5, 120)
    assert [scene.voices for scene in report.scenes] == [("emma", "silence"), ()]
    assert report.scenes[1].words_a_minute is None


def test_without_a_plan_the_real_length_counts():
    """And without a measured sound, its drift is unknown."""
    report = timing_of(film((60, None, (said("Moss.", 1.0),))))
    assert report.planned_s == report.real_s == 2
    assert report.sound_drift_frames is None
    assert "sound" not in timing_sentence(report)


def test_the_table_has_a_row_for_each_scene_and_one_for_the_film():
    """All rows have the same columns."""
    rows = timing_rows(timing_of(film((60, 2.0, (said("Moss is soft.", 1.0),)), (90, 3.0, ()), sound_s=5.0)))
    assert [row["scene"] for row in rows] == ["1", "2", "all"]
    assert len({tuple(row) for row in rows}) == 1
    assert [row["words a minute"] for row in rows] == ["180", "–", "180"]
    assert [row["starts at"] for row in rows] == ["0.00", "2.00", "0.00"]


def test_a_film_without_a_word_has_no_report():
    """There is nothing that could drift from its picture."""
    assert timing_of(film((60, None, ()))) is None


def test_a_manifest_of_an_earlier_version_still_loads():
    """What was added since has a value without one."""
    facts = film((60, 2.0, (said("Moss.", 1.0),)), sound_s=2.0).model_dump(mode="json")
    del facts["timing"], facts["sound"]["length_s"], facts["scenes"][0]["planned_s"]
    earlier = Manifest.model_validate(facts)
    assert earlier.timing is None
    assert timing_of(earlier).largest_drift_frames == 0


@pytest.mark.parametrize("sound_s", [2.0, 2.01, 1.9])
def test_the_report_is_read_back_as_it_was_written(sound_s):
    """As JSON."""
    report = timing_of(film((60, 2.0, (said("Moss.", 1.0),)), sound_s=sound_s))
    assert type(report).model_validate_json(report.model_dump_json()) == report
