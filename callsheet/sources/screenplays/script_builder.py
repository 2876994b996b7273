"""The parts of a screenplay while it is read: the limits on sizes, and what is said of a file that passes them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from callsheet.errors import InvalidRequest
from callsheet.model.film.screenplay import (
    MAX_PART_CHARACTERS,
    MAX_PARTS,
    MAX_SCREENPLAY_CHARACTERS,
    CharacterCue,
    LeftOut,
    ScriptPart,
    ScriptText,
    TitleField,
    count_words,
)
from callsheet.sources.screenplays.scene_headings import scene_heading

_MAX_TITLE_FIELDS = 200
_MAX_EXTENSIONS = 5
_TELL_EVERY = 100


@dataclass
class ScriptBuilder:
    """Takes parts in reading order.

    Raises:
        InvalidRequest: from every method that adds; the screenplay has more, or larger parts, than is taken.
    """

    on_progress: Callable[[int], None] = lambda parts: None
    page: int | None = None
    """The page on which the reader is."""
    source_words: int = 0
    title_page: list[TitleField] = field(default_factory=list)
    parts: list[ScriptPart] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    _characters: int = 0
    _speech: int | None = None
    """Where the last cue stands among the parts."""

    def count_source(self, text: str) -> None:
        """Count the words of the file, or of a part of it, before it is read."""
        self.source_words += count_words(text)
        self._check(text, 1, MAX_SCREENPLAY_CHARACTERS)

    def title_field(self, name: str, text: str, line: int) -> None:
        """Add a field of the title page."""
        self._check(text, line)
        if len(self.title_page) >= _MAX_TITLE_FIELDS:
            self.text("action", f"{name} {text}".strip(), line)
            return
        self.title_page.append(TitleField.model_construct(name=name, text=text, line=line))

    def heading(self, text: str, line: int, scene_number: str = "") -> None:
        """Begin a scene. The number stands in the text between `#`, or is given."""
        self._add(scene_heading(text, line, self.page, scene_number), text)

    def cue(self, text: str, line: int, *, joins_last: bool = False) -> None:
        """Add the name above a speech. With `joins_last`, its speech is spoken at once with the one before."""
        name, extensions = _name_and_extensions(text)
        before = self.parts[self._speech] if joins_last and self._speech is not None else None
        if isinstance(before, CharacterCue) and self._speech is not None:
            self.parts[self._speech] = before.model_copy(update={"dual": "left"})
        self._speech = len(self.parts)
        side: Any = "right" if joins_last else ""
        self._add(
            CharacterCue.model_construct(
                kind="character", line=line, page=self.page, name=name, extensions=extensions, dual=side
            ),
            text,
        )

    def text(self, kind: Any, text: str, line: int, level: int = 0) -> None:
        """Add any other part."""
        self._add(ScriptText.model_construct(kind=kind, line=line, page=self.page, text=text, level=level), text)

    def leave_out(self, what: str, text: str, line: int) -> None:
        """Name what stands in the file and is no part of the screenplay."""
        if len(self.left_out) >= MAX_PARTS:
            raise InvalidRequest(f"more than {MAX_PARTS:,} pieces of it are no part of the screenplay; check the file")
        self.left_out.append(LeftOut.model_construct(what=what, line=line, page=self.page, text=text))

    def _add(self, part: ScriptPart, text: str) -> None:
        self._check(text, part.line)
        if len(self.parts) >= MAX_PARTS:
            raise InvalidRequest(f"it has more than {MAX_PARTS:,} headings, actions and speeches; give a part of it")
        self.parts.append(part)
        if len(self.parts) % _TELL_EVERY == 0:
            self.on_progress(len(self.parts))

    def _check(self, text: str, line: int, most: int = MAX_PART_CHARACTERS) -> None:
        if len(text) > most:
            raise InvalidRequest(
                f"the text that begins at line {line} has {len(text):,} characters, and at most {most:,} are taken; "
                "divide it by empty lines"
            )


def _name_and_extensions(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a cue, and what stands behind it in brackets."""
    extensions: list[str] = []
    name = text.strip()
    while name.endswith(")") and "(" in name[1:] and len(extensions) < _MAX_EXTENSIONS:
        name, _, extension = name[:-1].rpartition("(")
        name = name.rstrip()
        extensions.append(extension.strip())
    return name, tuple(reversed(extensions))
