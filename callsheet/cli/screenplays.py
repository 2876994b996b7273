"""`callsheet screenplay SCRIPT`: show what is read in a screenplay."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli.documents import shortened
from callsheet.cli.failures import sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import eye, print_json

if TYPE_CHECKING:
    from callsheet.model.film.screenplay import Screenplay

MAX_SHOWN_SCENES = 60
MAX_SHOWN_CHARACTERS = 30
_COUNTED = (
    ("heading", "heading"),
    ("action", "action"),
    ("character", "speech"),
    ("parenthetical", "parenthetical"),
    ("lyric", "lyric"),
    ("transition", "transition"),
    ("centred", "centred line"),
    ("note", "note"),
    ("section", "section"),
    ("synopsis", "synopsis"),
    ("page-break", "page break"),
)


def screenplay(
    script: Annotated[Path, typer.Argument(help="A file in Fountain, Final Draft (FDX), indented text, or PDF.")],
    parts: Annotated[bool, typer.Option("--parts", help="Show the beginning of each part, with its line.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with all parts.")] = False,
) -> None:
    """Show what Callsheet reads in a screenplay: scenes, characters, words, what it left out.

    The words that were read and left out are counted, and so are those of the file.
    """
    with sentences(as_json, lambda: {"screenplay": str(script)}), tidying_up():
        found = asyncio.run(open_screenplay(script))
        if as_json:
            print_json(_facts_of(found))
        else:
            for line in _lines(found, all_parts=parts):
                typer.echo(line)


async def open_screenplay(script: Path) -> "Screenplay":
    """Read a screenplay behind the fence, and say how far it is."""
    from callsheet.disk import check_home
    from callsheet.scratch import scratch_dir
    from callsheet.settings import settings
    from callsheet.sources.screenplays.screenplay_reader import read_screenplay
    from callsheet.stage.limits import stage_limits

    given = settings()
    check_home(given.home, to_write=True, needs_little=True)

    def tell(count: int) -> None:
        eye.doing = f"reading, {count:,} {'part' if count == 1 else 'parts'} until now"

    eye.doing = "reading"
    with scratch_dir(given.scratch_dir, "screenplay") as folder:
        return await read_screenplay(script, str(script), folder, stage_limits(given), tell)


def _facts_of(screenplay: "Screenplay") -> dict[str, Any]:
    return {
        "ok": True,
        "screenplay": screenplay.origin,
        "format": screenplay.kind,
        "title": screenplay.title,
        "words": screenplay.words,
        "words_in_file": screenplay.source_words,
        "counts": Counter(part.kind for part in screenplay.parts),
        "characters": screenplay.speakers,
        "title_page": [field.model_dump(mode="json") for field in screenplay.title_page],
        "left_out": [each.model_dump(mode="json", exclude_none=True) for each in screenplay.left_out],
        "parts": [
            part.model_dump(mode="json", exclude_defaults=True) | {"kind": part.kind} for part in screenplay.parts
        ],
    }


def _lines(screenplay: "Screenplay", *, all_parts: bool) -> Iterator[str]:
    counts = ((screenplay.count(kind), name) for kind, name in _COUNTED)
    yield f"Title:       {screenplay.title}"
    yield f"Format:      {screenplay.kind}"
    yield f"Words:       {screenplay.words:,} of {screenplay.source_words:,} in the file"
    yield f"Read:        {', '.join(_counted(count, name) for count, name in counts if count)}"
    yield f"Characters:  {_characters(screenplay)}"
    yield ""
    if all_parts:
        yield from (f"{_place(part):>16}  {part.kind:<13}  {_beginning(part)}" for part in screenplay.parts)
    else:
        yield from _headings(screenplay)
    if screenplay.left_out:
        yield ""
    for each in screenplay.left_out:
        yield f"Left out: {each.what}, at {_place(each)}: “{shortened(' '.join(each.text.split()))}”"


def _counted(count: int, name: str) -> str:
    plural = {"speech": "speeches", "synopsis": "synopses"}.get(name, f"{name}s")
    return f"{count:,} {name if count == 1 else plural}"


def _characters(screenplay: "Screenplay") -> str:
    speeches = Counter(part.name for part in screenplay.parts if part.kind == "character")
    shown = [f"{name} ({count})" for name, count in speeches.most_common(MAX_SHOWN_CHARACTERS)]
    more = len(speeches) - len(shown)
    return ", ".join([*shown, *([f"and {more} more"] if more else [])]) or "(none speaks)"


def _headings(screenplay: "Screenplay") -> Iterator[str]:
    headings = [part for part in screenplay.parts if part.kind == "heading"]
    for number, part in enumerate(headings[:MAX_SHOWN_SCENES], start=1):
        yield f"{part.scene_number or number:>4}  {part.text}  ({_place(part)})"
    if len(headings) > MAX_SHOWN_SCENES:
        yield f"… and {len(headings) - MAX_SHOWN_SCENES:,} more scenes"
    if not headings:
        yield "It has no headings."


def _place(part: Any) -> str:
    return f"page {part.page}, line {part.line}" if part.page else f"line {part.line}"


def _beginning(part: Any) -> str:
    if part.kind == "character":
        return " ".join([part.name, *(f"({each})" for each in part.extensions)])
    return shortened(" ".join(part.text.split()))
