"""The digest of what a registration reads: whether a server has the deployments that are declared here."""

import json
from pathlib import Path

import pytest

from callsheet.embedded.registration import SOURCES_FILE, declared
from callsheet.settings import Settings


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with one flow file."""
    made = tmp_path / "project"
    (made / "flows").mkdir(parents=True)
    (made / "prefect.yaml").write_text("name: small\n")
    (made / "flows/nap.py").write_text("first")
    return made


def home_of(project: Path, name: str) -> Path:
    """A home from which the project was registered once."""
    home = project.parent / name
    home.mkdir()
    (home / SOURCES_FILE).write_text(json.dumps([str(project / "flows/nap.py")]))
    return home


def test_a_home_that_was_copied_keeps_its_registration(project: Path) -> None:
    """Neither where it lies nor the ports of its server change what is declared."""
    first = Settings(home=home_of(project, "first"))
    second = Settings(home=home_of(project, "second"), prefect_port=14_000, media_port=14_080)
    assert declared(project, first) == declared(project, second) is not None


@pytest.mark.parametrize("changed", ["prefect.yaml", "flows/nap.py", "flows/new.py"])
def test_what_the_deployments_are_made_from_changes_the_digest(project: Path, changed: str) -> None:
    """A changed file, and a new one in the folder of flows."""
    settings = Settings(home=home_of(project, "home"))
    before = declared(project, settings)
    (project / changed).write_text("other")
    assert declared(project, settings) != before


def test_a_setting_changes_the_digest(project: Path) -> None:
    """Limits and schedules follow the settings."""
    home = home_of(project, "home")
    assert declared(project, Settings(home=home)) != declared(project, Settings(home=home, footage_at_once=2))


def test_without_an_earlier_registration_nothing_is_declared(project: Path) -> None:
    """Only a registration knows which sources it imports."""
    assert declared(project, Settings(home=project / "no-home")) is None
