"""Hostile and broken scenes through the real fence: none reaches anything outside of it."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.attacks.attacking import SCENES, Outcome, attack
from tests.attacks.traps import SECRET_VARIABLE

NAMES = sorted(path.stem for path in SCENES.glob("*.py"))
HEADER = re.compile(r"# expect: (blocked|contained|killed); canary: [\w-]+; vector: .+")


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What became of the scenes that this session asks for. They run side by side, once."""
    if shutil.which("bwrap") is None and not os.environ.get("CI"):
        pytest.skip("bubblewrap is not installed, so there is no fence to attack")
    wanted = {
        item.callspec.params["name"]
        for item in request.session.items
        if hasattr(item, "callspec") and "outcomes" in item.fixturenames
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANARY_TOKEN", SECRET_VARIABLE)
        return attack(sorted(wanted), tmp_path_factory.mktemp("attacks"))


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_reaches_nothing(name: str, outcomes: dict[str, Outcome]):
    """No secret read, no file written, no connection made, no process touched, nothing odd brought out."""
    outcome = outcomes[name]
    assert outcome.sprung == [], outcome.ending.log[-2000:]
    expected = HEADER.fullmatch((SCENES / f"{name}.py").read_text().split("\n")[0])[1]
    if expected != "contained":  # a contained scene may well come to its end
        assert outcome.status == expected, outcome.ending


def test_every_attack_says_what_to_expect_of_it():
    """The first line of each scene is read by the test above."""
    assert len(NAMES) == 66
    assert all(HEADER.fullmatch(path.read_text().split("\n")[0]) for path in Path(SCENES).glob("*.py"))
