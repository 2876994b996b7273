"""Captions that are a part of the picture: how they look, and the file that draws them (Advanced SubStation Alpha).

Pure text. libass sets the words: it finds a typeface for each script, and writes from right to left where the script
does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from callsheet.model.film.caption_breaks import USUAL_RULES, caption_rules

if TYPE_CHECKING:  # commands import the styles
    from callsheet.model.film.captions import Cue
    from callsheet.model.film.profile import RenderProfile


class CaptionStyle(StrEnum):
    """How captions look that are a part of the picture."""

    PLAIN = "plain"
    BOXED = "boxed"
    ACTIVE_WORD = "active-word"


FONT = "Noto Sans"
LARGEST_SHARE = 1 / 15
"""Of the picture's height: two lines take an eighth of it, as subtitles on television do."""
WIDEST_SHARE = 0.86
"""Of the picture's width, which a full line takes."""
MARGIN_SHARE = 0.05
_USUAL_WIDTH, _DENSE_WIDTH = 0.42, 0.75
"""Width of a letter with the space beside it, as a share of the size that libass is given, measured in Noto Sans."""
# Colours are alpha (0 is opaque), blue, green, red.
_WHITE, _INK, _BOX, _ACTIVE = "&H00FFFFFF", "&H00101010", "&H38101010", "&H0035D6FF"
_ONE_BOX = 4
"""libass: one box behind all lines of a caption. Style 1 is an outline and a shadow."""
_STYLES = {
    CaptionStyle.PLAIN: (_INK, 1, 0.09, 0.02),
    CaptionStyle.BOXED: (_BOX, _ONE_BOX, 0.0, 0.28),
    CaptionStyle.ACTIVE_WORD: (_INK, 1, 0.09, 0.02),
}
"""Colour behind the letters, kind of border, and outline and shadow (of a box: its padding) as shares of the size."""
_PLAIN = str.maketrans("{}\\", "｛｝＼")
"""The format takes these for commands; the others look alike."""


def ass(cues: Sequence[Cue], style: CaptionStyle, profile: RenderProfile, language: str = "") -> str:
    """Return the file that draws cues in this style into a picture of this profile.

    In the style `active-word` the word that is heard has another colour. A cue without times of its words is plain.
    """
    size = letter_size(cues, profile, language)
    back, border, outline, shadow = _STYLES[style]
    margin = round(profile.height * MARGIN_SHARE)
    head = [
        "[Script Info]",
        "ScriptType: v4.00+",
        f"PlayResX: {profile.width}",
        f"PlayResY: {profile.height}",
        "WrapStyle: 2",
        "ScaledBorderAndShadow: yes",
        "YCbCr Matrix: None",
        "",
        "[V4+ Styles]",
        "Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, "
        "Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
        f"Style: Default,{FONT},{size},{_WHITE},{back},{back},-1,{border},{outline * size:.1f},{shadow * size:.1f},"
        f"2,{margin},{margin},{margin},-1",
        "",
        "[Events]",
        "Format: Start, End, Style, Text",
    ]
    drawn = _active_words if style is CaptionStyle.ACTIVE_WORD else _whole
    events = [
        f"Dialogue: {_clock(start)},{_clock(end)},Default,{text}" for cue in cues for start, end, text in drawn(cue)
    ]
    return "\n".join([*head, *events, ""])


def letter_size(cues: Sequence[Cue], profile: RenderProfile, language: str = "") -> int:
    """Return the size of the letters in pixels, at which a full line of this script fits into the picture."""
    rules = caption_rules(" ".join(cue.text for cue in cues), language)
    width = _USUAL_WIDTH if rules == USUAL_RULES else _DENSE_WIDTH
    fits = profile.width * WIDEST_SHARE / (rules.line_characters * width)
    return round(min(fits, profile.height * LARGEST_SHARE))


def _whole(cue: Cue) -> Iterator[tuple[int, int, str]]:
    yield cue.start_ms, cue.end_ms, _plain(cue.text)


def _active_words(cue: Cue) -> Iterator[tuple[int, int, str]]:
    """Yield the cue once for each of its words, which is active until the next one begins."""
    if not cue.words:
        yield from _whole(cue)
        return
    begins = [min(max(round(word.start_s * 1000), cue.start_ms), cue.end_ms) for word in cue.words]
    for word, (start, end) in zip(cue.words, pairwise((cue.start_ms, *begins[1:], cue.end_ms)), strict=True):
        if end > start:
            before, active, after = (
                _plain(part)
                for part in (
                    cue.text[: word.begins_at],
                    cue.text[word.begins_at : word.ends_at],
                    cue.text[word.ends_at :],
                )
            )
            yield start, end, f"{before}{{\\c{_ACTIVE}&}}{active}{{\\c{_WHITE}&}}{after}"


def _plain(text: str) -> str:
    return text.translate(_PLAIN).replace("\n", "\\N")


def _clock(time_ms: int) -> str:
    """Return a time in hundredths of a second, cut off: then the frame of that time is the first one."""
    seconds, milliseconds = divmod(time_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds // 10:02}"
