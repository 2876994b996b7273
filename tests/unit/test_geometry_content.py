"""A figure that can't be drawn is refused before anything runs."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from callsheet.model.content import GeometryContent
from callsheet.model.problems import problems_of

POINTS = [
    {"name": name, "x": x, "y": y}
    for name, x, y in (("A", 0, 0), ("B", 4, 0), ("C", 0, 3), ("D", 0, 0), ("E", 8, 0.001))
]


@pytest.mark.parametrize(
    ("kind", "points", "words"),
    [
        ("segment", ["A", "D"], "same place"),
        ("circle", ["A", "A"], "same place"),
        ("polygon", ["B", "A", "D"], "same place"),
        ("right-angle", ["A", "B", "C"], "37 degrees"),
        ("angle", ["B", "A", "E"], "no angle"),
        ("segment", ["A", "Z"], "no point named Z"),
        ("polygon", ["A", "B"], "3 to 12 points"),
    ],
)
def test_an_impossible_figure_is_refused_by_its_field(kind: str, points: list[str], words: str) -> None:
    """The sentence says which figure and why."""
    values = {
        "points": POINTS,
        "figures": [{"kind": "segment", "points": ["A", "B"]}, {"kind": kind, "points": points}],
    }
    with pytest.raises(ValidationError) as refusal:
        GeometryContent.model_validate(values)
    ((location, sentence),) = problems_of(refusal.value)
    assert location[:3] == ("figures", 1, "points")
    assert words in sentence


def test_a_right_angle_may_be_rounded() -> None:
    """Coordinates with few digits are good enough."""
    points = [{"name": name, "x": x, "y": y} for name, x, y in (("A", -3, 0), ("B", 3, 0), ("C", 1.5, 2.6))]
    content = GeometryContent.model_validate(
        {"points": points, "figures": [{"kind": "right-angle", "points": ["A", "C", "B"]}]}
    )
    assert content.figures[0].kind == "right-angle"
