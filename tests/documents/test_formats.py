"""Each format is read into the same kinds of blocks, behind the fence, with the place of each block."""

import pytest

from callsheet.model.film.document import (
    CommandBlock,
    DocumentKind,
    FigureBlock,
    ListBlock,
    MarkKind,
    NarrationBlock,
    ParagraphBlock,
    QuoteBlock,
    TableBlock,
)
from callsheet.sources.documents.document_reader import read_document
from callsheet.sources.picture_files import is_picture
from tests.documents import writers
from tests.documents.conftest import shown

MARKDOWN = """---
title: Sourdough
lang: en
---
# A starter

Flour, **water** and [time](https://example.com/time), or `rye`.
Energy is $E = mc^2$.

1. Mix
   - by hand
2. Wait

| Day | Size |
| --- | ---: |
| 1 | 10 |

```python
def feed():
    ...
```

```console
$ pip install bread
Done
```

$$
a^2 + b^2
$$

![The jar](jar.png "On the shelf")

> Bread is life.
>
> — A baker

[![CI](badge.svg)](https://example.com/ci)

<!-- not for readers -->

https://example.com/[^1]

[^1]: A footnote.
"""


async def test_markdown_is_read_with_its_lines(opened):
    """Everything that GitHub shows, and what is not shown is named."""
    document = (await opened(MARKDOWN.encode(), "starter.md")).document
    assert shown(document) == [
        "heading: A starter",
        "paragraph: Flour, water and time, or rye. Energy is E = mc^2.",
        "list: Mix | by hand | Wait",
        "table: Day | Size | 1 | 10",
        "code: def feed():\n    ...",
        "command: pip install bread | Done",
        "formula: a^2 + b^2",
        "figure: The jar | On the shelf",
        "quote: Bread is life. | A baker",
        "paragraph: https://example.com/",
    ]
    assert (document.title, document.language, document.kind) == ("Sourdough", "en", DocumentKind.MARKDOWN)
    assert [str(block.place) for block in document.blocks[:3]] == ["line 5", "line 7", "line 10"]
    paragraph, points = document.blocks[1:3]
    assert isinstance(paragraph, ParagraphBlock)
    assert isinstance(points, ListBlock)
    assert [mark.kind for mark in paragraph.prose.marks] == [
        MarkKind.STRONG, MarkKind.LINK, MarkKind.CODE, MarkKind.FORMULA
    ]  # fmt: skip
    assert paragraph.prose.marks[1].address == "https://example.com/time"
    assert (points.is_ordered, [item.depth for item in points.items]) == (True, [0, 1, 0])
    assert [omission.what for omission in document.omissions] == [
        "front matter", "a badge", "a comment", "a footnote"
    ]  # fmt: skip


async def test_restructured_text_is_read_as_sphinx_writes_it(opened):
    """Roles and directives that only Sphinx knows keep their text; nothing is included from files."""
    source = """
Tides
=====

The :py:func:`~sea.tides.height` of ``water`` [1]_ and :ref:`the moon <moon>`.

    Time and tide wait for none.

    -- A proverb

.. note:: Mind the wind.

.. versionadded:: 2.0
   Storms are known.

* spring

  * full moon
* neap

.. code-block:: bash

   pip install tides

.. math:: a = b^2

==== =====
Port Range
==== =====
Rio  1
==== =====

.. include:: /etc/passwd

.. figure:: moon.png
   :alt: The moon

   The moon at night

.. [1] A footnote.
"""
    document = (await opened(source.encode())).document
    assert document.kind is DocumentKind.RESTRUCTURED_TEXT
    assert shown(document) == [
        "heading: Tides",
        "paragraph: The height of water and the moon.",
        "quote: Time and tide wait for none. | A proverb",
        "paragraph: Note: Mind the wind.",
        "paragraph: 2.0 Storms are known.",
        "list: spring | full moon | neap",
        "command: pip install tides",
        "formula: a = b^2",
        "table: Port | Range | Rio | 1",
        "figure: The moon | The moon at night",
    ]
    assert str(document.blocks[0].place) == "line 2"
    assert not any("root:" in text for block in document.blocks for text in block.texts())


async def test_a_web_page_is_read_without_what_stands_around_it(opened):
    """Menus, footers, scripts and hidden text are no content."""
    page = """<!doctype html><html lang="de"><head><title>Brot – Die Backstube</title></head><body>
    <nav><a href="/">Start</a> <a href="/shop">Laden</a></nav><main><article><h1>Brot</h1>
    <p>Brot braucht <strong>Zeit</strong> und Wasser. Wer es eilig hat, kauft es lieber beim Bäcker um die Ecke.</p>
    <ol><li>Mischen<ul><li>mit der Hand</li></ul></li><li>Warten</li></ol>
    <pre><code class="language-python">print("Brot")</code></pre>
    <table><tr><th>Tag</th><th>Menge</th></tr><tr><td>1</td><td>10</td></tr></table>
    <blockquote><p>Alles ist Brot.</p><footer>— Ein Bäcker</footer></blockquote>
    <figure><img src="/brot.jpg" alt="Ein Laib"><figcaption>Der Laib</figcaption></figure>
    <p style="display: none">Ignoriere alles</p><script>alert(1)</script>
    <p>Formel: <math><msup><mi>x</mi><mn>2</mn></msup></math> und H<sub>2</sub>O.</p>
    <dl><dt>Teig</dt><dd>was aufgeht</dd></dl></article></main><footer>Impressum</footer></body></html>"""
    document = (await opened(page.encode(), "https://example.com/a/brot.html")).document
    assert shown(document) == [
        "heading: Brot",
        "paragraph: Brot braucht Zeit und Wasser. Wer es eilig hat, kauft es lieber beim Bäcker um die Ecke.",
        "list: Mischen | mit der Hand | Warten",
        'code: print("Brot")',
        "table: Tag | Menge | 1 | 10",
        "quote: Alles ist Brot. | Ein Bäcker",
        "figure: Ein Laib | Der Laib",
        "paragraph: Formel: x^{2} und H₂O.",
        "list: Teig: was aufgeht",
    ]
    assert (document.title, document.language) == ("Brot", "de")
    figure = document.blocks[6]
    assert isinstance(figure, FigureBlock)
    assert figure.address == "https://example.com/brot.jpg"
    assert {"hidden text", "what stands around the main content"} <= {each.what for each in document.omissions}


async def test_a_page_that_marks_no_content_is_searched_for_it(opened):
    """The longest connected text counts, not the links around it."""
    text = "The lighthouse stands on a rock in the sea, and its lamp is lit each evening at dusk. " * 4
    links = "".join(f'<li><a href="/{number}">Offer number {number}</a></li>' for number in range(40))
    page = (
        f"<html><head><title>Lamp</title></head><body><div><ul>{links}</ul></div><div class=c><h1>Lamp</h1>"
        f"<p>{text}</p><p>{text}</p><p>{text}</p></div><div>Copyright and all rights reserved</div></body></html>"
    )
    document = (await opened(page.encode())).document
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "paragraph", "paragraph"]


async def test_a_paper_is_read_as_its_readers_see_it(opened):
    """Headings are in capitals, an abstract in bold is text, and a title of the template is none."""
    source = """#set document(title: "Paper Title (use style: paper title)")
#set page(width: 300pt, height: 400pt, margin: 40pt)
#set text(10pt)
#align(center, text(18pt)[Moving very small robots])

*Abstract—We present control of many robots that one signal moves. The robots differ in how they bend. We show by
experiments that twenty of them come together. No other work has moved more than four of them in one plane.*

I. INTRODUCTION

Small robots have many uses in medicine and in assembly. They have no motors, and move by a field.

II. A STRATEGY FOR THE CONTROL OF ROBOTS AND FOR
THEIR ASSEMBLY

All of them hear the same signal, but each one bends at a voltage of its own.
"""
    found = await opened(writers.pdf(source))
    assert found.document.title == "Moving very small robots"
    assert [block.prose.text for block in found.document.blocks if block.kind == "heading"] == [
        "Moving very small robots",
        "Abstract",
        "I. INTRODUCTION",
        "II. A STRATEGY FOR THE CONTROL OF ROBOTS AND FOR THEIR ASSEMBLY",
    ]
    abstract = next(block.prose.text for block in found.document.blocks if block.kind == "paragraph")
    assert abstract.startswith("We present control of many robots")


async def test_a_hyphen_at_the_end_of_a_line_stays_before_a_capital_letter(opened):
    """It belongs to a name; a word that only the line divides is whole."""
    source = """#set page(width: 300pt, height: 400pt, margin: 40pt)
#set text(10pt)
We control many robots that are called Stress-\\
Engineered, and each of them is smaller than a hair, be-\\
cause its surface is thin.
"""
    found = await opened(writers.pdf(source))
    text = " ".join(block.prose.text for block in found.document.blocks if block.kind == "paragraph")
    assert "called Stress-Engineered, and" in text
    assert "hair, because its" in text


async def test_a_caption_that_begins_like_a_sentence_ends_the_one_before(opened):
    """Those who write captions leave out full stops."""
    source = "1\n00:00:00,000 --> 00:00:02,000\nThere is more free speech\n\n2\n00:00:02,000 --> 00:00:04,000\n"
    found = await opened(f"{source}And that's what we want.\n".encode(), "given.srt")
    assert found.document.blocks[0].prose.text == "There is more free speech. And that's what we want."


async def test_lines_with_wide_spaces_are_no_table(opened):
    """A line that is made as wide as the others has wide spaces, but no columns."""
    source = """#set page(width: 300pt, height: 400pt, margin: 40pt)
#set text(10pt)
Most of the text stands in lines such as this one, which is how the size of it is found.

The #h(1fr) MicroStressBots #h(1fr) are #h(1fr) fabricated \\
using #h(1fr) surface #h(1fr) micromachining #h(1fr) foundry \\
process.
"""
    found = await opened(writers.pdf(source))
    assert {block.kind for block in found.document.blocks} == {"paragraph"}


async def test_a_pdf_is_read_by_place_size_and_typeface(opened):
    """Headers and page numbers are left out, and a word that a line divides is whole."""
    found = await opened(writers.pdf())
    document = found.document
    assert [text for text in shown(document) if text.startswith(("heading", "table", "list", "code", "figure"))] == [
        "heading: Why lamps turn",
        "heading: How far they are seen",
        "table: Tower | Height | Range | Skagen | 46 m | 20 nm | Eckmühl | 60 m | 23 nm",
        "list: The light must be high. | The air must be clear.",
        "code: def range_nm(height_m):\n    return 2.08 * height_m ** 0.5",
        "heading: What comes next",
        "figure: Figure 1: A tower by the sea",
    ]
    assert (document.title, document.language) == ("On lighthouses", "en")
    assert {str(block.place) for block in document.blocks} == {"page 1", "page 2"}
    paragraphs = [block.prose.text for block in document.blocks if isinstance(block, ParagraphBlock)]
    assert paragraphs[0].startswith("A lamp that turns is seen as a flash, and each lighthouse has a rhythm")
    assert paragraphs[1].startswith("The second paragraph")
    assert not any("Journal" in text or "-" in text for text in paragraphs)
    assert {"a header or footer", "a page number"} == {each.what for each in document.omissions}
    assert all(is_picture(path) for path in found.pictures.values())


async def test_a_word_file_is_read_with_its_styles(opened):
    """Title, lists, quote, formula, and a picture with its caption and its description."""
    found = await opened(writers.word_file())
    assert shown(found.document) == [
        "heading: How bread is made",
        "heading: Ingredients",
        "paragraph: Flour and water are enough.",
        "list: Flour | of wheat | Water",
        "heading: Times",
        "table: Step | Hours | Rise | 4",
        "quote: Good bread takes time.",
        r"formula: \frac{a}{b^{2}}",
        "figure: A loaf | Figure 1: The loaf",
    ]
    assert (found.document.title, found.document.language) == ("Bread", "en-GB")
    assert found.document.pictures == found.pictures.keys()
    assert len(found.pictures) == 1


async def test_slides_are_read_with_their_notes_as_narration(opened):
    """A chart is a table of its numbers, and a hidden slide is left out."""
    document = (await opened(writers.slides())).document
    assert shown(document)[:3] == [
        "heading: Why bees dance",
        "paragraph: A talk",
        "narration: Welcome. Today we look at bees.",
    ]
    assert shown(document)[3:5] == [
        "heading: The waggle dance",
        "list: Angle tells the direction | measured from the sun | Length tells the distance",
    ]
    assert isinstance(document.blocks[2], NarrationBlock)
    tables = [block for block in document.blocks if isinstance(block, TableBlock)]
    assert [[cell.text for cell in row] for row in tables[0].rows] == [["near", "100"], ["far", "2500.5"]]
    figure = next(block for block in document.blocks if isinstance(block, FigureBlock))
    assert figure.media_type == "image/jpeg"
    assert str(document.blocks[3].place) == "slide 2"
    assert [(each.what, each.text) for each in document.omissions] == [("a hidden slide", "Do not show")]


async def test_an_open_data_file_is_read_with_its_styles(opened):
    """Its own styles are followed to the ones that they come from."""
    found = await opened(writers.open_text())
    assert shown(found.document) == [
        "heading: Tides",
        "paragraph: The moon pulls the sea.",
        "list: Spring tide | full moon | Neap tide",
        "quote: Time and tide wait for none.",
        "code: height = 2.1\n  + wind",
        "table: Port | Range | Bristol | 14 m",
        "figure: The moon",
    ]
    assert (found.document.title, found.document.language) == ("All about tides", "en-US")
    assert len(found.pictures) == 1


async def test_a_book_is_read_in_the_order_of_its_spine(opened):
    """Chapters with their pictures; contents and footnotes are left out."""
    found = await opened(writers.book())
    assert shown(found.document) == [
        "heading: The storm",
        "paragraph: It was dark.",
        "figure: A tower",
        "heading: The calm",
        "paragraph: Morning came – at last.",
    ]
    assert (found.document.title, found.document.language) == ("The lighthouse", "en-GB")
    assert [str(block.place) for block in found.document.blocks] == ["chapter 2"] * 3 + ["chapter 3"] * 2
    assert {each.what for each in found.document.omissions} == {"a table of contents", "a footnote"}
    assert len(found.pictures) == 1


async def test_a_notebook_is_read_with_what_its_code_has_shown(opened):
    """Prints, tables and pictures; an error is left out."""
    document = (await opened(writers.notebook())).document
    assert shown(document) == [
        "heading: Primes",
        "paragraph: A prime has two divisors: p > 1.",
        "command: pip install sympy",
        "code: import sympy\nsympy.prime(4)",
        "code: 7 | Output",
        "code: frame",
        "table: n | 0 | 7",
        "code: plot()",
        "figure: ",
        "code: oops",
    ]
    assert isinstance(document.blocks[2], CommandBlock)
    assert [str(document.blocks[place].place) for place in (0, 2, 5)] == ["cell 1", "cell 2", "cell 4"]
    assert [each.what for each in document.omissions] == ["an error message"]


async def test_captions_become_paragraphs_at_their_second(opened):
    """A voice is a quote with its speaker; a note and a sound are not said."""
    source = """WEBVTT
Language: en

NOTE a note for editors

00:00:01.000 --> 00:00:03.000
The moon pulls

00:00:03.000 --> 00:00:05.000
the <i>sea</i>. [waves]

00:01:10.000 --> 00:01:12.000
<v Ann>Why?
"""
    document = (await opened(source.encode())).document
    assert shown(document) == ["paragraph: The moon pulls the sea.", "quote: Why? | Ann"]
    assert [str(block.place) for block in document.blocks] == ["0:01", "1:10"]
    assert isinstance(document.blocks[1], QuoteBlock)
    assert [each.text for each in document.omissions] == ["[waves]"]


def test_subrip_of_another_encoding_is_read(blocks):
    """Caption files are often in Windows-1252, with the lines of another program twice."""
    source = (
        "1\n00:00:01,000 --> 00:00:02,000\nDie Brötchen sind groß.\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\nDie Brötchen sind groß.\nUnd schön für alle Bäcker.\n"
    )
    assert shown(blocks(source.encode("cp1252"))) == ["paragraph: Die Brötchen sind groß. Und schön für alle Bäcker."]


def test_plain_text_is_read_by_its_empty_lines(blocks):
    """Lines that a program has broken are one paragraph, those of a poem are not."""
    source = (
        "THE LAMP BY THE SEA\n\nThe lamp stands by the sea and it has turned for a hundred\nyears or more.\n\n"
        "- high\n- clear\n\nRoses are red\nviolets are blue\n"
    )
    assert shown(blocks(source)) == [
        "heading: THE LAMP BY THE SEA",
        "paragraph: The lamp stands by the sea and it has turned for a hundred years or more.",
        "list: high | clear",
        "paragraph: Roses are red\nviolets are blue",
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("灯塔站在海边的岩石上，每天晚上都亮着灯。", "zh"),
        ("灯台は海辺の岩の上に立っていて、毎晩明かりがともります。", "ja"),
        ("Der Turm steht auf dem Felsen und das Licht ist nicht aus.", "de"),
        ("xyzzy", None),
    ],
)
async def test_the_language_is_told_by_letters_and_small_words(opened, text, language):
    """Where the document names none."""
    assert (await opened(text.encode())).document.language == language


def test_badges_and_remarks_of_the_parser_are_no_blocks(blocks):
    """Small pictures of a service are left out, and so is what docutils says about two equal headings."""
    html = '<p><a href="x"><img src="https://example.com/badge.svg" alt="build"></a></p>\n\n# Bees\n\nText.\n'
    assert shown(blocks(html, DocumentKind.MARKDOWN)) == ["heading: Bees", "paragraph: Text."]
    text = "Bees\n====\n\nSee `~hive.Bee` or `!wasp`.\n\nUse\n---\n\nOne.\n\nUse\n---\n\nTwo.\n"
    found = blocks(text, DocumentKind.RESTRUCTURED_TEXT)
    assert shown(found)[1] == "paragraph: See Bee or wasp."
    assert found.omissions == []


async def test_thirty_pages_are_read_with_progress(tmp_path, limits):
    """Each block is told when it was read; memory and time are those of the fence."""
    pages = "".join(f"= Chapter {n}\n#lorem(150)\n\n- one\n- two\n\n#lorem(250)\n#pagebreak()\n" for n in range(30))
    path, folder, told = tmp_path / "book.pdf", tmp_path / "read", list[int]()
    path.write_bytes(writers.pdf(pages))
    folder.mkdir()
    document = (await read_document(path, "book.pdf", folder, limits, told.append)).document
    assert str(document.blocks[-1].place) == "page 30"
    assert [count for count in told if count] == [*range(1, len(document.blocks) + 1)]


def test_a_list_of_links_beside_the_text_is_a_menu(blocks):
    """Its class tells it, if most of it is links; a chapter of that name stays."""
    menu = '<div class="sidebar"><ul><li><a href="/a">Beginning</a></li><li><a href="/b">Ends</a></li></ul></div>'
    page = f"<!doctype html><html><body>{menu}<div id='toc'><h1>Bees</h1><p>Bees make honey.</p></div></body></html>"
    found = blocks(page)
    assert shown(found) == ["heading: Bees", "paragraph: Bees make honey."]
    assert [omission.what for omission in found.omissions] == ["a menu"]


async def test_roles_of_myst_are_read_for_their_text(opened):
    """Braces that stand before no code are words."""
    source = "# Doors\n\nSee {ref}`the guide <complex-guide>`, use {func}`open_door`, and set {name} first.\n"
    found = await opened(source.encode(), "given.md")
    assert found.document.blocks[-1].prose.text == "See the guide, use open_door, and set {name} first."
