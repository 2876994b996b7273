"""Reads screenplays by where their lines stand on the page: text that is indented, and PDF with text.

Lefts are counted in characters of typewriter type, ten an inch. Scripts differ in their margins, so what a line is
follows from its place beside its neighbours: a cue stands further right than the speech below it, and both stand
further right than the action.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from callsheet.errors import InvalidRequest
from callsheet.sources.screenplays.scene_headings import is_certain_heading
from callsheet.sources.screenplays.script_builder import ScriptBuilder

_NUMBERED = re.compile(r"([A-Z]{0,2}\d{1,4}[A-Z]{0,2})[.)]?\s{1,200}(.*)")
_PAGE_NUMBER = re.compile(r"(?:page\s)?-?\s?\d{1,4}[A-Z]?\s?[.-]?", re.IGNORECASE)
_CONTINUED = re.compile(r"\(?(?:MORE|CONTINUED)\)?:?(?:\s?\(\d{1,3}\))?", re.IGNORECASE)
_CONTINUED_CUE = re.compile(r"\(?CONT[’'.]?D\.?\)?|\(?CONTINUING\)?", re.IGNORECASE)
_TRANSITION = re.compile(
    r"(?:[^a-z]{0,60}TO:|FADE (?:IN|OUT|TO BLACK)[.:]?|"
    r"(?:(?:SMASH|HARD|QUICK|SLOW) )?CUT TO (?:BLACK|WHITE)[.:]?|SMASH CUT[.:]?|DISSOLVE[.:]?)"
)
_ENDS_SENTENCE = re.compile(r"[.!?:…。！？]['”\")\]]*$")
_COMMON = 0.04
"""Share of the lines that begin at an edge for it to be a margin."""
_NEAR = 1.6
"""Characters by which lines of one column differ."""
_LONGEST_CUE = 60
_REPEATED = 3
_MOST_TITLE_LINES = 30


@dataclass(frozen=True)
class PlacedLine:
    """A line of a page; `is_apart` says whether there is room above it."""

    text: str
    left: float
    line: int
    page: int | None = None
    is_apart: bool = False
    is_first: bool = False
    """Whether it is the first one of its page."""
    scene_number: str = ""


def read(text: str, script: ScriptBuilder) -> None:
    """Add what indented text holds; a form feed begins a page."""
    script.count_source(text)
    lines, page, is_apart, is_first = [], 1, True, True
    has_pages = "\f" in text
    for number, raw in enumerate(text.split("\n"), start=1):
        page += raw.count("\f")
        is_first = is_first or "\f" in raw
        line = raw.replace("\f", "").expandtabs(8)
        if not line.strip():
            is_apart = True
            continue
        left = len(line) - len(line.lstrip())
        lines.append(
            PlacedLine(line.strip(), left, number, page if has_pages else None, is_apart, has_pages and is_first)
        )
        is_apart = is_first = False
    read_lines(lines, script)


def read_lines(lines: Sequence[PlacedLine], script: ScriptBuilder) -> None:
    """Add what these lines hold, from the first page to the last.

    Raises:
        InvalidRequest: there is no line.
    """
    if not lines:
        raise InvalidRequest("it holds no text")
    body = list(_without_page_numbers([_without_scene_number(line, script) for line in lines], script))
    _Reader(_without_title_page(body, script), script).read()


def _without_scene_number(line: PlacedLine, script: ScriptBuilder) -> PlacedLine:
    """Return a heading without the numbers at its left and right."""
    numbered = _NUMBERED.fullmatch(line.text)
    if numbered is None or not is_certain_heading(numbered[2]):
        if is_certain_heading(line.text) and (end := re.search(r"\s{3,200}([A-Z]?\d{1,4}[A-Z]?)[.)]?$", line.text)):
            return replace(line, text=line.text[: end.start()], scene_number=end[1])
        return line
    number, text = numbered[1], numbered[2]
    if text.endswith(number) and text[: -len(number)].endswith(" "):
        text = text[: -len(number)].rstrip()
        script.page = line.page
        script.leave_out("a scene number that stands there twice", number, line.line)
    return replace(line, text=text, left=line.left + numbered.start(2), scene_number=number)


def _without_page_numbers(lines: Sequence[PlacedLine], script: ScriptBuilder) -> Iterator[PlacedLine]:
    """Yield the lines but page numbers, headers that stand on several pages, and “CONTINUED”."""
    headers = Counter(re.sub(r"\d+", "", line.text) for line in lines if line.is_first)
    becomes_first = False
    for line in lines:
        what = ""
        is_first = line.is_first or becomes_first
        if is_first and _PAGE_NUMBER.fullmatch(line.text):
            what = "a page number"
        elif (
            line.is_first and headers[re.sub(r"\d+", "", line.text)] >= _REPEATED and not is_certain_heading(line.text)
        ):
            what = "a page header"
        elif _CONTINUED.fullmatch(line.text):
            what = "a remark that it continues"
        becomes_first = bool(what) and is_first
        if what:
            script.page = line.page
            script.leave_out(what, line.text, line.line)
        else:
            yield replace(line, is_first=is_first)


def _without_title_page(lines: list[PlacedLine], script: ScriptBuilder) -> list[PlacedLine]:
    """Add the title page, if the first page holds no scene and a later one does; return what follows."""
    first = [line for line in lines if line.page == lines[0].page] if lines else []
    has_scene = any(is_certain_heading(line.text) or _TRANSITION.fullmatch(line.text) for line in first)
    if has_scene or len(first) == len(lines) or len(first) > _MOST_TITLE_LINES:
        return lines
    for line in first:
        script.title_field("", line.text, line.line)
    return lines[len(first) :]


@dataclass
class _Reader:
    """One way through the lines. The texts of a part wait until it has ended."""

    lines: list[PlacedLine]
    script: ScriptBuilder
    _kind: str = ""
    _texts: list[str] = field(default_factory=list)
    _first: PlacedLine | None = None
    _speaker: str = ""
    """Whose speech it is; empty outside of speeches."""
    _last_speaker: str = ""

    def read(self) -> None:
        margin = self._margin()
        for place, line in enumerate(self.lines):
            self._read_line(place, line, margin)
        self._end()

    def _margin(self) -> float:
        """Return where action begins: the outermost edge at which many lines begin."""
        edges = Counter(round(line.left) for line in self.lines)
        common = [edge for edge, count in edges.items() if count >= _COMMON * len(self.lines)]
        headings = [line.left for line in self.lines if is_certain_heading(line.text)]
        return min([*common, *headings[:1]], default=0.0)

    def _read_line(self, place: int, line: PlacedLine, margin: float) -> None:
        is_indented = line.left > margin + 2 * _NEAR
        if line.is_apart and not (line.is_first and self._is_cut_short(line)):
            self._end()
            if not line.is_first or not is_indented:
                self._speaker = ""
        is_free = not self._speaker or not is_indented or line.scene_number
        if is_certain_heading(line.text) and is_free:
            self._end()
            self._page(line)
            self.script.heading(line.text, line.line, line.scene_number)
        elif _TRANSITION.fullmatch(line.text) and not (self._speaker and not line.is_apart):
            self._start("transition", line)
            self._end()
        elif is_indented and self._is_cue(place, line):
            self._start_speech(line)
        elif is_indented and self._speaker:
            is_open = self._kind == "parenthetical" and bool(self._texts) and not self._texts[-1].endswith(")")
            self._start_unless("parenthetical" if line.text.startswith("(") or is_open else "dialogue", line)
        else:
            self._speaker = ""
            self._start_unless("action", line)

    def _is_cut_short(self, line: PlacedLine) -> bool:
        """Whether the end of the page above cut a paragraph in two."""
        return bool(self._texts) and not _ENDS_SENTENCE.search(self._texts[-1]) and not is_certain_heading(line.text)

    def _is_cue(self, place: int, line: PlacedLine) -> bool:
        """Whether a line is a name: in capitals, and further right than the speech below it."""
        name = re.sub(r"\([^()]*\)", "", line.text)
        if len(line.text) > _LONGEST_CUE or line.text.startswith("(") or any(sign.islower() for sign in name):
            return False
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        has_speech = following is not None and not following.is_apart and following.left < line.left - _NEAR / 2
        return has_speech and any(sign.isalpha() for sign in name) and (line.is_apart or line.is_first)

    def _start_speech(self, line: PlacedLine) -> None:
        name = re.sub(r"\([^()]*\)", "", line.text).strip()
        continues = line.is_first and name == self._last_speaker and _CONTINUED_CUE.search(line.text[len(name) :])
        if continues and self._kind == "dialogue":
            self._page(line)
            self.script.leave_out("a cue that a new page repeats", line.text, line.line)
        else:
            self._end()
            self._page(line)
            self.script.cue(line.text, line.line)
        self._speaker = self._last_speaker = name

    def _page(self, line: PlacedLine) -> None:
        self.script.page = line.page

    def _start_unless(self, kind: str, line: PlacedLine) -> None:
        """Add a line to the part that is open, or begin one of this kind."""
        if self._texts and self._kind == kind:
            self._texts.append(line.text)
        else:
            self._start(kind, line)

    def _start(self, kind: str, line: PlacedLine) -> None:
        self._end()
        self._kind, self._first, self._texts = kind, line, [line.text]

    def _end(self) -> None:
        if self._texts and self._first is not None:
            self._page(self._first)
            self.script.text(self._kind, " ".join(self._texts), self._first.line)
        self._texts = []
