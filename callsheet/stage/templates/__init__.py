'''Scene templates: content in, a composed and timed Manim scene out. This page says how to make one.

A template NAME is a module `name.py` (function-plot: `function_plot.py`) with a class `NameScene(TemplateScene)`; it is
found by that name, and the gallery and the tests in tests/stage/test_templates.py cover it from then on. Its content
model is in `callsheet.model.content`. Nothing is imported here that imports Manim.

    class QuoteScene(TemplateScene):
        """What stands on it, in a sentence."""

        @staticmethod
        def compose(content: QuoteContent, kit: Kit) -> tuple[Page, ...]:
            opening, area = heading(kit, content.title)                      # beats, and the area that is left
            block = must_fit(lambda factor: _quote(content, kit, area, factor), "quote")
            return directed((Page((*opening, show(block, reads=content.quote))),), content.quote)

`compose` is pure: it places everything and plays nothing. The base plays, times and turns pages, to the frame.

Units      One unit is an eighth of the frame's shorter side (90 pixels at 720p). Origin in the middle, y up.
           `kit.frame.is_portrait` (square too): stack columns. Never write a frame size; take `kit.safe`.
Area       left, top, width, height; .right .bottom .centre; .inset(x, y) .below(h) .above(h) .columns(shares, gap)
           .rows(shares, gap). All content stands in `kit.safe`, a tested rule; panels too.
Type       Step.NOTE CAPTION BODY LEAD TITLE HEADLINE LARGE DISPLAY GIANT, .size in units. Space.HAIR SNUG BASE WIDE
           SECTION GREAT for distances.
kit        .text(text, step, width, colour=, scale=, weight=, align=, mono=, verbatim=, balanced=) -> TypeBlock
           .formula(typst_math, step, colour=, scale=, by_glyph=) -> TypeBlock (by_glyph for morph)
           .code(code, language, size, width) -> rows of each line, TypeBlocks    .bar(left, top, length=) the signature
           .rule(left, top, width)    .block(area, colour)    .panel(area, colour=, line=)
           .palette: background surface line text muted accent on_accent accent_soft good bad series
           ALL text goes through kit.text / kit.formula / kit.code, never Manim's Text, Tex or markup.
TypeBlock  .box_width .box_height (column and line boxes, what layout measures) .size .place(left, top) .box .inks
           It is one shape a colour: animate the block, not its letters. Measure before placing; text wider than its
           column is broken, so a block never exceeds the width it was given (a formula may: check box_width).
layout     put stack stack_height height_of width_of centre_in scaled_into (diagrams only: text has SHRINKS)
           first_fit(attempt) must_fit(attempt, field): attempt(factor) gives None where it does not fit
           paginate(heights, gap, room) split_text(text, fits, field) mirror
           Order: shrink by SHRINKS, then pages, then ContentTooLong(sentence, field="content.…").
motion     rise fade wipe grow draw leave morph together(…, lag_s=): each gives a Motion; QUICK_S CALM_S LONG_S.
           text moves up, panels fade, bars wipe, columns grow, curves draw. One thing moves at a time.
beats      show(*mobjects, reads=, part=) | Beat(motion, hold_s, shows, hides, parts); clear(*mobjects) makes room.
           part is the path of what is shown in the content (points.2): narration names it, and a test asks for it.
           `shows` lists every placed mobject on its own, never a group over the width: mirroring moves each.
           Holds come from reading_s(text) and formula_reading_s(formula); words enter meanwhile. No `self.wait`, no
           updaters.
directed   Last call: mirrors the page for right-to-left text. Code, charts and geometry do not call it.
Ending     The last state stays on the screen; the transition to the next scene removes it.
'''

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from callsheet.model.content import TemplateName, content_model, template_plugin

if TYPE_CHECKING:
    from callsheet.stage.templates.base import TemplateScene


def scene_class(template: TemplateName) -> type[TemplateScene]:
    """Return the scene class of `template`. Imports Manim (2 s)."""
    found: type[TemplateScene] = getattr(import_module(module_name(template)), scene_class_name(template))
    return found


def has_scene_class(template: TemplateName) -> bool:
    """Return whether the module of `template` is there."""
    return find_spec(module_name(template)) is not None


def module_name(template: TemplateName) -> str:
    """Return the module of the scene class.

    For function-plot it is callsheet.stage.templates.function_plot. The content model of a plug-in names another one.
    """
    if template_plugin(template):
        return content_model(template).SCENE.partition(":")[0]
    return f"callsheet.stage.templates.{template.value.replace('-', '_')}"


def scene_class_name(template: TemplateName) -> str:
    """Return the name of the scene class, e.g. FunctionPlotScene for function-plot."""
    if template_plugin(template):
        return content_model(template).SCENE.partition(":")[2]
    return "".join(word.capitalize() for word in template.value.split("-")) + "Scene"
