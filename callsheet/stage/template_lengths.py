"""The length of a template's scene if its request does not say it: an estimate from its content, without composing it.

Measured: 20 contents of each template were composed, from one word a text to 30, with lists up to three times as long.
`NATURAL` is the fit with the least relative error. It meets half of the lengths within 3 %, all within 30 % (a
quotation is the worst); tests/stage/test_lengths.py compares the examples.
"""

from __future__ import annotations

from typing import NamedTuple

from callsheet.model.content import Content, TemplateName, TextKind, template_of
from callsheet.model.film.look import ReadingPace
from callsheet.stage.kit.pacing import READING_TIME, TITLE_S, formula_reading_s, reading_s


class Natural(NamedTuple):
    """Seconds of a template: for the scene itself, for each text, and for each second that it takes to read them."""

    scene_s: float
    text_s: float
    reading: float


NATURAL = {
    TemplateName.TITLE: Natural(0.0, 0.85, 1.01),
    TemplateName.SECTION: Natural(0.0, 1.52, 1.0),
    TemplateName.CHAPTER: Natural(1.75, 1.0, 1.0),
    TemplateName.BULLETS: Natural(0.94, 0.72, 0.95),
    TemplateName.DEFINITION: Natural(0.0, 0.84, 1.0),
    TemplateName.EQUATION: Natural(2.23, 1.12, 0.77),
    TemplateName.DERIVATION: Natural(2.1, 0.31, 0.97),
    TemplateName.FORMULA_CARD: Natural(3.0, 0.1, 0.85),
    TemplateName.FUNCTION_PLOT: Natural(1.72, 0.26, 0.9),
    TemplateName.GEOMETRY: Natural(3.34, 0.01, 0.77),
    TemplateName.CHART: Natural(0.27, 0.57, 0.9),
    TemplateName.TIMELINE: Natural(1.23, 0.35, 0.99),
    TemplateName.COMPARISON: Natural(0.0, 0.26, 1.12),
    TemplateName.CODE: Natural(0.0, 0.0, 0.63),
    TemplateName.TERMINAL: Natural(3.16, 0.42, 0.53),
    TemplateName.QUOTE: Natural(0.0, 1.38, 0.31),
    TemplateName.QA: Natural(0.0, 1.3, 0.8),
    TemplateName.PEOPLE: Natural(1.0, 0.6, 1.0),
    TemplateName.PICTURE: Natural(0.0, 1.97, 0.63),
    TemplateName.DIAGRAM: Natural(0.53, 0.0, 0.92),
    TemplateName.STATISTICS: Natural(2.98, 0.01, 0.97),
    TemplateName.ILLUSTRATION: Natural(6.73, 0.0, 0.9),
    TemplateName.CALLOUT: Natural(3.03, 0.0, 0.83),
    TemplateName.PROCESS: Natural(6.23, 0.0, 0.9),
    TemplateName.TABLE: Natural(3.42, 0.0, 0.95),
    TemplateName.SPLIT: Natural(5.3, 0.0, 0.93),
    TemplateName.OUTRO: Natural(2.7, 0.18, 1.03),
    TemplateName.EXPLAIN: Natural(0.0, 2.15, 1.04),
    TemplateName.PLACEHOLDER: Natural(0.0, 3.6, 1.02),
}
OF_PLUGINS = Natural(2.0, 0.5, 0.95)
"""For the templates of other packages, in the middle of ours."""


def expected_s(content: Content, pace: ReadingPace = ReadingPace.NORMAL) -> float:
    """Return about how many seconds the scene lasts.

    That is what the content says, else its reading time at this pace.
    """
    if content.duration_s is not None:
        return content.duration_s
    template = template_of(content)
    natural = NATURAL.get(template, OF_PLUGINS)
    texts = [(kind, text) for _, kind, text in content.texts() if text and kind is not TextKind.DRAWING]
    reads_s = sum(formula_reading_s(text) if kind is TextKind.FORMULA else reading_s(text) for kind, text in texts)
    usual_s = natural.scene_s + natural.text_s * len(texts) + natural.reading * READING_TIME[pace] * reads_s
    return max(TITLE_S[0], min(usual_s, TITLE_S[1])) if template is TemplateName.TITLE else usual_s
