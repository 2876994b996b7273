"""Explain: a free text, its sentences and formulas laid out over pages. No language model takes part."""

from __future__ import annotations

from dataclasses import dataclass

from manim import Mobject

from callsheet.model.content import ExplainContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading, show
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area
from callsheet.stage.kit.layout import centre_in, first_fit, paginate, put, split_text
from callsheet.stage.kit.motion import fade, rise, together
from callsheet.stage.kit.pacing import formula_reading_s
from callsheet.stage.kit.prose import DisplayedFormula, Explanation, Sentence, read_prose
from callsheet.stage.kit.scale import GROWS, SHRINKS, Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_GAP = Space.BASE
_PANEL_PADDING = 0.4
_ONE, _FEW, _LONGEST_PAGE = 80, 360, 1200
"""Characters: a single sentence that is shorter, or a shorter text, is set larger; a longer one can't stand on one
page."""
_LOOSEST = 1.6
"""How many times wider than usual the gaps on a page may grow."""
_FILLED, _SHARE_ABOVE = 0.8, 0.35
"""The share of the height that larger type takes at most, and the share of what is left over that stands above."""


class ExplainScene(TemplateScene):
    """Sentences in the order of the text; a formula that ends a sentence stands below it on a panel."""

    @staticmethod
    def compose(content: ExplainContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page under one heading; parts that don't fit replace those before."""
        explanation = read_prose(content.prompt)
        opening, area = heading(kit, explanation.heading, part="prompt")
        groups = _pages(explanation, kit, area)
        beats = list(opening)
        for position, group in enumerate(groups):
            if position:
                beats.append(clear(*(part for item in groups[position - 1] for part in item.mobjects)))
            _place(group, area)
            beats.extend(item.beat() for item in group)
        return directed((Page(tuple(beats)),), content.prompt)


@dataclass(frozen=True)
class _Item:
    """A sentence, or a formula (last) on its panel."""

    mobjects: tuple[Mobject, ...]
    height: float
    words: str
    is_formula: bool

    def beat(self) -> Beat:
        if not self.is_formula:
            return show(*self.mobjects, reads=self.words, part="prompt")
        panel, formula = self.mobjects
        motion, parts = together(fade(panel), rise(formula), lag_s=0.1), {"prompt": self.mobjects}
        return Beat(motion, formula_reading_s(self.words), self.mobjects, parts=parts)


def _step(explanation: Explanation) -> Step:
    """Return the step of the type: a few words are set larger than many."""
    if len(explanation.parts) == 1 and _length(explanation) < _ONE:
        return Step.HEADLINE
    return Step.LEAD if _length(explanation) < _FEW else Step.BODY


def _length(explanation: Explanation) -> int:
    return sum(len(part.text if isinstance(part, Sentence) else part.formula) for part in explanation.parts)


def _pages(explanation: Explanation, kit: Kit, area: Area) -> list[list[_Item]]:
    """Return the parts of each page: all on one, if they can be, in somewhat smaller type."""
    one = None
    if _length(explanation) <= _LONGEST_PAGE:
        one = first_fit(lambda factor: _on_one_page(explanation, kit, area, factor), (*GROWS, *SHRINKS))
    return one or _spread(explanation, kit, area)


def _on_one_page(explanation: Explanation, kit: Kit, area: Area, factor: float) -> list[list[_Item]] | None:
    items = _items(explanation, kit, area, factor)
    needed = sum(item.height for item in items) + _GAP * 0.8 * (len(items) - 1)
    if factor > 1 and sum(item.is_formula for item in items) < _displayed(explanation):
        return None  # a formula that large would be broken over lines
    return [items] if needed <= area.height * (_FILLED if factor > 1 else 1.0) else None


def _displayed(explanation: Explanation) -> int:
    return sum(isinstance(part, DisplayedFormula) for part in explanation.parts)


def _spread(explanation: Explanation, kit: Kit, area: Area) -> list[list[_Item]]:
    items = _items(explanation, kit, area, 1.0)
    pages = paginate([item.height for item in items], _GAP, area.height)
    return [[items[place] for place in page] for page in pages]


def _items(explanation: Explanation, kit: Kit, area: Area, factor: float) -> list[_Item]:
    step = _step(explanation)
    items: list[_Item] = []
    for part in explanation.parts:
        if isinstance(part, DisplayedFormula):
            items.extend(_formula_items(part, kit, area, step, factor))
        else:
            items.extend(_sentence_items(part, kit, area, step, factor))
    return items


def _sentence_items(part: Sentence, kit: Kit, area: Area, step: Step, factor: float) -> list[_Item]:
    """Return the sentence as one block, or as several if it is higher than the page."""
    texts = split_text(
        part.text, lambda text: kit.text_height(text, step, area.width, scale=factor) <= area.height, "prompt"
    )
    blocks = [(_block(text, kit, area, step, factor), text) for text in texts]
    return [_Item((block,), block.box_height, text, is_formula=False) for block, text in blocks]


def _block(text: str, kit: Kit, area: Area, step: Step, factor: float) -> TypeBlock:
    return kit.text(text, step, area.width, scale=factor, balanced=step is Step.HEADLINE)


def _formula_items(part: DisplayedFormula, kit: Kit, area: Area, step: Step, factor: float) -> list[_Item]:
    """Return the formula on a panel; break one that is too long over lines like words."""
    block = kit.formula(part.formula, Step.TITLE, scale=factor)
    panel_area = Area(area.left, area.top, area.width, block.box_height + 2 * _PANEL_PADDING)
    if block.box_width > area.width - 2 * _PANEL_PADDING or panel_area.height > area.height:
        return _sentence_items(Sentence(f"${part.formula}$"), kit, area, step, factor)
    return [_Item((kit.panel(panel_area), block), panel_area.height, part.formula, is_formula=True)]


def _place(items: list[_Item], area: Area) -> None:
    free = area.height - sum(item.height for item in items)
    gap = min(_GAP * _LOOSEST, free / max(1, len(items) - 1))
    top = area.top - (free - gap * (len(items) - 1)) * _SHARE_ABOVE
    for item in items:
        put(item.mobjects[0], area.left, top)
        if item.is_formula:
            centre_in(item.mobjects[1], Area(area.left, top, area.width, item.height))
        top -= item.height + gap
