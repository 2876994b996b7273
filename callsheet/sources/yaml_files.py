"""A document that a person wrote: YAML or JSON, read into a typed value with every problem tied to its line.

The field of a scalar decides how Callsheet reads it. In a text field it stays as it is written: `No`, `12:30`, `0123`
and `2026-10-01` don't change. In a number field it is a number. JSON marks its texts, so `true` in place of a title is
a mistake there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType
from typing import Any, Literal, NamedTuple, TypeVar, get_origin

from pydantic import BaseModel, JsonValue, ValidationError

from callsheet.errors import InvalidRequest
from callsheet.model.content import content_model, template_named
from callsheet.model.problems import Location, Problem, annotations_at, problems_of, scene_at
from callsheet.model.requests.video import SceneBrief
from callsheet.sources.text_files import read_text
from callsheet.sources.yaml_tree import Fields, Items, Node, Scalar, read_tree

Kind = TypeVar("Kind", bound=BaseModel)

# 200 scenes of 10,000 characters are 2 MB; anything larger is not a request.
MAX_FILE_BYTES = 4_000_000
_NOTHING = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}
_WHOLE = re.compile(r"[-+]?\d+(?:_\d+)*")
_MOST_DIGITS = 300
_OTHER_BASE = re.compile(r"[-+]?0(?:x[0-9a-fA-F]+|o[0-7]+|b[01]+)")
_DECIMAL = re.compile(r"[-+]?(?:\d+(?:_\d+)*)?\.?(?:\d+(?:_\d+)*)?(?:[eE][-+]?\d+)?")


class FileProblem(NamedTuple):
    """A fault in a file: line (from 1), dotted path of the field, a sentence, and the scene."""

    line: int
    field: str
    sentence: str
    scene: str = ""

    def __str__(self) -> str:
        scene = f" (scene “{self.scene}”)" if self.scene else ""
        place = f"{self.field}{scene}: " if self.field else ""
        return f"{self.line}: {place}{self.sentence}"


class RequestFileInvalid(InvalidRequest):
    """A file holds no valid value.

    `problems` are all of them, by line; `name` is the file's name in messages.
    """

    def __init__(self, name: str, problems: tuple[FileProblem, ...]) -> None:
        super().__init__("")
        self.args = (name, problems)
        self.name = name
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(f"{self.name}:{problem}" for problem in self.problems)


@dataclass(frozen=True)
class DataFile:
    """The content of a file, before its kind is known."""

    name: str
    root: Fields
    is_json: bool

    @property
    def keys(self) -> frozenset[str]:
        """Return the names of its fields."""
        return frozenset(key.text for key, _ in self.root.fields)

    def value(self, kind: type[Kind], more: Callable[[Any], Iterable[Problem]] = lambda _: ()) -> Kind:
        """Return the value of this kind that the document holds.

        `more` looks for further problems in the plain data; they are reported together with those found here.

        Raises:
            RequestFileInvalid: it holds none; each problem has its line.
        """
        reading = _Reading(self.is_json)
        data = reading.read(self.root, (kind,), ())
        problems = dict(reading.problems)
        value = None
        try:
            value = kind.model_validate(data)
        except ValidationError as error:
            # A value that its field does not take is reported once, by the part that knows how it was written.
            problems |= {
                location: sentence for location, sentence in problems_of(error, kind) if not reading.is_told(location)
            }
        problems |= {location: sentence for location, sentence in more(data) if location not in problems}
        if problems or value is None:
            found = [
                FileProblem(reading.line_of(location), ".".join(map(str, location)), sentence, scene_at(location, data))
                for location, sentence in problems.items()
            ]
            raise RequestFileInvalid(self.name, tuple(sorted(found, key=lambda problem: problem.line)))
        return value


def open_data_file(path: Path, name: str = "", what: str = "a request has at least `title` and `scenes`") -> DataFile:
    """Return the document in a file.

    If a person knows the file by another name than its path, messages use `name`.

    Raises:
        InvalidRequest: the file can't be read, or is no text.
        RequestFileInvalid: it is not YAML, or no mapping; each problem has its line.
    """
    name = name or str(path)
    if path.is_fifo():
        raise InvalidRequest(f"{name} is a pipe, which can't be read twice; write the request to a file first")
    text = read_text(path, name, MAX_FILE_BYTES)
    tree = read_tree(text)
    if tree.faults:
        raise RequestFileInvalid(name, tuple(FileProblem(line, "", f"the line {said}") for line, said in tree.faults))
    if not isinstance(tree.root, Fields):
        sentence = f"the file holds no fields: {what}" if text.strip() else f"the file is empty: {what}"
        raise RequestFileInvalid(name, (FileProblem(1, "", sentence),))
    return DataFile(name, tree.root, path.suffix.lower() == ".json" or _is_json(text))


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith("{"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


@dataclass
class _Reading:
    """One way through a document: nodes become plain data, of the types of the fields."""

    is_json: bool
    lines: dict[Location, int] = field(default_factory=dict)
    problems: dict[Location, str] = field(default_factory=dict)

    def read(self, node: Node, members: tuple[Any, ...], location: Location) -> Any:
        """Return the plain data of a node for one of the types `members`.

        Any type will do if there are none.
        """
        self.lines.setdefault(location, node.line)
        if isinstance(node, Scalar):
            return self._scalar(node, members, location)
        if members and not _takes(node, members):
            takes_words = any(isinstance(each, type) and issubclass(each, str) for each in members)
            if takes_words or any(get_origin(each) is Literal for each in members):
                self.problems[location] = _why_no_text(node)
            members = ()
        if isinstance(node, Items):
            return [self._inner(item, members, (*location, place)) for place, item in enumerate(node.items)]
        return {key.text: self._field(key, value, node, members, location) for key, value in node.fields}

    def _field(self, key: Scalar, value: Node, node: Fields, members: tuple[Any, ...], location: Location) -> Any:
        place = (*location, key.text)
        self.lines[place] = key.line
        if key.text == "content" and any(isinstance(each, type) and issubclass(each, SceneBrief) for each in members):
            return self.read(value, _content_kind(node), place)
        return self._inner(value, members, place)

    def _inner(self, node: Node, members: tuple[Any, ...], place: Location) -> Any:
        inner = tuple(each for member in members for each in annotations_at(member, place[-1:]))
        return self.read(node, inner, place)

    def _scalar(self, node: Scalar, members: tuple[Any, ...], location: Location) -> Any:
        if not node.is_plain:
            return node.text
        is_open = self.is_json or not members or any(member in {Any, JsonValue, object} for member in members)
        takes_words = str in members and not self.is_json
        if takes_words and node.lost:
            sentence = f"“{node.lost}” is a comment to YAML and would be left out: put the whole text in quotes"
            self.problems[location] = sentence
        if node.text in _NOTHING and (NoneType in members or not takes_words):
            return None
        if (is_open or bool in members) and node.text.lower() in _TRUE | _FALSE:
            return node.text.lower() in _TRUE
        return _number(node.text) if is_open or int in members or float in members else node.text

    def is_told(self, location: Location) -> bool:
        """Return whether a problem of this place, or of a place around it, is known already."""
        return any(location[:length] in self.problems for length in range(1, len(location) + 1))

    def line_of(self, location: Location) -> int:
        """Return the line of the deepest value on the way to `location`.

        The line of a key counts if the key's value is meant.
        """
        return next(line for step in range(len(location), -1, -1) if (line := self.lines.get(location[:step])))


def _takes(node: Items | Fields, members: tuple[Any, ...]) -> bool:
    """Return whether a list, or fields with values, may stand in place of one of these types."""
    if isinstance(node, Items):
        return any(get_origin(member) in {tuple, list, frozenset} for member in members)
    return any(
        get_origin(member) is dict or (isinstance(member, type) and issubclass(member, BaseModel)) for member in members
    )


def _why_no_text(node: Items | Fields) -> str:
    """Return the reason why a text became a list or fields.

    In a text without quotes, it is a colon or a bracket.
    """
    if isinstance(node, Items):
        made_by = "its brackets" if node.is_inline else "its “- ”"
        return f"must be text, and {made_by} make a list of it: put it in quotes"
    if node.fields and not (node.is_inline and node.fields[0][1] == Scalar(node.fields[0][1].line, "", True)):
        return (
            f"must be text, and the colon after “{node.fields[0][0].text[:40]}” makes a field of it: put it in quotes"
        )
    return "must be text, and its braces make fields of it: put it in quotes"


def _content_kind(scene: Fields) -> tuple[type[BaseModel], ...]:
    """Return the content model of a scene's template; nothing if there is no such template."""
    for key, value in scene.fields:
        if key.text == "template" and isinstance(value, Scalar) and (name := template_named(value.text)):
            return (content_model(name),)
    return ()


def _number(text: str) -> object:
    """Return the number; the text if it is none. Digits are read to the base of ten."""
    if len(text) > _MOST_DIGITS:
        return text
    if _WHOLE.fullmatch(text):
        return int(text.replace("_", ""))
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    try:
        return float(text.replace("_", "")) if _DECIMAL.fullmatch(text) else text
    except ValueError:  # a dot alone
        return text
