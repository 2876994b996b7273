"""Packages with plug-ins, installed into a folder beside the tests."""

import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from callsheet import plugins
from callsheet.model.content import TemplateName
from callsheet.model.content.plugin_templates import template_plugin
from callsheet.model.film.document import DocumentKind
from callsheet.speech.catalogue import voice_catalogue
from callsheet.speech.plugin_voices import plugin_speakers

EXAMPLE = Path(__file__).parents[1] / "examples/plugins/callsheet-trail"
KNOWN = tuple((kind, frozenset(kind)) for kind in (TemplateName, DocumentKind))


def write_package(
    site: Path, name: str, version: str, points: Mapping[str, Mapping[str, str]], modules: Mapping[str, str] = {}
) -> None:
    """Write a package as pip installs one. `points` are targets by name, by group; `modules` are sources by name."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    for module, source in modules.items():
        (site / f"{module}.py").write_text(source, encoding="utf-8")
    lines = (line for group, targets in points.items() for line in (f"[{group}]", *map(" = ".join, targets.items())))
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    files = [*(f"{module}.py" for module in modules), f"{info.name}/METADATA", f"{info.name}/entry_points.txt"]
    (info / "RECORD").write_text("\n".join(f"{file},," for file in files), encoding="utf-8")


def write_example(site: Path, version: str = "") -> None:
    """Write the example's package, without pip."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = version or project["version"]
    write_package(site, project["name"], version, project["entry-points"])
    shutil.copytree(EXAMPLE / "callsheet_trail", site / "callsheet_trail")
    with (site / f"callsheet_trail-{version}.dist-info/RECORD").open("a", encoding="utf-8") as record:
        record.write("\ncallsheet_trail/__init__.py,,")


def forget_plugins() -> None:
    """Look for plug-ins again: a process looks once."""
    for kept in (plugins._found, template_plugin, plugin_speakers, voice_catalogue):
        kept.cache_clear()
    for kind, ours in KNOWN:
        for name in set(kind._value2member_map_) - {each.value for each in ours}:
            del kind._value2member_map_[name]


@contextmanager
def installed(site: Path) -> Iterator[None]:
    """Let this process find the packages in a folder, inside the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        forget_plugins()
        yield
    forget_plugins()
