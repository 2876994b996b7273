"""Every composition of a template stands well in landscape, portrait and square."""

from __future__ import annotations

from typing import Any

import pytest

from callsheet.model.content import CONTENT_MODELS, BulletsContent, FormulaCardContent, TemplateName
from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.kit.beats import Page
from callsheet.stage.kit.counting import stages
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.faces import initials
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates import scene_class
from tests.stage.test_templates import SHAPES, assert_well_placed, bounds

LONG_QUOTE = "If I have seen further, it is by standing on the shoulders of giants who looked where no one had looked."
CONTENTS: dict[str, dict[str, Any]] = {
    "statistics": CONTENT_MODELS[TemplateName.STATISTICS].EXAMPLE,
    "statistics, one": {"statistics": [{"value": "8.1 billion", "label": "people on the planet"}], "title": "Many"},
    "statistics, five": {"statistics": [{"value": "26.2 miles", "label": "to run", "icon": "bicycle"}] * 5},
    "picture": {"path": "docs/pictures/example.png", "title": "Hills", "caption": "The sun goes down", "credit": "Us"},
    "chart": CONTENT_MODELS[TemplateName.CHART].EXAMPLE,
    "chart, line": {
        "kind": "line",
        "title": "Visitors",
        "data": [{"label": str(2014 + place), "value": 20 + place * (-1) ** place} for place in range(8)],
    },
    "bullets": {"title": "What a plant needs", "points": ["Water from its roots", "Light", "Carbon dioxide"]},
    "bullets, numbered": {"title": "Bread", "points": ["Knead the dough for ten minutes"] * 6, "numbered": True},
    "bullets, long": {"title": "Bread", "points": ["Knead the dough for ten minutes, until it no longer sticks"] * 5},
    "bullets, with drawings": {"title": "Needs", "points": ["Water", "Light"] * 2, "icons": ["droplet", "sun"]},
    "bullets, many": {"title": "Everything", "points": ["Measure the flour", "Warm the milk"] * 6},
    "chapter": CONTENT_MODELS[TemplateName.CHAPTER].EXAMPLE,
    "chapter, bare": {"title": "Slopes", "number": 3},
    "chapter, unnumbered": {"title": "What remains to be shown", "coming": ["The limit exists"]},
    "definition": {"term": "Osmosis", "kind": "Noun", "meaning": "Water moves to the salt.", "for_example": "Raisins."},
    "timeline": CONTENT_MODELS[TemplateName.TIMELINE].EXAMPLE,
    "timeline, many": {"events": [{"when": str(1957 + place), "what": "A step to the Moon"} for place in range(9)]},
    "diagram": CONTENT_MODELS[TemplateName.DIAGRAM].EXAMPLE,
    "diagram, chain": {
        "title": "From slopes to everything",
        "boxes": [{"name": name.lower(), "label": name} for name in ("Position", "Speed", "Acceleration")],
        "arrows": [
            {"source": "speed", "target": "acceleration", "label": "slope"},
            {"source": "position", "target": "speed", "label": "slope"},
        ],
    },
    "diagram, hub": {
        "title": "What a plant lives on",
        "boxes": [{"name": name.lower(), "label": name} for name in ("Plant", "Light", "Water", "Sugar")],
        "arrows": [
            {"source": "light", "target": "plant", "label": "drives"},
            {"source": "water", "target": "plant"},
            {"source": "plant", "target": "sugar"},
        ],
    },
    "diagram, ring": {
        "boxes": [{"name": name.lower(), "label": name} for name in ("Sea", "Clouds", "Rain", "Rivers")],
        "arrows": [
            {"source": "sea", "target": "clouds", "label": "evaporates"},
            {"source": "clouds", "target": "rain"},
            {"source": "rain", "target": "rivers"},
            {"source": "rivers", "target": "sea"},
        ],
    },
    "formula-card": CONTENT_MODELS[TemplateName.FORMULA_CARD].EXAMPLE,
    "formula-card, bare": {
        "formula": "E = m c^2",
        "legend": [{"sign": "E", "meaning": "Energy", "unit": "joules"}, {"sign": "c", "meaning": "Speed of light"}],
    },
    "formula-card, many": {
        "title": "The ideal gas",
        "formula": r"\frac{p V}{T} = n R = N k_B",
        "legend": [
            {"sign": sign, "meaning": f"What {sign} stands for", "unit": "a unit"}
            for sign in ("p", "V", "T", "n", "R", "N", "k_B")
        ],
    },
    "people": CONTENT_MODELS[TemplateName.PEOPLE].EXAMPLE,
    "people, one": {
        "people": [{"name": "Ada Lovelace", "role": "First programmer", "path": "docs/pictures/example.png"}]
    },
    "people, eight": {
        "title": "The crew",
        "people": [{"name": f"Ada Lovelace {place}", "role": "Light and sound"} for place in range(8)],
    },
    "qa": CONTENT_MODELS[TemplateName.QA].EXAMPLE,
    "qa, one": {
        "pairs": [{"question": "What is a slope?", "answer": "How fast $f(x)$ changes when $x$ moves a little."}]
    },
    "qa, many": {
        "title": "Frequently asked",
        "pairs": [
            {"question": "Which languages does it speak?", "answer": "Fifteen. " * place} for place in range(1, 9)
        ],
    },
    "quote": {"quote": LONG_QUOTE, "speaker": "Isaac Newton", "source": "A letter"},
}
COMPOSITIONS = [
    ("statistics", "row"),
    ("statistics", "lead"),
    ("statistics", "tiles"),
    ("statistics, one", "single"),
    ("statistics, one", "panel"),
    ("statistics, five", "tiles"),
    ("statistics, five", "row"),
    ("quote", "marks"),
    ("quote", "panel"),
    ("quote", "colour"),
    ("formula-card", "labels"),
    ("formula-card", "beside"),
    ("formula-card", "columns"),
    ("formula-card, bare", "labels"),
    ("formula-card, bare", "beside"),
    ("formula-card, bare", "columns"),
    ("formula-card, many", "beside"),
    ("formula-card, many", "columns"),
    ("people", "grid"),
    ("people", "list"),
    ("people", "spotlight"),
    ("people, one", "grid"),
    ("people, one", "list"),
    ("people, one", "spotlight"),
    ("people, eight", "grid"),
    ("people, eight", "list"),
    ("people, eight", "spotlight"),
    ("qa", "bubbles"),
    ("qa", "reveal"),
    ("qa", "rows"),
    ("qa, one", "bubbles"),
    ("qa, one", "reveal"),
    ("qa, one", "rows"),
    ("qa, many", "bubbles"),
    ("qa, many", "reveal"),
    ("qa, many", "rows"),
    ("picture", "framed"),
    ("picture", "bleed"),
    ("picture", "half"),
    ("chart", "columns"),
    ("chart", "named-above"),
    ("chart", "focus"),
    ("chart, line", "line"),
    ("chart, line", "area"),
    ("chart, line", "focus"),
    ("bullets", "cards"),
    ("bullets", "beside"),
    ("bullets", "list"),
    ("bullets, numbered", "cards"),
    ("bullets, long", "single"),
    ("bullets, long", "list"),
    ("bullets, with drawings", "cards"),
    ("bullets, with drawings", "beside"),
    ("bullets, many", "list"),
    ("chapter", "panel"),
    ("chapter", "cover"),
    ("chapter", "beside"),
    ("chapter, bare", "panel"),
    ("chapter, bare", "cover"),
    ("chapter, bare", "beside"),
    ("chapter, unnumbered", "panel"),
    ("chapter, unnumbered", "cover"),
    ("chapter, unnumbered", "beside"),
    ("definition", "headed"),
    ("definition", "beside"),
    ("definition", "card"),
    ("diagram", "flow"),
    ("diagram", "tree"),
    ("diagram, chain", "stairs"),
    ("diagram, chain", "flow"),
    ("diagram, chain", "tree"),
    ("diagram, hub", "hub"),
    ("diagram, hub", "flow"),
    ("diagram, ring", "ring"),
    ("timeline", "line"),
    ("timeline", "alternating"),
    ("timeline", "cards"),
    ("timeline, many", "alternating"),
]


def composed(name: str, composition: str, profile: ProfileName) -> tuple[Page, ...]:
    """The pages of a content in a composition."""
    template = TemplateName(name.partition(",")[0])
    content = CONTENT_MODELS[template].model_validate(CONTENTS[name])
    return scene_class(template).compose(content, Kit(Look(), frame_for(PROFILES[profile]), composition))


@pytest.mark.parametrize("profile", SHAPES)
@pytest.mark.parametrize(("name", "composition"), COMPOSITIONS)
def test_every_composition_stands_inside_the_picture(name: str, composition: str, profile: ProfileName) -> None:
    """Nothing is cut off, and no words lie on others."""
    assert_well_placed(composed(name, composition, profile), profile)


def test_cards_are_equally_high_if_their_words_are_larger_then():
    """A point of more letters has a higher card, unless both have as many lines."""
    title = "Creative Commons gives tools to creators to make a choice about copyright"
    points = (
        "A license can cover anything that copyright covers",
        "Each license says: You need to give me attribution",
    )
    for longer in ("Creative Commons license" + points[0][9:], points[0]):
        content = BulletsContent(title=title, points=(longer, points[1]))
        kit = Kit(Look(), frame_for(PROFILES[ProfileName.HD]), "cards")
        (page,) = scene_class(TemplateName.BULLETS).compose(content, kit)
        words = [beat.shows[-1] for beat in page.beats[-2:]]
        assert [each.size for each in words if isinstance(each, TypeBlock)] == [Step.LEAD.size] * 2


@pytest.mark.parametrize("name", CONTENTS)
def test_the_compositions_of_a_content_differ_in_landscape(name: str) -> None:
    """What is asked for is what is seen: the boxes of two compositions are never the same."""
    places = {
        composition: [bounds(each) for each in composed(name, composition, ProfileName.HD)[-1].standing]
        for about, composition in COMPOSITIONS
        if about == name
    }
    assert all(one != other or a == b for a, one in places.items() for b, other in places.items())


@pytest.mark.parametrize("profile", SHAPES)
@pytest.mark.parametrize("composition", ["bubbles", "reveal", "rows"])
def test_each_question_stands_before_its_answer_and_after_the_answer_before(
    composition: str, profile: ProfileName
) -> None:
    """A reader has time for the question; narration finds each by its part."""
    beats = [beat for page in composed("qa, many", composition, profile) for beat in page.beats]
    order = [part for beat in beats for part in beat.parts if part.startswith("pairs")]
    assert order == [f"pairs.{place}.{name}" for place in range(8) for name in ("question", "answer")]


@pytest.mark.parametrize("profile", SHAPES)
def test_a_question_gives_way_to_its_answer(profile: ProfileName) -> None:
    """Its ground becomes a band; the question stays in it, smaller, and is still large enough to read."""
    asked, answered = composed("qa, one", "reveal", profile)[0].beats
    whole = frame_for(PROFILES[profile]).whole
    assert bounds(asked.shows[0]) == pytest.approx((whole.left, whole.bottom, whole.right, whole.top))
    band, _, question, answer = answered.shows
    assert answered.hides == asked.shows
    assert isinstance(question, TypeBlock)
    assert bounds(band)[1] < bounds(question)[1]
    assert bounds(answer)[3] < bounds(band)[1]
    assert 24 / 1080 * 8 < question.seen_size < question.size


@pytest.mark.parametrize("composition", ["labels", "beside", "columns"])
@pytest.mark.parametrize(
    ("formula", "signs", "lit"),
    [
        ("E = m c^2", ["E", "c"], [1, 1]),
        ("x^2 + 2 x y + y^2", ["x", "y"], [2, 2]),
        ("v = v_0 + a t", ["v", "v_0"], [1, 2]),
        (r"N(t) = N_0 e^{-\lambda t}", [r"\lambda", "t"], [1, 2]),
        ("A = pi r^2", ["q", "r"], [0, 1]),
    ],
)
def test_each_sign_lights_up_in_the_formula_as_its_meaning_appears(
    formula: str, signs: list[str], lit: list[int], composition: str
) -> None:
    """Wherever it stands, in exponents too; a longer sign is not taken for a shorter one."""
    legend = [{"sign": sign, "meaning": f"Meaning {place}"} for place, sign in enumerate(signs)]
    content = FormulaCardContent.model_validate({"formula": formula, "legend": legend})
    kit = Kit(Look(), frame_for(PROFILES[ProfileName.HD]), composition)
    (page,) = scene_class(TemplateName.FORMULA_CARD).compose(content, kit)
    changed, before = [], page.beats[0].shows[-1]
    for beat in page.beats[1:]:
        after = next((each for each in beat.shows if isinstance(each, TypeBlock) and each.role == "formula"), before)
        after = after if beat.hides else before
        assert isinstance(before, TypeBlock)
        assert isinstance(after, TypeBlock)
        pairs = zip(before.inks, after.inks, strict=True)
        changed.append(sum(one.get_fill_color() != other.get_fill_color() for one, other in pairs))
        before = after
    assert changed == lit


def test_lines_lead_from_the_signs_of_a_formula_to_their_meanings() -> None:
    """Each line begins at its sign, and crosses no words."""
    (page,) = composed("formula-card", "labels", ProfileName.HD)
    formula, *entries = page.beats[1:]
    whole = bounds(formula.shows[-1])
    lines = [bounds(entry.shows[1]) for entry in entries]
    words = [bounds(each) for entry in entries for each in entry.shows[3:]]
    assert all(whole[0] < left < right < whole[2] for left, _, right, _ in lines)
    assert not any(
        min(line[2], word[2]) > max(line[0], word[0]) and min(line[3], word[3]) > max(line[1], word[1])
        for line in lines
        for word in words
    )


def test_a_face_in_the_spotlight_joins_those_before() -> None:
    """It becomes small, and all who were there stay in the picture."""
    (page,) = composed("people, eight", "spotlight", ProfileName.HD)
    turns = [beat for beat in page.beats if any(part.startswith("people") for part in beat.parts)]
    widths = [bounds(turn.shows[0])[2] - bounds(turn.shows[0])[0] for turn in turns[1:]]
    assert len(turns) == 8
    assert all(width < 1.1 for width in widths)
    assert all(any(each is turn.shows[0] for each in page.standing) for turn in turns[1:])


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("Prof. Dr. Max Planck", "MP"),
        ("Li", "L"),
        ("jean-luc picard", "JP"),
        ("李伟", "李"),
        ("أمينة حداد", "أ"),
        ("Agent 47", "A"),
        ("???", "?"),
    ],
)
def test_initials_are_letters_of_the_name(name: str, letters: str) -> None:
    """Titles and signs give none; scripts without capitals give one."""
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("value", "first", "count"),
    [("38 %", "4 %", 16), ("1,100,000", "110,000", 16), ("1.46 °C", "0.15 °C", 16), ("+18", "+2", 16)],
)
def test_numbers_count_up_in_the_form_of_their_value(value: str, first: str, count: int) -> None:
    """Their separators, decimals and units stay."""
    assert (stages(value)[0], len(stages(value))) == (first, count)


@pytest.mark.parametrize("value", ["1687", "3 of 10", "1850–1900", "7", "1.465", "many"])
def test_years_ranges_and_doubtful_numbers_do_not_count(value: str) -> None:
    """What stands on the way would say something else."""
    assert stages(value) == ()
