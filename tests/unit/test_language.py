"""Numbers are written as the language of the film writes them."""

import pytest

from callsheet.model.content import DiagramContent
from callsheet.model.film.language import Language, language_of, number_in
from callsheet.model.requests.video import VideoRequest
from callsheet.stage.kit.plots.values import value_text
from callsheet.stage.template_source import fill_template


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Verbrauch von Strom und die Kosten für das Jahr", Language.GERMAN),
        ("La consommation des ménages et le prix du gaz pour une année", Language.FRENCH),
        ("The price of bread and the cost of living", Language.ENGLISH),
        ("El precio del pan y los costes de la vida para una familia", Language.SPANISH),
        ("Цена на хлеб и как это было в год", Language.RUSSIAN),
        ("Berlin, Paris, 2024", None),
        ("", None),
    ],
)
def test_a_language_is_told_by_its_small_words(text: str, language: Language | None):
    """Names and numbers tell nothing."""
    assert language_of([text]) is language


@pytest.mark.parametrize(
    ("language", "written"),
    [(None, "1,234.5"), (Language.ENGLISH, "1,234.5"), (Language.GERMAN, "1.234,5"), (Language.FRENCH, "1\u202f234,5")],
)
def test_numbers_are_written_as_the_language_writes_them(language: Language | None, written: str):
    """Thousands and decimals; powers of ten keep their form."""
    assert number_in(language, "1,234.5") == written
    assert value_text(12.5, "s", Language.GERMAN) == "12,5\u00a0s"
    assert value_text(3.2e9, "", Language.GERMAN) == "3,2·10⁹"


def film(**look: str) -> VideoRequest:
    """A German film with a title and a chart."""
    chart = {"title": "Verbrauch der Haushalte", "data": [{"label": "und das Jahr", "value": 1234.5}]}
    return VideoRequest.model_validate(
        {
            "title": "Strom für die Stadt",
            "look": look,
            "scenes": [
                {"name": "Anfang", "template": "title", "content": {"title": "Wie wir mit Strom umgehen"}},
                {"name": "Zahlen", "template": "chart", "content": chart},
            ],
        }
    )


def test_a_film_s_language_reaches_its_charts_alone():
    """Other scenes stay as they are when a word of the film changes; a language that is named counts more."""
    title, chart = film().scene_requests()
    assert (title.look.language, chart.look.language) == (None, Language.GERMAN)
    assert film(language="en").scene_requests()[1].look.language is Language.ENGLISH
    sources = [fill_template(each.scene.name, each.scene.filled(), each.look).code.source for each in (title, chart)]
    assert ["'language': 'de'" in source for source in sources] == [False, True]


def test_a_box_may_have_any_name_since_it_is_not_shown():
    """Arrows refer to it; its label is what is seen."""
    content = DiagramContent.model_validate(
        {
            "boxes": [{"name": "the very first box of all", "label": "A"}, {"name": "2nd", "label": "B"}],
            "arrows": [{"source": "the very first box of all", "target": "2nd"}],
        }
    )
    assert content.arrows[0].target == "2nd"
