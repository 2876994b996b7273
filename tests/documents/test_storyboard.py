"""A document becomes a storyboard by rules: its own words, in its own order, on scenes that show what is said."""

import base64
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.errors import InvalidRequest
from callsheet.model.content import TemplateName
from callsheet.model.film.document import (
    Document,
    DocumentKind,
    FigureBlock,
    HeadingBlock,
    ParagraphBlock,
    PlaceUnit,
    SourcePlace,
)
from callsheet.model.requests.storyboard import Storyboard, StoryboardLine
from callsheet.model.requests.video import VideoRequest
from callsheet.sources.documents.block_list import BlockList
from callsheet.sources.documents.first_bytes import kind_of, reader_of
from callsheet.sources.documents.prose_builder import plain
from callsheet.stage.content import scene_problems
from callsheet.writing.storyboard.choice import LEAST_WORTH, Spoken, choose
from callsheet.writing.storyboard.drafts import SceneDraft, seconds_to_speak
from callsheet.writing.storyboard.parts import DocumentPart, PartRole, parts_of
from callsheet.writing.storyboard.rules import write_storyboard
from callsheet.writing.storyboard.sentences import outlasts, shown_form
from callsheet.writing.storyboard.truth import untrue_statements
from tests.documents import writers

ROOT = Path(__file__).parents[2]
STARTER = """# Sourdough starter

A starter is a living mix of flour and water that raises bread without yeast. Bakers keep one for years.
The wild yeast in it makes bread sour, and keeps it fresh for a week.

## What it needs

A healthy starter needs these things:

- **Flour**: rye feeds it best
- **Water**: without chlorine
- **Warmth**: about 26 degrees

## How it grows

| Day | Height in cm |
| --- | ---: |
| Monday | 2 |
| Tuesday | 4.5 |
| Wednesday | 9 |

## Feeding in Python

This function feeds the starter:

```python
# Take half of it away
starter = starter / 2
# Add as much flour as water
starter += flour + water
```

## A baker says

> Bread is patience that one can eat, slice by slice.
>
> — Ada Miller

## Installation

Install the feeding clock with pip:

```sh
pip install feeding-clock
```

## License

MIT, see the file LICENSE for the whole text of it.
"""
GERMAN = """# Sauerteig

Ein Sauerteig ist eine Mischung aus Mehl und Wasser, die Brot ohne Hefe aufgehen lässt. Viele Bäcker pflegen ihn
jahrelang. Wilde Hefen machen das Brot sauer und halten es eine Woche lang frisch.

## Was er braucht

- **Mehl**: Roggen nährt ihn am besten
- **Wasser**: ohne Chlor

## Installation

Die Uhr wird mit pip installiert:

```sh
pip install sauerteig
```
"""
CHINESE = """# 酵种

酵种是面粉和水的混合物，可以让面包在没有酵母的情况下发酵。面包师会把它保存很多年。野生酵母使面包变酸，并保鲜一个星期。

## 它需要什么

- 面粉：黑麦最好
- 水：不含氯
"""
WORDS = st.text("abcdefgh ABC ,.:()[]`$*_|#<>0123456789äß面 ", min_size=1, max_size=60)
PIECES = st.one_of(
    WORDS,
    WORDS.map(lambda words: f"## {words}"),
    WORDS.map(lambda words: f"A {words} is what people make of it."),
    st.lists(WORDS, min_size=1, max_size=6).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(WORDS, min_size=1, max_size=6).map(lambda items: "\n".join(f"1. {item}" for item in items)),
    WORDS.map(lambda words: f"```python\n# Do what it says\n{words}\n```"),
    WORDS.map(lambda words: f"```sh\n$ {words}\n```"),
    st.lists(st.integers(-99, 9999), min_size=2, max_size=5).map(
        lambda values: (
            "| a | b |\n| - | - |\n" + "\n".join(f"| row {place} | {value} |" for place, value in enumerate(values))
        )
    ),
    WORDS.map(lambda words: f"> {words}\n>\n> — Ada Miller"),
)
REAL = ["README.md", "docs/house.md", "docs/documents.md", "docs/voices.md", "docs/durability.md", "CONTRIBUTING.md"]


def document_with(found: BlockList, kind: DocumentKind, title: str = "Bread") -> Document:
    """Return a document of blocks that no file holds."""
    origin = f"{title.lower()}.{kind.name.lower()}"
    return Document(title=title, kind=kind, origin=origin, digest="0" * 64, blocks=tuple(found.blocks))


def document_of(content: str | bytes, name: str = "given.md", folder: Path = Path("/nowhere")) -> Document:
    """Read a document in this process."""
    source = content.encode() if isinstance(content, str) else content
    kind = DocumentKind.MARKDOWN if isinstance(content, str) else kind_of(source)
    found = BlockList(folder)
    reader_of(kind)(source, found)
    headings = (block.prose.text for block in found.blocks if isinstance(block, HeadingBlock))
    title = found.title or next(headings, "")
    return Document(
        title=title, language=found.language, kind=kind, origin=name, digest="0" * 64, blocks=tuple(found.blocks)
    )


def told(storyboard: Storyboard) -> list[str]:
    """Return what is spoken."""
    return [line.text for scene in storyboard.scenes for line in scene.narration]


def seconds(storyboard: Storyboard) -> float:
    """Return about how long it is, with half a second between lines."""
    return sum(seconds_to_speak(text) + 0.6 for text in told(storyboard)) + len(storyboard.scenes)


def scene_of(storyboard: Storyboard, template: TemplateName):
    """Return the scene of a template."""
    return next(scene for scene in storyboard.scenes if scene.template is template)


def test_a_film_opens_with_what_the_document_is_about():
    """The first whole sentence is said under the title, and its place is known."""
    opening = write_storyboard(document_of(STARTER)).scenes[0]
    assert opening.template is TemplateName.TITLE
    assert opening.content["title"] == "Sourdough starter"
    assert opening.narration[-1].text.startswith("A starter is a living mix of flour and water")
    assert [str(place) for place in opening.narration[-1].places] == ["line 3"]


def test_each_kind_of_block_becomes_the_scene_that_suits_it():
    """A table of numbers is a chart, code is code, and commands stand in a terminal."""
    storyboard = write_storyboard(document_of(STARTER), length_s=180)
    assert {scene.template for scene in storyboard.scenes} >= {
        TemplateName.TITLE,
        TemplateName.BULLETS,
        TemplateName.CHART,
        TemplateName.CODE,
        TemplateName.QUOTE,
        TemplateName.TERMINAL,
    }
    chart = scene_of(storyboard, TemplateName.CHART)
    assert [datum["value"] for datum in chart.content["data"]] == [2, 4.5, 9]
    assert "Wednesday has the highest value: 9." in [line.text for line in chart.narration]


def test_a_bar_of_progress_is_no_answer_of_a_command():
    """“---> 100%” is drawn while it works."""
    text = STARTER.replace("```sh\npip install feeding-clock\n", "```console\n$ pip install clock\n\n---> 100%\n")
    storyboard = write_storyboard(document_of(text), length_s=180)
    terminal = scene_of(storyboard, TemplateName.TERMINAL)
    assert [entry["text"] for entry in terminal.content["entries"]] == ["pip install clock"]


def test_what_is_shown_is_short_and_what_is_said_is_whole():
    """A point shows few words; the voice says all of them."""
    needs = next(scene for scene in write_storyboard(document_of(STARTER)).scenes if scene.name == "What it needs")
    assert needs.content["points"] == [
        "Flour: rye feeds it best",
        "Water: without chlorine",
        "Warmth: about 26 degrees",
    ]
    assert [(line.at, line.text) for line in needs.narration] == [
        ("title", "A healthy starter needs these things:"),
        ("points.0", "Flour: rye feeds it best."),
        ("points.1", "Water: without chlorine."),
        ("points.2", "Warmth: about 26 degrees."),
    ]


ESSAY = """The winter of the bulb

In 1636 one tulip bulb was offered in Haarlem for ten thousand guilders. That was enough to buy a house on a canal.

By then weavers and bakers had begun to trade as well. They met in the back rooms of taverns. Nobody handed a bulb over
there, because the bulbs lay in the ground until June.

An auction failed in February 1637. The bulbs were offered, and no one bid. It was over within two days.

The tulip itself survived.
"""


def test_sentences_that_stand_together_are_told_together():
    """One that hangs on the sentence before it follows it; the first of three is the headline of its scene."""
    scenes = write_storyboard(document_of(ESSAY.encode())).scenes
    assert [line.text for line in scenes[1].narration] == ["That was enough to buy a house on a canal."]
    taverns = next(scene for scene in scenes if scene.name.startswith("By then weavers"))
    assert taverns.content["title"] == "By then weavers and bakers had begun to trade as well"
    assert [(line.at, line.text[:20]) for line in taverns.narration] == [
        ("title", "By then weavers and "),
        ("points.0", "They met in the back"),
        ("points.1", "Nobody handed a bulb"),
    ]
    assert [scene.template for scene in scenes][-1] is TemplateName.OUTRO
    assert scenes[-1].content["message"] == "The tulip itself survived"


def test_only_a_sentence_that_stands_alone_introduces_a_table():
    """The last one of a paragraph speaks about something else."""
    table = "| Year | Made |\n| --- | ---: |\n| 1887 | 50 |\n| 1893 | 400 |\n| 1897 | 2000 |\n"
    page = "# Bicycles\n\nBicycles have two wheels.\n\n## Makers\n\n{}\n\n" + table
    alone = scene_of(write_storyboard(document_of(page.format("Makers built more each year."))), TemplateName.CHART)
    assert alone.narration[0].text == "Makers built more each year."
    two = "Makers built more each year. A chain drove the rear wheel."
    among = scene_of(write_storyboard(document_of(page.format(two))), TemplateName.CHART)
    assert among.narration[0].text == "Makers."


def test_a_single_sentence_stands_large_under_the_name_of_its_part():
    """It defines that name only if it begins with it."""
    page = "# Bread\n\nBread is made of flour and water.\n\n## {}\n\nAn oven at 250 degrees makes a good crust.\n"
    oven = write_storyboard(document_of(page.format("What it takes"))).scenes[1]
    assert (oven.template, oven.content["kicker"]) == (TemplateName.CALLOUT, "What it takes")
    defined = write_storyboard(document_of(page.format("An oven"))).scenes[1]
    assert (defined.template, defined.content["term"]) == (TemplateName.DEFINITION, "An oven")


def test_code_may_be_an_example_of_what_was_said():
    """“For example” introduces code, under no heading, too."""
    page = "# Sums\n\nThis library adds numbers for you.\n\nFor example:\n\n```python\nprint(total([1, 2]))\n```\n"
    code = scene_of(write_storyboard(document_of(page)), TemplateName.CODE)
    assert [line.text for line in code.narration] == ["For example."]
    assert code.name == "For example"


def test_an_example_is_introduced_by_what_it_is_an_example_of():
    """The sentence before “for example” is spoken over its code, else the heading with these words."""
    page = "# Sums\n\nThis library adds numbers for you.\n\n## Logging\n\n{}For example:\n\n```python\nx = 1\n```\n"
    said = [
        [
            line.text
            for line in scene_of(write_storyboard(document_of(page.format(before))), TemplateName.CODE).narration
        ]
        for before in ("Helpers for the log are in one module. ", "")
    ]
    assert said == [["Helpers for the log are in one module."], ["Logging: for example."]]


def test_a_list_of_addresses_is_not_told():
    """A viewer can't follow them, whatever stands before each."""
    page = "# Bread\n\nBread is made of flour and water.\n\n- **Shop:** https://example.com\n- **Mill:** https://example.com/mill\n"
    assert not any("Shop" in text or "Mill" in text for text in told(write_storyboard(document_of(page))))


def test_what_only_builders_need_gives_way_to_what_a_thing_does():
    """In a short film there is room for one of two lists."""

    def page(first: str, second: str) -> str:
        parts = "".join(
            f"## {name}\n\n- Ships by night and by day\n- Sails with any wind\n\n" for name in (first, second)
        )
        # The first list differs from the second.
        parts = parts.replace("Ships", "Rows", 1).replace("Sails", "Drifts", 1)
        return f"# Boats\n\nBoats is a library for the sea.\n\n{parts}"

    for names in (("Dependencies", "What it does"), ("What it does", "Dependencies")):
        scenes = write_storyboard(document_of(page(*names)), 24).scenes
        assert "What it does" in {scene.name for scene in scenes}
        assert "Dependencies" not in {scene.name for scene in scenes}


def test_an_overview_of_parts_shows_what_is_said_of_each():
    """A name alone would stand still while its sentence is heard; three of which one has much to say stand alone."""
    kept = "The long wooden shelf of the bakery is kept at the very same warmth all day and all night"
    long = f"{kept} by a small brass thermostat from France"
    for last, shown in (("A shelf keeps bread warm.", "Shelf: A shelf keeps bread warm"), (f"{long}.", "Shelf")):
        page = f"""# Bakery

The bakery is a house in which bread is made for the whole village.

## Machines

### Kneader

The kneader mixes flour and water.

### Oven

The oven bakes sixty loaves at once.

### Shelf

{last}
"""
        scene = scene_of(write_storyboard(document_of(page), 60), TemplateName.BULLETS)
        points = scene.content["points"]
        assert points[2] == shown
        assert points[0] == ("Kneader: The kneader mixes flour and water" if ":" in shown else "Kneader")
        assert scene.narration[-1].text == (last if ":" in shown else "Shelf.")
        more = f"{page}\n### Cellar\n\nThe cellar keeps the flour dry.\n"
        points = scene_of(write_storyboard(document_of(more), 60), TemplateName.BULLETS).content["points"]
        assert points[-1] == "Cellar: The cellar keeps the flour dry"
        assert len(points) == (4 if ":" in shown else 3)


def test_a_title_from_the_name_of_a_file_has_the_capitals_of_the_text():
    """The README of a project often has a picture in place of a title."""
    page = "HTTPQ is a client for queues. With HTTPQ you ask once, and `httpq` asks again."
    assert write_storyboard(document_of(page, "httpq.md")).title == "HTTPQ"


def test_the_comments_of_code_say_what_its_lines_do():
    """Each comment is a step with the lines under it."""
    code = scene_of(write_storyboard(document_of(STARTER), length_s=180), TemplateName.CODE)
    assert [(line.at, line.text) for line in code.narration] == [
        ("code", "This function feeds the starter."),
        ("steps.0", "Take half of it away."),
        ("steps.1", "Add as much flour as water."),
    ]
    assert code.content["steps"][1] == {"first": 3, "last": 4, "note": "Add as much flour as water"}


def test_how_to_begin_comes_before_the_close():
    """Commands for the first use are what a viewer takes along."""
    storyboard = write_storyboard(document_of(STARTER))
    templates = [scene.template for scene in storyboard.scenes]
    assert templates.index(TemplateName.TERMINAL) >= len(templates) - 2


def test_the_licence_is_left_out():
    """No film tells a licence, however long it is."""
    assert not any("LICENSE" in text or "MIT" in text for text in told(write_storyboard(document_of(STARTER), 600)))


@pytest.mark.parametrize("length_s", [30, 60, 90, 240])
def test_a_film_is_about_as_long_as_asked_for(length_s):
    """The scenes that tell most are taken, as many as there is time for."""
    document = document_of((ROOT / "README.md").read_text(encoding="utf-8"))
    assert seconds(write_storyboard(document, length_s)) <= length_s * 1.15 + 8


def test_a_length_that_is_asked_for_is_filled_while_there_is_more_to_tell():
    """Six minutes of text make three minutes of film; without a length, a film of ninety seconds has enough."""
    text = (ROOT / "benchmarks" / "canal_locks.md").read_text(encoding="utf-8")
    assert 160 <= seconds(write_storyboard(document_of(text), 180)) <= 200
    assert seconds(write_storyboard(document_of(text))) <= 100


@pytest.mark.parametrize("name", REAL)
def test_a_film_of_a_real_page_says_nothing_that_the_page_does_not_hold(name):
    """Its sentences are whole, stand alone, and come once."""
    document = document_of((ROOT / name).read_text(encoding="utf-8"), name)
    storyboard = write_storyboard(document, 150)
    assert untrue_statements(storyboard, document) == ()
    assert len(storyboard.scenes) >= 4
    assert not any(
        "://" in text or re.search(r"(?<!can )\bsee (?:the|also|docs|section)\b", text, re.I)
        for text in told(storyboard)
    )
    assert all(text[-1] in ".!?。:" for text in told(storyboard))
    assert len(set(told(storyboard))) == len(told(storyboard))


@pytest.mark.parametrize("name", REAL)
def test_what_is_said_stands_in_view(name):
    """A line names the part of the content that shows it; that part exists."""
    storyboard = write_storyboard(document_of((ROOT / name).read_text(encoding="utf-8")))
    lines = [(scene, line) for scene in storyboard.scenes for line in scene.narration]
    assert sum(line.at in scene.filled().parts() for scene, line in lines) == len(lines)
    request = VideoRequest(title=storyboard.title, scenes=storyboard.briefs())
    assert not [problem for brief in request.scenes for problem in scene_problems(brief)]


def test_a_german_document_has_german_words_around_it():
    """The few words of Callsheet's are German, too."""
    storyboard = write_storyboard(document_of(GERMAN).model_copy(update={"language": "de"}))
    assert "Kurz gesagt" in [scene.content.get("title") for scene in storyboard.scenes]
    assert "Die Uhr wird mit pip installiert." in told(storyboard)


def test_a_document_in_another_language_speaks_its_own_words_alone():
    """Callsheet has no Chinese words, and puts none around it."""
    document = document_of(CHINESE).model_copy(update={"language": "zh"})
    storyboard = write_storyboard(document)
    assert "酵种是面粉和水的混合物，可以让面包在没有酵母的情况下发酵。" in told(storyboard)
    assert "面粉：黑麦最好。" in told(storyboard)
    assert all(text[-1] == "。" for text in told(storyboard))


def test_the_notes_of_slides_are_the_narration(tmp_path):
    """All of them, in their order; a slide without notes is told by what it shows."""
    document = document_of(writers.slides(), folder=tmp_path)
    notes = " ".join(block.prose.text for block in document.blocks if block.kind == "narration")
    storyboard = write_storyboard(document)
    assert " ".join(told(storyboard)).startswith(notes)
    assert "Angle tells the direction." in told(storyboard)


def test_the_plot_of_a_notebook_is_shown_under_the_sentence_before_its_code(tmp_path):
    """What Python calls the plot, as in “<Figure size 432x288 with 1 Axes>”, is no caption."""
    cells = [
        {"cell_type": "markdown", "source": "# Tides\n\nThe sea rises twice a day.", "metadata": {}},
        {"cell_type": "markdown", "source": "## Heights\n\nA plot shows the height of the sea:", "metadata": {}},
        {
            "cell_type": "code", "source": "plot(tides)", "metadata": {}, "execution_count": 1,
            "outputs": [{"output_type": "display_data", "data": {
                "image/png": base64.b64encode(writers.picture()).decode(), "text/plain": "<Figure size 432x288>",
            }}],
        },
    ]  # fmt: skip
    source = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    document = document_of(source, folder=tmp_path)
    digest = next(block.digest for block in document.blocks if block.kind == "figure")
    scene = scene_of(write_storyboard(document, pictures={digest: tmp_path / digest}), TemplateName.PICTURE)
    assert scene.content["caption"] == "A plot shows the height of the sea"
    assert [line.text for line in scene.narration] == ["A plot shows the height of the sea."]


def test_a_manual_without_a_name_of_a_thing_closes_with_its_summary():
    """And a chapter is named without its number."""
    page = """# Getting ready

This book is about the tools of a baker and about their use.

## Chapter 1. Flour

```sh
pip install flour
```

Flour of rye makes a dark bread that stays fresh for a week. A mill grinds it from corn every morning of the year.

## Summary

Bakers now know all tools that a good bread asks for.
"""
    scenes = write_storyboard(document_of(page), 20).scenes
    assert scenes[-1].content["message"] == "Bakers now know all tools that a good bread asks for"
    assert not any("Chapter 1" in scene.name for scene in scenes)


def test_a_film_in_chinese_has_as_many_signs_as_its_voice_says_in_the_time():
    """espeak-ng says 143 signs of Chinese a minute."""
    assert seconds_to_speak("技术决定历史" * 25) == 60


def test_a_list_under_no_heading_has_the_words_that_introduce_it_above_it():
    """Without their verb; the title of the film stands above the first scene alone."""
    page = "# Bread\n\nBread is a food of all.\n\nThe key features are:\n\n- Soft inside\n- A good smell\n"
    scene = scene_of(write_storyboard(document_of(page)), TemplateName.BULLETS)
    assert scene.content["title"] == "Key features"
    assert scene.narration[0].text == "The key features are:"


def test_a_headline_that_takes_long_to_say_is_a_point_of_its_scene():
    """The picture below it would be empty for so long."""
    page = """# Amber

By the year of that storm the weavers and bakers and brewers of the town had begun to trade in amber as well. Its
price rose every week. Houses were sold for a handful of it.

Amber is the resin of trees. The sea brings it.
"""
    points = scene_of(write_storyboard(document_of(page)), TemplateName.BULLETS).content["points"]
    assert len(points) == 3


def test_the_chapter_of_a_manual_is_not_spoken():
    """It stands behind the name of a command."""
    page = "# Push\n\nThe command git-push(1) copies branches to another place, and f(1) is one.\n"
    assert "The command git-push copies branches to another place, and f(1) is one." in told(
        write_storyboard(document_of(page))
    )


def test_what_notes_say_to_the_speaker_alone_is_not_spoken():
    """Nor are dashes of lists and addresses. A slide shows all its points, and a picture without a caption."""
    found = BlockList(Path("/nowhere"))
    slide, other = SourcePlace(unit=PlaceUnit.SLIDE, number=1), SourcePlace(unit=PlaceUnit.SLIDE, number=2)
    found.heading(slide, 1, plain("Bread"))
    steps = ["Mix the flour", "Wait a day", "Find what it is good for", "Fold it", "Bake it", "Eat it"]
    found.list_of(slide, [found.item(plain(step), 0) for step in steps], is_ordered=False)
    found.narration(slide, plain("Bread takes time. [click] - All of it is a wait. See https://example.com/bread now."))
    found.heading(other, 2, plain("The loaf"))
    found.add(FigureBlock(place=other, digest="a" * 64, media_type="image/png"))
    found.narration(other, plain("Here it is, the loaf."))
    document = document_with(found, DocumentKind.PPTX)
    first, second = write_storyboard(document, pictures={"a" * 64: Path("loaf.png")}).scenes
    assert [line.text for line in first.narration] == ["Bread takes time.", "All of it is a wait."]
    assert first.content["points"] == steps
    assert second.template is TemplateName.PICTURE
    assert second.content == {"title": "The loaf", "path": "loaf.png", "zoom": False, "caption": "Here it is, the loaf"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Fig. 1: A loaf of rye bread on a table.", "A loaf of rye bread on a table."),
        ("Figure 2.1. A loaf of rye bread on a table.", "A loaf of rye bread on a table."),
        ("Fig. 3 – Rye bread.", "Rye bread."),
        ("Figure 3.2 shows a loaf of rye bread.", "Figure 3.2 shows a loaf of rye bread."),
        ("Table 4-6 show loaves of rye bread.", "Table 4-6 show loaves of rye bread."),
    ],
)
def test_a_picture_is_not_named_as_on_a_page(written, told):
    """“Fig. 1:” is neither shown nor spoken, and the number of a picture in a sentence stays whole."""
    found = BlockList(Path("/nowhere"))
    page = SourcePlace(unit=PlaceUnit.PAGE, number=1)
    found.heading(page, 1, plain("Bread"))
    found.heading(page, 2, plain("The loaf"))
    found.add(FigureBlock(place=page, digest="a" * 64, media_type="image/png", caption=plain(written)))
    document = document_with(found, DocumentKind.PDF)
    scene = scene_of(write_storyboard(document, pictures={"a" * 64: Path("loaf.png")}), TemplateName.PICTURE)
    assert scene.content["caption"] == told.rstrip(".")
    assert [line.text for line in scene.narration] == [told]


def test_a_heading_of_capitals_is_in_small_letters_also_if_a_text_names_it():
    """A word that the text writes in capitals elsewhere keeps them."""
    page = "# Guide\n\nIt is about HTTP.\n\n## HTTP WORKFLOWS\n\nSee “HTTP WORKFLOWS” and “WORKFLOWS OF MAIL”.\n"
    headings = [part.heading for part in parts_of(document_of(f"{page}\n## WORKFLOWS OF MAIL\n\nAs above.\n"))]
    assert headings == ["Guide", "HTTP workflows", "Workflows of mail"]


def test_an_abbreviation_that_is_a_heading_keeps_its_capitals_in_longer_ones():
    """The text writes it in capitals, too."""
    page = "# Guide\n\nThe API is stable.\n\n## API\n\nIt has calls.\n\n## CALLS OF THE API\n\nThere are two.\n"
    assert [part.heading for part in parts_of(document_of(page))] == ["Guide", "API", "Calls of the API"]


def test_sentences_for_which_no_point_of_a_slide_enters_have_a_scene():
    """The slide ends with its last point; what is said after it is shown, too."""
    found = BlockList(Path("/nowhere"))
    slide = SourcePlace(unit=PlaceUnit.SLIDE, number=1)
    found.heading(slide, 1, plain("Sockets"))
    found.list_of(slide, [found.item(plain(each), 0) for each in ("Internet protocol", "Sockets")], is_ordered=False)
    notes = ("Programs use the Internet protocol.", "They talk through sockets.", "A phone is one end of a call.")
    found.narration(slide, plain(" ".join(notes)))
    document = document_with(found, DocumentKind.PPTX, "Web")
    slide_scene, after = write_storyboard(document).scenes
    assert [line.at for line in slide_scene.narration] == ["points.0", "points.1"]
    assert (after.template, after.content["sentence"]) == (TemplateName.CALLOUT, "A phone is one end of a call")


def test_the_picture_of_a_slide_has_what_is_said_as_its_caption():
    """Each sentence has its own: the picture alone would stand still for as long as all of them are heard."""
    found = BlockList(Path("/nowhere"))
    slide = SourcePlace(unit=PlaceUnit.SLIDE, number=1)
    found.heading(slide, 1, plain("The loaf"))
    found.add(FigureBlock(place=slide, digest="a" * 64, media_type="image/png"))
    notes = ("Here it is, the loaf.", "Its crust took an hour.", "It was eaten warm by all of us.")
    found.narration(slide, plain(" ".join(notes)))
    document = document_with(found, DocumentKind.PPTX)
    scenes = write_storyboard(document, pictures={"a" * 64: Path("loaf.png")}).scenes
    assert [(scene.template, scene.content["caption"]) for scene in scenes] == [
        (TemplateName.PICTURE, note.rstrip(".")) for note in notes
    ]
    assert [(line.text, line.at) for scene in scenes for line in scene.narration] == [
        (note, "caption") for note in notes
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("Ada Miller", "author"),
        ("Ada Miller, Jan van der Berg and Jo Núñez", "author"),
        ("By Ada Miller", "author"),
        ("An introduction for bakers", "kicker"),
        ("Spring 2024", "kicker"),
    ],
)
def test_who_speaks_stands_at_the_foot_of_a_title_and_other_words_above_it(line, field):
    """The first line under the title of slides may be either."""
    found = BlockList(Path("/nowhere"))
    slide = SourcePlace(unit=PlaceUnit.SLIDE, number=1)
    found.heading(slide, 1, plain("Bread"))
    found.add(ParagraphBlock(place=slide, prose=plain(line)))
    found.narration(slide, plain("Bread takes time."))
    document = document_with(found, DocumentKind.PPTX)
    assert write_storyboard(document).scenes[0].content[field] == line


@pytest.mark.parametrize(
    "lead", ["The following page appears:", "La page suivante apparaît :", "L’écran suivant s’affiche :"]
)
def test_a_sentence_that_says_nothing_of_a_picture_does_not_introduce_it(lead):
    """Without a caption the picture is left out."""
    found = BlockList(Path("/nowhere"))
    page = SourcePlace(unit=PlaceUnit.PAGE, number=1)
    found.heading(page, 1, plain("Bread"))
    found.add(ParagraphBlock(place=page, prose=plain("Bread is a food of all people who have an oven.")))
    found.heading(page, 2, plain("The loaf"))
    found.add(ParagraphBlock(place=page, prose=plain(lead)))
    found.add(FigureBlock(place=page, digest="a" * 64, media_type="image/png"))
    document = document_with(found, DocumentKind.PDF)
    scenes = write_storyboard(document, pictures={"a" * 64: Path("loaf.png")}).scenes
    assert TemplateName.PICTURE not in {scene.template for scene in scenes}


def test_a_chapter_that_tells_nothing_is_not_named_at_the_close():
    """The last chapter of a page of git's manual is “GIT”, and says that it is a part of the manual."""
    chapters = "".join(
        f"## {name}\n\n{text}\n\n" for name, text in (("Oven", "An oven is hot."), ("GIT", "Part of git"))
    )
    storyboard = write_storyboard(document_of(f"# Bread\n\nBread is a food of all people.\n\n{chapters}"), 12)
    assert not any("GIT" in text for text in told(storyboard))


def test_a_unit_behind_a_number_has_no_plural():
    """“12.5 millions” is “12.5 million”, and the axis keeps the word of the header."""
    page = "# Pages\n\nIt tells what was seen.\n\n## Views\n\n| Year | Seen (millions) |\n| --- | ---: |\n"
    rows = "| 2010 | 12.5 |\n| 2011 | 25.1 |\n| 2012 | 31 |\n"
    chart = scene_of(write_storyboard(document_of(page + rows)), TemplateName.CHART)
    assert chart.content["unit"] == "millions"
    assert "2010 has the lowest value: 12.5 million." in [line.text for line in chart.narration]


def test_work_that_a_speaker_has_left_to_do_is_not_spoken():
    """A slide with no other notes is told by what it shows."""
    found = BlockList(Path("/nowhere"))
    slide = SourcePlace(unit=PlaceUnit.SLIDE, number=1)
    found.heading(slide, 1, plain("Bread"))
    found.list_of(slide, [found.item(plain(step), 0) for step in ("Mix the flour", "Bake it")], is_ordered=False)
    found.narration(slide, plain("TODO ask Anna for the newest numbers! Note to self: bring a loaf."))
    document = document_with(found, DocumentKind.PPTX)
    assert told(write_storyboard(document)) == ["Bread.", "Mix the flour.", "Bake it."]


@pytest.mark.parametrize(
    ("notes", "shown"),
    [
        ("Bread takes time.", [{"title": "Bread", "author": "Ada Miller", "subtitle": "Bread takes time"}]),
        (
            "Bread takes time. Most of it is a wait for the dough.",
            [
                {"title": "Bread", "author": "Ada Miller", "subtitle": "Bread takes time"},
                {"kicker": "Bread", "sentence": "Most of it is a wait for the dough"},
            ],
        ),
        (
            "Bread takes time. Most of it is a wait for the dough. The oven is hot.",
            [
                {"title": "Bread", "author": "Ada Miller", "subtitle": "Bread takes time"},
                {"points": ["Most of it is a wait for the dough", "The oven is hot"]},
            ],
        ),
    ],
)
def test_what_is_said_over_a_bare_title_is_shown(notes, shown):
    """The first sentence stands under the title, the speaker at its foot, and the others have a scene."""
    found = BlockList(Path("/nowhere"))
    slide = SourcePlace(unit=PlaceUnit.SLIDE, number=1)
    found.heading(slide, 1, plain("Bread"))
    found.add(ParagraphBlock(place=slide, prose=plain("Ada Miller")))
    found.narration(slide, plain(notes))
    document = document_with(found, DocumentKind.PPTX)
    storyboard = write_storyboard(document)
    assert [scene.content for scene in storyboard.scenes] == shown
    assert " ".join(told(storyboard)) == notes


def test_a_scene_that_has_no_room_is_left_out():
    """Another one takes its time."""

    def fits(brief):
        return [((), "it has no room")] if brief.template is TemplateName.CHART else []

    templates = [scene.template for scene in write_storyboard(document_of(STARTER), 240, fits=fits).scenes]
    assert TemplateName.CHART not in templates


@settings(max_examples=25, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=12), st.integers(20, 400))
def test_any_document_is_told_truly_or_refused(pieces, length_s):
    """Whatever stands after what: each line has its part, and nothing is added."""
    document = document_of("\n\n".join(pieces))
    try:
        storyboard = write_storyboard(document, length_s)
    except InvalidRequest:
        return
    assert untrue_statements(storyboard, document) == ()
    assert all(line.at in scene.filled().parts() for scene in storyboard.scenes for line in scene.narration)
    assert storyboard == Storyboard.model_validate(storyboard.model_dump(mode="json"))


def test_asides_are_left_out_of_the_picture_but_not_out_of_code():
    """The brackets of a call are no aside, and those that touch a word belong to it."""
    assert shown_form("The call `f(x)` is cheap (about 2 ms).") == "The call `f(x)` is cheap"
    assert shown_form("HTTP(S) proxies work (since 2019).") == "HTTP(S) proxies work"
    assert shown_form("A robot has 2 states: (0=arm up) and (1=arm down).") == (
        "A robot has 2 states: (0=arm up) and (1=arm down)"
    )
    assert shown_form("在技术面前，普通人（大多数人）已经没有用处了。") == "在技术面前，普通人已经没有用处了"


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        (f"Since enactment of the second law, which {'has many long parts and ' * 3}more, there were four audits.", ""),
        (
            "Die Datei `/etc/gitconfig` enthält Werte, die für jeden Anwender des Systems und dessen Projekte gelten.",
            "Die Datei `/etc/gitconfig` enthält Werte, die für jeden Anwender des Systems und dessen Projekte gelten",
        ),
        (
            f"Many of these tales might, with the same right, stand in the other part of it{', or at its end' * 5}.",
            "",
        ),
        (
            f"The table in the index still has the old title, so {'it is built again ' * 3}by the program.",
            "The table in the index still has the old title",
        ),
    ],
)
def test_a_sentence_is_cut_where_what_is_left_says_something(sentence, shown):
    """What only says when or where is none, nor is a German clause without the one that completes it."""
    assert shown_form(sentence) == shown


def test_points_of_which_much_is_said_are_fewer_and_shown_with_it():
    """A name alone would stand while much is said of it. Steps are all told: such a one says its name alone."""
    long = "turns the shaft that moves the heavy screw at the end of the ship and warms all the cabins"
    items = {name: f"{long} of the {name.lower()}" for name in ("Engine", "Boiler", "Kettle", "Turbine")}

    def scene(sign: str):
        points = "\n".join(f"{sign} **{name}**: {said}" for name, said in items.items())
        page = f"# Ship\n\nA ship is a machine that moves on water.\n\n## Its parts\n\n{points}\n"
        return next(scene for scene in write_storyboard(document_of(page), 120).scenes if scene.name == "Its parts")

    bullets, steps = scene("-"), scene("1.")
    assert len(bullets.content["points"]) == 3
    assert all(long in point for point in bullets.content["points"])
    assert [box["label"] for box in steps.content["boxes"]] == list(items)
    assert [line.text for line in steps.narration][-4:] == [f"{name}." for name in items]


@pytest.mark.parametrize(
    ("said", "shown", "is_long"),
    [
        ("A" * 120, "A" * 30, False),
        ("A" * 130, "A" * 30, True),
        ("A" * 200, "A" * 100, False),
        ("技术" * 20, "技术" * 13, False),
        ("技术" * 20, "技术" * 4, True),
    ],
)
def test_a_picture_stands_for_as_long_as_is_said_what_it_does_not_show(said, shown, is_long):
    """Words that are said nearly whole enter for as long as the voice speaks."""
    assert outlasts(said, shown) is is_long


def test_the_points_of_a_list_are_shown_alike_and_end_where_they_end():
    """All show what their names stand for, or none does; an “and” to the next item is no part of a point."""
    page = """# Ship

A ship is a machine of five parts that moves on water.

## Its parts

- **Engine**: turns the shaft and warms the cabins (in winter);
- **Shaft**: carries what the engine gives it to the screw at the end of the ship; and
- **Screw**: moves water
- Run the ![picture](a.png)
- See the manual of the engine
"""
    storyboard = write_storyboard(document_of(page))
    points = scene_of(storyboard, TemplateName.BULLETS).content["points"]
    assert points == [
        "Engine: turns the shaft and warms the cabins",
        "Shaft: carries what the engine gives it to the screw at the end of the ship",
        "Screw: moves water",
    ]
    assert "Shaft: carries what the engine gives it to the screw at the end of the ship." in told(storyboard)


def test_a_heading_of_capitals_is_told_in_small_letters_and_a_number_is_none():
    """But for what the text writes in capitals, too."""
    page = """# A paper

The GCSR is a strategy that moves many robots by one signal.

## I. GCSR: A STRATEGY FOR ROBOTS

The strategy moves the robots one after the other. It needs a signal for each of them.

## 190

The rabbis of old were good story-tellers. They were essentially teachers of the young.
"""
    names = [scene.name for scene in write_storyboard(document_of(page)).scenes]
    assert "GCSR: a strategy for robots" in names
    assert "190" not in names


def test_a_film_closes_with_a_sentence_that_is_clear_without_the_page():
    """Shown whole, and about no file and no thing at hand; and only chapters that tell something are left to read."""
    page = """# Baker

Baker is a program that bakes bread from flour and water.

## Use it

```sh
pip install baker
```

## Ovens

An alternative is in ovens/stone_oven.py for those who like stone. This oven of the bakery is the best of all ovens.
Baker works with each oven that has a door and a fire.

## Note

Bread is good with oil and with salt, which is a matter of taste, and of the country that one lives in or comes from.
"""
    outro = scene_of(write_storyboard(document_of(page), 26), TemplateName.OUTRO)
    assert outro.content["message"] == "Baker works with each oven that has a door and a fire"
    assert "Note" not in outro.content.get("next_steps", ())


def test_a_page_of_a_manual_opens_with_its_name_and_what_it_is_for():
    """The number of its chapter is no part of the title."""
    page = "# gitworkflows(7)\n\n## NAME\n\ngitworkflows - An overview of workflows with Git\n\n## DESCRIPTION\n\n"
    opening = write_storyboard(document_of(f"{page}Many ideas apply in general to all kinds of projects.\n")).scenes[0]
    assert opening.content == {"title": "gitworkflows", "subtitle": "An overview of workflows with Git"}


def test_people_begin_with_the_release_and_not_with_what_is_in_development():
    """A part of the installation is a part of how to begin."""
    page = """# Bar

Bar is a meter that shows how far a loop has come.

## Installation

### The latest stable release

```sh
pip install bar
```

### The latest development release

Pull and install the branch of the next release:

```sh
pip install bar@next
```

## Loops

A loop of a hundred rounds takes one second here and there.
"""
    scenes = write_storyboard(document_of(page)).scenes
    shown = [scene.content["entries"][0]["text"] for scene in scenes if scene.template is TemplateName.TERMINAL]
    assert shown[-1] == "pip install bar"


@pytest.mark.parametrize(
    ("page", "what"),
    [
        (
            "# Contingent\n\nBrandon Rhodes and Daniel Rocco\n\nBuild systems are old tools.\n",
            "Build systems are old tools.",
        ),
        (
            "# Why?\n\nBecause no other ticks the boxes:\n\n- it bakes bread\n\nBread is good food.\n",
            "Bread is good food.",
        ),
        ("# Robots\n\nIn this paper, we move robots by one signal.\n", "In this paper, we move robots by one signal."),
    ],
)
def test_the_opening_says_what_it_is_about_and_not_who_wrote_it(page, what):
    """Nor does it speak the beginning of a list."""
    assert told(write_storyboard(document_of(page + "\n## More\n\nThe rest of it is told here.\n")))[1] == what


@pytest.mark.parametrize(
    "sentence",
    [
        "See the manual for all options of it.",
        "This makes it faster than all others.",
        "To install the latest version from source.",
        "Make sure that all of these are set:",
        "the rest is written in small letters.",
        "Read more at https://example.com about it.",
        "Plus many more good things to come...",
        "Built with care and flour by the bakers.",
        "More is to come, please open an issue for your ideas!",
        "To update what you have of it, use:",
        "His machine had no pedals at all.",
        "Who put it up on the web to share it.",
        "With their identity being preserved.",
        "In text documents, documentation, and printed books!",
        "To know all of it, I recommend looking at the chapter about ovens.",
        "As mentioned in [6], bread is made of flour and of water.",
        "The control of the oven is described in Sec. IV.",
        "Let's call this bread the first one.",
        "A version with colours is available in the online edition of the book.",
        "Six cases are possible for it: 𝑉𝑑𝑙,𝑗 < 𝑉𝑑ℎ,𝑗 is the first of them.",
        "Ce menu déroulant permet de choisir la langue de la page.",
    ],
)
def test_what_leads_elsewhere_or_is_not_whole_is_not_told(sentence):
    """A viewer can't follow a link, and has not read the sentence before."""
    page = f"# Bread\n\nBread is made of flour and water in an oven.\n\n## More of it\n\n{sentence}\n"
    assert sentence not in told(write_storyboard(document_of(page)))


def test_a_long_film_has_chapters():
    """Six minutes are one piece; a longer film has a card before each chapter."""
    page = (ROOT / "docs/durability.md").read_text(encoding="utf-8")
    assert TemplateName.CHAPTER in {scene.template for scene in write_storyboard(document_of(page), 500).scenes}
    assert TemplateName.CHAPTER not in {scene.template for scene in write_storyboard(document_of(page), 300).scenes}


def test_a_document_without_a_sentence_is_refused():
    """One sentence says what it needs."""
    with pytest.raises(InvalidRequest, match="there is nothing to tell in this document"):
        write_storyboard(document_of("# Hello\n\n## World\n"))


def test_what_the_document_does_not_hold_is_found():
    """Each number, name, quotation and piece of code is looked for."""
    document = document_of(STARTER)
    storyboard = write_storyboard(document)
    opening = storyboard.scenes[0]
    false = "Dr. Watson baked 12 loaves, “better than all others”, with `knead()`."
    line = opening.narration[0].model_copy(update={"text": false})
    changed = storyboard.model_copy(update={"scenes": (opening.model_copy(update={"narration": (line,)}),)})
    found = {(each.kind, each.words) for each in untrue_statements(changed, document)}
    assert found == {("name", "Watson"), ("number", "12"), ("quotation", "better than all others"), ("code", "knead()")}


def test_a_list_of_code_words_is_not_read_aloud():
    """Neither as a row of a table nor as a point: half a minute of names tells nothing."""
    many = ", ".join(f"`{name}`" for name in ("midnight", "chalk", "blueprint", "aurora", "paper"))
    text = f"""# Looks

A look decides the colours of a film.

| option | choices |
| --- | --- |
| `theme` | {many} |
| `font` | one of ten typefaces for all words |
| `pace` | the time to read in scenes without a voice |

## Names

- Themes: {many}
- Fonts: a film has two typefaces at most
- Colours: an accent and its neutrals
"""
    said = " ".join(told(write_storyboard(document_of(text), 180)))
    assert "typefaces" in said
    assert "chalk" not in said


@pytest.mark.parametrize("change", [-0.002, 0.0, 0.002])
def test_a_small_change_of_worth_changes_no_choice(change: float):
    """Of two scenes that tell about as much, the first is told: a word that changes elsewhere makes no other scene."""
    parts = [DocumentPart(name, 1, PartRole.WHAT, place, place) for place, name in enumerate(("Oil", "Wick"))]
    texts = ("The keeper fills the lamp with oil each evening.", "The wick of cotton is cut each morning before dawn.")
    drafts = [
        SceneDraft(
            part.heading,
            TemplateName.CALLOUT,
            {"sentence": text},
            (StoryboardLine(text=text, at="sentence", places=(SourcePlace(unit=PlaceUnit.LINE, number=place + 1),)),),
            part=place,
            block=place,
            weight=weight,
        )
        for place, (part, text, weight) in enumerate(zip(parts, texts, (1.0, 1 / 0.985 + change), strict=True))
    ]
    chosen = choose(drafts, parts, drafts[0].seconds() * 1.5, Spoken(), lambda draft: True, LEAST_WORTH)
    assert [draft.name for draft in chosen] == ["Oil"]
