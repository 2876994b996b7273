"""The timing report of a film that speaks: planned and real times, pace and drift. Pure arithmetic on its manifest.

Speech decides how long the scenes are planned to be. The report shows how far the finished film keeps to that.
"""

from collections.abc import Iterable

from callsheet.model.film.narration import SpokenSentence
from callsheet.model.run.manifest import Manifest, SceneReport
from callsheet.model.values import Value
from callsheet.timebase import frames_in

SILENCE = "silence"
"""What a table says in place of a voice if none spoke."""


class SceneTiming(Value):
    """The times of one scene, in seconds of the film."""

    number: int
    name: str
    planned_s: float
    """The length that its speech asked for; the real one if nothing was planned."""
    real_s: float
    planned_start_s: float
    """Its start if each scene before it were as long as it was planned."""
    start_s: float
    drift_frames: int
    """How many frames later than planned it starts; negative if earlier."""
    words: int
    spoken_s: float
    """Length of the sound of its sentences, without the pauses between them."""
    words_a_minute: float | None
    """Words in the time of that sound; None if no voice speaks."""
    voices: tuple[str, ...]
    """Names of the voices, in the order in which they begin."""


class TimingReport(Value):
    """The times of a whole film, and of each scene that is seen in it."""

    title: str
    language: str
    """Empty if the request did not name its languages."""
    frame_rate: int
    planned_s: float
    real_s: float
    picture_frames: int
    sound_s: float | None
    """Measured length of the finished sound; None in films of earlier versions."""
    sound_drift_frames: float | None
    """How many frames later than the picture the sound ends; negative if earlier."""
    largest_drift_frames: int
    """The largest drift of a scene's start, without its sign."""
    words: int
    spoken_s: float
    words_a_minute: float | None
    voices: tuple[str, ...]
    scenes: tuple[SceneTiming, ...]


def timing_of(manifest: Manifest) -> TimingReport | None:
    """Return the timing report of a film; None if nothing is said in it."""
    sentences = [sentence for scene in manifest.scenes for sentence in _sentences(scene)]
    if not sentences:
        return None
    scenes = _scene_timings(manifest)
    video, sound = manifest.video, manifest.sound
    sound_s = sound.length_s if sound else None
    drift = None if sound_s is None else round(sound_s * video.frame_rate - video.frames, 2)
    words, spoken_s = _said(sentences)
    return TimingReport(
        title=manifest.title,
        language=manifest.language,
        frame_rate=video.frame_rate,
        planned_s=scenes[-1].planned_start_s + scenes[-1].planned_s,
        real_s=video.duration_s,
        picture_frames=video.frames,
        sound_s=sound_s,
        sound_drift_frames=drift,
        largest_drift_frames=max(abs(scene.drift_frames) for scene in scenes),
        words=words,
        spoken_s=spoken_s,
        words_a_minute=_words_a_minute(words, spoken_s),
        voices=manifest.spoken_by,
        scenes=scenes,
    )


def timing_rows(report: TimingReport) -> list[dict[str, str]]:
    """Return the report as a table for people: a row for each scene, and one for the film."""
    whole = SceneTiming(
        number=0,
        name="film",
        planned_s=report.planned_s,
        real_s=report.real_s,
        planned_start_s=0.0,
        start_s=0.0,
        drift_frames=report.largest_drift_frames,
        words=report.words,
        spoken_s=report.spoken_s,
        words_a_minute=report.words_a_minute,
        voices=report.voices,
    )
    return [*(_row(scene, str(scene.number)) for scene in report.scenes), _row(whole, "all")]


def timing_sentence(report: TimingReport) -> str:
    """Return what a person wants to know first: the length, the pace, and whether sound and picture end together."""
    pace = f", {report.words_a_minute:.0f} words a minute" if report.words_a_minute else ""
    ends = "" if report.sound_drift_frames is None else f", sound and picture end {_apart(report.sound_drift_frames)}"
    return f"Timing of “{report.title}”: {report.real_s:.2f} s, planned {report.planned_s:.2f} s{pace}{ends}"


def _apart(frames: float) -> str:
    return f"{abs(frames):g} frames apart" if frames else "together"


def _scene_timings(manifest: Manifest) -> tuple[SceneTiming, ...]:
    rate, planned_start = manifest.video.frame_rate, 0
    timings: list[SceneTiming] = []
    seen = [scene for scene in manifest.scenes if scene.clip]
    for scene, shot in zip(seen, manifest.timeline.shots, strict=True):
        planned = shot.clip.frames if scene.planned_s is None else frames_in(scene.planned_s, rate)
        planned_start -= shot.overlap_frames
        sentences = _sentences(scene)
        words, spoken_s = _said(sentences)
        timings.append(
            SceneTiming(
                number=scene.number,
                name=scene.name,
                planned_s=planned / rate,
                real_s=shot.clip.duration_s,
                planned_start_s=planned_start / rate,
                start_s=shot.start_frame / rate,
                drift_frames=shot.start_frame - planned_start,
                words=words,
                spoken_s=spoken_s,
                words_a_minute=_words_a_minute(words, spoken_s),
                voices=tuple(dict.fromkeys(each.voice.name if each.voice else SILENCE for each in sentences)),
            )
        )
        planned_start += planned
    return tuple(timings)


def _sentences(scene: SceneReport) -> list[SpokenSentence]:
    return [heard.spoken.sentence for heard in scene.speech]


def _said(sentences: Iterable[SpokenSentence]) -> tuple[int, float]:
    """Return the number of words that voices speak, and the length of their sound in seconds."""
    heard = [sentence for sentence in sentences if sentence.voice]
    words = sum(len(sentence.words) or len(sentence.text.split()) for sentence in heard)
    return words, round(sum(sentence.length_s for sentence in heard), 3)


def _words_a_minute(words: int, spoken_s: float) -> float | None:
    return round(words * 60 / spoken_s, 1) if spoken_s else None


def _row(timing: SceneTiming, number: str) -> dict[str, str]:
    return {
        "scene": number,
        "name": timing.name,
        "planned seconds": f"{timing.planned_s:.2f}",
        "real seconds": f"{timing.real_s:.2f}",
        "starts at": f"{timing.start_s:.2f}",
        "drift in frames": str(timing.drift_frames),
        "words": str(timing.words),
        "words a minute": "–" if timing.words_a_minute is None else f"{timing.words_a_minute:.0f}",
        "voice": ", ".join(timing.voices) or "–",
    }
