"""Music by mood: pieces that come with a package, each made into a loop without a seam.

A piece is cut after whole bars, by the tempo in the package's list. What follows the cut is faded into its beginning.
So the end of the loop leads into its start. The pieces have 48 kHz.
"""

import re
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path

import av
import ffmpeg

from callsheet.errors import SetupIncomplete
from callsheet.media.command import file_url, run_command
from callsheet.media.loudness import with_measurement
from callsheet.media.music import TIMEOUT_S, Measured, checked
from callsheet.media.sound import SAMPLE_RATE_HZ

PACKAGE = "immich-memories-music"
BEATS_A_BAR = 4
LONGEST_SEAM_S = 2.0
_LISTED = re.compile(r"^\s+(?P<name>\S+\.opus)\s+(?P<tempo>\d+) bpm", re.MULTILINE)


def import_mood(mood: str, path: Path) -> tuple[Measured, str]:
    """Write a piece of the mood as a loop to `path`, FLAC; return its measurements, and who composed it.

    Raises SetupIncomplete if the package is missing.
    """
    try:
        folder = Path(str(import_module(PACKAGE.replace("-", "_")).__file__)).parent / "tracks" / mood
        listed = distribution(PACKAGE).read_text("licenses/LICENSE-MUSIC") or ""
    except ImportError:
        raise SetupIncomplete(f"The package {PACKAGE} is missing; `make setup` installs it.", PACKAGE) from None
    pieces = [(folder / name, int(tempo)) for name, tempo in _LISTED.findall(listed) if (folder / name).is_file()]
    piece, tempo = pieces[0]
    told = run_command(loop_argv(piece, *loop_samples(_samples(piece), tempo), path), TIMEOUT_S)
    return checked(told, "music.file"), f"“{piece.stem}” of {PACKAGE}, composed by a machine (ACE-Step), MIT licence"


def loop_samples(samples: int, tempo: int) -> tuple[int, int]:
    """Return the length of a loop and of its seam: the most whole bars that leave room for the seam."""
    bar = BEATS_A_BAR * 60 * SAMPLE_RATE_HZ / tempo
    seam = round(min(bar / 2, LONGEST_SEAM_S * SAMPLE_RATE_HZ))
    return round((samples - seam) // bar * bar), seam


def loop_argv(piece: Path, loop: int, seam: int, path: Path) -> list[str]:
    """Return the argv of ffmpeg that writes the loop: what follows its end, faded into its beginning."""

    def part(start: int, end: int) -> ffmpeg.Stream:
        sound = ffmpeg.input(file_url(piece), f="ogg")["a:0"].filter("atrim", start_sample=start, end_sample=end)
        return sound.filter("asetpts", "PTS-STARTPTS").filter("aformat", sample_fmts="flt", channel_layouts="stereo")

    parts = [part(loop, loop + seam), part(0, loop)]
    joined = ffmpeg.filter(parts, "acrossfade", nb_samples=seam, curve1="qsin", curve2="qsin")
    sound = with_measurement(joined).filter("aformat", sample_fmts="s16", sample_rates=SAMPLE_RATE_HZ)
    output = ffmpeg.output(sound, file_url(path), acodec="flac", f="flac", map_metadata=-1)
    argv: list[str] = output.global_args("-nostdin", "-v", "error").overwrite_output().compile()
    return argv


def _samples(piece: Path) -> int:
    with av.open(file_url(piece), format="ogg") as container:
        return int((container.duration or 0) * SAMPLE_RATE_HZ // av.time_base)
