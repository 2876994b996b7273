"""Sound of voices: read from WAV files, trimmed, brought to a safe level, and written as WAV files."""

import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from callsheet.errors import MediaUnfit
from callsheet.speech.provider import Speech, SpokenWord

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAD_S, TAIL_S = 0.04, 0.08
"""Near silence that stays before and after a sentence, in seconds; the film adds its pauses."""
QUIET = 0.005
"""Share of the peak below which a sound is silence: -46 dB."""
SILENT_PEAK = 0.002
"""A sound whose peak is below this (-54 dBFS) is silence."""
HIGHEST_PEAK = 0.89
"""-1 dBFS."""
_FADE_S = 0.005
_WINDOW_S = 0.01
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_UNKNOWN_SIZES = (0, 0x7FFFFFFF, 0xFFFFFFFF)
"""What servers write that send before they know how long it is."""
_LONGEST_S = 600


class SoundTruncated(ValueError):
    """A WAV file ends before its sound does."""


def read_wav(content: bytes, what: str, longest_s: float = _LONGEST_S) -> Speech:
    """Return the sound of a WAV file: PCM of 16, 24 or 32 bits, or floats; channels become one.

    Raises:
        SoundTruncated: the file is shorter than it says.
        MediaUnfit: it is no such file, about `what`.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise MediaUnfit(what, "a WAV file", _kind_of(content))
    form: tuple[int, int, int, int] | None = None
    for name, body, size in _chunks(content):
        if name == b"fmt " and len(body) >= 16:
            kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
            if kind == _EXTENSIBLE and len(body) >= 26:
                kind = struct.unpack("<H", body[24:26])[0]
            form = (kind, channels, rate, bits)
        elif name == b"data" and form is not None:
            if size not in _UNKNOWN_SIZES and len(body) < size:
                raise SoundTruncated(f"{len(body)} of {size} bytes")
            return Speech(_samples(body, form, what, longest_s), form[2])
    raise MediaUnfit(what, "a WAV file with sound in it", "one without")


def write_wav(path: Path, speech: Speech) -> int:
    """Write the sound as a mono WAV file of 16 bits; return its number of samples."""
    whole = np.clip(np.rint(speech.samples * 32767), -32768, 32767).astype("<i2").tobytes()
    rate = speech.sample_rate_hz
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, _PCM, 1, rate, 2 * rate, 2, 16)
    header = struct.pack("<4sI4s", b"RIFF", 36 + len(whole), b"WAVE") + form + struct.pack("<4sI", b"data", len(whole))
    path.write_bytes(header + whole)
    return len(whole) // 2


def finished(speech: Speech, what: str) -> Speech:
    """Return the sound without the silence at its ends, no peak above -1 dBFS, faded in and out within 5 ms.

    Raises MediaUnfit, about `what`, if it is silent.
    """
    rate = speech.sample_rate_hz
    level = np.abs(speech.samples)
    peak = float(level.max(initial=0.0))
    if not np.isfinite(peak) or peak < SILENT_PEAK:
        raise MediaUnfit(what, "speech", "silence")
    loud = np.flatnonzero(level > QUIET * peak)
    first = max(0, int(loud[0]) - round(LEAD_S * rate))
    last = min(len(level), int(loud[-1]) + 1 + round(TAIL_S * rate))
    samples = speech.samples[first:last] * np.float32(min(1.0, HIGHEST_PEAK / peak))
    fade = min(round(_FADE_S * rate), len(samples) // 2)
    ramp = np.linspace(0, 1, fade, endpoint=False, dtype=np.float32)
    samples[:fade] *= ramp
    samples[len(samples) - fade :] *= ramp[::-1]
    return replace(speech, samples=samples, words=shifted(speech.words, -first / rate))


def loud_span_s(speech: Speech) -> tuple[float, float]:
    """Return when the sound begins and ends to be heard."""
    level = np.abs(speech.samples)
    loud = np.flatnonzero(level > QUIET * float(level.max(initial=0.0)))
    if not len(loud):
        return 0.0, len(level) / speech.sample_rate_hz
    return int(loud[0]) / speech.sample_rate_hz, (int(loud[-1]) + 1) / speech.sample_rate_hz


def silence(length_s: float, sample_rate_hz: int) -> "NDArray[np.float32]":
    """Return silent samples."""
    return np.zeros(round(length_s * sample_rate_hz), dtype=np.float32)


def shifted(words: tuple[SpokenWord, ...], by_s: float) -> tuple[SpokenWord, ...]:
    """Return the words later by `by_s`, none before 0."""
    return tuple(
        replace(word, start_s=max(0.0, word.start_s + by_s), end_s=max(0.0, word.end_s + by_s)) for word in words
    )


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Return name, content and size of each chunk, the size as the file says it."""
    place = 12
    while place + 8 <= len(content):
        name, size = struct.unpack("<4sI", content[place : place + 8])
        end = len(content) if name == b"data" and size in _UNKNOWN_SIZES else place + 8 + size
        yield name, content[place + 8 : end], size
        place = end + size % 2


def _samples(body: bytes, form: tuple[int, int, int, int], what: str, longest_s: float) -> "NDArray[np.float32]":
    kind, channels, rate, bits = form
    if not 1 <= channels <= 8 or not 8_000 <= rate <= 192_000:
        raise MediaUnfit(what, "sound of 8 to 192 kHz", f"{channels} channels of {rate} Hz")
    width = bits // 8
    whole = len(body) // (width * channels or 1) * width * channels if width else 0
    if whole > width * channels * rate * longest_s:
        raise MediaUnfit(what, f"at most {longest_s:g} s of sound", "more")
    body = body[:whole]
    if (kind, bits) == (_FLOAT, 32):
        numbers = np.nan_to_num(np.frombuffer(body, "<f4"))
    elif (kind, bits) == (_PCM, 16):
        numbers = np.frombuffer(body, "<i2") / np.float32(1 << 15)
    elif (kind, bits) == (_PCM, 24):
        parts = np.frombuffer(body, np.uint8).reshape(-1, 3).astype(np.int32)
        numbers = ((parts[:, 0] << 8 | parts[:, 1] << 16 | parts[:, 2] << 24) >> 8) / np.float32(1 << 23)
    elif (kind, bits) == (_PCM, 32):
        numbers = np.frombuffer(body, "<i4") / np.float32(1 << 31)
    else:
        raise MediaUnfit(what, "PCM of 16, 24 or 32 bits", f"{bits} bits of kind {kind}")
    mono: NDArray[np.float32] = numbers.reshape(-1, channels).mean(axis=1).astype(np.float32)
    return mono


def _kind_of(content: bytes) -> str:
    """Return what a file is by its first bytes."""
    known = {b"ID3": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC", b"<": "a web page", b"{": "JSON"}
    if not content:
        return "nothing"
    if content[0] == 0xFF and content[1:2] and content[1] & 0xE0 == 0xE0:
        return "MP3"
    return next((kind for mark, kind in known.items() if content.lstrip().startswith(mark)), "something else")
