"""The `.. manim::` examples in the docstrings of the installed Manim, and which of them work on this machine."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import resource
import signal
import sys
import tempfile
import textwrap
import types
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_DIRECTIVE = re.compile(r"(?P<indent>\s*)\.\. manim:: (?P<name>\w+)\s*$")
_OPTION = re.compile(r"\s+:\w+:")
LONGEST_S = 30
# Address space of one example: some plot millions of points.
MOST_BYTES = 4 << 30


@dataclass(frozen=True)
class ManimExample:
    """One example: where it stands, the name of its scene, and its source."""

    place: str
    class_name: str
    source: str


def manim_examples() -> list[ManimExample]:
    """All of them, in the order of files and lines. Examples of how to write one are none themselves."""
    found = importlib.util.find_spec("manim")
    assert found is not None and found.origin is not None
    root = Path(found.origin).parent
    return [each for path in sorted(root.rglob("*.py")) for each in _examples_of(path, root) if "class " in each.source]


def _examples_of(path: Path, root: Path) -> Iterator[ManimExample]:
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, 1):
        match = _DIRECTIVE.match(line)
        if match is not None:
            body = list(_indented(lines[number:], len(match["indent"])))
            source = "from manim import *\n" + textwrap.dedent("\n".join(body))
            yield ManimExample(f"{path.relative_to(root)}:{number}", match["name"], source)


def _indented(lines: list[str], indent: int) -> Iterator[str]:
    for line in lines:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        if not _OPTION.match(line):
            yield line


def working_examples(folder: Path) -> list[ManimExample]:
    """Those that run to their end with animations skipped. Tried once for each version of Manim; kept in `folder`."""
    file = folder / f"examples-{version('manim')}.json"
    examples = manim_examples()
    if not file.exists():
        works = {each.place: _works(each) for each in examples}
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(works), encoding="utf-8")
    works = json.loads(file.read_text(encoding="utf-8"))
    return [each for each in examples if works.get(each.place)]


def _works(example: ManimExample) -> bool:
    """Run it in a separate process, forked from this one with Manim already imported."""
    import manim  # noqa: F401

    process = os.fork()
    if process == 0:
        status = 1
        try:
            _run(example)
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(process, 0)[1] == 0


def _run(example: ManimExample) -> None:
    from manim import config

    signal.alarm(LONGEST_S)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        config.update({"quality": "low_quality", "save_last_frame": True, "media_dir": folder, "progress_bar": "none"})
        module = types.ModuleType("scene")
        sys.modules["scene"] = module
        exec(compile(example.source, "scene.py", "exec"), module.__dict__)
        getattr(module, example.class_name)().render()
