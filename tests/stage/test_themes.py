"""Themes: grounds on which everything can be read, figures that stay in their place, and words that arrive whole."""

import itertools

import numpy as np
import pytest

from callsheet.cli.checks import FONTS
from callsheet.model.film.colour import channels_of
from callsheet.model.film.look import AccentName, FontName, Look, ThemeName
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.review.pixels import SHOWN_LEVELS
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Area, frame_for
from callsheet.stage.kit.ground import ground_of
from callsheet.stage.kit.inline import plain
from callsheet.stage.kit.motion import rise, unfold
from callsheet.stage.kit.scale import Step
from callsheet.stage.kit.style import STYLES
from callsheet.stage.kit.theme import palette_for
from callsheet.stage.kit.typeset import TypeStyle, set_text

LOOKS = [Look(theme=theme, accent=accent) for theme, accent in itertools.product(ThemeName, AccentName)]
SIZES = {"landscape": (320, 180), "portrait": (180, 320)}


def luminance(levels):
    """The relative luminance of WCAG 2.2, of an array of colours from 0 to 255."""
    linear = np.where(levels <= 0.04045 * 255, levels / 255 / 12.92, ((levels / 255 + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.theme}-{look.accent}")
def test_every_text_colour_can_be_read_on_the_worst_pixel_of_its_ground(look, size):
    """Gradients and textures count: WCAG 2.2 asks for 4.5 to 1."""
    ground = luminance(ground_of(look, *size)[..., :3].reshape(-1, 3).astype(float))
    palette = palette_for(look)
    for colour in (palette.text, palette.muted, palette.accent, palette.good, palette.bad, *palette.series):
        own = luminance(np.array(channels_of(colour), float))
        for behind in (ground.min(), ground.max()):
            lighter, darker = max(own, behind), min(own, behind)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, colour


@pytest.mark.parametrize("theme", ThemeName)
def test_a_review_takes_a_ground_for_one(theme):
    """No pixel of it, seen small, differs from its edge as much as a thing that is shown."""
    levels = ground_of(Look(theme=theme), 640, 360)[..., :3].reshape(180, 2, 320, 2, 3).mean(axis=(1, 3))
    edge = np.median(np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]]), axis=0)
    assert np.abs(levels - edge).max() < SHOWN_LEVELS


@pytest.mark.parametrize("theme", ThemeName)
@pytest.mark.parametrize("variant", range(3))
def test_a_figure_stays_in_its_place_and_arrives_whole(theme, variant):
    """It is as large as its place, and after its entrance every line is drawn to its end."""
    area = Area(-1.0, 2.0, 4.0, 3.0)
    figure = Kit(Look(theme=theme), frame_for(PROFILES[ProfileName.HD])).figure(area, variant)
    assert figure.width <= area.width + 1e-6
    assert figure.height <= area.height + 1e-6
    assert figure.get_left()[0] >= area.left - 1e-6
    assert_arrives(figure, unfold(figure).make(1.0))


@pytest.mark.parametrize("theme", ThemeName)
def test_words_arrive_whole_in_every_theme(theme):
    """Whatever the entrance, its end is the picture that was composed, also in lines and in another direction."""
    kit = Kit(Look(theme=theme), frame_for(PROFILES[ProfileName.HD]))
    for words in ("Two lines of words\nwith $x^2$ in the second", "الضوء يغذي الأوراق"):
        block = kit.text(words, Step.TITLE, 6.0)
        assert_arrives(block, rise(block).make(1.0))


def assert_arrives(mobject, animation):
    """The animation begins unlike its end, and ends with the points that were there."""
    parts = [part for part in mobject.get_family() if len(part.points)]
    before = [part.points.copy() for part in parts]
    animation.begin()
    pairs = list(zip(parts, before, strict=True))
    assert any(len(part.points) < len(points) or part.get_fill_opacity() < 1 for part, points in pairs)
    animation.finish()
    for part, points in pairs:
        assert np.allclose(part.points, points)


def test_every_theme_has_a_style_of_its_own():
    """No two themes share their shapes, and each names typefaces that the doctor looks for."""
    assert set(STYLES) == set(ThemeName)
    assert (
        len({style.bar for style in STYLES.values()}) == len({style.marker for style in STYLES.values()}) == len(STYLES)
    )
    named = {
        font.family for look in (Look(theme=theme) for theme in ThemeName) for font in (look.title_font, look.text_font)
    }
    assert named <= set(FONTS)
    given = Look(theme=ThemeName.JOURNAL, font=FontName.INTER)
    assert given.title_font is given.text_font is FontName.INTER


@pytest.mark.parametrize("font", FontName)
def test_figures_stand_on_the_line(font):
    """Old-style figures hang below it, and numbers in a row would seem uneven."""
    style = TypeStyle(size=1.0, colour="#000000", font=font)
    seven, letter = (set_text(plain(text), style, 5.0).outlines[0].points for text in "7H")
    assert seven[:, 1].min() == pytest.approx(letter[:, 1].min(), abs=0.05)
