"""The measures of one scene's trace. Each function returns figures and findings of one number of the rubric."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from callsheet.model.film.rehearsal import LayoutProblem
from callsheet.model.film.trace import Element, ElementKind, Place, SceneTrace, Seen, Span
from callsheet.review.arithmetic import box_around, covered, framing, hues, imbalance, word_count
from callsheet.review.measures import (
    MEASURES,
    MeasureName,
    Review,
    ReviewFigure,
    ReviewFinding,
    figure,
    finding,
    review_of,
)

# Fainter elements are a backdrop, or on their way.
IN_VIEW = 0.3
# The picture is empty if less than this share of it is covered.
BLANK = 0.01
# How long a scene may be empty when it begins and ends.
ENTRANCE_S = 0.5
SHORT_SIDE_PX = 1080
# WCAG 2.2 asks for 4.5 : 1, and for 3 : 1 from this size of type on.
LARGE_TYPE_PX = 24
SMALL_TYPE_CONTRAST = 4.5
# Shorter texts are read at a glance.
FEWEST_WORDS = 4
# Edges nearer to each other than this are one line to the eye, in pixels of 1080.
SAME_EDGE_PX = 2
# Scenes shorter than this, or with fewer elements, need no news in their second half.
SHORT_SCENE_S = 6.0
FEW_ELEMENTS = 4
# A shape that covers this much of the frame is its ground.
GROUND_AREA = 0.9
# What the rehearsal finds and no measure of the trace does.
LAYOUT_PROBLEMS = frozenset(
    {
        LayoutProblem.OFF_FRAME,
        LayoutProblem.OVERLAP,
        LayoutProblem.HIDDEN,
        LayoutProblem.STRUCK,
        LayoutProblem.TYPEFACE,
    }
)


@dataclass(frozen=True)
class ElementView:
    """An element at the end of a span, with both."""

    element: Element
    seen: Seen
    span: Span


def review_scene(trace: SceneTrace) -> Review:
    """Return the review of one scene by its trace."""
    return review_of(trace.name, [each for measure in _BY_NUMBER for each in measure(trace)])


def scene_framing(trace: SceneTrace) -> tuple[bool, ...]:
    """Return the layout of the scene's fullest picture."""
    return framing(covered(_places(_fullest(trace))))


def _blank(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    first, last = ENTRANCE_S, trace.duration_s - ENTRANCE_S
    blank_s, before = 0.0, True
    for span in trace.spans:
        now = float(covered(_places(span)).mean()) < BLANK
        begin_s = span.first_frame / trace.frame_rate
        end_s = begin_s + span.frames / trace.frame_rate
        empty_s = min(end_s, last) - max(begin_s, first)
        if now and (before or not span.moves) and empty_s > 0:
            blank_s += empty_s
            message = f"the picture is empty for {empty_s:.1f} s"
            yield finding(MeasureName.BLANK_SHARE, trace.name, max(begin_s, first), empty_s / trace.duration_s, message)
        before = now
    yield figure(MeasureName.BLANK_SHARE, trace.name, blank_s / trace.duration_s if trace.frames else 0.0)


def _fill(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    span = _fullest(trace)
    around = box_around(_places(span))
    value = around.area if around else 0.0
    yield figure(MeasureName.FILL, trace.name, value)
    if not MEASURES[MeasureName.FILL].is_good(value):
        message = f"the fullest picture uses {100 * value:.0f} % of the frame; 40 % are the least"
        yield finding(MeasureName.FILL, trace.name, _end_s(trace, span), value, message, (around,) if around else ())


def _words(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    most = max((sum(_words_of(view) for view in _views(trace, [span])) for span in trace.spans), default=0)
    yield figure(MeasureName.WORDS_IN_VIEW, trace.name, most)
    texts = [(number, element) for number, element in enumerate(trace.elements) if element.kind is ElementKind.TEXT]
    yield figure(MeasureName.WORDS_OF_TEXT, trace.name, max((word_count(text.words) for _, text in texts), default=0))
    paces: list[float] = []
    for number, text in texts:
        words = word_count(text.words)
        views = [view for view in _views(trace, trace.spans) if view.seen.element == number]
        if not views or words < FEWEST_WORDS:
            continue
        place, second = (views[-1].seen.place,), _end_s(trace, views[0].span)
        if words > (MEASURES[MeasureName.WORDS_OF_TEXT].most or 0):
            message = f"{_named(text)} has {words} words; 10 are the most for one element"
            yield finding(MeasureName.WORDS_OF_TEXT, trace.name, second, words, message, place)
        paces.append(sum(view.span.frames for view in views) / trace.frame_rate / words)
        if not MEASURES[MeasureName.WORD_S].is_good(paces[-1]):
            message = f"{_named(text)} stays {paces[-1]:.2f} s for each of its {words} words; 0.4 s are the least"
            yield finding(MeasureName.WORD_S, trace.name, second, paces[-1], message, place)
    if paces:
        yield figure(MeasureName.WORD_S, trace.name, min(paces))


def _type(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    sizes: list[float] = []
    for views in _by_element(trace):
        largest = max(views, key=lambda view: view.seen.type_px or 0.0)
        # Dots and dashes are not read.
        is_read = any(map(str.isalnum, largest.element.words or "unknown"))
        if largest.seen.type_px is None or not is_read:
            continue
        sizes.append(largest.seen.type_px)
        if not MEASURES[MeasureName.TYPE_PX].is_good(sizes[-1]):
            message = f"{_named(largest.element)} has type of {sizes[-1]:.0f} px at 1080 lines; 24 px are the least"
            second = _end_s(trace, largest.span)
            yield finding(MeasureName.TYPE_PX, trace.name, second, sizes[-1], message, (largest.seen.place,))
    if sizes:
        yield figure(MeasureName.TYPE_PX, trace.name, min(sizes))


def _contrast(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    ratios: list[float] = []
    for views in _by_element(trace):
        known = [view for view in views if view.seen.contrast is not None]
        if not known or len(known) < len(views):
            continue
        best = max(known, key=lambda view: view.seen.contrast or 0.0)
        ratios.append(best.seen.contrast or 0.0)
        limit = SMALL_TYPE_CONTRAST if (best.seen.type_px or 0.0) < LARGE_TYPE_PX else None
        least = limit or MEASURES[MeasureName.CONTRAST].least or 0.0
        if ratios[-1] < least:
            message = f"{_named(best.element)} has a contrast of {ratios[-1]:.1f} : 1; {least:g} : 1 is the least"
            second = _end_s(trace, best.span)
            place = (best.seen.place,)
            yield finding(MeasureName.CONTRAST, trace.name, second, ratios[-1], message, place, limit)
    if ratios:
        yield figure(MeasureName.CONTRAST, trace.name, min(ratios))


def _in_frame(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    still = [span for span in trace.spans if not span.moves]
    views = [view for view in _views(trace, still) if view.element.is_set]
    worst: dict[int, tuple[float, ElementView]] = {}
    scale = SHORT_SIDE_PX / min(trace.width, trace.height)
    for view in views:
        place = view.seen.place
        over_across = max(-place.left, place.right - 1) * trace.width
        over_down = max(-place.top, place.bottom - 1) * trace.height
        over = scale * max(over_across, over_down)
        if over > worst.get(view.seen.element, (0.0, view))[0]:
            worst[view.seen.element] = (over, view)
    yield figure(MeasureName.OVERFLOW_PX, trace.name, max((over for over, _ in worst.values()), default=0.0))
    for over, view in worst.values():
        if not MEASURES[MeasureName.OVERFLOW_PX].is_good(over):
            message = f"{_named(view.element)} reaches {over:.0f} px beyond the frame"
            second = _end_s(trace, view.span)
            yield finding(MeasureName.OVERFLOW_PX, trace.name, second, over, message, (view.seen.place,))
    read = [view for view in _views(trace, still) if view.element.kind.is_read]
    if read:
        nearest = min(read, key=lambda view: _edge_share(view.seen.place))
        value = _edge_share(nearest.seen.place)
        yield figure(MeasureName.EDGE_SHARE, trace.name, value)
        if not MEASURES[MeasureName.EDGE_SHARE].is_good(value):
            message = f"{_named(nearest.element)} is {100 * value:.1f} % of the frame from its edge; 5 % are the least"
            second = _end_s(trace, nearest.span)
            yield finding(MeasureName.EDGE_SHARE, trace.name, second, value, message, (nearest.seen.place,))


def _overlaps(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    worst: dict[tuple[int, int], tuple[float, Span]] = {}
    for span in trace.spans:
        for overlap in span.overlaps:
            pair = (overlap.first, overlap.second)
            if overlap.letters > worst.get(pair, (0.0, span))[0]:
                worst[pair] = (overlap.letters, span)
    yield figure(MeasureName.OVERLAP, trace.name, max((letters for letters, _ in worst.values()), default=0.0))
    for pair, (letters, span) in worst.items():
        if not MEASURES[MeasureName.OVERLAP].is_good(letters):
            first, second = (trace.elements[number] for number in pair)
            message = f"{_named(second)} lies on {_named(first)}, by {letters:.1f} letters"
            places = tuple(seen.place for seen in span.seen if seen.element in pair)
            yield finding(MeasureName.OVERLAP, trace.name, _end_s(trace, span), letters, message, places)


def _layout(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    remarks = [remark for remark in trace.layout if remark.problem in LAYOUT_PROBLEMS]
    yield figure(MeasureName.LAYOUT, trace.name, len(remarks))
    for remark in remarks:
        at = min(max(remark.animation, 1), len(trace.spans)) - 1
        second = _end_s(trace, trace.spans[at]) if trace.spans else 0.0
        yield finding(MeasureName.LAYOUT, trace.name, second, 1, remark.message)


def _alignment(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    span = _fullest(trace)
    yield figure(MeasureName.IMBALANCE, trace.name, imbalance(covered(_places(span))))
    views = _views(trace, [span]) if span else []
    width_px = SHORT_SIDE_PX * trace.width / min(trace.width, trace.height)
    edges = sorted(view.seen.place.left * width_px for view in views)
    if len(edges) >= 3:
        distinct = 1 + sum(later - earlier > SAME_EDGE_PX for earlier, later in pairwise(edges))
        yield figure(MeasureName.EDGES, trace.name, distinct / len(edges))


def _colour(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    found: dict[int, ElementView] = {}
    for view in _views(trace, trace.spans):
        for hue in hues(view.seen.colours):
            found.setdefault(hue, view)
    yield figure(MeasureName.HUES, trace.name, len(found))
    if not MEASURES[MeasureName.HUES].is_good(len(found)):
        last = list(found.values())[-1]
        places = tuple(view.seen.place for view in found.values())
        message = f"the scene uses {len(found)} hues beside the neutrals; 2 are the most"
        yield finding(MeasureName.HUES, trace.name, _end_s(trace, last.span), len(found), message, places)


def _hierarchy(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    sizes = [max(view.seen.type_px or 0.0 for view in views) for views in _by_element(trace)]
    sizes = [size for size in sizes if size > 0]
    if len(sizes) > 1:
        yield figure(MeasureName.HIERARCHY, trace.name, max(sizes) / median(sizes))


def _still(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    runs: list[list[Span]] = []
    for span, before in zip(trace.spans, (None, *trace.spans), strict=False):
        if not span.moves:
            runs = [*runs[:-1], [*runs[-1], span]] if before is not None and not before.moves else [*runs, [span]]
    lengths_s = [sum(span.frames for span in run) / trace.frame_rate for run in runs]
    yield figure(MeasureName.STILL_S, trace.name, max(lengths_s, default=0.0))
    still_s = sum(lengths_s)
    share = still_s / trace.duration_s if trace.frames else 0.0
    yield figure(MeasureName.STILL_SHARE, trace.name, share)
    for run, length_s in zip(runs, lengths_s, strict=True):
        if not MEASURES[MeasureName.STILL_S].is_good(length_s):
            message = f"nothing moves for {length_s:.1f} s; 3 s are the most"
            yield finding(MeasureName.STILL_S, trace.name, run[0].first_frame / trace.frame_rate, length_s, message)
    if not MEASURES[MeasureName.STILL_SHARE].is_good(share):
        message = f"nothing moves in {100 * share:.0f} % of the scene; 35 % are the most"
        yield finding(MeasureName.STILL_SHARE, trace.name, 0.0, share, message)
    large = 0
    seen_before: tuple[Seen, ...] = ()
    for span in trace.spans:
        moved = [seen.place for seen in (*seen_before, *span.seen) if seen.element in span.moved]
        large += span.frames if span.moves and covered(moved).mean() > 0.5 else 0
        seen_before = span.seen
    yield figure(MeasureName.LARGE_MOTION, trace.name, large / trace.frames if trace.frames else 0.0)


def _spread(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    firsts = [views[0].span.first_frame / trace.frames for views in _by_element(trace)]
    if not firsts:
        return
    early, late = sum(first < 0.25 for first in firsts) / len(firsts), sum(first >= 0.5 for first in firsts)
    yield figure(MeasureName.EARLY_SHARE, trace.name, early)
    yield figure(MeasureName.LATE_NEWS, trace.name, late)
    if trace.duration_s < SHORT_SCENE_S or len(firsts) < FEW_ELEMENTS:
        return
    if not MEASURES[MeasureName.EARLY_SHARE].is_good(early):
        message = f"{100 * early:.0f} % of the elements are there after a quarter of the scene; 75 % are the most"
        yield finding(MeasureName.EARLY_SHARE, trace.name, trace.duration_s / 4, early, message)
    if not MEASURES[MeasureName.LATE_NEWS].is_good(late):
        message = "nothing new comes in the second half of the scene"
        yield finding(MeasureName.LATE_NEWS, trace.name, trace.duration_s / 2, late, message)


def _length(trace: SceneTrace) -> Iterator[ReviewFigure | ReviewFinding]:
    yield figure(MeasureName.SCENE_S, trace.name, trace.duration_s)
    if not MEASURES[MeasureName.SCENE_S].is_good(trace.duration_s):
        message = f"the scene lasts {trace.duration_s:.0f} s; 60 s are the most"
        yield finding(MeasureName.SCENE_S, trace.name, 60.0, trace.duration_s, message)


_BY_NUMBER: tuple[Callable[[SceneTrace], Iterator[ReviewFigure | ReviewFinding]], ...] = (
    _blank,
    _fill,
    _words,
    _type,
    _contrast,
    _in_frame,
    _overlaps,
    _layout,
    _alignment,
    _colour,
    _hierarchy,
    _still,
    _spread,
    _length,
)


def _views(trace: SceneTrace, spans: Iterable[Span]) -> list[ElementView]:
    """Return what is in view at the end of these spans, not too faint."""
    return [
        ElementView(trace.elements[seen.element], seen, span)
        for span in spans
        for seen in span.seen
        if seen.opacity >= IN_VIEW and seen.place.area > 0
    ]


def _by_element(trace: SceneTrace) -> list[list[ElementView]]:
    """Return the views of each element that is ever in view."""
    by_element: dict[int, list[ElementView]] = {}
    for view in _views(trace, trace.spans):
        by_element.setdefault(view.seen.element, []).append(view)
    return list(by_element.values())


def _fullest(trace: SceneTrace) -> Span | None:
    """Return the span that ends with the most of the frame in use; None if there is no span."""

    def used(span: Span) -> float:
        around = box_around(_places(span))
        return around.area if around else 0.0

    return max(trace.spans, key=used, default=None)


def _places(span: Span | None) -> Sequence[Place]:
    """Return the places of what is in view, without grounds."""
    seen = [each.place for each in span.seen if each.opacity >= IN_VIEW] if span else []
    return [place for place in seen if place.area < GROUND_AREA] or seen


def _end_s(trace: SceneTrace, span: Span | None) -> float:
    """Return the time of the last frame of a span."""
    return (span.first_frame + max(span.frames - 1, 0)) / trace.frame_rate if span else 0.0


def _edge_share(place: Place) -> float:
    return min(place.left, 1 - place.right, place.top, 1 - place.bottom)


def _words_of(view: ElementView) -> int:
    return 0 if view.element.kind is ElementKind.FORMULA else word_count(view.element.words)


def _named(element: Element) -> str:
    words = " ".join(element.words.split())
    short = words if len(words) <= 40 else words[:39].rstrip() + "…"
    return f"the {element.kind} “{short}”" if words else f"the {element.kind}"
