"""Code and JSON in the answers of language models, in any wrapping.

The module first looks at an answer as it is, and then removes one more kind of wrapping each time. The first look that
shows a whole scene decides. Code with mistakes is found as it is: validation reports the mistakes, and `fixes` fixes
those that need no question.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Callable, Iterator
from html import unescape
from itertools import pairwise
from typing import NamedTuple

# A fence may be indented (inside a list), be made of ~, and lack its end if the answer stops early.
_BLOCK = re.compile(
    r"^[ \t]*+(?P<fence>`{3,}+|~{3,}+)[ \t]*+(?P<language>[\w+-]*+)[^\n]*+\n(?P<body>.*?)"
    r"(?:^[ \t]*+(?P=fence)[ \t]*+$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_FENCE_LINE = re.compile(r"^[ \t]*+(?:`{3,}+|~{3,}+)[ \t]*+$", re.MULTILINE)
_ANY_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,}).*$", re.MULTILINE)
_FENCES_AT_MOST = 40
_SCENE_CLASS = re.compile(r"^class\s+\w+\s*\((?=.*Scene).*\)\s*:", re.MULTILINE)
_USE = re.compile(r"_*(?i:demo|example|usage|use|test|try|preview|minimal|main|run)(?![a-z])")
_MANIM_IMPORT = re.compile(r"^(?:from\s+manim\b|import\s+manim\b)", re.MULTILINE)
_CODE_START = re.compile(r"^(?:from\s+\w[\w.]*\s+import\b|import\s+\w|class\s+\w+\s*[(:]|@\w)", re.MULTILINE)
_FUNCTION = re.compile(r"^(?:async\s+)?def\s+\w+\s*\(|^[ \t]*self\.(?:play|add|wait)\(", re.MULTILINE)
_PROSE_LINE = re.compile(r"(?=\S+ )[A-Z*#-][^=(\[]*")
_PYTHON = ("python", "py", "python3", "json")
_DEPTH = 4
_LONG_CHARACTERS = 1_000_000
"""Longer answers are taken as they are: they hold no scene, and each look takes its time."""
_TAG = re.compile(
    r"(?<![ \t])[ \t]*+</?(?:code|python|answer|pre|file|scene|artifact|output|script|result)\b[^<>\n]*>[ \t]*+",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?<![ \t])[ \t]*+<\|\w{1,40}\|>[ \t]*+")
"""A token of a model's own format, such as <|begin_of_box|>, that its server has left in the words."""
_QUOTE_FENCE = re.compile(r"^[ \t]*+'''[ \t]*+(\w*+)[ \t]*+$", re.MULTILINE)
_FENCE_IN_LINE = re.compile(r"(?<=[^\s`])[ \t]*+(`{3,}+[ \t]*+\w*+[ \t]*+)$", re.MULTILINE)
_CODE_ON_FENCE_LINE = re.compile(
    r"^([ \t]*+`{3,}+)[ \t]*+(?:(\w++)[ \t]++)?(?<=[ \t])((?:from|import|class|def|@)\b[^`\n]*)$", re.MULTILINE
)
_LINE_NUMBER = re.compile(r"^[ \t]*\d+[ \t]*[|:.)│]?(?:[ \t]|$)")
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.)(?: |$)")
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200e\u200f\u2060\ufeff\u00ad]")
_LINE_ENDS = re.compile(r"\r\n?")
_DOUBLED = re.compile(r"^[ \t]*+`{3,}+[ \t]*+\w*+[ \t]*+\n(?=[ \t]*+`{3,}+[ \t]*+\w*+[ \t]*+\n)", re.MULTILINE)


class _Piece(NamedTuple):
    """A text that may be code: how much it looks like a scene, and where it stood."""

    rank: int
    """3 for a scene that parses, 2 for a text that looks like one, 1 for any Python, 0 for everything else."""
    is_its_own: bool
    """Whether it is more than a use or a test of a scene that stands before it."""
    imports: bool
    position: int
    source: str


def scene_source(answer: str) -> str | None:
    """Return the Python source of the scene in `answer`, or None if there is none.

    Of several pieces, one that parses and holds a Scene class wins, then one that at least looks like it, then any
    Python. A use or a test of a scene loses to the scene. Among equals one that imports Manim wins, and then the last:
    models draft first and end with the whole.
    """
    best = _best(answer, _DEPTH)
    return best.source.strip("\n") + "\n" if best and best.rank else None


def code_pieces(answer: str) -> Iterator[str]:
    """Yield every text in `answer` that may be a part of a file, unchanged, blocks first.

    The answer itself comes last.
    """
    text = _with_fences_on_lines(_with_plain_line_ends(answer))
    for part in (text, *_strings(text)):
        yield from (block["body"] for block in _BLOCK.finditer(part))
    yield from _strings(text)
    yield text


def json_object(answer: str, field: str = "") -> dict[str, object] | None:
    """Return the JSON object in `answer`.

    It is the whole answer, a fenced block, or the text between the outermost braces.

    Of several one with this field wins, wherever it stands; among equals the last block.
    """
    first: dict[str, object] | None = None
    for text in _looks(answer):
        blocks = [match["body"] for match in _BLOCK.finditer(text)]
        braces = text[text.find("{") : text.rfind("}") + 1]
        for part in (text, *reversed(blocks), braces):
            found = _json(part)
            if isinstance(found, list) and len(found) == 1:
                found = found[0]
            if not isinstance(found, dict):
                continue
            if not field or field in found:
                return found
            first = first or found
    return first


def _best(answer: str, depth: int) -> _Piece | None:
    best: _Piece | None = None
    for text in _looks(_with_plain_line_ends(answer)):
        found = max(_ranked(text, depth), key=lambda piece: piece[:4], default=None)
        if found and (best is None or found[:3] > best[:3]):
            best = found
        if best and best[:3] == (3, True, True):
            break
    return best


def _looks(answer: str) -> Iterator[str]:
    """Yield the answer as it is, and then with more and more removed that surrounds code."""
    yield answer
    if len(answer) > _LONG_CHARACTERS:
        return
    seen = {answer}
    for change in _CHANGES:
        answer = change(answer)
        if answer not in seen:
            seen.add(answer)
            yield answer


def _ranked(text: str, depth: int) -> Iterator[_Piece]:
    scenes: set[str] = set()
    for position, (fenced_as, piece) in enumerate(_pieces(text)):
        rank, imports = _rank(piece, fenced_as)
        yield _Piece(rank, not _is_use(piece, scenes), imports, position, piece)
        scenes |= {each.name for each in _scene_classes(piece)}
    if not depth:
        return
    inner = [block["body"] for block in _BLOCK.finditer(text) if "```" in block["body"] or "~~~" in block["body"]]
    for part in (*inner, *_strings(text)):
        best = _best(part, depth - 1)
        if best:
            # A string of JSON is code as a whole, so a fence in it need not be looked for.
            yield best._replace(position=-1)


def _pieces(answer: str) -> Iterator[tuple[str, str]]:
    """Yield every text that may be code, with the language of its fence.

    The language is empty without a fence.
    """
    blocks = list(_BLOCK.finditer(answer))
    if not blocks:
        yield "", _without_prose(answer)
    if len(blocks) > 1:
        # A fence inside a string of the code ends its block too early: the text up to the last fence may be one piece.
        last_fence = list(_FENCE_LINE.finditer(answer))[-1:]
        if last_fence:
            yield "", _dedented(answer[blocks[0].start("body") : last_fence[0].start()])
        # A fence without a language may begin where another seems to end.
        lines = list(_ANY_FENCE.finditer(answer))[:_FENCES_AT_MOST]
        for begin, end in pairwise(lines):
            yield "python", _without_prose(answer[begin.end() : end.start()])
    bodies = [_dedented(block["body"]) for block in blocks]
    statements = [(body, tree.body if (tree := parsed(body)) else []) for body in bodies]
    are_imports = ast.Import | ast.ImportFrom
    imports = [body for body, done in statements if done and all(isinstance(each, are_imports) for each in done)]
    for block, body in zip(blocks, bodies, strict=True):
        fenced_as = block["language"].lower() or "python"
        if parsed(body) is None:
            yield fenced_as, _without_prose(body)
        if imports and not _MANIM_IMPORT.search(body):
            yield fenced_as, "\n".join([*imports, body])
        yield fenced_as, body


def _strings(text: str) -> Iterator[str]:
    """Yield the strings of a JSON value in the answer that may hold code, the longest first."""
    for part in (text, *(block["body"] for block in _BLOCK.finditer(text)), text[text.find("{") : text.rfind("}") + 1]):
        found = _json(part)
        if isinstance(found, dict | list | str):
            texts = [each for each in _texts(found, _DEPTH) if "import" in each or "self." in each or "class " in each]
            yield from sorted(texts, key=len, reverse=True)[:5]
            return


def _texts(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each, depth - 1)


def _json(text: str) -> object:
    if not text.lstrip().startswith(("{", "[", '"')):
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _rank(piece: str, fenced_as: str) -> tuple[int, bool]:
    """Return how much a piece looks like a scene, and whether it imports Manim.

    The first value is 0 for no likeness at all.
    """
    imports = bool(_MANIM_IMPORT.search(piece))
    if _scene_classes(piece):
        return 3, imports
    # Broken code is taken only from a fence or from JSON. Otherwise an answer about code would pass for code.
    if _SCENE_CLASS.search(piece) and (fenced_as or imports):
        return 2, imports
    return (1 if fenced_as in _PYTHON and (_CODE_START.search(piece) or _FUNCTION.search(piece)) else 0), imports


def _scene_classes(piece: str) -> list[ast.ClassDef]:
    tree = parsed(piece)
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef)) if tree else ()
    return [each for each in classes if any("Scene" in ast.unparse(base) for base in each.bases)]


def _is_use(piece: str, scenes: set[str]) -> bool:
    """Return whether a piece only shows or tests earlier code.

    The names of its scenes decide, or those that it uses.
    """
    own = _scene_classes(piece)
    if not scenes or not own:
        return False
    tree = parsed(piece)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} if tree else set()
    uses_another = bool(names & (scenes - {each.name for each in own}))
    return uses_another or all(_USE.match(each.name) for each in own)


def parsed(source: str) -> ast.Module | None:
    """Return the syntax of Python source; None if it is none."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_prose(answer: str) -> str:
    """Return code without a fence, from its first line to the last that is no sentence."""
    start = _CODE_START.search(answer)
    if start is None:
        return ""
    lines = answer[start.start() :].rstrip().split("\n")
    while lines and (not lines[-1].strip() or _PROSE_LINE.fullmatch(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def _dedented(body: str) -> str:
    return textwrap.dedent(body.expandtabs(4) if body.startswith("\t") else body)


def _with_plain_line_ends(text: str) -> str:
    """Return text with our line ends, and no code in the line that opens a fence.

    Such code would pass for the name of a language.
    """
    return _CODE_ON_FENCE_LINE.sub(r"\1\2\n\3", _LINE_ENDS.sub("\n", text))


def _without_invisible(text: str) -> str:
    return _ZERO_WIDTH.sub("", text)


def _with_fences_on_lines(text: str) -> str:
    """Put fences of other kinds, and those within a line, on separate lines."""
    text = _QUOTE_FENCE.sub(r"```\1", text)
    return _FENCE_IN_LINE.sub(r"\n\1", text)


def _with_tags_as_fences(text: str) -> str:
    text = _MARK.sub("\n", text)
    if not _TAG.search(text):
        return text
    if _FENCE_LINE.search(text):
        return _TAG.sub("\n", text)
    return _TAG.sub(lambda tag: "\n```\n" if tag[0].strip().startswith("</") else "\n```python\n", text)


def _without_doubled_fences(text: str) -> str:
    return _DOUBLED.sub("", text)


def _without_stray_fences(text: str) -> str:
    """Return the code up to a fence that has no beginning."""
    fence = _FENCE_LINE.search(text)
    return text[: fence.start()] if fence and _CODE_START.search(text[: fence.start()]) else text


def _with_real_line_ends(text: str) -> str:
    r"""Return code whose line ends came as \n, two characters, with real ones."""
    return (
        text.replace("\\n", "\n").replace('\\"', '"').replace("\\t", "    ")
        if text.count("\\n") > text.count("\n")
        else text
    )


def _without_marks(text: str) -> str:
    """Return code without the numbers of its lines, or the prompts of a console."""
    lines = text.split("\n")
    for mark in (_LINE_NUMBER, _PROMPT):
        marked = [line for line in lines if mark.match(line)]
        if len(marked) > 0.6 * len([line for line in lines if line.strip()]):
            lines = [mark.sub("", line, count=1) if mark.match(line) else line for line in lines]
    return "\n".join(lines)


def _at_the_margin(text: str) -> str:
    """Return code that is indented as a whole, from its first line on, without that indentation."""
    start = re.search(r"^([ \t]+)(?=(?:from\s+\w|import\s+\w|class\s+\w))", text, re.MULTILINE)
    if start is None:
        return text
    code = re.sub(rf"^{re.escape(start[1])}", "", text[start.start() :], flags=re.MULTILINE)
    return text[: start.start()] + code


_UNWRAP = (_with_plain_line_ends, _with_fences_on_lines, _with_tags_as_fences, _without_doubled_fences)
_CHANGES: tuple[Callable[[str], str], ...] = (
    _without_invisible,
    *_UNWRAP,
    unescape,
    *_UNWRAP,
    _with_real_line_ends,
    *_UNWRAP,
    _without_marks,
    _at_the_margin,
    _without_stray_fences,
)
