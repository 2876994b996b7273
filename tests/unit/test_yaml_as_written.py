"""YAML that would mean something else: text stays as it was written, and signs that YAML keeps are said to be such."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.footage.catalogue import read_catalogue
from callsheet.model.requests.video import VideoRequest
from callsheet.request_reader import kind_of, read_request
from callsheet.sources.request_files import load_request
from callsheet.sources.yaml_files import RequestFileInvalid, open_data_file
from callsheet.sources.yaml_tree import read_tree
from tests.pace import seconds_here

WORDS = ["No", "12:30", "0123", "1648", "42", "1e3", "Yes", "off", "1_000", "2026-10-01", "3.10", "~", "null", "010",
         ".5", "22:22:22", "0x1F", "1.", "+1", "-0", "TRUE", ".inf", "2026-10-01T10:00:00Z", "NO", "y"]  # fmt: skip


def written(tmp_path: Path, text: str, name: str = "film.yaml") -> Path:
    """A file with this text."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def sentences(tmp_path: Path, text: str, name: str = "film.yaml") -> list[str]:
    """What a request with this text is refused with, line by line."""
    with pytest.raises(RequestFileInvalid) as refused:
        load_request(written(tmp_path, text, name))
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("word", WORDS)
def test_text_is_taken_as_it_is_written(tmp_path: Path, word: str):
    """In a title, a name, a list, a chart's label and a moment of a timeline."""
    text = f"""
title: {word}
scenes:
- name: {word}
  template: bullets
  content: {{title: {word}, points: [{word}, a]}}
- {{name: t, template: timeline, content: {{events: [{{when: {word}, what: {word}}}, {{when: b, what: c}}]}}}}
- name: c
  template: chart
  content:
    data:
    - {{label: {word}, value: 12}}
"""
    film = load_request(written(tmp_path, text))
    bullets, events, chart = (brief.content for brief in film.scenes)
    assert (film.title, film.scenes[0].name) == (word, word)
    assert bullets == {"title": word, "points": [word, "a"]}
    assert events["events"][0] == {"when": word, "what": word}
    assert chart["data"] == [{"label": word, "value": 12}]


@pytest.mark.parametrize(
    ("value", "read"), [("12", 12), ("1_000", 1000), ("1e3", 1000.0), ("-0.5", -0.5), ("010", 10), ("0x10", 16)]
)
def test_numbers_stay_numbers_where_numbers_belong(tmp_path: Path, value: str, read: float):
    """Digits are read to the base of ten, however many zeros stand before them."""
    text = f"title: x\nscenes:\n- {{name: c, template: chart, content: {{data: [{{label: a, value: {value}}}]}}}}\n"
    assert load_request(written(tmp_path, text)).scenes[0].content["data"] == [{"label": "a", "value": read}]


@pytest.mark.parametrize("value", ["12:30", "twelve", "2026-10-01", "No", "[1]"])
def test_what_is_no_number_is_refused_where_a_number_belongs(tmp_path: Path, value: str):
    """12:30 is not 750."""
    text = f"title: x\nscenes:\n- {{name: c, template: chart, content: {{data: [{{label: a, value: {value}}}]}}}}\n"
    [sentence] = sentences(tmp_path, text)
    assert sentence.startswith("3: scenes.0.content.data.0.value (scene “c”): must be a number")


@pytest.mark.parametrize(("word", "read"), [("yes", True), ("off", False), ("True", True), ("n", False)])
def test_yes_and_no_stay_answers_where_an_answer_belongs(tmp_path: Path, word: str, read: bool):
    """As YAML has always taken them."""
    text = f"title: x\napproval: {word}\nscenes:\n- {{name: a, prompt: b}}\n"
    assert load_request(written(tmp_path, text)).approval is read


def test_an_empty_value_is_as_good_as_none(tmp_path: Path):
    """Of a field that may be left out; a text that is needed is asked for."""
    text = "title: x\nscenes:\n- {name: a, order: , template: section, content: {title: b, number: ~, summary: }}\n"
    [scene] = load_request(written(tmp_path, text)).scenes
    assert (scene.order, scene.content) == (None, {"title": "b", "number": None, "summary": ""})
    assert sentences(tmp_path, "title:\nscenes:\n- {name: a, prompt: b}\n") == [
        "1: title: this text can't be empty: write at least a word"
    ]


def test_each_key_that_stands_twice_is_refused_with_both_lines(tmp_path: Path):
    """The last one never wins without a word."""
    text = "title: a\nprofile: hd\ntitle: b\nscenes:\n- name: c\n  prompt: d\n  name: e\n"
    assert sentences(tmp_path, text) == [
        "3: the line gives “title” again, as line 1 does: keep one of the two",
        "7: the line gives “name” again, as line 5 does: keep one of the two",
    ]


SIGNS = {
    "=": "“=”, a sign that YAML keeps",
    "<<": "“<<”, a sign that YAML keeps",
    "*nobody": "“*nobody”, and * stands for a value",
    "**bold**": "begins with “*”, a sign that YAML keeps",
    "&anchor here": "the sign & before “anchor”",
    "& more": "begins with “&”, a sign that YAML keeps",
    "!important": "“!important”, and ! names a type",
    "@home": "begins with “@”, a sign that YAML keeps",
    "`code`": "begins with “`”, a sign that YAML keeps",
    "%d": "begins with “%”, a sign that YAML keeps",
    "Part 1: The start": "a colon inside a text",
    '"a" and b': "something after a closing quote",
    "[WIP] Draft": "something after a closing quote or bracket",
    "- dash": "begins with “- ”",
    "? why": "begins with “? ”",
    "}": "begins with “}”",
    '"C:\\Users"': "a backslash in double quotes",
    "'open": "a quote that opens here and is never closed",
    "[open": "a bracket that opens here",
    "!!python/object:os.system x": "“!!python/object:os.system”, and ! names a type",
}


@pytest.mark.parametrize("sign", SIGNS)
def test_signs_that_yaml_keeps_for_itself_are_told_with_their_line(tmp_path: Path, sign: str):
    """And with what to do, which is nearly always to put the text in quotes."""
    [sentence] = sentences(tmp_path, f"profile: hd\ntitle: {sign}\n")
    assert sentence.startswith("2: the line ")
    assert SIGNS[sign] in sentence


@pytest.mark.parametrize("text", ["title: x\n\tprofile: hd\n", "title: x\nscenes:\n\t- a\n"])
def test_a_tab_is_told_with_its_line(tmp_path: Path, text: str):
    """It looks like spaces, and YAML refuses it."""
    line = 1 + text[: text.index("\t")].count("\n")
    assert f"{line}: the line has a tab where YAML takes only spaces: indent with spaces" in sentences(tmp_path, text)


def test_signs_are_told_all_at_once(tmp_path: Path):
    """A person who has written one has often written others."""
    told = sentences(tmp_path, "title: @a\nname: b: c\npoints: [=, *x, &y z]\nmore: %d\n")
    assert [line.partition(":")[0] for line in told] == ["1", "2", "3", "3", "3", "4"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("[WIP]", "its brackets make a list of it"),
        ("{x}", "its braces make fields of it"),
        ("{Note: this}", "the colon after “Note” makes a field of it"),
        ("\n  - a", "its “- ” make a list of it"),
        ("Issue #5", "“#5” is a comment to YAML and would be left out"),
    ],
)
def test_a_text_that_yaml_takes_for_something_else_is_told_as_such(tmp_path: Path, value: str, why: str):
    """One sentence, not one for each field that the list or the mapping lacks."""
    [sentence] = sentences(tmp_path, f"title: {value}\nscenes:\n- {{name: a, prompt: b}}\n")
    assert why in sentence
    assert sentence.endswith(("put it in quotes", "put the whole text in quotes"))


def test_a_comment_stays_a_comment(tmp_path: Path):
    """With a space after its sign, as comments are written."""
    text = "title: x # the working title\nscenes: #all\n- {name: a, prompt: b}\n"
    assert load_request(written(tmp_path, text)).title == "x"


def test_json_says_itself_what_is_text(tmp_path: Path):
    """A number or an answer in the place of a text is a mistake there; tabs and pairs of surrogates are no mistakes."""
    film = '{\n\t"title": "\\ud83d\\ude00 a\\/b",\n\t"scenes": [{"name": "a", "prompt": "b"}]\n}'
    assert load_request(written(tmp_path, film, "film.json")).title == "😀 a/b"
    for value, said in (("true", "true"), ("12", "the number 12"), ("[]", "a list")):
        wrong = f'{{"title": {value}, "scenes": [{{"name": "a", "prompt": "b"}}]}}'
        [sentence] = sentences(tmp_path, wrong, "film.json")
        assert sentence.startswith(f"1: title: must be text, {'not ' + said if said != 'a list' else 'and its'}")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e9, 1e9) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_json_reads_as_json(tmp_path_factory: pytest.TempPathFactory, value: object):
    """Where any value may stand, it is the one that a reader of JSON finds."""
    file = tmp_path_factory.mktemp("json") / "any.json"
    file.write_text(json.dumps({"fixed": {"x": value}}), encoding="utf-8")
    try:
        document = open_data_file(file)
    except RequestFileInvalid as refused:  # controls, which JSON may escape and YAML may not hold
        assert "U+" in str(refused) or "again" in str(refused)
        return
    assert document.name == str(file)


def test_a_list_of_models_is_read_by_the_same_rules(tmp_path: Path):
    """16:9 is a ratio, not a number to the base of sixty."""
    own = written(
        tmp_path,
        "models:\n- {name: me/x, job: draw-image, inputs: {s: seed, a: aspect_ratio}, aspect_ratios: [16:9, 1:1]}\n",
    )
    assert read_catalogue(own).models[0].aspect_ratios == ("16:9", "1:1")


def test_every_scene_s_mistakes_are_told_in_one_go(tmp_path: Path):
    """With the scene's name, and with what was meant."""
    text = """title: x
profil: hd
look: {theme: papr}
scenes:
- {name: One, template: bulets, content: {points: [a]}}
- {name: Two, template: bullets, content: {bullets: [a], points: [a]}}
- {template: quote, content: {qoute: a}}
"""
    assert sentences(tmp_path, text) == [
        "2: profil: is not a field here; did you mean “profile”?",
        "3: look.theme: “papr” is unknown; did you mean “paper”?",
        "5: scenes.0.template (scene “One”): “bulets” is unknown; did you mean “bullets”?",
        "6: scenes.1.content.bullets (scene “Two”): is not a field here; "
        "known are duration_s, points, title, numbered and icons",
        "7: scenes.2.name: is needed",
        "7: scenes.2.content.quote: is needed",
        "7: scenes.2.content.qoute: is not a field here; did you mean “quote”?",
    ]


def test_the_written_form_and_the_typed_form_are_refused_alike():
    """Python and forms give typed values: they are not taken for text."""
    with pytest.raises(ValueError, match="title"):
        VideoRequest.model_validate({"title": True, "scenes": [{"name": "a", "prompt": "b"}]})


def test_the_time_for_a_file_grows_with_its_length_alone(tmp_path: Path):
    """The largest requests have a thousand times the values of a small one, and are read in seconds."""
    scenes = "".join(f"- name: Scene {number}\n  prompt: {'word ' * 8}\n" for number in range(20_000))
    began_s = time.monotonic()
    document = open_data_file(written(tmp_path, f"title: Long\nscenes:\n{scenes}"))
    assert document.keys == {"title", "scenes"}
    assert time.monotonic() - began_s < 15


def test_a_large_file_with_many_faults_is_answered_soon(tmp_path: Path):
    """After each fault the text is read from its beginning: twenty faults at the end of 2 MB took twenty seconds."""
    scenes = "".join(f"- {{name: Scene {number}, prompt: {'words ' * 12}}}\n" for number in range(20_000))
    file = written(tmp_path, f"title: x\nscenes:\n{scenes}" + "".join(f"a{number}: @x\n" for number in range(30)))
    began_s = time.process_time()
    with pytest.raises(RequestFileInvalid, match="20003: the line has a text that begins with “@”"):
        open_data_file(file)
    assert time.process_time() - began_s < seconds_here(8)


def test_a_file_is_parsed_once_however_often_it_is_opened(tmp_path: Path):
    """For its kind, and for its request; one that was changed is parsed again."""
    file = written(tmp_path, "title: Parsed once\nscenes:\n- {name: a, prompt: b}\n")
    before = read_tree.cache_info().misses
    assert (kind_of(file), read_request(file, kind_of(file)).title) == (VideoRequest, "Parsed once")
    assert read_tree.cache_info().misses == before + 1
    file.write_text("title: Twice\nscenes:\n- {name: a, prompt: b}\n", encoding="utf-8")
    assert read_request(file, VideoRequest).title == "Twice"
