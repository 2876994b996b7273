"""The sound of a film: one track, mixed from all clips at their exact places and encoded once.

AAC packets are 1024 samples long and start with a priming packet: joined copies drift and click. So the sources are
decoded, laid out by sample numbers, and muxed beside the pictures, whose packets are copied.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import ffmpeg

from callsheet.media.command import file_url, run_command
from callsheet.model.film.timeline import Shot, Timeline

SAMPLE_RATE_HZ = 48_000
AAC = {"acodec": "aac", "audio_bitrate": "192k", "aac_coder": "fast"}
"""The sound of every film. At this rate ffmpeg's `fast` takes half the time of its usual `twoloop`, and is nearer to
the source: in two and a half minutes of speech the noise was 49 dB below the sound, and not 41 dB."""
# The mixing takes about a hundredth of the film's length; a machine a hundred times slower is stuck.
TIMEOUT_FACTOR = 1
SHORTEST_TIMEOUT_S = 120


def add_sound(timeline: Timeline, clip_paths: Sequence[Path], pictures: Path, out: Path) -> None:
    """Write `out`: the packets of `pictures` with the mixed sound of the clips beside them.

    Raises CommandFailed if ffmpeg can't, e.g. because a clip's sound is broken.
    """
    duration_s = timeline.frames / timeline.shots[0].clip.frame_rate
    timeout_s = max(SHORTEST_TIMEOUT_S, TIMEOUT_FACTOR * duration_s)
    run_command(sound_argv(timeline, clip_paths, pictures, out), timeout_s)


def sound_argv(timeline: Timeline, clip_paths: Sequence[Path], pictures: Path, out: Path) -> list[str]:
    """Return the argv of ffmpeg for `add_sound`.

    Overlaps are equal-power crossfades; a clip without sound is silent.
    """
    sounds = _sounds([path for shot, path in zip(timeline.shots, clip_paths, strict=True) if shot.clip.has_audio])
    tracks = [
        _track(shot, next(sounds)) if shot.clip.has_audio else _silence(number, shot)
        for number, shot in enumerate(timeline.shots)
    ]
    mixed = _mixed(tracks, _overlaps(timeline))
    output = ffmpeg.output(
        ffmpeg.input(file_url(pictures), f="mov").video,
        mixed,
        file_url(out),
        vcodec="copy",
        movflags="+faststart",
        f="mp4",
        **AAC,
    )
    argv: list[str] = output.global_args("-nostdin", "-v", "error").overwrite_output().compile()
    return argv


def _mixed(tracks: Iterable[ffmpeg.Stream], overlaps: Iterable[int]) -> ffmpeg.Stream:
    first, *rest = tracks
    mixed = first
    for track, overlap in zip(rest, overlaps, strict=True):
        if overlap:
            crossfade = {"nb_samples": overlap, "curve1": "qsin", "curve2": "qsin"}
            mixed = ffmpeg.filter([mixed, track], "acrossfade", **crossfade)
        else:
            mixed = ffmpeg.concat(mixed, track, v=0, a=1)
    return mixed


def _sounds(paths: Sequence[Path]) -> Iterator[ffmpeg.Stream]:
    """Yield the sound of each file; a file that comes again is split, because ffmpeg-python merges equal filters."""
    times = Counter(paths)
    split = {
        path: ffmpeg.input(file_url(path), f="mov", vn=None).audio.filter_multi_output("asplit", count)
        for path, count in times.items()
    }
    used: Counter[Path] = Counter()
    for path in paths:
        yield split[path][used[path]]
        used[path] += 1


def _samples(shot: Shot) -> int:
    return _sample(shot.end_frame, shot) - _sample(shot.start_frame, shot)


def _silence(number: int, shot: Shot) -> ffmpeg.Stream:
    """Return silence, named after the shot: ffmpeg-python treats equal sources as one and the same."""
    silence = ffmpeg.input(f"anullsrc@{number}=r={SAMPLE_RATE_HZ}:cl=stereo", f="lavfi")
    return silence.audio.filter("atrim", end_sample=_samples(shot))


def _track(shot: Shot, sound: ffmpeg.Stream) -> ffmpeg.Stream:
    """Return the sound of one shot, as many samples long as its pictures: cut, or filled up with silence."""
    samples = _samples(shot)
    return (
        sound.filter("aresample", SAMPLE_RATE_HZ, **{"async": 1, "first_pts": 0})
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        .filter("apad", whole_len=samples)
        .filter("atrim", end_sample=samples)
    )


def _overlaps(timeline: Timeline) -> list[int]:
    """Return the samples by which each shot but the first overlaps the one before."""
    return [
        _sample(outgoing.end_frame, incoming) - _sample(incoming.start_frame, incoming)
        for outgoing, incoming in pairwise(timeline.shots)
    ]


def _sample(frame: int, shot: Shot) -> int:
    """Return the sample that begins with a frame of the film.

    It is rounded if a frame is no whole number of samples.
    """
    return round(frame * SAMPLE_RATE_HZ / shot.clip.frame_rate)
