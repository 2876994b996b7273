"""Draws the panel of a shot as SVG: the place by its words and its time of day, people, things, and camera arrows.

The same drawing in layers, without arrows, is what a camera films: ground and figures move apart.

A figure looks the same in all panels of a film: its build, hair and clothes come from the words about its looks, and
where these are silent, from the seed of its name. The size of the shot is how much of the figures fits into the frame.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape

from callsheet.media.panels import carriages, wilds
from callsheet.media.panels.acting import Acting, Pose, acting_of
from callsheet.media.panels.cast import Appearance, cast_of, share_of_a_person
from callsheet.media.panels.daylight import daylight_of
from callsheet.media.panels.figures import LOWERED, STRIDES, FigurePlace, drawn_figure
from callsheet.media.panels.pen import HEIGHT, INK, WIDTH, oval
from callsheet.media.panels.place_kinds import place_drawer
from callsheet.media.panels.places import BLURS, drawn_place
from callsheet.media.panels.things import FLYING, Thing, drawn_thing, things_in
from callsheet.model.film.screenplay import Inside
from callsheet.model.film.screenplay_analysis import (
    CameraShot,
    FilmScene,
    PanelLayers,
    ScreenplayAnalysis,
    ShotSize,
)

_FIGURES: dict[ShotSize, tuple[float, float]] = {
    "extreme-wide": (40, 112),
    "wide": (74, 88),
    "full": (138, 28),
    "medium": (262, 26),
    "medium-close": (372, 24),
    "close": (590, 26),
    "extreme-close": (1040, -34),
}
"""Height of a grown-up figure, and where the top of its head is, from above."""
_NOT_IN_A_CAR: frozenset[Pose] = STRIDES | {"sit", "kneel", "lie"}
_MOST_FIGURES = 5
_HEADROOM = 9.0
_NEAR: frozenset[ShotSize] = frozenset({"medium", "medium-close", "close", "extreme-close"})
_THING_HEIGHTS = {"on the ground": 58.0, "on water": 54.0, "in the air": 40.0, "carried": 44.0, "held": 34.0}
_CLOSE_THING, _LEAST_THING = 96.0, 14.0
_SUBJECT = 54.0
"""Height of a small thing that a wide shot is about."""
_BED = re.compile(r"\bbeds?\b", re.IGNORECASE)
_ANIMAL_ALONE: dict[ShotSize, tuple[float, float]] = {
    "medium": (112, 156),
    "medium-close": (136, 170),
    "close": (176, 190),
    "extreme-close": (236, 222),
}
"""Height of an animal to which the camera goes down, and where its feet are."""
_LOWEST_FEET = 174.0
_BEGINS_WITH = re.compile(r"(?:^|[.!?;:–—])\s*(?:[\w’'-]+\s+){0,3}$")
"""What stands before the subject of a sentence."""
_FALLS = re.compile(r"\b(?:falls?|flies|flutters?|floats?|drifts?|sails|spins|tumbles|blows?)\b", re.IGNORECASE)
_CHASES = re.compile(
    r"\b(?:chas(?:es?|ing)|follow(?:s|ing)?|(?:runs?|races?|hurries) (?:after|behind))\b", re.IGNORECASE
)
_THING_FEET = {"on the ground": 152.0, "on water": 122.0, "in the air": 62.0, "carried": 156.0, "held": 150.0}
_DARKNESS = (
    '<filter id="dark" color-interpolation-filters="sRGB"><feColorMatrix values="'
    '.22 .07 .02 0 .01  .06 .24 .04 0 .02  .06 .1 .34 0 .06  0 0 0 1 0"/></filter><g filter="url(#dark)">'
)
"""What is seen without a light: little, and blue."""


class _Shown:
    """A shot with the people who are seen in it, and what each of them does."""

    def __init__(self, shot: CameraShot, facts: ScreenplayAnalysis) -> None:
        self.shot = shot
        self.scene: FilmScene | None = facts.scene_of(shot)
        draw = place_drawer(self.scene) if self.scene else None
        self.is_in_car, self.is_in_space = draw is carriages.car, draw in {wilds.space, carriages.spaceship}
        # Who sits in a car is seen from the windscreen, whatever the size of the shot.
        self.size: ShotSize = "medium" if self.is_in_car and shot.size not in _NEAR else shot.size
        self.light = daylight_of(self.scene.time if self.scene else "")
        self.is_unlit = self.scene is not None and self.scene.is_unlit_at(shot.line)
        cast = cast_of(facts.characters)
        said = [each for each in facts.utterances if each.number in shot.utterances]
        self.people: list[tuple[str, Appearance, Acting]] = [
            (name, cast[name], acting_of(name, shot, facts.characters, said))
            for name in shot.seen[:_MOST_FIGURES]
            if name in cast
        ]
        is_outside = self.scene is not None and self.scene.inside is Inside.EXTERIOR
        if (is_outside and not _BED.search(shot.action)) or (len(self.people) > 1 and self.size in _NEAR):
            # A bed that is seen from above fills the frame: it has no room for another one.
            self.people = [(name, figure, replace(acting, is_in_bed=False)) for name, figure, acting in self.people]
        if any(acting.is_in_bed for *_, acting in self.people) and self.size not in _NEAR:
            # Alone: one bed from above, and not a second one in a bedroom. With others: as large as the beds of a ward.
            self.size = "medium" if len(self.people) == 1 else "full"
        if self.is_in_car:
            self.people = [
                (
                    name,
                    figure,
                    replace(acting, pose="stand", is_in_bed=False) if acting.pose in _NOT_IN_A_CAR else acting,
                )
                for name, figure, acting in self.people
            ]

    def in_its_light(self, parts: Iterable[str]) -> Iterator[str]:
        """Yield a drawing as it is, or as it looks after the light has gone out."""
        yield _DARKNESS if self.is_unlit else ""
        yield from parts
        yield "</g>" if self.is_unlit else ""

    def ground(self) -> Iterator[str]:
        """Yield the place, and the things in it that are in no hand."""
        yield from drawn_place(self.shot, self.scene)
        if not self.is_in_car:
            yield from self._things()
        elif not self.people:
            yield from carriages.dashboard(self.light, 234.0)

    @property
    def strides(self) -> bool:
        """Return whether someone walks or runs along with the camera."""
        return bool(self.shot.moves) and any(acting.pose in STRIDES for *_, acting in self.people)

    def figures(self, speaker: str = "", *, blink: bool = False, stride: bool = False) -> Iterator[str]:
        """Yield the people from behind to the front. The one who speaks has an open mouth."""
        steers = {name for name, _, acting in self.people if acting.pose == "steer"}
        drivers = steers or set(self.scene.characters[:1] if self.scene else ())
        wheel_at = None
        for place, (name, figure, acting) in self._places():
            if self.is_in_car and figure.is_person:
                yield from carriages.car_seat(self.light, place.x, place.top, place.height)
                wheel_at = place.x if name in drivers else wheel_at
            yield drawn_figure(figure, acting, place, speaks=name == speaker, blinks=blink, strides=stride)
        if self.is_in_car:
            yield from carriages.dashboard(self.light, wheel_at)

    def _places(self) -> Iterator[tuple[FigurePlace, tuple[str, Appearance, Acting]]]:
        """Yield where each stands; the first one has room on the side to which it looks."""
        if len(self.people) == 1:
            yield self._place_alone(), self.people[0]
            return
        count, size = len(self.people), self.size
        # Two heads don't fit into a close view.
        height, top = _FIGURES["medium-close" if size in {"close", "extreme-close"} else size]
        crowd = height * (0.8 if count > 2 and size in {"full", "medium"} else 1.0)
        is_chase = self.strides and self._first_leads() == (self.shot.moves != "left")
        is_first_right = self.shot.looks == "left" or is_chase
        for number in reversed(range(count)):
            _, figure, acting = self.people[number]
            order = count - 1 - number if is_first_right else number
            x = WIDTH * (0.27 + 0.46 * order if count == 2 else (order + 1) / (count + 1))
            tall = crowd * figure.height
            facing = 1 if x < WIDTH / 2 else -1
            if self.strides and acting.pose in STRIDES:
                facing = -1 if self.shot.moves == "left" else 1
            begins = max(top + crowd - tall, _HEADROOM)
            if not figure.is_person:
                begins = min(begins, _LOWEST_FEET - tall)
            yield FigurePlace(x, begins, tall, facing), self.people[number]

    def _first_leads(self) -> bool:
        """Return whether the first of those who run is before the others: it is not, if it chases them."""
        return _CHASES.search(self.shot.action.split(".")[0]) is None

    def _place_alone(self) -> FigurePlace:
        """Return where a single person stands. The camera goes down to a child, to an animal, and to who sits."""
        size = self.size
        height, top = _FIGURES[size]
        _, figure, acting = self.people[0]
        x = {"left": 190.0, "right": 130.0}.get(self.shot.looks or self.shot.moves, 160.0)
        facing = {"left": -1, "right": 1}.get(self.shot.looks or self.shot.moves, 0)
        if size not in _NEAR:
            tall = height * figure.height
            return FigurePlace(x, top + height - tall, tall, facing)
        if not figure.is_person:
            tall, foot = _ANIMAL_ALONE[size]
            return FigurePlace(x, foot - tall, tall, facing)
        return FigurePlace(x, top - LOWERED.get(acting.pose, 0.0) * height, height, facing)

    def _things(self) -> Iterator[str]:
        """Yield what the action names and no person holds: it is the subject of a shot without people."""
        held = {acting.thing.name for _, _, acting in self.people if acting.thing}
        shown = [
            thing
            for thing in things_in(self.shot.action if not self.shot.utterances else "")
            if thing.name not in held
            and not (self.is_in_space and thing.where in {"on the ground", "on water"})
            and (thing.name in FLYING or thing.where not in {"carried", "held"} or self._is_in_view(thing))
            and not any(figure.animal == thing.name for _, figure, _ in self.people)
        ]
        room = [70.0, 250.0] if self.people else [196.0, 84.0, 262.0]
        for thing, x in zip(shown, room, strict=False):
            yield from self._thing(thing, x)

    def _is_in_view(self, thing: Thing) -> bool:
        """Return whether a thing that lies in the place is seen: it is large, near, or what the shot is about."""
        is_near = thing.where == "carried" or self.size not in {"wide", "extreme-wide"}
        return not self.people and (is_near or self._is_subject(thing))

    def _is_subject(self, thing: Thing) -> bool:
        return _BEGINS_WITH.search(self.shot.action[: thing.said_at]) is not None

    def _thing(self, thing: Thing, x: float) -> Iterator[str]:
        near = self.shot.size in _NEAR and not self.people
        share = share_of_a_person(thing.name)
        if near:
            size = _CLOSE_THING
        elif share and self.people and self.size not in _NEAR and thing.where == "on the ground":
            size = max(_LEAST_THING, _FIGURES[self.size][0] * share)  # a cat beside a person is no tiger
        else:
            size = _THING_HEIGHTS[thing.where] * (0.5 if self.shot.size == "extreme-wide" else 1.0)
        foot = 138.0 if near else _THING_FEET["in the air" if thing.name in FLYING else thing.where]
        if thing.where == "held" and thing.name not in FLYING and self.size in {"wide", "extreme-wide"}:
            yield from self._before_the_camera(thing)
            return
        is_turned = self.shot.moves == "right"  # animals and vehicles are drawn on their way to the left
        yield from drawn_thing(thing.name, 160.0 if near else x, foot, size, light=self.light, mirrored=is_turned)

    def _before_the_camera(self, thing: Thing) -> Iterator[str]:
        """Yield a small thing that a wide shot is about: near to the camera, it lies on the ground or falls."""
        size = _SUBJECT if self.size == "wide" else _SUBJECT * 0.7
        drawing = "".join(drawn_thing(thing.name, 0, size / 2, size, light=self.light))
        if _FALLS.search(self.shot.action):
            yield f'<g transform="translate(176 74) rotate(-16)">{drawing}</g>'
            return
        yield oval(160, 158, size * 0.56, size * 0.1, "#00000048")
        yield f'<g transform="translate(160 150) scale(1 .58) skewX(-16)">{drawing}</g>'


def draw_panel(shot: CameraShot, facts: ScreenplayAnalysis) -> str:
    """Return the panel of a shot as SVG."""
    shown = _Shown(shot, facts)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
            f"<title>{escape(shot.name)}</title>",
            f'<clipPath id="frame"><rect width="{WIDTH}" height="{HEIGHT}"/></clipPath><g clip-path="url(#frame)">',
            *shown.in_its_light([*shown.ground(), *shown.figures()]),
            *_arrows(shot),
            f'</g><rect x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" fill="none" stroke="{INK}" '
            'stroke-width="2"/></svg>',
        )
    )


def draw_layers(shot: CameraShot, facts: ScreenplayAnalysis, speakers: Sequence[str] = ()) -> PanelLayers:
    """Return the drawing of a shot in layers, without frame and arrows.

    Each of the `speakers` who is seen has a layer of all figures, in which that one speaks.
    """
    shown = _Shown(shot, facts)
    has_people = bool(shown.people)

    def people(speaker: str = "", *, blink: bool = False, stride: bool = False) -> str:
        return _layer(shown.in_its_light(shown.figures(speaker, blink=blink, stride=stride)))

    return PanelLayers(
        ground=_layer(shown.in_its_light(shown.ground())),
        blur=BLURS.get(shot.size, 0.0) if has_people else 0.0,
        figures=people() if has_people else "",
        blinking=people(blink=True) if has_people else "",
        striding=people(stride=True) if shown.strides else "",
        speaking={name: people(name) for name, *_ in shown.people if name in speakers},
    )


def _layer(parts: Iterable[str]) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'


def _arrows(shot: CameraShot) -> Iterator[str]:
    """Yield the arrows of a move of the camera, as storyboards draw them."""
    way = -1 if shot.moves == "left" else 1
    paths = {
        "push": ((24, 20, 58, 40), (296, 20, 262, 40), (24, 160, 58, 140), (296, 160, 262, 140)),
        "zoom": ((24, 20, 58, 40), (296, 160, 262, 140)),
        "pull": ((58, 40, 24, 20), (262, 40, 296, 20), (58, 140, 24, 160), (262, 140, 296, 160)),
        "pan": ((160 - way * 60, 16, 160 + way * 60, 16),),
        "track": ((160 - way * 80, 166, 160 + way * 80, 166),),
        "tilt": ((302, 130, 302, 50),),
        "hand-held": (),
        "still": (),
    }[shot.movement]
    yield '<g stroke="#ffffff" stroke-width="6" stroke-linecap="round" fill="none">'
    for from_x, from_y, to_x, to_y in paths:
        yield f'<path d="M{from_x} {from_y}L{to_x} {to_y}"/>'
    yield '</g><g stroke="#c0392b" fill="#c0392b" stroke-width="3" stroke-linecap="round">'
    for from_x, from_y, to_x, to_y in paths:
        length = ((to_x - from_x) ** 2 + (to_y - from_y) ** 2) ** 0.5
        along_x, along_y = (to_x - from_x) / length, (to_y - from_y) / length
        back_x, back_y = to_x - 9 * along_x, to_y - 9 * along_y
        yield f'<path d="M{from_x} {from_y}L{back_x:.1f} {back_y:.1f}"/>'
        yield (
            f'<path d="M{to_x} {to_y}L{back_x - 5 * along_y:.1f} {back_y + 5 * along_x:.1f}'
            f'L{back_x + 5 * along_y:.1f} {back_y - 5 * along_x:.1f}z"/>'
        )
    if shot.movement == "hand-held":
        yield '<path d="M110 166q12 -10 25 0t25 0t25 0t25 0" fill="none"/>'
    yield "</g>"
