"""Names of files that a scene opens: whether such a file is given with it."""

from __future__ import annotations

from pathlib import PurePath

from callsheet.model.problems import nearest
from callsheet.scene_lint.binding import Arguments
from callsheet.scene_lint.run import Beside
from callsheet.scene_lint.values import Constant, Problem

# What opens a file, which argument names it, and the suffixes that may be left out.
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".ico")
_OPENERS: dict[str, tuple[int, str, tuple[str, ...]]] = {
    "ImageMobject": (0, "filename_or_array", _PICTURES),
    "SVGMobject": (0, "file_name", (".svg",)),
    "Code": (0, "code_file", ()),
    "add_sound": (0, "sound_file", (".wav", ".mp3")),
    "register_font": (0, "font_file", ()),
    "builtins.open": (0, "file", ()),
    "PIL.Image.open": (0, "fp", ()),
    "numpy.load": (0, "file", ()),
    "numpy.loadtxt": (0, "fname", ()),
    "numpy.genfromtxt": (0, "fname", ()),
}
# The scene's own source lies there, too.
_ALWAYS_THERE = frozenset({"scene.py"})


def file_problem(opener: str, given: Arguments, beside: Beside) -> Problem | None:
    """Return why `opener` finds no file of the name that it gets, if that is certain."""
    mode = given.get(1, "mode") or Constant("r")
    only_reads = isinstance(mode, Constant) and mode.value in {"r", "rb", "rt"}
    if opener not in _OPENERS or (opener == "builtins.open" and not only_reads):
        return None
    place, argument, suffixes = _OPENERS[opener]
    named = given.get(place, argument)
    if not isinstance(named, Constant) or not isinstance(named.value, str):
        return None
    name, there = named.value, beside.names | _ALWAYS_THERE
    path = PurePath(name)
    if path.is_absolute() or not path.name or name.startswith("~") or ".." in path.parts:
        return None
    if str(path) in there or any(f"{path}{suffix}" in there for suffix in suffixes):
        return None
    if path.name in beside.names:
        return Problem(f"files lie beside the scene, without folders: write “{path.name}” instead of “{name}”")
    close = nearest(path.name, beside.names)
    hint = f"; did you mean “{close}”?" if close else "; give it with the scene, or do without it"
    return Problem(f"there is no file “{name}” beside the scene{hint}")
