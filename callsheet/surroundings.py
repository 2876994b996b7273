"""Where this program keeps things, and whether a server may be named: what is known without the settings themselves.

To read the settings takes a fifth of a second of imports; a command that is done elsewhere does without.
"""

import os
from pathlib import Path

ENV_FILE = ".env"
HOME_FOLDER = ".callsheet"
# The only variable of Prefect's that decides nothing but where it keeps things.
PREFECT_HOME = "PREFECT_HOME"
# Prefect takes settings from these, too, where this stands in them.
PREFECT_MARKS = {".env": "prefect_", "pyproject.toml": "tool.prefect", "prefect.toml": ""}


def default_home() -> Path:
    """The one home of this user, or the folder in which an earlier version kept everything: below a checkout.

    That is the working directory, or the checkout that this program was installed from.
    """
    for checkout in (Path.cwd(), Path(__file__).parents[1]):
        if (checkout / HOME_FOLDER).is_dir():
            return checkout / HOME_FOLDER
    data_home = os.environ.get("XDG_DATA_HOME", "")
    return (Path(data_home) if data_home.startswith("/") else Path.home() / ".local/share") / "callsheet"


def likely_home() -> Path:
    """The home, where no `.env` file names another one: the settings know for certain."""
    named = os.environ.get("CALLSHEET_HOME")
    return Path(named) if named else default_home()


def prefect_may_be_set_up() -> bool:
    """Return False only if there is nothing that Prefect could take a setting from: variables, files, profiles."""
    if any(name.upper().startswith("PREFECT_") for name in os.environ if name != PREFECT_HOME):
        return True
    profiles = Path(os.environ.get(PREFECT_HOME) or "~/.prefect").expanduser() / "profiles.toml"
    return profiles.exists() or any(_has(Path(name), mark) for name, mark in PREFECT_MARKS.items())


def _has(file: Path, mark: str) -> bool:
    """Whether the file is there with this in it, in whatever case; one that can't be read may have it."""
    try:
        return mark in file.read_text(encoding="utf-8", errors="replace").lower()
    except FileNotFoundError:
        return False
    except OSError:
        return True
