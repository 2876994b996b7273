"""Fountain: every element is found at its line, and no word is lost."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.errors import InvalidRequest
from callsheet.model.film.screenplay import SCREENPLAY_WORD, CharacterCue, Inside, SceneHeading
from callsheet.sources.screenplays import fountain
from callsheet.sources.screenplays.script_builder import ScriptBuilder
from tests.pace import seconds_here
from tests.screenplays.conftest import screenplay_of, script_named


def shown(screenplay):
    """Return each part in short: its line, kind and text."""
    return [
        f"{part.line} {part.kind}: {part.name if part.kind == 'character' else part.text}" for part in screenplay.parts
    ]


def test_the_sample_is_read_whole(sample):
    """Two places, three who speak, and all of its words."""
    assert sample.title == "The Last Ferry"
    assert sample.words == sample.source_words == 422
    assert sample.speakers == ("JONAS", "MARA", "LIV")
    headings = [part for part in sample.parts if isinstance(part, SceneHeading)]
    assert [(each.inside, each.place, each.time, each.scene_number) for each in headings] == [
        (Inside.EXTERIOR, "FERRY DOCK", "DUSK", "1"),
        (Inside.INTERIOR, "FERRY CABIN", "NIGHT", "2"),
        (Inside.EXTERIOR, "FERRY DOCK", "NIGHT", "3"),
    ]


def test_utterances_are_ordered_and_anchored(sample):
    """Each has its scene, its line in the file, its manner, and no mark of emphasis."""
    first, *_, last = sample.utterances()
    assert (first.character, first.text, first.manner) == ("JONAS", "Wait! Is this the last one?", "out of breath")
    assert (first.number, first.scene, first.line) == (1, 1, 18)
    assert (last.scene, last.extensions, last.text) == (3, ("CONT'D",), "Good night, Captain.")
    unseen = [each.text for each in sample.utterances() if each.is_off_screen]
    assert unseen == ["Mama?"]


def test_two_who_speak_at_once_stand_side_by_side():
    """The mark stands on the second; the first gets its side, too."""
    comedy = script_named("comedy")
    cues = [part for part in comedy.parts if isinstance(part, CharacterCue)]
    assert [cue.dual for cue in cues] == ["left", "right", "left", "right", ""]
    assert [each.text for each in comedy.utterances()][2:4] == ["That was my pot!", "That was your pot?"]
    assert [each.is_sung for each in comedy.utterances()][-2:] == [False, True]


def test_names_of_every_script_are_cues():
    """Also those without capitals, and headings in other languages."""
    names = script_named("names")
    assert names.speakers == ("田中", "ЮЛИЯ", "ÉLODIE", "McCoy")
    assert [part.place for part in names.parts if part.kind == "heading"] == ["駅", "部屋"]
    assert names.words == names.source_words


def test_a_script_may_have_no_speech_and_text_before_its_first_scene():
    """Pages are counted where the file breaks them."""
    chase = script_named("chase")
    assert chase.speakers == ()
    assert [part.page for part in chase.parts if part.kind == "heading"] == [1, 1, 1, 2]
    assert shown(chase)[:2] == ["1 section: Act one", "2 synopsis: A runner and a dog cross the city."]
    assert shown(script_named("one_place"))[0] == "1 action: It rains before the story begins."


def test_forced_elements_are_what_their_mark_says():
    """And the mark is not part of the text."""
    forced = screenplay_of(
        "!INT. NOT A HEADING\n\n.IN A DREAM #7b#\n\n@McClane (V.O.)\nYippee.\n\n> Smash cut:\n\n> THE END <\n\n"
        "~Only a song\n\n...three dots\n\n=== \n\n## Part\n\n= What it is about\n"
    )
    assert shown(forced) == [
        "1 action: INT. NOT A HEADING",
        "3 heading: IN A DREAM",
        "5 character: McClane",
        "6 dialogue: Yippee.",
        "8 transition: Smash cut:",
        "10 centred: THE END",
        "12 lyric: Only a song",
        "14 action: ...three dots",
        "16 page-break: ",
        "18 section: Part",
        "20 synopsis: What it is about",
    ]


def test_a_boneyard_that_touches_a_line_leaves_that_line_what_it_is():
    """A heading and a transition stay; a speech continues; the text is reported with its line."""
    erased = screenplay_of(
        "He leaves.\n/* old\n\nlines */\nEXT. ROAD - DAY\n\nJO\n/* Go away. */\nStay.\n\n"
        "/* x */ CUT TO:\n\nA ro/* z */ad.\n"
    )
    assert shown(erased) == [
        "1 action: He leaves.",
        "5 heading: EXT. ROAD - DAY",
        "7 character: JO",
        "9 dialogue: Stay.",
        "11 transition: CUT TO:",
        "13 action: A ro ad.",
    ]
    assert [(each.line, each.text.strip()) for each in erased.left_out][:2] == [(2, "old\n\nlines"), (8, "Go away.")]
    assert erased.words == erased.source_words


def test_notes_stand_behind_the_part_in_which_they_are_written():
    """Also in a speech, and over several lines; one that never ends is text."""
    noted = screenplay_of(
        "INT. A - DAY\n\nJO\nYes. [[really\nso]]\nNo.\n\nHe [[waits]] stops.\n\n[[Open for\n\never.\n"
    )
    assert shown(noted)[1:] == [
        "3 character: JO",
        "4 dialogue: Yes.\nNo.",
        "4 note: really\nso",
        "8 action: He  stops.",
        "8 note: waits",
        "10 action: [[Open for",
        "12 action: ever.",
    ]


def test_a_speech_holds_parentheticals_and_an_empty_line_of_two_spaces():
    """A parenthetical may take several lines."""
    spoken = screenplay_of("JO\n(slow,\nlow)\nOne.\n  \nTwo.\n(up)\nThree.\n\nJO LEAVES\n\nGone.\n")
    assert shown(spoken) == [
        "1 character: JO",
        "2 parenthetical: (slow,\nlow)",
        "4 dialogue: One.\nTwo.",
        "7 parenthetical: (up)",
        "8 dialogue: Three.",
        "10 action: JO LEAVES",
        "12 action: Gone.",
    ]
    assert [each.manner for each in spoken.utterances()] == ["slow, low", "up"]


def test_the_title_page_is_read_and_a_transition_is_none():
    """Values may take several indented lines."""
    titled = screenplay_of(
        "\ufeffTitle:\r\n    _**BIG**_\r\n    fish\r\nAuthor: A. B.\r\n\r\nFADE IN:\r\n\r\nINT. A - DAY\r\n"
    )
    assert [(field.name, field.text) for field in titled.title_page] == [
        ("Title", "_**BIG**_\nfish"),
        ("Author", "A. B."),
    ]
    assert titled.title == "BIG fish"
    assert shown(screenplay_of("FADE IN:\n\nINT. A - DAY\n"))[0] == "1 transition: FADE IN:"


FRAGMENTS = (
    "INT. ", "EXT. HOUSE - NIGHT", "#12A#", "JOHN", "don't", "V.O.", "(", ")", "^", "[[", "]]", "/*", "*/", "\n",
    "\n\n", "  \n", " ", "!", "@", ".", "~", ">", "<", "#", "=", "===", "TO:", "Title: a", "é", "ß",
    "駅", "日本", "ЮЛИЯ", "word", "“quote”", "x-y", "*b*", "_u_", "\\*", "…", "’", "\t", "FADE OUT.", "नमस्ते",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join))
def test_no_word_is_ever_lost(text):
    """Whatever is written: the words of what was read and left out are those of the file."""
    script = ScriptBuilder()
    fountain.read(text, script)
    assert words_of(script) == Counter(SCREENPLAY_WORD.findall(text))


def words_of(script):
    """Count each word of all that a reader has added."""
    read = [text for field in script.title_page for text in (field.name, field.text)]
    for part in script.parts:
        if part.kind == "character":
            read += [part.name, *part.extensions]
        else:
            read += [part.text, part.scene_number if part.kind == "heading" else ""]
    read += [each.text for each in script.left_out]
    return Counter(word for text in read for word in SCREENPLAY_WORD.findall(text))


@pytest.mark.parametrize(
    "text",
    ["[[" * 50_000, "/*" * 50_000, "[[]]" * 25_000, "(" * 50_000, "INT. " + "- " * 50_000, "A\n(" + "(" * 50_000,
     "/*a*/\n" * 15_000, "A" + " " * 50_000 + "^", "> " + "<" * 50_000, "#" * 50_000, "*" * 50_000],
    ids=lambda text: f"{text[:6]!r}",
)  # fmt: skip
def test_hostile_text_takes_time_in_proportion(text):
    """A reader that looked at the rest of the text from each mark would take minutes."""
    begun = time.process_time()
    fountain.read(text, ScriptBuilder())
    assert time.process_time() - begun < seconds_here(5)


@pytest.mark.parametrize("text", ["Dear diary,\n\nit rained today.\n", "# Notes\n\n- buy milk\n"])
def test_what_is_no_screenplay_is_one_sentence(text):
    """It says how scenes and speeches begin."""
    with pytest.raises(InvalidRequest, match=r"no scene and no speech in it; begin scenes with INT\."):
        screenplay_of(text)


def test_sixty_characters_in_forty_scenes_keep_their_numbers(forty_scenes):
    """Each scene has its own, and each name its speeches."""
    large = screenplay_of(forty_scenes(60))
    assert [part.scene_number for part in large.parts if part.kind == "heading"] == [str(n) for n in range(1, 41)]
    assert len(list(large.utterances())) == 80
    assert large.words == large.source_words
