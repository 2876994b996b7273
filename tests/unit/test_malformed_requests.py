"""Request files with every mistake there is: each is told in sentences with file, line and field, quickly."""

import json
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from callsheet.errors import InvalidRequest
from callsheet.request_reader import kind_of, read_request
from callsheet.sources.yaml_files import RequestFileInvalid
from tests.pace import seconds_here

SKELETONS = Path("callsheet/cli/skeletons")
SAMPLES = [
    file.read_text(encoding="utf-8")
    for file in (*sorted(Path("deployments/requests").glob("*.yaml")), *sorted(SKELETONS.glob("p*.yaml")))
]
PICTURES = ("picture.jpg", "morning.jpg", "noon.jpg", "evening.jpg")
WANTED = 200
AS_COMMANDS = 10
# Words of the libraries that read and validate; none of them says anything to a person.
FOREIGN = re.compile(
    r"Value error|Input should|Extra inputs|Field required|pydantic|Traceback|yaml\.|mapping|scalar|<block|\bNone\b|"
    r"\bstring\b|list\.\d|dict\.|str\.|\bliteral\b|\bEnum\b|NoneType|line \d+, column|Unable to|object at 0x"
)
TELLING = re.compile(r"\S+:\d+: \S.{10,}|\S+(?:, line \d+:)? .{10,}")
LONG_S = 0.8
"""For each file, in processor seconds of a usual machine."""


def places(value: object, way: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Ways to everything in a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for step, each in inner for place in places(each, (*way, step)))]


def changed(change: Callable[[random.Random, object, object], None]) -> Callable[[random.Random, str], bytes]:
    """A mutation of the data: `change` is given the container of some value, and where in it that is."""

    def mutation(dice: random.Random, text: str) -> bytes:
        data = yaml.safe_load(text)
        way = dice.choice(places(data)[1:])
        container = data
        for step in way[:-1]:
            container = container[step]
        change(dice, container, way[-1])
        if dice.random() < 0.2:
            return json.dumps(data).encode()
        return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()

    return mutation


def delete(dice: random.Random, container: object, step: object) -> None:
    """Leave something out."""
    del container[step]


def rename(dice: random.Random, container: object, step: object) -> None:
    """Misspell a field, or put a value into one."""
    if isinstance(container, dict):
        container[f"{step[:-1]}{dice.choice('aeq')}"] = container.pop(step)
    else:
        container[step] = {"wrong": container[step]}


def retype(dice: random.Random, container: object, step: object) -> None:
    """Give another kind of value."""
    container[step] = dice.choice([None, [], {}, [1], {"a": 1}, -1, 1e300, [[[]]], {"content": {}}, "x" * 20_000])


def enlarge(dice: random.Random, container: object, step: object) -> None:
    """Give much too much."""
    value = container[step]
    container[step] = (
        value * 300 if isinstance(value, str | list) else 10**400 if isinstance(value, int) else "\\frac{a}"
    )


def add(dice: random.Random, container: object, step: object) -> None:
    """Give what no field asks for."""
    if isinstance(container, dict):
        container[dice.choice(["titel", "text", "color", "id", "größe", "1", "profil e"])] = dice.choice([1, "x", None])
    else:
        container.append({"template": "nope", "name": 5, "content": 7})


def repeat(dice: random.Random, text: str) -> bytes:
    """Write a line twice."""
    lines = text.splitlines()
    at = dice.choice([place for place, line in enumerate(lines) if re.match(r"\s*\w+:", line)])
    return "\n".join([*lines[: at + 1], lines[at], *lines[at + 1 :]]).encode()


def indent(dice: random.Random, text: str) -> bytes:
    """Move a line."""
    lines = text.splitlines()
    at = dice.randrange(1, len(lines))
    lines[at] = dice.choice([" ", "   ", "\t", ""]) + (lines[at] if dice.random() < 0.6 else lines[at].lstrip())
    return "\n".join(lines).encode()


def insert(dice: random.Random, text: str) -> bytes:
    """Strike a wrong key."""
    at = dice.randrange(len(text))
    keys = ["\x00", "\x07", "\x1b[31m", "{", "]", '"', "'", ": ", "\n\t", "*x ", "&y ", "@", "\n%", "!z ", "\ufffe"]
    sign = dice.choice(keys)
    return (text[:at] + sign + text[at:]).encode()


def begin_a_value(dice: random.Random, text: str) -> bytes:
    """Begin a text with a sign that YAML keeps."""
    at = dice.choice([match.end() for match in re.finditer(r": (?=\S)|- (?=\S)", text)])
    sign = dice.choice(["*", "&a b ", "@", "`", "%", "!", "=", "- ", "? ", "[", "{", '"', "|", "a: b: "])
    return (text[:at] + sign + text[at:]).encode()


def cut(dice: random.Random, text: str) -> bytes:
    """Stop in the middle."""
    return text.encode()[: dice.randrange(len(text))]


def recode(dice: random.Random, text: str) -> bytes:
    """Save it in another encoding."""
    text = text.replace("title: ", "title: Größe ", 1)
    saved = [text.encode(encoding, "replace") for encoding in ("latin-1", "utf-16-le", "cp037")]
    return dice.choice([*saved, b"\xff\xfe" + text.encode()])


def scramble(dice: random.Random, text: str) -> bytes:
    """Give what is no text: a picture, an archive, noise."""
    beginning = dice.choice([b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\x1f\x8b\x08", b"%PDF-1.7\n", b""])
    return beginning + dice.randbytes(dice.randrange(1, 3000))


def swap_words(dice: random.Random, text: str) -> bytes:
    """Write a word that is unknown."""
    known = re.findall(r"(?:template|theme|accent|profile|transition|kind|font): *([\w-]+)", text) or ["hd"]
    word = dice.choice(known)
    return re.sub(
        rf"\b{word}\b", dice.choice([word[:-1] + "z", word.upper() + "s", "12", "no such word"]), text
    ).encode()


MUTATIONS = [changed(each) for each in (delete, rename, retype, enlarge, add)]
MUTATIONS += [repeat, indent, insert, begin_a_value, cut, recode, scramble, swap_words]


def malformed() -> list[tuple[str, bytes]]:
    """Many files, each from a sample by one mistake; the same ones every time."""
    files = []
    for seed in range(4 * WANTED):
        dice = random.Random(seed)
        mutation = dice.choice(MUTATIONS)
        files.append((f"{seed}-{getattr(mutation, '__name__', '')}", mutation(dice, dice.choice(SAMPLES))))
    return files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the pictures are that the samples name."""
    for picture in PICTURES:
        shutil.copy("examples/pictures/01-dawn.jpg", tmp_path / picture)
    return tmp_path


def refusal_of(file: Path) -> InvalidRequest | None:
    """What is wrong with a file; None where nothing is."""
    try:
        read_request(file, kind_of(file))
    except InvalidRequest as problem:
        return problem
    return None


def test_two_hundred_malformed_files_are_each_told_in_sentences(folder: Path):
    """With the file, the line and what to do; in none of the words of a library, and in less than a moment."""
    refused = 0
    for name, content in malformed():
        file = folder / "film.yaml"
        file.write_bytes(content)
        started = time.process_time()
        problem = refusal_of(file)
        took_s = time.process_time() - started
        if problem is None:
            continue
        said = str(problem)
        refused += 1
        if isinstance(problem, RequestFileInvalid):
            lines = content.decode("utf-8", "replace").replace("\r", "\n").count("\n") + 1
            assert all(1 <= each.line <= lines for each in problem.problems), (name, said)
        assert took_s < LONG_S or took_s < seconds_here(LONG_S) or is_layout(problem), (name, said)
        for sentence in said.splitlines():
            assert TELLING.match(sentence), (name, said)
            assert sentence.startswith(str(file)), (name, said)
            assert not FOREIGN.search(sentence.removeprefix(str(file))), (name, said)
            assert len(sentence) < 600, (name, said)
    assert refused >= WANTED


def is_layout(problem: InvalidRequest) -> bool:
    """Whether a text does not fit: that is found by Manim, whose import takes two seconds."""
    return "shorter" in str(problem) or "fit" in str(problem)


def test_ten_of_them_are_refused_by_the_command_in_less_than_a_moment(folder: Path):
    """Exit code 2, the same sentences, no traceback, in three times the time in which its libraries are imported.

    The time is that of the processor, for other tests run as well.
    """
    refused, file = [], folder / "film.yaml"
    for name, content in malformed()[: 3 * AS_COMMANDS]:
        file.write_bytes(content)
        if refusal_of(file):
            refused.append((name, content))
    took_s, importing_s = [], []
    for name, content in refused[:AS_COMMANDS]:
        file.write_bytes(content)
        problem = refusal_of(file)
        finished, refusing_s = started("-m", "callsheet", "create", str(file), "--json")
        if problem and not is_layout(problem):
            took_s.append(refusing_s)
            importing_s.append(started("-c", "import pydantic_settings, rich.console, typer, yaml")[1])
        assert (finished.returncode, finished.stderr) == (2, ""), (name, finished.stderr)
        assert json.loads(finished.stdout)["error"] == str(problem), name
    assert len(took_s) >= AS_COMMANDS // 2
    assert statistics.median(took_s) < 3 * statistics.median(importing_s), (took_s, importing_s)


def started(*arguments: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """A Python that was run to its end, and the processor seconds that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    finished = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return finished, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@pytest.mark.parametrize("text", ["title: a\ntitle: b\n", "titel: x\nscenes: []\n"])
def test_the_command_line_ends_with_2_and_the_same_sentences(tmp_path: Path, text: str):
    """Before it imports what only a run needs."""
    file = tmp_path / "film.yaml"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "callsheet", "create", str(file), "--json"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 2
    assert json.loads(finished.stdout)["error"].startswith(f"{file}:")
    assert finished.stderr == ""


def test_reading_a_request_imports_nothing_that_only_a_run_needs():
    """A refusal comes at once: no Prefect, no Manim, no numpy, no Typst."""
    code = (
        "import sys, pathlib\n"
        "from callsheet.sources.request_files import load_request\n"
        "from callsheet.stage.content import scene_problems\n"
        "try:\n    load_request(pathlib.Path(sys.argv[1]), check=scene_problems)\n"
        "except Exception as error:\n    pass\n"
        "print(sorted({'prefect', 'manim', 'numpy', 'typst', 'PIL', 'av'} & sys.modules.keys()))\n"
    )
    argv = [sys.executable, "-c", code, "pyproject.toml"]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "[]\n"
