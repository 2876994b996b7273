"""Request files: YAML (or JSON, which is YAML) to a `VideoRequest`, with every problem tied to its line."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from callsheet.errors import InvalidRequest
from callsheet.model.content import TemplateName
from callsheet.model.problems import problems_of
from callsheet.model.requests import SceneBrief, VideoRequest

Kind = TypeVar("Kind", bound=BaseModel)

# 200 scenes of 10,000 characters are 2 MB; anything larger is not a request.
MAX_FILE_BYTES = 4_000_000
# For the parser it is the end of a stream, which says nothing to anybody.
END_OF_FILE = "the end of the file; is a bracket or a quote left open?"


class RequestFileInvalid(InvalidRequest):
    """The file does not hold a request. `problems` are (line counted from 1, field, sentence), `name` is the file's."""

    def __init__(self, name: str, problems: tuple[tuple[int, str, str], ...]) -> None:
        super().__init__("")
        self.args = (name, problems)
        self.name = name
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(
            f"{self.name}:{line}: {field + ': ' if field else ''}{sentence}" for line, field, sentence in self.problems
        )


def load_request(path: Path, name: str = "") -> VideoRequest:
    """Read a request file. `name` is what messages call it, where a person knows it by another name than its path.

    Raises:
        InvalidRequest: the file can't be read at all.
        RequestFileInvalid: it is not YAML, or not a request; each problem has its line.
    """
    request = read_value(path, VideoRequest, name)
    return request.model_copy(update={"scenes": with_pictures_located(request.scenes, path.parent)})


def read_value(path: Path, kind: type[Kind], name: str = "") -> Kind:
    """A value of this kind, as it is written in a file. Raises as `load_request` does."""
    name = name or str(path)
    root = _compose(_text_of(path, name), name)
    try:
        return kind.model_validate(_construct(root, name))
    except ValidationError as error:
        problems = tuple(
            (_line_of(root, location), ".".join(map(str, location)), sentence)
            for location, sentence in problems_of(error)
        )
        raise RequestFileInvalid(name, problems) from None


def with_pictures_located(scenes: Iterable[SceneBrief], folder: Path) -> tuple[SceneBrief, ...]:
    """Files by absolute paths: a relative one counts from the file's folder, or else from the working directory."""
    return tuple(_located(brief, folder) for brief in scenes)


def _located(brief: SceneBrief, folder: Path) -> SceneBrief:
    located = brief.model_copy(update={"files": tuple(_place(file, folder) for file in brief.files)})
    if brief.template is not TemplateName.PICTURE:
        return located
    path = _place(str(brief.content["path"]), folder)
    return located.model_copy(update={"content": {**brief.content, "path": path}})


def _place(path: str, folder: Path) -> str:
    beside = folder / path
    return str((beside if beside.exists() else Path(path)).absolute())


def _text_of(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)  # a pipe or a device does not tell its size
    except OSError as error:
        raise InvalidRequest(f"{name} can't be read: {error.strerror}") from None
    if len(content) > MAX_FILE_BYTES:
        raise InvalidRequest(f"{name} is larger than {MAX_FILE_BYTES:,} bytes; a request file is much smaller")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidRequest(f"{name} is not UTF-8 text; save it as UTF-8") from None


def _compose(text: str, name: str) -> yaml.Node:
    with _yaml_problems(name):
        root = yaml.compose(text, Loader=_PlainLoader)
    if not isinstance(root, yaml.MappingNode):
        raise RequestFileInvalid(name, ((1, "", "a request is a mapping with at least `title` and `scenes`"),))
    return root


def _construct(root: yaml.Node, name: str) -> Any:
    with _yaml_problems(name):
        return yaml.constructor.SafeConstructor().construct_document(root)


@contextmanager
def _yaml_problems(name: str) -> Iterator[None]:
    """What the YAML library says, with its line."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = str(error.problem).replace("'<stream end>'", END_OF_FILE)
        raise RequestFileInvalid(name, ((line, "", f"not valid YAML: {problem}"),)) from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day like 2026-02-30
        raise RequestFileInvalid(name, ((1, "", f"not valid YAML: {error}"),)) from None
    except RecursionError:
        raise RequestFileInvalid(name, ((1, "", "its lists and mappings are nested too deeply"),)) from None


class _PlainLoader(yaml.SafeLoader):
    """Refuses aliases: a few hundred bytes of them can stand for billions of values."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # not in the stubs
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not supported; write it out", mark)
        return super().compose_node(parent, index)


def _line_of(node: yaml.Node, location: tuple[Any, ...]) -> int:
    """Line of the deepest node on the way to `location`; of a key, where its value is meant."""
    line = node.start_mark.line
    for step in location:
        child = _child(node, step)
        if child is None:
            break
        line, node = child
    return int(line) + 1


def _child(node: yaml.Node, step: Any) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line, value
    return None
