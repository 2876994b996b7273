"""Drawings are found by words, and each can be drawn."""

from __future__ import annotations

import io
import re
from itertools import chain

import numpy as np
import pytest
import resvg_py
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from callsheet.drawings import (
    GRID,
    LANGUAGES,
    drawing_named,
    drawing_names,
    drawing_of_character,
    find_drawing,
    keywords_of,
    nearest_keywords,
)
from callsheet.sources.svg_files import check_svg

NAMES = st.sampled_from(drawing_names())
_PATH = re.compile(r"(?:[mlc](?:-?\d+ ?)+|z)+")


def found(keyword: str, language: str = "") -> str:
    """Return the name of the drawing that is found."""
    drawing = find_drawing(keyword, language)
    return drawing.name if drawing else ""


@pytest.mark.parametrize(
    ("keyword", "language", "name"),
    [
        ("volcano", "", "volcano"),
        ("Volcanoes", "", "volcano"),
        ("red-apple", "", "red-apple"),
        ("Red apple", "", "red-apple"),
        ("photosynthesis", "", "seedling"),
        ("Photosynthese", "de", "seedling"),
        ("tree", "", "deciduous-tree"),
        ("water", "", "droplet"),
        ("Vulkan", "de", "volcano"),
        ("soleil", "fr", "sun"),
        ("собака", "", "dog"),
        ("火山", "", "volcano"),
        ("🙂", "", "slightly-smiling-face"),
        ("gift", "", "wrapped-gift"),
    ],
)
def test_a_word_finds_the_drawing_that_it_names(keyword: str, language: str, name: str) -> None:
    """Names, labels, tags, subjects of lessons, plurals and emoji do, in many languages."""
    assert found(keyword, language) == name


def test_a_word_of_another_language_does_not_mislead() -> None:
    """“stem” is a voice in Dutch, and no English keyword."""
    assert found("stem") == ""
    assert found("stem", "nl") != ""


def test_what_names_nothing_has_its_nearest_words() -> None:
    """Advice is for slips of the pen; nonsense gets none."""
    assert find_drawing("vulcanoo") is None
    assert "volcano" in nearest_keywords("vulcanoo")
    assert "lamp" in nearest_keywords("big green lamp")
    assert nearest_keywords("zzqqxx") == ()


def test_an_emoji_has_its_drawing_in_any_skin_tone() -> None:
    """The packed drawings are yellow; text that is no emoji has none."""
    scientist = drawing_of_character("👩🏽‍🔬")
    assert scientist is not None
    assert scientist.name == "woman-scientist"
    assert drawing_of_character("☀️") == drawing_of_character("☀")
    assert drawing_of_character("a") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_keyword_leads_to_a_drawing(language: str) -> None:
    """In its own language, no keyword is a dead end."""
    words = set(chain.from_iterable(keywords_of(name, language) for name in drawing_names()[::7]))
    assert all(find_drawing(word, language) for word in words)


def test_every_drawing_has_its_own_name() -> None:
    """A name always finds exactly its drawing, so that a request can be exact."""
    assert [found(name) for name in drawing_names()] == list(drawing_names())
    assert len(drawing_names()) > 1500


def test_every_drawing_is_flat_shapes_on_the_grid() -> None:
    """Colours are plain, paths have three commands, and nothing lies far outside."""
    for name in drawing_names():
        shapes = drawing_named(name).shapes
        assert shapes, name
        for shape in shapes:
            assert re.fullmatch(r"#[0-9a-f]{6}(?:[0-9a-f]{2})?", shape.colour), name
            assert _PATH.fullmatch(shape.path), name
            assert shape.path.startswith("m"), name


@given(NAMES)
def test_a_drawing_is_an_svg_that_we_take_and_draw(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    """It passes the checks of people's own drawings, and shows something."""
    svg = drawing_named(name).svg()
    path = tmp_path_factory.mktemp("drawing") / "drawing.svg"
    path.write_text(svg)
    check_svg(path)
    picture = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=64, height=64))))
    assert np.asarray(picture.convert("RGBA"))[..., 3].mean() > 4
    assert str(GRID) in svg


@given(st.text(max_size=40), st.sampled_from(("", *LANGUAGES, "xx")))
def test_any_text_is_answered_alike_each_time(keyword: str, language: str) -> None:
    """Whatever is asked for, there is one drawing or none."""
    assert found(keyword, language) == found(keyword, language)
