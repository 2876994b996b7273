"""Reads Fountain, the plain-text format of screenplays, line by line. It takes time in proportion to the text.

The rules are those of Fountain 1.1, with three additions: known transitions need no mark (“FADE OUT.”), a heading needs
no empty line behind it, and a cue may have a script without capitals.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from callsheet.sources.screenplays.scene_headings import begins_scene, is_certain_heading
from callsheet.sources.screenplays.script_builder import ScriptBuilder

_OPENING = re.compile(r"\[\[|/\*")
_WORD_SIGN = r"[^\s\x00-/:-@\[-`{-~]"
_ENDS_WORD = re.compile(rf"{_WORD_SIGN}['’.]?$")
_GOES_INTO_WORD = re.compile(rf"['’.]?{_WORD_SIGN}")
_TITLE_NAMES = re.compile(
    r"(?:title|titre|titel|título|titolo|name|credit|authors?|autor|auteur|written by|writer|source|"
    r"draft(?: date)?|date|contact(?: info)?|copyright|notes?|revision|version|format|font|language|episode|"
    r"series|season|project|company)",
    re.IGNORECASE,
)
_TITLE_FIELD = re.compile(r"([^\s:][^:\n]{0,60}):(.*)")
_TRANSITIONS = re.compile(
    r"(?:FADE (?:IN|OUT|TO BLACK|TO WHITE|UP)|"
    r"(?:(?:SMASH|HARD|QUICK|SLOW) )?CUT TO (?:BLACK|WHITE)|SMASH CUT|MATCH CUT|DISSOLVE|IRIS (?:IN|OUT)|THE END|"
    r"(?:HARTER )?SCHNITT(?: (?:AUF|ZU|NACH)(?: SCHWARZ)?)?|(?:AB|AUF|ÜBER)BLEND(?:E|UNG)(?: (?:AUF|ZU))?|ENDE|"
    r"COUPE(?: (?:À|A|SUR))?|FONDU(?: (?:AU NOIR|ENCHAÎNÉ))?|FIN|CORTE(?: A)?|FUNDIDO(?: A NEGRO)?)[.:!]?"
)
_LONGEST_CUE = 120
_LONGEST_CUE_WITHOUT_CAPITALS = 12
_ENDS_SENTENCE = re.compile(r"[。！？，、；]")
_FORCED = (
    (re.compile(r"={3,}$"), "page-break"),
    (re.compile(r"!(.*)"), "action"),
    (re.compile(r"\.(?=[^\W_])(.*)"), "heading"),
    (re.compile(r"@(.*)"), "character"),
    (re.compile(r"~(.*)"), "lyric"),
    (re.compile(r">(.*)<$"), "centred"),
    (re.compile(r">(.*)"), "transition"),
    (re.compile(r"#{1,6}(.*)"), "section"),
    (re.compile(r"=(?!=)(.*)"), "synopsis"),
)


def read(text: str, script: ScriptBuilder) -> None:
    """Add what a text in Fountain holds. Its lines end with a line feed."""
    script.count_source(text)
    lines = list(_lines_without_notes(text, script))
    script.page = 1 if any(re.fullmatch(r"={3,}", line.text.strip()) for line in lines) else None
    body = _read_title_page(lines, script)
    _Body(lines, script, body).read()


@dataclass
class _Line:
    """A line without what stands in a boneyard or a note."""

    number: int
    text: str = ""
    notes: list[tuple[int, str]] = field(default_factory=list)
    is_erased: bool = False
    """Whether something was taken out of it."""

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()

    @property
    def ends_speech(self) -> bool:
        """Whether it is an empty line. Two spaces, or a line with nothing but a note, do not end a speech."""
        return self.is_empty and not self.is_erased and len(self.text) < 2


def _lines_without_notes(text: str, script: ScriptBuilder) -> Iterator[_Line]:
    """Yield the lines; what a boneyard or a note spans becomes part of one line."""
    pieces: list[str] = []
    line, number = _Line(1), 1
    for kind, piece in _pieces(text):
        if kind == "text":
            first, *rest = piece.split("\n")
            if line.is_erased and pieces and _ENDS_WORD.search(pieces[-1][-2:]) and _GOES_INTO_WORD.match(first):
                pieces.append(" ")
            pieces.append(first)
            for each in rest:
                line.text = "".join(pieces)
                yield line
                number += 1
                line, pieces = _Line(number), [each]
            continue
        line.is_erased = True
        if kind == "note":
            line.notes.append((number, piece))
        else:
            script.leave_out("a boneyard", piece, number)
        number += piece.count("\n")
        if len(pieces) == 1 and not pieces[0].strip():
            line.number = number
    line.text = "".join(pieces)
    yield line


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield text, notes and boneyards in their order. Each end is searched for once, so the time is linear."""
    begin, seen = 0, 0
    ends = {"]]": -2, "*/": -2}
    gap = -2
    while opening := _OPENING.search(text, seen):
        start = opening.start()
        is_note = opening[0] == "[["
        close = "]]" if is_note else "*/"
        if ends[close] != -1 and ends[close] < start + 2:
            ends[close] = text.find(close, start + 2)
        end = ends[close]
        if is_note and gap != -1 and gap < start:
            gap = text.find("\n\n", start)
        if end == -1 or (is_note and 0 <= gap < end):
            seen = start + 2
            continue
        yield "text", text[begin:start]
        yield "note" if is_note else "boneyard", text[start + 2 : end]
        begin = seen = end + 2
    yield "text", text[begin:]


def _read_title_page(lines: Sequence[_Line], script: ScriptBuilder) -> int:
    """Add the fields at the top of the file; return where the screenplay begins."""
    begin = next((place for place, line in enumerate(lines) if not line.is_empty), len(lines))
    end = next((place for place in range(begin, len(lines)) if lines[place].is_empty), len(lines))
    block = lines[begin:end]
    first = _TITLE_FIELD.fullmatch(block[0].text.rstrip()) if block else None
    if first is None or not _TITLE_NAMES.fullmatch(first[1].strip()):
        return 0
    values: list[str] = []
    name, number = "", block[0].number
    for line in block:
        named = _TITLE_FIELD.fullmatch(line.text.rstrip())
        if named:
            if name:
                script.title_field(name, "\n".join(values), number)
            name, values, number = named[1].strip(), [named[2].strip()] if named[2].strip() else [], line.number
        else:
            values.append(line.text.strip())
    script.title_field(name, "\n".join(values), number)
    for line in lines[:end]:
        for at, note in line.notes:
            script.text("note", note, at)
    return end


@dataclass
class _Body:
    """One way through the lines. Notes wait until the part in which they stand has been added."""

    lines: Sequence[_Line]
    script: ScriptBuilder
    place: int
    _notes: list[tuple[int, str]] = field(default_factory=list)
    _action: list[str] = field(default_factory=list)
    _action_line: int = 0

    def read(self) -> None:
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if line.is_empty:
                self._end_action()
                self._take(line)
                self._add_notes()
            else:
                self._read_line(line)
        self._end_action()

    def _take(self, line: _Line) -> None:
        self.place += 1
        self._notes += line.notes

    def _add_notes(self) -> None:
        for number, text in self._notes:
            self.script.text("note", text, number)
        self._notes.clear()

    def _end_action(self) -> None:
        if self._action:
            self.script.text("action", "\n".join(self._action), self._action_line)
            self._action.clear()
        self._add_notes()

    def _read_line(self, line: _Line) -> None:
        kind, text = self._kind_of(line)
        if kind == "action":
            if not self._action:
                self._action_line = line.number
            self._action.append(text)
            self._take(line)
            return
        self._end_action()
        self._take(line)
        if kind == "heading":
            self.script.heading(text, line.number)
        elif kind == "character":
            self._read_speech(line.number, text)
        else:
            level = len(line.text.strip()) - len(line.text.strip().lstrip("#")) if kind == "section" else 0
            self.script.text(kind, text.strip(), line.number, min(level, 6))
            if kind == "page-break" and self.script.page is not None:
                self.script.page += 1
        self._add_notes()

    def _kind_of(self, line: _Line) -> tuple[str, str]:
        """Return what a line begins, and its text without the mark that says so."""
        stripped = line.text.strip()
        for pattern, kind in _FORCED:
            if found := pattern.match(stripped):
                return kind, found[1] if found.groups() else ""
        if self._action:  # what follows begins behind an empty line
            return "action", line.text.rstrip()
        after = self._line_after()
        is_alone = after is None or after.is_empty
        if begins_scene(stripped) and (is_alone or is_certain_heading(stripped)):
            return "heading", stripped
        if _is_transition(stripped):
            return "transition", stripped
        if not is_alone and _is_cue(stripped):
            return "character", stripped
        return "action", line.text.rstrip()

    def _line_after(self) -> _Line | None:
        """Return the next line that is more than a note or a boneyard."""
        place = self.place + 1
        while place < len(self.lines) and self.lines[place].is_empty and self.lines[place].is_erased:
            place += 1
        return self.lines[place] if place < len(self.lines) else None

    def _read_speech(self, number: int, cue: str) -> None:
        """Add a cue, and all up to the next empty line."""
        is_dual = cue.rstrip().endswith("^")
        self.script.cue(cue.rstrip().removesuffix("^") if is_dual else cue, number, joins_last=is_dual)
        texts: list[str] = []
        kind, begun = "", 0
        while self.place < len(self.lines) and not self.lines[self.place].ends_speech:
            line = self.lines[self.place]
            stripped = line.text.strip()
            if stripped.startswith("!") or re.fullmatch(r"={3,}", stripped):
                break
            self._take(line)
            if line.is_empty:
                continue
            found = _kind_in_speech(stripped, kind, texts)
            if texts and (found != kind or stripped.startswith("(")):
                self.script.text(kind, "\n".join(texts), begun)
                texts = []
            kind, begun = found, begun if texts else line.number
            texts.append(stripped.removeprefix("~").strip() if found == "lyric" else stripped)
        if texts:
            self.script.text(kind, "\n".join(texts), begun)


def _kind_in_speech(text: str, before: str, texts: Sequence[str]) -> str:
    """Return what a line below a cue is. A parenthetical may take several lines."""
    if text.startswith("("):
        return "parenthetical"
    if before == "parenthetical" and texts and not texts[-1].endswith(")"):
        return "parenthetical"
    return "lyric" if text.startswith("~") else "dialogue"


def _is_transition(text: str) -> bool:
    if len(text) > _LONGEST_CUE or any(sign.islower() for sign in text):
        return False
    return text.endswith(("TO:", "IN:")) or bool(_TRANSITIONS.fullmatch(text))


def _is_cue(text: str) -> bool:
    """Return whether a line is the name of a character: in capitals but for what stands in brackets."""
    if len(text) > _LONGEST_CUE:
        return False
    name = re.sub(r"\([^()]*\)", "", text).rstrip(" ^")
    if not any(sign.isalpha() for sign in name) or any(sign.islower() for sign in name):
        return False
    has_capitals = any(sign.isupper() for sign in name)
    return has_capitals or (len(name) <= _LONGEST_CUE_WITHOUT_CAPITALS and not _ENDS_SENTENCE.search(name))
