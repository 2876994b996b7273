"""What the documentation tells a person to run is run here, as it stands."""

import ast
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from prefect.flows import load_flow_from_entrypoint

from callsheet import embedded
from callsheet.model.content import CONTENT_MODELS, TemplateName
from callsheet.model.film.look import OwnLook
from callsheet.settings import Settings, settings
from callsheet.sources.request_files import load_request
from callsheet.sources.storyboard_file import read_storyboard

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")


# Each takes long to run, and is much like another one.
LONG = (
    "backfills.md-0", "control.md-0", "control.md-1", "control.md-3", "history.md-0", "images.md-1", "images.md-2",
    "lessons.md-0",
    "movies.md-12", "operations.md-0", "review.md-0",
)  # fmt: skip


def blocks(language):
    """Every block of this language, with the page where it stands."""
    return [
        pytest.param(text, id=(name := f"{page.name}-{number}"), marks=[pytest.mark.long] if name in LONG else [])
        for page in PAGES
        for number, (found, text) in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
        if found == language
    ]


def film_of_readme():
    """The first Python example of the README, which makes a film."""
    return next(text for found, text in BLOCK.findall(PAGES[0].read_text(encoding="utf-8")) if found == "python")


def run(argv, services, tmp_path):
    """Run it in the checkout as a person would, with the virtual environment active and a server running."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CALLSHEET_HOME": str(settings().home),
        "PREFECT_API_URL": services.api_url,
        "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(settings().results_dir),
    }
    finished = subprocess.run(argv, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.parametrize("script", blocks("sh"))
def test_every_command_does_what_it_says(script, prefect_server, tmp_path):
    """Commands of `make` are those of the Makefile; CI runs them. Everything else is run here."""
    targets = re.findall(r"^make (\S+)$", script, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text()
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    rest = re.sub(r"^(make \S+|source \.venv/bin/activate|export PREFECT_API_URL=\S+)$", "", script, flags=re.MULTILINE)
    if rest.strip():
        run(["bash", "-euc", re.sub(r"(?<= )out(?=[/\s])", str(tmp_path), rest)], prefect_server, tmp_path)


@pytest.mark.parametrize("program", blocks("python"))
def test_every_python_example_runs(program, prefect_server, tmp_path):
    """As a separate script, against a running server."""
    if "Completed" in program:
        # It lists finished films. The example of the README makes one, in whatever order the examples run.
        run([sys.executable, "-c", film_of_readme()], prefect_server, tmp_path)
    assert run([sys.executable, "-c", program], prefect_server, tmp_path)


@pytest.mark.parametrize("text", blocks("yaml"))
def test_every_yaml_example_is_valid(text, tmp_path):
    """Requests are read as files are, schedules hold a request, scenes their template's content."""
    if text.startswith("title:"):
        file = tmp_path / "request.yaml"
        file.write_text(text, encoding="utf-8")
        request = read_storyboard(file) if "\ntranslations:" in text else load_request(file)
        assert request.scenes or request.topic
    elif text.startswith("deployments:"):
        [deployment] = yaml.safe_load(text)["deployments"]
        assert deployment["entrypoint"] in (ROOT / "prefect.yaml").read_text()
        flow = load_flow_from_entrypoint(deployment["entrypoint"])
        assert flow.validate_parameters(deployment["schedules"][0]["parameters"])
    elif text.startswith("colours:"):
        assert OwnLook.model_validate(yaml.safe_load(text)).colours
    else:
        scene = yaml.safe_load(text)
        assert CONTENT_MODELS[TemplateName(scene["template"])].model_validate(scene["content"])


@pytest.mark.parametrize("text", blocks("ini"))
def test_every_setting_that_is_shown_is_one(text):
    """Names are real, and values are taken."""
    shown = dict(line.split("=", 1) for line in text.splitlines())
    taken = Settings(**{name.removeprefix("CALLSHEET_").lower(): value for name, value in shown.items()})
    assert taken.model_fields_set >= {name.removeprefix("CALLSHEET_").lower() for name in shown}


def test_every_setting_is_on_the_page_of_operations():
    """What can be set can be looked up."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`CALLSHEET_{name.upper()}`" not in page] == []


def test_the_readme_shows_the_request_that_it_runs():
    """lesson.yaml is the example of the README, word for word."""
    example = next(text for language, text in BLOCK.findall((ROOT / "README.md").read_text()) if language == "yaml")
    assert (ROOT / "deployments/requests/lesson.yaml").read_text().endswith(example)


def test_the_page_of_templates_is_that_of_the_content_models():
    """docs/templates.md is written by scripts/templates_doc.py and is not older than the models."""
    written = subprocess.run(
        [sys.executable, "-c", "import runpy; print(runpy.run_path('scripts/templates_doc.py')['document'](), end='')"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert written.stdout == (ROOT / "docs/templates.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page):
    """Pages, pictures and requests that a page points to are there."""
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


# Pictures and old forms instead of plain words; a rule of the prose of this project.
NOT_PLAIN = re.compile(
    r"\b(anew|whoever|(?<!user )(?<!user `)nobody\b(?!:)|somebody|(?:is|are|was|were) told of|of (?:its|their) own|"
    r"mend(?:s|ed|ing)?|goes on|rises)\b",
    re.IGNORECASE,
)


def prose():
    """Every text that a person reads: pages, help of `make`, and docstrings, messages and comments of the product."""
    pages = [*PAGES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs/decisions").glob("*.md"))]
    for path in [*pages, ROOT / "Makefile", ROOT / "scripts/setup.sh"]:
        yield from ((path, line) for line in path.read_text(encoding="utf-8").splitlines())
    for folder in ("callsheet", "tasks", "flows", "deployments", "scripts", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            constants = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
            yield from ((path, constant) for constant in constants if isinstance(constant, str))
            yield from ((path, line) for line in text.splitlines() if re.search(r"(^|  )\s*# ", line))


def test_all_prose_is_in_plain_words():
    """Fix and not mend, again and not anew; a sentence says who acts."""
    found = {(path.relative_to(ROOT), word[0]) for path, text in prose() for word in NOT_PLAIN.finditer(text)}
    assert found == set()


def test_the_glossary_has_each_word_once():
    """One word has one meaning; a reader finds the page from the README."""
    page = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    words = [word for row in re.findall(r"^\| (.+?) \|", page, re.MULTILINE) for word in row.split(", ")]
    assert [word for word in {*words} if words.count(word) > 1 and word not in ("word", "---")] == []
    assert "(docs/glossary.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def told_targets():
    """What the README and the page for contributors tell a person to make, in their order."""
    blocks = (BLOCK.findall((ROOT / name).read_text(encoding="utf-8")) for name in ("README.md", "CONTRIBUTING.md"))
    scripts = "\n".join(text for found in blocks for language, text in found if language == "sh")
    return re.findall(r"^make (\S+)$", scripts, re.MULTILINE)


def test_ci_runs_what_the_pages_tell():
    """A person who follows them meets nothing that has not been run.

    `make up` does not end by itself, so the test below this one runs it; benchmarks need a machine to themselves, and
    the long tests a night.
    """
    targets = re.search(r"^for target in ([a-z -]+); do$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert targets is not None
    assert {*targets[1].split(), "up", "bench", "test-long"} == {*told_targets()}


def test_make_up_is_ready_soon_and_ends_with_ctrl_c(tmp_path):
    """As in a terminal, where Ctrl-C reaches all of it: the server is taken down in order, and nothing stays behind."""
    home = Settings(home=tmp_path / "home", prefect_port=14_600, media_port=14_700)
    changes = {
        "CALLSHEET_HOME": str(home.home),
        "CALLSHEET_PREFECT_PORT": str(home.prefect_port),
        "CALLSHEET_MEDIA_PORT": str(home.media_port),
        "PREFECT_HOME": str(tmp_path / "no-profile"),
    }
    unnamed = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    make = subprocess.Popen(
        ["make", "up"], cwd=ROOT, env=unnamed | changes, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    with make:
        try:
            assert any(line.startswith("Ready") for line in make.stdout)
            assert embedded.running(home)
        finally:
            os.killpg(make.pid, signal.SIGINT)
        said = list(make.stdout)
    assert (make.returncode, said) == (-signal.SIGINT, ["Stopping.\n"])
    assert embedded.running(home) is None
