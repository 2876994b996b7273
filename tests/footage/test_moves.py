"""Prompts for the camera: directions are the camera's, in every phrasing and in four languages; the rest is named."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from callsheet.cli.image import image
from callsheet.footage.local import unheeded
from callsheet.footage.moves import OPPOSITE, Move, read_edge, read_moves, strength_of
from callsheet.footage.vocabulary import read_prompt
from callsheet.model.field_notes import field_notes
from callsheet.model.footage.picture_words import EDITS, LANGUAGES, MOVES, Phrase, in_english, markdown_table
from callsheet.model.requests.pictures import ImageVideoRequest

IN, OUT, LEFT, RIGHT, UP, DOWN, STILL = Move
DOCS = Path(__file__).parents[2] / "docs" / "images.md"
WORDS = {
    "English": {"left": "left", "right": "right", "up": "top", "down": "bottom"},
    "German": {"left": "links", "right": "rechts", "up": "oben", "down": "unten"},
    "French": {"left": "gauche", "right": "droite", "up": "haut", "down": "bas"},
    "Spanish": {"left": "izquierda", "right": "derecha", "up": "arriba", "down": "abajo"},
}
MOVE_OF = {"left": LEFT, "right": RIGHT, "up": UP, "down": DOWN}
BACK = {"left": "right", "right": "left", "up": "down", "down": "up"}
WHOLE_WAYS = {
    "English": ["pan from {a} to {b}", "pan {a} to {b}", "the camera moves from the far {a} to the {b}", "{a} to {b}",
                "slowly pan from the {a} towards the {b} side", "a slow pan across from {a} to {b}"],
    "German": ["von {a} nach {b}", "schwenke von {a} nach {b}", "die Kamera fährt von {a} nach {b}",
               "langsamer Kameraschwenk von ganz {a} nach {b}", "von {a} nach {b} schwenken"],
    "French": ["de {a} à {b}", "panoramique de {a} à {b}", "la caméra se déplace de la {a} vers la {b}"],
    "Spanish": ["de {a} a {b}", "paneo de {a} a {b}", "la cámara se desplaza desde la {a} hacia la {b}"],
}  # fmt: skip
BORDERS = [
    ("from the {a}", True), ("to the {a}", False), ("towards the {a}", False), ("away from the {a}", True),
]  # fmt: skip


def spellings(text: str) -> list[str]:
    """The same words as people type them: in other cases, without accents, with letters and accents apart."""
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return [text, text.upper(), text.title(), apart, bare]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("goal", MOVE_OF)
def test_from_one_side_to_the_other_goes_to_the_other(language: str, goal: str):
    """In each phrasing and spelling."""
    for phrase in WHOLE_WAYS[language]:
        text = phrase.format(a=WORDS[language][BACK[goal]], b=WORDS[language][goal])
        for spelling in spellings(text):
            assert read_moves(spelling) == read_moves(text), spelling
        assert read_moves(text).moves == (MOVE_OF[goal],), text
        assert read_moves(text).not_understood == (), text


@examples(
    st.sampled_from(["pan", "the camera pans", "camera moves", "slowly move", "truck", "slide", "please pan slowly"]),
    st.sampled_from(list(MOVE_OF)), st.sampled_from(BORDERS), st.sampled_from(["", " and zoom in", ", gently"]),
)  # fmt: skip
def test_from_leads_away_and_to_leads_there(verb: str, side: str, border: tuple[str, bool], more: str):
    """Whatever the verb is, and whatever comes after it."""
    words, is_away = border
    reading = read_moves(f"{verb} {words.format(a=WORDS['English'][side])}{more}")
    way = OPPOSITE[MOVE_OF[side]] if is_away else MOVE_OF[side]
    assert way in reading.moves
    assert OPPOSITE[way] not in reading.moves
    assert (IN in reading.moves) == ("zoom" in more)


@pytest.mark.parametrize(
    ("prompt", "moves"),
    [
        ("The camera moves left", (LEFT,)), ("tilt up", (UP,)), ("tilt down from the sky", (DOWN,)),
        ("pan up from the bottom", (UP,)), ("crane up", (UP,)), ("camera rises above the trees", (UP,)),
        ("pan across the landscape", (RIGHT,)), ("pan left and up", (LEFT, UP)),
        ("pan from top left to bottom right", (RIGHT, DOWN)), ("truck left", (LEFT,)),
        ("zoom out from the face", (OUT,)), ("zoom in on the left eye", (IN,)), ("dolly in", (IN,)),
        ("dolly out", (OUT,)), ("push in slowly", (IN,)), ("Ken Burns", (IN,)), ("move closer to the house", (IN,)),
        ("the camera moves toward the house", (IN,)), ("pull back to reveal the valley", (OUT,)),
        ("no zoom", (STILL,)), ("don't zoom, pan left", (LEFT,)), ("locked-off shot", (STILL,)),
        ("Kamera zoomt auf das Gesicht", (IN,)), ("KAMERAFAHRT RÜCKWÄRTS", (OUT,)), ("näher", (IN,)),
        ("la caméra recule", (OUT,)), ("zoom arrière depuis le visage", (OUT,)), ("travelling avant", (IN,)),
        ("aleja la cámara", (OUT,)), ("acércate", (IN,)),
    ],
)  # fmt: skip
def test_words_of_film_people_are_read(prompt: str, moves: tuple[Move, ...]):
    """As they mean them; nothing is left over."""
    assert read_moves(prompt).moves == moves


@pytest.mark.parametrize(
    "prompt",
    [
        "clouds drift left",
        "waves roll in",
        "the sun rises",
        "rotate left",
        "tilt left",
        "add a dragon",
        "dolly zoom",
        "orbit around the vase",
        "slow roll",
        "tilt",
    ],
)
def test_what_no_camera_can_do_is_named(prompt: str):
    """Things that move in the picture, horizons that lean, dragons."""
    assert read_moves(prompt) == read_moves(f"{prompt}.")
    assert read_moves(prompt).moves == ()
    assert read_moves(prompt).not_understood == (prompt,)
    assert unheeded(animate=f"zoom in, {prompt}") == (f"Not understood: “{prompt}”.",)


def test_a_move_that_contradicts_another_is_named():
    """A shot has one way."""
    reading = read_moves("pan left, then pan right")
    assert reading.moves == (LEFT,)
    assert reading.not_understood == ("pan right",)


def test_slow_down_is_no_way():
    """Nor is a close-up."""
    assert read_moves("slow down").moves == ()
    assert strength_of("LANGSAM heranzoomen") < strength_of("heranzoomen") < strength_of("rapidement")


@examples(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(["pan", "zoom", "from", "to", "left", "rechts", "vers", "la", ",", "and", "no", "up"])
    ).map(" ".join)
)
def test_no_prompt_breaks_the_reader(prompt: str):
    """Opposites never come together."""
    moves = read_moves(prompt).moves
    assert all(OPPOSITE.get(move) not in moves for move in moves)


@pytest.mark.parametrize("phrase", [*MOVES, *EDITS], ids=lambda phrase: phrase.what)
def test_each_example_is_read_as_what_it_stands_for(phrase: Phrase):
    """In each language and spelling; nothing is left over."""
    for example in phrase.examples:
        for spelling in spellings(example):
            reading = read_moves(spelling) if phrase in MOVES else read_prompt(spelling)
            names = [str(move) for move in reading.moves] if phrase in MOVES else [str(e.kind) for e in reading.edits]
            assert names == [phrase.what], spelling
            assert reading.not_understood == (), spelling


def test_everything_that_can_be_done_is_listed_once():
    """In the table of the docs, in the form and in the help: all from one place."""
    assert {phrase.what for phrase in MOVES} == set(Move)
    assert markdown_table() in DOCS.read_text(encoding="utf-8")
    notes = field_notes(ImageVideoRequest)
    assert in_english(EDITS) in notes["edit"]
    assert in_english(MOVES) in notes["animate"]
    helps = " ".join(
        str(annotation) for annotation in image.__annotations__.values() if hasattr(annotation, "__metadata__")
    )
    helps += " ".join(
        each.__metadata__[0].help or "" for each in image.__annotations__.values() if hasattr(each, "__metadata__")
    )
    assert in_english(EDITS) in helps
    assert in_english(MOVES) in helps


@pytest.mark.parametrize(
    ("prompt", "way", "rest"),
    [
        ("from right to left", LEFT, ()), ("from the left", RIGHT, ()), ("wipe down", DOWN, ()), ("von unten", UP, ()),
        ("the day goes by", None, ("the day goes by",)), ("", None, ()), ("from the middle", None, ()),
    ],
)  # fmt: skip
def test_the_edge_between_two_pictures_runs_as_it_is_told(prompt: str, way: Move | None, rest: tuple[str, ...]):
    """Away from “from”, and to “to”; what else happens is named as not understood."""
    assert read_edge(prompt) == (way, "middle" in prompt, rest)
