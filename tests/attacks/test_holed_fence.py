"""The traps work: with a hole made on purpose, the scenes that use it are found out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from callsheet.fence import sandbox_spec, supervisor
from callsheet.fence.walls import Walls, build_walls
from tests.attacks import attacking
from tests.attacks.attacking import attack

HOLES = {
    "read_open": "CANARYSECRET",
    "write_outside": "outside/target.txt was written",
    "net_abstract": "connection over abstract",
    "net_unix": "connection over a socket file",
}
GREEDY = {"fork_bomb": "processes", "mem_children": "MB", "cpu_spin": "seconds"}


@pytest.fixture
def hole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes one: the walls without some of their steps, and with the test's folder, to be read and written."""
    tmp_path.chmod(0o755)  # code that comes through the hole may be another user

    def make(*without: tuple[str, ...]) -> None:
        monkeypatch.setattr(
            sandbox_spec, "build_walls", lambda software: holed(tmp_path, build_walls(software), without)
        )

    return make


def holed(folder: Path, walls: Walls, without: tuple[tuple[str, ...], ...]) -> Walls:
    """The same walls with fewer steps, and a folder that can be read and written."""
    steps = [step for step in walls.steps if step not in without]
    return replace(walls, steps=(*steps, ("--bind", str(folder), str(folder))), roots=(*walls.roots, str(folder)))


def test_a_hole_in_the_fence_is_noticed(tmp_path: Path, hole: Callable[..., None]):
    """Each of these attacks fails in the suite for the fence's sake, not because it would never work."""
    hole(("--unshare-net",))
    outcomes = attack(HOLES, tmp_path).outcomes
    assert {name: HOLES[name] in outcome.sprung for name, outcome in outcomes.items()} == dict.fromkeys(HOLES, True)


def test_a_process_of_this_machine_that_can_be_reached_is_noticed(tmp_path: Path, hole: Callable[..., None]):
    """With the numbers of the machine's own processes, a scene can kill those of its user."""
    hole(("--unshare-pid",))
    assert attack(["kill_by_number"], tmp_path).sprung == ["a process of this machine was killed"]


def test_what_a_scene_leaves_behind_is_noticed(
    tmp_path: Path, hole: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    """Three things end it: its namespace, the supervisor, and the end of the control group. Here none of them does."""
    source = Path(supervisor.__file__).read_text()
    for ends_it in ("subreaper.end_all()", "cgroup.close()"):
        assert ends_it in source
        source = source.replace(ends_it, "pass")
    careless = tmp_path / "supervisor.py"
    careless.write_text(source.replace("Path(__file__)", f"Path({supervisor.__file__!r})"))
    monkeypatch.setattr(supervisor, "__file__", str(careless))
    hole(("--unshare-pid",))
    siege = attack(["daemon"], tmp_path)
    assert siege.outcomes["daemon"].sprung == ["outside/late.txt was written"]
    assert "outlived its scene" in siege.sprung[0]


def test_a_scene_that_takes_more_than_it_may_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With limits that are too high, each of the three is seen to be passed, the memory where it can be counted."""
    monkeypatch.setattr(sandbox_spec, "PROCESSES", 400)
    monkeypatch.setattr(attacking, "PATIENCE_S", 1)
    outcomes = attack(GREEDY, tmp_path, timeout_s=2 * attacking.ENDLESS_S, memory_mb=2 * attacking.MEMORY_MB).outcomes
    if not outcomes["mem_children"].ending.memory_limited:
        del outcomes["mem_children"]
    assert {name: " ".join(outcome.overdrawn) for name, outcome in outcomes.items() if not outcome.overdrawn} == {}
    assert all(any(GREEDY[name] in words for words in outcome.overdrawn) for name, outcome in outcomes.items())
