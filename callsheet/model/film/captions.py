"""Captions: timed text as cues on a timeline, and as a WebVTT file.

Pure arithmetic and text.

Every text that is read with a film becomes cues here: the caption of a scene, or the words of a voice. A cue has at
most two lines that fit under a picture. A longer text becomes several cues, each as long as it takes to read.
"""

import re
import textwrap
from collections.abc import Sequence
from fractions import Fraction
from html import escape
from itertools import accumulate, pairwise

from callsheet.model.film.timeline import Timeline
from callsheet.model.values import Value

# Subtitling practice, e.g. of streaming services: more is too wide for a picture, or too much at a time.
LINE_CHARACTERS = 42
LINES = 2


class Cue(Value):
    """A text, and when it is shown. Times are in milliseconds, as WebVTT and MP4 keep them."""

    start_ms: int
    end_ms: int
    text: str
    """One or two lines."""


def scene_cues(timeline: Timeline, captions: Sequence[str]) -> tuple[Cue, ...]:
    """Return the cues of one caption a shot; an empty caption gives none.

    A cue lasts while its shot is seen: from the middle of one transition to the middle of the next.
    """
    rate = timeline.shots[0].clip.frame_rate
    ends = [
        round(Fraction(1000 * (2 * shot.start_frame + shot.overlap_frames), 2 * shot.clip.frame_rate))
        for shot in timeline.shots[1:]
    ]
    bounds = [0, *ends, round(Fraction(1000 * timeline.frames, rate))]
    return tuple(
        cue
        for caption, (start_ms, end_ms) in zip(captions, pairwise(bounds), strict=True)
        for cue in cues_between(caption, start_ms, end_ms)
    )


def cues_between(text: str, start_ms: int, end_ms: int) -> tuple[Cue, ...]:
    """Return the text as cues without gaps, each as long as its share of the characters.

    If a cue would be shorter than a millisecond, the whole text is one.
    """
    parts = _parts(text)
    if not parts or end_ms <= start_ms:
        return ()
    if end_ms - start_ms < len(parts):
        parts = [" ".join(parts)]
    read = list(accumulate((len(part) for part in parts), initial=0))
    spare_ms = end_ms - start_ms - len(parts)  # a millisecond for each, and the rest by what there is to read
    bounds = [start_ms + number + spare_ms * so_far // read[-1] for number, so_far in enumerate(read)]
    return tuple(
        Cue(start_ms=start, end_ms=end, text=part) for part, (start, end) in zip(parts, pairwise(bounds), strict=True)
    )


def webvtt(cues: Sequence[Cue]) -> str:
    """Return the cues as a WebVTT file."""
    blocks = [f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{escape(cue.text, quote=False)}\n" for cue in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def _parts(text: str) -> list[str]:
    """Return the text in pieces of at most two lines."""
    words = " ".join(_printable(text).split())
    lines = textwrap.wrap(words, LINE_CHARACTERS)
    pieces = [" ".join(lines[place : place + LINES]) for place in range(0, len(lines), LINES)]
    parts = []
    for piece in pieces:
        # As few lines as fit, and those as even as the words allow: no line has one word alone.
        fewest = textwrap.wrap(piece, LINE_CHARACTERS)
        widths = range(len(piece) // len(fewest), LINE_CHARACTERS)
        even = (lines for width in widths if len(lines := textwrap.wrap(piece, width)) == len(fewest))
        parts.append("\n".join(next(even, fewest)))
    return parts


def _printable(text: str) -> str:
    """Return the text without byte order marks and control characters, which break files."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", " ", text)


def _clock(time_ms: int) -> str:
    """Return hours, minutes, seconds and milliseconds: 00:01:02.345."""
    seconds, milliseconds = divmod(time_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"
