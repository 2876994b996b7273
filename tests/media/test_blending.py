"""How one clip gives way to the next: by a fade through the shared ground, or by an effect."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import av
import numpy as np
import pytest

from callsheet.media.blending import blended
from callsheet.model.film.timeline import TransitionName
from tests.synthetic import tiny_profile

PROFILE = tiny_profile()
WIDTH, HEIGHT = PROFILE.width, PROFILE.height
OLD, NEW = (slice(10, 20), slice(8, 30)), (slice(30, 40), slice(8, 30))
"""Where the words of both scenes stand: rows and columns."""


def scene(place: tuple[slice, slice], ground: int, words: int) -> Any:
    """A picture with words at one place of its ground."""
    picture = np.full((HEIGHT, WIDTH, 3), ground, np.uint8)
    picture[place] = words
    return picture


def still(picture: Any) -> Iterator[av.VideoFrame]:
    """A clip of one picture."""
    while True:
        yield av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")


def seen(outgoing: Any, incoming: Any, transition: TransitionName) -> list[Any]:
    """The pictures between two clips."""
    frames = blended(still(outgoing), still(incoming), 9, transition, PROFILE)
    return [frame.to_ndarray(format="rgb24").astype(int) for frame in frames]


@pytest.mark.parametrize(("ground", "words"), [(20, 235), (240, 30)], ids=["dark", "light"])
def test_words_of_two_scenes_on_one_ground_are_never_seen_together(ground: int, words: int) -> None:
    """The first fade out, then the second fade in."""
    pictures = seen(scene(OLD, ground, words), scene(NEW, ground, words), TransitionName.FADE)
    strength = [
        [abs(picture[place].mean() - ground) / abs(words - ground) for place in (OLD, NEW)] for picture in pictures
    ]
    assert all(min(both) < 0.02 for both in strength)
    assert strength[0][0] > 0.7
    assert strength[-1][1] > 0.7
    assert all(abs(picture[50:, 40:].mean() - ground) <= 2 for picture in pictures)


def test_words_at_one_place_in_both_scenes_are_no_ground() -> None:
    """A scene begins with its bare ground; letters that later stand on the old ones do not stay between."""
    begin, later = np.full((HEIGHT, WIDTH, 3), 20, np.uint8), scene(OLD, 20, 235)
    incoming = chain(islice(still(begin), 1), still(later))
    frames = blended(still(later), incoming, 9, TransitionName.FADE, PROFILE)
    strength = [(frame.to_ndarray(format="rgb24")[OLD].astype(int).mean() - 20) / 215 for frame in frames]
    assert strength[2] == pytest.approx(0.25, abs=0.03)
    assert strength[3] == pytest.approx(0.5, abs=0.03)
    assert strength[4] == pytest.approx(1.0, abs=0.03)


def test_two_pictures_without_a_common_ground_are_cross_faded() -> None:
    """Halfway, both are seen."""
    rows = np.linspace(0, 255, HEIGHT).astype(np.uint8)[:, None, None]
    picture = np.broadcast_to(rows, (HEIGHT, WIDTH, 3)).copy()
    middle = seen(picture, picture[::-1].copy(), TransitionName.FADE)[4]
    assert np.abs(middle - 127).max() < 8


def test_a_dissolve_is_a_cross_fade_without_noise() -> None:
    """Each place of the ground and of the words has one colour."""
    for picture in seen(scene(OLD, 20, 235), scene(NEW, 20, 235), TransitionName.DISSOLVE):
        assert picture[12:18, 12:26].std() < 2
        assert picture[32:38, 12:26].std() < 2
