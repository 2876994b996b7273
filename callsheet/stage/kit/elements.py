"""The elements of templates: text, formulas, code, bars and panels in the colours and sizes of one look."""

from __future__ import annotations

from dataclasses import replace

from manim import Rectangle, RoundedRectangle, VGroup, VMobject

from callsheet.model.film.look import FontName, Look
from callsheet.stage.kit.code_rows import set_code_rows, syntax_theme
from callsheet.stage.kit.frame import Area, Frame
from callsheet.stage.kit.inline import Runs, parse_inline, plain
from callsheet.stage.kit.layout import snug_width
from callsheet.stage.kit.scale import BAR_LENGTH, BAR_THICKNESS, LINE_THICKNESS, Step
from callsheet.stage.kit.theme import palette_for
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.kit.typeset import TypeStyle, set_formula, set_text

_BALANCE_ROUNDS = 6
_MOST_BALANCED = 5.5
"""Ems: higher blocks, of five lines and more, are running text and stay ragged."""


class Kit:
    """A look in a frame. All lengths are units (an eighth of the frame's shorter side)."""

    def __init__(self, look: Look, frame: Frame) -> None:
        self.look = look
        self.frame = frame
        self.palette = palette_for(look)

    @property
    def safe(self) -> Area:
        """Return the area for content."""
        return self.frame.safe

    def text(
        self,
        text: str,
        step: Step,
        width: float,
        *,
        colour: str = "",
        scale: float = 1.0,
        weight: int | None = None,
        align: str = "start",
        mono: bool = False,
        verbatim: bool = False,
        balanced: bool = False,
    ) -> TypeBlock:
        """Return `text` set in a column `width` units wide; its direction follows its script.

        `$…$` and `…` in backticks are set as mathematics and code, unless `verbatim`. `balanced` narrows the column
        until its lines are about equally long, for headings. `align` is start, center or end. Raises UnsettableError
        for a formula in error.
        """
        style = replace(
            self._style(step, colour, scale), weight=step.weight if weight is None else weight, align=align, mono=mono
        )
        runs = plain(text) if verbatim else parse_inline(text)
        column = _balanced_width(runs, style, width) if balanced else width
        words = "".join(run.text for run in runs)
        return TypeBlock(set_text(runs, style, column), style.size, words=words, role="code" if mono else "text")

    def formula(
        self, formula: str, step: Step, *, colour: str = "", scale: float = 1.0, by_glyph: bool = False
    ) -> TypeBlock:
        """Return `formula` in display style, in its natural width.

        Raises UnsettableError for a formula in error.
        """
        style = self._style(step, colour, scale)
        setting = set_formula(formula, style)
        return TypeBlock(setting, style.size, by_glyph=by_glyph, words=formula, role="formula")

    def label(
        self,
        text: str,
        step: Step,
        width: float,
        *,
        colour: str = "",
        scale: float = 1.0,
        weight: int | None = None,
        align: str = "start",
        verbatim: bool = False,
    ) -> TypeBlock:
        """Return a text as `text` does, in a box no wider than its words, to stand close to a thing."""

        def set_in(column: float) -> TypeBlock:
            return self.text(
                text, step, column, colour=colour, scale=scale, weight=weight, align=align, verbatim=verbatim
            )

        block = set_in(width)
        snug = set_in(min(width, snug_width(block)))
        return snug if snug.box_height <= block.box_height else block

    def sign(self, text: str, step: Step, *, colour: str = "", scale: float = 1.0) -> VGroup:
        """Return a large sign or number, flush with an edge: measured by its ink, not by a line box."""
        block = self.text(text, step, self.frame.width, colour=colour, scale=scale, verbatim=True)
        return VGroup(*block.inks)

    def code(self, code: str, language: str, size: float, width: float) -> tuple[tuple[TypeBlock, ...], ...]:
        """Return `code` with its line breaks, in the colours of its language.

        Each line is the rows that it takes in `width` units. Rows are unplaced, and as high as a line of body type of
        this size without its leading.
        """
        style = replace(self._style(Step.BODY, "", size / Step.BODY.size), mono=True, tracking=0.0)
        return set_code_rows(code, language, style, width, syntax_theme(self.palette))

    def bar(self, left: float, top: float, length: float = BAR_LENGTH) -> VMobject:
        """Return the signature: a short bar in the accent colour, with this top left corner."""
        return self.block(Area(left, top, length, BAR_THICKNESS), self.palette.accent)

    def rule(self, left: float, top: float, width: float) -> VMobject:
        """Return a hairline across `width`."""
        return self.block(Area(left, top, width, LINE_THICKNESS), self.palette.line)

    def block(self, area: Area, colour: str) -> VMobject:
        """Return a filled rectangle."""
        shape = Rectangle(width=area.width, height=area.height, fill_color=colour, fill_opacity=1, stroke_width=0)
        return shape.move_to(area.centre)

    def panel(self, area: Area, *, colour: str = "", line: str = "") -> VMobject:
        """Return a surface with soft corners for separate things; `line` gives it an outline."""
        shape = RoundedRectangle(
            width=area.width,
            height=area.height,
            corner_radius=min(0.14, area.width / 4, area.height / 4),
            fill_color=colour or self.palette.surface,
            fill_opacity=1,
            stroke_color=line or self.palette.line,
            stroke_width=2 if line else 0,
        )
        return shape.move_to(area.centre)

    def _style(self, step: Step, colour: str, scale: float) -> TypeStyle:
        # Inter is drawn for small sizes: its letters stand closer when it is large.
        tracking_em = -0.02 if step >= Step.TITLE else -0.011
        return TypeStyle(
            size=step.size * scale,
            colour=colour or self.palette.text,
            font=self.look.font,
            leading=step.leading,
            tracking=tracking_em if self.look.font is FontName.INTER else 0.0,
            code_colour=self.palette.accent,
            language=self.look.language or "",
        )


def _balanced_width(runs: Runs, style: TypeStyle, width: float) -> float:
    """Return the narrowest column in which `runs` take no more height than in one of `width`."""
    whole = set_text(runs, style, width, whole_words=True)
    height = whole.height
    if whole.ink_right > width or not 1.5 * style.size < height < _MOST_BALANCED * style.size:
        return width
    too_narrow, wide_enough = width * 0.4, width
    for _ in range(_BALANCE_ROUNDS):
        middle = (too_narrow + wide_enough) / 2
        setting = set_text(runs, style, middle, whole_words=True)
        if setting.height > height + 1e-6 or setting.ink_right > middle:
            too_narrow = middle
        else:
            wide_enough = middle
    return wide_enough
