"""Hostile and broken scenes through the real fence: none reaches anything outside of it."""

import os
import shutil
import warnings

import pytest

from callsheet.fence.running import Reason
from tests.attacks.attacking import SCENES, Siege, attack, header
from tests.attacks.traps import SECRET_VARIABLE

NAMES = sorted(path.stem for path in SCENES.glob("*.py"))
# What ends a scene that is killed, by what it takes too much of.
ENDED_BY = {"wall": Reason.TIMEOUT, "mem": Reason.MEMORY, "log": Reason.REFUSED}


@pytest.fixture(scope="module")
def siege(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Siege:
    """What became of the scenes that this session asks for. They run side by side, once."""
    if shutil.which("bwrap") is None and not os.environ.get("CI"):
        pytest.skip("bubblewrap is not installed, so there is no fence to attack")
    wanted = {
        item.callspec.params["name"]
        for item in request.session.items
        if hasattr(item, "callspec") and "siege" in item.fixturenames
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANARY_TOKEN", SECRET_VARIABLE)
        return attack(sorted(wanted), tmp_path_factory.mktemp("attacks"))


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_reaches_nothing(name: str, siege: Siege):
    """No secret read, no file written, no connection made, nothing odd brought out; not even after its end."""
    outcome = siege.outcomes[name]
    assert outcome.sprung == [], outcome.ending.log[-2000:]
    expected, canary = header(name)
    if expected != "contained":  # a contained scene may well come to its end
        assert outcome.status == expected, outcome.ending
    if expected == "killed" and (canary != "mem" or outcome.ending.memory_limited):
        assert outcome.ending.reason is ENDED_BY.get(canary, outcome.ending.reason)


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_takes_no_more_than_it_may(name: str, siege: Siege):
    """No more processes, no more memory, no more time, whatever it does to get them."""
    outcome = siege.outcomes[name]
    if not outcome.ending.memory_limited:
        warnings.warn("No control group can be made here: nothing bounds a scene's memory as a whole.", stacklevel=1)
    assert outcome.usage.processes > 0
    assert (outcome.usage.memory_bytes > 0) is outcome.ending.memory_limited
    assert outcome.overdrawn == []


def test_no_attack_outlives_its_end(siege: Siege):
    """No process of a scene is left, and none of this machine is harmed."""
    assert siege.sprung == []


def test_every_attack_says_what_to_expect_of_it():
    """The first line of each scene is read by the tests above."""
    assert len(NAMES) == 67
    assert all(header(name) for name in NAMES)
