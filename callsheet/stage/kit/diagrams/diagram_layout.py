"""The arrangement of a diagram's boxes, arrows and labels.

Pure arithmetic: no Manim, no text.

Ranks follow each other *along* the direction of reading; stops of a rank stand side by side *across* it. A diagram with
more ranks than fit is folded into bands that turn back and forth. Between ranks there are only curves. Through a rank,
an arrow runs straight in a separate slot. So no arrow can touch a foreign box or label. Every way to arrange the
diagram is tried, and the one that reads best is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from callsheet.stage.kit.diagrams.fit import Band, Sheet
from callsheet.stage.kit.diagrams.placement import Across, Extent, place_across
from callsheet.stage.kit.diagrams.ranking import Link, Ranking, parts, rank
from callsheet.stage.kit.diagrams.types import HEAD, LABEL_GAP, Arrangement, Arrow, Size
from callsheet.stage.kit.frame import Area

_CLEAR = 0.13
"""Free length on both sides of an arrow that passes through a rank."""
_PORT_ROOM = 0.26
"""Length of a box's side for each arrow at it, and for the corners."""
_GAP_BOXES, _GAP_LABEL, _GAP_HEAD, _GAP_BEND = 0.78, 0.36, 0.5, 0.46
_STEEPNESS = 0.2
"""How much wider a gap is for each unit that an arrow moves sideways in it."""
_MOST_BANDS, _MOST_RANKS = 4, 8
_LOOSENESS = (1.0, 1.5, 2.2)


def arrange(
    boxes: Sequence[Size], arrows: Sequence[Arrow], area: Area, *, downward: bool, strictly: bool = False
) -> Arrangement:
    """Return the arrangement with the largest type.

    `downward` says which direction of reading is preferred, or the only one if it is meant `strictly`.
    """
    sheets = [sheet for sheet in _sheets(boxes, arrows, area) if not strictly or sheet.is_downward == downward]
    best = max(sheets, key=lambda sheet: sheet.worth(preferred=sheet.is_downward == downward))
    return best.arrangement(arrows, best.worth(preferred=best.is_downward == downward))


def _sheets(boxes: Sequence[Size], arrows: Sequence[Arrow], area: Area) -> Iterator[Sheet]:
    """Yield every way to arrange the diagram that is worth a try."""
    links = [Link(arrow.source, arrow.target, arrow.label is not None) for arrow in arrows]
    most_ranks = min(len(boxes), _MOST_RANKS) if parts(len(boxes), links) > 1 else 1
    for least_ranks, is_downward in product(range(1, most_ranks + 1), (False, True)):
        ranking = rank(len(boxes), links, least_ranks)
        extents = _extents(ranking, boxes, arrows, is_downward=is_downward)
        for looseness in _LOOSENESS:
            across = place_across(ranking, extents, looseness)
            for bands in range(1, _MOST_BANDS + 1):
                folded = _folded(ranking, extents, across, bands)
                if folded:
                    yield Sheet(ranking, extents, across, folded, area, is_downward, looseness)


def _extents(
    ranking: Ranking, boxes: Sequence[Size], arrows: Sequence[Arrow], *, is_downward: bool
) -> tuple[Extent, ...]:
    """Return the room that each stop takes.

    A label stands above its arrow, or to the right of one that leads down.
    """
    stops = 1 + max(stop for order in ranking.ranks for stop in order)
    extents = [Extent(0.0, _CLEAR, _CLEAR)] * stops
    ends = Counter((stop, side) for _, *step in ranking.steps() for side, stop in enumerate(step))
    for stop, size in enumerate(boxes):
        along, across = (size.height, size.width) if is_downward else (size.width, size.height)
        across = max(across, _PORT_ROOM * (1 + max(ends[stop, 0], ends[stop, 1])))
        extents[stop] = Extent(along, across / 2, across / 2)
    for stop, link in ranking.labels.items():
        label = arrows[link].label
        if label and is_downward:
            extents[stop] = Extent(label.height, _CLEAR, label.width + LABEL_GAP)
        elif label:
            extents[stop] = Extent(label.width, label.height + LABEL_GAP, _CLEAR)
    return tuple(extents)


def _folded(ranking: Ranking, extents: Sequence[Extent], across: Across, count: int) -> tuple[Band, ...]:
    """Return the ranks in `count` bands of about the same length, cut behind boxes.

    If there are too few ranks, return no bands.
    """
    lengths = [max(extents[stop].along for stop in order) for order in ranking.ranks]
    gaps = _gaps(ranking, across)
    cuts = [place + 1 for place in range(len(lengths) - 1) if ranking.holds_boxes(place)]
    folds = [
        tuple(
            Band(range(first, last), tuple(lengths[first:last]), tuple(gaps[first : last - 1]))
            for first, last in zip((0, *chosen), (*chosen, len(lengths)), strict=True)
        )
        for chosen in combinations(cuts, count - 1)
    ]
    return min(folds, key=_unevenness, default=())


def _unevenness(bands: tuple[Band, ...]) -> tuple[float, float]:
    lengths = [band.length for band in bands]
    return max(lengths), sum(length * length for length in lengths)


def _gaps(ranking: Ranking, across: Across) -> list[float]:
    """Return the room between neighbouring ranks, for the arrows in it."""
    rank_of = {stop: place for place, order in enumerate(ranking.ranks) for stop in order}
    gaps = [
        _GAP_BOXES
        if ranking.holds_boxes(place) == ranking.holds_boxes(place + 1)
        else (_GAP_LABEL if ranking.holds_boxes(place) else _GAP_HEAD)
        for place in range(len(ranking.ranks) - 1)
    ]
    for link, before, after in ranking.steps():
        place = rank_of[before]
        if link in ranking.turned and before < ranking.boxes:
            gaps[place] = max(gaps[place], _GAP_HEAD)
        sideways = abs(across.leaving(link, before) - across.arriving(link, after))
        gaps[place] = max(gaps[place], _GAP_BEND + HEAD + _STEEPNESS * sideways if sideways > 1e-3 else 0.0)
    return gaps
