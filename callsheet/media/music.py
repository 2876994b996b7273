"""Music that people give becomes a clean sound: 48 kHz, stereo, nothing beside it, and measured.

C libraries that were written for trusted files decode a sound, as they do a picture. So its first bytes say which of
five formats it is tried as, and no other. Nothing in the file can lead to other files or to addresses.
"""

import re
from pathlib import Path
from typing import TypedDict

import ffmpeg

from callsheet.errors import InvalidRequest
from callsheet.media.command import CommandFailed, file_url, run_command
from callsheet.media.loudness import SILENCE_LUFS, read_measurement, with_measurement
from callsheet.media.sound import SAMPLE_RATE_HZ

FORMATS = "MP3, M4A, WAV, FLAC or Ogg"
MAX_BYTES = 200_000_000
MAX_LENGTH_S = 3600
"""A longer sound is cut off: no video is longer."""
SHORTEST_S = 0.5
TIMEOUT_S = 300
MEDIA_TYPES = frozenset(
    f"audio/{name}"
    for name in ("mpeg", "mp3", "mp4", "x-m4a", "aac", "wav", "x-wav", "wave", "flac", "x-flac", "ogg", "vorbis")
) | {"application/ogg"}
# The beginning of a file, and the name of ffmpeg's reader. An ID3 tag may stand before a FLAC file; this is rare.
_BEGINNINGS = (
    (re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"), "mp3"),
    (re.compile(rb"....ftyp", re.DOTALL), "mov"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "wav"),
    (re.compile(rb"fLaC"), "flac"),
    (re.compile(rb"OggS"), "ogg"),
)


class Measured(TypedDict):
    """The measurements of a `Sound`, by EBU R128."""

    loudness_lufs: float
    true_peak_dbtp: float


def import_music(source: Path, path: Path, field: str) -> Measured:
    """Write the sound of `source` to `path` as FLAC.

    Raises InvalidRequest, about `field`, if there is no such file, or it is no sound of a known format, damaged, too
    large, too short or silent.
    """
    reader = reader_of(source, field)
    try:
        told = run_command(intake_argv(source, reader, path), TIMEOUT_S)
    except CommandFailed as error:
        raise InvalidRequest("it can't be read as a sound: the file is damaged, or has none", field) from error
    return checked(told, field)


def intake_argv(source: Path, reader: str, path: Path) -> list[str]:
    """Return the argv of ffmpeg for `import_music`.

    It prints its measurements so far every tenth of a second.
    """
    given = (
        ffmpeg.input(file_url(source), f=reader, protocol_whitelist="file", vn=None, t=MAX_LENGTH_S)["a:0"]
        .filter("aresample", SAMPLE_RATE_HZ)
        .filter("aformat", sample_fmts="flt", channel_layouts="stereo")
    )
    sound = with_measurement(given).filter("aformat", sample_fmts="s16", sample_rates=SAMPLE_RATE_HZ)
    output = ffmpeg.output(
        sound, file_url(path), acodec="flac", f="flac", map_metadata=-1, fflags="+bitexact", **{"flags:a": "+bitexact"}
    )
    argv: list[str] = output.global_args("-nostdin", "-v", "error").overwrite_output().compile()
    return argv


def reader_of(source: Path, field: str) -> str:
    """Return ffmpeg's reader for a sound, by its first bytes.

    Raises InvalidRequest, about `field`, for any other file.
    """
    try:
        with source.open("rb") as file:
            beginning = file.read(16)
    except OSError:
        sentence = f"there is no file “{source}”: give the path of a sound on the machine that makes the video"
        raise InvalidRequest(sentence, field) from None
    if source.stat().st_size > MAX_BYTES:
        raise InvalidRequest(f"it is larger than {MAX_BYTES // 1_000_000} MB: save it smaller", field)
    for pattern, reader in _BEGINNINGS:
        if pattern.match(beginning):
            return reader
    raise InvalidRequest(f"it is no {FORMATS}: save it as one of these", field)


def checked(told: str, field: str) -> Measured:
    """Return the measurements that ffmpeg printed last. Raises InvalidRequest, about `field`, for next to no sound."""
    found = read_measurement(told)
    if found is None or found.length_s < SHORTEST_S:
        raise InvalidRequest(f"it is shorter than {SHORTEST_S:g} seconds: give a longer one", field)
    if found.loudness_lufs <= SILENCE_LUFS:
        raise InvalidRequest("it is silent: give another one", field)
    return Measured(loudness_lufs=found.loudness_lufs, true_peak_dbtp=found.true_peak_dbtp)
