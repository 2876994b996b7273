"""SVG drawings that people give.

One that defines entities, uses other files, or draws without end is refused.

A drawing is a small program: it can name other files, and eleven lines of it can stand for a thousand million shapes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import ParseError, XMLParser

from callsheet.errors import InvalidRequest
from callsheet.sources.picture_files import begins_as

MAX_SVG_BYTES = 5_000_000
MAX_SHAPES = 20_000
"""Most elements that are drawn, with repetitions. Manim reads a few thousand a second."""
_MAX_DEPTH = 100
_SNIFFED_BYTES = 4096
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:(?:\w+:)?svg|(?:\?xml|!--).*?<(?:\w+:)?svg)[\s/>]", re.DOTALL)

# A reference may point into the drawing itself, or hold a picture of known format in place.
_INSIDE = r"\s*(?:#|data:image/(?:png|jpeg|webp)[;,])"
_INSIDE_REFERENCE = re.compile(_INSIDE, re.IGNORECASE)
# In CSS: url(…) that points outside, a style sheet that is loaded, and escapes, which could hide either.
_OUTSIDE_STYLE = re.compile(rf"url\(\s*+[\"']?+(?!{_INSIDE})|@import|\\", re.IGNORECASE)
_REFERENCES = {"href", "src", "base"}
_PROGRAMS = {"script", "foreignobject", "handler"}


def is_drawing(path: Path) -> bool:
    """Return whether a file begins as an SVG drawing, whatever its name is."""
    return begins_as(path, _BEGINNING, _SNIFFED_BYTES)


def check_svg(path: Path) -> None:
    """Raise InvalidRequest, about the file by its name, if the drawing can't be taken."""
    if path.stat().st_size > MAX_SVG_BYTES:
        raise InvalidRequest(f"a drawing may have at most {MAX_SVG_BYTES // 1_000_000} MB: simplify it", path.name)
    reader = _Reader()
    try:
        parser = XMLParser(target=reader)
        parser.feed(path.read_bytes())
        parser.close()
        reader.check_shapes()
    except ParseError as error:
        line, column = error.position
        raise InvalidRequest(f"line {line}, column {column + 1}: this is not well-formed XML", path.name) from None
    except (ValueError, LookupError):
        raise InvalidRequest("it is not text in UTF-8, as it should be: save it again", path.name) from None
    except _UnfitDrawing as problem:
        raise InvalidRequest(str(problem), path.name) from None


class _UnfitDrawing(Exception):
    """The fault of a drawing, as a sentence."""


@dataclass
class _Element:
    """What an element and all in it draw: direct shapes, and elements that they repeat, by id."""

    id: str = ""
    shapes: int = 1
    repeats: list[str] = field(default_factory=list)

    def take_in(self, other: _Element) -> None:
        """Draw what the other draws, too."""
        self.shapes += other.shapes
        self.repeats += other.repeats


class _Reader:
    """The target of an XML parser.

    It looks at everything and keeps only what is drawn how often.

    Entities need no separate rule: they can be defined only in a document type, and that is refused.
    """

    def __init__(self) -> None:
        self._open: list[_Element] = []
        self._by_id: dict[str, _Element] = {}
        self._style: list[str] | None = None
        self._root = _Element()

    def doctype(self, name: str, public_id: str | None, system_id: str | None) -> None:
        """Refuse a <!DOCTYPE …>."""
        raise _UnfitDrawing("it has a document type (<!DOCTYPE …>), which can define entities: remove that line")

    def pi(self, target: str, data: str | None = None) -> None:
        """Refuse a <?target …?>; the XML declaration is none of these."""
        raise _UnfitDrawing(f"it has an instruction <?{target[:40]} …?>, which can load other files: remove it")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        name = _local(tag).lower()
        if not self._open and name != "svg":
            raise _UnfitDrawing(f"its outermost element is <{name[:40]}>, not <svg>: save it as an SVG drawing")
        if name in _PROGRAMS:
            raise _UnfitDrawing(f"it has an element <{name}>, which is no drawing: remove it")
        if len(self._open) >= _MAX_DEPTH:
            raise _UnfitDrawing(f"its groups are nested more than {_MAX_DEPTH} deep: flatten it")
        for key, value in attributes.items():
            _check_attribute(key, value)
        if name == "style":
            self._style = []
        self._open.append(_Element(attributes.get("id", ""), repeats=_repeated(name, attributes)))

    def data(self, text: str) -> None:
        """Take pieces of the text between elements, of which only that of style sheets matters."""
        if self._style is not None:
            self._style.append(text)

    def end(self, tag: str) -> None:
        """End an element."""
        if self._style is not None:
            _check_style("".join(self._style))
            self._style = None
        element = self._open.pop()
        outer = self._open[-1] if self._open else self._root
        outer.take_in(element)
        # Programs differ in which of several elements of one id they take, so all of them are counted.
        if element.id:
            self._by_id.setdefault(element.id, _Element(shapes=0)).take_in(element)

    def close(self) -> None:
        """End the document."""

    def check_shapes(self) -> None:
        """Count all drawn shapes, and each repetition again."""
        under_way: set[str] = set()

        @cache
        def drawn(id_: str) -> int:
            element = self._by_id.get(id_)
            if element is None:
                return 0
            if id_ in under_way or len(under_way) > _MAX_DEPTH:
                raise _UnfitDrawing(
                    f"its element “{id_[:40]}” repeats itself, or others, without end: remove that <use>"
                )
            under_way.add(id_)
            count = element.shapes + sum(map(drawn, element.repeats))
            under_way.remove(id_)
            return count

        count = self._root.shapes + sum(map(drawn, self._root.repeats))
        if count > MAX_SHAPES:
            raise _UnfitDrawing(f"it draws {count:,} shapes, and at most {MAX_SHAPES:,} fit: simplify it")


def _check_attribute(key: str, value: str) -> None:
    name = _local(key).lower()
    if name in _REFERENCES and not _INSIDE_REFERENCE.match(value):
        raise _UnfitDrawing(f"it refers to “{value[:80]}”: a drawing holds all that it shows; remove the reference")
    if name == "style" or "(" in value:
        _check_style(value)


def _check_style(text: str) -> None:
    if found := _OUTSIDE_STYLE.search(text):
        excerpt = text[found.start() : found.start() + 60]
        raise _UnfitDrawing(f"its style loads something from outside (“{excerpt}”): remove that")


def _repeated(name: str, attributes: Mapping[str, str]) -> list[str]:
    """Return the id of the element that this one repeats, if it is a <use>."""
    if name != "use":
        return []
    return [value.strip()[1:] for key, value in attributes.items() if _local(key) == "href"]


def _local(name: str) -> str:
    """Return the name without its namespace, which the parser puts before it in braces."""
    return name.rpartition("}")[2]
