"""The elements of templates: text, formulas, code, bars and panels in the colours and sizes of one look."""

from __future__ import annotations

from collections.abc import Sequence

from manim import RoundedRectangle, VGroup, VMobject

from callsheet.drawings import find_drawing
from callsheet.errors import InvalidRequest
from callsheet.model.content import Content, compositions
from callsheet.model.film.look import FontName, Look
from callsheet.stage.kit.code_rows import set_code_rows, syntax_theme
from callsheet.stage.kit.drawn import DrawnPicture
from callsheet.stage.kit.frame import Area, Frame
from callsheet.stage.kit.inline import Runs, parse_inline, plain
from callsheet.stage.kit.layout import snug_width
from callsheet.stage.kit.marks import BARS, MARKERS, block
from callsheet.stage.kit.motifs import motif
from callsheet.stage.kit.scale import BAR_LENGTH, BAR_THICKNESS, LINE_THICKNESS, Space, Step
from callsheet.stage.kit.style import OPTICAL_SIZE, STYLES, Entrance
from callsheet.stage.kit.theme import on_accent, palette_for
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.kit.typeset import TypeStyle, set_formula, set_text

_FIGURE_BESIDE, _FIGURE_ABOVE, _FIGURE_ABOVE_IN_SQUARE = 0.38, 0.42, 0.36
"""Shares of the frame's width, and of the safe area's height, that a figure takes."""
_BEYOND_SAFE = 0.5
_LEAST_OF_QUICKSAND = 500
"""Quicksand's strokes are thin: its usual weight is too faint on a dark ground."""
_MOST_OF_GARAMOND = 500
"""Garamond's bold has no figures that stand on the line."""
_HEADING_WEIGHT = 600
_BALANCE_ROUNDS = 6
_MOST_BALANCED = 5.5
"""Ems: higher blocks, of five lines and more, are running text and stay ragged."""


class Kit:
    """A look in a frame. All lengths are units (an eighth of the frame's shorter side)."""

    def __init__(self, look: Look, frame: Frame, composition: str = "") -> None:
        self.look = look
        self.frame = frame
        self.composition = composition
        self.palette = palette_for(look)
        self.style = STYLES[look.theme]

    @property
    def safe(self) -> Area:
        """Return the area for content."""
        return self.frame.safe

    def on_accent(self) -> Kit:
        """Return the kit for what stands on a ground of the accent's colour."""
        kit = Kit(self.look, self.frame, self.composition)
        kit.palette = on_accent(self.palette)
        return kit

    def compositions(self, content: Content) -> tuple[str, ...]:
        """Return the compositions to try for `content`: the one that is asked for, then the others, the best first."""
        suited = compositions(content)
        asked = tuple(name for name in suited if name == self.composition)
        return (*asked, *(name for name in suited if name not in asked))

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
        style = self._style(step, colour, scale, weight, mono=mono, align=align)
        runs = plain(text) if verbatim else parse_inline(text)
        column = _balanced_width(runs, style, width) if balanced else width
        words = "".join(run.text for run in runs)
        setting = set_text(runs, style, column)
        entrance = Entrance.APPEAR if mono else self.style.entrance
        return TypeBlock(setting, style.size, words=words, role="code" if mono else "text", entrance=entrance)

    def text_height(self, text: str, step: Step, width: float, *, scale: float = 1.0) -> float:
        """Return the height of `text` as `text` sets it, in units, without making its shapes.

        A search for what fits asks hundreds of times.
        """
        return set_text(parse_inline(text), self._style(step, "", scale), width).height

    def width_of_longest_word(self, text: str, step: Step, *, scale: float = 1.0, weight: int | None = None) -> float:
        """Return the least width, in units, of a column in which no word of `text` is divided."""
        return set_text(parse_inline(text), self._style(step, "", scale, weight), 0.1, whole_words=True).ink_right

    def largest(
        self,
        text: str,
        steps: Sequence[Step],
        width: float,
        *,
        height: float,
        lines: int,
        colour: str = "",
        scale: float = 1.0,
        weight: int | None = None,
        align: str = "start",
    ) -> TypeBlock | None:
        """Return `text` balanced, at the first of `steps` at which it takes few lines and no word is divided.

        Return None if there is no such step.
        """
        runs = parse_inline(text)
        for step in steps:
            style = self._style(step, colour, scale, weight)
            whole = set_text(runs, style, width, whole_words=True)
            most = min(height, (lines + (lines - 1) * style.leading + 0.05) * style.size)
            if whole.height <= most and whole.ink_right <= width + 0.02:
                return self.text(
                    text, step, width, colour=colour, scale=scale, weight=weight, align=align, balanced=True
                )
        return None

    def figure(self, area: Area, variant: int = 0) -> VGroup:
        """Return the theme's figure in the middle of `area`; parts of a film have different variants."""
        return motif(self.look.theme, area, self.palette, variant)

    def beside_figure(self, *, figure_first: bool = False) -> tuple[Area, Area]:
        """Return the areas for words and for a figure: side by side, or in portrait and square the figure above.

        The figure may leave the safe area, but never the frame.
        """
        safe, frame = self.safe, self.frame
        if frame.is_portrait:
            height = safe.height * (_FIGURE_ABOVE if frame.is_tall else _FIGURE_ABOVE_IN_SQUARE)
            figure = Area(safe.left, safe.top + _BEYOND_SAFE, safe.width, height)
            return safe.below(height - _BEYOND_SAFE + Space.BASE), figure
        left, right = -frame.width / 2 + _BEYOND_SAFE, frame.width / 2 - _BEYOND_SAFE
        width = frame.width * _FIGURE_BESIDE
        if figure_first:
            words = Area(left + width + Space.WIDE, safe.top, safe.right - left - width - Space.WIDE, safe.height)
            return words, Area(left, frame.whole.top - _BEYOND_SAFE, width, frame.height - 2 * _BEYOND_SAFE)
        figure = Area(right - width, frame.whole.top - _BEYOND_SAFE, width, frame.height - 2 * _BEYOND_SAFE)
        return Area(safe.left, safe.top, figure.left - Space.WIDE - safe.left, safe.height), figure

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

    def drawing(self, keyword: str, area: Area) -> DrawnPicture:
        """Return the packed drawing that `keyword` names, as large as fits into `area`.

        Raises InvalidRequest if it names none.
        """
        drawing = find_drawing(keyword)
        if drawing is None:
            raise InvalidRequest(f"there is no drawing called “{keyword}”", "content")
        return DrawnPicture(drawing, area)

    def code(self, code: str, language: str, size: float, width: float) -> tuple[tuple[TypeBlock, ...], ...]:
        """Return `code` with its line breaks, in the colours of its language.

        Each line is the rows that it takes in `width` units. Rows are unplaced, and as high as a line of body type of
        this size without its leading.
        """
        style = self._style(Step.BODY, "", size / Step.BODY.size, mono=True)
        return set_code_rows(code, language, style, width, syntax_theme(self.palette))

    def bar(self, left: float, top: float, length: float = BAR_LENGTH) -> VMobject:
        """Return the signature of the theme in the accent colour, with this top left corner."""
        area = Area(left, top, length, BAR_THICKNESS)
        return BARS[self.style.bar](area, self.palette.accent, self.palette.line)

    def marker(self, size: float, *, colour: str = "") -> VMobject:
        """Return the theme's mark before an entry of a list, `size` units wide."""
        return MARKERS[self.style.marker](size / 2, colour or self.palette.accent)

    def rule(self, left: float, top: float, width: float) -> VMobject:
        """Return a hairline across `width`."""
        return self.block(Area(left, top, width, LINE_THICKNESS), self.palette.line)

    def block(self, area: Area, colour: str) -> VMobject:
        """Return a filled rectangle."""
        return block(area, colour)

    def panel(self, area: Area, *, colour: str = "", line: str = "") -> VMobject:
        """Return a surface for separate things, with the corners of the theme; `line` gives it an outline."""
        outline = line or (self.palette.line if self.style.is_outlined else "")
        shape = RoundedRectangle(
            width=area.width,
            height=area.height,
            corner_radius=min(self.style.corner, area.width / 4, area.height / 4),
            fill_color=colour or self.palette.surface,
            fill_opacity=1,
            stroke_color=outline or self.palette.line,
            stroke_width=2 if outline else 0,
        )
        return shape.move_to(area.centre)

    def _style(
        self,
        step: Step,
        colour: str,
        scale: float,
        weight: int | None = None,
        *,
        mono: bool = False,
        align: str = "start",
    ) -> TypeStyle:
        """Return the style of a block: from the step of titles on, it has the theme's typeface for titles."""
        is_title = step >= Step.TITLE and not mono
        font = self.look.title_font if is_title else self.look.text_font
        size = step.size * scale * (1.0 if mono else OPTICAL_SIZE.get(font, 1.0))
        weight = step.weight if weight is None else weight
        if font is FontName.QUICKSAND:
            weight = max(weight, _LEAST_OF_QUICKSAND)
        elif font is FontName.EB_GARAMOND:
            weight = min(weight, _MOST_OF_GARAMOND)
        tracking = 0.0
        if is_title and self.look.font is None:
            size *= self.style.title_size
            weight = self.style.title_weight if weight >= _HEADING_WEIGHT else weight
            tracking = self.style.title_tracking
        elif font is FontName.INTER and not mono:
            # Inter is drawn for small sizes: its letters stand closer when it is large.
            tracking = -0.02 if is_title else -0.011
        return TypeStyle(
            size=size,
            colour=colour or self.palette.text,
            font=font,
            weight=weight,
            leading=step.leading,
            align=align,
            mono=mono,
            tracking=tracking,
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
