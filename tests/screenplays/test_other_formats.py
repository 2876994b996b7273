"""Final Draft, indented text and PDF become the same parts as Fountain."""

from collections.abc import Callable

import pytest
import typst

from callsheet.errors import InvalidRequest
from callsheet.model.film.screenplay import CharacterCue, ScreenplayFormat
from tests.screenplays.conftest import SCRIPTS, screenplay_of

INCH = {"heading": 1.5, "action": 1.5, "dialogue": 2.5, "parenthetical": 3.1, "character": 3.7, "transition": 6.0}
Typed = list[tuple[str, str]]
"""Kind and text of each line; an empty kind is an empty line, and `page` begins one."""
TYPED: Typed = [
    ("heading", "1   INT. LIFT - NIGHT   1"),
    ("", ""),
    ("action", "Two people stand between two floors, and each of them"),
    ("action", "looks at the door."),
    ("", ""),
    ("character", "WOMAN"),
    ("parenthetical", "(after a"),
    ("parenthetical", " while)"),
    ("dialogue", "How long have we been here,"),
    ("dialogue", "do you think?"),
    ("", ""),
    ("character", "MAN (O.S.)"),
    ("dialogue", "Since the war. I was young"),
    ("character", "(MORE)"),
    ("page", "2."),
    ("", ""),
    ("character", "MAN (O.S.) (CONT'D)"),
    ("dialogue", "and so was the lift."),
    ("", ""),
    ("transition", "CUT TO:"),
    ("", ""),
    ("heading", "2   EXT. ROOF - DAWN   2"),
    ("", ""),
    ("action", "Birds."),
]


def typed_text(lines: Typed) -> str:
    """Return the script as indented text, with a form feed between pages."""
    text = ""
    for kind, line in lines:
        if kind == "page":
            text += "\f" + " " * 60 + line + "\n"
        else:
            text += " " * round((INCH.get(kind, 1.5) - 1.5) * 10) + line + "\n"
    return text


def typed_pdf(lines: Typed, more_pages: int = 0) -> bytes:
    """Return the script as a PDF of a screenplay program has it: each line at its place."""
    pages, top = [""], 1.0
    for kind, line in lines:
        if kind == "page":
            pages.append(f"#place(dx: 7.2in, dy: 0.5in, raw({line!r}))\n".replace("'", '"'))
            top = 1.0
        elif line:
            quoted = line.replace('"', '\\"')
            pages[-1] += f'#place(dx: {INCH[kind]}in, dy: {top}in, raw("{quoted}"))\n'
        top += 1 / 6
    pages += [pages[-1]] * more_pages
    head = "#set page(width: 8.5in, height: 11in, margin: 0in)\n"
    head += '#show raw: set text(font: "DejaVu Sans Mono", size: 12pt)\n'
    return typst.compile((head + "#pagebreak()\n".join(pages)).encode())


WRITERS: dict[str, Callable[[], bytes]] = {
    "plain-text": lambda: typed_text(TYPED).encode(),
    "pdf": lambda: typed_pdf(TYPED),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_typed_script_is_read_by_its_edges(name):
    """Broken lines are joined, a speech continues over the page, and the numbers of scenes are kept."""
    typed = screenplay_of(WRITERS[name]())
    assert typed.kind == name
    assert [(part.kind, getattr(part, "text", "") or part.name) for part in typed.parts] == [
        ("heading", "INT. LIFT - NIGHT"),
        ("action", "Two people stand between two floors, and each of them looks at the door."),
        ("character", "WOMAN"),
        ("parenthetical", "(after a while)"),
        ("dialogue", "How long have we been here, do you think?"),
        ("character", "MAN"),
        ("dialogue", "Since the war. I was young and so was the lift."),
        ("transition", "CUT TO:"),
        ("heading", "EXT. ROOF - DAWN"),
        ("action", "Birds."),
    ]
    assert [part.scene_number for part in typed.parts if part.kind == "heading"] == ["1", "2"]
    assert [part.page for part in typed.parts if part.kind == "heading"] == [1, 2]
    assert typed.words == typed.source_words
    assert {"a page number", "a remark that it continues", "a cue that a new page repeats"} <= {
        each.what for each in typed.left_out
    }


def test_final_draft_keeps_numbers_notes_and_those_who_speak_at_once():
    """Its title page comes from another part of the file."""
    draft = screenplay_of((SCRIPTS / "two_cooks.fdx").read_bytes())
    assert (draft.kind, draft.title) == (ScreenplayFormat.FINAL_DRAFT, "TWO COOKS")
    assert [part.kind for part in draft.parts] == [
        "heading", "action", "note", "character", "dialogue", "character", "parenthetical", "dialogue", "transition",
        "heading", "action",
    ]  # fmt: skip
    assert [part.dual for part in draft.parts if isinstance(part, CharacterCue)] == ["left", "right"]
    assert [(part.scene_number, part.page) for part in draft.parts if part.kind == "heading"] == [("1", 1), ("2A", 2)]
    assert [(each.character, each.text, each.manner) for each in draft.utterances()] == [
        ("PIA", "Salt.", ""),
        ("TOM", "Sugar.", "to himself"),
    ]
    assert draft.words == draft.source_words == 31
    assert draft.parts[1].text == "Two pots."


HOSTILE = {
    "declares": (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><FinalDraft>&a;</FinalDraft>', "DOCTYPE"),
    "cut": (b'<?xml version="1.0"?><FinalDraft><Content><Par', "damaged or cut off"),
    "no script": (b"<FinalDraft><Content/></FinalDraft>", "no scene and no speech"),
    "other": (b"<FinalDraft></FinalDraft>", "no screenplay of Final Draft"),
    "cut pdf": (b"%PDF-1.7\n1 0 obj\n<<", "damaged or cut off"),
    "scan": (typst.compile(b"#rect(width: 90%, height: 90%)"), "seems to be scanned"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "is a picture"),
    "page": (b"<!doctype html><html><body>INT. HOUSE</body></html>", "export the screenplay as Fountain, FDX or PDF"),
    "binary": (bytes(range(256)) * 40, "no text"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_can_not_be_read_is_one_sentence(name):
    """It says what is wrong, and what to do."""
    content, said = HOSTILE[name]
    with pytest.raises(InvalidRequest, match=said):
        screenplay_of(content)


def test_three_hundred_pages_are_read_page_by_page():
    """As a script of a whole series is."""
    long = screenplay_of(typed_pdf(TYPED, more_pages=298))
    assert long.parts[-1].page == 300
    assert long.words == long.source_words
    assert long.count("heading") == 300
