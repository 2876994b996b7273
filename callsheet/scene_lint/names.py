"""The names that a writer of scenes needs: what can be shown, how it is animated, and where."""

from callsheet.scene_lint.catalogue import Catalogue
from callsheet.scene_lint.dialect import NAMES

_KINDS = ("Mobject", "Animation", "Scene")
# For Manim's other renderer, which is not used here.
_OTHER_RENDERER = "OpenGL"


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
