"""Requests for videos of pictures: what is refused, and what is asked of the people who make them."""

from pathlib import Path

import pytest
from PIL import Image
from pydantic import ValidationError

from callsheet.cli.pairs import captions_of, names_of, paired_files
from callsheet.errors import InvalidRequest
from callsheet.footage.local import LocalFootage
from callsheet.model.film.media import StoredObject
from callsheet.model.problems import sentence_of
from callsheet.model.requests.pictures import ImagePairsRequest, ImageVideoRequest

PICTURE = {"title": "Harbour", "picture": "harbour.jpg"}
PAIR = {"name": "One", "first": "a.png", "last": "b.png"}


def stored(name: str) -> StoredObject:
    """A picture of this name, as if it were stored."""
    return StoredObject(key=f"pictures/{name}", sha256=name, size_bytes=1, media_type="image/png")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"duration_s": 0.1}, "duration_s: must be 0.5 or more"),
        ({"duration_s": 61}, "duration_s: must be 60.0 or less"),
        ({"fit": "stretch"}, "fit: “stretch” is unknown; known are fit, fill and blur-fill"),
        ({"picture": ""}, "picture: needs at least 1 character(s)"),
        (
            {"prompt": "x"},
            "prompt: is not a field here; known are profile, fit, video_model, title, picture, edit, animate, "
            "duration_s, edit_model, edit_take and take",
        ),
        ({"edit": "x" * 5001}, "edit: takes at most 5000 characters"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(fields: dict[str, object], sentence: str):
    """One sentence that says what would be right."""
    with pytest.raises(ValidationError) as refused:
        ImageVideoRequest.model_validate({**PICTURE, **fields})
    assert sentence_of(refused.value) == sentence


@pytest.mark.parametrize(("said", "meant"), [(True, "always"), (False, "never"), ("paid", "paid")])
def test_approval_is_a_word_or_yes_or_no(said: bool | str, meant: str):
    """Other requests know only yes and no."""
    assert ImagePairsRequest.model_validate({"title": "x", "scenes": [PAIR], "approval": said}).approval == meant


def test_a_pair_can_not_be_laid_out_as_text():
    """What is meant for prompts of scenes is refused for pictures."""
    with pytest.raises(ValidationError, match="on_scene_failure"):
        ImagePairsRequest.model_validate({"title": "x", "scenes": [PAIR], "on_scene_failure": "explain"})


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["01-dawn.jpg", "02-noon.jpg"], ["dawn to noon"]),
        (["1.jpg", "2.jpg"], ["1 to 2"]),
        (["1 a.jpg", "2 a.jpg", "3 a.jpg", "4 a.jpg"], ["1 a to 2 a", "3 a to 4 a"]),
    ],
)
def test_scenes_are_called_what_their_files_are(files: list[str], names: list[str]):
    """Numbers that only bring files into order are left away, unless two scenes were called the same then."""
    paths = [Path(name) for name in files]
    assert names_of(list(zip(paths[::2], paths[1::2], strict=True))) == names


def test_captions_are_lines(tmp_path: Path):
    """An empty line is none, as are those that are missing; a line too many is refused."""
    file = tmp_path / "captions.txt"
    file.write_text("one\n\nthree\n", encoding="utf-8")
    assert captions_of(file, 4) == ["one", "", "three", ""]
    with pytest.raises(InvalidRequest, match="has 3 lines for 2 scenes"):
        captions_of(file, 2)


def test_two_scenes_of_one_name_are_refused():
    """Errors and tables name scenes; the two could not be told apart."""
    with pytest.raises(ValidationError) as refused:
        ImagePairsRequest.model_validate({"title": "x", "scenes": [PAIR, PAIR]})
    assert sentence_of(refused.value).startswith("scenes.1.name: “One” is the name of another scene already")


def test_a_scene_takes_from_its_storyboard_what_it_does_not_say():
    """Its own prompt and length win."""
    own = {**PAIR, "name": "Two", "prompt": "its own", "duration_s": 2}
    request = ImagePairsRequest.model_validate(
        {"title": "x", "scenes": [PAIR, own], "prompt": "the day goes by", "duration_s": 7}
    )
    pairs = request.pair_requests({name: stored(name) for name in request.pictures()})
    assert [(pair.order().prompt, pair.order().duration_s) for pair in pairs] == [
        ("the day goes by", 7),
        ("its own", 2),
    ]


def test_where_a_scene_stands_in_the_film_is_no_part_of_its_job():
    """A storyboard in another order asks for nothing new."""
    names = ("One", "Two")
    scenes = [{**PAIR, "name": name, "prompt": name} for name in names]
    there, back = (
        ImagePairsRequest.model_validate({"title": "x", "scenes": ordered}).pair_requests(
            {name: stored(name) for name in ("a.png", "b.png")}
        )
        for ordered in (scenes, scenes[::-1])
    )
    keys = [{LocalFootage().job_key(pair.order().job()) for pair in pairs} for pairs in (there, back)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 2


def test_every_picture_is_named_once_with_the_field_it_is_in_first():
    """A chain names most of them twice."""
    chain = [{**PAIR, "name": "1"}, {"name": "2", "first": "b.png", "last": "c.png"}]
    request = ImagePairsRequest.model_validate({"title": "x", "scenes": chain})
    assert request.pictures() == {"a.png": "scene “1”, first", "b.png": "scene “1”, last", "c.png": "scene “2”, last"}


def test_files_are_paired_in_the_order_of_their_numbers(tmp_path: Path):
    """2 comes before 10; what is no picture is left out."""
    (tmp_path / "notes.txt").touch()
    for name in ("10.png", "2.PNG", "1.jpg", "11.webp"):
        Image.new("RGB", (4, 4)).save(tmp_path / name)
    names = [(first.name, last.name) for first, last in paired_files(tmp_path, chain=False)]
    assert names == [("1.jpg", "2.PNG"), ("10.png", "11.webp")]
    assert len(paired_files(tmp_path, chain=True)) == 3


@pytest.mark.parametrize(
    ("names", "sentence"),
    [((), "at least two pictures"), (("a.png", "b.png", "c.png"), "“c.png” has no partner: add one, or give --")],
)
def test_a_folder_that_makes_no_pairs_is_refused(tmp_path: Path, names: tuple[str, ...], sentence: str):
    """The sentence says what is missing."""
    for name in names:
        Image.new("RGB", (4, 4)).save(tmp_path / name)
    with pytest.raises(InvalidRequest, match=sentence):
        paired_files(tmp_path, chain=False)
