"""Tracks beside the pictures of a finished film: music or a finished mix, captions that players can switch on and off.

The packets of the pictures are copied. Music is repeated if it is too short, brought to a loudness, and faded out. The
film's sound, if it has any, is mixed into it. A finished mix takes the place of both.
"""

from fractions import Fraction
from pathlib import Path

import ffmpeg

from callsheet.media.command import file_url, run_command
from callsheet.media.sound import AAC, SAMPLE_RATE_HZ, SHORTEST_TIMEOUT_S, TIMEOUT_FACTOR
from callsheet.model.film.sound import MusicBed

# Below full scale by the amount that AAC may add to a peak (EBU R128 recommends as much).
HIGHEST_PEAK_DBTP = -1.0
# ffmpeg takes these for styling on the way to MP4, and so do players built on it when they read the track. They drop
# the text between them, also if the track has it unchanged. These look alike and are only text.
_PLAIN = str.maketrans("{}\\", "｛｝＼")


def add_tracks(
    film: Path,
    length_s: Fraction,
    has_audio: bool,
    music: tuple[Path, MusicBed] | None,
    captions: Path | None,
    out: Path,
    mix: Path | None = None,
) -> None:
    """Write `out`: the pictures and chapters of `film`, with music and captions, or with a finished `mix` as its sound.

    Raises CommandFailed if ffmpeg can't.
    """
    timeout_s = max(SHORTEST_TIMEOUT_S, TIMEOUT_FACTOR * float(length_s))
    plain = out.with_suffix(".vtt")
    if captions is not None:
        plain.write_text(captions.read_text(encoding="utf-8").translate(_PLAIN), encoding="utf-8")
    argv = tracks_argv(film, length_s, has_audio, music, plain if captions else None, out, mix)
    try:
        run_command(argv, timeout_s)
    finally:
        plain.unlink(missing_ok=True)


def tracks_argv(
    film: Path,
    length_s: Fraction,
    has_audio: bool,
    music: tuple[Path, MusicBed] | None,
    captions: Path | None,
    out: Path,
    mix: Path | None = None,
) -> list[str]:
    """Return the argv of ffmpeg for `add_tracks`.

    `captions` is a WebVTT file, `length_s` the film's length.
    """
    source = ffmpeg.input(file_url(film), f="mov")
    streams, options = [source.video], {"vcodec": "copy"}
    if mix is not None:
        streams.append(ffmpeg.input(file_url(mix), f="mov").audio)
        options |= {"acodec": "copy"}
    elif music is not None:
        bed = _bed(*music, length_s)
        streams.append(_mixed(source.audio, bed) if has_audio else bed)
        options |= AAC
    elif has_audio:
        streams.append(source.audio)
        options |= {"acodec": "copy"}
    if captions is not None:
        streams.append(ffmpeg.input(file_url(captions), f="webvtt")["s:0"])
        options |= {"scodec": "mov_text", "disposition:s:0": "default"}
    output = ffmpeg.output(*streams, file_url(out), movflags="+faststart", f="mp4", **options)
    argv: list[str] = output.global_args("-nostdin", "-v", "error").overwrite_output().compile()
    return argv


def gain_db(bed: MusicBed) -> float:
    """Return the gain of the music: to the loudness of the request, but with no peak too high."""
    wanted = bed.loudness_lufs - bed.sound.loudness_lufs
    return round(min(wanted, HIGHEST_PEAK_DBTP - bed.sound.true_peak_dbtp), 2)


def _bed(path: Path, bed: MusicBed, length_s: Fraction) -> ffmpeg.Stream:
    """Return the music, exactly as long as the film."""
    samples = round(length_s * SAMPLE_RATE_HZ)
    fading = min(round(bed.fade_out_s * SAMPLE_RATE_HZ), samples // 2)
    music = (
        ffmpeg.input(file_url(path), f="flac", stream_loop=-1)
        .audio.filter("atrim", end_sample=samples)
        .filter("volume", f"{gain_db(bed)}dB")
    )
    if not fading:
        return music
    return music.filter("afade", type="out", start_sample=samples - fading, nb_samples=fading, curve="qsin")


def _mixed(own: ffmpeg.Stream, bed: ffmpeg.Stream) -> ffmpeg.Stream:
    """Return the film's own sound unchanged, with the music beside it."""
    return ffmpeg.filter([own, bed], "amix", inputs=2, duration="longest", normalize=0)
