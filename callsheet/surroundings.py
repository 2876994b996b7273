"""The places of this program, and whether a server may be named: what is known without the settings.

To read the settings takes a fifth of a second of imports. A command that another process runs does without them.
"""

import os
from pathlib import Path

ENV_FILE = ".env"
HOME_FOLDER = ".callsheet"
# The only variable of Prefect's that decides only where Prefect keeps things.
PREFECT_HOME = "PREFECT_HOME"
# Prefect takes settings from these files too, if this stands in them.
PREFECT_MARKS = {".env": "prefect_", "pyproject.toml": "tool.prefect", "prefect.toml": ""}


def default_home() -> Path:
    """Return the one home of this user, or the folder below a checkout of an earlier version.

    The checkout is the working directory, or the one that this program was installed from.
    """
    for checkout in (Path.cwd(), Path(__file__).parents[1]):
        if (checkout / HOME_FOLDER).is_dir():
            return checkout / HOME_FOLDER
    data_home = os.environ.get("XDG_DATA_HOME", "")
    return (Path(data_home) if data_home.startswith("/") else Path.home() / ".local/share") / "callsheet"


def likely_home() -> Path:
    """Return the home, unless a `.env` file names another one.

    Only the settings know for certain.
    """
    named = os.environ.get("CALLSHEET_HOME")
    return Path(named) if named else default_home()


def prefect_may_be_set_up() -> bool:
    """Return False only if Prefect could take no setting from variables, files or profiles."""
    if any(name.upper().startswith("PREFECT_") for name in os.environ if name != PREFECT_HOME):
        return True
    profiles = Path(os.environ.get(PREFECT_HOME) or "~/.prefect").expanduser() / "profiles.toml"
    return profiles.exists() or any(_has(Path(name), mark) for name, mark in PREFECT_MARKS.items())


def _has(file: Path, mark: str) -> bool:
    """Return whether `mark` is in the file, in any case.

    A file that can't be read may have it.
    """
    try:
        return mark in file.read_text(encoding="utf-8", errors="replace").lower()
    except FileNotFoundError:
        return False
    except OSError:
        return True
