"""The camera over a panel: smooth to a part of a pixel, layers that move apart, nothing beyond their edges."""

import av
import numpy as np
import pytest
from PIL import Image

from callsheet.footage.panel_camera import ShotMove, film_panel, film_picture, views_at
from callsheet.model.film.profile import PROFILES
from callsheet.model.film.screenplay_analysis import PanelLayers, ShotMovement

DRAFT = PROFILES["draft"]
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180">'
GROUND = f'{HEAD}<rect width="320" height="180" fill="#202020"/><circle cx="230" cy="60" r="9" fill="#ff2020"/></svg>'
FIGURE = f'{HEAD}<circle cx="120" cy="110" r="9" fill="#20ff20"/></svg>'
OPEN = f'{HEAD}<circle cx="120" cy="110" r="9" fill="#2020ff"/></svg>'
FRAMES = 45


def filmed(tmp_path, movement, frames=FRAMES, spoken=None, profile=DRAFT):
    """Return the frames of a clip as arrays of RGB."""
    path = tmp_path / "clip.mp4"
    layers = PanelLayers(ground=GROUND, figures=FIGURE, speaking={"A": OPEN})
    film_panel(layers, ShotMove(movement), frames, profile, path, spoken)
    with av.open(str(path)) as clip:
        return [frame.to_ndarray(format="rgb24").astype(np.int16) for frame in clip.decode(video=0)]


def place_of(frame, channel):
    """Return the middle of a mark, in fractions of a pixel."""
    others = frame[..., [each for each in range(3) if each != channel]].max(axis=2)
    weight = np.clip(frame[..., channel] - others - 30, 0, None)
    columns, rows = weight.sum(axis=0), weight.sum(axis=1)
    return np.array([columns @ np.arange(columns.size), rows @ np.arange(rows.size)]) / weight.sum()


@pytest.mark.parametrize("movement", ShotMovement.__args__)
def test_a_move_has_no_jitter(tmp_path, movement):
    """Each mark goes where the arithmetic says, within a fifth of a pixel from frame to frame, the codec included."""
    frames = filmed(tmp_path, movement)
    assert len(frames) == FRAMES
    length_s = FRAMES / DRAFT.frame_rate
    for layer, (channel, x, y) in enumerate(((0, 230, 60), (1, 120, 110))):
        seen = np.array([place_of(frame, channel) for frame in frames])
        views = [
            views_at(ShotMove(movement), number / (FRAMES - 1) * length_s, length_s)[layer] for number in range(FRAMES)
        ]
        due = np.array(
            [
                [((x / 320 - 0.5 - v.x) * v.zoom + 0.5) * DRAFT.width, ((y / 180 - 0.5 - v.y) * v.zoom + 0.5) * 480.4]
                for v in views
            ]
        )
        steps = np.diff(seen - due, axis=0)
        assert np.abs(steps).max() < 0.2, movement


@pytest.mark.parametrize("movement", ["push", "track", "hand-held"])
def test_what_is_nearer_moves_more(movement):
    """The ground makes a part of the way of the figures; beside someone who walks, it passes."""
    (ground, near), (ground_later, near_later) = (views_at(ShotMove(movement), time_s, 4.0) for time_s in (0.3, 3.6))
    way = abs(near_later.zoom / near.zoom - 1) + abs(near_later.x - near.x)
    behind = abs(ground_later.zoom / ground.zoom - 1) + abs(ground_later.x - ground.x)
    assert (behind > way) if movement == "track" else (0 < behind < way)


@pytest.mark.parametrize("movement", ShotMovement.__args__)
@pytest.mark.parametrize("length_s", [0.2, 3.0, 60.0])
def test_no_edge_of_a_layer_is_seen(movement, length_s):
    """At any moment of a short shot and of a long one."""
    for side in ("", "left"):
        for step in range(50):
            for view in views_at(ShotMove(movement, side, walks=True), length_s * step / 49, length_s):
                assert view.zoom >= 1
                assert abs(view.x) <= (1 - 1 / view.zoom) / 2 + 1e-9
                assert abs(view.y) <= (1 - 1 / view.zoom) / 2 + 1e-9


def test_a_still_shot_has_at_most_a_slow_push():
    """Nothing travels, and nothing grows by more than a twenty-fifth."""
    (_, first), (_, last) = (views_at(ShotMove("still"), time_s, 60.0) for time_s in (0.0, 60.0))
    assert (first.x, first.y, last.x, last.y) == (0, 0, 0, 0)
    assert first.zoom == 1
    assert last.zoom <= 1.04


@pytest.mark.parametrize("movement", ShotMovement.__args__)
def test_another_take_is_another_move(movement):
    """A camera goes less far, and a hand sways another way; the same take is the same."""
    first, second, again = (views_at(ShotMove(movement, take=take), 3.5, 4.0) for take in (1, 2, 1))
    assert first == again != second


def test_a_mouth_moves_while_a_word_is_heard(tmp_path):
    """And not before it or after it. The same clip is the same, bit by bit."""
    frames = filmed(tmp_path, "still", spoken={"A": [(1.0, 2.0)], "B": [(0.0, 3.0)]})
    is_open = [frame[..., 2].max() > 150 for frame in frames]
    assert not any(is_open[:15])
    assert not any(is_open[30:])
    assert 5 < sum(is_open) < 15
    first = (tmp_path / "clip.mp4").read_bytes()
    filmed(tmp_path, "still", spoken={"A": [(1.0, 2.0)], "B": [(0.0, 3.0)]})
    assert (tmp_path / "clip.mp4").read_bytes() == first


def test_a_frame_of_another_shape_shows_the_whole_panel(tmp_path):
    """Between bars of its own ground."""
    [frame, *_] = filmed(tmp_path, "still", frames=2, profile=PROFILES["portrait"])
    x, y = place_of(frame, 1)
    assert x == pytest.approx(120 / 320 * 1080, abs=2)
    assert y == pytest.approx(960 - 607.5 / 2 + 110 / 180 * 607.5, abs=3)
    assert frame[100].max() < 30


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (640, 200)])
def test_a_picture_of_a_person_is_seen_whole_in_a_frame_of_another_shape(tmp_path, size):
    """Its four corners are there at the start, and no other drawing."""
    given = Image.new("RGB", size, "#404040")
    for left in (0, size[0] - 20):
        for top in (0, size[1] - 20):
            given.paste("#20ff20", (left, top, left + 20, top + 20))
    given.save(tmp_path / "given.png")
    film_picture(tmp_path / "given.png", ShotMove("still"), 4, DRAFT, tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as clip:
        first = next(clip.decode(video=0)).to_ndarray(format="rgb24").astype(float)
    green = (first[..., 1] > 200) & (first[..., 0] < 90)
    rows, columns = np.nonzero(green)
    seen_wide, seen_high = (columns.max() - columns.min() + 1), (rows.max() - rows.min() + 1)
    assert max(seen_wide / DRAFT.width, seen_high / DRAFT.height) > 0.98
    assert abs(seen_wide / seen_high / (size[0] / size[1]) - 1) < 0.03
    assert green[: DRAFT.height // 2, : DRAFT.width // 2].any()
    assert green[DRAFT.height // 2 :, DRAFT.width // 2 :].any()


def test_two_people_never_blink_together(tmp_path):
    """In four seconds, each has closed eyes for an eighth of a second, and no frame shows both so."""
    marks = '<circle cx="80" cy="90" r="9" fill="{}"/><circle cx="240" cy="90" r="9" fill="{}"/></svg>'
    layers = PanelLayers(
        ground=f'{HEAD}<rect width="320" height="180" fill="#202020"/></svg>',
        figures=HEAD + marks.format("#20ff20", "#20ff20"),
        blinking=HEAD + marks.format("#2020ff", "#2020ff"),
    )
    path = tmp_path / "clip.mp4"
    film_panel(layers, ShotMove("still"), 60, DRAFT, path, None)
    with av.open(str(path)) as clip:
        frames = [frame.to_ndarray(format="rgb24").astype(np.int16) for frame in clip.decode(video=0)]
    half = DRAFT.width // 2
    closed = [tuple(side[..., 2].max() > 180 for side in (frame[:, :half], frame[:, half:])) for frame in frames]
    assert [sum(side) for side in zip(*closed, strict=True)] == [2, 2]
    assert (True, True) not in closed
