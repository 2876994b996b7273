"""What the homes of tests have in common: it is made once in a session, by the first worker that needs it."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import pytest

from callsheet import embedded
from callsheet.embedded import postgres
from callsheet.settings import Settings

CHECKOUT = Path(__file__).parents[1]
# What the first start leaves in a home, beside the database, which may lie outside of it.
KEPT = ("prefect", "fence.json")


def shared(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this session have."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def lend_catalogue(home: Path, factory: pytest.TempPathFactory) -> None:
    """Let a home know what others have found out of Manim: to inspect it takes eight seconds of processor time."""
    catalogue = shared(factory) / "catalogue"
    catalogue.mkdir(exist_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    (home / catalogue.name).symlink_to(catalogue)


@contextmanager
def prepared(home: Path, factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give a home what its first start would take twenty seconds for; the database is removed after the block.

    Tables and block types are there, deployments are not: each server registers its own.
    """
    lend_catalogue(home, factory)
    made = _prepared_once(factory)
    data = _database_of(home)
    for name in KEPT:
        subprocess.run(["cp", "-a", made / name, home], check=True)
    subprocess.run(["cp", "-a", made / "database", data], check=True)
    try:
        yield
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _prepared_once(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that is copied."""
    made = shared(factory) / "prepared"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make(made, factory)
    return made


def _make(made: Path, factory: pytest.TempPathFactory) -> None:
    """Start and stop a server without deployments, and move what it leaves to `made`."""
    project = factory.mktemp("project")
    (project / "flows").mkdir()
    (project / "flows/__init__.py").touch()
    (project / "prefect.yaml").write_text("name: empty\n")
    for shared in ("deployments", "tasks"):
        (project / shared).symlink_to(CHECKOUT / shared)
    settings = Settings(home=project / "home", linger_s=0)
    with chdir(project), embedded.started(settings):
        pass
    unfinished = made.with_suffix(".unfinished")
    unfinished.mkdir()
    for name in KEPT:
        shutil.move(settings.home / name, unfinished)
    shutil.move(_database_of(settings.home), unfinished / "database")
    unfinished.rename(made)


def _database_of(home: Path) -> Path:
    """Folder of the PostgreSQL cluster of a home."""
    return postgres.locate(Settings(home=home.resolve())).data
