"""A shot list that a person gives, as CSV or YAML. It is taken as it is, and never rewritten."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from callsheet.errors import InvalidRequest
from callsheet.model.film.screenplay_analysis import CameraShot
from callsheet.model.problems import problems_of
from callsheet.sources.text_files import read_text

FIELD = "shots"
_MAX_BYTES = 4_000_000
_MAX_SHOTS = 5_000
_SEPARATED_BY_COMMA = {"seen"}
_SEPARATED_BY_SPACE = {"utterances", "waive"}
_READ_ONLY = {"dialogue", "warnings"}
"""Columns that Callsheet writes beside the shots."""


def read_shot_list(path: Path) -> tuple[CameraShot, ...]:
    """Return the shots of a file, in its order.

    Raises:
        InvalidRequest: about `shots`; the file can't be read, or the sentence names the shot and the column.
    """
    text = read_text(path, f"“{path}”", _MAX_BYTES)
    rows = list(_rows_of_yaml(text) if path.suffix.lower() in {".yaml", ".yml"} else _rows_of_csv(text))
    if not rows:
        raise InvalidRequest(f"“{path}” lists no shot; give each a `name` and a `scene`", FIELD)
    if len(rows) > _MAX_SHOTS:
        raise InvalidRequest(f"“{path}” lists {len(rows):,} shots, and at most {_MAX_SHOTS:,} are taken", FIELD)
    shots = []
    for number, row in enumerate(rows, start=1):
        try:
            shots.append(CameraShot.model_validate(row))
        except ValidationError as error:
            location, sentence = problems_of(error, CameraShot)[0]
            column = ".".join(map(str, location))
            raise InvalidRequest(f"shot {row.get('name') or number}: `{column}` {sentence}", FIELD) from None
    names = [shot.name for shot in shots]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise InvalidRequest(f"two shots have the name “{twice}”; give each a name that no other has", FIELD)
    return tuple(shots)


def _rows_of_csv(text: str) -> Iterator[dict[str, Any]]:
    """Yield the filled cells of each row; the first row names the columns."""
    try:
        for row in csv.DictReader(text.splitlines(keepends=True)):
            cells = {(name or "").strip().casefold(): cell for name, cell in row.items() if isinstance(cell, str)}
            yield _fields({name: _unquoted(cell.strip()) for name, cell in cells.items() if cell.strip()})
    except csv.Error as error:
        raise InvalidRequest(f"the table can't be read: {error}; save it as CSV with commas", FIELD) from None


def _unquoted(cell: str) -> str:
    """Return a cell without the sign that keeps spreadsheets from taking it for a formula."""
    return cell[1:] if cell[:2] in {"'=", "'+", "'@", "'-"} else cell


def _rows_of_yaml(text: str) -> Iterator[dict[str, Any]]:
    """Yield each shot of a list, or of the list `shots`."""
    try:
        given = yaml.load(text, yaml.BaseLoader)  # 2.10 is a name here, and no number
    except (yaml.YAMLError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else "it is nested too deep"
        raise InvalidRequest(f"the YAML can't be read: {first}", FIELD) from None
    shots = given.get("shots") if isinstance(given, Mapping) else given
    if not isinstance(shots, list) or not all(isinstance(shot, Mapping) for shot in shots):
        raise InvalidRequest("a shot list in YAML is a list of shots, each with `name` and `scene`", FIELD)
    yield from (_fields({str(name): value for name, value in shot.items()}) for shot in shots)


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in row.items():
        if name in _READ_ONLY:
            continue
        if isinstance(value, str) and name in _SEPARATED_BY_COMMA:
            fields[name] = [part.strip() for part in value.split(",") if part.strip()]
        elif isinstance(value, str) and name in _SEPARATED_BY_SPACE:
            fields[name] = value.replace(",", " ").split()
        else:
            fields[name] = str(value) if name == "name" else value
    return fields
