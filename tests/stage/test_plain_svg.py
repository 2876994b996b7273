"""SVG drawings become shapes that Manim draws right, and what is missing of them is named."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from svgelements import Color, Matrix
from svgelements import Path as SvgPath

from callsheet.sources.plain_svg import plain_drawing, remarks_on

EMBLEM = Path(__file__).parents[1] / "given" / "emblem.svg"


def drawn(folder: Path, body: str, **attributes: str) -> tuple[list[dict[str, str]], tuple[str, ...]]:
    """The attributes of all shapes of a drawing with this body, and the remarks on it."""
    path = folder / "drawing.svg"
    outer = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {outer}>{body}</svg>', encoding="utf-8")
    plain = plain_drawing(path)
    return [dict(each.attrib) for each in plain.tree.iter() if each.tag not in {"svg", "g"}], plain.remarks


@pytest.mark.parametrize(
    ("body", "fill", "opacity"),
    [
        ('<g fill="red"><rect/></g>', "red", None),
        ('<g fill="red"><rect fill="inherit" style="fill: blue"/></g>', "blue", None),
        ('<style>rect{fill:lime} .a{fill:red} #b{fill:navy}</style><rect class="a x" id="b"/>', "navy", None),
        ('<style>#b{fill:navy} .a{fill:red}</style><rect class="a" id="b" style="fill:teal"/>', "teal", None),
        ('<style>g, .a { fill: red; stroke: none }</style><g><rect/></g>', "red", None),
        ('<g color="orange"><rect fill="currentColor"/></g>', "orange", None),
        ('<g opacity="0.5"><g opacity="50%"><rect fill="red"/></g></g>', "red", "0.25"),
        ('<g opacity=".5"><rect fill="red" fill-opacity=".5"/></g>', "red", "0.25"),
        ('<rect fill="none"/>', "none", "0"),
        ('<linearGradient id="g"><stop stop-color="#000"/><stop stop-color="#fff"/></linearGradient>'
         '<rect fill="url(#g)"/>', "#808080", None),
        ('<linearGradient id="a"><stop style="stop-color:red"/></linearGradient>'
         '<linearGradient id="g" href="#a"/><rect fill="url(#g)"/>', "#ff0000", None),
        ('<defs><rect id="r"/></defs><use href="#r" fill="red"/>', "red", None),
        ('<symbol id="s"><rect/></symbol><use href="#s" style="fill:red"/>', "red", None),
        ('<style>@media print{rect{fill:#000}} @media (prefers-color-scheme:dark){rect{fill:#fff}} rect{fill:red}'
         '@media print{rect{fill:#000}}</style><rect/>', "red", None),
        ('<style>@charset "utf-8";@font-face{font-family:A} @media screen{rect{fill:red}}</style><rect/>', "red", None),
        ('<style>:root{--a:red;--b:var(--a)} .x{fill:var(--b)}</style><rect class="x"/>', "red", None),
        ('<rect fill="var(--none, teal)"/>', "teal", None),
        ('<style>.a .b>rect{fill:red} .c rect{fill:blue}</style><g class="a"><g><g class="b"><rect/></g></g></g>',
         "red", None),
        ('<style>rect{fill:red!important}</style><rect style="fill:blue"/>', "red", None),
        ('<rect style="fill:#f00;fill:color(display-p3 1 0 0)"/>', "red", None),
        ('<rect fill="rebeccapurple"/>', "#663399", None),
        ('<rect fill="hsl(120deg 100% 50% / 25%)"/>', "lime", "0.25"),
        ('<rect fill="rgb(255 0 0 / .5)" fill-opacity="50%"/>', "red", "0.25"),
        ('<rect fill="#ff000080"/>', "red", "0.502"),
        ('<rect fill="color(srgb 1 0 0)"/>', "red", None),
        ('<g fill="red"><rect fill="transparent"/></g>', "none", "0"),
        ('<g fill="red"><rect fill="initial"/></g>', "black", None),
        ('<linearGradient id="g"><stop stop-color="red"/><stop stop-color="blue" stop-opacity="0"/></linearGradient>'
         '<rect fill="url(#g)"/>', "red", "0.5"),
    ],
)  # fmt: skip
def test_the_colour_of_a_shape_is_the_one_that_a_browser_shows(
    tmp_path: Path, body: str, fill: str, opacity: str | None
) -> None:
    """Inheritance, style sheets by their weight, currentColor, the opacity of groups, <use>, the mean of a gradient."""
    (shape,), _ = drawn(tmp_path, body)
    expected = fill if fill == "none" else str(Color(fill).hex)
    assert (shape["fill"], shape.get("fill-opacity")) == (expected, opacity)


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        ('<text fill="red">North <tspan>star</tspan></text>', "the text “North star” is not drawn; turn it into paths"),
        ('<linearGradient id="g"><stop/></linearGradient><rect fill="url(#g)"/>', "the gradient “g” is drawn in one"),
        ('<pattern id="p"/><rect fill="url(#p)"/>', "the pattern “p” (fill of a <rect>) is not drawn"),
        ('<rect id="sky" fill="red" clip-path="url(#c)"/>', "the clipping of “sky” is not drawn"),
        ('<g mask="url(#c)"/>', "the mask of a <g> is not drawn"),
        ('<g style="filter:url(#c)"/>', "the filter of a <g> is not drawn"),
        ('<image href="data:image/png;base64,AA"/>', "a picture inside of it is not drawn"),
        ('<line stroke="red" stroke-dasharray="2"/>', "dashed lines are drawn as whole lines"),
        ('<line stroke="red" marker-end="url(#m)"/>', "marks at the ends of its lines"),
        ("<style>g:not(.a) {fill: red}</style>", "the style rule “g:not(.a)” is not applied"),
        (
            "<style>@media (width > 9px) {g {fill: red}}</style>",
            "the style rules “@media (width > 9px)” are not applied",
        ),
        ('<rect fill="lab(50% 40 59)"/>', "the colour “lab(50% 40 59)” of a <rect> is not drawn; write it as #rrggbb"),
        ('<g fill="red"><rect fill="var(--a)"/></g>', "the value “var(--a)” of fill is not known"),
        (
            '<rect fill="red" style="transform: rotate3d(1, 1, 1, 9deg)"/>',
            "the transform “rotate3d(1, 1, 1, 9deg)” of a",
        ),
        ('<g style="mix-blend-mode: multiply"/>', "the blending of a <g> is not drawn"),
        (
            '<defs><rect id="r" fill="red"/></defs><use href="#r" fill="blue"/>',
            "“r” keeps its fill “red” when a <use> gives it “blue”, as in a browser; remove the fill of “r”",
        ),
        ("<rect fill='red'><animate/></rect>", "its movement is not shown"),
        ("<rect/>", "shapes without a colour are black"),
        ('<path fill="red" fill-rule="evenodd" d="M50 10l20 60-50-40h60l-50 40z"/>', "a shape that crosses itself"),
    ],
)
def test_what_is_not_drawn_is_named(tmp_path: Path, body: str, remark: str) -> None:
    """One sentence for each thing, with what to do."""
    _, remarks = drawn(tmp_path, body)
    assert [remark in each for each in remarks if "keep their width" not in each] == [True]


def test_what_a_drawing_never_shows_is_neither_drawn_nor_named(tmp_path: Path) -> None:
    """Definitions, symbols that nothing uses, hidden parts."""
    body = '<defs><rect/><text>a</text></defs><symbol><rect/></symbol><g display="none"><text>b</text></g>'
    assert drawn(tmp_path, body + '<rect visibility="hidden"/><title>c</title><metadata/>') == ([], ())


def test_arcs_are_round(tmp_path: Path) -> None:
    """Manim's own curves for arcs have corners: a circle of two arcs is nowhere off by a thousandth."""
    for rule in ("nonzero", "evenodd"):
        (ring,), _ = drawn(tmp_path, f'<path fill="red" fill-rule="{rule}" d="m0 -9a9 9 0 1 0 .001 0z"/>')
        path = SvgPath(ring["d"])
        assert "A" not in ring["d"]
        radii = [abs(complex(*path.point(place / 97))) for place in range(97)]
        assert min(radii) > 8.99
        assert max(radii) < 9.01


def test_a_line_without_a_width_is_one_unit_wide(tmp_path: Path) -> None:
    """Manim would take it for no line at all."""
    (line,), _ = drawn(tmp_path, '<line x2="9" stroke="red"/>')
    assert line["stroke-width"] == "1"


def box_of(folder: Path, body: str, **attributes: str) -> tuple[float, ...]:
    """Left, upper, right and lower side of a drawing's only shape, a rectangle, in units of the drawing."""
    path = folder / "drawing.svg"
    outer = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {outer}>{body}</svg>', encoding="utf-8")
    plain = plain_drawing(path)
    assert plain.remarks == ()
    lineage = [each for each in plain.tree.iter() if each.tag == "rect" or each.find(".//rect") is not None]
    matrix = Matrix(" ".join(each.get("transform", "") for each in lineage))
    x, y, width, height = (float(lineage[-1].get(key, "0")) for key in ("x", "y", "width", "height"))
    corners = [matrix.point_in_matrix_space(corner) for corner in ((x, y), (x + width, y + height))]
    return tuple(round(number, 3) for corner in corners for number in (corner.x, corner.y))


@pytest.mark.parametrize(
    ("body", "box"),
    [
        ('<symbol id="s" viewBox="0 0 24 24">□</symbol><use href="#s" x="20" y="40" width="240" height="240"/>',
         (20, 40, 260, 280)),
        ('<symbol id="s" viewBox="0 0 24 24">□</symbol><use href="#s" width="240" height="480"/>', (0, 120, 240, 360)),
        ('<symbol id="s" viewBox="0 0 24 24" preserveAspectRatio="none">□</symbol><use href="#s"/>', (0, 0, 400, 200)),
        ('<svg x="100" y="50" width="48" height="24" viewBox="0 0 24 24" preserveAspectRatio="xMaxYMin">□</svg>',
         (124, 50, 148, 74)),
        ('<svg x="25%" y="50%">□</svg>', (100, 100, 124, 124)),
        ('<rect x="10%" y="50%" width="50%" height="1in"/>', (40, 100, 240, 196)),
        ('<defs><g id="s">□</g></defs><use href="#s" x="50%" y="10mm"/>', (200, 37.795, 224, 61.795)),
        ('<g style="transform: translate(10px, 5px) scale(2)">□</g>', (10, 5, 58, 53)),
        ('<g style="transform: rotate(180deg); transform-origin: 50% 100px">□</g>', (400, 200, 376, 176)),
        ('<style>g{transform:scale(3)}</style><g transform="scale(2)">□</g>', (0, 0, 72, 72)),
    ],
)  # fmt: skip
def test_a_shape_is_where_a_browser_shows_it(tmp_path: Path, body: str, box: tuple[float, ...]) -> None:
    """View boxes of symbols and of drawings in a drawing, percentages, units, transforms of CSS."""
    body = body.replace("□", '<rect width="24" height="24" fill="red"/>').replace('1in"/>', '1in" fill="red"/>')
    assert box_of(tmp_path, body, viewBox="0 0 400 200") == box


def test_a_line_is_as_wide_as_transforms_make_it(tmp_path: Path) -> None:
    """Manim leaves transforms out of the width of a line. Its ends and corners are those of the drawing."""
    body = (
        '<symbol id="s" viewBox="0 0 24 24"><g transform="scale(.5 2)">'
        '<path d="M0 0h9" stroke="red" stroke-width="2"/></g></symbol>'
        '<use href="#s" width="240" height="240" stroke-linecap="round"/>'
    )
    (line,), remarks = drawn(tmp_path, body, viewBox="0 0 400 400")
    assert (line["stroke-width"], line["stroke-linecap"], line["stroke-linejoin"]) == ("20", "round", "miter")
    assert any("its lines keep their width when the mobject is scaled" in remark for remark in remarks)


def squares(sizes: list[int], turned: list[bool]) -> str:
    """A path of squares around one middle, each in the one or the other direction."""
    parts = []
    for size, is_turned in zip(sizes, turned, strict=True):
        corners = [(-size, -size), (size, -size), (size, size), (-size, size)]
        ordered = corners[::-1] if is_turned else corners
        parts.append("M" + " L".join(f"{x} {y}" for x, y in ordered) + " Z")
    return " ".join(parts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6, unique=True), data=st.data())
def test_the_rule_nonzero_fills_what_evenodd_filled(tmp_path: Path, sizes: list[int], data: st.DataObject) -> None:
    """However the rings of a path are turned: between two of them, the number of turns is 0 exactly in a hole."""
    turned = data.draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))
    (shape,), remarks = drawn(tmp_path, f'<path fill="red" fill-rule="evenodd" d="{squares(sizes, turned)}"/>')
    assert remarks == ()
    directions = {}
    for part in SvgPath(shape["d"]).as_subpaths():
        points = [segment.end for segment in SvgPath(part) if segment.end is not None]
        area = sum(a.x * b.y - b.x * a.y for a, b in zip(points, [*points[1:], points[0]], strict=True))
        directions[round(max(abs(point.x) for point in points))] = 1 if area > 0 else -1
    for number, size in enumerate(sorted(sizes)):
        outside = [each for each in sizes if each >= size]
        assert (sum(directions[each] for each in outside) == 0) == (len(outside) % 2 == 0), number


def wheel(corners: int, radius: float = 40) -> str:
    """The corners of a regular polygon."""
    turns = [2 * math.pi * corner / corners for corner in range(corners)]
    return " ".join(f"{50 + radius * math.cos(turn):.3f},{50 + radius * math.sin(turn):.3f}" for turn in turns)


@pytest.mark.parametrize("corners", [1_500, 1_700, 5_000])
def test_an_outline_of_thousands_of_points_is_drawn_in_a_moment(tmp_path: Path, corners: int) -> None:
    """Whether it crosses itself is found along the way; one that does is named at any size."""
    began_s = time.monotonic()
    whole = f'<polygon fill="red" fill-rule="evenodd" points="{wheel(corners)}"/>'
    assert drawn(tmp_path, whole)[1] == ()
    knot = f'<polygon fill="red" fill-rule="evenodd" points="{wheel(corners)} 20,20 80,80 20,80"/>'
    assert [remark.partition(" is filled")[0] for remark in drawn(tmp_path, knot)[1]] == ["a shape that crosses itself"]
    assert time.monotonic() - began_s < 5


def test_hundreds_of_letters_with_holes_keep_them(tmp_path: Path) -> None:
    """A text that was turned into paths: each ring with its hole is a subpath of the same path."""
    rings = "".join(f"M{x} {y}h8v8h-8z M{x + 2} {y + 2}h4v4h-4z " for x in range(0, 200, 10) for y in range(0, 200, 10))
    (shape,), remarks = drawn(tmp_path, f'<path fill="red" fill-rule="evenodd" d="{rings}"/>')
    assert remarks == ()
    turns = []
    for part in SvgPath(shape["d"]).as_subpaths():
        points = [segment.end for segment in SvgPath(part) if segment.end is not None]
        turns.append(sum(a.x * b.y - b.x * a.y for a, b in zip(points, [*points[1:], points[0]], strict=True)) > 0)
    assert turns == [True, False] * 400


@pytest.mark.parametrize("data", ["M0 0 C 1 1 2 2", "z", "M 0 0 A 5 5 0 1"])
def test_a_path_with_damaged_data_is_named(tmp_path: Path, data: str) -> None:
    """As it is after a file was cut by hand."""
    _, remarks = drawn(tmp_path, f'<path id="sun" fill="red" fill-rule="evenodd" d="{data}"/>')
    assert remarks == ("the data of “sun” is damaged; save the drawing again",)


def test_an_emblem_keeps_its_hole_and_its_leaves(tmp_path: Path) -> None:
    """A drawing as design programs write it; each remark carries the name under which the file was given."""
    remarks = [str(each) for each in remarks_on({"emblem.svg": EMBLEM})]
    assert remarks == [
        "emblem.svg: the gradient “evening” is drawn in one colour, the middle of its colours",
        "emblem.svg: “leaf” keeps its fill “#2a9d8f” when a <use> gives it “#e9c46a”, as in a browser; "
        "remove the fill of “leaf”",
        "emblem.svg: its lines keep their width when the mobject is scaled: "
        "load it in its size, SVGMobject(…, height=…)",
        "emblem.svg: the text “NORTH STAR” is not drawn; turn it into paths, or write it with Text(…)",
        "emblem.svg: as a picture it is shown whole: ImageMobject(“emblem.svg”)",
    ]
    shapes = [each for each in plain_drawing(EMBLEM).tree.iter() if each.tag not in {"svg", "g"}]
    assert [each.tag for each in shapes] == ["rect", "path", "path", "path", "path", "polyline"]
    assert (shapes[5].get("fill"), shapes[5].get("stroke"), shapes[5].get("stroke-width")) == ("none", "#e76f51", "6")
