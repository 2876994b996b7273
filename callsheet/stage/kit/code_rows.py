"""Code, set line by line.

Code is highlighted as a whole, then cut into rows that fit a column. Each row is a separate block, so that lines can be
placed one by one and pages turned.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, takewhile

import numpy as np

from callsheet.stage.kit.scale import BODY_SIZE
from callsheet.stage.kit.svg_outlines import GlyphOutline
from callsheet.stage.kit.theme import Palette
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.kit.typeset import Setting, TypeStyle, set_code

SIZES = tuple(BODY_SIZE * factor for factor in (1.0, 0.9, 0.8, 0.72, 0.64, 0.56))
"""Type sizes in units: from that of running text to 19 pixels at 720 lines."""
PAGED_SIZES = SIZES[2:]
"""Code that is longer than a page begins smaller, so that more of it stands together."""
_LARGE_SIZES = tuple(BODY_SIZE * factor for factor in (1.7, 1.5, 1.3, 1.15))
_FEW_LINES = 6
ADVANCE_EM = 0.6
"""Width of every letter of JetBrains Mono, in ems."""
_HANGING = 2
"""Letters by which the rows after a line's first are indented further."""
_SPACE_EM = 0.5
"""White between two letters that is wider than this, in ems, is a space."""

_THEME = """<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>name</key><string>Callsheet</string><key>settings</key><array>
<dict><key>settings</key><dict><key>foreground</key><string>{text}</string></dict></dict>
{rules}
</array></dict></plist>"""
_RULE = (
    "<dict><key>scope</key><string>{scope}</string>"
    "<key>settings</key><dict><key>foreground</key><string>{colour}</string></dict></dict>"
)


def sizes_for(lines: int) -> tuple[float, ...]:
    """Return the type sizes to try for so many lines, in units, the largest first: few lines may be large."""
    return (*_LARGE_SIZES, *SIZES) if lines <= _FEW_LINES else SIZES


def set_code_rows(
    code: str, language: str, style: TypeStyle, width: float, theme: str
) -> tuple[tuple[TypeBlock, ...], ...]:
    """Return, for each line of `code`, the rows that it takes in a column `width` units wide."""
    setting = set_code(code, language, style, theme)
    pitch = style.size * (1 + style.leading)
    lines = _by_line(setting, pitch, style.size, code.count("\n") + 1)
    return tuple(
        tuple(
            TypeBlock(row, style.size, words="" if place else written, role="code")
            for place, row in enumerate(_rows(outlines, style.size, width))
        )
        for outlines, written in zip(lines, code.split("\n"), strict=True)
    )


def syntax_theme(palette: Palette) -> str:
    """Return a TextMate theme in the colours of `palette`: four roles, so that code stays calm."""
    roles = {
        "comment, punctuation.definition.comment": palette.muted,
        "string, string.quoted.docstring": palette.good,
        "keyword, storage": palette.accent,
        "keyword.operator": palette.text,
        "keyword.operator.word, keyword.operator.logical.python": palette.accent,
        "constant, constant.numeric, constant.language, entity.name.tag": palette.series[1],
        "string.quoted.docstring, comment.block.documentation": palette.muted,
    }
    rules = "\n".join(_RULE.format(scope=scope, colour=colour) for scope, colour in roles.items())
    return _THEME.format(text=palette.text, rules=rules)


def _by_line(setting: Setting, pitch: float, size: float, count: int) -> list[list[GlyphOutline]]:
    """Return the outlines of each line, moved up to the first."""
    lines: list[list[GlyphOutline]] = [[] for _ in range(count)]
    for outline in setting.outlines:
        middle = -float(outline.points[:, 1].min() + outline.points[:, 1].max()) / 2
        line = min(count - 1, max(0, int((middle + (pitch - size) / 2) / pitch)))
        lines[line].append(_moved(outline, 0.0, line * pitch))
    return lines


def _rows(outlines: Sequence[GlyphOutline], size: float, width: float) -> list[Setting]:
    """Return one line cut into rows.

    The cut is at a space if there is one in the second half, else between letters, never in one.
    """
    left = sorted(outlines, key=_left)
    indent = min(width / 2, (_left(left[0]) if left else 0.0) + _HANGING * ADVANCE_EM * size)
    rows: list[Setting] = []
    offset = 0.0
    while left or not rows:
        count = _fitting(left, offset + width, size)
        rows.append(_setting([_moved(outline, -offset, 0.0) for outline in left[:count]], size))
        left = left[count:]
        offset = _left(left[0]) - indent if left else 0.0
    return rows


def _fitting(outlines: Sequence[GlyphOutline], edge: float, size: float) -> int:
    """Return how many of `outlines` stand left of `edge`, at least one.

    If some do not, count back to the last space.
    """
    rights = list(takewhile(lambda right: right <= edge, accumulate(map(_right, outlines), max)))
    if len(rights) < len(outlines):
        for place in range(len(rights), len(rights) // 2, -1):
            if _left(outlines[place]) - rights[place - 1] > _SPACE_EM * size:
                return place
    return max(1, len(rights))


def _setting(outlines: Sequence[GlyphOutline], size: float) -> Setting:
    right = max(map(_right, outlines), default=0.0)
    return Setting(max(right, 0.01), size, tuple(outlines))


def _left(outline: GlyphOutline) -> float:
    return float(outline.points[:, 0].min())


def _right(outline: GlyphOutline) -> float:
    return float(outline.points[:, 0].max())


def _moved(outline: GlyphOutline, right: float, up: float) -> GlyphOutline:
    return GlyphOutline(outline.key, outline.colour, outline.points + np.array([right, up]))
