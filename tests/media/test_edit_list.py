"""The edit of a film for editing programs: as long as the film, everything at its place, and no file missing."""

import subprocess
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.media.edit_files import write_edit
from callsheet.media.edit_list import FRAME_PARTS, EditMedia, edit_media, edit_of, lacks
from callsheet.model.film.caption_files import subrip
from callsheet.model.film.captions import Cue
from callsheet.model.film.media import Clip, Stills, StoredObject, Video
from callsheet.model.film.narration import SpokenSentence, Timing, Voice
from callsheet.model.film.sound import MusicBed, Sound
from callsheet.model.film.timeline import MergeOptions, TransitionName, plan_timeline
from callsheet.model.film.voice_track import HeardSentence, StoredSentence
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.manifest import Manifest, SceneOutcome, SceneReport
from callsheet.storage.local import LocalStore
from callsheet.storage.store import store_media
from tests.synthetic import plain_clip

EMMA = Voice(name="emma", language="en-GB", provider="kokoro", vendor_id="bf_emma")
CUES = (Cue(start_ms=400, end_ms=1400, text="Moss is\nsoft."), Cue(start_ms=2000, end_ms=3000, text="Stone is hard."))
HOUR_FRAMES = 60 * 60 * 30


def stored(name: str, media_type: str = "audio/wav") -> StoredObject:
    """An object that is nowhere."""
    return StoredObject(key=name, sha256=f"{abs(hash(name)):064x}", size_bytes=1, media_type=media_type)


def sentence(text: str, start_s: float, samples: int, hz: int = 24_000, voice: Voice | None = EMMA) -> HeardSentence:
    """A spoken sentence in a scene."""
    spoken = SpokenSentence(
        text=text, spoken=text, voice=voice, speed=1, sample_rate_hz=hz, samples=samples, timing=Timing.EXACT, words=()
    )
    return HeardSentence(spoken=StoredSentence(sentence=spoken, stored=stored(f"speech/{text}.wav")), start_s=start_s)


def film(
    clips: tuple[Clip, ...],
    merge: MergeOptions | None = None,
    speech: tuple[tuple[HeardSentence, ...], ...] = (),
    music: MusicBed | None = None,
    subtitles: StoredObject | None = None,
) -> Manifest:
    """A film of these clips."""
    timeline = plan_timeline(clips, merge or MergeOptions(transition=TransitionName.NONE))
    facts = clips[0].model_dump() | {"frames": timeline.frames, "stored": stored("videos/film.mp4", "video/mp4")}
    names = [f"scene {number}" for number in range(1, len(clips) + 1)]
    scenes = tuple(
        SceneReport(number=number, name=name, outcome=SceneOutcome.RENDERED, clip=clip, speech=said)
        for number, (name, clip, said) in enumerate(
            zip(names, clips, speech or ((),) * len(clips), strict=True), start=1
        )
    )
    picture = stored("stills/poster.jpg", "image/jpeg")
    return Manifest(
        title="Moss and stone", video=Video(**facts),
        stills=Stills(poster=picture, thumbnail=picture, contact_sheet=picture),
        timeline=timeline, scenes=scenes, missing_scenes=(), versions={}, steps=(), run_id="1", music=music,
        subtitles=subtitles, created_at=datetime.now(UTC),
        request=VideoRequest(title="Moss and stone", scenes=[{"name": name, "prompt": "x"} for name in names]),
    )  # fmt: skip


def edit(manifest: Manifest, cues: tuple[Cue, ...] = (), music_samples: int = 0) -> otio.schema.Timeline:
    """Its edit, as a reader of OpenTimelineIO finds it."""
    media = EditMedia({each.key: name for name, each in edit_media(manifest).items()}, music_samples)
    text = edit_of(manifest, cues, media).to_json_string()
    return otio.adapters.read_from_string(text, "otio_json")


def track(found: otio.schema.Timeline, name: str) -> otio.schema.Track:
    """The only track of this name."""
    [one] = [each for each in found.tracks if each.name == name]
    return one


def place_of(item: otio.core.Item) -> tuple[float, float]:
    """Where an item begins and how long it is, in frames of the film."""
    inside = item.range_in_parent()
    return inside.start_time.value, inside.duration.value


def test_cut_scenes_follow_one_another_whole():
    """Without transitions, each clip is there from its first to its last frame."""
    found = edit(film((plain_clip(60), plain_clip(45))))
    assert found.duration() == otio.opentime.RationalTime(105, 30)
    assert [place_of(clip) for clip in found.find_clips()] == [(0, 60), (60, 45)]
    assert [clip.name for clip in found.find_clips()] == ["scene 1", "scene 2"]
    assert [each.name for each in found.tracks] == ["Scenes"]


def test_a_crossfade_is_a_transition_with_material_on_both_sides():
    """The cut is in its middle; before and after it, both clips have the frames that it shows."""
    found = edit(film((plain_clip(60), plain_clip(60)), MergeOptions(transition=TransitionName.FADE, transition_s=0.5)))
    first, transition, second = track(found, "Scenes")
    assert (transition.transition_type, transition.in_offset.value, transition.out_offset.value) == (
        "SMPTE_Dissolve", 7, 8,
    )  # fmt: skip
    assert found.duration().value == 105
    assert (first.source_range.start_time.value, first.source_range.duration.value) == (0, 52)
    assert (second.source_range.start_time.value, second.source_range.duration.value) == (7, 53)


def test_another_transition_keeps_its_name():
    """OpenTimelineIO knows the cross-fade alone."""
    found = edit(film((plain_clip(60), plain_clip(60)), MergeOptions(transition=TransitionName.WIPE_LEFT)))
    transition = track(found, "Scenes")[1]
    assert (transition.name, transition.transition_type) == ("wipe-left", "Custom_Transition")


@given(
    clips=st.lists(st.integers(1, 4000).map(plain_clip), min_size=1, max_size=12).map(tuple),
    merge=st.builds(
        MergeOptions, transition=st.sampled_from(TransitionName), transition_s=st.floats(0.01, 5, allow_nan=False)
    ),
)
@settings(max_examples=30, deadline=None)
def test_the_edit_is_as_long_as_the_film_whatever_is_in_it(clips, merge):
    """Every shot shows each frame between two cuts, and no frame that its clip does not have."""
    manifest = film(clips, merge)
    found = edit(manifest)
    assert found.duration() == otio.opentime.RationalTime(manifest.video.frames, 30)
    cuts = (0, *manifest.timeline.cut_frames())
    for place, clip in enumerate(found.find_clips()):
        assert place_of(clip) == (cuts[place], cuts[place + 1] - cuts[place])
        assert clip.source_range.start_time.value >= 0
        assert clip.source_range.end_time_exclusive().value <= clip.available_range().duration.value


@given(
    starts=st.lists(st.integers(0, HOUR_FRAMES), min_size=1, max_size=20, unique=True),
    hz=st.sampled_from([16_000, 22_050, 24_000, 48_000]),
    length=st.integers(1, 20 * 22_050),
)
@settings(max_examples=30, deadline=None)
def test_each_sentence_begins_at_its_very_frame_also_after_an_hour(starts, hz, length):
    """However odd the lengths of the others are; less than 0.3 ms of its end are left out."""
    said = tuple(sentence(str(frame), frame / 30, length, hz) for frame in sorted(starts))
    found = edit(film((plain_clip(HOUR_FRAMES + 3000),), speech=(said,)))
    heard = [clip for each in found.audio_tracks() for clip in each.find_clips()]
    assert sorted(int(clip.name) for clip in heard) == sorted(starts)
    for clip in heard:
        begins, lasts = place_of(clip)
        assert begins == int(clip.name)
        missing = Fraction(length, hz) * 30 - Fraction(lasts)
        assert 0 <= missing < Fraction(1, FRAME_PARTS)


def test_sentences_that_are_heard_at_once_have_a_track_each():
    """A sentence that stayed silent has none."""
    said = (sentence("A.", 0.5, 48_000), sentence("B.", 1.5, 24_000), sentence("C.", 3, 24_000, voice=None))
    found = edit(film((plain_clip(150),), speech=(said,)))
    assert [each.name for each in found.tracks] == ["Scenes", "Voice", "Voice 2"]
    assert track(found, "Voice")[1].metadata["callsheet"]["voice"] == "emma"
    assert place_of(track(found, "Voice 2")[1]) == (45, 30)


def test_a_scene_with_sound_is_heard_and_fades_with_its_picture():
    """The others are gaps of the same length."""
    loud = plain_clip(60).model_copy(update={"has_audio": True})
    merge = MergeOptions(transition=TransitionName.FADE, transition_s=0.5)
    sound = track(edit(film((plain_clip(60), loud, plain_clip(60)), merge)), "Scene sound")
    kinds = [type(item).__name__ for item in sound]
    assert kinds == ["Gap", "Transition", "Clip", "Transition", "Gap"]
    assert sound.duration().value == 150


def test_music_is_repeated_until_the_film_ends():
    """With its level beside it."""
    piece = Sound(stored=stored("music.flac", "audio/flac"), loudness_lufs=-14, true_peak_dbtp=-3)
    bed = MusicBed(sound=piece, loudness_lufs=-20, fade_out_s=2)
    music = track(edit(film((plain_clip(100),), music=bed), music_samples=64_000), "Music")
    assert [place_of(clip) for clip in music] == [(0, 40), (40, 40), (80, 20)]
    assert music[0].metadata["callsheet"]["gain_db"] == -6


def test_scenes_and_captions_are_markers():
    """A scene lasts from cut to cut, a caption as long as it is read."""
    found = edit(film((plain_clip(60), plain_clip(60))), CUES)
    markers = [
        (each.name, each.marked_range.start_time.value, each.marked_range.duration.value, each.color)
        for each in found.tracks.markers
    ]
    assert markers == [
        ("scene 1", 0, 60, "GREEN"),
        ("scene 2", 60, 60, "GREEN"),
        ("Moss is soft.", 12, 30, "YELLOW"),
        ("Stone is hard.", 60, 30, "YELLOW"),
    ]


def test_what_the_film_does_not_have_is_one_sentence():
    """A plain video has pictures alone; a film with everything lacks nothing."""
    plain = film((plain_clip(60),))
    assert lacks(plain) == (
        "The edit of “Moss and stone” has no voice, no music and no captions, because the film has none."
    )
    said = film((plain_clip(60),), speech=((sentence("A.", 0.5, 12_000),),), subtitles=stored("captions/a.srt"))
    assert lacks(said) == "The edit of “Moss and stone” has no music, because the film has none."


@pytest.fixture
def kept(tmp_path: Path) -> tuple[LocalStore, Manifest]:
    """A film in a store: a clip that comes twice, a sentence, music and captions."""
    store = LocalStore(tmp_path / "media")

    def put(name: str, content: bytes, kind: str, media_type: str) -> StoredObject:
        (tmp_path / name).write_bytes(content)
        return store_media(store, tmp_path / name, kind, media_type)

    clip = plain_clip(45).model_copy(update={"stored": put("a.mp4", b"a clip", "clips", "video/mp4")})
    said = sentence("Moss is soft.", 0.4, 24_000)
    spoken = said.spoken.model_copy(update={"stored": put("a.wav", b"a voice", "speech", "audio/wav")})
    tone = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=330:d=0.5:r=48000", str(tmp_path / "tone.flac")]
    subprocess.run(tone, check=True)
    piece = Sound(
        stored=put("b.flac", (tmp_path / "tone.flac").read_bytes(), "music", "audio/flac"),
        loudness_lufs=-14,
        true_peak_dbtp=-3,
    )
    made = film(
        (clip, clip),
        speech=((said.model_copy(update={"spoken": spoken}),), ()),
        music=MusicBed(sound=piece, loudness_lufs=-20, fade_out_s=1),
        subtitles=put("a.srt", subrip(CUES).encode(), "captions", "application/x-subrip"),
    )
    return store, made


def test_every_file_that_the_edit_names_is_beside_it(tmp_path: Path, kept: tuple[LocalStore, Manifest]):
    """Each once, by a relative address, so that the folder can be moved; captions are read from the film's own file."""
    store, manifest = kept
    (tmp_path / "out").mkdir()
    written = write_edit(store.opened, manifest, tmp_path / "out" / "月と石.mp4")
    found = otio.adapters.read_from_file(str(written))
    named = {
        otio.url_utils.filepath_from_url(clip.media_reference.target_url)
        for each in found.tracks
        for clip in each.find_clips()
    }
    beside = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out/月と石.edit").iterdir())
    assert sorted(named) == beside
    assert [name.split("/")[1].rpartition("-")[0] for name in beside] == ["music", "scene-01", "voice-001"]
    assert [clip.duration().value for clip in track(found, "Music")] == [15] * 6
    assert found.tracks.markers[-1].comment == "Stone is hard."


def test_the_same_edit_again_copies_nothing(tmp_path: Path, kept: tuple[LocalStore, Manifest]):
    """A file of the edit that was cut off is copied again."""
    store, manifest = kept
    film_file = tmp_path / "stone.mp4"
    write_edit(store.opened, manifest, film_file)
    files = sorted((tmp_path / "stone.edit").iterdir())
    files[0].write_bytes(b"")
    before = [path.stat().st_mtime_ns for path in files]
    write_edit(store.opened, manifest, film_file)
    after = [path.stat().st_mtime_ns for path in files]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True]
