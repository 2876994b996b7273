"""Emphasis: the part of the content that is read or spoken of now is bright, and the others step back."""

from __future__ import annotations

from collections.abc import Iterable

from manim import Mobject

from callsheet.stage.kit.beats import Beat
from callsheet.stage.kit.motion import DIMMED, Motion, shade


def shows_part(path: str, at: str) -> bool:
    """Return whether the part at `path` is the one that a line at `at` speaks about, a detail of it, or around it."""
    return path == at or path.startswith(f"{at}.") or at.startswith(f"{path}.")


class Emphasis:
    """How bright the parts on the page are: what is read or spoken of is bright, and the rest has stepped back."""

    def __init__(self) -> None:
        """Begin with an empty page."""
        self.parts: list[tuple[str, Mobject, bool]] = []
        self.levels: dict[int, float] = {}
        self._entering: set[int] = set()

    def play(self, beat: Beat) -> None:
        """Take up what `beat` shows, and drop what it hides."""
        gone = {id(mobject) for mobject in beat.hides}
        self.parts = [each for each in self.parts if id(each[1]) not in gone]
        for path, mobjects in beat.parts.items():
            self.parts.extend((path, mobject, beat.is_anchor) for mobject in mobjects)
            self.levels.update((id(mobject), self.levels.get(id(mobject), 1.0)) for mobject in mobjects)
        self._entering = {id(mobject) for mobjects in beat.parts.values() for mobject in mobjects}

    def turned_to(self, *paths: str) -> Motion | None:
        """Return the motion after which these parts are bright and the others have stepped back.

        What enters with the beat that was played last stays bright: it can't enter and step back at one time.
        """
        bright = {id(mobject) for path, mobject, _ in self.parts if any(at and shows_part(path, at) for at in paths)}
        entering, self._entering = self._entering, set()
        if not bright:
            return None
        bright |= entering
        return self._change(
            (mobject, 1.0 if is_anchor or id(mobject) in bright else DIMMED) for _, mobject, is_anchor in self.parts
        )

    def turned_up(self) -> Motion | None:
        """Return the motion after which everything is bright."""
        return self._change((mobject, 1.0) for _, mobject, _ in self.parts)

    def _change(self, wanted: Iterable[tuple[Mobject, float]]) -> Motion | None:
        """Return the motion towards the `wanted` levels; None if all have them."""
        changes: dict[int, tuple[Mobject, float]] = {}
        for mobject, level in wanted:
            if self.levels[id(mobject)] != level:
                changes[id(mobject)] = (mobject, level / self.levels[id(mobject)])
                self.levels[id(mobject)] = level
        return shade(*changes.values()) if changes else None
