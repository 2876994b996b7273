"""What the rules find in a screenplay: its people, places and scenes, in its own words."""

import pytest

from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import Gender
from callsheet.writing.screenplay.script_facts import analyse
from callsheet.writing.screenplay.trailer import scenes_in
from tests.screenplays.conftest import SAMPLE, screenplay_of, script_named


@pytest.fixture
def facts(sample):
    """Return what is found in the sample."""
    return analyse(sample)


@pytest.mark.parametrize(
    ("action", "looks"),
    [
        ("He sees the rail. A green PARROT sits on it.", "A green PARROT"),
        ("The man sees a green PARROT.", "a green PARROT"),
        ("A small drone, PARROT, hovers.", "A small drone, PARROT"),
        ("A woman, PARROT (40), in a red coat, waits.", "A woman, PARROT (40), in a red coat"),
        ("Behind them an old PARROT with one eye, asleep.", "an old PARROT with one eye"),
        ("PARROT, a rusty robot, waits.", "PARROT, a rusty robot"),
        ("He drops a black lamp, PARROT runs.", ""),
        ("The PARROT sits.", ""),
        ("The captain PARROT sits.", ""),
    ],
)
def test_words_before_a_name_tell_its_looks(action, looks):
    """Those of its own phrase: an article, and a colour, a size, an age or a kind."""
    [parrot] = analyse(screenplay_of(f"INT. SHIP - DAY\n\n{action}\n\nPARROT\nHello.")).characters
    assert [quote.text for quote in parrot.looks] == ([looks] if looks else [])


def test_looks_are_quotes_with_their_line(facts):
    """They are words of the file, to the last piece that tells of looks."""
    written = SAMPLE.read_text(encoding="utf-8").split("\n")
    looks = {each.name: each.looks[0] for each in facts.characters}
    assert looks["MARA"].text == "MARA (34), a tall ferry pilot in a yellow raincoat, short grey hair"
    assert looks["JONAS"].text == "JONAS (60s), round, in a brown cap and a heavy brown coat"
    assert all(quote.text in written[quote.line - 1] for quote in looks.values())
    genders = {each.name: each.gender for each in facts.characters}
    assert genders == {"MARA": Gender.FEMALE, "LIV": Gender.FEMALE, "JONAS": Gender.MALE}


def test_places_and_days_are_found(facts):
    """A place that comes back is one place; the mood is the first sentence there."""
    assert [(each.name, each.scenes, each.times) for each in facts.settings] == [
        ("FERRY DOCK", (1, 3), ("DUSK", "NIGHT")),
        ("FERRY CABIN", (2,), ("NIGHT",)),
    ]
    assert facts.settings[0].mood.text == "Fog over black water."
    assert [each.day for each in facts.scenes] == [1, 1, 1]
    assert "battered suitcase" in facts.scenes[0].props


def test_scenes_say_why_they_are_important(facts):
    """Each score is of the whole film, with its reasons."""
    scores = [each.importance for each in facts.scenes]
    assert max(scores) == scores[1]
    assert "it introduces LIV" in facts.scenes[1].reasons
    assert "it ends the film" in facts.scenes[2].reasons


def test_those_who_say_nothing_are_found_by_their_names_in_capitals():
    """A noise in capitals is no person, and `MAN` is not found inside of `WOMAN`."""
    chase = analyse(script_named("chase"))
    assert [(each.name, each.speeches, each.first_line) for each in chase.characters] == [
        ("RUNNER", 0, 6),
        ("DOG", 0, 8),
    ]
    lift = {each.name: each for each in analyse(script_named("one_place")).characters}
    assert lift["MAN"].looks[0].text == "MAN with a cello case"
    bang = analyse(screenplay_of("INT. A - DAY\n\nBANG! The gun goes BANG! again.\n\nJO (30) falls.\n"))
    assert [each.name for each in bang.characters] == ["JO"]


def test_one_person_with_two_names_is_one():
    """The longer name is the same person, if only one is meant."""
    found = analyse(
        screenplay_of("INT. A - DAY\n\nMARA\nYes.\n\nCAPTAIN MARA\nNo.\n\nMARA'S VOICE\nWell.\n\nTOM (V.O.)\nHm.\n")
    )
    assert [(each.name, each.aliases, each.speeches) for each in found.characters] == [
        ("MARA", ("CAPTAIN MARA",), 3),
        ("TOM", (), 1),
    ]
    assert [each.character for each in found.utterances] == ["MARA", "MARA", "MARA", "TOM"]


def test_scenes_are_named_by_numbers_and_ranges():
    """What names no scene is refused with what to write."""
    assert scenes_in("3, 5-7", 9) == (3, 5, 6, 7)
    for wrong in ("", "0", "7-5", "10", "x"):
        with pytest.raises(InvalidRequest, match="3, 5-7"):
            scenes_in(wrong, 9)


def test_a_person_who_is_introduced_with_more_names_is_one_person():
    """The age behind the longer name tells; ordinals and people of another age are others."""
    facts = analyse(script_named("meridian"))
    assert [each.name for each in facts.characters] == ["YUKI", "PIP", "BORIS", "MIKO"]
    assert facts.characters[0].aliases[0] == "COMMANDER YUKI TANAKA"
    assert facts.characters[0].looks[0].text == "COMMANDER YUKI TANAKA (38, short black hair, blue uniform)"
    people = "BORIS (66) sleeps. YOUNG BORIS (20) dances. A SECOND GUARD (40) yawns."
    page = f"INT. BARN - DAY\n\n{people}\n\nBORIS\nHm.\n\nGUARD\nHa."
    assert [each.name for each in analyse(screenplay_of(page)).characters] == [
        "BORIS",
        "GUARD",
        "YOUNG BORIS",
        "SECOND GUARD",
    ]


def test_who_says_nothing_and_is_named_once_is_a_person_by_what_people_are():
    """A gunshot is none."""
    page = "INT. COURT - DAY\n\nA BAILIFF opens the door. A GUNSHOT rings out.\n\nROSA\nWhat?"
    assert [each.name for each in analyse(screenplay_of(page)).characters] == ["ROSA", "BAILIFF"]


def test_words_for_people_tell_which_voice_fits():
    """A nurse may be anyone."""
    page = "EXT. MARKET - DAY\n\nTHE POSTMAN\nHello.\n\nFISHWIFE\nFish!\n\nNURSE\nNo."
    genders = {each.name: each.gender for each in analyse(screenplay_of(page)).characters}
    assert list(genders.values()) == [Gender.MALE, Gender.FEMALE, None]


def test_what_a_person_has_tells_of_that_person_among_others():
    """“Hands her the ring” tells of another one."""
    page = "INT. HALL - DAY\n\nROSA (40) whispers to her client, TOMMY (19). KIM (30) hands her the ring.\n\nROSA\nNo."
    assert [each.gender for each in analyse(screenplay_of(page)).characters] == [Gender.FEMALE, None, None]
