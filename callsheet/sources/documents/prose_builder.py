"""Builds a `InlineText` from pieces: white space is collapsed as in HTML, and marks keep their places."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from callsheet.model.film.document import MAX_ADDRESS_CHARACTERS, MAX_MARKS, InlineText, Mark, MarkKind

# Control characters, halves of surrogate pairs, and tag characters: these show nothing to a person, and can carry text
# that only a program reads.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"[ \t\r\n\f\v\x85\xa0\u2028\u2029]+")


def seen(text: str) -> str:
    """Return `text` without characters that show nothing; white space stays."""
    return _UNSEEN.sub("", text)


def one_line(text: str) -> str:
    """Return `text` with every stretch of white space as one space, and none at its ends."""
    return _SPACE.sub(" ", seen(text)).strip()


@dataclass
class ProseBuilder:
    """Takes pieces in reading order; `done` gives the whole."""

    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _ends_with_space: bool = True
    _open: list[tuple[MarkKind, int, str]] = field(default_factory=list)
    _marks: list[Mark] = field(default_factory=list)

    def add(self, text: str, *, is_literal: bool = False) -> None:
        """Append text. Literal text keeps its inner white space, as code does."""
        text = seen(text)
        if not is_literal:
            text = _SPACE.sub(" ", text)
            if self._ends_with_space:
                text = text.lstrip(" ")
        if text:
            self._pieces.append(text)
            self._length += len(text)
            self._ends_with_space = text[-1] in " \n"

    def break_line(self) -> None:
        """Append a line break, unless one is there or nothing is."""
        if not self._length or self._pieces[-1].endswith("\n"):
            return
        if self._ends_with_space:
            self._length -= len(self._pieces[-1]) - len(self._pieces[-1].rstrip(" "))
            self._pieces[-1] = self._pieces[-1].rstrip(" ")
        self.add("\n", is_literal=True)

    def open(self, kind: MarkKind, address: str = "") -> None:
        """Begin a mark, which ends at the matching `close`."""
        self._open.append((kind, self._length, address))

    def close(self) -> None:
        """End the mark that was begun last."""
        kind, begin, address = self._open.pop()
        if self._length > begin and len(self._marks) < MAX_MARKS:
            address = one_line(address)[:MAX_ADDRESS_CHARACTERS]
            self._marks.append(Mark.model_construct(kind=kind, begin=begin, end=self._length, address=address))

    def marked(self, kind: MarkKind, text: str, *, is_literal: bool = False) -> None:
        """Append text with a mark."""
        self.open(kind)
        self.add(text, is_literal=is_literal)
        self.close()

    @property
    def is_empty(self) -> bool:
        """Whether nothing but white space was added."""
        return not any(piece.strip() for piece in self._pieces)

    def done(self) -> InlineText:
        """Return what was added, without white space at its ends. Sizes are judged by `BlockList`."""
        while self._open:
            self.close()
        whole = "".join(self._pieces)
        text = whole.strip()
        shift = len(whole) - len(whole.lstrip())
        marks = []
        for mark in sorted(self._marks, key=lambda each: (each.begin, -each.end)):
            begin, end = max(0, mark.begin - shift), min(len(text), mark.end - shift)
            while end > begin and text[end - 1].isspace():
                end -= 1
            if begin < end:
                marks.append(Mark.model_construct(kind=mark.kind, begin=begin, end=end, address=mark.address))
        return InlineText.model_construct(text=text, marks=tuple(marks))


def joined(parts: Iterable[InlineText], between: str = "\n") -> InlineText:
    """Return several texts as one, with their marks."""
    text, marks = "", list[Mark]()
    for part in parts:
        if not part.text:
            continue
        text += between if text else ""
        by = len(text)
        marks += (mark.model_copy(update={"begin": mark.begin + by, "end": mark.end + by}) for mark in part.marks)
        text += part.text
    return InlineText.model_construct(text=text, marks=tuple(marks[:MAX_MARKS]))


def plain(text: str) -> InlineText:
    """Return text without marks; its line breaks are white space."""
    return InlineText.model_construct(text=one_line(text), marks=())


def lines(text: str) -> InlineText:
    """Return text without marks that keeps its line breaks."""
    kept = [one_line(line) for line in text.splitlines()]
    return InlineText.model_construct(text="\n".join(line for line in kept if line), marks=())
