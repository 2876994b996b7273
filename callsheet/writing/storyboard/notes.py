"""Slides with speaker's notes: the notes are the narration, and each slide shows what it has."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from textwrap import shorten
from typing import Any

from callsheet.model.content import CONTENT_MODELS, TemplateName
from callsheet.model.film.document import (
    Block,
    Document,
    FigureBlock,
    HeadingBlock,
    NarrationBlock,
    ParagraphBlock,
    PlaceUnit,
    SourcePlace,
)
from callsheet.model.requests.storyboard import StoryboardLine
from callsheet.sentences import sentences_of
from callsheet.writing.storyboard.drafts import SceneDraft, Telling
from callsheet.writing.storyboard.part_drafts import drafts_of_part
from callsheet.writing.storyboard.parts import DocumentPart, PartRole
from callsheet.writing.storyboard.ranking import likeness
from callsheet.writing.storyboard.sentences import has_address, shown_form, written

_LEAST_ALIKE = 0.2
_POINTS = 5
_MOST_POINTS = 8
"""Of a slide: its speaker has made room for all of them."""
_LONGEST_HEADING, _LONGEST_AUTHOR = 80, 60
_CUE = re.compile(
    r"\s*[\[(<{]\s*(?:click|next|pause|advance|animat|build|wait|show|demo|klick|weiter)\b[^\])>}]{0,30}[\])>}]",
    re.IGNORECASE,
)
"""A word to the speaker, as “[click]”."""
_TO_DO = re.compile(r"(?:TODO|FIXME|TBD|TBC|XXX)(?:\b(?! [A-Z]{2})|$)|(?i:note to (?:my)?self\b|to do:)")
"""How a speaker reminds themselves of work that is left."""
_DASH = re.compile(r"^(?:[-–—•*·]\s+)+")
_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?: (?:van|von|de|der|den|di|da|la|le|bin|al|[A-ZÀ-Þ][\w.'’-]*)){1,4}"
_PEOPLE = re.compile(rf"(?:(?i:by|von|par|por) )?{_NAME}(?:(?:, | (?:&|and|und|et|y) ){_NAME})*")
"""A line under the title of slides that names who speaks; another one says more about the title."""
Note = tuple[str, SourcePlace]
"""A sentence of the notes, and its place."""


def drafts_of_notes(document: Document, telling: Telling, title: str) -> list[SceneDraft]:
    """Return a draft for each slide, in order. `title` is that of the document.

    A slide without notes is told by what it shows; without that, it is left out.
    """
    drafts: list[SceneDraft | None] = []
    for blocks in _slides(document):
        notes = [block for _, block in blocks if isinstance(block, NarrationBlock)]
        spoken = [(text, note.place) for note in notes for text in _said(note, telling.language)]
        opening = "" if drafts else title
        draft = _draft(blocks, spoken, telling, opening)
        drafts += _parted(draft, spoken) if draft and spoken else [draft]
    return [draft for draft in drafts if draft]


def _parted(draft: SceneDraft, spoken: Sequence[Note]) -> list[SceneDraft]:
    """Return a slide as scenes, so that something enters for each sentence."""
    if draft.template is TemplateName.TITLE:
        return _under_the_title(draft, spoken)
    if draft.template is TemplateName.PICTURE:
        return _with_captions(draft, spoken)
    first = next((place for place in range(1, len(spoken)) if _is_left(draft, place)), len(spoken))
    if first == len(spoken):
        return [draft]
    return [replace(draft, lines=draft.lines[:first]), _scene_of_words(draft, spoken[first:])]


def _is_left(draft: SceneDraft, place: int) -> bool:
    """Return whether nothing more enters from the line at `place` on, and what is said from it on can be shown."""
    points = draft.content.get("points", ())
    last = f"points.{len(points) - 1}" if points else draft.lines[-1].at
    is_shown = all(line.at == last for line in draft.lines[place - 1 :])
    return is_shown and all(shown_form(line.text) for line in draft.lines[place:])


def _with_captions(draft: SceneDraft, spoken: Sequence[Note]) -> list[SceneDraft]:
    """Return the picture of a slide once for each sentence that can stand at it: the picture alone would stand still.

    A sentence that can't is spoken over the picture with the caption before it. The document's own caption stays.
    """
    if draft.content.get("caption"):
        return [draft]
    scenes: list[SceneDraft] = []
    for text, place in spoken:
        shown = shown_form(text)
        at = "caption" if shown else scenes[-1].lines[-1].at if scenes else "path"
        line = StoryboardLine(text=text, at=at, places=(place,))
        if shown or not scenes:
            content = {**draft.content, **({"caption": shown} if shown else {})}
            name = text if scenes else draft.name
            scenes.append(replace(draft, name=name, content=content, lines=(line,)))
        else:
            scenes[-1] = replace(scenes[-1], lines=(*scenes[-1].lines, line))
    return scenes


def _scene_of_words(draft: SceneDraft, spoken: Sequence[Note]) -> SceneDraft:
    """Return a scene of what is said over a slide and not shown on it."""
    heading = str(draft.content.get("title", ""))
    template, content = _content_of_words("", [text for text, _ in spoken])
    if template is TemplateName.BULLETS:
        content = {**content, **({"title": heading} if heading and draft.template is TemplateName.BULLETS else {})}
    elif shown := shown_form(spoken[0][0]):
        template, content = TemplateName.CALLOUT, {**({"kicker": heading} if heading else {}), "sentence": shown}
    return replace(
        draft, name=spoken[0][0], template=template, content=content, lines=_placed(spoken, template, content)
    )


def _under_the_title(draft: SceneDraft, spoken: Sequence[Note]) -> list[SceneDraft]:
    """Return a slide that shows nothing but the film's title as scenes that show what is said.

    The first sentence stands under the title, and the others have a scene. The slide stays as it is if the first one
    can't be shown.
    """
    subtitle = shown_form(spoken[0][0])
    if not subtitle:
        return [draft]
    opening = StoryboardLine(text=spoken[0][0], at="subtitle", places=(spoken[0][1],))
    scenes = [replace(draft, content={**draft.content, "subtitle": subtitle}, lines=(opening,))]
    return [*scenes, _scene_of_words(draft, spoken[1:])] if len(spoken) > 1 else scenes


def _said(note: NarrationBlock, language: str) -> Iterator[str]:
    """Yield the sentences of a note, without cues for the speaker, dashes of lists, work left to do, and addresses."""
    for sentence in sentences_of(_CUE.sub("", written(note.prose)), language):
        text = _DASH.sub("", sentence)
        if any(map(str.isalnum, text)) and not has_address(text) and not _TO_DO.match(text):
            yield text


def _slides(document: Document) -> Iterator[list[tuple[int, Block]]]:
    """Yield the blocks of each slide; in a document without slides, of each stretch that ends with its notes."""
    slides = [block.place.number if block.place.unit is PlaceUnit.SLIDE else 0 for block in document.blocks]
    for _, group in groupby(enumerate(document.blocks), key=lambda placed: slides[placed[0]]):
        blocks: list[tuple[int, Block]] = []
        for placed in group:
            if blocks and isinstance(blocks[-1][1], NarrationBlock) and not isinstance(placed[1], NarrationBlock):
                yield blocks
                blocks = []
            blocks.append(placed)
        yield blocks


def _draft(
    blocks: Sequence[tuple[int, Block]], spoken: Sequence[Note], telling: Telling, title: str
) -> SceneDraft | None:
    """Return a slide as a scene. `title` is that of the film, for its first slide."""
    headings = [written(block.prose) for _, block in blocks if isinstance(block, HeadingBlock)]
    heading = shorten(headings[-1], _LONGEST_HEADING, placeholder=" …") if headings else ""
    shown = [placed for placed in blocks if not isinstance(placed[1], HeadingBlock | NarrationBlock)]
    part = DocumentPart(heading, 1, PartRole.WHAT, blocks[0][0], 0, shown)
    whole = replace(telling, most_points=_MOST_POINTS)
    found = max(drafts_of_part(part, 0, whole), key=lambda draft: draft.weight, default=None)
    if not spoken:
        return found
    picture = next((path for _, block in shown if (path := _picture(block, telling))), "")
    if found:
        template, content = found.template, found.content
    elif picture and heading:
        template, content = TemplateName.PICTURE, {"title": heading, "path": picture, "zoom": False}
    elif title:
        lines = [written(block.prose) for _, block in shown if isinstance(block, ParagraphBlock)]
        line = lines[0] if lines and len(lines[0]) <= _LONGEST_AUTHOR and not has_address(lines[0]) else ""
        field = "author" if _PEOPLE.fullmatch(line) else "kicker"
        template, content = TemplateName.TITLE, {"title": title, **({field: line} if line else {})}
    else:
        template, content = _content_of_words(heading, [text for text, _ in spoken])
    place = blocks[0][1].place
    draft = SceneDraft(heading or title or str(place), template, content, (), (place,), 0, blocks[0][0])
    return replace(draft, lines=_placed(spoken, template, content))


def _picture(block: Block, telling: Telling) -> str:
    """Return the file of a picture; empty for another block, and for a picture that is not there."""
    path = telling.pictures.get(block.digest or "") if isinstance(block, FigureBlock) else None
    return str(path) if path else ""


def _content_of_words(heading: str, spoken: Sequence[str]) -> tuple[TemplateName, Mapping[str, Any]]:
    """Return what a slide without a list or picture shows: its heading, and what is said in short."""
    shown = [text for text in map(shown_form, spoken) if text][:_POINTS]
    if len(shown) > 1:
        return TemplateName.BULLETS, {**({"title": heading} if heading else {}), "points": shown}
    if heading and shown:
        return TemplateName.DEFINITION, {"term": heading, "meaning": shown[0]}
    return TemplateName.SECTION, {"title": heading or shorten(spoken[0], _LONGEST_HEADING, placeholder=" …")}


def _placed(spoken: Sequence[Note], template: TemplateName, content: Mapping[str, Any]) -> tuple[StoryboardLine, ...]:
    """Return the lines, each at the part that speaks of the same, in the order of the parts."""
    texts = CONTENT_MODELS[template].model_validate(dict(content)).texts()
    parts = [(path, text) for path, _, text in texts if text and not path.endswith(("name", "path", "language"))]
    lines, at = [], 0
    for text, place in spoken:
        nearest = max(range(at, len(parts)), key=lambda each: (likeness(text, parts[each][1]), -each))
        at = nearest if likeness(text, parts[nearest][1]) >= _LEAST_ALIKE else at
        lines.append(StoryboardLine(text=text, at=parts[at][0], places=(place,)))
    return tuple(lines)
