"""Text with mathematics and code inside, cut into runs. Only here, $ and ` have a meaning."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

# As in Pandoc: an opening $ has no space after it, a closing $ no space before it and no digit after it, so that
# “from $5 to $10” stays as it is. $$…$$ is read alike. A backslash before $ or ` makes it an ordinary character.
_INLINE = re.compile(
    r"\\([$`])|(\$\$?)(?=\S)((?:\\\$|[^$\n])+?)(?<=\S)\2(?!\d)|`([^`\n]+)`",
)


class TextRunKind(StrEnum):
    """The kinds of runs."""

    TEXT = "text"
    MATH = "math"
    CODE = "code"


@dataclass(frozen=True)
class TextRun:
    """A stretch of text of one kind."""

    kind: TextRunKind
    text: str


Runs = tuple[TextRun, ...]


def parse_inline(text: str) -> Runs:
    """Return `text` as runs: $…$ is mathematics, `…` is code, the rest is text."""
    runs: list[TextRun] = []
    end = 0
    for match in _INLINE.finditer(text):
        _append_text(runs, text[end : match.start()])
        escaped, _, formula, code = match.groups()
        if escaped:
            _append_text(runs, escaped)
        else:
            runs.append(TextRun(TextRunKind.MATH, formula) if formula is not None else TextRun(TextRunKind.CODE, code))
        end = match.end()
    _append_text(runs, text[end:])
    return tuple(runs)


def plain(text: str) -> Runs:
    """Return `text` unchanged, as one run."""
    return (TextRun(TextRunKind.TEXT, text),)


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter with a direction is of a right-to-left script.

    The rule is P2 of UAX #9.
    """
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _append_text(runs: list[TextRun], text: str) -> None:
    if not text:
        return
    if runs and runs[-1].kind is TextRunKind.TEXT:
        runs[-1] = TextRun(TextRunKind.TEXT, runs[-1].text + text)
    else:
        runs.append(TextRun(TextRunKind.TEXT, text))
