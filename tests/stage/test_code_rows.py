"""Code keeps its lines, its columns and its colours, and long lines continue below themselves."""

from __future__ import annotations

import numpy as np
import pytest
from manim import ManimColor, Rectangle, Scene

from callsheet.model.content import CodeContent, TerminalContent
from callsheet.model.film.look import AccentName, Look, ThemeName
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.kit.beats import Page
from callsheet.stage.kit.code_rows import ADVANCE_EM
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.kit.motion import typed
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.code import CodeScene
from callsheet.stage.templates.terminal import TerminalScene

SIZE = 0.3
PREFIXES = ("o", "oi", "oil", "oil %", "oil % a")
WIDE = 100.0


@pytest.fixture
def kit() -> Kit:
    """The default look in landscape."""
    return Kit(Look(), frame_for(PROFILES[ProfileName.HD]))


def test_every_line_is_a_row_even_an_empty_one(kit: Kit) -> None:
    """Line numbers point at what they should."""
    lines = kit.code("one\n\n  three\n", "", SIZE, WIDE)
    assert [len(rows) for rows in lines] == [1, 1, 1, 1]
    assert [bool(rows[0].inks) for rows in lines] == [True, False, True, False]


def test_columns_stay_columns(kit: Kit) -> None:
    """Spaces at the beginning and inside of a line keep their width."""
    ((indented,), (spread,)) = kit.code("    x\na         b", "", SIZE, WIDE)
    assert left_of(indented) == pytest.approx(4 * ADVANCE_EM * SIZE, abs=0.1 * SIZE)
    assert spread.box_width == pytest.approx(10.5 * ADVANCE_EM * SIZE, abs=0.3 * SIZE)


def test_a_long_line_is_cut_into_rows_that_fit(kit: Kit) -> None:
    """At spaces where there are some, else anywhere; the rows after the first are set in."""
    (words,) = kit.code("several short words that do not fit on one row of this width", "", SIZE, 4.0)
    (unbroken,) = kit.code("x" * 90, "", SIZE, 4.0)
    for rows in (words, unbroken):
        assert len(rows) > 1
        assert all(row.box_width <= 4.0 for row in rows)
        assert all(left_of(row) > left_of(rows[0]) for row in rows[1:])


@pytest.mark.parametrize("theme", list(ThemeName))
def test_words_of_the_language_have_the_colours_of_the_look(theme: ThemeName) -> None:
    """Keywords take the accent colour, strings the green, and the rest is text."""
    kit = Kit(Look(theme=theme, accent=AccentName.PINK), frame_for(PROFILES[ProfileName.HD]))
    ((row,),) = kit.code('return "words"', "python", SIZE, WIDE)
    assert colours_of(row) == {kit.palette.accent, kit.palette.good}
    ((row,),) = kit.code("total", "python", SIZE, WIDE)
    assert colours_of(row) == {kit.palette.text}


def test_a_language_that_nobody_knows_is_set_plainly(kit: Kit) -> None:
    """Code is shown all the same."""
    ((row,),) = kit.code("return 1", "no-such-language", SIZE, WIDE)
    assert colours_of(row) == {kit.palette.text}


def test_a_step_is_never_outside_of_what_is_shown(kit: Kit) -> None:
    """In code longer than the panel, the window moves to the step, and its mark stands beside its lines."""
    code = "\n".join(f"line_{number} = {number}" for number in range(1, 61))
    steps = [{"first": 2, "last": 3}, {"first": 40, "last": 42}, {"first": 1, "last": 60, "note": "all of it"}]
    (page,) = CodeScene.compose(CodeContent(code=code, language="python", steps=steps), kit)
    for state in page.states():
        rows = [mobject for mobject in state if isinstance(mobject, TypeBlock)]
        marks = [mobject for mobject in state if abs(mobject.width - 0.07) < 1e-6]
        for mark in marks:
            level = [row for row in rows if abs(row.get_y() - mark.get_y()) < mark.height / 2]
            assert level


def test_a_terminal_clears_a_full_window(kit: Kit) -> None:
    """A session of many lines continues in the empty window; nothing is left of what was there."""
    entries = [{"kind": "input", "text": "make"}, {"kind": "output", "text": "\n".join(["done"] * 40)}]
    (page,) = TerminalScene.compose(TerminalContent(entries=entries), kit)
    assert any(len(beat.hides) > 5 for beat in page.beats)
    assert blocks_of(page)


def test_each_typed_line_stands_after_its_prompt(kit: Kit) -> None:
    """The sign is on the same line as what is typed, to its left, also for long signs."""
    content = TerminalContent(prompt_sign="user@machine:~ $", entries=[{"text": "ls"}, {"text": "cd films"}])
    (page,) = TerminalScene.compose(content, kit)
    sign, line, second_sign, second_line = blocks_of(page)
    assert sign.box.get_right()[0] < line.box.get_left()[0]
    assert sign.box.get_top()[1] == pytest.approx(line.box.get_top()[1])
    assert second_line.box.get_top()[1] == pytest.approx(second_sign.box.get_top()[1])


def blocks_of(page: Page) -> list[TypeBlock]:
    """The texts that stand in the end."""
    return [mobject for mobject in page.standing if isinstance(mobject, TypeBlock)]


def left_of(row: TypeBlock) -> float:
    """Where the ink begins, counted from the row's left edge."""
    return float(min(ink.get_left()[0] for ink in row.inks) - row.box.get_left()[0])


def colours_of(row: TypeBlock) -> set[str]:
    """The colours of its letters."""
    return {ManimColor(ink.get_fill_color()).to_hex().lower() for ink in row.inks}


def test_typing_never_shows_half_a_letter(kit: Kit) -> None:
    """The hole of an o and the dot of an i come with their letter, and the caret stands behind the last one."""
    ((row,),) = kit.code("oil % a", "", SIZE, WIDE)
    whole, caret = row.inks[0].points.copy(), Rectangle(width=0.2, height=SIZE)
    motion = typed(row, caret=caret, duration_s=1.0).make(1.0)
    motion.begin()
    seen, places = [], []
    for step in range(len(PREFIXES) + 1):
        motion.interpolate(step / len(PREFIXES))
        seen.append(len(row.inks[0].points))
        places.append(float(caret.get_left()[0]))
        assert step == 0 or caret.get_left()[0] > row.inks[0].points[:, 0].max()
    assert places == sorted(set(places))
    assert caret in row.submobjects
    motion.clean_up_from_scene(Scene())
    assert caret not in row.submobjects
    assert seen == [0, *(len(kit.code(text, "", SIZE, WIDE)[0][0].inks[0].points) for text in PREFIXES)]
    assert np.array_equal(row.inks[0].points, whole)


def test_few_lines_are_set_large(kit: Kit) -> None:
    """A single command would be lost in the picture."""
    heights = []
    for commands in (["pip install bread"], ["pip install bread"] * 8):
        content = TerminalContent(entries=[{"text": command} for command in commands])
        (page,) = TerminalScene.compose(content, kit)
        heights.append(max(block.box_height for block in blocks_of(page)))
    assert heights[0] > 1.5 * heights[1]
