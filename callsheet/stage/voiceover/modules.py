"""The modules of manim-voiceover, as scene code imports them: `manim_voiceover` and everything below it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from callsheet.model.film.voiceover import marked_text
from callsheet.stage.voiceover.prompter import Prompter
from callsheet.stage.voiceover.scene import SpeechService, VoiceoverScene, VoiceoverTracker

PACKAGE = "manim_voiceover"


def teach_voiceovers(prompter: Prompter) -> None:
    """Let scene code import manim-voiceover; `prompter` hears what it says."""
    VoiceoverScene.prompter = prompter
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder, Loader):
    """The finder of all modules of the package; each name of a service in them is a service."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return where a module of the package comes from."""
        is_ours = fullname.partition(".")[0] == PACKAGE
        return ModuleSpec(fullname, self, is_package=True) if is_ours else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module."""
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Put its names into the module."""
        vars(module).update(_NAMES.get(module.__name__.removeprefix(f"{PACKAGE}."), {}))


class _Module(ModuleType):
    """A module whose further names are speech services, and functions for services, which do nothing."""

    def __getattr__(self, name: str) -> Any:
        parts = self.__name__.split(".")
        if name.startswith("_") or not {"services", "helper"} & set(parts):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        found: Any = _do_nothing
        if name[0].isupper():
            found = type(name, (SpeechService,), {"__module__": self.__name__})
        setattr(self, name, found)
        return found


def _do_nothing(*args: Any, **options: Any) -> None:
    """Stand for a function that speech services need."""


def _plain_words(written: str) -> str:
    return marked_text(written).text


def _untranslated(*args: Any, **options: Any) -> Callable[[str], str]:
    return str


_NAMES: dict[str, dict[str, Any]] = {
    PACKAGE: {
        "VoiceoverScene": VoiceoverScene,
        "VoiceoverTracker": VoiceoverTracker,
        "__all__": ["VoiceoverScene", "VoiceoverTracker"],
        "__version__": "0.3.7",
    },
    "voiceover_scene": {"VoiceoverScene": VoiceoverScene},
    "tracker": {"VoiceoverTracker": VoiceoverTracker},
    "services.base": {"SpeechService": SpeechService},
    "helper": {"remove_bookmarks": _plain_words},
    "translate": {"get_gettext": _untranslated},
    "translate.gettext_utils": {"get_gettext": _untranslated},
}
