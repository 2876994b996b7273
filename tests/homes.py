"""What the homes of tests have in common: it is made once, by the first worker that needs it.

Once in a session, or once for all sessions that have the same folder in SHARED_BY_TESTS, as in CI.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import httpx
import pytest

from callsheet import embedded
from callsheet.embedded import postgres
from callsheet.settings import Settings

CHECKOUT = Path(__file__).parents[1]
# What the first start leaves in a home, beside the database, which may lie outside of it.
KEPT = ("prefect", "fence.json", "registration.json")
FOLDER = "SHARED_BY_TESTS"


def shared(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this session have, or of all sessions."""
    if FOLDER in os.environ:
        return Path(os.environ[FOLDER])
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
    """Give a home what its first start would take half a minute for; the database is removed after the block.

    Tables, block types and the deployments of this checkout are there. A server with other settings registers again.
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
            _make(made, factory.mktemp("prepared"))
    return made


def _make(made: Path, home: Path) -> None:
    """Start and stop a server with the usual settings, and move what it leaves to `made`."""
    with pytest.MonkeyPatch.context() as patch, chdir(CHECKOUT):
        for name in [name for name in os.environ if name.startswith("CALLSHEET_")]:
            patch.delenv(name)
        settings = Settings(home=home, linger_s=0)
        with embedded.started(settings) as services:
            _forget_scheduled_runs(services.api_url)
    unfinished = made.with_suffix(".unfinished")
    unfinished.mkdir()
    for name in KEPT:
        shutil.move(settings.home / name, unfinished)
    shutil.move(_database_of(settings.home), unfinished / "database")
    unfinished.rename(made)


def _forget_scheduled_runs(api_url: str) -> None:
    """Delete the runs of schedules: a server that has the database later would do them all at once."""
    with httpx.Client(base_url=api_url) as client:
        scheduled = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        for run in client.post("/flow_runs/filter", json=scheduled).raise_for_status().json():
            client.delete(f"/flow_runs/{run['id']}").raise_for_status()


def _database_of(home: Path) -> Path:
    """Folder of the PostgreSQL cluster of a home."""
    return postgres.locate(Settings(home=home.resolve())).data
