"""`callsheet board SCRIPT`: plan the shots of a screenplay, of all its scenes or of a trailer."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli.documents import shortened
from callsheet.cli.failures import sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import eye, print_json
from callsheet.cli.screenplays import open_screenplay

if TYPE_CHECKING:
    from callsheet.model.film.screenplay import Screenplay
    from callsheet.model.film.screenplay_analysis import (
        CameraShot,
        FilmCharacter,
        FilmScene,
        GrammarFinding,
        ScreenplayAnalysis,
        TrailerScene,
    )

SHOT_LIST, CALL_SHEET, PAGES = "shots.csv", "call_sheet.csv", "board.pdf"


class BoardMode(StrEnum):
    """Which scenes are planned."""

    FULL = "full"
    TRAILER = "trailer"


ModeOption = Annotated[BoardMode, typer.Option("--mode", help="All scenes, or a trailer.")]
ScenesOption = Annotated[str, typer.Option("--scenes", metavar="3,5-7", help="These scenes alone.")]
EndingOption = Annotated[bool, typer.Option("--ending", help="A trailer may show the last scenes.")]
ShotsOption = Annotated[
    Path | None, typer.Option("--shots", help="Your own shot list (CSV or YAML), which is taken as it is.")
]


@dataclass(frozen=True)
class _Board:
    """The plan of a film."""

    analysis: "ScreenplayAnalysis"
    scenes: "tuple[FilmScene, ...]"
    shots: "tuple[CameraShot, ...]"
    findings: "tuple[GrammarFinding, ...]"
    trailer: "tuple[TrailerScene, ...]"
    unspoken: tuple[str, ...] = ()
    """What is said in no shot of a person's list: a sentence each."""

    @property
    def length_s(self) -> float:
        return sum(shot.length_s for shot in self.shots)


def board(
    script: Annotated[Path, typer.Argument(help="A screenplay in Fountain, Final Draft (FDX), indented text, or PDF.")],
    mode: ModeOption = BoardMode.FULL,
    length: Annotated[
        float, typer.Option("--length", metavar="SECONDS", min=5, max=600, help="How long a trailer is.")
    ] = 60.0,
    scenes: ScenesOption = "",
    ending: EndingOption = False,
    shots: ShotsOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help=f"Folder for {SHOT_LIST}, {CALL_SHEET} and {PAGES}.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with everything.")] = False,
) -> None:
    """Plan the shots of a screenplay: shot list, call sheet, and warnings of film grammar.

    With `--out`, it also draws a panel for each shot. It needs no language model and no server. Each `[[SHOT …]]` note
    of the screenplay is a shot as it says.
    """
    with sentences(as_json, lambda: {"screenplay": str(script)}), tidying_up():
        screenplay = asyncio.run(open_screenplay(script))
        eye.doing = "planning"
        found = _board_of(screenplay, shots, mode, length, scenes, with_ending=ending)
        files = write_board(found.analysis, found.shots, found.findings, out) if out else []
        if as_json:
            print_json(_facts_of(found, files))
        else:
            for line in _lines(found, files):
                typer.echo(line)


def _board_of(
    screenplay: "Screenplay", own: Path | None, mode: BoardMode, length_s: float, wanted: str, *, with_ending: bool
) -> _Board:
    from callsheet.sources.screenplays.shot_list_file import read_shot_list
    from callsheet.writing.screenplay.film_grammar import check_shots, find_unspoken
    from callsheet.writing.screenplay.script_facts import analyse
    from callsheet.writing.screenplay.shot_rules import plan_shots
    from callsheet.writing.screenplay.trailer import choose_trailer, scenes_in

    analysis = analyse(screenplay)
    shots = read_shot_list(own) if own else plan_shots(screenplay, analysis)
    trailer: tuple[TrailerScene, ...] = ()
    utterances = analysis.utterances
    if wanted:
        numbers = set(scenes_in(wanted, len(analysis.scenes)))
        shots = tuple(shot for shot in shots if shot.scene in numbers)
        utterances = tuple(each for each in utterances if each.scene in numbers)
    unspoken = find_unspoken(shots, utterances) if own else ()
    if mode is BoardMode.TRAILER:
        chosen = choose_trailer(analysis, shots, length_s, with_ending=with_ending or bool(wanted))
        trailer, shots = chosen.scenes, chosen.shots
    shown = {shot.scene for shot in shots}
    scenes = tuple(scene for scene in analysis.scenes if scene.number in shown)
    return _Board(analysis, scenes, shots, check_shots(shots, analysis.utterances), trailer, unspoken)


def write_board(
    analysis: "ScreenplayAnalysis",
    shots: "Sequence[CameraShot]",
    findings: "Sequence[GrammarFinding]",
    folder: Path,
    pictures: "Mapping[str, Path] | None" = None,
) -> list[Path]:
    """Write the shot list, the call sheet and the pages of a board into a folder; return their paths.

    `pictures` has the panels that a person gave, by the names of their shots.
    """
    from callsheet.media.board_pages import board_pdf
    from callsheet.writing.screenplay.board_tables import call_sheet_csv, shot_list_csv

    folder.mkdir(parents=True, exist_ok=True)
    shown = {shot.scene for shot in shots}
    tables = {
        folder / SHOT_LIST: shot_list_csv(shots, findings, analysis),
        folder / CALL_SHEET: call_sheet_csv(analysis, tuple(each for each in analysis.scenes if each.number in shown)),
    }
    for path, table in tables.items():
        path.write_text(table, encoding="utf-8")
    eye.doing = "drawing"
    pages = folder / PAGES
    pages.write_bytes(board_pdf(analysis, shots, findings, pictures or {}))
    return [*tables, pages]


def _facts_of(board: _Board, files: Sequence[Path]) -> dict[str, Any]:
    return {
        "ok": True,
        "title": board.analysis.title,
        "length_s": round(board.length_s, 2),
        **board.analysis.model_dump(mode="json", include={"characters", "settings", "utterances"}),
        "scenes": [scene.model_dump(mode="json") for scene in board.scenes],
        "shots": [shot.model_dump(mode="json", exclude_defaults=True) for shot in board.shots],
        "trailer": [scene.model_dump(mode="json") for scene in board.trailer],
        "warnings": [finding.model_dump(mode="json") for finding in board.findings],
        "unspoken": board.unspoken,
        "files": [str(path) for path in files],
    }


def _lines(board: _Board, files: Sequence[Path]) -> Iterator[str]:
    minutes, seconds = divmod(round(board.length_s), 60)
    scenes, shots = len(board.scenes), len(board.shots)
    yield (
        f"{board.analysis.title}: {scenes} scene{'s' * (scenes != 1)}, {shots} shot{'s' * (shots != 1)}, "
        f"{minutes}:{seconds:02}"
    )
    yield ""
    yield from character_lines(board.analysis)
    reasons = {each.scene: each.reason for each in board.trailer}
    for scene in board.scenes:
        yield ""
        why = reasons.get(scene.number) or "; ".join(scene.reasons)
        yield f"{scene.scene_number or scene.number}  {scene.heading}  (day {scene.day}{f'; {why}' if why else ''})"
        yield from _shot_lines(board, scene.number)
    yield from (f"Warning: {sentence}" for sentence in board.unspoken)
    yield from (f"Written: {path}" for path in files)


def character_lines(analysis: "ScreenplayAnalysis") -> Iterator[str]:
    """Yield a line for each character, with the words about its looks."""
    yield from map(_character_line, analysis.characters)


def _character_line(character: "FilmCharacter") -> str:
    quote = character.looks[0] if character.looks else None
    looks = f"“{shortened(quote.text)}” (line {quote.line})" if quote else f"first at line {character.first_line}"
    return f"{character.name:<16} {character.speeches:>3} speeches  {looks}"


def _shot_lines(board: _Board, scene: int) -> Iterator[str]:
    said = {each.number: each for each in board.analysis.utterances}
    for shot in (shot for shot in board.shots if shot.scene == scene):
        words = " / ".join(f"{said[n].character}: {said[n].text}" for n in shot.utterances if n in said)
        yield (
            f"  {shot.name:<6} {shot.size:<13} {shot.movement:<9} {shot.length_s:>5.1f} s  "
            f"{shortened(words or shot.action)}"
        )
        for finding in board.findings:
            if finding.shot == shot.name:
                yield f"         warning, {finding.rule}: {finding.sentence}"
