"""The picture files that contents name, by their places in plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from callsheet.model.content.base import TemplateName
from callsheet.model.problems import Location


def pictures_named(template: object, content: object) -> Iterator[tuple[Location, str]]:
    """Yield each picture file that the plain data of a content names, with its place in it.

    The data may have any shape: it is read before it is checked.
    """
    if not isinstance(content, Mapping):
        return
    if template == TemplateName.PICTURE:
        yield from _path_in(content, ())
    elif template == TemplateName.PEOPLE:
        people = content.get("people")
        for place, person in enumerate(people if isinstance(people, list | tuple) else ()):
            yield from _path_in(person, ("people", place))


def with_pictures(content: Mapping[str, Any], paths: Mapping[Location, str]) -> dict[str, Any]:
    """Return the plain data of a content with other picture files at these places."""
    replaced: dict[str, Any] = _replaced(content, (), paths)
    return replaced


def _path_in(value: object, place: Location) -> Iterator[tuple[Location, str]]:
    path = value.get("path") if isinstance(value, Mapping) else None
    if path:
        yield (*place, "path"), str(path)


def _replaced(value: Any, place: Location, paths: Mapping[Location, str]) -> Any:
    if place in paths:
        return paths[place]
    if isinstance(value, Mapping):
        return {name: _replaced(each, (*place, name), paths) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(each, (*place, number), paths) for number, each in enumerate(value)]
    return value
