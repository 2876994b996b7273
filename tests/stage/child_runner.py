"""Runs scenes in the stage's child as it is, without the fence: many in one process that imports Manim once.

    python -m tests.stage.child_runner

Each line of standard input is a folder and a list of orders, in JSON. Each order is carried out in a separate fork, in
a separate folder. Its events end up in FOLDER/<number>/events.json, together with the seconds it took. When all orders
are done, the process says so in a line.
"""

import atexit
import json
import os
import select
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.rehearsal import LayoutProblem, RehearsalFacts
from callsheet.stage.order import POSTER_FILE, Mode, SceneOrder

ROOT = Path(__file__).parents[2]
DONE = "done\n"
LONGEST_S = 600
DRAFT = PROFILES[ProfileName.DRAFT]
HEAD = "from manim import *\n\nclass Plain(Scene):\n    def construct(self):\n"


@dataclass(frozen=True)
class Outcome:
    """What became of one order."""

    events: list[dict]
    folder: Path
    seconds: float

    @property
    def last(self):
        """The event that tells how it went."""
        return self.events[-1]

    @property
    def facts(self):
        """What a rehearsal measured."""
        assert self.last["event"] == "rehearsed", self.last
        return RehearsalFacts.model_validate(self.last["facts"])

    @property
    def frames(self):
        """What a render wrote."""
        assert self.last["event"] == "rendered", self.last
        return self.last["frames"]

    @property
    def animations(self):
        """What a render played."""
        return max((event["index"] + 1 for event in self.events if event["event"] == "animation"), default=0)

    @property
    def poster(self):
        """Where a rehearsal leaves its picture."""
        return self.folder / POSTER_FILE

    def messages(self, problem: LayoutProblem):
        """The findings of one kind."""
        return [finding.message for finding in self.facts.layout if finding.problem is problem]


def plain(*lines):
    """Source of a scene `Plain` that does this."""
    return HEAD + "".join(f"        {line}\n" for line in lines)


def order(source, mode=Mode.REHEARSE, profile=DRAFT, class_name=""):
    """An order for one scene."""
    return SceneOrder(mode=mode, class_name=class_name, source=source, profile=profile)


def carried_out(folder, *orders, files=None):
    """The outcomes of `orders`, in their order, each with `files` (paths by name) beside it."""
    for number in range(len(orders)):
        (folder / str(number)).mkdir(parents=True)
        for name, path in (files or {}).items():
            shutil.copyfile(path, folder / str(number) / name)
    told = json.dumps([str(folder), [each.model_dump(mode="json") for each in orders]])
    runner = _runner()
    runner.stdin.write(f"{told}\n")
    runner.stdin.flush()
    answers, _, _ = select.select([runner.stdout], [], [], LONGEST_S)
    assert answers, "the orders take too long"
    assert runner.stdout.readline() == DONE
    return [_outcome(folder / str(number)) for number in range(len(orders))]


@cache
def _runner():
    """Return the process that has imported Manim for all tests of this worker, and ends with it."""
    argv = [sys.executable, "-m", "tests.stage.child_runner"]
    runner = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(runner.communicate)
    return runner


def rehearsed(folder, source, profile=DRAFT):
    """One scene's rehearsal."""
    return carried_out(folder, order(source, profile=profile))[0]


def _outcome(folder):
    told = json.loads((folder / "events.json").read_text())
    return Outcome(told["events"], folder, told["seconds"])


class Events:
    """The child's outbox, as a list."""

    def __init__(self):
        self.told = []

    def say(self, event, **facts):
        """Keep an event."""
        self.told.append({"event": event, **facts})

    def send(self, name, path):
        """A file is sent from where it lies."""
        assert path.exists(), name


def main():
    """Carry out the orders on standard input until it ends, one fork each."""
    from callsheet.stage import child
    from callsheet.stage.rehearsal import performance  # noqa: F401

    for line in sys.stdin:
        base, orders = json.loads(line)
        for number, told in enumerate(orders):
            folder = Path(base, str(number))
            pid = os.fork()
            if not pid:
                os.chdir(folder)
                with (folder / "log.txt").open("w") as log:
                    os.dup2(log.fileno(), 1)
                    os.dup2(log.fileno(), 2)
                events, began = Events(), time.monotonic()
                child.main(told, events)
                seconds = time.monotonic() - began
                (folder / "events.json").write_text(json.dumps({"events": events.told, "seconds": seconds}))
                os._exit(0)
            os.waitpid(pid, 0)
        sys.stdout.write(DONE)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
