"""The sound of a film that speaks: voice, music that makes way for it, and the sound of the clips, as one AAC track.

The mix is made in blocks of a second, so memory depends on one sentence, never on the film. Each sentence begins at its
exact sample. The music follows an envelope that is known beforehand from the times of the speech, so it never pumps.
Then one constant gain and a limiter bring the whole to its loudness. What comes out is measured as players decode it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import av
import ffmpeg
import numpy as np

from callsheet import stopping
from callsheet.errors import MediaUnfit
from callsheet.media.command import file_url, run_command
from callsheet.media.loudness import SILENCE_LUFS, Loudness, measure
from callsheet.media.probe import sound_length_s
from callsheet.media.sound import AAC, SAMPLE_RATE_HZ, SHORTEST_TIMEOUT_S, TIMEOUT_FACTOR
from callsheet.media.tracks import gain_db
from callsheet.model.film.sound import MusicBed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

FILM_LUFS, HIGHEST_PEAK_DBTP = -16.0, -1.5
"""The loudness of spoken films on the web (AES TD1008), and the peak that lossy codecs leave room for (EBU R128 s2)."""
MUSIC_UNDER_SPEECH_LUFS = -31.0
FALL_S, RETURN_S = 0.4, 0.8
"""How long the music takes to make way before a sentence, and to come back after it. It stays low between two
sentences that are closer than both."""
_CLOSE_LUFS = 0.3
_MOST_ENCODINGS = 6
_MOST_GAIN_DB = 24.0
_ENCODING_PEAK_DB = 1.0
"""What AAC may add to a peak."""
_HEADROOM = 0.25
"""The mix is written this much quieter, so that nothing is cut off before the limiter."""
_HEADROOM_DB = -20 * math.log10(_HEADROOM)
_EDGE_SAMPLES = 96
"""Two milliseconds: the fade of every sound that begins or ends within the film."""
_FADE_IN_S = 0.5
_BLOCK = SAMPLE_RATE_HZ


@dataclass(frozen=True)
class PlacedSound:
    """A sentence's file, when its sound begins, and when a voice is heard in it; None if it is silence."""

    path: Path
    start_s: float
    heard_s: tuple[float, float] | None


@dataclass(frozen=True)
class MixedSound:
    """The finished track, and what was measured of it."""

    measured: Loudness
    length_s: float
    gain_db: float
    music_under_speech_lufs: float | None


def mix_narration(
    length_s: Fraction,
    sentences: Sequence[PlacedSound],
    music: tuple[Path, MusicBed] | None,
    own_sound: Path | None,
    out: Path,
) -> MixedSound:
    """Write the sound of a film to `out`, an MP4 file with one AAC track, exactly `length_s` long.

    `own_sound` is the film, if its clips have sound, which stays as loud as it is beside the voice.

    Raises MediaUnfit if a file is no sound, CommandFailed if ffmpeg can't encode, Stopped if the film is not needed.
    """
    samples = round(length_s * SAMPLE_RATE_HZ)
    raw = out.with_suffix(".flac")
    try:
        # The voice alone first: the levels of music and clips are meant against a voice at its loudness.
        _write(raw, _voice_blocks(sentences, samples), samples)
        gain = _gain_to_film_db(measure(raw, "flac", _timeout_s(length_s)))
        spans = [sentence.heard_s for sentence in sentences if sentence.heard_s is not None]
        beside: list[Iterator[Samples]] = []
        if music is not None:
            beside.append(_music_blocks(*music, spans, samples))
        if own_sound is not None:
            beside.append(block for _, block in _in_blocks(_decoded(own_sound, "mov"), samples))
        if beside:
            voice_gain = np.float32(10 ** (gain / 20))
            spoken = (block * voice_gain for block in _voice_blocks(sentences, samples))
            _write(raw, (np.sum(blocks, axis=0) for blocks in zip(spoken, *beside, strict=True)), samples)
            gain = _gain_to_film_db(measure(raw, "flac", _timeout_s(length_s)))
        measured, gain = _encode(raw, gain, samples, length_s, out)
    finally:
        raw.unlink(missing_ok=True)
    under = min(music[1].loudness_lufs, MUSIC_UNDER_SPEECH_LUFS) if music is not None and spans else None
    return MixedSound(measured, sound_length_s(out), round(gain - _HEADROOM_DB, 2), under)


def music_envelope(spans: Iterable[tuple[float, float]], under_db: float) -> tuple[list[float], list[float]]:
    """Return times in seconds and gains in dB, between which the gain is a straight line: `under_db` while speaking."""
    times, gains = [0.0], [0.0]
    for start_s, end_s in _joined(spans):
        if start_s <= FALL_S:  # a film that begins with a sentence begins with low music
            times, gains = [0.0], [under_db]
        else:
            times += [start_s - FALL_S, start_s]
            gains += [0.0, under_db]
        times += [end_s, end_s + RETURN_S]
        gains += [under_db, 0.0]
    return times, gains


def _joined(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return spans without those gaps in which the music could not come back."""
    joined: list[tuple[float, float]] = []
    for start_s, end_s in sorted(spans):
        if joined and start_s - joined[-1][1] <= FALL_S + RETURN_S:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end_s))
        else:
            joined.append((start_s, end_s))
    return joined


def _voice_blocks(sentences: Sequence[PlacedSound], samples: int) -> Iterator["Samples"]:
    """Yield the voice in blocks. A sentence is read when its block comes, and forgotten after it."""
    waiting = sorted(sentences, key=lambda each: each.start_s, reverse=True)
    sounding: list[tuple[int, Samples]] = []
    for begins in range(0, samples, _BLOCK):
        block = np.zeros((2, min(_BLOCK, samples - begins)), np.float32)
        ends = begins + block.shape[1]
        while waiting and round(waiting[-1].start_s * SAMPLE_RATE_HZ) < ends:
            sentence = waiting.pop()
            sounding.append((round(sentence.start_s * SAMPLE_RATE_HZ), _whole(sentence.path)))
        for at, sound in sounding:
            first, last = max(at, begins), min(at + sound.shape[1], ends)
            if first < last:
                block[:, first - begins : last - begins] += sound[:, first - at : last - at]
        sounding = [(at, sound) for at, sound in sounding if at + sound.shape[1] > ends]
        yield block


def _music_blocks(path: Path, bed: MusicBed, spans: Sequence[tuple[float, float]], samples: int) -> Iterator["Samples"]:
    """Yield the music in blocks: repeated, at its level, low under speech, faded in and out."""
    times, gains = music_envelope(spans, min(0.0, MUSIC_UNDER_SPEECH_LUFS - bed.loudness_lufs))
    length_s, level_db = samples / SAMPLE_RATE_HZ, gain_db(bed)
    fade_out_s = max(min(bed.fade_out_s, length_s / 2), 1 / SAMPLE_RATE_HZ)
    repeated = chain.from_iterable(iter(lambda: _decoded(path, "flac"), None))
    for begins, block in _in_blocks(repeated, samples):
        at_s = (begins + np.arange(block.shape[1])) / SAMPLE_RATE_HZ
        envelope = 10 ** ((level_db + np.interp(at_s, times, gains)) / 20)
        envelope *= np.clip(np.minimum(at_s / _FADE_IN_S, (length_s - at_s) / fade_out_s), 0, 1)
        yield (block * envelope).astype(np.float32)


def _in_blocks(pieces: Iterable["Samples"], samples: int) -> Iterator[tuple[int, "Samples"]]:
    """Yield sound in blocks with the place of each, cut or filled up with silence to so many samples."""
    rest, pieces = np.zeros((2, 0), np.float32), iter(pieces)
    for begins in range(0, samples, _BLOCK):
        wanted = min(_BLOCK, samples - begins)
        held, length = [rest], rest.shape[1]
        while length < wanted and (piece := next(pieces, None)) is not None:
            held.append(piece)
            length += piece.shape[1]
        held.append(np.zeros((2, max(0, wanted - length)), np.float32))
        whole = np.concatenate(held, axis=1)
        yield begins, whole[:, :wanted]
        rest = whole[:, wanted:]


def _whole(path: Path) -> "Samples":
    """Return a sentence at 48 kHz, with its edges at zero."""
    sound = np.concatenate([*_decoded(path, "wav"), np.zeros((2, 0), np.float32)], axis=1)
    edge = min(_EDGE_SAMPLES, sound.shape[1] // 2)
    ramp = np.linspace(0, 1, edge, endpoint=False, dtype=np.float32)
    sound[:, :edge] *= ramp
    sound[:, sound.shape[1] - edge :] *= ramp[::-1]
    return sound


def _decoded(path: Path, reader: str) -> Iterator["Samples"]:
    """Yield the sound of a file in pieces: stereo, 48 kHz.

    Raises MediaUnfit if it has none, or can't be read.
    """
    resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE_HZ)
    try:
        with av.open(file_url(path), format=reader) as container:
            if not container.streams.audio:
                raise MediaUnfit(path.name, "a sound", "none")
            for frame in chain(container.decode(container.streams.audio[0]), [None]):
                yield from (each.to_ndarray().astype(np.float32) for each in resampler.resample(frame))
    except av.FFmpegError as error:
        raise MediaUnfit(path.name, "a readable sound", str(error)) from error


def _write(path: Path, blocks: Iterable["Samples"], samples: int) -> None:
    """Write blocks as FLAC of 24 bits, quieter by the headroom, with the film's last moment faded out."""
    with av.open(file_url(path), "w", format="flac") as container:
        track = container.add_stream("flac", rate=SAMPLE_RATE_HZ, layout="stereo", format="s32")
        place = 0
        for block in blocks:
            stopping.check()
            left = samples - place - np.arange(block.shape[1])
            faded = block * np.clip(left / _EDGE_SAMPLES, 0, 1) * _HEADROOM
            whole = np.clip(np.rint(faded * 2**31), -(2**31), 2**31 - 1).astype(np.int32)
            frame = av.AudioFrame.from_ndarray(whole.T.reshape(1, -1).copy(), format="s32", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE_HZ, place, Fraction(1, SAMPLE_RATE_HZ)
            container.mux(track.encode(frame))
            place += block.shape[1]
        container.mux(track.encode(None))


def _gain_to_film_db(found: Loudness | None) -> float:
    """Return the gain from a mix with headroom to the film's loudness; silence stays."""
    if found is None or found.loudness_lufs <= SILENCE_LUFS:
        return _HEADROOM_DB
    return float(min(FILM_LUFS - found.loudness_lufs, _HEADROOM_DB + _MOST_GAIN_DB))


def _encode(raw: Path, gain: float, samples: int, length_s: Fraction, out: Path) -> tuple[Loudness, float]:
    """Write the mix at its loudness; return what was measured of the result, and the gain in dB of the file `raw`.

    A limiter takes a little of the loudness, and AAC adds a little to the peaks. So the result is measured, and encoded
    again if it is not close enough.
    """
    limit = HIGHEST_PEAK_DBTP - _ENCODING_PEAK_DB
    for _ in range(_MOST_ENCODINGS):
        run_command(encoding_argv(raw, samples, gain, limit, out), _timeout_s(length_s))
        found = measure(out, "mov", _timeout_s(length_s)) or Loudness(-70.0, -60.0, float(length_s))
        is_silent = found.loudness_lufs <= SILENCE_LUFS
        off, over = FILM_LUFS - found.loudness_lufs, found.true_peak_dbtp - HIGHEST_PEAK_DBTP
        louder = min(gain + off, _HEADROOM_DB + _MOST_GAIN_DB)
        # Clicks alone never become loud: more gain would only make the limiter change their shape.
        if is_silent or (over <= 0 and (abs(off) <= _CLOSE_LUFS or louder == gain)):
            break
        gain = louder
        limit -= max(0.0, over + 0.1)
    return found, gain


def encoding_argv(raw: Path, samples: int, gain: float, limit_dbtp: float, out: Path) -> list[str]:
    """Return the argv of ffmpeg that writes the mix as AAC, with one gain and a limiter.

    The limiter works at four times the rate, so that it sees the peaks between samples.
    """
    sound = (
        ffmpeg.input(file_url(raw), f="flac")
        .audio.filter("aformat", sample_fmts="dbl")
        .filter("volume", f"{gain:.2f}dB", precision="double")
        .filter("aresample", 4 * SAMPLE_RATE_HZ)
        .filter("alimiter", limit=round(10 ** (limit_dbtp / 20), 4), level=0, latency=1)
        .filter("aresample", SAMPLE_RATE_HZ)
        .filter("apad", whole_len=samples)
        .filter("atrim", end_sample=samples)
    )
    output = ffmpeg.output(sound, file_url(out), f="mp4", **AAC)
    argv: list[str] = output.global_args("-nostdin", "-v", "error").overwrite_output().compile()
    return argv


def _timeout_s(length_s: Fraction) -> float:
    return max(SHORTEST_TIMEOUT_S, TIMEOUT_FACTOR * float(length_s))
