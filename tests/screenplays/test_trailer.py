"""A trailer has its length, and all that is said in each of its scenes, once and in order."""

import random

import pytest

from callsheet.errors import InvalidRequest
from callsheet.writing.screenplay.film_timing import SaidUtterance, ShotBounds, fit_lengths, said_in_none, time_shots
from callsheet.writing.screenplay.script_facts import analyse
from callsheet.writing.screenplay.shot_rules import plan_shots, speech_seconds
from callsheet.writing.screenplay.trailer import choose_trailer
from tests.screenplays.conftest import SAMPLE, screenplay_of
from tests.screenplays.test_film_timing import RATE, sentence

EXAMPLES = sorted(SAMPLE.parent.glob("*.fountain"))
USUAL_VOICE = 0.78
"""Share of the estimated time that the voices need for the examples."""


def planned(script):
    """Return the facts of a screenplay, and its shots."""
    screenplay = screenplay_of(script)
    facts = analyse(screenplay)
    return facts, plan_shots(screenplay, facts)


def numbers(shots):
    """Return what is said in these shots."""
    return [number for shot in shots for number in shot.utterances]


def seconds(shots):
    """Return how long these shots are."""
    return sum(shot.length_s for shot in shots)


def filmed(facts, shots, length_s, voice=USUAL_VOICE):
    """Return the shots as they are filmed; a voice needs this share of the estimated time."""
    said = {
        each.number: SaidUtterance(each, (sentence(each.text, speech_seconds(each.text) * voice),))
        for each in facts.utterances
    }
    return time_shots(shots, said, RATE, length_s)


def check_scenes(facts, shots, trailer):
    """Check that a whole scene has all of its utterances, and a passage all from the first to the last."""
    for taken in trailer.scenes:
        mine = [shot for shot in trailer.shots if shot.scene == taken.scene]
        assert tuple(shot.name for shot in mine) == taken.shots
        said = numbers(mine)
        all_said = [each.number for each in facts.utterances if each.scene == taken.scene]
        if taken.is_whole:
            assert said == all_said
        else:
            names = [shot.name for shot in shots if shot.scene == taken.scene]
            begin = names.index(taken.shots[0])
            assert list(taken.shots) == names[begin : begin + len(taken.shots)]
            assert "a passage" in taken.reason


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("voice", [0.6, USUAL_VOICE, 1.0])
def test_a_minute_of_each_example_has_whole_scenes_whatever_the_voices_need(path, voice):
    """Each utterance of a scene that is chosen is heard once and in order, and no other one."""
    facts, shots = planned(path.read_bytes())
    trailer = choose_trailer(facts, shots, 55.0)
    check_scenes(facts, shots, trailer)
    assert all(scene.is_whole for scene in trailer.scenes)
    assert seconds(trailer.shots) == pytest.approx(55, rel=0.01)
    timed = filmed(facts, trailer.shots, 55.0, voice)
    assert sum(each.frames for each in timed) / RATE == pytest.approx(55, rel=0.045)
    chosen = {scene.scene for scene in trailer.scenes}
    said = [each.text for each in facts.utterances if each.scene in chosen]
    heard = [each.spoken.sentence.text for shot in timed for each in shot.heard]
    assert sorted(heard) == sorted(said)


def written(seed):
    """Write a screenplay by chance: some scenes are silent, some talk, and one may talk for minutes."""
    chance = random.Random(seed)
    scenes = []
    for number in range(chance.choice([1, 2, 3, 7, 25])):
        lines = [f"INT. {chance.choice(['BARN', 'ATTIC', 'HALL', 'SHOP', 'YARD'])} {number} - DAY"]
        for _ in range(chance.choice([1, 2, 5, 20])):
            if chance.random() < 0.4:
                lines.append("ANNA walks to the door. " * chance.randint(1, 3))
            else:
                speech = " ".join(["word"] * chance.choice([1, 4, 12, 40]))
                lines.append(f"{chance.choice(['ANNA', 'BEN', 'CARL'])}\n{speech}.")
        scenes.append("\n\n".join(lines))
    return "\n\n".join(scenes)


@pytest.mark.parametrize("length_s", [25.0, 55.0, 115.0])
@pytest.mark.parametrize("seed", range(40))
def test_a_trailer_of_any_screenplay_has_its_length_and_all_that_is_said_in_its_scenes(seed, length_s):
    """A passage stands for a scene only if the whole scenes are too short; a film may be shorter than its trailer."""
    facts, shots = planned(written(seed))
    try:
        trailer = choose_trailer(facts, shots, length_s, with_ending=True)
    except InvalidRequest:
        assert all(shot.length_s > length_s for shot in shots)
        return
    check_scenes(facts, shots, trailer)
    said = numbers(trailer.shots)
    assert len(set(said)) == len(said)
    assert [shot.name for shot in trailer.shots] == [
        shot.name for shot in shots if shot.name in {one.name for one in trailer.shots}
    ]
    length = seconds(trailer.shots)
    assert length <= length_s * 1.05
    if length < length_s * 0.95:
        assert len(trailer.scenes) == len(facts.scenes) or any(not scene.is_whole for scene in trailer.scenes)


def test_a_scene_that_is_too_long_gives_a_passage_that_says_so():
    """It begins and ends where people are silent, if it can."""
    talk = "ANNA\nOne two three four five six seven eight.\n\nBEN\nOne two three four five six seven.\n\n"
    facts, shots = planned(f"INT. BARN - DAY\n\n{('Anna and Ben look at the lamp.' + chr(10) * 2 + talk * 2) * 6}")
    trailer = choose_trailer(facts, shots, 34.0)
    check_scenes(facts, shots, trailer)
    [scene] = trailer.scenes
    assert not scene.is_whole
    names = [shot.name for shot in shots]
    begin, end = names.index(scene.shots[0]), names.index(scene.shots[-1]) + 1
    assert not shots[begin].utterances or not shots[begin - 1].utterances
    assert end == len(shots) or not (shots[end].utterances and shots[end - 1].utterances)


def test_slower_voices_leave_out_a_whole_scene_and_never_a_part():
    """It is the one with the least speech of those without which the rest has the length."""
    bounds = [
        ShotBounds.of(scene, usual, needed, 10)
        for scene, usual, needed in [(1, 30, 0), (1, 200, 200), (2, 90, 90), (3, 150, 150), (3, 150, 150), (3, 40, 0)]
    ]
    lengths = fit_lengths(bounds, 550)
    assert set(lengths) == {0, 1, 3, 4, 5}
    assert sum(lengths.values()) == 550


def test_a_single_scene_that_is_too_long_for_its_voices_ends_earlier():
    """What is heard is all from its beginning."""
    bounds = [ShotBounds.of(1, 100, needed, 10) for needed in (0, 100, 100, 0, 100, 100)]
    assert list(fit_lengths(bounds, 320)) == [1, 2, 4]


def test_a_slow_voice_has_fewer_scenes():
    """The trailer counts with its speed before it is spoken."""
    facts, shots = planned(EXAMPLES[0].read_bytes())
    usual, slow = (choose_trailer(facts, shots, 20.0, speed=speed) for speed in (1.0, 0.5))
    assert len(numbers(slow.shots)) < len(numbers(usual.shots))


def test_what_voices_leave_no_room_for_is_told():
    """A sentence names the scenes without any speech, and the shots of others."""
    facts, shots = planned(EXAMPLES[1].read_bytes())
    assert said_in_none(shots, shots) == ""
    last = [shot for shot in shots if shot.utterances][-1]
    kept = [shot for shot in shots if shot.scene != 1 and shot is not last]
    assert said_in_none(shots, kept) == (
        f"The voices need longer than planned: the trailer leaves out scene 1 and shot {last.name}"
    )
    timed = filmed(facts, [shot for shot in shots if shot.scene < 3], 40.0, voice=1.5)
    assert {each.shot.scene for each in timed} == {2}
    assert len([each for each in timed if each.heard]) == 7


def test_a_long_screenplay_is_chosen_from_in_a_moment(forty_scenes):
    """Scenes stand in their order; the last ones are not given away, and a person may ask for them."""
    facts, shots = planned(forty_scenes())
    trailer = choose_trailer(facts, shots, 60.0)
    assert seconds(trailer.shots) == pytest.approx(60, rel=0.01)
    assert [scene.scene for scene in trailer.scenes] == sorted({scene.scene for scene in trailer.scenes})
    assert max(scene.scene for scene in trailer.scenes) <= 34
    assert all(scene.reason for scene in trailer.scenes)
    assert len({facts.scenes[scene.scene - 1].place for scene in trailer.scenes}) >= 3
    assert choose_trailer(facts, shots, 600.0, with_ending=True).scenes[-1].scene == 40
