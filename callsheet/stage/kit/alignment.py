"""The alignment of the lines of a derivation: at their &, or at the first relation sign.

Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Tried in this order: what only looks like a relation (an arrow, a string, an escaped sign) is skipped.
_TOKEN = re.compile(
    r"""(?P<opening>\\?[(\[{]|\\[⟨⌊⌈])|(?P<closing>\\?[)\]}]|\\[⟩⌋⌉])"""
    r"""|(?P<over>"(?:\\.|[^"\\])*"|/\*\*/|\\\S|<?-+>|\|->|~>|<-|[A-Za-z]+(?:\.[A-Za-z]+)*)"""
    r"""|(?P<line_break>\\(?=\s|$))"""
    r"""|(?P<mark>&)|(?P<relation>:=|<=+>|=+>|<=|>=|!=|=|<|>|≤|≥|≈|≡|∼|≠|≅|≃|∝|⇒|⇔|⟹|⟺)"""
)
_RELATION_WORDS = {"approx", "equiv", "eq", "lt", "gt", "prop", "tilde", "arrow.r.double", "arrow.l.r.double"}
_STACKING = re.compile(r"[_^]\s*$")


def aligned_part(formula: str) -> str:
    """Return the end of `formula` whose left edge is aligned.

    That is what follows its first & or, without one, its first relation. The result is empty if there is neither, or if
    the formula has several lines.
    """
    marks = list(_outer_marks(formula))
    if any(kind == "line_break" for kind, _, _ in marks):
        return ""
    for wanted in ("mark", "relation"):
        for kind, start, end in marks:
            if kind == wanted:
                return formula[end if wanted == "mark" else start :].strip()
    return ""


def _outer_marks(formula: str) -> Iterator[tuple[str, int, int]]:
    """Yield alignment marks, relations and line breaks outside brackets: kind, start and end."""
    depth = 0
    for match in _TOKEN.finditer(formula):
        kind = match.lastgroup or ""
        if kind == "over" and match.group() in _RELATION_WORDS:
            kind = "relation"
        depth += (kind == "opening") - (kind == "closing")
        is_index = bool(_STACKING.search(formula[: match.start()]))  # a sub- or superscript, as in R^>
        if depth == 0 and kind in {"mark", "relation", "line_break"} and not is_index:
            yield kind, match.start(), match.end()
