"""The check whether the server already has the deployments as they are declared here.

A registration takes five seconds of processor time. Callsheet skips it if two digests are the same as right after the
last one. The first is of the inputs of the deployments: every source that the registration imported, the flow files,
the project file, the settings and the installed packages. The home is no input: one that was moved or copied keeps its
registration. The second is of what the server has. The server's database keeps both: a database that was wiped,
exchanged or restored has none, or others.
"""

import hashlib
import json
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from callsheet.embedded.api import ServerApi
from callsheet.embedded.services import SETTINGS_OF_THE_SERVER_ALONE, as_environment
from callsheet.model.deployed import PROJECT_FILE
from callsheet.plugins import all_plugins
from callsheet.settings import Settings

# The server's variable that keeps both digests.
REGISTERED = "callsheet_registered"
NO_INPUTS = (*SETTINGS_OF_THE_SERVER_ALONE, "CALLSHEET_HOME")
# In the home: the list of sources to read. It decides nothing: paths are part of the digest.
SOURCES_FILE = "registration.json"


def remember_sources(home: Path) -> None:
    """Write the list of the imported sources, without installed packages and Python's own."""
    installed = tuple({sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "platstdlib")})
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    sources = sorted(file for file in files if file and not file.startswith(installed))
    (home / SOURCES_FILE).write_text(json.dumps(sources), encoding="utf-8")


def declared(project: Path, settings: Settings) -> str | None:
    """Return the digest of the deployments' sources; None without a registration from here."""
    sources = _sources(project, settings.home)
    if sources is None:
        return None
    values = {name: value for name, value in as_environment(settings).items() if name not in NO_INPUTS}
    digest = hashlib.sha256(json.dumps([installed(), values], sort_keys=True).encode())
    for path in sources:
        content = path.read_bytes() if path.is_file() else b"missing"
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def installed() -> str:
    """Return the digest of the versions of Python and of the installed packages."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    packages = sorted(path.name for folder in folders for path in Path(folder).glob("*-info"))
    # Plug-ins may lie elsewhere, and bring names that forms list.
    plugins = [f"{plugin} {plugin.target}" for plugin in all_plugins()]
    return hashlib.sha256(json.dumps([sys.version, packages, *plugins]).encode()).hexdigest()


async def is_known(api: ServerApi, digest: str) -> bool:
    """Return whether the server still has the registration that was made for this digest."""
    registered = await api.variable(REGISTERED)
    return bool(registered == {"declared": digest, "server": await api.fingerprint()})


async def remember(api: ServerApi, project: Path, settings: Settings, began_s: float) -> None:
    """Keep both digests after a registration, unless a source may have changed since `began_s`.

    `began_s` is in seconds, as of time(). After such a change, the digest would describe the new source, and the server
    may have the old one.
    """
    digest = declared(project, settings)
    sources = _sources(project, settings.home)
    # Time of the last change of content or name. Unlike the time of the last write, no program can set it back.
    changed_s = [path.stat().st_ctime for path in sources or () if path.exists()]
    if digest and sources and max(changed_s, default=0.0) < began_s:
        await api.set_variable(REGISTERED, {"declared": digest, "server": await api.fingerprint()})


def _sources(project: Path, home: Path) -> list[Path] | None:
    try:
        imported = json.loads((home / SOURCES_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    flow_files: Iterable[Path] = (project / "flows").glob("*.py")  # new ones, too
    return sorted({*map(Path, imported), *flow_files, project / PROJECT_FILE})
