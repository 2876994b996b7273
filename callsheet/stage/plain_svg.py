"""SVG drawings as Manim can draw them: what it leaves out is drawn in another way, or named.

Manim draws filled and stroked shapes in one colour each. Here the colours of style sheets, inheritance, opacity, <use>
and the fill rule become attributes of each shape; for everything else there is a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from svgelements import Close, Color, Line, Move
from svgelements import Path as SvgPath

from callsheet.model.scenes import Finding

_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
_GROUPS = frozenset({"svg", "g", "a", "switch"})
_INHERITED = {
    "fill": "black",
    "fill-opacity": "1",
    "fill-rule": "nonzero",
    "stroke": "none",
    "stroke-opacity": "1",
    "stroke-width": "1",
    "stroke-dasharray": "none",
    "color": "black",
    "visibility": "visible",
    "marker-start": "none",
    "marker-mid": "none",
    "marker-end": "none",
}
_OWN = ("opacity", "display", "clip-path", "mask", "filter")
_BLACK = "shapes without a colour are black, as SVG has it; give them one, or call set_color(…)"
_MOVES = "its movement is not shown; animate the mobject instead"
_NOT_DRAWN = {
    "image": "a picture inside of it is not drawn",
    "animate": _MOVES,
    "animateTransform": _MOVES,
    "animateMotion": _MOVES,
    "set": _MOVES,
}
_EFFECTS = {"clip-path": "clipping", "mask": "mask", "filter": "filter"}
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^\"')\s]+)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"(\*|[\w-]+)?((?:[.#][\w-]+)*)")
_MOST_NAMED = 12
# Points at which a curve is looked at, and pairs of sides that are held against each other (about a second).
_SAMPLES = 8
# What svgelements raises for numbers that are missing or no numbers.
_DAMAGED = (ValueError, AttributeError, TypeError)
_MOST_PAIRS = 1_000_000

Polygon = list[complex]


@dataclass(frozen=True)
class PlainDrawing:
    """A drawing of plain shapes, and a sentence without its full stop for each thing that is missing or simpler."""

    tree: ElementTree.ElementTree[Element]
    remarks: tuple[str, ...]


def plain_drawing(path: Path) -> PlainDrawing:
    """The drawing as Manim can draw it. The file has passed `check_svg`, or is one's own."""
    root = ElementTree.parse(path).getroot()
    return _Maker(root).made()


def remarks_on(drawings: Mapping[str, Path]) -> tuple[Finding, ...]:
    """What Manim doesn't draw of drawings, or draws in a simpler way: a sentence each, with the drawing's name."""
    told = []
    for name, path in drawings.items():
        remarks = list(plain_drawing(path).remarks)
        if not all(remark.startswith((_BLACK, _MOVES)) for remark in remarks):
            remarks.append(f"as a picture it is shown whole: ImageMobject(“{name}”)")
        told += [Finding(line=0, message=f"{name}: {remark}") for remark in remarks]
    return tuple(told)


@dataclass
class _Style:
    """What holds for an element: inherited properties that were written, and the opacity of all groups around it."""

    written: dict[str, str] = field(default_factory=dict)
    opacity: float = 1.0

    def __getitem__(self, key: str) -> str:
        """A property, as it was written or as it is by default."""
        return self.written.get(key, _INHERITED[key])


class _Maker:
    """Goes through one drawing."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._by_id = {element.get("id", ""): element for element in root.iter()}
        self._remarks: Counter[str] = Counter()
        self._rules = list(self._read_rules())

    def made(self) -> PlainDrawing:
        attributes = {key: value for key, value in self._root.attrib.items() if key in {"viewBox", "width", "height"}}
        plain = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **attributes})
        self._walk(self._root, _Style(), plain)
        named = [remark if count == 1 else f"{remark} ({count} times)" for remark, count in self._remarks.most_common()]
        more = len(named) - _MOST_NAMED
        told = (*named[:_MOST_NAMED], *([f"{more} more things of it are not drawn"] if more > 0 else []))
        return PlainDrawing(ElementTree.ElementTree(plain), told)

    def _read_rules(self) -> Iterator[tuple[int, re.Match[str], dict[str, str]]]:
        """Rules of the style sheets, each with its weight."""
        sheets = "".join(element.text or "" for element in self._root.iter() if _name(element) == "style")
        for selectors, block in _RULE.findall(re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)):
            for selector in map(str.strip, selectors.split(",")):
                found = _SIMPLE_SELECTOR.fullmatch(selector)
                if found is None:
                    self._remarks[f"the style rule “{selector[:40]}” is not applied; give the shapes its colours"] += 1
                    continue
                weight = 100 * found[2].count("#") + 10 * found[2].count(".") + (found[1] not in {None, "*"})
                yield weight, found, _declarations(block)

    def _walk(self, element: Element, outer: _Style, into: Element) -> None:
        name = _name(element)
        own = self._properties(element, name)
        style = self._styled(own, outer)
        if own.get("display") == "none":
            return
        self._remark_on(element, name, own)
        if name in _SHAPES and style["visibility"] == "visible":
            self._take_shape(element, name, style, into)
        elif name in _GROUPS:
            group = ElementTree.SubElement(into, "g", _place(element))
            for part in element:
                self._walk(part, style, group)
        elif name == "use":
            self._take_use(element, style, into)

    def _remark_on(self, element: Element, name: str, own: Mapping[str, str]) -> None:
        for effect, noun in _EFFECTS.items():
            if own.get(effect, "none") != "none":
                self._remarks[f"the {noun} of {_called(element)} is not drawn: what it changes is shown as it is"] += 1
        if name == "text":
            words = " ".join("".join(element.itertext()).split()) or "…"
            self._remarks[f"the text “{words[:40]}” is not drawn; turn it into paths, or write it with Text(…)"] += 1
        for part in (element, *(element if name in _SHAPES else ())):
            if _name(part) in _NOT_DRAWN:
                self._remarks[_NOT_DRAWN[_name(part)]] += 1

    def _properties(self, element: Element, name: str) -> dict[str, str]:
        """Attributes, style rules in the order of their weight, and the element's own style, which is the last word."""
        found = {key: value.strip() for key, value in element.attrib.items() if key in _INHERITED or key in _OWN}
        for _, match, declared in sorted(self._rules, key=lambda rule: rule[0]):
            if _matches(match, element, name):
                found |= declared
        return found | _declarations(element.get("style", ""))

    def _styled(self, own: Mapping[str, str], outer: _Style) -> _Style:
        values = {**outer.written, **{key: own[key] for key in _INHERITED if own.get(key, "inherit") != "inherit"}}
        return _Style(values, outer.opacity * _number(own.get("opacity"), 1.0))

    def _take_use(self, element: Element, style: _Style, into: Element) -> None:
        target = self._by_id.get((element.get("href") or element.get(_XLINK) or "#")[1:])
        if target is None:
            return
        group = ElementTree.SubElement(into, "g", _place(element))
        by = ",".join(str(_number(element.get(axis, "0").removesuffix("px"), 0.0)) for axis in ("x", "y"))
        moved = ElementTree.SubElement(group, "g", {"transform": f"translate({by})"})
        if _name(target) == "symbol":
            for part in target:
                self._walk(part, self._styled(self._properties(target, "symbol"), style), moved)
        else:
            self._walk(target, style, moved)

    def _take_shape(self, element: Element, name: str, style: _Style, into: Element) -> None:
        shape = ElementTree.SubElement(into, name, {k: v for k, v in element.attrib.items() if k in _GEOMETRY})
        for paint in ("fill", "stroke"):
            if paint in style.written:  # else the mobject's own colour decides
                shape.set(paint, self._colour(style[paint], style["color"], paint, element))
            opacity = style.opacity * _number(style[f"{paint}-opacity"], 1.0)
            if shape.get(paint) == "none" or opacity != 1:
                shape.set(f"{paint}-opacity", f"{opacity if shape.get(paint) != 'none' else 0:.4g}")
        if shape.get("stroke", "none") != "none":
            shape.set("stroke-width", style["stroke-width"])  # Manim takes 0 where none is written
            self._remark_on_stroke(style)
        elif "fill" not in style.written:
            self._remarks[_BLACK] += 1
        if name == "path" and "a" in element.get("d", "").lower():
            with suppress(*_DAMAGED):
                shape.set("d", _without_arcs(element.get("d", "")))
        if style["fill-rule"] == "evenodd" and shape.get("fill") != "none":
            self._follow_rule(shape, name, element)

    def _remark_on_stroke(self, style: _Style) -> None:
        if style["stroke-dasharray"] not in {"none", "0"}:
            self._remarks["its dashed lines are drawn as whole lines; use DashedVMobject(…)"] += 1
        if any(style[f"marker-{place}"] != "none" for place in ("start", "mid", "end")):
            self._remarks["the marks at the ends of its lines (markers) are not drawn; turn them into paths"] += 1

    def _colour(self, written: str, current: str, paint: str, element: Element) -> str:
        """One plain colour. A gradient gives the middle of its colours."""
        if written.lower() in {"currentcolor", "context-fill", "context-stroke"}:
            return current
        found = _REFERENCE.match(written)
        if found is None:
            return written
        id_ = found[1]
        target = self._by_id.get(id_)
        colours = [] if target is None else self._stops(target, current)
        if colours and target is not None and _name(target).endswith("Gradient"):
            self._remarks[f"the gradient “{id_}” is drawn in one colour, the middle of its colours"] += 1
            mean = [round(sum(channel) / len(colours)) for channel in zip(*colours, strict=True)]
            return "#" + "".join(f"{channel:02x}" for channel in mean)
        self._remarks[f"the pattern “{id_}” ({paint} of {_called(element)}) is not drawn; choose one colour"] += 1
        return written[found.end() :].strip(" )'\"") or "none"

    def _stops(self, gradient: Element, current: str) -> list[tuple[int, int, int]]:
        stops = [stop for stop in gradient if _name(stop) == "stop"]
        linked = self._by_id.get((gradient.get("href") or gradient.get(_XLINK) or "#")[1:])
        if not stops and linked is not None and linked is not gradient:
            stops = [stop for stop in linked if _name(stop) == "stop"]
        colours = []
        for stop in stops:
            own = {"stop-color": stop.get("stop-color", "black"), **self._properties(stop, "stop")}
            own |= {k: v for k, v in _declarations(stop.get("style", "")).items() if k == "stop-color"}
            colour = Color(current if own["stop-color"].lower() == "currentcolor" else own["stop-color"])
            colours.append((colour.red or 0, colour.green or 0, colour.blue or 0))
        return colours

    def _follow_rule(self, shape: Element, name: str, element: Element) -> None:
        """Turn the subpaths so that Manim's rule (nonzero) fills what the rule evenodd fills."""
        if name != "path":
            if name in {"polygon", "polyline"}:
                numbers = [float(each) for each in re.findall(_NUMBER, element.get("points", ""))]
                if _crosses([[complex(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=False)]]):
                    self._remarks[_CROSSING] += 1
            return
        try:
            parts = [SvgPath(part) for part in SvgPath(shape.get("d", "")).as_subpaths()]
            outlines = [_sampled(part) for part in parts]
        except _DAMAGED:
            self._remarks[f"the data of {_called(element)} is damaged; save the drawing again"] += 1
            return
        if _crosses(outlines):
            self._remarks[_CROSSING] += 1
            return
        boxes = [_box(outline) for outline in outlines]
        for number, (part, outline) in enumerate(zip(parts, outlines, strict=True)):
            around = (each for place, each in enumerate(zip(boxes, outlines, strict=True)) if place != number)
            depth = sum(_lies_in(outline[0], box) and _contains(other, outline[0]) for box, other in around)
            if (_area(outline) > 0) != (depth % 2 == 0):
                part.reverse()
        shape.set("d", " ".join(part.d(relative=False) for part in parts))


_XLINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_CROSSING = "a shape that crosses itself is filled where it overlaps (fill-rule evenodd); split it into several shapes"
_GEOMETRY = frozenset(
    {"d", "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "points", "transform", "id"}
)


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _called(element: Element) -> str:
    return f"“{element.get('id')}”" if element.get("id") else f"a <{_name(element)}>"


def _place(element: Element) -> dict[str, str]:
    return {key: value for key, value in element.attrib.items() if key in {"transform", "id"}}


def _declarations(text: str) -> dict[str, str]:
    """The declarations of a style, by property, as far as drawing goes."""
    found: dict[str, str] = {}
    for declaration in text.split(";"):
        key, _, value = declaration.partition(":")
        if key.strip() in {*_INHERITED, *_OWN, "stop-color"} and value:
            found[key.strip()] = value.replace("!important", "").strip()
    return found


def _matches(selector: re.Match[str], element: Element, name: str) -> bool:
    if selector[1] not in {None, "*", name}:
        return False
    classes = element.get("class", "").split()
    return all(
        part[1:] == element.get("id") if part[0] == "#" else part[1:] in classes
        for part in re.findall(r"[.#][\w-]+", selector[2])
    )


def _number(text: str | None, otherwise: float) -> float:
    try:
        return float(text[:-1]) / 100 if text and text.endswith("%") else float(text or otherwise)
    except ValueError:
        return otherwise


def _without_arcs(d: str) -> str:
    """The path with cubic curves for its arcs, right to a thousandth; Manim draws arcs with corners."""
    path = SvgPath(d)
    path.approximate_arcs_with_cubics()
    return str(path.d(relative=False))


def _sampled(path: SvgPath) -> Polygon:
    found: Polygon = []
    for segment in path:
        steps = 1 if isinstance(segment, Line | Close | Move) else _SAMPLES
        points = [segment.point(step / steps) for step in range(1, steps + 1)]
        found += [complex(float(point.x), float(point.y)) for point in points]
    return [point for number, point in enumerate(found) if number == 0 or point != found[number - 1]]


def _area(outline: Polygon) -> float:
    """Twice the signed area of a polygon."""
    return sum((a.conjugate() * b).imag for a, b in zip(outline, [*outline[1:], outline[0]], strict=True))


def _box(outline: Polygon) -> tuple[complex, complex]:
    """The corners of what lies around a polygon: the least and the greatest numbers."""
    across, down = [point.real for point in outline], [point.imag for point in outline]
    return complex(min(across), min(down)), complex(max(across), max(down))


def _lies_in(point: complex, box: tuple[complex, complex]) -> bool:
    least, greatest = box
    return least.real <= point.real <= greatest.real and least.imag <= point.imag <= greatest.imag


def _contains(outline: Polygon, point: complex) -> bool:
    """Whether a polygon holds a point: how many of its sides lie to the right of it."""
    inside = False
    for a, b in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (a.imag > point.imag) != (b.imag > point.imag):
            x = a.real + (point.imag - a.imag) / (b.imag - a.imag) * (b.real - a.real)
            inside ^= x > point.real
    return inside


def _crosses(outlines: list[Polygon]) -> bool:
    """Whether any two sides of the polygons cross. A drawing with very many sides above each other is not looked at."""
    sides = [side for line in outlines for side in zip(line, [*line[1:], *line[:1]], strict=True)]
    above: list[tuple[complex, complex]] = []
    """Sides that reach as far to the right as the one that is looked at begins."""
    looked_at = 0
    for side in sorted(sides, key=lambda side: min(side[0].real, side[1].real)):
        left = min(side[0].real, side[1].real)
        above = [other for other in above if max(other[0].real, other[1].real) >= left]
        looked_at += len(above)
        if looked_at > _MOST_PAIRS:
            return False
        if any(_cross(side, other) for other in above):
            return True
        above.append(side)
    return False


def _cross(one: tuple[complex, complex], other: tuple[complex, complex]) -> bool:
    (a, b), (c, d) = one, other

    def side(p: complex, q: complex, r: complex) -> float:
        return ((q - p).conjugate() * (r - p)).imag

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
