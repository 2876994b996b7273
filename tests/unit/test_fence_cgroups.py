"""Limits over all processes of a run, in a picture of the kernel's folders of either version."""

from pathlib import Path

import pytest

from callsheet.fence import cgroups

MEMORY_BYTES, PROCESSES = 600 << 20, 128


@pytest.fixture
def mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where control groups are mounted, and a file that says which are ours."""
    monkeypatch.setattr(cgroups, "MOUNTED_AT", tmp_path / "cgroup")
    monkeypatch.setattr(cgroups, "OWN_GROUPS", tmp_path / "own")
    return tmp_path


def test_version_1_has_a_folder_for_each_controller(mounted: Path):
    """Below our own groups, so that limits from outside stay in force."""
    (mounted / "own").write_text("3:memory:/service\n2:cpu,pids:/\n0::/\n")
    for own in ("memory/service", "pids"):
        (mounted / "cgroup" / own).mkdir(parents=True)
    group = cgroups.make(MEMORY_BYTES, PROCESSES)
    assert group.limits_memory
    assert [folder.parent for folder in group.folders] == [mounted / "cgroup/memory/service", mounted / "cgroup/pids"]
    assert (group.folders[0] / "memory.limit_in_bytes").read_text() == str(MEMORY_BYTES)
    assert (group.folders[1] / "pids.max").read_text() == str(PROCESSES)


def test_version_2_has_one_folder_where_the_controller_is_handed_on(mounted: Path):
    """Beside our own group, in the one that was delegated: a group with processes can have none with limits below."""
    (mounted / "own").write_text("0::/worker.service/worker\n")
    delegated = mounted / "cgroup/worker.service"
    (delegated / "worker").mkdir(parents=True)
    (delegated / "worker/cgroup.subtree_control").write_text("")
    (delegated / "cgroup.subtree_control").write_text("memory pids\n")
    group = cgroups.make(MEMORY_BYTES, PROCESSES)
    assert [folder.parent for folder in group.folders] == [delegated]
    limits = {name: (group.folders[0] / name).read_text() for name in ("memory.max", "memory.swap.max", "pids.max")}
    assert limits == {"memory.max": str(MEMORY_BYTES), "memory.swap.max": "0", "pids.max": str(PROCESSES)}


@pytest.mark.parametrize("own", ["", "0::/user.slice/session.scope\n", "4:memory:/elsewhere\n"])
def test_where_none_can_be_made_there_is_none(mounted: Path, own: str):
    """The run then has its rlimits only, and says so."""
    (mounted / "own").write_text(own)
    group = cgroups.make(MEMORY_BYTES, PROCESSES)
    assert (group.folders, group.limits_memory, group.ran_out_of_memory()) == ([], False, False)


@pytest.mark.parametrize(
    ("name", "content", "ran_out"),
    [
        ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", True),
        ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n", False),
        ("memory.events", "low 0\nhigh 0\nmax 9\noom 2\noom_kill 2\n", True),
    ],
)
def test_the_kernel_tells_when_memory_ran_out(tmp_path: Path, name: str, content: str, ran_out: bool):
    """Each version in its own file."""
    (tmp_path / name).write_text(content)
    assert cgroups.Cgroup([tmp_path], limits_memory=True).ran_out_of_memory() is ran_out
