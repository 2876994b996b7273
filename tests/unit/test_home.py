"""Where everything is kept, and where settings are read: the same from every folder."""

from pathlib import Path

import pytest

from callsheet import surroundings
from callsheet.embedded.services import as_environment
from callsheet.settings import Settings
from callsheet.surroundings import default_home


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that is no checkout, for a program that was installed from a checkout without a home."""
    for name in ("CALLSHEET_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setattr(surroundings, "__file__", str(tmp_path / "checkout/callsheet/surroundings.py"))
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_user_has_one_home_in_every_folder(elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Below the folder for data of programs, wherever that is."""
    assert default_home() == tmp_path / "user/.local/share/callsheet"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert Settings().home == tmp_path / "data/callsheet"
    monkeypatch.setenv("CALLSHEET_HOME", "")
    assert Settings().home == tmp_path / "data/callsheet"
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/to/be/ignored")
    assert default_home() == tmp_path / "user/.local/share/callsheet"


def test_a_home_that_an_earlier_version_made_in_the_checkout_stays_in_use(elsewhere: Path, tmp_path: Path):
    """From the checkout and from every other folder: nothing that was made is lost."""
    (tmp_path / "checkout/.callsheet").mkdir(parents=True)
    assert default_home() == tmp_path / "checkout/.callsheet"
    (elsewhere / ".callsheet").mkdir()
    assert default_home() == elsewhere / ".callsheet"


def test_settings_are_read_from_the_working_directory_and_from_the_home(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The environment wins over the working directory, and that one over the home."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".env").write_text("CALLSHEET_REPAIRS=1\nCALLSHEET_RECOVERIES=1\nCALLSHEET_SCENES_AT_ONCE=1\n")
    (elsewhere / ".env").write_text(f"CALLSHEET_HOME={home}\nCALLSHEET_RECOVERIES=2\nCALLSHEET_SCENES_AT_ONCE=2\n")
    monkeypatch.setenv("CALLSHEET_SCENES_AT_ONCE", "3")
    read = Settings()
    assert (read.home, read.repairs, read.recoveries, read.scenes_at_once) == (home, 1, 2, 3)


def test_the_services_read_no_file_where_they_run(elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """They are told every setting; one that is not set stays so, whatever a file in the checkout says."""
    told = as_environment(Settings(home=tmp_path))
    (elsewhere / ".env").write_text("CALLSHEET_WRITER_BASE_URL=http://127.0.0.1:9/v1\n")
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert Settings().writer_base_url is None
