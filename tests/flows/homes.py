"""Homes for the servers of tests: one database is made for all of a session, and each home begins with a copy of it."""

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
from callsheet.stage.validation.catalogue import load_catalogue

CHECKOUT = Path(__file__).parents[2]
# What the first start and the first scene leave in a home. The database may lie outside of the home.
KEPT = ("prefect", "catalogue", "fence.json")


@contextmanager
def prepared(home: Path, factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give an empty home what the first start takes half a minute for; the database is removed after the block.

    Tables and block types are there, deployments are not: each server registers its own.
    """
    made = _shared(factory)
    data = _database_of(home)
    for name in KEPT:
        subprocess.run(["cp", "-a", made / name, home], check=True)
    subprocess.run(["cp", "-a", made / "database", data], check=True)
    try:
        yield
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _shared(factory: pytest.TempPathFactory) -> Path:
    """What is copied; the first worker that needs it makes it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    made = base / "prepared"
    with (base / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make(made, factory)
    return made


def _make(made: Path, factory: pytest.TempPathFactory) -> None:
    """Start and stop a server without deployments, have Manim inspected, and move what that leaves to `made`."""
    project = factory.mktemp("project")
    (project / "flows").mkdir()
    (project / "flows/__init__.py").touch()
    (project / "prefect.yaml").write_text("name: empty\n")
    for shared in ("deployments", "tasks"):
        (project / shared).symlink_to(CHECKOUT / shared)
    settings = Settings(home=project / "home", linger_s=0)
    with chdir(project), embedded.started(settings):
        load_catalogue(settings.catalogue_dir)
    unfinished = made.with_name("prepared.unfinished")
    unfinished.mkdir()
    for name in KEPT:
        shutil.move(settings.home / name, unfinished)
    shutil.move(_database_of(settings.home), unfinished / "database")
    unfinished.rename(made)


def _database_of(home: Path) -> Path:
    """Folder of the PostgreSQL cluster of a home."""
    return postgres.locate(Settings(home=home.resolve())).data
