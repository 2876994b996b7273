"""SVG drawings as Manim can draw them.

Parts that Manim leaves out are drawn in another way, or named.

Manim draws filled and stroked shapes in one colour each. Here the colours of style sheets, inheritance, opacity, <use>
and the fill rule become attributes of each shape. View boxes, units and transforms of CSS become transforms that Manim
reads. For everything else there is a sentence.
"""

from __future__ import annotations

import math
import operator
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from svgelements import Close, Line, Matrix, Move
from svgelements import Path as SvgPath

from callsheet.model.film.scenes import Finding
from callsheet.sources.svg_styles import KEYWORDS, Colour, declarations, read_colour, read_rules, with_variables

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
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "marker-start": "none",
    "marker-mid": "none",
    "marker-end": "none",
}
_OWN = ("opacity", "display", "clip-path", "mask", "filter", "mix-blend-mode", "transform", "transform-origin")
_PROPERTIES = frozenset({*_INHERITED, *_OWN, "stop-color", "stop-opacity", "transform-box"})
_BLACK = "shapes without a colour are black, as SVG has it; give them one, or call set_color(…)"
_MOVES = "its movement is not shown; animate the mobject instead"
_NOT_DRAWN = {
    "image": "a picture inside of it is not drawn",
    "animate": _MOVES,
    "animateTransform": _MOVES,
    "animateMotion": _MOVES,
    "set": _MOVES,
}
_EFFECTS = {"clip-path": "clipping", "mask": "mask", "filter": "filter", "mix-blend-mode": "blending"}
_LINES = "its lines keep their width when the mobject is scaled: load it in its size, SVGMobject(…, height=…)"
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^\"')\s]+)")
_LENGTH = re.compile(r"\s*([-+.\deE]+)(px|pt|pc|mm|cm|in|q|em|rem|ex|%)?\s*", re.IGNORECASE)
_UNITS_PX = {
    "pt": 96 / 72,
    "pc": 16,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96,
    "q": 96 / 101.6,
    "em": 16,
    "rem": 16,
    "ex": 8,
}
_MOST_NAMED = 12
# Points at which a curve is looked at, and pairs of sides that are compared (about a second).
_SAMPLES = 8
# The errors of svgelements for numbers that are missing or no numbers.
_DAMAGED = (ValueError, AttributeError, TypeError)
_MOST_PAIRS = 1_000_000

Polygon = list[complex]


@dataclass(frozen=True)
class PlainDrawing:
    """A drawing of plain shapes, and a remark for each thing that is missing or simpler.

    A remark is a sentence without its full stop.
    """

    tree: ElementTree.ElementTree[Element]
    remarks: tuple[str, ...]


def plain_drawing(path: Path) -> PlainDrawing:
    """Return the drawing as Manim can draw it. The file has passed `check_svg`, or is trusted."""
    root = ElementTree.parse(path).getroot()
    return _Maker(root).made()


def remarks_on(drawings: Mapping[str, Path]) -> tuple[Finding, ...]:
    """Return what Manim leaves out of drawings, or simplifies.

    Each remark is a sentence with the drawing's name.
    """
    told = []
    for name, path in drawings.items():
        remarks = list(plain_drawing(path).remarks)
        if not all(remark.startswith((_BLACK, _MOVES, _LINES)) for remark in remarks):
            remarks.append(f"as a picture it is shown whole: ImageMobject(“{name}”)")
        told += [Finding(line=0, message=f"{name}: {remark}") for remark in remarks]
    return tuple(told)


@dataclass
class _Style:
    """The style of an element.

    It has the inherited properties that were written, and the opacity of all groups around it.
    """

    written: dict[str, str] = field(default_factory=dict)
    opacity: float = 1.0
    scale: float = 1.0
    """The length of one unit of the element, in units of the drawing."""
    size: tuple[float, float] = (100.0, 100.0)
    """Width and height of the view box around the element: percentages are of these."""

    def __getitem__(self, key: str) -> str:
        """Return a property, as it was written or its default."""
        return self.written.get(key, _INHERITED[key])


class _Maker:
    """Rewrites one drawing."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._by_id = {element.get("id", ""): element for element in root.iter()}
        self._around = {part: element for element in root.iter() for part in element}
        sheet = "".join(element.text or "" for element in root.iter() if _name(element) == "style")
        self._rules, remarks = read_rules(sheet, _PROPERTIES)
        self._remarks = Counter(remarks)

    def made(self) -> PlainDrawing:
        attributes = {key: value for key, value in self._root.attrib.items() if key in {"viewBox", "width", "height"}}
        plain = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **attributes})
        self._walk(self._root, _Style(size=_size_of(self._root.attrib, _Style().size)), plain)
        named = [remark if count == 1 else f"{remark} ({count} times)" for remark, count in self._remarks.most_common()]
        more = len(named) - _MOST_NAMED
        told = (*named[:_MOST_NAMED], *([f"{more} more things of it are not drawn"] if more > 0 else []))
        return PlainDrawing(ElementTree.ElementTree(plain), told)

    def _walk(self, element: Element, outer: _Style, into: Element) -> None:
        name = _name(element)
        own = self._properties(element)
        style = self._styled(own, outer)
        if own.get("display") == "none":
            return
        self._remark_on(element, name, own)
        if name in _SHAPES and style["visibility"] == "visible":
            self._take_shape(element, name, own, style, into)
        elif name in _GROUPS:
            place, inner = self._placed(element, own, style)
            group = ElementTree.SubElement(into, "g", place)
            if name == "svg" and element is not self._root:
                group, inner = self._viewport(element.attrib, inner, group)
            for part in element:
                self._walk(part, inner, group)
        elif name == "use":
            place, inner = self._placed(element, own, style)
            self._take_use(element, own, inner, ElementTree.SubElement(into, "g", place))

    def _remark_on(self, element: Element, name: str, own: Mapping[str, str]) -> None:
        for effect, noun in _EFFECTS.items():
            if own.get(effect, "none") not in {"none", "normal"}:
                self._remarks[f"the {noun} of {_called(element)} is not drawn: what it changes is shown as it is"] += 1
        if name == "text":
            words = " ".join("".join(element.itertext()).split()) or "…"
            self._remarks[f"the text “{words[:40]}” is not drawn; turn it into paths, or write it with Text(…)"] += 1
        for part in (element, *(element if name in _SHAPES else ())):
            if _name(part) in _NOT_DRAWN:
                self._remarks[_NOT_DRAWN[_name(part)]] += 1

    def _properties(self, element: Element) -> dict[str, str]:
        """Return the properties of an element.

        Style rules, in the order of their weight, override attributes. The element's own style overrides both.
        Important declarations override all others.
        """
        found = {key: value.strip() for key, value in element.attrib.items() if key in _PROPERTIES}
        rules = [rule for rule in self._rules if rule.holds_for(element, self._around)]
        usual, important = declarations(element.get("style", ""), _PROPERTIES)
        for declared in (*(rule.declared for rule in rules), usual, *(rule.important for rule in rules), important):
            found |= declared
        return found

    def _styled(self, own: Mapping[str, str], outer: _Style) -> _Style:
        values = {**outer.written, **{key: value for key, value in own.items() if key.startswith("--")}}
        for key, default in _INHERITED.items():
            written = own.get(key, "inherit")
            value = with_variables(written, values)
            if value is None:
                self._remarks[f"the value “{written[:40]}” of {key} is not known; write the colour itself"] += 1
            elif value == "initial":
                values[key] = default
            elif value not in {"inherit", "unset"}:
                values[key] = value
        return replace(outer, written=values, opacity=outer.opacity * _number(own.get("opacity"), 1.0))

    def _placed(self, element: Element, own: Mapping[str, str], style: _Style) -> tuple[dict[str, str], _Style]:
        """Return the element's id and transform, by attribute or CSS, and the style with its scale."""
        place = {"id": element.attrib["id"]} if "id" in element.attrib else {}
        written = own.get("transform", "none")
        if written == "none":
            return place, style
        origin = [_PLACES.get(part, part) for part in own.get("transform-origin", "0 0").split()]
        x, y = (_length(part, whole) for part, whole in zip([*origin, "50%"], style.size, strict=False))
        with suppress(ValueError):
            matrix = Matrix(f"translate({x} {y}) {written} translate({-x} {-y})")
            parts = [matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f]
            is_plain = _TRANSFORMS.issuperset(re.findall(r"([\w-]+)\s*\(", written)) and "transform-box" not in own
            if is_plain and all(isinstance(part, float | int) for part in parts):
                scale = style.scale * math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
                return {**place, "transform": _matrix(*parts)}, replace(style, scale=scale)
        self._remarks[f"the transform “{written[:40]}” of {_called(element)} is not applied; write it as a matrix"] += 1
        return place, style

    def _viewport(self, attributes: Mapping[str, str], style: _Style, into: Element) -> tuple[Element, _Style]:
        """Return the group for a nested <svg> or a <symbol>, and the style in it.

        The group is moved from its view box into its place.
        """
        across, down = style.size
        x, y = _length(attributes.get("x"), across), _length(attributes.get("y"), down)
        width, height = (
            _length(attributes.get("width", "100%"), across),
            _length(attributes.get("height", "100%"), down),
        )
        box = _view_box(attributes)
        if box is None:
            moved = ElementTree.SubElement(into, "g", {"transform": _matrix(1, 0, 0, 1, x, y)})
            return moved, replace(style, size=(width, height))
        scale_x, scale_y = width / box[2], height / box[3]
        aligned, _, way = attributes.get("preserveAspectRatio", "xMidYMid meet").partition(" ")
        if aligned != "none":
            scale_x = scale_y = max(scale_x, scale_y) if way.strip() == "slice" else min(scale_x, scale_y)
        x += _SHARES.get(aligned[1:4], 0.5) * (width - scale_x * box[2]) - scale_x * box[0]
        y += _SHARES.get(aligned[5:8], 0.5) * (height - scale_y * box[3]) - scale_y * box[1]
        moved = ElementTree.SubElement(into, "g", {"transform": _matrix(scale_x, 0, 0, scale_y, x, y)})
        return moved, replace(style, size=box[2:], scale=style.scale * math.sqrt(scale_x * scale_y))

    def _take_use(self, element: Element, own: Mapping[str, str], style: _Style, group: Element) -> None:
        target = self._by_id.get((element.get("href") or element.get(_XLINK) or "#")[1:])
        if target is None:
            return
        by = ",".join(f"{_length(element.get(axis), size):.6g}" for axis, size in zip("xy", style.size, strict=True))
        moved = ElementTree.SubElement(group, "g", {"transform": f"translate({by})"})
        for paint in ("fill", "stroke") if _name(target) in _SHAPES else ():
            kept = self._properties(target).get(paint, "inherit")
            if own.get(paint, "inherit") not in {"inherit", kept} and kept != "inherit":
                remark = f"{_called(target)} keeps its {paint} “{kept[:40]}” when a <use> gives it “{own[paint][:40]}”"
                self._remarks[f"{remark}, as in a browser; remove the {paint} of {_called(target)}"] += 1
        if _name(target) in {"symbol", "svg"}:
            given = {key: value for key, value in element.attrib.items() if key in {"width", "height"}}
            inner = self._styled(self._properties(target), style)
            moved, inner = self._viewport({**target.attrib, **given}, inner, moved)
            for part in target:
                self._walk(part, inner, moved)
        else:
            self._walk(target, style, moved)

    def _take_shape(self, element: Element, name: str, own: Mapping[str, str], style: _Style, into: Element) -> None:
        place, style = self._placed(element, own, style)
        geometry = {
            key: _plain_length(key, element.attrib[key], style.size) for key in _GEOMETRY & element.attrib.keys()
        }
        shape = ElementTree.SubElement(into, name, {**place, **geometry})
        for paint in ("fill", "stroke"):
            opacity = style.opacity * _number(style[f"{paint}-opacity"], 1.0)
            if paint in style.written:  # else the mobject's own colour decides
                colour, alpha = self._colour(style[paint], style, paint, element)
                shape.set(paint, colour)
                opacity *= alpha
            if shape.get(paint) == "none" or opacity != 1:
                shape.set(f"{paint}-opacity", f"{opacity if shape.get(paint) != 'none' else 0:.4g}")
        if shape.get("stroke", "none") != "none":
            self._set_stroke(shape, style)
        elif "fill" not in style.written:
            self._remarks[_BLACK] += 1
        if name == "path" and "a" in element.get("d", "").lower():
            with suppress(*_DAMAGED):
                # Manim draws arcs with corners. Cubic curves in their place are right to a thousandth.
                path = SvgPath(element.get("d", ""))
                path.approximate_arcs_with_cubics()
                shape.set("d", str(path.d(relative=False)))
        if style["fill-rule"] == "evenodd" and shape.get("fill") != "none":
            self._follow_rule(shape, name, element)

    def _set_stroke(self, shape: Element, style: _Style) -> None:
        # Manim takes 0 if no width is written, and leaves transforms out of it.
        width = style.scale * _length(style["stroke-width"], math.hypot(*style.size) / math.sqrt(2))
        shape.set("stroke-width", f"{width:.6g}")
        for key in ("stroke-linecap", "stroke-linejoin"):
            shape.set(key, style[key])
        self._remarks[_LINES] = 1
        if style["stroke-dasharray"] not in {"none", "0"}:
            self._remarks["its dashed lines are drawn as whole lines; use DashedVMobject(…)"] += 1
        if any(style[f"marker-{place}"] != "none" for place in ("start", "mid", "end")):
            self._remarks["the marks at the ends of its lines (markers) are not drawn; turn them into paths"] += 1

    def _colour(self, written: str, style: _Style, paint: str, element: Element) -> tuple[str, float]:
        """Return one plain colour, and how opaque it is. A gradient gives the middle of its colours."""
        if written.lower() in {"currentcolor", "context-fill", "context-stroke"}:
            written = style["color"] if style["color"].lower() not in KEYWORDS else "black"
        found = _REFERENCE.match(written)
        if found is None:
            if written.lower() in {"none", "transparent"}:
                return "none", 1.0
            colour = read_colour(written)
            if colour is None:
                self._remarks[
                    f"the colour “{written[:40]}” of {_called(element)} is not drawn; write it as #rrggbb"
                ] += 1
                return "none", 1.0
            return _hexadecimal(*colour[:3]), colour[3]
        id_ = found[1]
        target = self._by_id.get(id_)
        stops = [] if target is None or not _name(target).endswith("Gradient") else list(self._stops(target, style))
        if stops:
            self._remarks[f"the gradient “{id_}” is drawn in one colour, the middle of its colours"] += 1
            opacities = [stop[3] for stop in stops]
            weights = opacities if any(opacities) else [1.0] * len(stops)
            channels = list(zip(*stops, strict=True))[:3]
            mean = [sum(map(operator.mul, channel, weights)) / sum(weights) for channel in channels]
            return _hexadecimal(*mean), sum(opacities) / len(stops)
        self._remarks[f"the pattern “{id_}” ({paint} of {_called(element)}) is not drawn; choose one colour"] += 1
        return self._colour(written[found.end() :].strip(" )'\"") or "none", style, paint, element)

    def _stops(self, gradient: Element, style: _Style) -> Iterator[Colour]:
        seen: list[Element] = []
        while not any(_name(part) == "stop" for part in gradient) and gradient not in seen:
            seen.append(gradient)
            gradient = self._by_id.get((gradient.get("href") or gradient.get(_XLINK) or "#")[1:], gradient)
        for stop in gradient:
            if _name(stop) == "stop":
                own = self._properties(stop)
                written = with_variables(own.get("stop-color", "black"), {**style.written, **own}) or ""
                colour = read_colour(style["color"] if written.lower() == "currentcolor" else written)
                if colour is None:
                    self._remarks[f"the colour “{written[:40]}” of a gradient is not drawn; write it as #rrggbb"] += 1
                else:
                    yield *colour[:3], colour[3] * _number(own.get("stop-opacity"), 1.0)

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
            depth = sum(_contains(other, box, outline[0]) for box, other in around)
            if (_area(outline) > 0) != (depth % 2 == 0):
                part.reverse()
        shape.set("d", " ".join(part.d(relative=False) for part in parts))


_XLINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_CROSSING = "a shape that crosses itself is filled where it overlaps (fill-rule evenodd); split it into several shapes"
_GEOMETRY = frozenset({"d", "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "x1", "y1", "x2", "y2", "points"})
_AXES = {
    **dict.fromkeys(("x", "cx", "x1", "x2", "width", "rx"), "x"),
    **dict.fromkeys(("y", "cy", "y1", "y2", "height", "ry"), "y"),
    "r": "",
}
"""The side of the view box of which a percentage is a part, by attribute; of a radius, its diagonal."""
_TRANSFORMS = frozenset(
    {"matrix", "translate", "translateX", "translateY", "scale", "scaleX", "scaleY", "rotate", "skewX", "skewY", "skew"}
)
_PLACES = {"left": "0%", "top": "0%", "center": "50%", "right": "100%", "bottom": "100%"}
_SHARES = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
"""Shares of the room that is left over in a viewport, by the words of preserveAspectRatio."""


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _called(element: Element) -> str:
    return f"“{element.get('id')}”" if element.get("id") else f"a <{_name(element)}>"


def _matrix(*parts: float) -> str:
    return f"matrix({' '.join(f'{part:.9g}' for part in parts)})"


def _hexadecimal(*channels: float) -> str:
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)


def _view_box(attributes: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    """Return the left and upper side of a view box, its width and its height.

    Return None if it shows nothing.
    """
    try:
        left, top, width, height = map(float, re.split(r"[\s,]+", attributes.get("viewBox", "").strip()))
    except ValueError:
        return None
    return (left, top, width, height) if width > 0 and height > 0 else None


def _size_of(attributes: Mapping[str, str], outer: tuple[float, float]) -> tuple[float, float]:
    box = _view_box(attributes)
    if box is not None:
        return box[2:]
    return _length(attributes.get("width", "100%"), outer[0]), _length(attributes.get("height", "100%"), outer[1])


def _length(text: str | None, whole: float) -> float:
    """Return a length in units of the drawing; a percentage is of `whole`.

    A text that is no length gives 0.
    """
    found = _LENGTH.fullmatch(text or "")
    try:
        number = float(found[1]) if found else 0.0
    except ValueError:
        return 0.0
    unit = (found[2] or "px").lower() if found else "px"
    return number * (whole / 100 if unit == "%" else _UNITS_PX.get(unit, 1.0))


def _plain_length(key: str, written: str, size: tuple[float, float]) -> str:
    """Return an attribute of a shape without a unit: Manim knows the size of no view box."""
    if key not in _AXES or written.strip()[-1:].isdigit():
        return written
    across, down = size
    return f"{_length(written, {'x': across, 'y': down, '': math.hypot(across, down) / math.sqrt(2)}[_AXES[key]]):.9g}"


def _number(text: str | None, otherwise: float) -> float:
    try:
        return float(text[:-1]) / 100 if text and text.endswith("%") else float(text or otherwise)
    except ValueError:
        return otherwise


def _sampled(path: SvgPath) -> Polygon:
    found: Polygon = []
    for segment in path:
        steps = 1 if isinstance(segment, Line | Close | Move) else _SAMPLES
        points = [segment.point(step / steps) for step in range(1, steps + 1)]
        found += [complex(float(point.x), float(point.y)) for point in points]
    return [point for number, point in enumerate(found) if number == 0 or point != found[number - 1]]


def _area(outline: Polygon) -> float:
    """Return twice the signed area of a polygon."""
    return sum((a.conjugate() * b).imag for a, b in zip(outline, [*outline[1:], outline[0]], strict=True))


def _box(outline: Polygon) -> tuple[complex, complex]:
    """Return the corners of the box around a polygon: the least and the greatest numbers."""
    across, down = [point.real for point in outline], [point.imag for point in outline]
    return complex(min(across), min(down)), complex(max(across), max(down))


def _contains(outline: Polygon, box: tuple[complex, complex], point: complex) -> bool:
    """Return whether a polygon, with this box around it, holds a point.

    The number of its sides to the right of the point decides.
    """
    least, greatest = box
    if not (least.real <= point.real <= greatest.real and least.imag <= point.imag <= greatest.imag):
        return False
    inside = False
    for a, b in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (a.imag > point.imag) != (b.imag > point.imag):
            x = a.real + (point.imag - a.imag) / (b.imag - a.imag) * (b.real - a.real)
            inside ^= x > point.real
    return inside


def _crosses(outlines: list[Polygon]) -> bool:
    """Return whether any two sides of the polygons cross.

    Very many sides above each other are not checked.
    """
    sides = [side for line in outlines for side in zip(line, [*line[1:], *line[:1]], strict=True)]
    above: list[tuple[complex, complex]] = []
    """Sides that reach as far to the right as the present one begins."""
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
