"""The values of a document are frozen, bounded, and survive being stored."""

import pytest
from pydantic import ValidationError

from callsheet.model.film.document import MAX_PROSE_CHARACTERS, Document, InlineText, Mark, MarkKind, SourcePlace
from callsheet.sources.documents.shell_commands import commands_in
from tests.documents import writers

DIGEST = "0" * 64


def document(**fields: object) -> Document:
    """Return a document with these fields."""
    return Document.model_validate({"kind": "markdown", "origin": "a.md", "digest": DIGEST, "blocks": [], **fields})


def test_a_block_is_told_by_its_kind():
    """What stands in no kind of block is refused."""
    place = {"unit": "line", "number": 3}
    found = document(blocks=[{"kind": "quote", "place": place, "prose": {"text": "Yes"}, "by_whom": "Ann"}])
    assert list(found.blocks[0].texts()) == ["Yes", "Ann"]
    assert found.characters == 6
    with pytest.raises(ValidationError):
        document(blocks=[{"kind": "order", "place": place}])
    with pytest.raises(ValidationError):
        found.blocks[0].place = SourcePlace.model_validate(place)


def test_texts_and_marks_are_bounded():
    """A mark lies inside of its text."""
    link = Mark(kind=MarkKind.LINK, begin=0, end=3, address="x")
    assert InlineText(text="abc def", marks=(link,)).marked(MarkKind.LINK) == ("abc",)
    with pytest.raises(ValidationError, match="outside of the text"):
        InlineText(text="ab", marks=(link,))
    with pytest.raises(ValidationError):
        InlineText(text="a" * (MAX_PROSE_CHARACTERS + 1))


@pytest.mark.parametrize("content", [writers.word_file(), writers.slides(), writers.notebook()])
async def test_a_document_is_the_same_after_it_was_stored(opened, content):
    """As JSON, with all of its blocks; read again, it has the same digest."""
    found = (await opened(content)).document
    assert Document.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    ("language", "text", "commands"),
    [
        ("bash", "# get it\npip install x\nx run", [("pip install x", "", "get it"), ("x run", "", "")]),
        ("console", "$ ls\na\nb\n$ cd a", [("ls", "a\nb", ""), ("cd a", "", "")]),
        ("", "$ make \\\n    all\nok", [("make \\\n    all", "ok", "")]),
        ("powershell", r"PS C:\> dir", [("dir", "", "")]),
        ("bash", "for x in a b; do\n  echo $x\ndone", []),
        ("python", "print('$ ls')", []),
    ],
)
def test_commands_are_told_from_code(language, text, commands):
    """By the language and the prompts; a script is code."""
    assert [(each.command, each.output, each.remark) for each in commands_in(language, text)] == commands
