"""The programs and packages that are let in.

These are Python, Manim and what it needs, and this package. Nothing else.

The virtual environment of a worker also holds the clients of servers, clouds and language models. Code behind the fence
finds none of them: its site-packages hold only the distributions that the stage imports, and what these require.
"""

import compileall
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import callsheet
from callsheet.errors import SetupIncomplete

# What the modules that run scenes and read clips import themselves; the rest follows from these.
NEEDED = ("manim", "av", "typst", "pydantic", "numpy", "pillow", "pygments", "resvg-py")
PACKAGE = Path(callsheet.__path__[0])
PYTHON_FOLDER = f"python{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Software:
    """Where Python and the packages lie on this machine."""

    interpreter: Path
    """Python itself, outside of any virtual environment."""
    base: Path
    """The prefix of that Python: /usr, or a separate folder."""
    packages: tuple[Path, ...]
    """Files and folders of a site-packages, one for each name that can be imported or asked about."""


@cache
def software(needed: tuple[str, ...] = NEEDED) -> Software:
    """Return this process's Python with the packages that are let in.

    These are the distributions `needed` and what they require. It compiles packages that are not compiled yet.

    Raises:
        SetupIncomplete: one of them is not installed.
    """
    base = Path(sys.base_prefix).resolve()
    interpreter = base / "bin" / PYTHON_FOLDER
    if not interpreter.exists():
        raise SetupIncomplete(f"There is no {interpreter}; make the virtual environment again.", PYTHON_FOLDER)
    # Nothing can be written inside: every process would compile again what is not compiled now.
    compileall.compile_dir(str(PACKAGE), quiet=2)
    by_name = {entry.name: entry for found in _required(needed) for entry in entries(found)}
    return Software(interpreter, base, (*by_name.values(), PACKAGE))


def _required(needed: tuple[str, ...]) -> list[Distribution]:
    """Return the distributions `needed` and all that they require, each once."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(name) for name in needed]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or name == PACKAGE.name:  # a plug-in requires us, who are let in without our servers
            continue
        found[name] = _installed(name)
        asked = (Requirement(text) for text in found[name].requires or ())
        waiting += [each for each in asked if each.marker is None or each.marker.evaluate({"extra": ""})]
    return list(found.values())


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise SetupIncomplete(f"The Python package {name} is not installed; run `make setup`.", name) from None


def entries(found: Distribution) -> Iterator[Path]:
    """Yield what a distribution has put into site-packages, by its own record.

    Programs elsewhere are left out.

    Without the package `wheel`, pip of Debian 12 builds by `setup.py install`, which keeps its record in an egg-info.
    """
    site_packages = Path(str(found.locate_file("")))
    if record := found.read_text("RECORD"):
        paths = [line.split(",", 1)[0] for line in record.splitlines()]
    else:
        record = found.read_text("installed-files.txt") or ""
        paths = [line.removeprefix("../") for line in record.splitlines() if line.startswith("../")]
        paths += [path.name for path in site_packages.glob(f"{found.name}-{found.version}*.egg-info")]
    for name in sorted({path.split("/", 1)[0] for path in paths} - {"..", "__pycache__", ""}):
        yield site_packages / name
