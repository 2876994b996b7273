"""The walls as text: what is let in, and what is not."""

from importlib.metadata import Distribution
from pathlib import Path

import pytest

from callsheet.errors import SetupIncomplete
from callsheet.fence import mounts, walls
from callsheet.fence.software import PACKAGE, Software, entries, software
from callsheet.fence.walls import build_walls

AT_HOME = Software(
    interpreter=Path("/home/ann/python/bin/python3.11"),
    base=Path("/home/ann/python"),
    packages=(Path("/home/ann/venv/site-packages/manim"), Path("/home/ann/src/callsheet")),
)
OF_THE_SYSTEM = Software(Path("/usr/bin/python3.11"), Path("/usr"), AT_HOME.packages)
NETWORKS = {"--share-net", "--bind", "--dev-bind", "--bind-try", "--proc", "--not-a-dir"}


def test_nothing_of_this_machine_can_be_written():
    """Every bind is read-only; what can be written lies in memory and has a size."""
    steps = build_walls(software()).steps
    assert not {word for step in steps for word in step} & NETWORKS
    writable = [step for step in steps if "--tmpfs" in step]
    assert [step[-1] for step in writable if "--size" in step] == ["/tmp", "/scene"]


def test_every_namespace_is_left():
    """Users, processes, network, messages, names: and none can be made inside."""
    words = {step[0] for step in build_walls(software()).steps}
    assert {f"--unshare-{name}" for name in ("user", "pid", "net", "ipc", "uts", "cgroup-try")} <= words
    assert {"--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "--seccomp"} <= words


def test_packages_are_bound_one_by_one():
    """Not the folder in which the others are."""
    sources = [step[1] for step in build_walls(AT_HOME).steps if step[0] == "--ro-bind"]
    assert "/home/ann/venv/site-packages/manim" in sources
    assert "/home/ann/venv/site-packages" not in sources


def test_a_python_of_its_own_is_let_in_without_its_packages():
    """Debian's lies in /usr, which is there already."""
    own = build_walls(AT_HOME).steps
    assert ("--ro-bind", "/home/ann/python/lib", "/home/ann/python/lib") in own
    assert not any("/home/ann/python" in word for step in build_walls(OF_THE_SYSTEM).steps for word in step)


def test_the_folders_that_root_must_open_are_few():
    """Where packages and Python are; what is in /usr is open to everybody."""
    assert build_walls(AT_HOME).roots == ("/home/ann/python", "/home/ann/src", "/home/ann/venv/site-packages")
    assert "/usr" not in build_walls(OF_THE_SYSTEM).roots


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/home/ann/src/callsheet", "/mnt/1/callsheet"),
        ("/home/ann/src", "/mnt/1"),
        ("/home/ann/other", "/mnt/0/other"),
        ("/home/ann/srcs", "/mnt/0/srcs"),
        ("/usr/lib", "/usr/lib"),
    ],
)
def test_a_path_is_found_below_its_innermost_root(path: str, found: str):
    """Where root has opened it for whom it becomes."""
    assert mounts.exposed(path, ["/home/ann", "/home/ann/src"]) == found


def test_a_missing_bubblewrap_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The person gets a command, not a way around it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupIncomplete, match="apt-get install bubblewrap"):
        build_walls(software())


def test_a_processor_without_a_filter_is_refused(monkeypatch: pytest.MonkeyPatch):
    """No filter is no fence."""
    monkeypatch.setattr(walls.platform, "machine", lambda: "pdp11")
    with pytest.raises(SetupIncomplete, match="pdp11"):
        build_walls(software())


def test_only_what_the_stage_needs_is_let_in():
    """No client of a server, a cloud or a language model."""
    names = {path.name for path in software().packages}
    assert {"manim", "av", "typst", "pydantic", "numpy", "PIL", "callsheet"} <= names
    assert not names & {"prefect", "boto3", "httpx", "openai", "anthropic", "pydantic_ai", "replicate", "starlette"}
    assert PACKAGE in software().packages


@pytest.mark.parametrize(
    ("info", "record", "places"),
    [
        (
            "srt-3.5.3.dist-info",
            "RECORD",
            ("../../../bin/srt,,", "srt.py,,", "srt_tools/utils.py,,", "{info}/x,,"),
        ),
        ("srt-3.5.3.egg-info", "installed-files.txt", ("../../../../bin/srt", "../srt.py", "../srt_tools/utils.py")),
    ],
)
def test_a_package_is_let_in_however_pip_has_installed_it(tmp_path: Path, info: str, record: str, places: tuple[str]):
    """Debian's pip keeps its record in an egg-info if the package `wheel` is not there."""
    (tmp_path / info).mkdir()
    for name in ("METADATA", "PKG-INFO"):
        (tmp_path / info / name).write_text("Name: srt\nVersion: 3.5.3\n")
    (tmp_path / info / record).write_text("\n".join(places).format(info=info))
    found = set(entries(Distribution.at(tmp_path / info)))
    assert found == {tmp_path / "srt.py", tmp_path / "srt_tools", tmp_path / info}
