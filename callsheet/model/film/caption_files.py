"""Cues as the files that players and editors read: WebVTT and SubRip."""

from collections.abc import Sequence
from html import escape

from callsheet.model.film.captions import Cue
from callsheet.model.film.media import StoredObject
from callsheet.model.values import Value


class CaptionFiles(Value):
    """The captions of a film, stored for players and for editors."""

    webvtt: StoredObject
    subrip: StoredObject


def webvtt(cues: Sequence[Cue]) -> str:
    """Return the cues as a WebVTT file."""
    blocks = [f"{_clock(cue, '.')}\n{escape(cue.text, quote=False)}\n" for cue in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def subrip(cues: Sequence[Cue]) -> str:
    """Return the cues as a SubRip file (SRT): UTF-8, numbered from 1.

    The format has no escapes. Signs that players take for styling become signs that look alike.
    """
    plain = str.maketrans("<>{}\\", "‹›｛｝＼")
    blocks = [f"{number}\n{_clock(cue, ',')}\n{cue.text.translate(plain)}\n" for number, cue in enumerate(cues, 1)]
    return "\n".join(blocks)


def _clock(cue: Cue, point: str) -> str:
    """Return start and end in hours, minutes, seconds and milliseconds: 00:01:02.345 --> 00:01:04.000."""
    times = []
    for time_ms in (cue.start_ms, cue.end_ms):
        seconds, milliseconds = divmod(time_ms, 1000)
        times.append(f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{milliseconds:03}")
    return " --> ".join(times)
