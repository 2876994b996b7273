"""The tables of a board: the shot list and the call sheet as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from callsheet.model.film.screenplay_analysis import CameraShot, FilmScene, GrammarFinding, ScreenplayAnalysis

SHOT_COLUMNS = (
    *("name", "scene", "size", "angle", "movement", "action", "seen", "looks", "moves", "dress", "utterances"),
    *("length_s", "line", "waive"),
)
_LISTS = {"seen": ", ", "utterances": " ", "waive": " "}


def shot_list_csv(shots: Sequence[CameraShot], findings: Sequence[GrammarFinding], analysis: ScreenplayAnalysis) -> str:
    """Return the shot list with what is said and the warnings; `shot_list_file` reads it again."""
    said = {each.number: each for each in analysis.utterances}
    warnings: dict[str, list[str]] = {}
    for each in findings:
        warnings.setdefault(each.shot, []).append(f"{each.rule}: {each.sentence}")
    rows = (
        [
            *(_cell(shot, column) for column in SHOT_COLUMNS),
            " / ".join(f"{said[n].character}: {said[n].text}" for n in shot.utterances if n in said),
            " / ".join(warnings.get(shot.name, ())),
        ]
        for shot in shots
    )
    return _csv((*SHOT_COLUMNS, "dialogue", "warnings"), rows)


def _cell(shot: CameraShot, column: str) -> str:
    value = getattr(shot, column)
    if column in _LISTS:
        return _LISTS[column].join(map(str, value))
    return "" if value is None else f"{value:g}" if column == "length_s" else str(value)


def call_sheet_csv(analysis: ScreenplayAnalysis, scenes: Iterable[FilmScene]) -> str:
    """Return who is needed where, by place and day of the story, and with which props."""
    groups: dict[tuple[str, int, str], list[FilmScene]] = {}
    for scene in scenes:
        groups.setdefault((scene.place, scene.day, scene.time), []).append(scene)
    places = list(dict.fromkeys(place for place, _, _ in groups))
    dress = {each.name: each.looks[0].text for each in analysis.characters if each.looks}
    rows = []
    for (place, day, time), same in sorted(groups.items(), key=lambda each: (places.index(each[0][0]), each[0][1])):
        who = dict.fromkeys(name for scene in same for name in scene.characters)
        rows.append(
            [
                place,
                same[0].inside.value,
                str(day),
                time,
                ", ".join(scene.scene_number or str(scene.number) for scene in same),
                ", ".join(who),
                ", ".join(dict.fromkeys(prop for scene in same for prop in scene.props)),
                " / ".join(dress[name] for name in who if name in dress),
            ]
        )
    return _csv(("place", "inside", "day", "time", "scenes", "characters", "props", "looks and wardrobe"), rows)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "@"} or (cell[:1] == "-" and not cell[1:2].isdigit()) else cell
