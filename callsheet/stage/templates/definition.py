"""Definition: a term, what it means, and an example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from manim import Mobject

from callsheet.model.content import DefinitionContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, edge_panel
from callsheet.stage.kit.layout import first_fit, must_fit, paginate, put, split_text, stack, stack_height
from callsheet.stage.kit.motion import Motion, rise, together, wipe
from callsheet.stage.kit.pacing import formula_reading_s, reading_s
from callsheet.stage.kit.prose import DisplayedFormula, displayed_parts
from callsheet.stage.kit.scale import GROWS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_TERM_STEPS = (Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD)
_FORMULA_STEPS = (Step.TITLE, Step.LEAD)
_GAP = Space.BASE
_LOOSEST = 1.5
_FILLED = 0.66
"""The share of the height that a meaning in larger type takes, at most."""
_STRIPE, _INDENT = 0.06, 0.42
"""The stripe beside an example, and how far its text stands from it."""


_SIDE_STEPS = (Step.DISPLAY, *_TERM_STEPS, Step.BODY)
_SIDE_SHARE, _SIDE_SHARE_ABOVE = 0.34, 0.26
_CARD_PADDING = 0.55
_TERM_LINES = 3


class DefinitionScene(TemplateScene):
    """The term and its meaning, in one of three compositions.

    `headed`: the term stays at the top; the meaning and the example, marked by a stripe, follow below. `beside`: the
    term on a surface at the edge of the frame, the meaning beside it. `card`: an entry of a dictionary, on a surface.
    """

    @staticmethod
    def compose(content: DefinitionContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; parts that don't fit replace those before."""
        for name in kit.compositions(content):
            page = _PAGES[name](content, kit)
            if page:
                return directed((page,), content.term)
        return directed((_headed(content, kit),), content.term)


def _headed(content: DefinitionContent, kit: Kit) -> Page:
    """Return the term at the top, and the rest below it, as much at once as fits."""
    head, area = must_fit(lambda factor: _head(content, kit, factor), "term")
    groups = _largest(content, kit, area) or _spread(content, kit, area)
    parts = {"term": (head[0], head[-1]), **({"kind": (head[1],)} if content.kind else {})}
    beats = [
        Beat(
            _entrance(content, head),
            reading_s(f"{content.kind} {content.term}"),
            tuple(head),
            parts=parts,
            is_anchor=True,
        )
    ]
    for position, group in enumerate(groups):
        if position:
            beats.append(clear(*(part for item in groups[position - 1] for part in item.mobjects)))
        _place(group, area)
        beats.extend(item.beat() for item in group)
    return Page(tuple(beats))


def _beside(content: DefinitionContent, kit: Kit) -> Page | None:
    """Return the term large on a surface up to the edges of the frame, in portrait and square above the meaning."""
    surface, place, area = edge_panel(kit.frame, _SIDE_SHARE, _SIDE_SHARE_ABOVE)
    upon = kit.on_accent()
    head = _kind_and_term(content, upon, place, _SIDE_STEPS)
    items = _largest(content, kit, area)
    if head is None or items is None:
        return None
    height = stack_height(head, Space.SNUG)
    stack(head, place.left, place.top - (place.height - height) * (1.0 if kit.frame.is_portrait else 0.45), Space.SNUG)
    meaning = items[0]
    taken = sum(item.height for item in meaning) + _GAP * (len(meaning) - 1)
    _place(meaning, area.inset(0, max(0.0, (area.height - taken) / 2)))
    return _entry(content, kit.block(surface, kit.palette.accent), head, meaning)


def _card(content: DefinitionContent, kit: Kit) -> Page | None:
    """Return a surface in the middle, with kind and term above a line, and the meaning below it."""
    inner = kit.safe.inset(_CARD_PADDING, _CARD_PADDING)
    head = _kind_and_term(content, kit, inner, _TERM_STEPS)
    if head is None:
        return None
    rule = kit.rule(inner.left, 0, inner.width)
    above = stack_height(head, Space.SNUG) + Space.BASE
    area = inner.below(above + Space.BASE)
    items = _largest(content, kit, area)
    if items is None:
        return None
    height = above + Space.BASE + sum(item.height for item in items[0]) + _GAP * (len(items[0]) - 1)
    down = (inner.height - height) / 2
    stack(head, inner.left, inner.top - down, Space.SNUG)
    rule.shift((0, inner.top - down - above - rule.get_center()[1], 0))
    _place(items[0], Area(area.left, area.top - down, area.width, area.height - 2 * down))
    card = Area(kit.safe.left, kit.safe.top - down, kit.safe.width, height + 2 * _CARD_PADDING)
    return _entry(content, kit.panel(card), head, items[0], (rule,))


def _kind_and_term(content: DefinitionContent, kit: Kit, room: Area, steps: Sequence[Step]) -> list[TypeBlock] | None:
    """Return kind and term, the term as large as fits; None if it does not fit."""
    kind = kit.text(content.kind, Step.BODY, room.width, colour=kit.palette.accent, weight=600, verbatim=True)
    above = kind.box_height + Space.SNUG if content.kind else 0.0
    term = kit.largest(content.term, steps, room.width, height=room.height - above, lines=_TERM_LINES, weight=650)
    return [*[kind] * bool(content.kind), term] if term else None


def _entry(
    content: DefinitionContent,
    surface: Mobject,
    head: Sequence[TypeBlock],
    items: Sequence[_Item],
    rules: tuple[Mobject, ...] = (),
) -> Page:
    """Return the page: the surface, the term, the line below it if there is one, and the meaning."""
    parts = {"term": (head[-1],), **({"kind": (head[0],)} if content.kind else {})}
    motion = together(wipe(surface), *map(rise, head), *map(wipe, rules), lag_s=0.15)
    words = reading_s(f"{content.kind} {content.term}")
    opening = Beat(motion, words, (surface, *head, *rules), parts=parts, is_anchor=True)
    return Page((opening, *(item.beat() for item in items)))


@dataclass(frozen=True)
class _Item:
    """A paragraph or a formula, in an example with a stripe before it."""

    text: Mobject
    height: float
    words: str
    is_formula: bool = False
    stripe: Mobject | None = None

    @property
    def mobjects(self) -> tuple[Mobject, ...]:
        return (self.text,) if self.stripe is None else (self.stripe, self.text)

    def beat(self) -> Beat:
        hold_s = formula_reading_s(self.words) if self.is_formula else reading_s(self.words)
        return show(*self.mobjects, hold_s=hold_s, part="meaning" if self.stripe is None else "for_example")

    def place(self, left: float, top: float) -> None:
        put(self.text, left if self.stripe is None else left + _INDENT, top)
        if self.stripe is not None:
            put(self.stripe, left, top)


def _head(content: DefinitionContent, kit: Kit, factor: float) -> tuple[list[Mobject], Area] | None:
    """Return bar, kind and term, in place, and the area below.

    Return None if they take half of the height.
    """
    safe = kit.safe
    kind = kit.text(
        content.kind, Step.BODY, safe.width, colour=kit.palette.accent, weight=600, scale=factor, verbatim=True
    )
    for step in _TERM_STEPS:
        term = kit.text(content.term, step, safe.width, weight=650, scale=factor, balanced=True)
        if term.box_height < 1.6 * step.size:
            break
    head: list[Mobject] = [kit.bar(0, 0), *[kind] * bool(content.kind), term]
    height = stack_height(head, Space.SNUG)
    if height > safe.height / 2:
        return None
    stack(head, safe.left, safe.top, Space.SNUG)
    return head, safe.below(height + Space.WIDE)


def _entrance(content: DefinitionContent, head: list[Mobject]) -> Motion:
    bar, *texts = head
    return together(wipe(bar), *map(rise, texts), lag_s=0.12)


def _largest(content: DefinitionContent, kit: Kit, area: Area) -> list[list[_Item]] | None:
    """Return all parts on one page, in the largest type that leaves room; None if they don't fit."""
    words = f"{content.meaning} {content.for_example}"
    upper = Area(area.left, area.top, area.width, area.height * _FILLED)

    def larger(factor: float) -> list[list[_Item]] | None:
        is_whole = kit.width_of_longest_word(words, Step.LEAD, scale=factor) <= area.width - _INDENT
        return _on_one_page(content, kit, upper, factor) if is_whole else None

    return first_fit(larger, GROWS) or first_fit(lambda factor: _on_one_page(content, kit, area, factor))


def _on_one_page(content: DefinitionContent, kit: Kit, area: Area, factor: float) -> list[list[_Item]] | None:
    items = _items(content, kit, area, factor)
    needed = sum(item.height for item in items) + _GAP * (len(items) - 1)
    return [items] if needed <= area.height else None


def _spread(content: DefinitionContent, kit: Kit, area: Area) -> list[list[_Item]]:
    items = _items(content, kit, area, 1.0)
    pages = paginate([item.height for item in items], _GAP, area.height)
    return [[items[place] for place in page] for page in pages]


def _items(content: DefinitionContent, kit: Kit, area: Area, factor: float) -> list[_Item]:
    items: list[_Item] = []
    for part in displayed_parts(content.meaning):
        if isinstance(part, DisplayedFormula):
            items.extend(_formula(part.formula, kit, area, factor))
        else:
            items.extend(_paragraphs(part.text, kit, area, factor, "meaning"))
    if content.for_example:
        items.extend(_paragraphs(content.for_example, kit, area, factor, "for_example"))
    return items


def _formula(formula: str, kit: Kit, area: Area, factor: float) -> list[_Item]:
    """Return the formula on a separate line, whole rather than as large as the words around it.

    One that is too large at the usual size is broken over lines like words.
    """
    smaller = [size for size in (*GROWS, 1.0) if size < factor]
    for size, step in product((factor, *smaller), _FORMULA_STEPS):
        block = kit.formula(formula, step, scale=size)
        if block.box_width <= area.width and block.box_height <= area.height:
            return [_Item(block, block.box_height, formula, is_formula=True)]
    return _paragraphs(f"${formula}$", kit, area, factor, "meaning")


def _paragraphs(text: str, kit: Kit, area: Area, factor: float, field: str) -> list[_Item]:
    """Return the text as one item, or as several if it is higher than the page."""
    is_example = field == "for_example"
    step = Step.BODY if is_example else Step.LEAD
    colour = kit.palette.muted if is_example else kit.palette.text
    width = area.width - _INDENT if is_example else area.width
    items = []

    def fits(words: str) -> bool:
        return kit.text_height(words, step, width, scale=factor) <= area.height

    for part in split_text(text, fits, field):
        block = kit.text(part, step, width, colour=colour, scale=factor)
        stripe = kit.block(Area(0, 0, _STRIPE, block.box_height), kit.palette.accent) if is_example else None
        items.append(_Item(block, block.box_height, part, stripe=stripe))
    return items


def _place(items: list[_Item], area: Area) -> None:
    free = area.height - sum(item.height for item in items)
    gap = min(_GAP * _LOOSEST, free / max(1, len(items) - 1))
    top = area.top
    for item in items:
        item.place(area.left, top)
        top -= item.height + gap


_PAGES: dict[str, Callable[[DefinitionContent, Kit], Page | None]] = {
    "headed": _headed,
    "beside": _beside,
    "card": _card,
}
