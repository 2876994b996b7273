"""The traps work: with a hole made on purpose, the scenes that use it are found out."""

from dataclasses import replace
from pathlib import Path

import pytest

from callsheet.fence import orders
from callsheet.fence.walls import Walls, build_walls
from tests.attacks.attacking import attack

HOLES = {
    "read_open": "CANARYSECRET",
    "write_outside": "outside/target.txt was written",
    "net_abstract": "connection over abstract",
    "net_unix": "connection over a socket file",
}


def holed(folder: Path, walls: Walls) -> Walls:
    """The same walls with the machine's own network, and a folder that can be read and written."""
    steps = [step for step in walls.steps if step != ("--unshare-net",)]
    return replace(walls, steps=(*steps, ("--bind", str(folder), str(folder))), roots=(*walls.roots, str(folder)))


def test_a_hole_in_the_fence_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each of these attacks fails in the suite for the fence's sake, not because it would never work."""
    tmp_path.chmod(0o755)  # whoever comes through the hole may be another user
    monkeypatch.setattr(orders, "build_walls", lambda software: holed(tmp_path, build_walls(software)))
    outcomes = attack(HOLES, tmp_path)
    assert {name: HOLES[name] in outcome.sprung for name, outcome in outcomes.items()} == dict.fromkeys(HOLES, True)
