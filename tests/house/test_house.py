"""What stays true of the house as a whole: floors, names, entrypoints, files."""

import ast
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from shutil import copy
from typing import get_args
from zipfile import ZipFile

import pytest
import yaml
from prefect.flows import Flow, load_flow_from_entrypoint

import callsheet
from callsheet import errors
from callsheet.model import labels
from callsheet.model.deployed import MADE_TAG, NAMES_OF_FLOWS, UPKEEP_TAG
from callsheet.model.run import kinds
from deployments.discover import discover

ROOT = Path(__file__).parents[2]
FLOORS = ("flows", "tasks", "deployments")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# Hosts where packages are fetched from. Joined here, so that this file does not name one itself.
REGISTRIES = [
    ".".join(name) for name in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "com"), ("deb", "debian", "org"))
]


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax of a file, which several tests look at."""
    return ast.parse(path.read_text(encoding="utf-8"))


def tracked_files() -> list[Path]:
    """Files that are, or are about to be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> dict[Path, str]:
    """Tracked files that are text."""
    found = {}
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found[path.relative_to(ROOT)] = content.decode()
    return found


def modules_of_the_library() -> list[str]:
    """Every module below `callsheet`, but those that run when they are imported."""
    walked = pkgutil.walk_packages(callsheet.__path__, "callsheet.")
    return [module.name for module in walked if not module.name.endswith("__main__")]


def entrypoints() -> list[str]:
    """What prefect.yaml deploys."""
    return [each["entrypoint"] for each in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in the wheel, which is built from the tracked files alone: nothing is built inside the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    for path in tracked_files():
        target = folder / "project" / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    argv = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "./project"]
    built = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    with ZipFile(next(folder.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def test_the_wheel_holds_one_package(packed: set[str]):
    """flows/, tasks/ and deployments/ are application code and stay in the checkout."""
    top_level = {name.split("/")[0] for name in packed}
    assert {name for name in top_level if not name.endswith(".dist-info")} == {"callsheet"}


def test_the_wheel_holds_every_file_of_the_package(packed: set[str]):
    """Data files beside the modules (type marker, prompts, pictures) are needed where it is installed, too."""
    assert {str(path) for path in texts() if path.parts[0] == "callsheet"} <= packed


@pytest.mark.parametrize("floor", FLOORS)
def test_no_file_of_a_floor_is_named_like_an_installed_module(floor: str):
    """A tool that puts the folder on the module path would load our file instead of the installed one."""
    stems = {path.stem for path in (ROOT / floor).glob("*.py")} - {"__init__"}
    assert stems.isdisjoint(set(packages_distributions()) | set(sys.stdlib_module_names))


@pytest.mark.parametrize("entrypoint", entrypoints())
def test_every_entrypoint_loads_as_a_flow(entrypoint: str):
    """By module path, as the runner does it; a file path would load the module under another name."""
    assert "/" not in entrypoint
    assert ":" not in entrypoint
    assert isinstance(load_flow_from_entrypoint(entrypoint), Flow)


def test_every_module_directly_in_tasks_has_a_step():
    """How a run lives, upkeep, backfills and paid jobs have separate folders."""
    without = {
        module.stem
        for module in (ROOT / "tasks").glob("*.py")
        if not re.search(r"^@step\b", module.read_text(), re.MULTILINE)
    }
    assert without == {"__init__", "policies", "wiring"}


def test_every_task_is_a_step():
    """A bare task has no end if it falls silent, and gives a kept value whose file is gone."""
    bare = [path for path in product_files() if re.search(r"^ *@task\b", path.read_text(), re.MULTILINE)]
    assert bare == []


def test_label_names_stand_in_one_module():
    """Labels on the Prefect server are durable: a name that is written twice could be changed in one place alone."""
    names = {value for name, value in vars(labels).items() if name.isupper()}
    assert len(names) > 10
    written = {
        path
        for path in product_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(tuple(names))
    }
    assert {path.relative_to(ROOT) for path in written} == {Path("callsheet/model/labels.py")}


@pytest.mark.parametrize(
    ("request_class", "own"),
    [
        ("ImageVideoRequest", {"flows/image_video.py", "callsheet/cli/image.py"}),
        ("ImagePairsRequest", {"flows/image_pairs.py", "tasks/picture_pairs.py", "callsheet/cli/pairs.py"}),
        (
            "ExplainerRequest",
            {"flows/explainer.py", "tasks/storyboarding.py", "callsheet/cli/explain.py"},
        ),
        (
            "MovieRequest",
            {
                "flows/animatic.py",
                "flows/movie.py",
                "tasks/boards.py",
                "tasks/painting.py",
                "tasks/run/stopped_films.py",
                "tasks/screenplays.py",
                "tasks/shots.py",
                "callsheet/cli/movie.py",
                "callsheet/model/run/stopped_film.py",
            },
        ),
    ],
)
def test_a_kind_of_film_is_named_in_two_places_besides_its_own(request_class: str, own: set[str]):
    """Its request, flow, steps and command are its own; two tables tell all others what they need."""
    [kind] = (kind for kind in kinds.film_kinds() if kind.request.__name__ == request_class)
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in product_files()
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Name) and node.id == request_class)
        or (isinstance(node, ast.alias) and node.name == request_class)
        or (isinstance(node, ast.Constant) and node.value == kind.flow)
    }
    of_requests = {path for path in naming if path.startswith("callsheet/model/requests/")}
    assert naming - of_requests - own == {"callsheet/model/run/kinds.py", "callsheet/model/deployed.py"}


def test_the_kind_of_a_run_is_looked_up_and_never_tried_out():
    """What a run makes is a label or its flow's name; its request may be wrong."""
    trying = [
        path
        for folder in ("client", "server")
        for path in (ROOT / "callsheet" / folder).glob("*.py")
        if "suppress(ValidationError)" in path.read_text()
    ]
    assert trying == []


def test_type_checkers_know_every_kind_of_film():
    """The unions beside the table have its request classes; what is not composed says how long it becomes."""
    assert set(get_args(kinds.FilmRequest)) == {kind.request for kind in kinds.film_kinds()}
    assert set(get_args(kinds.ScenesRequest)) == {kind.request for kind in kinds.film_kinds() if kind.scene}
    assert set(get_args(kinds.FilmScene)) == {kind.scene for kind in kinds.film_kinds() if kind.scene}
    assert all(kind.is_staged or kind.length_s for kind in kinds.film_kinds())


def test_a_kind_names_a_flow_that_is_there():
    """What people can start is deployed."""
    flows = {load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False).name for entrypoint in entrypoints()}
    assert {kind.flow for kind in kinds.KINDS} <= flows


# An asynchronous function does something, so its name begins with a verb. These participles and lookalikes don't.
RESULTS = re.compile(
    r"_*(?:[a-z]*ed|made|kept|told|sent|taken|given|written|drawn|begun|found|known|shown|paid|left)(?:_|$)"
)
VERBS = {"succeed", "proceed", "need", "feed"}


def test_what_acts_is_not_named_by_a_participle():
    """A reader of a flow sees which line pays, waits or ends the process; context managers may be `opened`."""
    named = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in product_files()
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.AsyncFunctionDef)
        and not any("contextmanager" in ast.unparse(decorator) for decorator in function.decorator_list)
        and RESULTS.match(function.name)
        and function.name.strip("_") not in VERBS
    ]
    assert named == []


def test_no_two_public_classes_share_a_name():
    """A search for a name then finds one class; a private class is known by its module."""
    places: dict[str, list[str]] = {}
    for path in product_files():
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}


def test_the_formatter_lays_out_all_of_the_product():
    """A table that should keep its form is data, not code."""
    marked = [path for path in product_files() if re.search(r"# fmt: (skip|off)", path.read_text())]
    assert marked == []


def product_files() -> list[Path]:
    """Python files of the library and of the floors above it."""
    folders = ("callsheet", *FLOORS)
    return [path for path in tracked_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


def test_prefect_yaml_has_what_the_flows_declare():
    """`prefect deploy --all` deploys the same; `python -m deployments.discover --write` writes it."""
    discovered = discover(ROOT)
    assert discovered.broken == []
    assert discovered.project_file() == (ROOT / "prefect.yaml").read_text()


def test_no_json_of_a_table_artifact_is_parsed():
    """Tables are for people. What programs need is in labels and values, so a new column can't change a sum."""
    about_artifacts = re.compile(r"\bArtifact\b|\b(a?read|get)_\w*artifacts?\b|/artifacts/")
    parsing = re.compile(r"\bjson\.loads?\b|validate_json|from_json|types=\[[^\]]*[\"']table")
    parsed = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in product_files()
        if about_artifacts.search(source := path.read_text()) and (found := parsing.search(source))
    ]
    assert parsed == []


def test_no_two_deployments_of_callsheet_share_a_name():
    """In the list of the Prefect UI, the name alone says which one it is, and whether it is housekeeping."""
    deployed = [(found.flow.name, found.declared) for found in discover(ROOT).found.values() if found.declared]
    assert dict(deployed).keys() == NAMES_OF_FLOWS.keys()
    assert len(set(NAMES_OF_FLOWS.values())) == len(NAMES_OF_FLOWS)
    for flow, declared in deployed:
        is_upkeep = UPKEEP_TAG in declared.tags
        assert is_upkeep == NAMES_OF_FLOWS[flow].startswith("upkeep-"), flow
        assert is_upkeep != (MADE_TAG in declared.tags), flow


@pytest.mark.parametrize("name", modules_of_the_library())
def test_what_a_module_says_it_offers_is_there(name: str):
    """`__all__` is true, and every module can be imported by itself."""
    module = importlib.import_module(name)
    offered = getattr(module, "__all__", [])
    assert all(hasattr(module, each) for each in offered)
    assert len(set(offered)) == len(offered)


def test_the_tree_of_errors_is_drawn_whole():
    """Every error of the library stands at the top of errors.py, below the one that it is derived from."""
    for name in modules_of_the_library():
        importlib.import_module(name)
    real = {(kind.__base__.__name__, kind.__name__, place_of(kind)) for kind in kinds_of(errors.CallsheetError)}
    assert drawn_errors() == real


def kinds_of(error: type[Exception]) -> set[type[Exception]]:
    """What is derived from it in the library."""
    ours = {kind for kind in error.__subclasses__() if kind.__module__.startswith("callsheet.")}
    return ours.union(*map(kinds_of, ours))


def place_of(kind: type[Exception]) -> str:
    """Its module below `callsheet`; nothing where that is errors.py itself."""
    return kind.__module__.removeprefix("callsheet.").removeprefix("errors")


def drawn_errors() -> set[tuple[str, str, str]]:
    """Base, name and place of each error in the drawing."""
    above, drawn = {0: "CallsheetError"}, set()
    for indent, name, place in re.findall(r"^ {6}( *)(\w+) +(?:\[([\w.]+)\])?.*$", errors.__doc__ or "", re.MULTILINE):
        depth = len(indent) // 2
        above[depth + 1] = name
        drawn.add((above[depth], name, place))
    return drawn


def test_the_import_arrows_hold():
    """The contracts in pyproject.toml: floors, layers, doors."""
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_registry(host: str):
    """Where packages come from is the machine's own business."""
    assert [str(path) for path, text in texts().items() if host in text] == []


def test_no_file_names_a_folder_of_this_machine():
    """They exist on this machine alone: this checkout's folder and this user's home."""
    places = [f"{ROOT}/", f"{Path.home()}/"]
    named = [str(path) for path, text in texts().items() if any(place in text for place in places)]
    assert named == []


def test_the_lock_file_is_for_every_requirement_and_has_hashes():
    """Nothing is installed that was not locked."""
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    locked = {line.split("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))}
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    names = {requirement_name(each) for each in asked}
    assert names <= locked
    assert lock.count("--hash=sha256:") >= len(locked)


def requirement_name(requirement: str) -> str:
    """`moto[server]>=5` is moto."""
    letters = "".join(char if char.isalnum() or char in "-_." else " " for char in requirement)
    return letters.split()[0].lower().replace("_", "-")


def test_scripts_can_be_run():
    """A clone keeps the mode of a file."""
    assert all(os.access(ROOT / script, os.X_OK) for script in (".ci/run", "scripts/setup.sh"))


MAKE = """#!/bin/sh
[ "$1" = "$FAILS" ] && exit 2
echo "${#1}.25s call     tests/test_$1.py::test_it"
"""


def ci_with(folder: Path, fails: str) -> "subprocess.CompletedProcess[str]":
    """Run CI in this folder, with a stand-in for `make` in which one target fails at once."""
    (folder / ".ci").mkdir()
    copy(ROOT / ".ci/run", folder / ".ci/run")
    (folder / "make").write_text(MAKE, encoding="utf-8")
    (folder / "make").chmod(0o755)
    variables = {"PATH": f"{folder}:{os.environ['PATH']}", "FAILS": fails}
    return subprocess.run([folder / ".ci/run"], env=variables, capture_output=True, text=True, check=False, timeout=60)


def test_ci_ends_with_the_slowest_tests_of_all_targets(tmp_path: Path):
    """They are the longest of all, and not of each."""
    ran = ci_with(tmp_path, fails="none")
    lines = ran.stdout.splitlines()
    assert ran.returncode == 0, ran
    slowest = lines[lines.index("== the ten slowest tests") + 1 :]
    assert [line.split()[0] for line in slowest] == ["15.25s", "12.25s", "12.25s", "5.25s", "5.25s", "4.25s"]


def test_ci_ends_with_the_first_target_that_fails(tmp_path: Path):
    """Its name is the last line, and nothing follows."""
    ran = ci_with(tmp_path, fails="test-attacks")
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (2, "== make test-attacks"), ran


def set_up(folder: Path, *, pip: str = "") -> "subprocess.CompletedProcess[str]":
    """Run set-up in this folder with stand-ins for what it runs: ten seconds pass in one, and all is installed."""
    for name in ("scripts/setup.sh", "requirements.lock", "pyproject.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        copy(ROOT / name, folder / name)
    made = 'mkdir -p .venv/bin && cp "$0" .venv/bin/python'
    python = f'case "$*" in *venv*) /bin/sleep 1.5 && {made} ;; *pip*install*) /bin/sleep 1.5; {pip} ;; esac'
    in_a_tenth = '[ "$1" = 10 ] && exec /bin/sleep 1'
    nothing = {"dpkg-query": "echo installed", "apt-get": "true", "sudo": "true"}
    for name, does in {"python3.11": python, "sleep": in_a_tenth, **nothing}.items():
        (folder / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    variables = {"PATH": f"{folder}:{os.environ['PATH']}"}
    script = [folder / "scripts/setup.sh"]
    return subprocess.run(script, env=variables, capture_output=True, text=True, check=False, timeout=60)


def test_set_up_says_how_long_it_takes_while_it_installs(tmp_path: Path):
    """A person sees every ten seconds that it works. The second run is instant, and needs no network."""
    done = set_up(tmp_path)
    assert (done.returncode, done.stderr.count(" s so far\n")) == (0, 3), done
    assert done.stdout.endswith("setup: done; everything is in place.\n")
    again = set_up(tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_set_up_installs_a_command_that_answers_ctrl_c_at_once(tmp_path: Path):
    """Python looks for packages when it can answer."""
    set_up(tmp_path)
    command = (tmp_path / ".venv/bin/callsheet").read_text(encoding="utf-8").splitlines()[-1]
    assert command == f'exec {tmp_path}/.venv/bin/python -P -S {tmp_path}/callsheet/__main__.py "$@"'


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("WARNING: Retrying after connection broken by NewConnectionError", "setup: pip reaches no package index, so "),
        ("ERROR: no matching hashes", "ERROR: no matching hashes\nsetup: pip could not install requirements.lock; see"),
    ],
)
def test_set_up_says_why_pip_installs_nothing(tmp_path: Path, said: str, sentence: str):
    """Without a network it is one sentence, and not each try of a connection."""
    done = set_up(tmp_path, pip=f"echo '{said}' >&2; exit 1")
    told = "".join(line for line in done.stderr.splitlines(keepends=True) if not line.endswith(" s so far\n"))
    assert done.returncode == 1
    assert told.startswith(sentence), told


def test_the_makefile_explains_its_targets():
    """`make` alone lists them all."""
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(
        f"make {target} " in listed for target in ("setup", "video", "up", "test", "check", "bench", "gallery", "lock")
    )


def test_every_deployed_flow_heeds_sigterm():
    """Prefect raises wherever the main thread is, and a run that does not notice is killed half a minute later."""
    for path in sorted((ROOT / "flows").glob("*.py")):
        found = ast.walk(parsed(path))
        for node in (each for each in found if isinstance(each, ast.AsyncFunctionDef)):
            worn = {ast.unparse(each).partition("(")[0] for each in node.decorator_list}
            assert "deployed" not in worn or worn & {"take_request", "heed_sigterm"}, node.name
