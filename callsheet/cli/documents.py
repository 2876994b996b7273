"""`callsheet read DOCUMENT`: show what is read in a document."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli.failures import sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import eye, print_json
from callsheet.model.film.document import DocumentKind

if TYPE_CHECKING:
    from callsheet.model.film.document import Document
    from callsheet.sources.documents.document_reader import OpenedDocument

SHOWN_CHARACTERS = 100
MAX_SHOWN_HEADINGS = 60


def read(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="A file, or an http(s) address.")],
    kind: Annotated[
        str | None, typer.Option("--as", metavar="FORMAT", help="Its format, if its first bytes do not tell it right.")
    ] = None,
    blocks: Annotated[bool, typer.Option("--blocks", help="Show the beginning of each block, with its place.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with all blocks.")] = False,
) -> None:
    """Show what Callsheet reads in a document: outline, blocks, language, words, warnings.

    It reads Markdown, reStructuredText, web pages, PDF, DOCX, PPTX, ODT, EPUB, notebooks, text and captions.
    """
    named = _kind_named(context, kind) if kind else None
    with sentences(as_json, lambda: {"document": document}), tidying_up():
        found = asyncio.run(_open(document, named))
        if as_json:
            print_json({**facts_of(found.document), "notes": found.notes})
        else:
            for line in (*_lines(found.document, all_blocks=blocks), *(("", *found.notes) if found.notes else ())):
                typer.echo(line)


def _kind_named(context: typer.Context, name: str) -> DocumentKind:
    try:
        return DocumentKind(name)
    except ValueError:
        known = ", ".join(f"'{each}'" for each in DocumentKind.all_names())
        raise typer.BadParameter(f"'{name}' is not one of {known}", context, param_hint="'--as'") from None


async def _open(source: str, kind: DocumentKind | None) -> "OpenedDocument":
    from callsheet.disk import check_home
    from callsheet.scratch import scratch_dir
    from callsheet.settings import settings
    from callsheet.sources.documents.document_intake import open_document
    from callsheet.stage.limits import stage_limits

    given = settings()
    check_home(given.home, to_write=True, needs_little=True)

    def tell(count: int) -> None:
        eye.doing = f"reading, {count:,} {'block' if count == 1 else 'blocks'} until now" if count else "reading"

    eye.doing = "reading"
    with scratch_dir(given.scratch_dir, "document") as folder:
        return await open_document(source, folder, stage_limits(given), given.fetch_allowed_hosts, tell, kind)


def facts_of(document: "Document") -> dict[str, Any]:
    """Return what `--json` prints of a document."""
    return {
        "ok": True,
        "document": document.origin,
        "kind": document.kind,
        "title": document.title,
        "language": document.language,
        "words": document.words,
        "characters": document.characters,
        "counts": Counter(block.kind for block in document.blocks),
        "outline": [
            {"level": block.level, "text": block.prose.text, "place": str(block.place)}
            for block in document.blocks
            if block.kind == "heading"
        ],
        "warnings": [{"what": each.what, "place": str(each.place), "text": each.text} for each in document.omissions],
        "blocks": [
            block.model_dump(mode="json", exclude_defaults=True) | {"kind": block.kind} for block in document.blocks
        ],
    }


def _lines(document: "Document", *, all_blocks: bool) -> Iterator[str]:
    counts = Counter(block.kind for block in document.blocks)
    yield f"Title:     {document.title or '(none)'}"
    yield f"Format:    {document.kind}"
    yield f"Language:  {document.language or '(not known)'}"
    yield f"Words:     {document.words:,}"
    yield f"Blocks:    {len(document.blocks):,} ({', '.join(f'{count} {kind}' for kind, count in counts.items())})"
    yield ""
    if all_blocks:
        for block in document.blocks:
            text = " | ".join(" ".join(each.split()) for each in block.texts() if each.strip())
            yield f"{block.place!s:>12}  {block.kind:<9}  {shortened(text)}"
    else:
        yield from _outline(document)
    if document.omissions:
        yield ""
        yield from _warnings(document)


def _outline(document: "Document") -> Iterator[str]:
    headings = [block for block in document.blocks if block.kind == "heading"]
    for block in headings[:MAX_SHOWN_HEADINGS]:
        yield f"{'  ' * (block.level - 1)}{block.prose.text}  ({block.place})"
    if len(headings) > MAX_SHOWN_HEADINGS:
        yield f"… and {len(headings) - MAX_SHOWN_HEADINGS:,} more headings"
    if not headings:
        yield "It has no headings."


def _warnings(document: "Document") -> Iterator[str]:
    """Yield what was left out, each kind of it once."""
    counts = Counter(each.what for each in document.omissions)
    firsts = {each.what: each for each in reversed(document.omissions)}
    for what, count in counts.items():
        first = firsts[what]
        said = f": “{shortened(first.text)}”" if first.text else ""
        yield f"Left out: {what}, {f'{count} times, first ' if count > 1 else ''}at {first.place}{said}"


def shortened(text: str) -> str:
    """Return the beginning of a text that is too long for a line."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
