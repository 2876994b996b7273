"""The catalogue of what the installed Manim offers, in a file that is made once for each version of it.

To import Manim takes a second and is the work of the stage's child. So a separate process inspects it and writes JSON,
which the worker reads. The name of the file carries the versions and the digest of the inspecting code: an upgrade
makes a new one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import subprocess
import sys
import threading
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from callsheet.errors import SetupIncomplete
from callsheet.scene_lint.classes import KnownClass
from callsheet.scene_lint.values import Signature

_FOLDER = Path(__file__).parent
_MADE_FROM = ("manim", "numpy", "pydantic")
# Inspecting takes 5 to 10 seconds here; a machine under load gets time.
_LONGEST_INSPECTION_S = 300
# The scenes of a video are checked at the same time, and one inspection is enough for all of them.
_one_at_a_time = threading.Lock()


class Catalogue:
    """Names, classes and functions of Manim, and names of the modules beside it."""

    def __init__(self, written: dict[str, Any]) -> None:
        self._written = written
        self.classes: dict[str, KnownClass] = {}
        for name, entry in written["classes"].items():
            self.classes[name] = KnownClass(name, entry, self.classes)
        self.modules: dict[str, dict[str, list[str]]] = written["modules"]
        self.star: frozenset[str] = frozenset(written["star"])
        # Attributes that Manim puts on objects of other classes, e.g. `underlying_function` on a plotted graph.
        self.stored: frozenset[str] = frozenset(written["stored"])
        self.importable: frozenset[str] = frozenset(written["importable"])

    @property
    def manim_version(self) -> str:
        """Return the version of the Manim that was inspected."""
        return str(self._written["version"])

    def function(self, name: str) -> Signature | None:
        """Return the signature of a function of Manim's."""
        return Signature.of(self._written["functions"].get(name))

    def named(self, name: str) -> KnownClass:
        """Return the class that `from manim import *` gives under this name."""
        return self.classes[self.modules["manim"][name][1]]

    def subclasses(self, owner: KnownClass) -> tuple[KnownClass, ...]:
        """Return every class that is derived from this one."""
        return self._subclasses.get(owner.full_name, ())

    @cached_property
    def _subclasses(self) -> dict[str, tuple[KnownClass, ...]]:
        found: dict[str, list[KnownClass]] = {}
        for each in self.classes.values():
            for base in each.order:
                if isinstance(base, KnownClass) and base is not each:
                    found.setdefault(base.full_name, []).append(each)
        return {name: tuple(classes) for name, classes in found.items()}


def load_catalogue(folder: Path) -> Catalogue:
    """Return the catalogue of the Manim that is installed now, from `folder`.

    Make it first if it is missing.

    Raises:
        SetupIncomplete: Manim can't be imported.
    """
    with _one_at_a_time:
        return _loaded(folder)


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> Catalogue:
    file = folder / f"manim-{_fingerprint()}.json"
    try:
        return Catalogue(json.loads(file.read_bytes()))
    except (FileNotFoundError, ValueError, KeyError):
        _inspect_into(file)
        return Catalogue(json.loads(file.read_bytes()))


def _fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in _MADE_FROM:
        digest.update(f"{name} {version(name)}\n".encode())
    for source in sorted(_FOLDER.glob("inspect*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _inspect_into(file: Path) -> None:
    """Inspect Manim in a process without the worker's environment.

    The process imports third-party code and needs none of the secrets.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    argv = [sys.executable, "-m", "callsheet.scene_lint.inspect_manim", str(part)]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(file.parent), "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}
    try:
        ended = subprocess.run(
            argv,
            cwd=_FOLDER.parents[2],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_INSPECTION_S,
        )
        if ended.returncode != 0:
            last = ended.stderr.strip().rpartition("\n")[2]
            raise SetupIncomplete(f"Manim could not be inspected: {last}", missing="manim")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
