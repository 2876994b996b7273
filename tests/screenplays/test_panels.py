"""Panels and the pages of a board: drawn from the words of the screenplay, and the same each time."""

import io
import re
from xml.etree import ElementTree

import pypdfium2
import pytest
import resvg_py
from PIL import Image

from callsheet.media.board_pages import board_pdf
from callsheet.media.panels.acting import acting_of
from callsheet.media.panels.panel import draw_layers, draw_panel
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
    drawn = draw_panel(shot, facts)
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert drawn == draw_panel(shot, facts)


def test_a_character_wears_what_the_words_say_in_each_panel(facts):
    """Whatever the size of the shot, and wherever the scene plays."""
    for scene in facts.scenes:
        for size in ("full", "close"):
            alone = {
                name: fills(draw_panel(CameraShot(name="x", scene=scene.number, size=size, seen=(name,)), facts))
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


def test_a_full_stop_behind_arabic_stands_at_its_left():
    """The line begins with a name, from left to right. English words behind an Arabic name run from left to right."""
    script = screenplay_of("INT. ROOM - DAY\n\nليلى quits.\n\nINT. HALL - DAY\n\n@ليلى\nقليلا.\n")
    facts = analyse(script)
    [page] = pypdfium2.PdfDocument(board_pdf(facts, plan_shots(script, facts), ()))
    text = page.get_textpage()
    signs = [(text.get_text_range(at, 1), *text.get_charbox(at)[:2]) for at in range(text.count_chars())]

    def row_of(sign):
        [level] = [bottom for each, _, bottom in signs if each == sign]
        return {each: left for each, left, bottom in signs if abs(bottom - level) < 4 and not each.isspace()}

    spoken, acted_out = row_of("ق"), row_of("q")
    assert spoken["."] < spoken["ق"]
    assert acted_out["."] > acted_out["u"] > acted_out["q"]


def acted(action, who="TOM", size="full", **fields):
    """Return what Tom does in a shot with this action."""
    script = f"INT. ROOM - DAY\n\nTOM (30), a man in a red coat, waits. ANNA (30) waits.\n\n{action}\n"
    facts = analyse(screenplay_of(script))
    shot = CameraShot(name="1.1", scene=1, size=size, seen=("TOM", "ANNA"), action=action, **fields)
    return acting_of(who, shot, facts.characters, ())


@pytest.mark.parametrize(
    ("action", "pose", "mood", "thing"),
    [
        ("Tom waves.", "wave", "happy", None),
        ("Tom runs down the stairs with a suitcase.", "run", "calm", "luggage"),
        ("Tom steps out with black hands and no suitcase.", "walk", "calm", None),
        ("Tom, a ferry pilot in a yellow coat, waits.", "stand", "calm", None),
        ("Tom yells at the dog.", "stand", "angry", None),
        ("Tom sits on a bench and cries.", "sit", "sad", None),
        ("Tom opens the letter. He gasps.", "hold", "surprised", "envelope"),
        ("Anna runs. Tom considers this.", "think", "calm", None),
        ("Anna laughs at the letter.", "stand", "calm", None),
    ],
)
def test_a_person_does_what_the_words_say_of_it(action, pose, mood, thing):
    """Words about another person, and words within words, say nothing of it."""
    acting = acted(action)
    assert (acting.pose, acting.mood, acting.thing.name if acting.thing else None) == (pose, mood, thing)


PLACES = [
    "INT. FERRY CABIN", "INT. KITCHEN", "INT. BEDROOM", "INT. OFFICE", "INT. BAR", "INT. SHOP", "INT. CLASSROOM",
    "INT. HOSPITAL", "INT. CORRIDOR", "INT. CHURCH", "INT. PRISON CELL", "INT. THEATRE", "INT. WORKSHOP", "INT. HOUSE",
    "EXT. FERRY DOCK", "EXT. BEACH", "EXT. RIVER BRIDGE", "EXT. FOREST", "EXT. MOUNTAIN", "EXT. DESERT",
    "EXT. HIGHWAY", "EXT. STREET", "EXT. GARDEN",
]  # fmt: skip


def test_each_kind_of_place_is_another_drawing_at_each_time_of_day():
    """Each is well formed, and rain is seen out of doors."""
    drawn = {}
    for place in PLACES:
        for time in ("DAY", "NIGHT"):
            for weather in ("Quiet.", "Rain."):
                facts = analyse(screenplay_of(f"{place} - {time}\n\n{weather}\n"))
                svg = draw_panel(CameraShot(name="1.1", scene=1, size="wide"), facts)
                assert ElementTree.fromstring(svg).tag.endswith("svg")
                drawn[place, time, weather] = svg
    outside = [place for place in PLACES if place.startswith("EXT")]
    assert len(set(drawn.values())) == 2 * (len(PLACES) + len(outside))


def test_people_are_whole_in_every_size_up_to_full(facts):
    """Nobody loses head or feet by accident: the figures lie inside the frame."""
    for size in ("extreme-wide", "wide", "full"):
        shot = CameraShot(name="x", scene=1, size=size, seen=("MARA", "JONAS", "LIV"), action="Mara waves.")
        layer = draw_layers(shot, facts).figures
        picture = Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=layer, width=640, skip_system_fonts=True)))
        left, top, right, bottom = picture.convert("RGBA").getchannel("A").getbbox()
        assert left > 0 and top > 0 and right < 640 and bottom < 360, size


def test_who_speaks_opens_the_mouth_and_who_blinks_closes_the_eyes(facts):
    """Only those who are asked for have a layer, and the ground is the same in all."""
    shot = CameraShot(name="x", scene=1, size="close", seen=("MARA",), utterances=(2,))
    silent, speaks = draw_layers(shot, facts), draw_layers(shot, facts, ("MARA", "LIV"))
    assert silent.speaking == {} and list(speaks.speaking) == ["MARA"]
    assert silent.ground == speaks.ground
    assert len({speaks.figures, speaks.blinking, speaks.speaking["MARA"]}) == 3
    empty = draw_layers(CameraShot(name="x", scene=1), facts)
    assert (empty.figures, empty.blinking, empty.speaking) == ("", "", {})


def test_a_thing_that_is_named_is_the_subject_of_a_shot_without_people(facts):
    """What has another word behind it is none: a ferry pilot is no ferry."""
    shot = CameraShot(name="x", scene=3, size="medium")
    ferry = draw_panel(shot.model_copy(update={"action": "The ferry slides out of the fog."}), facts)
    assert ferry != draw_panel(shot, facts)
    assert draw_panel(shot.model_copy(update={"action": "Where is the ferry pilot?"}), facts) == draw_panel(shot, facts)


def drawn(action, heading="EXT. ROOF - NIGHT", size="wide"):
    """Return the ground of a shot without people."""
    facts = analyse(screenplay_of(f"{heading}\n\nQuiet.\n"))
    return draw_layers(CameraShot(name="x", scene=1, size=size, action=action), facts).ground


def test_a_small_thing_that_a_wide_shot_is_about_is_seen():
    """It lies before the camera or falls. One that is only told of on the way is too small to be seen."""
    bare = drawn("Quiet.")
    lies, falls = drawn("The card lies on the roof. Rain."), drawn("An old card falls past a window.")
    assert len({bare, lies, falls}) == 3
    assert drawn("One oven, one table, one key on a hook.") == bare
    assert drawn("A letter.", size="extreme-wide") not in {bare, drawn("A letter.")}


def test_who_lies_has_a_bed_but_not_on_the_ground():
    """In a wide view the figure is as wide as it was high. One bed alone is seen from above."""
    words = ("lies awake", "lies on the grass", "sits")
    in_bed, on_ground, sits = (acted(f"Tom {each}. Anna waits.") for each in words)
    assert [each.pose for each in (in_bed, on_ground, sits)] == ["lie", "lie", "sit"]
    assert [each.is_in_bed for each in (in_bed, on_ground, sits)] == [True, False, False]
    words = ("lies under a thick blanket", "lies under the car", "sits up in bed")
    acts = [acted(f"Tom {each}. Anna waits.") for each in words]
    assert [(each.pose, each.is_in_bed) for each in acts] == [("lie", True), ("lie", False), ("sit", False)]
    boxes = []
    for where in ("in bed", "on the floor"):
        facts = analyse(screenplay_of(f"INT. BEDROOM - NIGHT\n\nTOM (30), in a red coat, lies {where}.\n"))
        shot = CameraShot(name="x", scene=1, size="full", seen=("TOM",), action=f"Tom lies {where}.")
        layer = draw_layers(shot, facts).figures
        picture = Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=layer, width=640, skip_system_fonts=True)))
        boxes.append(picture.convert("RGBA").getchannel("A").getbbox())
    facts = analyse(screenplay_of("EXT. FIELD - DAY\n\nTOM (30), in a red coat, lies in the rain.\n"))
    shot = CameraShot(name="x", scene=1, size="full", seen=("TOM",), action="Tom lies in the rain.")
    assert "#6f87a3" not in draw_layers(shot, facts).figures
    bed, (left, top, right, bottom) = boxes
    assert bed == (0, 0, 640, 360)
    assert right - left > 2 * (bottom - top)


def test_what_follows_who_is_told_of_the_one_before_it():
    """Anna carries the parcel and drops it, though Tom is the first who is named."""
    words = "Tom runs past ANNA (30), who carries a parcel. She drops it."
    assert acted(words, "ANNA").thing.name == "package"
    assert acted(words).thing is None


def test_what_flies_is_in_a_hand_only_if_the_words_say_so():
    """Who watches a kite does not hold it."""
    assert acted("Tom, a man with a hat, watches the kite.").thing is None
    assert acted("Tom grabs the kite.").thing.name == "kite"


def test_the_pages_show_the_pictures_that_a_person_gave(facts, sample, tmp_path):
    """In place of the drawings of their shots, and each once."""
    Image.new("RGB", (900, 1600), "#336699").save(tmp_path / "given.png")
    shots = [shot for shot in plan_shots(sample, facts) if shot.scene == 1][:3]
    pages = pypdfium2.PdfDocument(board_pdf(facts, shots, (), {shots[1].name: tmp_path / "given.png"}))
    kinds = [each.type for page in pages for each in page.get_objects(max_depth=8)]
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == 1
