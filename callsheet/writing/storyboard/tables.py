"""Tables as scenes: a chart, numbers to remember, or a comparison, by what stands in their cells."""

import re
from dataclasses import dataclass
from typing import Any

from callsheet.model.content import TemplateName
from callsheet.model.film.document import TableBlock
from callsheet.model.film.narration import primary
from callsheet.writing.storyboard.phrases import Phrases
from callsheet.writing.storyboard.sentences import has_address, word_count, written

Shaped = tuple[TemplateName, dict[str, Any], list[tuple[str, str]]]
"""A template, its content, and what is said at which part of it."""

_NUMBER = re.compile(r"^[~≈<>≤≥±]?\s*([+\-−]?\d[\d.,\u202f\u00a0' ]*)\s*(\D{0,12})$")
_UNIT_OF_HEADER = re.compile(r"[(\[]([^()\[\]]{1,12})[)\]]\s*$|,\s*(\S{1,10})$")
_SEVERAL = re.compile(r"^(thousand|million|billion|trillion)s$", re.IGNORECASE)
"""A unit that behind a number has no s."""
_MOST_BARS = 12
_MOST_STATISTICS = 4
_LABEL = 40
_CELL = 60
_POINT_COLUMNS = 3
_MOST_COMPARED = 5


@dataclass(frozen=True)
class TableView:
    """A table as plain text: its header, its rows, and the column with most words beside the first."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    language: str
    wordiest: int

    @classmethod
    def of(cls, block: TableBlock, language: str) -> "TableView":
        """Return the view of a table without its empty rows."""
        header = tuple(written(cell) for cell in block.header)
        rows = tuple(row for row in (tuple(written(cell) for cell in row) for row in block.rows) if row and row[0])
        columns = len(rows[0]) if rows else 0
        words = [sum(word_count(row[column]) for row in rows if column < len(row)) for column in range(1, columns)]
        most = max(words, default=0)
        return cls(header, rows, language, words.index(most) + 1 if most else 0)

    def name(self, column: int) -> str:
        """Return the name of a column; empty if it has none."""
        return self.header[column] if column < len(self.header) else ""

    def column(self, column: int) -> list[str]:
        """Return the cells of a column."""
        return [row[column] if column < len(row) else "" for row in self.rows]


def chart_of(view: TableView, title: str, phrases: Phrases | None) -> Shaped | None:
    """Return a chart of the first column of numbers that have one unit."""
    labels = view.column(0)
    if (
        not 3 <= len(labels) <= _MOST_BARS
        or any(len(label) > _LABEL for label in labels)
        or len(set(labels)) < len(labels)
    ):
        return None
    for column in range(1, len(view.rows[0])):
        read = [_measured(cell, view.language) for cell in view.column(column)]
        found = [each for each in read if each]
        if len(found) < len(read) or len({unit for _, unit in found}) > 1:
            continue
        values = [value for value, _ in found]
        if len(set(values)) < 2 or min(values) < 0 < max(values):
            continue
        in_header = _UNIT_OF_HEADER.search(view.name(column))
        unit = found[0][1] or (next(filter(None, in_header.groups())) if in_header else "")
        is_line = all(re.fullmatch(r"\d{4}", label) for label in labels) and len(labels) > 3
        top, least = values.index(max(values)), values.index(min(values))
        said_unit = _SEVERAL.sub(r"\1", unit)
        cells = [cell if found[0][1] else f"{cell} {said_unit}".strip() for cell in view.column(column)]
        highest = f"{labels[top]}: {cells[top]}"
        lowest = ""
        if phrases:
            highest = phrases.highest.format(name=labels[top], value=cells[top])
            lowest = phrases.lowest.format(name=labels[least], value=cells[least])
        data = [
            {"label": label, "value": value, **({"highlight": True} if place == top and not is_line else {})}
            for place, (label, value) in enumerate(zip(labels, values, strict=True))
        ]
        measured = _UNIT_OF_HEADER.sub("", view.name(column)).strip()
        heading = title if measured.lower() in title.lower() else ": ".join(filter(None, (title, measured)))
        content = {"data": data, "kind": "line" if is_line else "bar"}
        content |= {"title": heading[:160]} if heading else {}
        content |= {"unit": unit} if unit else {}
        said = [(f"data.{place}", phrase) for place, phrase in sorted(((top, highest), (least, lowest))) if phrase]
        return TemplateName.CHART, content, said
    return None


def statistics_of(view: TableView, title: str) -> Shaped | None:
    """Return numbers to remember, if a table has few rows of two cells with a number each."""
    if not 2 <= len(view.rows) <= _MOST_STATISTICS or any(len(row) != 2 for row in view.rows):
        return None
    for number, label in ((1, 0), (0, 1)):
        cells, labels = view.column(number), view.column(label)
        if all(_measured(cell, view.language) and len(cell) <= 24 for cell in cells) and all(labels):
            numbers = [{"value": cell, "label": name} for cell, name in zip(cells, labels, strict=True)]
            content = {"statistics": numbers, **({"title": title} if title else {})}
            said = [
                (f"statistics.{place}", f"{name}: {cell}")
                for place, (cell, name) in enumerate(zip(cells, labels, strict=True))
            ]
            return TemplateName.STATISTICS, content, said
    return None


def comparison_of(view: TableView, title: str) -> Shaped | None:
    """Return two columns side by side, if a table has three named columns of short cells."""
    if len(view.header) != _POINT_COLUMNS or not 2 <= len(view.rows) <= _MOST_COMPARED or not all(view.header[1:]):
        return None
    if any(len(row) < _POINT_COLUMNS or not all(row) or max(map(len, row)) > _CELL for row in view.rows):
        return None
    if has_address(" ".join(" ".join(row) for row in view.rows)):
        return None
    sides = [
        {"heading": view.header[column], "points": [f"{row[0]}: {row[column]}" for row in view.rows]}
        for column in (1, 2)
    ]
    content = {"left": sides[0], "right": sides[1], **({"title": title} if title else {})}
    said = [
        (side, f"{view.header[column]}: {_spoken_column(view, column)}") for side, column in (("left", 1), ("right", 2))
    ]
    return TemplateName.COMPARISON, content, said


def _spoken_column(view: TableView, column: int) -> str:
    """Return the cells of a column, each after the name of its row."""
    return "; ".join(f"{row[0]}{':' if word_count(row[column]) > 2 else ''} {row[column]}" for row in view.rows)


def _measured(cell: str, language: str) -> tuple[float, str] | None:
    """Return the number of a cell and its unit; None if it holds anything else."""
    found = _NUMBER.match(cell.strip())
    if not found:
        return None
    digits = re.sub(r"[\u202f\u00a0' ]", "", found[1]).replace("−", "-").rstrip(".,")
    if primary(language) in {"de", "es", "it", "nl", "pt", "fr", "pl", "cs", "ru", "tr", "da", "sv", "nb", "fi"}:
        digits = digits.replace(".", "").replace(",", ".") if "," in digits or digits.count(".") > 1 else digits
    else:
        digits = digits.replace(",", "")
    try:
        return float(digits), found[2].strip()
    except ValueError:
        return None
