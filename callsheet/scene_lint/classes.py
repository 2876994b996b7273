"""Classes and signatures as the analysis sees them: those of the catalogue, and those of the scene code."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from callsheet.scene_lint.values import Attribute, Class, Signature


def attribute_of(owner: Class, name: str) -> Attribute | None:
    """Return the first attribute of this name in the order of bases."""
    return next((found for each in owner.order if (found := each.own(name)) is not None), None)


def attribute_names(owner: Class) -> set[str]:
    """Return all public names, for suggestions."""
    found: set[str] = set()
    for each in owner.order:
        found |= each.names()
    return {name for name in found if not name.startswith("_")}


class KnownClass:
    """A class of the catalogue."""

    is_of_user = False

    def __init__(self, full_name: str, entry: dict[str, Any], classes: dict[str, KnownClass]) -> None:
        self.full_name = full_name
        self.name = full_name.rpartition(".")[2]
        self._entry = entry
        self._classes = classes
        self._found: dict[str, Attribute | None] = {}

    @cached_property
    def order(self) -> tuple[Class, ...]:
        """Return the class and its bases, in Python's order."""
        return tuple(self._classes[name] for name in self._entry["order"] if name in self._classes)

    @cached_property
    def is_open(self) -> bool:
        """Return whether it may have attributes that can't be known."""
        return bool(self._entry["open"])

    @cached_property
    def init(self) -> Signature | None:
        """Return how it is called, without `self`."""
        signature = Signature.of(self._entry["init"])
        return signature.bound() if signature else None

    @property
    def camera(self) -> str | None:
        """Return the full name of the camera's class of a scene."""
        camera = self._entry.get("camera")
        return str(camera) if camera else None

    @cached_property
    def held(self) -> dict[str, str]:
        """Return the full names of the classes of an instance's attributes.

        They come from instances that were made.
        """
        return dict(self._entry.get("held", {}))

    @cached_property
    def _ancestors(self) -> frozenset[str]:
        return frozenset(each.name for each in self.order)

    def is_a(self, name: str) -> bool:
        """Return whether a class with this short name is this one or a base of it."""
        return name in self._ancestors

    def names(self) -> set[str]:
        """Return the names of the attributes that this class itself has."""
        return set(self._entry["attributes"]) | set(self._entry["assigned"])

    def own(self, name: str) -> Attribute | None:
        """Return the attribute as this class itself has it."""
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def _read(self, name: str) -> Attribute | None:
        written = self._entry["attributes"].get(name)
        if written is None:
            return Attribute("anything") if name in self._assigned or name in self.held else None
        if written[0] in {"method", "static"}:
            return Attribute(written[0], signature=Signature.of(written[1]))
        if written[0] == "property":
            return Attribute("property", types=tuple(written[1]), is_settable=written[2])
        if written[0] == "value":
            return Attribute("value", types=(written[1],))
        return Attribute("anything")

    @cached_property
    def _assigned(self) -> frozenset[str]:
        return frozenset(self._entry["assigned"])


@dataclass(eq=False)
class UserClass:
    """A class that the scene code defines."""

    name: str
    node: ast.ClassDef
    bases: tuple[Class, ...]
    is_open: bool
    members: dict[str, Attribute] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)
    is_of_user: bool = True

    @property
    def is_anything(self) -> bool:
        """Return whether a base of it is not known, so that it may be of any kind."""
        return any(each.is_open for each in self.order if isinstance(each, UserClass))

    @cached_property
    def order(self) -> tuple[Class, ...]:
        """Return the class and its bases, close to Python's order.

        A base shared by several comes after all of them.
        """
        found: list[Class] = [self]
        for base in self.bases:
            for each in base.order:
                if each in found:
                    found.remove(each)
                found.append(each)
        return tuple(found)

    def names(self) -> set[str]:
        """Return the names of the attributes that this class itself has."""
        return self.assigned | set(self.members)

    def own(self, name: str) -> Attribute | None:
        """Return the attribute as this class itself has it."""
        if name in self.members:
            return self.members[name]
        return Attribute("anything") if name in self.assigned else None

    def is_a(self, name: str) -> bool:
        """Return whether a class with this short name is this one or a base of it."""
        return any(each.name == name for each in self.order)


def is_open(owner: Class) -> bool:
    """Return whether the class or a base of it may have attributes that can't be known."""
    return any(each.is_open for each in owner.order)


def known_base(owner: Class) -> KnownClass | None:
    """Return the class itself or the first base that is Manim's."""
    return next((each for each in owner.order if isinstance(each, KnownClass)), None)


def initializer(owner: Class) -> tuple[UserClass, Attribute] | KnownClass | None:
    """Return what says how an instance is made.

    That is a class of the scene code with its `__init__`, or a class of the catalogue.
    """
    for each in owner.order:
        if isinstance(each, KnownClass):
            return each
        found = each.own("__init__")
        if found is not None and isinstance(each, UserClass):
            return each, found
    return None
