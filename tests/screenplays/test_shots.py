"""Shots by rules, their film grammar, and shot lists that people give."""

import csv
import io

import pytest

from callsheet.errors import InvalidRequest
from callsheet.model.film.screenplay_analysis import CameraShot
from callsheet.sources.screenplays.shot_list_file import read_shot_list
from callsheet.writing.screenplay.board_tables import call_sheet_csv, shot_list_csv
from callsheet.writing.screenplay.film_grammar import check_shots, find_unspoken
from callsheet.writing.screenplay.script_facts import analyse
from callsheet.writing.screenplay.shot_rules import plan_shots
from tests.screenplays.conftest import screenplay_of, script_named, shots_that_tell_all_of


@pytest.fixture
def planned(sample):
    """Return the sample's facts and shots."""
    facts = analyse(sample)
    return facts, plan_shots(sample, facts)


@pytest.mark.parametrize("name", ["sample", "comedy", "one_place", "chase", "names", "forty"])
def test_every_utterance_of_a_scene_is_said_once_and_in_order(name, sample, forty_scenes):
    """And each shot is as long as what is said in it; planned shots have no faults of grammar."""
    scripts = {"sample": lambda: sample, "forty": lambda: screenplay_of(forty_scenes())}
    shots_that_tell_all_of(scripts.get(name, lambda: script_named(name))())


def test_a_scene_elsewhere_begins_wide_and_speakers_keep_their_side(planned):
    """The first who speaks looks to the right in each shot of the scene."""
    _, shots = planned
    assert [shot.size for shot in shots if shot.name.endswith(".1")] == ["wide", "wide", "wide"]
    first = [(shot.seen[0], shot.looks) for shot in shots if shot.scene == 1 and shot.utterances]
    assert set(first) == {("JONAS", "right"), ("MARA", "left")}


def test_a_voice_from_outside_is_heard_over_those_who_listen(planned):
    """Who speaks is not seen."""
    facts, shots = planned
    unseen = next(each for each in facts.utterances if each.is_off_screen)
    shot = next(shot for shot in shots if unseen.number in shot.utterances)
    assert unseen.character == "LIV"
    assert "LIV" not in shot.seen
    assert shot.action.endswith("listens")


def test_a_note_in_the_script_is_a_shot_as_it_says(planned):
    """One that says what no shot has is refused with its line."""
    _, shots = planned
    note = next(shot for shot in shots if shot.action == "Jonas laughs")
    assert (note.size, note.seen, note.line) == ("close", ("JONAS",), 58)
    for words, said in (("colour=red", "line 3: a shot has no `colour`"), ("size=huge", "`size`")):
        script = screenplay_of(f"INT. A - DAY\n\n[[SHOT {words}]]\n")
        with pytest.raises(InvalidRequest, match=said):
            plan_shots(script, analyse(script))


def shot(number, **fields):
    """Return a shot of scene 1 with Mara in it."""
    return CameraShot(**{"name": f"1.{number}", "scene": 1, "seen": ("MARA",), "length_s": 3, **fields})


@pytest.mark.parametrize(
    ("rule", "shots"),
    [
        ("line-of-action", [shot(1, looks="left", size="close"), shot(2, looks="right")]),
        ("eyeline", [shot(1, looks="left", utterances=(1,)),
                     shot(2, looks="left", seen=("JONAS",), utterances=(2,), size="close")]),
        ("jump-cut", [shot(1), shot(2)]),
        ("same-size", [shot(1), shot(2, seen=()), shot(3), shot(4, seen=())]),
        ("screen-direction", [shot(1, moves="left", movement="track"), shot(2, moves="right", size="wide")]),
        ("changed-dress", [shot(1, dress="a red coat"), shot(2, dress="a blue coat", size="close")]),
        ("shorter-than-speech", [shot(1, utterances=(5,), length_s=0.5)]),
    ],
)  # fmt: skip
def test_each_rule_of_film_grammar_is_a_warning_that_can_be_waived(rule, shots, planned):
    """It names the shot and says why it disturbs; a waived rule is silent in that shot alone."""
    facts, _ = planned
    [finding] = check_shots(shots, facts.utterances)
    assert (finding.rule, finding.shot) == (rule, shots[-1].name)
    assert ";" in finding.sentence
    waived = [*shots[:-1], shots[-1].model_copy(update={"waive": (rule,)})]
    assert check_shots(waived, facts.utterances) == ()


def test_a_shot_list_comes_back_as_it_was_written(planned, tmp_path):
    """What Callsheet writes, it takes; nothing of it is changed."""
    facts, shots = planned
    file = tmp_path / "shots.csv"
    odd = (*shots, shot(99, action="=SUM(A1) is on the screen", waive=("jump-cut", "eyeline")))
    file.write_text(shot_list_csv(odd, (), facts), encoding="utf-8")
    assert read_shot_list(file) == odd


def test_what_no_shot_of_a_list_says_is_a_sentence_with_its_line(planned):
    """A list that has each utterance leaves out none; a list without one names it."""
    facts, shots = planned
    assert find_unspoken(shots, facts.utterances) == ()
    first = facts.utterances[0]
    silent = [shot.model_copy(update={"utterances": tuple(n for n in shot.utterances if n != 1)}) for shot in shots]
    [sentence] = find_unspoken(silent, facts.utterances)
    assert sentence.startswith(f"Line {first.line}: “{first.text[:20]}")
    assert f"of {first.character} is in no shot" in sentence
    assert sentence.endswith("add 1 to the utterances of a shot")


def test_a_list_in_yaml_keeps_the_names_of_its_shots(tmp_path):
    """2.10 is a name, and not the number 2.1."""
    file = tmp_path / "shots.yaml"
    file.write_text("shots:\n- name: 2.10\n  scene: 2\n  size: close\n  seen: MARA, JONAS\n  length_s: 4.5\n")
    assert read_shot_list(file) == (
        CameraShot(name="2.10", scene=2, size="close", seen=("MARA", "JONAS"), length_s=4.5),
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("s.csv", "name,scene,size\n1,1,huge\n", "shot 1: `size`"),
        ("s.csv", "name,scene,colour\n1,1,red\n", "shot 1: `colour`"),
        ("s.csv", "name,scene\n1,1\n1,2\n", "two shots have the name “1”"),
        ("s.csv", "name,scene\n", "lists no shot"),
        ("s.yaml", "shots: 5\n", "is a list of shots"),
        ("s.yaml", "shots: [\n", "the YAML can't be read"),
    ],
)
def test_a_list_with_a_mistake_is_one_sentence(tmp_path, name, text, said):
    """It names the shot and the column."""
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(InvalidRequest, match=said):
        read_shot_list(file)


def test_the_call_sheet_says_who_is_needed_where(planned):
    """By place, in the order of the days; no cell is taken for a formula."""
    facts, _ = planned
    rows = list(csv.DictReader(io.StringIO(call_sheet_csv(facts, facts.scenes))))
    assert [(row["place"], row["day"], row["time"], row["scenes"]) for row in rows] == [
        ("FERRY DOCK", "1", "DUSK", "1"),
        ("FERRY DOCK", "1", "NIGHT", "3"),
        ("FERRY CABIN", "1", "NIGHT", "2"),
    ]
    assert rows[0]["characters"] == "JONAS, MARA"
    assert "yellow raincoat" in rows[0]["looks and wardrobe"]
    tricky = shot_list_csv([shot(1, action="=SUM(A1)")], (), facts)
    assert "'=SUM(A1)" in tricky


def test_each_point_of_a_montage_is_a_shot():
    """Its head is none, and a cut to black is a transition."""
    screenplay = script_named("honest_witness")
    beach = [shot.action for shot in shots_that_tell_all_of(screenplay) if shot.scene == 3]
    assert beach == [
        "Tommy opens the cage.",
        "The parrot hops onto his finger.",
        "It flies over the waves, towards a sailing boat.",
        "Rosa sits on the sand and laughs. Tommy waves.",
        "ROSA listens",
    ]


def test_pronouns_mean_those_who_were_seen_last():
    """“She kneels beside him” shows both; “it” is the one whom no pronoun has named."""
    engine_room = [shot for shot in shots_that_tell_all_of(script_named("meridian")) if shot.scene == 2]
    assert engine_room[-1].action.startswith("She kneels beside him")
    assert engine_room[-1].seen == ("YUKI", "BORIS")
    page = "EXT. ROAD - DAY\n\nMAY (45) waits. TOM (17) drops his hat.\n\nHe looks at May. He weeps.\n"
    assert shots_that_tell_all_of(screenplay_of(page))[-1].seen == ("TOM", "MAY")
    flight = next(
        shot for shot in shots_that_tell_all_of(script_named("honest_witness")) if shot.action[:8] == "It flies"
    )
    assert flight.seen == ("PARROT",)


def test_a_pause_makes_the_shot_before_it_longer():
    """It is no shot, as nobody would see anything new."""
    page = "INT. ROOM - DAY\n\nTOM (30) waits.\n\nTOM\nWell?\n\n{}He leaves.\n"
    shots = shots_that_tell_all_of(screenplay_of(page.format("Beat.\n\n")))
    straight = shots_that_tell_all_of(screenplay_of(page.format("")))
    assert [shot.action for shot in shots] == [shot.action for shot in straight]
    assert shots[1].length_s == pytest.approx(straight[1].length_s + 1)


def test_words_for_the_camera_say_how_near_an_action_is_seen():
    """They stand at its beginning."""
    page = "EXT. HILL - DAY\n\nWind.\n\nCLOSE ON: a hat in the grass.\n\nWIDE SHOT of the hill.\n\nTOM (30) sleeps.\n"
    sizes = [shot.size for shot in shots_that_tell_all_of(screenplay_of(page))]
    assert sizes[1:3] == ["close", "wide"]


def test_all_who_are_there_speak_together():
    """`ALL` is nobody."""
    page = "INT. SALOON - NIGHT\n\nMAY (45), TOM (30) and DOC (60) drink.\n\nDOC\nTo cowards.\n\nALL\nTo cowards!\n"
    assert shots_that_tell_all_of(screenplay_of(page))[-1].seen == ("MAY", "TOM", "DOC")


def test_german_transitions_and_pronouns_are_understood():
    """A cut is no shot; “Sie lacht” shows her."""
    page = (
        "INNEN. HALTESTELLE - NACHT\n\nFRAU KELLER (72) wartet.\n\nSCHNITT AUF:\n\n"
        "AUSSEN. STRASSE - TAG\n\nFrau Keller marschiert.\n\nSie lacht.\n\nABBLENDE.\n"
    )
    shots = shots_that_tell_all_of(screenplay_of(page))
    assert [shot.action for shot in shots] == ["FRAU KELLER (72) wartet.", "Frau Keller marschiert.", "Sie lacht."]
    assert shots[-1].seen == ("FRAU KELLER",)
