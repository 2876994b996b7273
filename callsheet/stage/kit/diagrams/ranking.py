"""The rank of each box of a diagram, and the order in each rank.

Order only, no lengths; no Manim.

A layered drawing after Sugiyama, Tagawa and Toda (1981): arrows that close a cycle are turned round, and ranks are
those of the longest path. Long arrows pass through a stop in every rank between. Stops are ordered by the barycentre of
their neighbours. Labels are stops too, in separate ranks between those of boxes, so nothing can run across one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

_SWEEPS = 12
Orders = list[list[int]]


@dataclass(frozen=True)
class Link:
    """An arrow from one box to another, by their numbers."""

    source: int
    target: int
    has_label: bool = False


@dataclass(frozen=True)
class Ranking:
    """Stops in ranks. Stops below `boxes` are the boxes themselves, the others are passages of arrows.

    `paths` has each link's stops, one a rank, from the lower rank to the higher; `turned` are the links whose path
    leads from target to source. `labels` maps stops to the links whose label they hold.
    """

    boxes: int
    ranks: tuple[tuple[int, ...], ...]
    paths: tuple[tuple[int, ...], ...]
    turned: frozenset[int]
    labels: dict[int, int]

    def steps(self) -> Iterator[tuple[int, int, int]]:
        """Yield each part of each path between neighbouring ranks: (link, stop before, stop after)."""
        for link, path in enumerate(self.paths):
            for before, after in pairwise(path):
                yield link, before, after

    def holds_boxes(self, rank: int) -> bool:
        """Return whether the rank holds boxes rather than labels."""
        return any(stop < self.boxes for stop in self.ranks[rank])


def rank(boxes: int, links: Sequence[Link], least_ranks: int = 1) -> Ranking:
    """Return ranks for boxes 0 to `boxes` - 1.

    Parts that are not connected are spread over `least_ranks` or more.
    """
    turned = _turned(boxes, links)
    arcs = [
        (link.target, link.source) if place in turned else (link.source, link.target)
        for place, link in enumerate(links)
    ]
    levels = _spread(boxes, arcs, _levels(boxes, arcs), least_ranks)
    return _with_passages(boxes, links, arcs, turned, levels)


def parts(boxes: int, links: Sequence[Link]) -> int:
    """Return how many parts the diagram falls into."""
    return len(_components(boxes, [(link.source, link.target) for link in links]))


def crossings(orders: Sequence[Sequence[int]], steps: Sequence[tuple[int, int]]) -> int:
    """Return how often steps (pairs of stops in neighbouring ranks) cross."""
    place = {stop: position for order in orders for position, stop in enumerate(order)}
    rank_of = {stop: rank for rank, order in enumerate(orders) for stop in order}
    by_rank: dict[int, list[tuple[int, int]]] = {}
    for before, after in steps:
        by_rank.setdefault(rank_of[before], []).append((place[before], place[after]))
    return sum(
        (one[0] - other[0]) * (one[1] - other[1]) < 0 for gap in by_rank.values() for one, other in combinations(gap, 2)
    )


def _turned(boxes: int, links: Sequence[Link]) -> frozenset[int]:
    """Return the links that lead back to a box from which the walk has come.

    Turned round, they close no cycle.
    """
    leaving: dict[int, list[int]] = {}
    for place, link in enumerate(links):
        leaving.setdefault(link.source, []).append(place)
    is_target = {link.target for link in links}
    open_boxes, done, turned = set[int](), set[int](), set[int]()

    def walk(box: int) -> None:
        open_boxes.add(box)
        for place in leaving.get(box, []):
            target = links[place].target
            if target in open_boxes:
                turned.add(place)
            elif target not in done:
                walk(target)
        open_boxes.remove(box)
        done.add(box)

    for box in sorted(range(boxes), key=lambda box: (box in is_target, box)):
        if box not in done:
            walk(box)
    return frozenset(turned)


def _levels(boxes: int, arcs: Sequence[tuple[int, int]]) -> list[int]:
    """Return the length of the longest path to each box.

    Boxes to which no arrow leads move up to where their arrows lead.
    """
    levels = [0] * boxes
    for _ in range(boxes):
        for before, after in arcs:
            levels[after] = max(levels[after], levels[before] + 1)
    for box in set(range(boxes)) - {after for _, after in arcs}:
        levels[box] = min((levels[after] - 1 for before, after in arcs if before == box), default=0)
    return levels


def _components(boxes: int, arcs: Sequence[tuple[int, int]]) -> list[list[int]]:
    group = list(range(boxes))
    for one, other in arcs:
        kept, gone = sorted((group[one], group[other]))
        group = [kept if member == gone else member for member in group]
    return [[box for box in range(boxes) if group[box] == name] for name in sorted(set(group))]


def _spread(boxes: int, arcs: Sequence[tuple[int, int]], levels: list[int], least_ranks: int) -> list[int]:
    """Return levels at which the parts stand side by side if that keeps ranks short."""
    count = max(least_ranks, max(levels) + 1)
    load = [0] * count
    for members in sorted(_components(boxes, arcs), key=lambda members: -len(members)):
        lowest = min(levels[box] for box in members)
        depth = max(levels[box] for box in members) - lowest + 1
        offset = min(range(count - depth + 1), key=lambda offset: max(load[offset : offset + depth]))
        for box in members:
            levels[box] += offset - lowest
            load[levels[box]] += 1
    return levels


def _with_passages(
    boxes: int, links: Sequence[Link], arcs: Sequence[tuple[int, int]], turned: frozenset[int], levels: list[int]
) -> Ranking:
    """Return boxes in even ranks, labels in odd ones, and passages for arrows through ranks."""
    label_ranks = {
        place: 2 * (levels[after] - 1 if place in turned else levels[before]) + 1
        for place, (before, after) in enumerate(arcs)
        if links[place].has_label
    }
    used = sorted({2 * level for level in levels} | set(label_ranks.values()))
    orders: Orders = [[box for box in range(boxes) if 2 * levels[box] == rank] for rank in used]
    labels: dict[int, int] = {}
    paths: list[tuple[int, ...]] = []
    stop = boxes
    for place, (before, after) in enumerate(arcs):
        between = [rank for rank in used if 2 * levels[before] < rank < 2 * levels[after]]
        paths.append((before, *range(stop, stop + len(between)), after))
        for rank_name in between:
            orders[used.index(rank_name)].append(stop)
            if label_ranks.get(place) == rank_name:
                labels[stop] = place
            stop += 1
    ordered = _ordered(orders, [step for path in paths for step in pairwise(path)])
    return Ranking(boxes, tuple(map(tuple, ordered)), tuple(paths), turned, labels)


def _ordered(orders: Orders, steps: Sequence[tuple[int, int]]) -> Orders:
    """Return the order with the fewest crossings that a few sweeps up and down find."""
    best, fewest = orders, crossings(orders, steps)
    for sweep in range(_SWEEPS if fewest else 0):
        orders = _swept(orders, steps, forward=sweep % 2 == 0)
        found = crossings(orders, steps)
        if found < fewest:
            best, fewest = orders, found
    return _with_swaps(best, steps)


def _swept(orders: Orders, steps: Sequence[tuple[int, int]], *, forward: bool) -> Orders:
    """Return each rank sorted by the places of its neighbours in the rank before.

    If not `forward`, the rank after counts.
    """
    neighbours: dict[int, list[int]] = {}
    for before, after in steps:
        neighbours.setdefault(after if forward else before, []).append(before if forward else after)
    swept = [list(order) for order in orders]
    place = {stop: _share(position, order) for order in swept for position, stop in enumerate(order)}
    for order in swept if forward else reversed(swept):
        pulls = {stop: [place[neighbour] for neighbour in neighbours.get(stop, [])] or [place[stop]] for stop in order}
        order.sort(key=lambda stop: sum(pulls[stop]) / len(pulls[stop]))
        place.update({stop: _share(position, order) for position, stop in enumerate(order)})
    return swept


def _share(position: int, order: Sequence[int]) -> float:
    """Return how far through its rank a stop stands, 0 to 1."""
    return (position + 0.5) / len(order)


def _with_swaps(orders: Orders, steps: Sequence[tuple[int, int]]) -> Orders:
    """Return `orders` with neighbours exchanged if that removes a crossing."""
    place = {stop: position for order in orders for position, stop in enumerate(order)}
    for order in orders:
        for left in range(len(order) - 1):
            one, other = order[left : left + 2]
            if _crossings_of(one, other, place, steps) > _crossings_of(other, one, place, steps):
                order[left], order[left + 1] = other, one
                place[one], place[other] = left + 1, left
    return orders


def _crossings_of(first: int, second: int, place: dict[int, int], steps: Sequence[tuple[int, int]]) -> int:
    """Return how often the steps of two neighbours cross if `first` stands before `second`."""
    return sum(
        place[one[1 - end]] > place[other[1 - end]]
        for end in (0, 1)
        for one in steps
        if one[end] == first
        for other in steps
        if other[end] == second
    )
