"""A folded diagram on its area: from places along and across to points of the frame.

Points are (along, across) until `_point` turns and scales them. Only there it matters which of the two is horizontal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from callsheet.stage.kit.diagrams.placement import Across, Extent
from callsheet.stage.kit.diagrams.ranking import Ranking
from callsheet.stage.kit.diagrams.types import HEAD, LABEL_GAP, TIP_GAP, Arrangement, Arrow, Point, Route, Size
from callsheet.stage.kit.frame import Area

SMALLEST_SCALE, LARGEST_SCALE = 0.6, 1.3
"""Boxes are labelled in body type at scale 1; smaller than note size they can't be read."""
_LONGEST_STRETCH = 1.1
"""How much longer than needed a gap may be, in units."""
_BAND_GAP = 0.62
_TURN, _TURN_PITCH, _TURN_RADIUS = 0.34, 0.24, 0.2
_WORTH_ASIDE, _WORTH_FOLDED, _WORTH_TURN, _WORTH_RANK, _WORTH_LOOSE, _WORTH_LARGE = 0.78, 0.9, 0.9, 0.98, 1.01, 0.3
"""Factors of a candidate's worth: if it runs the other way, for each fold, for each arrow that turns, for each rank,
for each degree of looseness; and the weight of a scale above 1."""
_WORTH_UNREADABLE = 0.1


@dataclass(frozen=True)
class Band:
    """A run of ranks in one direction: each rank's start, from the start of the band, and the least total length."""

    ranks: range
    lengths: tuple[float, ...]
    gaps: tuple[float, ...]

    @property
    def length(self) -> float:
        """Return the least length that it takes."""
        return sum(self.lengths) + sum(self.gaps)

    def starts(self, extra: float) -> tuple[float, ...]:
        """Return where its ranks begin if each gap is `extra` longer."""
        starts = [0.0]
        for length, gap in zip(self.lengths, self.gaps, strict=False):
            starts.append(starts[-1] + length + gap + extra)
        return tuple(starts)


class Sheet:
    """A folded diagram on its area. Points are (along, across) until `_point` turns and scales them."""

    def __init__(
        self,
        ranking: Ranking,
        extents: Sequence[Extent],
        across: Across,
        bands: tuple[Band, ...],
        area: Area,
        is_downward: bool,
        looseness: float,
    ) -> None:
        self.ranking, self.extents, self.across, self.bands = ranking, extents, across, bands
        self.area, self.is_downward, self.looseness = area, is_downward, looseness
        self.band_of = {place: number for number, band in enumerate(bands) for place in band.ranks}
        self.rank_of = {stop: place for place, order in enumerate(ranking.ranks) for stop in order}
        self.turns = self._turns()
        self.edges = [self._edges(band) for band in bands]
        self.lead = max((self._lead(cut) for cut in range(1, len(bands) - 1, 2)), default=0.0)
        trail = max((self._lead(cut) for cut in range(0, len(bands) - 1, 2)), default=0.0)
        breadth = sum(high - low for low, high in self.edges) + _BAND_GAP * (len(bands) - 1)
        room_along, room_across = (area.height, area.width) if is_downward else (area.width, area.height)
        least = max(band.length for band in bands) + self.lead + trail
        self.scale = min(LARGEST_SCALE, room_along / least, room_across / breadth)
        # How much longer than needed each band's gaps are; those of the last, shorter band match the others'.
        widest = max(band.length + _LONGEST_STRETCH * len(band.gaps) for band in bands)
        inner = min(room_along / self.scale - self.lead - trail, widest)
        extra = [(inner - band.length) / len(band.gaps) if band.gaps else 0.0 for band in bands]
        self.extra = (*extra[:-1], min(extra))
        self.inner = max(band.length + extra * len(band.gaps) for band, extra in zip(bands, self.extra, strict=True))
        self.length, self.breadth = self.inner + self.lead + trail, breadth

    def worth(self, *, preferred: bool) -> float:
        """Return how good the arrangement is: its scale, less what makes it harder to read."""
        aside = 1.0 if preferred else _WORTH_ASIDE
        size = min(1.0, self.scale) + max(0.0, self.scale - 1.0) * _WORTH_LARGE
        folded = _WORTH_FOLDED ** (len(self.bands) - 1) * _WORTH_TURN ** len(self.turns)
        readable = 1.0 if self.scale >= SMALLEST_SCALE else _WORTH_UNREADABLE
        shape = folded * _WORTH_RANK ** len(self.ranking.ranks) * _WORTH_LOOSE**self.looseness
        return float(readable * size * aside * shape)

    def arrangement(self, arrows: Sequence[Arrow], worth: float) -> Arrangement:
        """Return everything in place."""
        boxes = tuple(self._box(stop) for stop in range(self.ranking.boxes))
        places = {link: stop for stop, link in self.ranking.labels.items()}
        labels = tuple(
            self._label(places[link], arrow.label) if arrow.label else None for link, arrow in enumerate(arrows)
        )
        routes = tuple(self._route(link, path) for link, path in enumerate(self.ranking.paths))
        return Arrangement(boxes, routes, labels, self.scale, worth)

    def _edges(self, band: Band) -> tuple[float, float]:
        """Return the least and greatest place across of what stands in a band."""
        stops = [stop for place in band.ranks for stop in self.ranking.ranks[place]]
        at, extents = self.across.at, self.extents
        lowest = min(at[stop] - extents[stop].before for stop in stops)
        return lowest, max(at[stop] + extents[stop].after for stop in stops)

    def _turns(self) -> dict[tuple[int, int], int]:
        """Return, for each step (link, stop) from band to band, how many others turn inside of it."""
        turning: dict[int, list[tuple[float, int, int]]] = {}
        for link, before, after in self.ranking.steps():
            band = self.band_of[self.rank_of[before]]
            if band != self.band_of[self.rank_of[after]]:
                at = self.across.leaving(link, before)
                turning.setdefault(band, []).append((-at if band % 2 == 0 else at, link, before))
        return {
            (link, before): inside
            for group in turning.values()
            for inside, (_, link, before) in enumerate(sorted(group))
        }

    def _lead(self, cut: int) -> float:
        """Return the room beside the bands for the arrows that turn from band `cut` into the next."""
        turning = sum(self.band_of[self.rank_of[stop]] == cut for _, stop in self.turns)
        return _TURN + _TURN_PITCH * turning if turning else 0.0

    def _along(self, place: int, *, at_end: bool) -> float:
        """Return where a rank begins, or ends, in the direction of its band."""
        number = self.band_of[place]
        band = self.bands[number]
        offset = band.starts(self.extra[number])[place - band.ranks.start]
        offset += band.lengths[place - band.ranks.start] if at_end else 0.0
        return self.lead + (offset if number % 2 == 0 else self.inner - offset)

    def _across(self, at: float, place: int) -> float:
        """Return the place across on the sheet of what stands at `at` in a rank.

        Every second band is turned over.
        """
        number = self.band_of[place]
        top = sum(high - low + _BAND_GAP for low, high in self.edges[:number])
        low, high = self.edges[number]
        return top + (at - low if number % 2 == 0 else high - at)

    def _point(self, along: float, across: float) -> Point:
        x, y = (across, along) if self.is_downward else (along, across)
        width, height = (self.breadth, self.length) if self.is_downward else (self.length, self.breadth)
        centre_x, centre_y, _ = self.area.centre
        return (centre_x + (x - width / 2) * self.scale, centre_y - (y - height / 2) * self.scale)

    def _area(self, one: Point, other: Point) -> Area:
        (left, top), (right, bottom) = self._point(*one), self._point(*other)
        return Area(min(left, right), max(top, bottom), abs(right - left), abs(top - bottom))

    def _box(self, stop: int) -> Area:
        """Return the box of a stop, as long as the longest of its rank."""
        place, at, extent = self.rank_of[stop], self.across.at[stop], self.extents[stop]
        return self._area(
            (self._along(place, at_end=False), self._across(at - extent.before, place)),
            (self._along(place, at_end=True), self._across(at + extent.after, place)),
        )

    def _label(self, stop: int, label: Size) -> Area:
        place, at = self.rank_of[stop], self.across.at[stop]
        middle = (self._along(place, at_end=False) + self._along(place, at_end=True)) / 2
        along, across = (label.height, label.width) if self.is_downward else (label.width, label.height)
        near = at + LABEL_GAP if self.is_downward else at - LABEL_GAP
        far = near + across if self.is_downward else near - across
        return self._area(
            (middle - along / 2, self._across(near, place)), (middle + along / 2, self._across(far, place))
        )

    def _route(self, link: int, path: Sequence[int]) -> Route:
        """Return the way of an arrow through its stops, from the lower rank to the higher.

        The way of a turned arrow is turned round.
        """
        is_turned = link in self.ranking.turned
        points = [self._exit(link, path[0], HEAD + TIP_GAP if is_turned else 0.0)]
        for before, after in pairwise(path):
            is_last = after == path[-1]
            end = self._entry(link, after, HEAD + TIP_GAP if is_last and not is_turned else 0.0)
            points += self._leg(link, before, after, points[-1], end)
            if not is_last:
                points += straight(end, self._exit(link, after, 0.0))
        tip = self._exit(link, path[0], TIP_GAP) if is_turned else self._entry(link, path[-1], TIP_GAP)
        ordered = list(reversed(points)) if is_turned else points
        return Route(tuple(self._point(*point) for point in ordered), self._point(*tip))

    def _exit(self, link: int, stop: int, ahead: float) -> Point:
        """Return where an arrow leaves a stop towards higher ranks, `ahead` units from it."""
        place = self.rank_of[stop]
        return (
            self._along(place, at_end=True) + ahead * self._direction(place),
            self._across(self.across.leaving(link, stop), place),
        )

    def _entry(self, link: int, stop: int, before: float) -> Point:
        """Return where an arrow arrives at a stop from lower ranks, `before` units in front of it."""
        place = self.rank_of[stop]
        return (
            self._along(place, at_end=False) - before * self._direction(place),
            self._across(self.across.arriving(link, stop), place),
        )

    def _direction(self, place: int) -> int:
        return 1 if self.band_of[place] % 2 == 0 else -1

    def _leg(self, link: int, before: int, after: int, start: Point, end: Point) -> list[Point]:
        """Return the way from rank to rank: a smooth curve, or a turn round the end of the band."""
        place = self.rank_of[before]
        if self.band_of[place] == self.band_of[self.rank_of[after]]:
            middle = (start[0] + end[0]) / 2
            return [(middle, start[1]), (middle, end[1]), end]
        direction = self._direction(place)
        edge = self.lead + self.inner if direction > 0 else self.lead
        return _turn(start, end, edge + direction * (_TURN + _TURN_PITCH * self.turns[link, before]))


def straight(start: Point, end: Point) -> list[Point]:
    """Return the three points of a straight curve that follow `start`."""
    return [
        (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        for share in (1 / 3, 2 / 3, 1.0)
    ]


def _turn(start: Point, end: Point, edge: float) -> list[Point]:
    """Return the way out to `edge`, across, and back, with round corners."""
    radius = min(_TURN_RADIUS, abs(end[1] - start[1]) / 2)
    inward = radius if edge < start[0] else -radius
    step = radius if end[1] > start[1] else -radius
    first, last = (edge + inward, start[1]), (edge + inward, end[1])
    below, above = (edge, start[1] + step), (edge, end[1] - step)
    return [
        *straight(start, first),
        (edge + inward * 0.45, start[1]),
        (edge, start[1] + step * 0.55),
        below,
        *straight(below, above),
        (edge, end[1] - step * 0.55),
        (edge + inward * 0.45, end[1]),
        last,
        *straight(last, end),
    ]
