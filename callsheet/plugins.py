"""Plug-ins: what packages outside of Callsheet bring, by their entry points.

    callsheet.templates            a kind of scene: its content model
    callsheet.sources              a format of documents: `recognises` and `read`
    callsheet.voices               a provider of speech, with its voices
    callsheet.storyboard_stages    a function from a storyboard to a storyboard
    callsheet.film_stages          a function that takes the manifest of a finished film

Here is what all kinds share: which plug-ins there are, and how one is loaded. Nothing is loaded before its name is
asked for. What a plug-in must be, the package says that uses it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from callsheet.errors import PluginUnusable

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
Loaded = TypeVar("Loaded")


class PluginKind(StrEnum):
    """The groups of entry points."""

    TEMPLATE = "callsheet.templates"
    SOURCE = "callsheet.sources"
    VOICES = "callsheet.voices"
    STORYBOARD_STAGE = "callsheet.storyboard_stages"
    FILM_STAGE = "callsheet.film_stages"

    @property
    def in_words(self) -> str:
        """Return what it is, for sentences: “storyboard stage”."""
        return self.removeprefix("callsheet.").removesuffix("s").replace("_", " ")


@dataclass(frozen=True)
class Plugin:
    """One entry point of an installed package."""

    kind: PluginKind
    name: str
    package: str
    version: str
    target: str
    """The object in the package, as `module:name`."""
    is_editable: bool = False
    """Whether the package is a link to its sources: the fence does not show those."""
    fault: str = ""
    """Why it is left out: continues “The template “poll” of callsheet-poll 1.0 …”."""

    def __str__(self) -> str:
        return f"{self.kind.in_words} “{self.name}” of {self.package} {self.version}"

    def load(self, check: Callable[[Any], Loaded]) -> Loaded:
        """Import the object, and return what `check` makes of it.

        `check` raises a ValueError that continues “can't be used: ”.

        Raises:
            PluginUnusable: it is left out, can't be imported, or does not pass.
        """
        if self.fault:
            raise PluginUnusable(str(self), self.fault)
        try:
            return check(EntryPoint(name=self.name, value=self.target, group=self.kind).load())
        except Exception as error:  # whatever code of another package raises
            reason = str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
            raise PluginUnusable(str(self), f"can't be used: {reason}") from error


def plugins_of(kind: PluginKind) -> tuple[Plugin, ...]:
    """Return the plug-ins of a kind that have a usable name, in the order of their names."""
    return tuple(plugin for plugin in _found() if plugin.kind is kind and not plugin.fault)


def plugin_named(kind: PluginKind, name: str) -> Plugin | None:
    """Return the plug-in of this name; None if there is none."""
    return next((plugin for plugin in plugins_of(kind) if plugin.name == name), None)


def all_plugins() -> tuple[Plugin, ...]:
    """Return every plug-in, those with a fault too."""
    return _found()


def plugin_versions() -> dict[str, str]:
    """Return the version of each package that brings a plug-in."""
    return {plugin.package: plugin.version for plugin in _found()}


def checked_stage(found: Any) -> Callable[[Any], Any]:
    """Return a stage as it was loaded. Raises ValueError if it is no function."""
    if not callable(found) or isinstance(found, type):
        raise ValueError("it must be a function")
    stage: Callable[[Any], Any] = found
    return stage


@cache
def _found() -> tuple[Plugin, ...]:
    """Read the entry points of the installed packages, once a process."""
    found: list[Plugin] = []
    for kind in PluginKind:
        owners: dict[str, str] = {}
        for plugin in sorted((_plugin(kind, point) for point in entry_points(group=kind)), key=_order):
            owner = owners.setdefault(plugin.name, plugin.package)
            fault = ""
            if not _NAME.fullmatch(plugin.name):
                fault = "needs a name of small letters, digits and single hyphens"
            elif owner != plugin.package:
                fault = f"has a name that {owner} has taken"
            found.append(replace(plugin, fault=fault))
    return tuple(found)


def _plugin(kind: PluginKind, point: EntryPoint) -> Plugin:
    package = point.dist
    assert package is not None
    origin = package.read_text("direct_url.json") or ""
    is_editable = bool(re.search(r'"editable"\s*:\s*true', origin))
    return Plugin(kind, point.name, package.name, package.version, point.value, is_editable)


def _order(plugin: Plugin) -> tuple[str, str]:
    return plugin.name, plugin.package
