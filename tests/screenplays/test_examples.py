"""The screenplays that stand beside the product: read whole, and drawn as their words say."""

import re
from xml.etree import ElementTree

import pytest

from callsheet.media.panels.acting import acting_of
from callsheet.media.panels.cast import cast_of
from callsheet.media.panels.panel import draw_layers, draw_panel
from callsheet.model.film.screenplay_analysis import CameraShot
from callsheet.writing.screenplay.script_facts import analyse
from callsheet.writing.screenplay.shot_rules import plan_shots
from tests.screenplays.conftest import SAMPLE, screenplay_of, shots_that_tell_all_of

EXAMPLES = sorted(SAMPLE.parent.glob("*.fountain"))


def planned(name):
    """Return what is found in an example, and its shots by name."""
    screenplay = screenplay_of((SAMPLE.parent / f"{name}.fountain").read_bytes(), name)
    facts = analyse(screenplay)
    return facts, {shot.name: shot for shot in plan_shots(screenplay, facts)}


def text_of(script):
    """Return the facts of a text, and its shots in order."""
    screenplay = screenplay_of(script)
    facts = analyse(screenplay)
    return facts, plan_shots(screenplay, facts)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_loses_nothing_and_each_line_is_said_once(path):
    """Also with the line ends and the byte order mark of another system; its planned shots break no rule."""
    source = path.read_bytes()
    screenplay = screenplay_of(source, path.stem)
    assert screenplay.words == screenplay.source_words
    elsewhere = screenplay_of(b"\xef\xbb\xbf" + source.replace(b"\n", b"\r\n"), path.stem)
    assert elsewhere.parts == screenplay.parts
    shots = shots_that_tell_all_of(screenplay)
    assert len({shot.size for shot in shots}) >= 3


def test_an_animal_with_a_name_is_drawn_as_that_animal():
    """One who owns a dog is a person; the dog has in its mouth what it grabs."""
    facts, shots = planned("the_kite")
    cast = cast_of(facts.characters)
    assert {name: figure.animal for name, figure in cast.items()} == {
        "NOOR": "", "BISCUIT": "dog", "POSTMAN": "", "FISHWIFE": "",
    }  # fmt: skip
    assert acting_of("BISCUIT", shots["1.4"], facts.characters, ()).thing.name == "kite"
    for size in ("wide", "full", "medium", "close"):
        drawn = draw_panel(shots["1.4"].model_copy(update={"size": size}), facts)
        assert ElementTree.fromstring(drawn).tag.endswith("svg")
    owner, _ = text_of("EXT. PARK - DAY\n\nTINA (40), a woman with a dog, waits.\n\nTINA\nSit.\n")
    assert [figure.animal for figure in cast_of(owner.characters).values()] == [""]


def test_those_who_run_take_steps_and_look_where_they_run():
    """The one who is chased is before the one who chases."""
    facts, shots = planned("the_kite")
    layers = draw_layers(shots["4.2"], facts)
    assert layers.striding and layers.striding != layers.figures
    assert draw_layers(shots["1.2"], facts).striding == ""
    starts = [float(x) for x in re.findall(r"translate\((\d+\.\d\d) ", layers.figures)]
    runners = [x for x in starts if x in {80.0, 160.0, 240.0}]
    assert runners == [160.0, 80.0]  # behind the dog, which is drawn first: Noor, and behind her the Postman
    assert all(shot.size in {"wide", "full"} for shot in shots.values() if shot.moves)


def test_who_is_gone_is_not_seen_and_they_are_all_who_were_seen():
    """So no panel shows the one who has left, and none is empty by a pronoun."""
    assert planned("the_kite")[1]["5.2"].seen == ()
    _, shots = planned("two_bakers")
    assert shots["1.7"].seen == shots["2.5"].seen == ("PIA", "TOM")
    assert shots["2.2"].size not in {"close", "extreme-wide"}


def test_a_name_in_other_letters_and_a_first_name_are_the_same_person():
    """In each script; a name without spaces around it is found."""
    facts, shots = planned("night_train")
    assert len(facts.characters) == 5
    names = {spelling: each.name for each in facts.characters for spelling in (each.name, *each.aliases)}
    assert names["McCoy"] == names["MCCOY"] and names["Élodie"] == names["ÉLODIE BRÛLÉ"] == "Élodie Brûlé"
    assert shots["1.16"].seen == ("Élodie Brûlé",)
    assert shots["3.1"].seen == ("李梅",)
    assert acting_of("李梅", shots["3.1"], facts.characters, ()).mood == "happy"
    assert acting_of("ЮЛИЯ", shots["2.2"], facts.characters, ()).pose == "wave"
    assert facts.scenes[1].weather == "snow"


def test_hats_and_beards_have_the_colour_of_their_words():
    """And not that of the clothes, or of a hair that is not there."""
    bakers, cards = (cast_of(planned(name)[0].characters) for name in ("two_bakers", "forty_postcards"))
    assert bakers["TOM"].beard == "#b9b9b9"
    assert bakers["TOM"].hair_style == "bald"
    assert cards["FINN"].hat_colour == "#c8473b" != cards["FINN"].clothes
    assert bakers["OLD LADY"].height < 1


def test_a_place_is_drawn_by_its_first_words():
    """A hill above the town is a hill, in whatever language a station is one."""

    def ground(heading):
        facts, shots = text_of(f"{heading}\n\nQuiet.\n")
        return draw_layers(shots[0].model_copy(update={"size": "wide"}), facts).ground

    assert ground("EXT. HILL ABOVE THE TOWN - DAY") == ground("EXT. HILL - DAY") != ground("EXT. TOWN - DAY")
    assert len({ground(f"INT. {place} - DAY") for place in ("HOUSE", "LIFT", "TRAIN", "FERRY")}) == 4
    assert ground("EXT. ROOF - DAY") != ground("EXT. STREET - DAY")
    assert ground("INT. TRAIN - DAY") == ground("内景. 列车 - 日") == ground("ИНТ. ПОЕЗД - ДЕНЬ")


def test_a_note_behind_the_action_it_repeats_takes_the_place_of_its_shot():
    """A note that tells of something else is one more shot."""
    script = 'INT. ROOM - DAY\n\nTOM (30) waits.\n\nTom laughs at the cat.\n\n[[SHOT size=close who=TOM action="{}"]]\n'
    assert [shot.action for shot in text_of(script.format("Tom laughs"))[1]] == ["TOM (30) waits.", "Tom laughs"]
    assert len(text_of(script.format("A clock strikes"))[1]) == 3


def test_the_head_of_one_who_sits_is_in_a_near_view_and_what_is_carried_too():
    """The camera goes down; a thing that hangs from a hand is held up."""
    facts, _ = text_of("INT. ROOM - DAY\n\nTOM (30) waits.\n\nTOM\nYes.\n")

    def head(action):
        shot = CameraShot(name="x", scene=1, size="close", seen=("TOM",), action=action)
        return float(re.search(r"translate\(160.00 ([-\d.]+)\)", draw_layers(shot, facts).figures)[1])

    assert head("Tom sits.") == head("Tom waits.")
    shot = CameraShot(name="x", scene=1, size="medium", seen=("TOM",), action="Tom carries a suitcase.")
    acting = acting_of("TOM", shot, facts.characters, ())
    assert (acting.pose, acting.thing.where) == ("hold", "held")
