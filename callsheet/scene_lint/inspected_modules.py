"""Which modules scene code can import: the standard library, Manim, and what the stage and Manim themselves need."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

VOICEOVER_MODULE = "manim_voiceover"
"""The stage has a module of this name, which is no installed package."""
_OF_VOICEOVERS = (
    *("set_speech_service", "speech_service", "current_tracker", "voiceover", "add_voiceover_text"),
    *("add_voiceover_ssml", "add_wrapped_subcaption", "safe_wait", "wait_for_voiceover", "wait_until_bookmark"),
)
# Distributions that are let in where scenes are rendered, see callsheet.fence.software; the rest follows from these.
_LET_IN = ("manim", "av", "typst", "pydantic", "numpy", "pillow", "pygments")


def importable_modules() -> list[str]:
    """Top-level names that exist where scenes are rendered."""
    needed = _distributions_of(_LET_IN)
    installed = packages_distributions()
    third_party = {name for name, owners in installed.items() if needed & {canonicalize_name(each) for each in owners}}
    return sorted(set(sys.stdlib_module_names) | third_party | {"callsheet", VOICEOVER_MODULE})


def add_voiceover_scene(modules: dict[str, dict[str, Any]], entries: dict[str, dict[str, Any]]) -> None:
    """Add the scene that speaks: names alone, and no camera."""
    name, scene = f"{VOICEOVER_MODULE}.VoiceoverScene", entries["manim.scene.scene.Scene"]
    own: dict[str, Any] = {"attributes": {}, "assigned": list(_OF_VOICEOVERS), "camera": None}
    entries[name] = {**scene, **own, "order": [name, *scene["order"]]}
    for module in (VOICEOVER_MODULE, f"{VOICEOVER_MODULE}.voiceover_scene"):
        modules[module] = {"VoiceoverScene": ["class", name]}
    modules[VOICEOVER_MODULE]["VoiceoverTracker"] = ["anything", ""]


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
