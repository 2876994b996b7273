"""Requests: what is accepted, what is refused, and in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.model.problems import problems_of, sentence_of
from callsheet.model.requests.video import SceneBrief, VideoRequest

TITLE = {"template": "title", "content": {"title": "Hello"}}


def request(scenes, **options):
    """A request in its written form."""
    return {"title": "A film", "scenes": scenes, **options}


def problems(value):
    """The problems that a request is refused with."""
    with pytest.raises(ValidationError) as refusal:
        VideoRequest.model_validate(value)
    return problems_of(refusal.value)


@given(st.permutations(list(range(12))))
def test_scenes_play_in_the_order_of_the_brief(orders):
    """Orders are numbers and are sorted as numbers, so 10 comes after 9."""
    scenes = [{"name": f"scene {order}", "order": order, **TITLE} for order in orders]
    film = VideoRequest.model_validate(request(scenes)).scene_requests()
    assert [scene.scene.name for scene in film] == [f"scene {order}" for order in range(12)]
    assert [scene.number for scene in film] == list(range(1, 13))


def test_scenes_without_order_play_as_they_are_listed():
    """The position in the list is the order where none is given."""
    scenes = [{"name": name, **TITLE} for name in ("zebra", "ant", "monkey")]
    film = VideoRequest.model_validate(request(scenes)).scene_requests()
    assert [scene.label for scene in film] == ["01 zebra", "02 ant", "03 monkey"]


@pytest.mark.parametrize("field", ["order", "take"])
def test_a_number_that_no_list_of_runs_could_show_is_refused(field):
    """Servers and databases hold whole numbers of 64 bits; a place in a film needs far fewer."""
    for number in (10**6 + 1, 10**400):
        with pytest.raises(ValidationError) as refused:
            VideoRequest.model_validate(request([{"name": "one", field: number, **TITLE}]))
        assert problems_of(refused.value) == [(("scenes", 0, field), "must be 1000000 or less")]


def test_a_number_of_400_digits_in_a_template_is_refused_with_its_place():
    """Content stands in a run as it was written."""
    content = {"series": [{"name": "A", "values": [1, 10**400]}]}
    with pytest.raises(ValidationError) as refused:
        VideoRequest.model_validate(request([{"name": "one", "template": "chart", "content": content}]))
    [(place, sentence)] = problems_of(refused.value)
    assert (place, "too many digits" in sentence) == (("scenes", 0, "content", "series", 0, "values", 1), True)


def test_two_scenes_with_one_order_are_refused_by_name():
    """The author must decide which comes first."""
    scenes = [{"name": "one", "order": 3, **TITLE}, {"name": "two", "order": 3, **TITLE}]
    assert problems(request(scenes)) == [
        (("scenes", 1, "order"), "“one” and “two” both have order 3; give each its own")
    ]


def test_a_prompt_and_a_template_together_are_refused():
    """It would not be clear which of them makes the scene."""
    found = problems(request([{"name": "both", "prompt": "Explain", **TITLE}]))
    assert found == [(("scenes", 0, "prompt"), "give just one: a prompt, scene code, or a template with content")]


@pytest.mark.parametrize("blank", ["   ", "\u200b", " \n\t", "\u2060\u200d"])
def test_words_that_show_nothing_are_refused(blank):
    """A prompt is laid out where there is no model, a name stands in lists and a title in the film's own name."""
    for field, written in {
        ("scenes", 0, "prompt"): request([{"name": "blank", "prompt": blank}]),
        ("scenes", 0, "name"): request([{"name": blank, **TITLE}]),
        ("title",): request([{"name": "t", **TITLE}], title=blank),
    }.items():
        [(path, sentence)] = problems(written)
        assert path == field
        assert "this text" in sentence
    assert problems({"title": "A film", "topic": blank})


def test_a_name_is_one_line():
    """It stands in tables and in the names of runs."""
    assert SceneBrief(name=" one\n two ", **TITLE).name == "one two"


def test_files_are_for_scenes_that_open_them():
    """A template has separate fields for what it shows."""
    for brief in ({"prompt": "A logo"}, {"code": "class Main(Scene): ..."}):
        assert SceneBrief(name="logo", files=["logo.png"], **brief).files == ("logo.png",)
    found = problems(request([{"name": "logo", "files": ["logo.png"], **TITLE}]))
    sentence = "only a scene with a prompt or scene code opens files; leave them out, or use template “picture”"
    assert found == [(("scenes", 0, "files"), sentence)]


def test_a_template_without_content_is_refused():
    """The sentence says where to look its fields up."""
    found = problems(request([{"name": "empty", "template": "title"}]))
    assert found == [(("scenes", 0, "content"), "say what the template shows; see `callsheet templates title`")]


def test_a_brief_that_asks_for_nothing_is_refused():
    """A name alone makes no scene."""
    found = problems(request([{"name": "nothing"}]))
    sentence = "name a template and give its content, or give a prompt or scene code"
    assert found == [(("scenes", 0, "template"), sentence)]


def test_a_problem_deep_inside_a_content_carries_its_whole_path():
    """A person finds the field without reading the schema."""
    content = {"boxes": [{"name": "a", "label": "A"}], "arrows": [{"source": "a", "target": "b"}]}
    found = problems(request([{"name": "d", "template": "diagram", "content": content}]))
    assert found == [(("scenes", 0, "content", "arrows", 0, "target"), "there is no box named b")]


def test_a_misspelt_field_is_refused():
    """An ignored option is worse than an error."""
    found = problems(request([{"name": "t", **TITLE}], profil="hd"))
    assert found == [(("profil",), "is not a field here; did you mean “profile”?")]


def test_an_unknown_profile_is_refused_with_the_known_ones():
    """The choices are in the sentence."""
    found = problems(request([{"name": "t", **TITLE}], profile="8k"))
    assert found == [
        (
            ("profile",),
            "“8k” is unknown; known are draft, hd, full-hd, portrait, square, draft-portrait and draft-square",
        )
    ]


def test_a_list_that_only_holds_wrong_entries_is_not_called_too_short():
    """One mistake, one sentence."""
    assert [path for path, _ in problems(request([{"name": "x", "template": "title"}]))] == [("scenes", 0, "content")]


def test_a_prompt_becomes_an_explanation():
    """Without a model to write code, the `explain` template lays the prompt out."""
    content = SceneBrief(name="why", prompt="Because a^2 + b^2 = c^2.").filled()
    assert type(content).__name__ == "ExplainContent"


def test_the_written_form_of_a_request_reads_back_the_same():
    """Runs are started with the JSON of a request; nothing may be lost on the way."""
    original = VideoRequest.model_validate(request([{"name": "t", "order": 4, **TITLE}], profile="square"))
    assert VideoRequest.model_validate(original.model_dump(mode="json")) == original


def test_scenes_with_long_words_know_the_language_of_the_film():
    """It says where a word is divided; the look of other scenes does not change with the film's words."""
    request = VideoRequest.model_validate(
        {
            "title": "Die Sonne und das Leben",
            "scenes": [
                {"name": "a", "template": "title", "content": {"title": "Chloroplasten und Sonnenenergie"}},
                {"name": "b", "template": "title", "content": {"title": "Das ist nicht der Mond"}},
            ],
        }
    )
    assert [each.look.language for each in request.scene_requests()] == ["de", None]


BULLETS = {"title": "Proofs", "points": ["One", "Two", "Three"]}


def narrated(*places, **brief):
    """A scene of bullets, or of `brief`, with a line at each of these places."""
    lines = [{"text": "A sentence.", "at": at} for at in places]
    return SceneBrief.model_validate(
        {"name": "A", **(brief or {"template": "bullets", "content": BULLETS}), "narration": lines}
    )


def test_lines_of_narration_name_the_parts_of_the_content_they_speak_about():
    """An empty place is the next part; a list is a part as well as its entries."""
    assert [line.at for line in narrated("title", "", "points", "points.2").narration] == [
        "title",
        "",
        "points",
        "points.2",
    ]


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("points.3", "narration.1.at: there is no part “points.3”; “points” has points.0 to points.2"),
        ("titel", "narration.1.at: there is no part “titel” here; did you mean “title”?"),
        ("body", "narration.1.at: there is no part “body” here; there are points, title"),
        ("title.0", "narration.1.at: there is no part “title.0”; “title” has no parts inside: give it alone"),
    ],
)
def test_a_line_about_a_part_that_is_not_there_is_refused_with_the_nearest(at, sentence):
    """The field is named as it stands in the request."""
    with pytest.raises(ValidationError) as refusal:
        narrated("title", at)
    assert sentence_of(refusal.value) == sentence


def test_narration_is_for_scenes_whose_parts_are_known():
    """A prompt has none yet, and scene code has none that could be named."""
    with pytest.raises(ValidationError, match=r"narration\.1\.at: a prompt has no content to name"):
        narrated("", "title", prompt="Explain a^2")
    with pytest.raises(ValidationError, match=r"narration\.1\.at: scene code has no content to name"):
        narrated("", "title", code="class A: pass")
    assert len(narrated("", code="class A: pass").narration) == 1
    assert len(narrated("", prompt="Explain a^2").narration) == 1
