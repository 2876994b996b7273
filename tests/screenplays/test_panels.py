"""Panels and the pages of a board: drawn from the words of the screenplay, and the same each time."""

import re
from xml.etree import ElementTree

import pypdfium2
import pytest

from callsheet.media.board_pages import board_pdf
from callsheet.media.panels import draw_panel
from callsheet.model.film.screenplay_analysis import CameraShot, ShotMovement, ShotSize
from callsheet.writing.screenplay.film_grammar import check_shots
from callsheet.writing.screenplay.script_facts import analyse
from callsheet.writing.screenplay.shot_rules import plan_shots
from tests.screenplays.conftest import screenplay_of

YELLOW, RED_SCARF, BROWN, GREY_HAIR = "#e3b23c", "#c8473b", "#7a5a40", "#b9b9b9"


@pytest.fixture
def facts(sample):
    """Return what is found in the sample."""
    return analyse(sample)


def fills(drawn):
    """Return the colours of a panel."""
    return set(re.findall(r"#[0-9a-f]{6}", drawn))


@pytest.mark.parametrize("size", ShotSize.__args__)
@pytest.mark.parametrize("movement", ShotMovement.__args__)
def test_every_size_and_move_is_a_drawing(facts, size, movement):
    """It is well formed, and the same each time."""
    shot = CameraShot(name="1.1", scene=1, size=size, movement=movement, seen=("MARA", "JONAS", "LIV"), moves="left")
    drawn = draw_panel(shot, facts.scenes[0], facts.characters)
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert drawn == draw_panel(shot, facts.scenes[0], facts.characters)


def test_a_character_wears_what_the_words_say_in_each_panel(facts):
    """Whatever the size of the shot, and wherever the scene plays."""
    for scene in facts.scenes:
        for size in ("full", "close"):
            alone = {
                name: fills(draw_panel(CameraShot(name="x", scene=1, size=size, seen=(name,)), scene, facts.characters))
                for name in ("MARA", "JONAS", "LIV")
            }
            assert {YELLOW, GREY_HAIR} <= alone["MARA"]
            assert BROWN in alone["JONAS"]
            assert RED_SCARF in alone["LIV"]
            assert YELLOW not in alone["LIV"] | alone["JONAS"]


def test_the_pages_hold_all_that_is_said(facts, sample):
    """With the name of each shot and its warnings; words of a script are never Typst."""
    shots = plan_shots(sample, facts)
    pages = pypdfium2.PdfDocument(board_pdf(facts, shots, check_shots(shots, facts.utterances)))
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    assert all(each.text in text for each in facts.utterances if len(each.text) < 30)
    assert all(shot.name in text for shot in shots)
    odd = screenplay_of('INT. "A" #panic() - DAY\n\nJO\n#panic("x") \\u{0} $x$ <a> "quoted"\n')
    found = analyse(odd)
    [page] = pypdfium2.PdfDocument(board_pdf(found, plan_shots(odd, found), ()))
    assert '#panic("x")' in page.get_textpage().get_text_range()
