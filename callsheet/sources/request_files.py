"""Request files: YAML (or JSON) to a `VideoRequest`, with every problem of every scene tied to its line."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from callsheet.disk import is_there
from callsheet.model.content import content_model, pictures_named, template_named, with_pictures
from callsheet.model.film.profile import ProfileName
from callsheet.model.problems import Problem, problems_of
from callsheet.model.requests.video import SceneBrief, SceneRequest, StyledRequest, VideoRequest
from callsheet.sources.yaml_files import RequestFileInvalid, open_data_file

__all__ = ["RequestFileInvalid", "load_request", "place_of", "read_value", "readable_scenes", "with_pictures_located"]

Kind = TypeVar("Kind", bound=BaseModel)
SceneCheck = Callable[[SceneBrief], Iterable[Problem]]
"""Finds faults of a valid scene that only other modules know, e.g. formulas without a meaning."""


def load_request(path: Path, name: str = "", check: SceneCheck = lambda _: ()) -> VideoRequest:
    """Read a request file.

    If a person knows the file by another name than its path, messages use `name`.

    `check` is asked about every scene that is valid by itself, whatever is wrong elsewhere in the file.

    Raises:
        InvalidRequest: the file can't be read at all.
        RequestFileInvalid: it is not YAML, or not a request; each problem has its line.
    """
    request = read_value(path, VideoRequest, name, check)
    return request.model_copy(update={"scenes": with_pictures_located(request.scenes, path.parent)})


def read_value(path: Path, kind: type[Kind], name: str = "", check: SceneCheck = lambda _: ()) -> Kind:
    """Return a value of this kind, as a file holds it. Raises as `load_request` does."""
    document = open_data_file(path, name)
    return document.value(kind, lambda data: _problems_of_scenes(data, path.parent, check))


def readable_scenes(path: Path, profile: ProfileName | None = None) -> Iterator[SceneRequest]:
    """Yield the scenes of a file that are valid by themselves, numbered by their place in it.

    It ignores faults elsewhere in the file. The scenes have this profile or that of the file, and its look, if these
    are valid. Raises InvalidRequest if the file can't be read at all.
    """
    document = open_data_file(path)
    data: dict[str, Any] = {}
    with suppress(RequestFileInvalid):
        document.value(VideoRequest, lambda plain: data.update(plain) or ())
    style = _style_of(data, profile)
    scenes = data.get("scenes")
    for number, scene in enumerate(scenes if isinstance(scenes, list) else (), 1):
        with suppress(ValidationError):
            brief = _located(SceneBrief.model_validate(scene), path.parent)
            shared = {name: getattr(style, name) for name in ("profile", "look", "illustrate")}
            yield SceneRequest(scene=brief, number=number, **shared)


def _style_of(data: dict[str, Any], profile: ProfileName | None) -> StyledRequest:
    style = {}
    for field in data.keys() & StyledRequest.model_fields.keys():
        with suppress(ValidationError):
            style[field] = getattr(StyledRequest.model_validate({field: data[field]}), field)
    return StyledRequest.model_validate(style | ({"profile": profile} if profile else {}))


def with_pictures_located(scenes: Iterable[SceneBrief], folder: Path) -> tuple[SceneBrief, ...]:
    """Return the scenes with absolute paths of their files.

    A relative path counts from the file's folder, or else from the working directory.
    """
    return tuple(_located(brief, folder) for brief in scenes)


def place_of(folder: Path, file: str) -> str:
    """Return the whole path of a file that is in `folder` or the working directory.

    If it is in neither, the path is in `folder`.
    """
    beside = folder / file
    return str((beside if is_there(beside) or not is_there(Path(file)) else Path(file)).absolute())


def _problems_of_scenes(data: Any, folder: Path, check: SceneCheck) -> Iterator[Problem]:
    """Yield the faults of each scene, also if the file or the scene has others."""
    scenes = data.get("scenes")
    for place, scene in enumerate(scenes if isinstance(scenes, list) else ()):
        if not isinstance(scene, dict):
            continue
        for location, sentence in _problems_of_scene(scene, folder, check):
            yield ("scenes", place, *location), sentence


def _problems_of_scene(scene: dict[str, Any], folder: Path, check: SceneCheck) -> Iterator[Problem]:
    try:
        brief = _located(SceneBrief.model_validate(scene), folder)
    except ValidationError:
        yield from _problems_of_content(scene)
    else:
        yield from check(brief)


def _problems_of_content(scene: dict[str, Any]) -> Iterator[Problem]:
    """Yield the faults of a content.

    A scene without a name is checked no further, but its content is.
    """
    name = template_named(scene.get("template"))
    if name and isinstance(scene.get("content"), dict):
        kind = content_model(name)
        try:
            kind.model_validate(scene["content"])
        except ValidationError as error:
            for location, sentence in problems_of(error, kind):
                yield ("content", *location), sentence


def _located(brief: SceneBrief, folder: Path) -> SceneBrief:
    located = brief.model_copy(update={"files": tuple(place_of(folder, file) for file in brief.files)})
    named = {place: place_of(folder, path) for place, path in pictures_named(brief.template, brief.content)}
    return located.model_copy(update={"content": with_pictures(brief.content, named)}) if named else located
