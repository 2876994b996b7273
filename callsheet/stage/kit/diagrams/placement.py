"""Places of a diagram's stops across the direction of reading: arrows as straight as they can be, nothing too close.

Each rank is a row of stops in a fixed order. Every stop wishes to be where its arrows come from and lead to. `spaced`
finds the places nearest to those wishes that keep the stops apart: least squares under order constraints, solved
exactly by pooling neighbours that want to pass each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from callsheet.stage.kit.diagrams.ranking import Ranking

_ROUNDS = 8
_BOX_GAP, _PASSAGE_GAP = 0.36, 0.12
_PORT_PITCH, _PORT_SHARE = 0.34, 0.72
_IDLE_WEIGHT, _PASSAGE_WEIGHT, _FIXED_WEIGHT = 0.01, 8.0, 1e6
"""How firmly stops keep to their wish: those without one yield, passages want to be straight, boxes may be fixed."""
_SNAP = 0.24
"""A sideways step shorter than this looks like a mistake: the arrow is made straight if its box allows."""


@dataclass(frozen=True)
class Extent:
    """Room of a stop: its length along, and what it needs before and after its place across."""

    along: float
    before: float
    after: float


@dataclass(frozen=True)
class Across:
    """Places of stops across, and where arrows leave and arrive, counted from the stop's place."""

    at: tuple[float, ...]
    leaves: dict[tuple[int, int], float] = field(default_factory=dict)
    arrives: dict[tuple[int, int], float] = field(default_factory=dict)

    def leaving(self, link: int, stop: int) -> float:
        """Return where `link` leaves `stop` towards higher ranks."""
        return self.at[stop] + self.leaves.get((link, stop), 0.0)

    def arriving(self, link: int, stop: int) -> float:
        """Return where `link` arrives at `stop` from lower ranks."""
        return self.at[stop] + self.arrives.get((link, stop), 0.0)


def place_across(ranking: Ranking, extents: Sequence[Extent], looseness: float = 1.0) -> Across:
    """Return places for all stops.

    Stops of a rank are `looseness` times the least distance apart, or more.
    """
    leaves, arrives = _ports(ranking, extents)
    across = Across(_packed(ranking, extents, looseness), leaves, arrives)
    order = range(len(ranking.ranks))
    for number in range(_ROUNDS):
        forward = number % 2 == 1
        for place in order if forward else reversed(order):
            across = _settled(place, ranking, extents, across, looseness, forward=forward)
    for place in reversed(order):
        across = _centred(place, ranking, extents, across, looseness)
    for place in (*order, *reversed(order)):
        across = _straightened(place, ranking, extents, across, looseness)
    for path in sorted(ranking.paths, key=len):
        across = _levelled(path, ranking, extents, across, looseness)
    return _snapped(ranking, extents, across)


def spaced(wishes: Sequence[float], weights: Sequence[float], distances: Sequence[float]) -> list[float]:
    """Return the places nearest to `wishes` in which each is `distances` or more after the last.

    Nearest means least squares by `weights`. `distances` has one entry fewer than `wishes`.
    """
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, float, int]] = []
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        mean, total, count = wish - offset, weight, 1
        while pools and pools[-1][0] > mean:
            other_mean, other_total, other_count = pools.pop()
            mean = (mean * total + other_mean * other_total) / (total + other_total)
            total, count = total + other_total, count + other_count
        pools.append((mean, total, count))
    level = [mean for mean, _, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(level, offsets, strict=True)]


def _ports(
    ranking: Ranking, extents: Sequence[Extent]
) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    """Return where arrows leave and arrive at boxes.

    They stand side by side, in the order of the stops at their other ends.
    """
    position = {stop: place for order in ranking.ranks for place, stop in enumerate(order)}
    leaving: dict[int, list[tuple[int, int]]] = {}
    arriving: dict[int, list[tuple[int, int]]] = {}
    for link, before, after in ranking.steps():
        leaving.setdefault(before, []).append((position[after], link))
        arriving.setdefault(after, []).append((position[before], link))
    return _port_offsets(leaving, ranking, extents), _port_offsets(arriving, ranking, extents)


def _port_offsets(
    sides: dict[int, list[tuple[int, int]]], ranking: Ranking, extents: Sequence[Extent]
) -> dict[tuple[int, int], float]:
    offsets: dict[tuple[int, int], float] = {}
    for stop, ends in sides.items():
        if stop < ranking.boxes:
            room = (extents[stop].before + extents[stop].after) * _PORT_SHARE
            pitch = min(_PORT_PITCH, room / max(1, len(ends) - 1))
            for number, (_, link) in enumerate(sorted(ends)):
                offsets[link, stop] = (number - (len(ends) - 1) / 2) * pitch
    return offsets


def _distances(order: Sequence[int], ranking: Ranking, extents: Sequence[Extent], looseness: float) -> list[float]:
    """Return the least distances between neighbours of a rank, from place to place."""
    gaps = [
        looseness * (_BOX_GAP if max(one, other) < ranking.boxes else _PASSAGE_GAP) for one, other in pairwise(order)
    ]
    return [
        extents[one].after + gap + extents[other].before
        for one, other, gap in zip(order, order[1:], gaps, strict=False)
    ]


def _packed(ranking: Ranking, extents: Sequence[Extent], looseness: float) -> tuple[float, ...]:
    """Return each rank as close as it may be, about a common middle."""
    at = [0.0] * len(extents)
    for order in ranking.ranks:
        places = spaced([0.0] * len(order), [1.0] * len(order), _distances(order, ranking, extents, looseness))
        for stop, place in zip(order, places, strict=True):
            at[stop] = place
    return tuple(at)


def _settled(
    place: int, ranking: Ranking, extents: Sequence[Extent], across: Across, looseness: float, *, forward: bool
) -> Across:
    """Return the places with one rank moved to where its arrows from lower ranks want it.

    If not `forward`, its arrows from higher ranks count.
    """
    order = ranking.ranks[place]
    wishes = _wishes(order, ranking, across, forward=forward)
    weights = [_weight(stop, len(wishes[stop]), ranking) for stop in order]
    means = [sum(wishes[stop]) / len(wishes[stop]) if wishes[stop] else across.at[stop] for stop in order]
    return _moved(across, order, spaced(means, weights, _distances(order, ranking, extents, looseness)))


def _centred(place: int, ranking: Ranking, extents: Sequence[Extent], across: Across, looseness: float) -> Across:
    """Return the places with some boxes of one rank in the middle of where their arrows lead.

    These are the boxes from which more arrows leave than arrive.
    """
    order = ranking.ranks[place]
    leaving, arriving = _counts(ranking)
    wishes = _wishes(order, ranking, across, forward=False)
    fans_out = [stop < ranking.boxes and leaving.get(stop, 0) > arriving.get(stop, 0) for stop in order]
    means = [
        sum(wishes[stop]) / len(wishes[stop]) if fans else across.at[stop]
        for stop, fans in zip(order, fans_out, strict=True)
    ]
    weights = [1.0 if fans else _IDLE_WEIGHT for fans in fans_out]
    return _moved(across, order, spaced(means, weights, _distances(order, ranking, extents, looseness)))


def _wishes(order: Sequence[int], ranking: Ranking, across: Across, *, forward: bool) -> dict[int, list[float]]:
    """Return, for each stop of a rank, the places at which its arrows are straight.

    If `forward`, its arrows from lower ranks count, else those to higher ranks.
    """
    wishes: dict[int, list[float]] = {stop: [] for stop in order}
    for link, before, after in ranking.steps():
        if forward and after in wishes:
            wishes[after].append(across.leaving(link, before) - across.arrives.get((link, after), 0.0))
        elif not forward and before in wishes:
            wishes[before].append(across.arriving(link, after) - across.leaves.get((link, before), 0.0))
    return wishes


def _weight(stop: int, wishes: int, ranking: Ranking) -> float:
    if not wishes:
        return _IDLE_WEIGHT
    return float(wishes) if stop < ranking.boxes else _PASSAGE_WEIGHT


def _straightened(place: int, ranking: Ranking, extents: Sequence[Extent], across: Across, looseness: float) -> Across:
    """Return the places with the passages of one rank in line with one end of their arrows.

    That end is where fewer arrows meet: of arrows that fan out, all bends are then at the common end.
    """
    order = ranking.ranks[place]
    leaving, arriving = _counts(ranking)
    wishes = {stop: across.at[stop] for stop in order}
    for link, before, after in ranking.steps():
        path = ranking.paths[link]
        follows_start = leaving[path[0]] <= arriving[path[-1]]
        if follows_start and after in wishes and after >= ranking.boxes:
            wishes[after] = across.leaving(link, before)
        elif not follows_start and before in wishes and before >= ranking.boxes:
            wishes[before] = across.arriving(link, after)
    weights = [1.0 if stop >= ranking.boxes else _FIXED_WEIGHT for stop in order]
    places = spaced(list(wishes.values()), weights, _distances(order, ranking, extents, looseness))
    return _moved(across, order, places)


def _levelled(
    path: Sequence[int], ranking: Ranking, extents: Sequence[Extent], across: Across, looseness: float
) -> Across:
    """Return the places with the passages of one path at one place, if every rank has it free."""
    passages = path[1:-1]
    rooms = [_room(stop, ranking, extents, across, looseness) for stop in passages]
    low, high = max((low for low, _ in rooms), default=0.0), min((high for _, high in rooms), default=0.0)
    if len(passages) < 2 or low > high:
        return across
    wish = across.at[passages[0]]
    return _moved(across, passages, [min(max(wish, low), high)] * len(passages))


def _room(
    stop: int, ranking: Ranking, extents: Sequence[Extent], across: Across, looseness: float
) -> tuple[float, float]:
    """Return from where to where a stop may move while its neighbours stay."""
    order = next(order for order in ranking.ranks if stop in order)
    place, distances = order.index(stop), _distances(order, ranking, extents, looseness)
    low = across.at[order[place - 1]] + distances[place - 1] if place else -math.inf
    high = across.at[order[place + 1]] - distances[place] if place < len(distances) else math.inf
    return low, high


def _moved(across: Across, order: Sequence[int], places: Sequence[float]) -> Across:
    at = list(across.at)
    for stop, place in zip(order, places, strict=True):
        at[stop] = place
    return replace(across, at=tuple(at))


def _snapped(ranking: Ranking, extents: Sequence[Extent], across: Across) -> Across:
    """Return the places with arrows that are almost straight made straight.

    Their end slides along the side of a box that has no other there.
    """
    leaves, arrives = dict(across.leaves), dict(across.arrives)
    leaving, arriving = _counts(ranking)
    for link, before, after in ranking.steps():
        start, end = across.at[before] + leaves.get((link, before), 0.0), across.arriving(link, after)
        if not 0 < abs(start - end) < _SNAP:
            continue
        if after < ranking.boxes and arriving[after] == 1 and _on_side(start - across.at[after], extents[after]):
            arrives[link, after] = start - across.at[after]
        elif before < ranking.boxes and leaving[before] == 1 and _on_side(end - across.at[before], extents[before]):
            leaves[link, before] = end - across.at[before]
    return Across(across.at, leaves, arrives)


def _counts(ranking: Ranking) -> tuple[dict[int, int], dict[int, int]]:
    leaving: dict[int, int] = {}
    arriving: dict[int, int] = {}
    for _, before, after in ranking.steps():
        leaving[before] = leaving.get(before, 0) + 1
        arriving[after] = arriving.get(after, 0) + 1
    return leaving, arriving


def _on_side(offset: float, extent: Extent) -> bool:
    return abs(offset) <= (extent.before + extent.after) * _PORT_SHARE / 2
