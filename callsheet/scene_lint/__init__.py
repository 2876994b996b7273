"""Checks of scene code before it runs.

They help the person who asked for the scene, and they save time.

They are never the security boundary; the sandbox is. Code that is refused here could be written so that it passes.

The code is not run but followed: each expression gives what it may be, judged by what the installed Manim really has
(see `catalogue`). Callsheet reports only what certainly fails; if there is doubt, it reports nothing.

This package is frozen: it takes corrections and new releases of Manim, but no new kind of check. The rehearsal finds
nine mistakes in ten by itself, with the same advice; docs/decisions/static_checks.md has the figures.

A writer of scenes gets names from here: what can be shown, how it is animated, and what has another name today.
"""

from __future__ import annotations

from callsheet.errors import SceneRejected
from callsheet.model.film.scenes import Finding, SceneCode, ValidatedSceneCode
from callsheet.scene_lint.analysis import analysed
from callsheet.scene_lint.catalogue import Catalogue, load_catalogue
from callsheet.scene_lint.dialect import NAMES
from callsheet.scene_lint.run import Beside

__all__ = [
    "Beside",
    "Catalogue",
    "drawing_names",
    "findings_of",
    "load_catalogue",
    "reviewed",
    "scene_classes",
    "successors",
    "unchecked",
    "validate",
]

_KINDS = ("Mobject", "Animation", "Scene")
# For Manim's other renderer, which is not used here.
_OTHER_RENDERER = "OpenGL"


def validate(code: SceneCode, catalogue: Catalogue, *, beside: Beside | None = None) -> ValidatedSceneCode:
    """Return the same code, marked as checked.

    It has the name of its scene's class, and no commands of a notebook.

    `beside` are the files that lie beside the scene; without it, the names of files are not checked.

    Raises:
        SceneRejected: it does not parse, does not hold the scene that is to be rendered, or is certain to fail.
    """
    analysis = analysed(code.source, code.class_name, catalogue, beside=beside)
    remarks = (*(beside.remarks_on(code.source) if beside else ()), *analysis.remarks)
    if analysis.findings:
        raise SceneRejected(code.scene_name, analysis.findings, remarks)
    checked = {
        "class_name": analysis.class_name,
        "source": analysis.source,
        "remarks": remarks,
    }
    return ValidatedSceneCode.model_validate({**code.model_dump(), **checked})


def reviewed(code: SceneCode) -> ValidatedSceneCode:
    """Return code that one of our templates has written, unchanged.

    The tests validate what templates write.
    """
    if not code.origin.kind.is_trusted:
        raise ValueError(f"{code.origin} does not write reviewed code")
    return ValidatedSceneCode.model_validate(code.model_dump())


def unchecked(code: SceneCode, catalogue: Catalogue) -> ValidatedSceneCode:
    """Return the same code with the name of its scene, unchecked, to go straight to the fence.

    If no scene is named and the code does not show exactly one without running, the child looks again.
    """
    found = scene_classes(code.source, catalogue)
    class_name = code.class_name or (found[0] if len(found) == 1 else "")
    return ValidatedSceneCode.model_validate({**code.model_dump(), "class_name": class_name})


def findings_of(
    source: str, class_name: str, catalogue: Catalogue, *, beside: Beside | None = None
) -> tuple[Finding, ...]:
    """Return what is wrong with the scene `class_name` of a file, by line.

    An empty name asks for its only scene.
    """
    return analysed(source, class_name, catalogue, beside=beside).findings


def scene_classes(source: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the names of the scenes in a file, in its order; empty if it is not valid Python."""
    return analysed(source, "", catalogue).scenes


def drawing_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the mobjects, animations and scenes that `from manim import *` gives, sorted."""
    kinds = {catalogue.named(kind).full_name for kind in _KINDS}
    return tuple(
        sorted(
            name
            for name in catalogue.star
            if catalogue.modules["manim"].get(name, [""])[0] == "class"
            and not name.startswith(_OTHER_RENDERER)
            and kinds.intersection(getattr(base, "full_name", "") for base in catalogue.named(name).order)
        )
    )


def successors(catalogue: Catalogue) -> dict[str, str]:
    """Return today's names by earlier ones, if the name alone has changed."""
    return {old: new for old, new in NAMES.items() if new in catalogue.star and old not in catalogue.star}
