"""`illustrate: auto` finds drawings by the words, and only where the words leave no doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from callsheet.drawings import drawings_for
from callsheet.model.content import (
    BulletsContent,
    CalloutContent,
    ComparisonContent,
    DiagramContent,
    ProcessContent,
    StatisticsContent,
    TemplateName,
)
from callsheet.model.film.look import Illustrate, Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.requests.storyboard import Storyboard
from callsheet.model.requests.video import VideoRequest
from callsheet.stage.illustrating import illustrated, shown_content
from callsheet.stage.kit.drawn import DrawnPicture
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.templates import scene_class

FILM = {
    "title": "Wasser und Licht",
    "scenes": [
        {"name": "Stoffe", "template": "bullets", "content": {"points": ["Wasser", "Sauerstoff", "Traubenzucker"]}}
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "drawn"),
    [
        ("en", "The sun warms the sea", ["sun", "water-wave"]),
        ("en", "The industrial revolution began in England", ["factory"]),
        ("en", "Rockets need `fuel` for $x$ hours", ["rocket"]),
        ("en", "Volcano", ["volcano"]),
        ("de", "Die Sonne wärmt das Meer", ["sun"]),
        ("de", "Das Auto braucht eine Batterie", ["automobile", "battery"]),
        ("fr", "Le soleil", ["sun"]),
        ("ja", "火山", ["volcano"]),
    ],
)
def test_words_that_leave_no_doubt_have_a_drawing(language: str, text: str, drawn: list[str]) -> None:
    """Phrases come before single words, plurals count, and other languages need the whole text."""
    assert [drawing.name for drawing in drawings_for(text, language)] == drawn


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Train a model on many pictures"),
        ("en", "The key idea, at last"),
        ("en", "Merge conflicts of two branches"),
        ("en", "A kind word for the land"),
        ("en", "Watch how the light bends"),
        ("en", "Without a car you walk"),
        ("en", "The current state of the art"),
        ("de", "Der Zug der Zeit"),
        ("de", "Eine Welle der Kraft"),
        ("de", "ohne Auto zum Ziel"),
        ("fr", "Il lit un livre"),
    ],
)
def test_words_that_may_mean_something_else_have_none(language: str, text: str) -> None:
    """A wrong drawing is worse than none."""
    assert list(drawings_for(text, language)) == []


def test_no_drawing_stands_twice_in_a_scene() -> None:
    """The second text takes the next that it asks for, and a named one is not taken again."""
    points = ("The sun shines", "The sun warms the water", "Water falls")
    assert illustrated(BulletsContent(points=points), "en").icons == ("sun", "droplet", "")
    named = BulletsContent(points=points, icons=("", "", "sun"))
    assert illustrated(named, "en").icons == ("", "droplet", "sun")


def test_a_scene_with_few_matches_stays_without_drawings() -> None:
    """One icon among many points, or on one side alone, would say that the others matter less."""
    few = BulletsContent(points=("The sun", "An idea", "Another idea"))
    one_side = ComparisonContent(
        left={"heading": "Bicycle", "points": ["Slow"]}, right={"heading": "By hand", "points": ["Slower"]}
    )
    assert illustrated(few, "en") == few
    assert illustrated(one_side, "en") == one_side
    numbered = BulletsContent(points=("The sun", "The sea"), numbered=True)
    assert illustrated(numbered, "en") == numbered


def test_every_kind_of_text_with_a_drawing_gets_one() -> None:
    """Callouts, numbers, headings, steps, and boxes of diagrams, which get an emoji in their label."""
    callout = illustrated(CalloutContent(sentence="Every volcano breathes"), "en")
    numbers = illustrated(StatisticsContent(statistics=({"value": "8", "label": "planets"},)), "en")
    sides = illustrated(
        ComparisonContent(left={"heading": "Cats", "points": ["a"]}, right={"heading": "Dogs", "points": ["b"]}), "en"
    )
    steps = illustrated(ProcessContent(steps=({"label": "The sea"}, {"label": "Rain"})), "en")
    boxes = illustrated(
        DiagramContent(boxes=({"name": "a", "label": "Factory"}, {"name": "b", "label": "The idea"})), "en"
    )
    assert callout.icon == "volcano"
    assert numbers.statistics[0].icon == "ringed-planet"
    assert (sides.left.icon, sides.right.icon) == ("cat", "dog")
    assert [step.icon for step in steps.steps] == ["water-wave", "cloud-with-rain"]
    assert [box.label for box in boxes.boxes] == ["🏭 Factory", "The idea"]


def test_a_request_is_illustrated_only_if_it_asks() -> None:
    """Without `illustrate` the content is as it was written; with it, the language of the film's words counts."""
    plain = VideoRequest.model_validate(FILM)
    drawn = VideoRequest.model_validate({**FILM, "illustrate": "auto", "language": "de"})
    content = plain.scenes[0].filled()
    assert shown_content(plain.scene_requests()[0], content) == content
    assert shown_content(drawn.scene_requests()[0], content).icons == ("droplet", "wind-face", "candy")


def test_an_explainer_hands_the_choice_to_its_film() -> None:
    """Its storyboard becomes a video request with the same `illustrate`."""
    storyboard = Storyboard.model_validate(
        {"title": "Film", "scenes": [{**FILM["scenes"][0], "narration": [{"text": "Wasser."}]}]}
    )
    request = ExplainerRequest(storyboard=storyboard, illustrate=Illustrate.AUTO)
    assert request.plan(storyboard).illustrate is Illustrate.AUTO


def test_off_is_read_from_a_file_without_quotes(tmp_path: Path) -> None:
    """YAML takes `off` for false; the field takes the word."""
    file = tmp_path / "film.yaml"
    file.write_text(
        "title: A\nillustrate: off\nscenes:\n  - {name: B, template: title, content: {title: B}}\n", encoding="utf-8"
    )
    assert VideoRequest.from_file(file).illustrate is Illustrate.OFF


def test_found_drawings_stand_in_the_picture() -> None:
    """What is found is drawn as if the request had named it."""
    content = illustrated(BulletsContent(points=("The sun", "The sea")), "en")
    pages = scene_class(TemplateName.BULLETS).compose(content, Kit(Look(), frame_for(PROFILES[ProfileName.HD])))
    drawn = [each for page in pages for each in page.everything if isinstance(each, DrawnPicture)]
    assert [each.drawing.name for each in drawn] == ["sun", "water-wave"]
