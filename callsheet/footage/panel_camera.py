"""A camera over a drawn panel: the move of a shot, with the figures nearer than the ground.

Each frame is resampled from layers that are finer than the frame, at places that are no whole pixels, as `camera` does
for pictures. The layers move apart: what is nearer moves more. All lengths in views are shares of the frame.
"""

import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import resvg_py
from PIL import Image, ImageChops, ImageFilter

from callsheet.footage.camera import FINER, TRAVEL_A_SECOND, ZOOM_A_SECOND, eased
from callsheet.footage.card import drawn_card
from callsheet.footage.local import write_clip
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.screenplay_analysis import PanelLayers, ScreenSide, ShotMovement

PANEL_ASPECT = 16 / 9
STILL_ZOOM_A_SECOND, MOST_STILL_ZOOM = 0.008, 1.04
"""A still shot breathes: a push that is felt and not seen."""
MOST_ZOOM, TRAVEL_ZOOM, TILT_ZOOM, TRACK_ZOOM, HAND_ZOOM = 1.22, 1.16, 1.1, 1.3, 1.06
GROUND_DEPTH = 0.55
"""How much of the move of the figures the ground makes."""
_TAKES = (1.0, 0.75, 0.9, 0.6)
"""How far the camera goes in the first, second … take, as a share of the whole way; the fifth is as the first."""
_HAND_WAVES = ((0.29, 0.0050), (0.53, 0.0032), (0.83, 0.0016))
"""Hertz and share of the frame: a steady hand. Faster waves would shake."""
_STEPS_HZ, _STEP = 2.2, 0.006
"""The pace of someone who walks, and how much of the frame a body lifts with each step."""
_GAIN = 0.05
"""How far someone who walks comes before the camera to each side of the middle, as a share of the frame."""
_MOUTH_HZ, _MOUTH_OPEN = 5.0, 0.6
_BLINKS_EVERY_S, _FIRST_BLINK_S, _BLINK_S = 3.7, 1.4, 0.13
"""People blink about sixteen times a minute, for an eighth of a second."""
_NEXT_BLINKS_S = 1.3
"""So much later the next person blinks: no two of eight blink at once."""
_BETWEEN_PEOPLE = 0.08
"""Share of the frame: eyes that are farther apart are those of two people. Of two who are near, both blink."""
_BLURRED_SMALLER = 2.5
_BAR_BLUR, _BAR_LIGHT = 0.03, 0.45


@dataclass(frozen=True)
class LayerView:
    """What the camera sees of a layer: the middle of the view from the middle of the layer, and its zoom."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0

    def kept_inside(self) -> "LayerView":
        """Return the nearest view that shows no edge of the layer."""
        most = (1 - 1 / self.zoom) / 2
        return LayerView(min(max(self.x, -most), most), min(max(self.y, -most), most), self.zoom)


@dataclass(frozen=True)
class ShotMove:
    """The move of the camera in a shot, and whether the one who is seen walks."""

    movement: ShotMovement
    way: ScreenSide = ""
    """The side to which the camera moves; empty for right."""
    walks: bool = False
    take: int = 1
    """Another take has another hand, or goes less far."""


def views_at(move: ShotMove, time_s: float, length_s: float) -> tuple[LayerView, LayerView]:
    """Return the views of ground and figures at this moment."""
    progress = eased(time_s / length_s)
    side = -1.0 if move.way == "left" else 1.0
    extent = _TAKES[(move.take - 1) % len(_TAKES)]
    nearness = min(MOST_ZOOM, (1 + ZOOM_A_SECOND) ** length_s) ** extent
    match move.movement:
        case "push" | "pull" | "zoom":
            share = 1 - progress if move.movement == "pull" else progress
            near = LayerView(zoom=nearness**share)
            ground = near if move.movement == "zoom" else LayerView(zoom=near.zoom**GROUND_DEPTH)
        case "pan" | "tilt":
            is_pan = move.movement == "pan"
            zoom = TRAVEL_ZOOM if is_pan else TILT_ZOOM
            reach = min((1 - 1 / zoom) / 2, TRAVEL_A_SECOND * length_s / 2) * extent * (2 * progress - 1)
            near = LayerView(side * reach if is_pan else 0.0, 0.0 if is_pan else -reach, zoom)
            ground = near  # a camera that turns on its place sees no parallax
        case "track":
            reach = min((1 - 1 / TRACK_ZOOM) / 2, TRAVEL_A_SECOND * length_s) * extent
            near = LayerView(-side * _GAIN * (2 * progress - 1) if move.walks else 0.0, 0.0, TRAVEL_ZOOM)
            ground = LayerView(side * reach * (2 * progress - 1), 0.0, TRACK_ZOOM)
        case "hand-held":
            near = LayerView(_swayed(time_s, move.take), _swayed(time_s, move.take + 0.5), HAND_ZOOM)
            ground = LayerView(near.x * GROUND_DEPTH, near.y * GROUND_DEPTH, HAND_ZOOM)
        case _:
            near = LayerView(zoom=min(MOST_STILL_ZOOM, (1 + STILL_ZOOM_A_SECOND) ** length_s) ** (extent * progress))
            ground = LayerView(zoom=near.zoom**GROUND_DEPTH)
    if move.walks and move.movement in {"track", "pan"}:
        near = LayerView(near.x, near.y + _STEP * math.sin(2 * math.pi * _STEPS_HZ * time_s), near.zoom)
    return ground.kept_inside(), near.kept_inside()


def _swayed(time_s: float, phase: float) -> float:
    return sum(share * math.sin(2 * math.pi * (hertz * time_s + phase * hertz * 7)) for hertz, share in _HAND_WAVES)


def film_panel(
    layers: PanelLayers,
    move: ShotMove,
    frames: int,
    profile: RenderProfile,
    path: Path,
    spoken: Mapping[str, Sequence[tuple[float, float]]] | None = None,
) -> None:
    """Write the clip of a panel, as H.264 of the profile, without sound.

    `spoken` says from when to when, in seconds, someone who is seen speaks a word: the mouth of that one moves. A frame
    of another shape than the panel shows it whole, on its ground blurred.
    """
    length_s = frames / profile.frame_rate
    ends = [views_at(move, time_s, length_s) for time_s in (0.0, length_s)]
    heard = {name: spans for name, spans in (spoken or {}).items() if name in layers.speaking}
    fine = round(_seen_in(profile, PANEL_ASPECT)[0] * FINER * max(view.zoom for views in ends for view in views))
    ground = _ground_of(layers, fine).convert("RGB")
    stage = _Stage(ground, profile, PANEL_ASPECT, _people_of(layers, heard, fine, walk=move.walks), heard)

    def seen_at(time: float) -> Image.Image:
        time_s = time * length_s
        return stage.seen(*views_at(move, time_s, length_s), stage.figures_at(time_s))

    write_clip(seen_at, frames, profile, path)


def film_picture(picture: Path, move: ShotMove, frames: int, profile: RenderProfile, path: Path) -> None:
    """Write the clip of a panel that a person gives, as H.264 of the profile, without sound.

    The whole picture is seen at the start of its move. A frame of another shape shows it on its ground blurred.
    """
    length_s = frames / profile.frame_rate
    nearest = max(views_at(move, time_s, length_s)[0].zoom for time_s in (0.0, length_s))
    with Image.open(picture) as opened:
        given = opened.convert("RGB")
    aspect = given.width / given.height
    width = round(_seen_in(profile, aspect)[0] * FINER * nearest)
    ground = given.resize((width, max(1, round(width / aspect))), Image.Resampling.LANCZOS)
    stage = _Stage(ground, profile, aspect)

    def seen_at(time: float) -> Image.Image:
        return stage.seen(*views_at(move, time * length_s, length_s), None)

    write_clip(seen_at, frames, profile, path)


def film_card(words: str, place: PanelLayers | None, frames: int, profile: RenderProfile, path: Path) -> None:
    """Write the clip of a card: words, large, over a place of the film. The camera comes a little nearer."""
    zoom = (1 + STILL_ZOOM_A_SECOND) ** (frames / profile.frame_rate)
    width, height = profile.width, profile.height
    size = round(width * FINER * zoom), round(height * FINER * zoom)
    ground = _drawn(place.ground, size[0]) if place else None
    card = drawn_card(f"“{words}”", *size, ground).convert("RGBX")

    def seen_at(time: float) -> Image.Image:
        return _resampled(card, LayerView(zoom=zoom ** eased(time)), (width, height))

    write_clip(seen_at, frames, profile, path)


def panel_picture(layers: PanelLayers, width: int) -> Image.Image:
    """Return a panel as it is before the camera moves."""
    picture = _ground_of(layers, width)
    if layers.figures:
        picture.alpha_composite(_drawn(layers.figures, width))
    return picture.convert("RGB")


@dataclass(frozen=True)
class _People:
    """All who are seen in a panel: as they are, by the one whose eyes are closed, and by the one who speaks."""

    still: Image.Image
    blinking: tuple[Image.Image, ...]
    """The same people; each time another one has the eyes closed."""
    speaking: Mapping[str, Image.Image]
    striding: Image.Image | None
    """In the next step; None if they don't walk."""


def _people_of(layers: PanelLayers, speakers: Iterable[str], width: int, *, walk: bool) -> _People | None:
    """Return the people of a panel; None for a place without people."""
    if not layers.figures:
        return None

    def drawn(svg: str) -> Image.Image:
        # With premultiplied colours, an edge that lies between two pixels takes no dark fringe.
        return _drawn(svg, width).convert("RGBa")

    still = drawn(layers.figures)
    blinking = tuple(_one_after_the_other(still, drawn(layers.blinking))) if layers.blinking else ()
    striding = drawn(layers.striding) if walk and layers.striding else None
    return _People(still, blinking, {name: drawn(layers.speaking[name]) for name in speakers}, striding)


def _one_after_the_other(still: Image.Image, closed: Image.Image) -> Iterator[Image.Image]:
    """Yield the picture `still` as often as there are people in it: each time one of them has the eyes closed.

    In the picture `closed`, all have.
    """
    changed = np.flatnonzero(np.asarray(ImageChops.difference(still, closed)).any(axis=(0, 2)))
    if not changed.size:
        return
    for eyes in np.split(changed, np.flatnonzero(np.diff(changed) > _BETWEEN_PEOPLE * still.width) + 1):
        picture, left = still.copy(), int(eyes[0])
        picture.paste(closed.crop((left, 0, int(eyes[-1]) + 1, still.height)), (left, 0))
        yield picture


class _Stage:
    """The layers of a panel, drawn once, and the frame in which they are seen."""

    def __init__(
        self,
        ground: Image.Image,
        profile: RenderProfile,
        aspect: float,
        people: _People | None = None,
        spoken: Mapping[str, Sequence[tuple[float, float]]] = MappingProxyType({}),
    ) -> None:
        self._frame = (profile.width, profile.height)
        self._seen = _seen_in(profile, aspect)
        self._ground = ground.convert("RGBX")
        self._people = people
        self._spoken = spoken
        self._around = self._bars() if self._seen != self._frame else None

    def figures_at(self, time_s: float) -> Image.Image | None:
        """Return the figures at this moment: one has an open mouth, one blinks, or they take another step."""
        if self._people is None:
            return None
        for name, spans in self._spoken.items():
            for start_s, end_s in spans:
                if start_s <= time_s < end_s and (time_s - start_s) * _MOUTH_HZ % 1 < _MOUTH_OPEN:
                    return self._people.speaking[name]
        if self._people.striding is not None and time_s * _STEPS_HZ % 2 >= 1:
            return self._people.striding
        for number, blinking in enumerate(self._people.blinking):
            if (time_s - _FIRST_BLINK_S - number * _NEXT_BLINKS_S) % _BLINKS_EVERY_S < _BLINK_S:
                return blinking
        return self._people.still

    def seen(self, ground: LayerView, near: LayerView, figures: Image.Image | None) -> Image.Image:
        """Return the frame, in mode RGBX."""
        picture = _resampled(self._ground, ground, self._seen)
        if figures is not None:
            _lay(figures, near, picture)
        if self._around is None:
            return picture
        whole = self._around.copy()
        whole.paste(picture, ((whole.width - picture.width) // 2, (whole.height - picture.height) // 2))
        return whole

    def _bars(self) -> Image.Image:
        width, height = self._frame
        scale = max(width / self._ground.width, height / self._ground.height)
        size = (math.ceil(self._ground.width * scale), math.ceil(self._ground.height * scale))
        filled = self._ground.convert("RGB").resize(size)
        left, top = (size[0] - width) // 2, (size[1] - height) // 2
        blurred = filled.crop((left, top, left + width, top + height)).filter(
            ImageFilter.GaussianBlur(min(width, height) * _BAR_BLUR)
        )
        return blurred.point(lambda level: round(level * _BAR_LIGHT)).convert("RGBX")


def _seen_in(profile: RenderProfile, aspect: float) -> tuple[int, int]:
    """Return the size in which a panel of this shape is seen whole in a frame."""
    width = max(2, min(profile.width, round(profile.height * aspect)))
    return width, max(2, min(profile.height, round(width / aspect)))


def _resampled(layer: Image.Image, view: LayerView, size: tuple[int, int]) -> Image.Image:
    """Return all of a view."""
    return layer.resize(size, Image.Resampling.BICUBIC, box=_box_of(layer, view))


def _lay(figures: Image.Image, view: LayerView, picture: Image.Image) -> None:
    """Lay the view of figures on a picture. Only the part in which something is drawn is resampled."""
    drawn = figures.getbbox()
    if drawn is None:
        return
    left, top, right, bottom = _box_of(figures, view)
    scale_x, scale_y = picture.width / (right - left), picture.height / (bottom - top)
    begins_x, begins_y = max(0, int((drawn[0] - left) * scale_x) - 3), max(0, int((drawn[1] - top) * scale_y) - 3)
    ends_x = min(picture.width, math.ceil((drawn[2] - left) * scale_x) + 3)
    ends_y = min(picture.height, math.ceil((drawn[3] - top) * scale_y) + 3)
    if ends_x <= begins_x or ends_y <= begins_y:
        return
    box = (
        left + begins_x / scale_x,
        top + begins_y / scale_y,
        min(left + ends_x / scale_x, figures.width),
        min(top + ends_y / scale_y, figures.height),
    )
    size = (ends_x - begins_x, ends_y - begins_y)
    nearer = figures.resize(size, Image.Resampling.BICUBIC, box=box).convert("RGBA")
    picture.paste(nearer.convert("RGBX"), (begins_x, begins_y), nearer.getchannel("A"))


def _box_of(layer: Image.Image, view: LayerView) -> tuple[float, float, float, float]:
    """Return the view in pixels of the layer (fractions)."""
    width, height = layer.width / view.zoom, layer.height / view.zoom
    left = layer.width * (0.5 + view.x) - width / 2
    top = layer.height * (0.5 + view.y) - height / 2
    # What arithmetic leaves beyond an edge is far below a pixel.
    return max(0.0, left), max(0.0, top), min(left + width, layer.width), min(top + height, layer.height)


def _ground_of(layers: PanelLayers, width: int) -> Image.Image:
    """Return the ground in RGBA. What is out of focus has no detail, so it is drawn smaller and enlarged."""
    if not layers.blur:
        return _drawn(layers.ground, width)
    smaller = _drawn(layers.ground, round(width / _BLURRED_SMALLER))
    blurred = smaller.filter(ImageFilter.GaussianBlur(smaller.width * layers.blur / 1000))
    return blurred.resize((width, round(width / PANEL_ASPECT)), Image.Resampling.BICUBIC)


def _drawn(svg: str, width: int) -> Image.Image:
    """Return a layer in RGBA. It holds shapes and pictures alone, so no typeface is looked for."""
    drawn = resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True)
    return Image.open(io.BytesIO(drawn)).convert("RGBA")
