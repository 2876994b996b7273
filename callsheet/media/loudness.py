"""How loud a sound is, by EBU R128: integrated loudness and true peak, as ffmpeg measures them."""

import math
import re
from pathlib import Path
from typing import NamedTuple

import ffmpeg

from callsheet.media.command import file_url, run_command

SILENCE_LUFS = -69.0
"""The level at which EBU R128 stops to measure."""
_LEAST_PEAK = 0.001
"""A thousandth of full scale; ffmpeg rounds a lower peak to 0."""
_MEASURED = re.compile(r"lavfi\.r128\.(I|true_peak)=(\S+)|(pts_time):(\S+)")


class Loudness(NamedTuple):
    """What was measured of a sound."""

    loudness_lufs: float
    true_peak_dbtp: float
    length_s: float
    """To a tenth of a second."""


def with_measurement(sound: ffmpeg.Stream) -> ffmpeg.Stream:
    """Return the sound unchanged; ffmpeg prints its measurements so far every tenth of a second."""
    return sound.filter("ebur128", metadata=1, peak="true").filter("ametadata", mode="print", file="-")


def read_measurement(told: str) -> Loudness | None:
    """Return the measurements that were printed last; None for a sound that is too short for any."""
    found = {name or "begins": float(value or time) for name, value, _, time in _MEASURED.findall(told)}
    if "I" not in found:
        return None
    peak_dbtp = 20 * math.log10(max(found["true_peak"], _LEAST_PEAK))
    return Loudness(found["I"], round(peak_dbtp, 2), found.get("begins", 0.0))


def measure(path: Path, reader: str, timeout_s: float) -> Loudness | None:
    """Return the loudness of the sound in a file that ffmpeg reads as `reader`; None if it is too short.

    Raises CommandFailed if ffmpeg can't read it.
    """
    sound = with_measurement(ffmpeg.input(file_url(path), f=reader)["a:0"])
    output = ffmpeg.output(sound, "-", f="null").global_args("-nostdin", "-v", "error")
    return read_measurement(run_command(output.compile(), timeout_s))
