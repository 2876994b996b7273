"""Request files: YAML (or JSON, which is YAML) to a `VideoRequest`, with every problem tied to its line."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from callsheet.errors import InvalidRequest, PermanentError
from callsheet.model.content import TemplateName
from callsheet.model.problems import problems_of
from callsheet.model.requests import SceneBrief, VideoRequest

Kind = TypeVar("Kind", bound=BaseModel)

# 200 scenes of 10,000 characters are 2 MB; anything larger is not a request.
MAX_FILE_BYTES = 4_000_000


class RequestFileInvalid(PermanentError):
    """The file does not hold a request. `problems` are (line counted from 1, field, sentence)."""

    def __init__(self, path: str, problems: tuple[tuple[int, str, str], ...]) -> None:
        super().__init__(path, problems)
        self.path = path
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(
            f"{self.path}:{line}: {field + ': ' if field else ''}{sentence}" for line, field, sentence in self.problems
        )


def load_request(path: Path) -> VideoRequest:
    """Read a request file.

    Raises:
        InvalidRequest: the file can't be read at all.
        RequestFileInvalid: it is not YAML, or not a request; each problem has its line.
    """
    request = read_value(path, VideoRequest)
    return request.model_copy(update={"scenes": with_pictures_located(request.scenes, path.parent)})


def read_value(path: Path, kind: type[Kind]) -> Kind:
    """A value of this kind, as it is written in a file. Raises as `load_request` does."""
    root = _compose(path)
    try:
        return kind.model_validate(_construct(root, path))
    except ValidationError as error:
        problems = tuple(
            (_line_of(root, location), ".".join(map(str, location)), sentence)
            for location, sentence in problems_of(error)
        )
        raise RequestFileInvalid(str(path), problems) from None


def with_pictures_located(scenes: Iterable[SceneBrief], folder: Path) -> tuple[SceneBrief, ...]:
    """Pictures by absolute paths: a relative one counts from the file's folder, or else from the working directory."""
    return tuple(_located(brief, folder) for brief in scenes)


def _located(brief: SceneBrief, folder: Path) -> SceneBrief:
    if brief.template is not TemplateName.PICTURE:
        return brief
    path = Path(str(brief.content["path"]))
    beside = folder / path
    found = beside if beside.exists() else path
    return brief.model_copy(update={"content": {**brief.content, "path": str(found.absolute())}})


def _compose(path: Path) -> yaml.Node:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InvalidRequest(f"{path} is larger than {MAX_FILE_BYTES:,} bytes; a request file is much smaller")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidRequest(f"{path} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidRequest(f"{path} is not UTF-8 text; save it as UTF-8") from None
    with _yaml_problems(path):
        root = yaml.compose(text, Loader=_PlainLoader)
    if not isinstance(root, yaml.MappingNode):
        raise RequestFileInvalid(str(path), ((1, "", "a request is a mapping with at least `title` and `scenes`"),))
    return root


def _construct(root: yaml.Node, path: Path) -> Any:
    with _yaml_problems(path):
        return yaml.constructor.SafeConstructor().construct_document(root)


@contextmanager
def _yaml_problems(path: Path) -> Iterator[None]:
    """What the YAML library says, with its line."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise RequestFileInvalid(str(path), ((line, "", f"not valid YAML: {error.problem}"),)) from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day like 2026-02-30
        raise RequestFileInvalid(str(path), ((1, "", f"not valid YAML: {error}"),)) from None
    except RecursionError:
        raise RequestFileInvalid(str(path), ((1, "", "its lists and mappings are nested too deeply"),)) from None


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
