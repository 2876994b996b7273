"""Code, commands, formulas, figures and quotes as scenes: they are shown as they are, and a sentence says what for."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from callsheet.model.content import TemplateName
from callsheet.model.film.document import CodeBlock, CommandBlock, CommandEntry, FigureBlock, FormulaBlock, QuoteBlock
from callsheet.model.requests.storyboard import StoryboardLine
from callsheet.writing.storyboard.drafts import BlockSpot, SceneDraft, Telling
from callsheet.writing.storyboard.sentences import (
    first_sentence,
    has_address,
    is_balanced,
    outlasts,
    shown_form,
    word_count,
    written,
)

_CODE_LINES, _CODE_COLUMNS = 18, 72
_LEAST_CODE_LINES = 3
_ENTRIES, _COMMAND_COLUMNS, _OUTPUT_LINES = 8, 76, 3
_REMARKS, _REMARK_WORDS = 4, 14
_FORMULAS = 6
_CAPTION_WORDS = (3, 40)
_QUOTE_WORDS = (4, 60)
_NO_CODE = {"text", "txt", "mermaid", "console", "output", "plain", "diff", "dot", "tree", "ascii"}
_DRAWN = re.compile("[\u2500-\u257f]|\\+--|-->|==>")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,24}")
_PROGRESS_BAR = re.compile(r"\s*[-=#>█▓░▒|\[\]]{3,}\s*(?:100\s?%)?\s*")
"""What a command draws while it works, as in “---> 100%”."""
_REMARK = re.compile(r"^\s*(?:#|//|--)\s+(\S.*?)\s*$")
_LABEL = re.compile(
    r"^(?:(?:fig(?:ure)?|abb(?:ildung)?|table|tab(?:elle)?|bild|image)\b\.?\s*|[图表]\s*)[A-Z]?\d[\d.]*[a-z]?\s*"
    r"(?:[:：]|[.—](?!\s*\d)|[–-]\s(?!\s*\d))\s*(?=\S)",
    re.IGNORECASE,
)
"""By what a page names a picture, as “Fig. 1:”: a film has no page. “Figure 3.2 shows” is a sentence and has none."""
_NO_CAPTION = re.compile(
    r"\b(?:logo|badge|ad|advert|advertisement|banner|icon|avatar|screenshot|image|picture|figure)\b\.?$", re.IGNORECASE
)

_ONLY_APPEARS = re.compile(
    r"(?:(?:the|la|le|der|die|das|une?|an?) |l['’])?(?:\w+ )?"
    r"(?:following|next|suivante?|folgende[rs]?|nächste[rs]?)\b.{0,24}"
    r" (?:appears?|(?:is|are) (?:shown|displayed)|opens|apparaît|s['’](?:affiche|ouvre)|erscheint|öffnet sich)",
    re.IGNORECASE,
)
"""A sentence before a picture that says nothing of it, as “The following page appears”."""


def draft_of_code(block: CodeBlock, spot: BlockSpot, telling: Telling) -> SceneDraft | None:
    """Return code with the lines to look at; None if it is too wide, or if nothing introduces it."""
    if block.language in _NO_CODE or _DRAWN.search(block.text):
        return None
    code = _beginning(textwrap.dedent(block.text.expandtabs(4)).strip("\n"))
    steps = list(_steps(code))
    # Code that entered after the sentence about it would leave the picture empty for as long as that is heard.
    lines = [line.model_copy(update={"at": "code"}) for line in spot.opening(telling, "code")]
    lines += [spot.line(telling, step["note"], f"steps.{place}") for place, step in enumerate(steps)]
    if not code or not lines:
        return None
    content: dict[str, Any] = {**spot.title, "code": code}
    content |= {"language": block.language} if _LANGUAGE.fullmatch(block.language) else {}
    content |= {"steps": steps} if steps else {}
    return spot.draft(TemplateName.CODE, content, lines, 0.6 + 0.4 * bool(spot.lead) + 0.3 * bool(steps))


def draft_of_commands(
    blocks: Sequence[tuple[CommandBlock, StoryboardLine | None]], spot: BlockSpot, telling: Telling
) -> SceneDraft | None:
    """Return the commands of a part as they are typed, with the sentences that introduce them.

    A block that nothing introduces is left out, if another one is introduced. None if the first command is too long.
    """
    entries: list[dict[str, str]] = []
    lines: list[StoryboardLine] = []
    is_introduced = any(lead for _, lead in blocks)
    for block, lead in blocks:
        shown, said = _session(block, len(entries), telling)
        if len(entries) + len(shown) > _ENTRIES or (is_introduced and not lead and not said):
            continue
        if lead and shown:
            is_told = bool(said) and said[0].at == f"entries.{len(entries)}"
            is_told = (is_told and bool(lines)) or lead.text in (line.text for line in lines)
            said = said if is_told else [lead.model_copy(update={"at": f"entries.{len(entries)}"}), *said]
        entries += shown
        lines += said
    if entries and not lines:
        lines = [line.model_copy(update={"at": "entries.0"}) for line in spot.opening(telling, "entries.0")]
    if not entries or not lines:
        return None
    content = {**spot.title, "entries": entries}
    return spot.draft(TemplateName.TERMINAL, content, lines, 0.9 + 0.3 * is_introduced, entries[0]["text"])


def _session(block: CommandBlock, first: int, telling: Telling) -> tuple[list[dict[str, str]], list[StoryboardLine]]:
    """Return the entries of a terminal for a block, and what its comments say; nothing if a command is too long."""
    entries: list[dict[str, str]] = []
    lines = []
    for entry in block.entries:
        command = entry.command.strip()
        if not command or max(map(len, command.splitlines())) > _COMMAND_COLUMNS:
            return [], []
        if remark := _remark(entry):
            at = f"entries.{first + len(entries)}"
            lines.append(StoryboardLine(text=telling.sentence(remark), at=at, places=(block.place,)))
        entries.append({"kind": "input", "text": command})
        answer = "\n".join(line for line in entry.output.splitlines() if not _PROGRESS_BAR.fullmatch(line)).strip("\n")
        output = answer.rstrip().splitlines()
        if output and len(output) <= _OUTPUT_LINES and max(map(len, output)) <= _COMMAND_COLUMNS:
            entries.append({"kind": "output", "text": "\n".join(output)})
    return entries, lines


def draft_of_formulas(blocks: Sequence[FormulaBlock], spot: BlockSpot) -> SceneDraft | None:
    """Return one formula, or several as a derivation, under the sentence that introduces the first."""
    sources = [" ".join(block.source.split()) for block in blocks if block.notation == "latex"][:_FORMULAS]
    if not sources or not spot.lead:
        return None
    if len(sources) == 1:
        line = spot.lead.model_copy(update={"at": "steps.0"})
        return spot.draft(TemplateName.EQUATION, {**spot.title, "steps": sources}, [line], 1.4)
    line = spot.lead.model_copy(update={"at": "lines.0"})
    content = {**spot.title, "lines": [{"formula": source} for source in sources]}
    return spot.draft(TemplateName.DERIVATION, content, [line], 1.4)


def draft_of_figure(block: FigureBlock, spot: BlockSpot, telling: Telling) -> SceneDraft | None:
    """Return a picture that the document holds, with its caption, else with the sentence that introduces it.

    None if neither says something.
    """
    path = telling.pictures.get(block.digest or "")
    if spot.lead and _ONLY_APPEARS.fullmatch(spot.lead.text.rstrip(".:")):
        spot = replace(spot, lead=None)
    if path and spot.lead and not (block.caption.text or block.alternative) and (shown := shown_form(spot.lead.text)):
        content = {**spot.title, **_whole(path), "caption": shown}
        return spot.draft(TemplateName.PICTURE, content, [spot.lead.model_copy(update={"at": "caption"})], 1.4, shown)
    written_caption = written(block.caption) or " ".join(block.alternative.split())
    label = _LABEL.match(written_caption)
    caption = first_sentence(written_caption[label.end() :] if label else written_caption, telling.language)
    shown = shown_form(caption)
    least, most = _CAPTION_WORDS
    # Few words may be the name of a file, unless a label says that they are a caption.
    is_long_enough = label or word_count(caption) >= least
    if not path or not shown or not is_long_enough or word_count(caption) > most or not is_balanced(caption):
        return None
    if has_address(caption) or _NO_CAPTION.search(caption):
        return None
    lines = [spot.line(telling, caption, "caption")]
    if spot.lead and not outlasts(spot.lead.text, ""):
        lines.insert(0, spot.lead.model_copy(update={"at": "path"}))
    content = {**spot.title, **_whole(path), "caption": shown}
    return spot.draft(TemplateName.PICTURE, content, lines, 1.4, shown)


def _whole(path: Path) -> dict[str, Any]:
    """Return a picture that stays whole: plots and screenshots have words at their edges, which a zoom cuts off."""
    return {"path": str(path), "zoom": False}


def draft_of_quote(block: QuoteBlock, spot: BlockSpot, telling: Telling) -> SceneDraft | None:
    """Return a quotation and the person who said it; None if it is too long, or if the document names no person."""
    quote = written(block.prose).strip('“”"„')
    speaker = " ".join(block.by_whom.split())
    least, most = _QUOTE_WORDS
    if not speaker or not least <= word_count(quote) <= most or has_address(f"{quote} {speaker}"):
        return None
    lines = [spot.line(telling, quote, "quote"), spot.line(telling, speaker, "speaker")]
    return spot.draft(TemplateName.QUOTE, {"quote": quote, "speaker": speaker[:120]}, lines, 0.8, speaker)


def _beginning(code: str) -> str:
    """Return code that fits into a picture: all of it, or its first paragraphs; empty if there is no such beginning."""
    lines = code.splitlines()
    if lines and max(map(len, lines[:_CODE_LINES])) > _CODE_COLUMNS:
        return ""
    if len(lines) <= _CODE_LINES:
        return code
    ends = [
        place
        for place in range(_LEAST_CODE_LINES, _CODE_LINES + 1)
        if not lines[place].strip() and not lines[place + 1].startswith((" ", "\t"))
    ]
    return "\n".join(lines[: ends[-1]]) if ends else ""


def _steps(code: str) -> Iterator[dict[str, Any]]:
    """Yield the comments of code that say what the lines under them do, with these lines."""
    lines = code.splitlines()
    found = [(place, remark[1]) for place, line in enumerate(lines) if (remark := _REMARK.match(line))]
    told = [
        (place, note)
        for place, note in found
        if 2 <= word_count(note) <= _REMARK_WORDS
        and note[0].isupper()
        and "..." not in note
        and not has_address(note)
        and is_balanced(note)
    ]
    starts = [place for place, _ in found]
    for place, note in told[:_REMARKS]:
        blank = (each for each in range(place + 1, len(lines)) if not lines[each].strip())
        end = min(next(blank, len(lines)), next((each for each in starts if each > place), len(lines)))
        if end > place + 1:
            yield {"first": place + 1, "last": end, "note": note}


def _remark(entry: CommandEntry) -> str:
    """Return the comment above a command as a sentence; empty if it says nothing to the ear."""
    remark = " ".join(entry.remark.split()).strip("# ")
    if has_address(remark) or not 2 <= word_count(remark) <= 30 or not remark[0].isalpha():
        return ""
    return remark[0].upper() + remark[1:]
