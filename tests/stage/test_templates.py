"""Whatever a person writes, it stands inside the picture and nothing lies on top of anything else."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manim import Mobject, tempconfig
from pydantic import ValidationError

from callsheet.errors import ContentTooLong
from callsheet.model.content import CONTENT_MODELS, Content, TemplateName
from callsheet.model.film.look import Look, ThemeName
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.kit.beats import Page
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, frame_for
from callsheet.stage.kit.mathematics import check_mathematics
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.template_source import fill_template
from callsheet.stage.templates import has_scene_class, scene_class
from tests.stage.nasty_content import NASTY_TEXTS, crowded, free_texts, random_texts, shortened, with_texts

TEMPLATES = [template for template in TemplateName if has_scene_class(template)]
Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""
SHAPES = (ProfileName.HD, ProfileName.PORTRAIT, ProfileName.SQUARE)
NOT_SHOWN_ALONE = {
    TemplateName.CHART: {"kind", "unit"},
    TemplateName.CODE: {"language"},
    TemplateName.FUNCTION_PLOT: {"x_min", "x_max", "y_min", "y_max"},
    TemplateName.PLACEHOLDER: {"number", "reason"},
    TemplateName.PROCESS: {"shape"},
    TemplateName.QA: {"asker", "answerer"},
    TemplateName.TERMINAL: {"prompt_sign"},
}
"""Fields that only say how another one is shown."""
# Ink may overhang its line box by the height of an accent, a frame's edge by nothing.
OVERLAP = 0.03


@pytest.mark.parametrize("profile", SHAPES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_example_stands_inside_the_picture(template: TemplateName, profile: ProfileName) -> None:
    """Each template's example fits in landscape, portrait and square."""
    assert_well_placed(composed(CONTENT_MODELS[template].example(), profile), profile)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_beat_names_what_it_shows_by_parts_of_the_content(template: TemplateName) -> None:
    """Narration finds its beat by them; every text but a switch is shown by some beat."""
    content = CONTENT_MODELS[template].example()
    pages = composed(content, ProfileName.HD)
    named = {part: mobjects for page in pages for beat in page.beats for part, mobjects in beat.parts.items()}
    assert set(named) <= set(content.parts())
    everything = {id(mobject) for page in pages for mobject in page.everything}
    assert all(id(mobject) in everything for mobjects in named.values() for mobject in mobjects)
    unnamed = {part.partition(".")[0] for part in content.parts()} - {part.partition(".")[0] for part in named}
    assert unnamed <= NOT_SHOWN_ALONE.get(template, set())


NASTY_CASES = [
    pytest.param(template, name, shape, marks=[] if (row + column) % 12 == 4 * number else [pytest.mark.long])
    for row, template in enumerate(TEMPLATES)
    for column, name in enumerate(NASTY_TEXTS)
    for number, shape in enumerate(SHAPES)
]
"""Those that are not long: a quarter of the pairs of template and text, each in one shape.

Each template meets each shape, and each text meets several templates in each shape.
"""


@pytest.mark.parametrize(("template", "name", "profile"), NASTY_CASES)
def test_nasty_text_in_every_field_fits_or_is_refused(template: TemplateName, name: str, profile: ProfileName) -> None:
    """As long as each field allows: it fits, goes over pages, or is refused with a sentence."""
    texts = dict.fromkeys(free_texts(template), NASTY_TEXTS[name])
    assert_fits_or_is_refused(template, with_texts(template, shortened(template, texts)), profile)


@pytest.mark.parametrize("template", TEMPLATES)
@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_texts_and_crowds_fit_or_are_refused(template: TemplateName, data: st.DataObject) -> None:
    """Random texts in random fields, in lists of random length, in a random shape."""
    texts = data.draw(random_texts(template))
    if data.draw(st.booleans()):
        texts = shortened(template, texts)
    values = crowded(with_texts(template, texts), data.draw(st.integers(1, 5)))
    assert_fits_or_is_refused(template, values, data.draw(st.sampled_from(SHAPES)))


@pytest.mark.parametrize("template", TEMPLATES)
def test_ten_thousand_characters_are_refused_or_spread(template: TemplateName) -> None:
    """A text far beyond any limit gives a sentence that names the field, or pages."""
    for path in free_texts(template):
        assert_fits_or_is_refused(template, with_texts(template, {path: "word " * 2000}), ProfileName.HD)


@pytest.mark.parametrize("template", TEMPLATES)
def test_blank_texts_are_refused_or_left_out(template: TemplateName) -> None:
    """Nothing but spaces is as good as nothing."""
    for path in free_texts(template):
        assert_fits_or_is_refused(template, with_texts(template, {path: "  \n\t "}), ProfileName.HD)


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_filled_source_plays_to_the_end_in_manim(
    template: TemplateName, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generated source is a Manim scene: it runs, keeps its content on screen and lasts what it should."""
    content = CONTENT_MODELS[template].example().model_copy(update={"duration_s": 4.0})
    filled = fill_template("Überblick 1", content, Look(theme=ThemeName.PAPER))
    code = filled.code
    for name, path in filled.files.items():
        shutil.copyfile(path, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, type] = {}
    exec(compile(code.source, "scene.py", "exec"), namespace)
    with tempconfig(
        {"dry_run": True, "pixel_width": 160, "pixel_height": 90, "frame_rate": 5, "media_dir": str(tmp_path)}
    ):
        scene = namespace[code.class_name]()
        scene.render()
    assert code.class_name == "SceneUberblick1"
    assert scene.mobjects
    assert scene.renderer.time == pytest.approx(4.0, abs=1e-6)


def assert_fits_or_is_refused(template: TemplateName, values: dict[str, object], profile: ProfileName) -> None:
    """Compose `values`; whatever refuses them says so in a sentence."""
    try:
        content = CONTENT_MODELS[template].model_validate(values)
        if check_mathematics(content):
            return
        pages = composed(content, profile)
    except ValidationError as error:
        assert all(len(problem["msg"].split()) > 3 for problem in error.errors())
    except ContentTooLong as error:
        assert error.field.startswith("content.")
    else:
        assert_well_placed(pages, profile)


def composed(content: Content, profile: ProfileName) -> tuple[Page, ...]:
    """The pages of `content` in `profile`."""
    template = next(name for name, model in CONTENT_MODELS.items() if type(content) is model)
    return scene_class(template).compose(content, Kit(Look(), frame_for(PROFILES[profile])))


def assert_well_placed(pages: tuple[Page, ...], profile: ProfileName) -> None:
    """After every beat, everything is in the frame, text is in the safe area, and no two texts overlap."""
    assert pages
    kit = Kit(Look(), frame_for(PROFILES[profile]))
    for page in pages:
        for state in page.states():
            blocks = [block for mobject in state for block in blocks_in(mobject)]
            boxes = [bounds(block.box) for block in blocks]
            assert all(inside(bounds(mobject), kit.frame.whole, 0.0) for mobject in state)
            assert all(inside(box, kit.safe, 0.01) for box in boxes)
            assert not any(overlap(one, other) for one, other in itertools.combinations(boxes, 2))


def blocks_in(mobject: Mobject) -> list[TypeBlock]:
    """The text blocks in `mobject`, itself included."""
    return [part for part in mobject.get_family() if isinstance(part, TypeBlock)]


def inside(box: Box, area: Area, slack: float) -> bool:
    """Whether all of `box` is in `area`."""
    left, bottom, right, top = box
    return (
        left >= area.left - slack
        and right <= area.right + slack
        and bottom >= area.bottom - slack
        and top <= area.top + slack
    )


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than a sliver."""
    left, bottom, right, top = one
    other_left, other_bottom, other_right, other_top = other
    return (
        min(right, other_right) - max(left, other_left) > OVERLAP
        and min(top, other_top) - max(bottom, other_bottom) > OVERLAP
    )


def bounds(mobject: Mobject) -> Box:
    """Left, bottom, right and top of what `mobject` draws."""
    points = mobject.get_all_points()
    lowest, highest = points.min(axis=0), points.max(axis=0)
    return float(lowest[0]), float(lowest[1]), float(highest[0]), float(highest[1])
