"""Panels that a person gives: pictures in a folder, each named after its shot or after the shot's number."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from callsheet.errors import InvalidRequest
from callsheet.sources.picture_folder import pictures_in

FIELD = "panels"
_PREFIX = re.compile(r"(?:shot|panel|scene|frame)?[\s_-]*(?=\d)", re.IGNORECASE)


@dataclass(frozen=True)
class PanelFolder:
    """The panels of a folder by the names of their files, and sentences about files that are left out."""

    panels: Mapping[str, Path]
    remarks: tuple[str, ...]


def panels_in(folder: Path) -> PanelFolder:
    """Return the pictures of a folder, each by the name or the number of its shot: `1.3.png`, `shot 07.jpg`.

    Raises:
        InvalidRequest: about `panels`; there is no such folder, it has no picture, or one can't be taken.
    """
    try:
        found = pictures_in(folder)
    except InvalidRequest as error:
        raise InvalidRequest(str(error.args[0]), FIELD) from None
    if not found.pictures:
        raise InvalidRequest(f"“{folder}” has no pictures; name them after their shots, as in 1.3.png", FIELD)
    panels: dict[str, Path] = {}
    for path in found.pictures:
        name = _PREFIX.sub("", path.stem, count=1) or path.stem
        if name in panels:
            raise InvalidRequest(f"“{panels[name].name}” and “{path.name}” are both for shot {name}; keep one", FIELD)
        panels[name] = path
    return PanelFolder(panels, found.remarks)


def panels_of_shots(panels: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return the panels by the names of their shots. A number that is no name is the place in the list, from 1.

    Raises:
        InvalidRequest: about `panels`; there is no such shot, or a shot has two.
    """
    known = set(names)
    found: dict[str, str] = {}
    for given, file in panels.items():
        place = int(given) if given.isdecimal() else 0
        name = given if given in known else names[place - 1] if 1 <= place <= len(names) else ""
        if not name:
            raise InvalidRequest(
                f"“{given}” is neither the name nor the number of a shot; there are {', '.join(names[:20])}", FIELD
            )
        if name in found:
            raise InvalidRequest(f"shot {name} has two pictures; keep one", FIELD)
        found[name] = file
    return found
