"""Code and JSON in the answers of language models, whatever they wrap them in."""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator

# A fence may be indented (inside a list), be made of ~, and lack its end where the answer stops early.
_BLOCK = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w+-]*)[^\n]*\n(?P<body>.*?)(?:^[ \t]*(?P=fence)[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_FENCE_LINE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*$", re.MULTILINE)
_SCENE_CLASS = re.compile(r"^class\s+\w+\s*\(.*Scene.*\)\s*:", re.MULTILINE)
_MANIM_IMPORT = re.compile(r"^(?:from\s+manim\b|import\s+manim\b)", re.MULTILINE)
_CODE_START = re.compile(r"^(?:from\s+\w[\w.]*\s+import\b|import\s+\w|class\s+\w+\s*[(:]|@\w)", re.MULTILINE)
_PROSE_LINE = re.compile(r"(?=\S+ )[A-Z*#-][^=(\[]*")
_PYTHON = ("python", "py", "python3")
_CODE_KEYS = ("code", "source", "python")


def scene_source(answer: str) -> str | None:
    """The Python source of the scene in `answer`, or None where there is none.

    Of several pieces, one that parses and holds a Scene class wins, then one that at least looks like it, then any
    Python; among equals one that imports Manim, and then the last: models draft first and end with the whole.
    Code with mistakes is found all the same, as it is: saying what is wrong with it is validation's part.
    """
    pieces = list(_pieces(answer.replace("\r\n", "\n")))
    ranked = [(_rank(piece, fenced_as), position, piece) for position, (fenced_as, piece) in enumerate(pieces)]
    best = max(ranked, default=None)
    return best[2].strip("\n") + "\n" if best and best[0][0] else None


def json_object(answer: str) -> dict[str, object] | None:
    """The JSON object in `answer`: the whole of it, a fenced block, or what stands between the outermost braces."""
    blocks = [match["body"] for match in _BLOCK.finditer(answer)]
    braces = answer[answer.find("{") : answer.rfind("}") + 1]
    for text in (answer, *reversed(blocks), braces):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return None


def _pieces(answer: str) -> Iterator[tuple[str, str]]:
    """Whatever may be code, with the language that its fence names; `json` and none for what has no fence."""
    blocks = list(_BLOCK.finditer(answer))
    if not blocks:
        yield "", _without_prose(answer)
    if len(blocks) > 1:
        # A fence inside a string of the code ends its block too early: all of it, to the last fence, may be one piece.
        last_fence = list(_FENCE_LINE.finditer(answer))[-1]
        yield "", _dedented(answer[blocks[0].start("body") : last_fence.start()])
    for block in blocks:
        yield block["language"].lower() or "python", _dedented(block["body"])
    wrapped = json_object(answer)
    for key in _CODE_KEYS if wrapped else ():
        code = wrapped.get(key) if wrapped else None
        if isinstance(code, str):
            yield "json", code


def _rank(piece: str, fenced_as: str) -> tuple[int, bool]:
    """How much a piece looks like a scene, 0 for not at all; and whether it imports Manim."""
    imports = bool(_MANIM_IMPORT.search(piece))
    if _has_scene_class(piece):
        return 3, imports
    # Broken code is taken from a fence or from JSON; without one, an answer about code would pass for code.
    if _SCENE_CLASS.search(piece) and (fenced_as or imports):
        return 2, imports
    return (1 if fenced_as in _PYTHON and _CODE_START.search(piece) else 0), imports


def _has_scene_class(piece: str) -> bool:
    try:
        tree = ast.parse(piece)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return any("Scene" in ast.unparse(base) for each in classes for base in each.bases)


def _without_prose(answer: str) -> str:
    """Code that stands in the answer without a fence, from its first line to the last that is no sentence."""
    start = _CODE_START.search(answer)
    if start is None:
        return ""
    lines = answer[start.start() :].rstrip().split("\n")
    while lines and (not lines[-1].strip() or _PROSE_LINE.fullmatch(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def _dedented(body: str) -> str:
    return textwrap.dedent(body.expandtabs(4) if body.startswith("\t") else body)
