"""Which modules scene code can import: the standard library, Manim, and what the stage and Manim themselves need."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Distributions that are let in where scenes are rendered, see callsheet.fence.software; the rest follows from these.
_LET_IN = ("manim", "av", "typst", "pydantic", "numpy", "pillow", "pygments")


def importable_modules() -> list[str]:
    """Top-level names that exist where scenes are rendered."""
    needed = _distributions_of(_LET_IN)
    installed = packages_distributions()
    third_party = {name for name, owners in installed.items() if needed & {canonicalize_name(each) for each in owners}}
    return sorted(set(sys.stdlib_module_names) | third_party | {"callsheet"})


def _distributions_of(roots: tuple[str, ...]) -> set[str]:
    """Distributions and everything they ask for here, extras left out."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in found:
            found.add(name)
            waiting += _required_by(name)
    return found


def _required_by(name: str) -> list[str]:
    try:
        asked = [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:
        return []
    return [each.name for each in asked if each.marker is None or each.marker.evaluate({"extra": ""})]
