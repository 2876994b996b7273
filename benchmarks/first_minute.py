"""The waits of a person in the first minute, measured from outside with the commands that a person types.

    python benchmarks/first_minute.py [--idle-s 60]

Each command is a separate process, in a home that only the benchmark uses. `up` is started twice in that home: the
first start makes the database, the second one finds it. The cold draft without a server comes last: its scene is new,
and the home is not. Prints a table and, as its last line, one JSON object:

    help_s, refusal_s             `callsheet --help`; a request file with a mistake
    up_first_s, up_second_s       until `up` says that it is ready: in an empty home, and the next time
    cached_film_s                 a film of one scene that was made before, with `up` running
    cold_film_s                   a film of one new scene in draft, without a server
    cold_first_line_s             until the first line of that command
    cold_silence_s                the longest time in which that command says nothing
    new_home_film_s, new_home_silence_s   the same command in an empty home
    idle_percent                  share of one core that `up` and all that it started take while nothing runs
    cpu                           seconds of processor time for each of these, where a number of seconds is measured
    load                          processes that wanted a core in the minute before, on average: with more than one, the
                                  times are those of others, too, and only `cpu` can be compared
    goals, missed                 the most that each may be on a quiet machine of two cores; which of them were missed
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
CALLSHEET = Path(sys.executable).with_name("callsheet")
GOALS = {
    "help_s": 0.4, "refusal_s": 0.8, "up_second_s": 8, "cached_film_s": 3, "cold_film_s": 20, "cold_silence_s": 3,
    "idle_percent": 4,
}  # fmt: skip
REQUEST = """\
title: {title}
profile: draft
scenes:
  - name: Opening
    template: title
    content: {{title: {title}, subtitle: One scene}}
"""
# Preferred ports that no other program on the machine prefers.
PORTS = {"CALLSHEET_PREFECT_PORT": "15200", "CALLSHEET_MEDIA_PORT": "15300"}
TIMES = 3
SETTLE_S = 20  # until what a start leaves behind (imports, first rounds of the server's services) is over
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Course:
    """The course of one command."""

    seconds: float
    cpu_s: float
    first_line_s: float
    silence_s: float
    """The longest time without output, from its start to its end."""
    returncode: int
    said: str


def main() -> None:
    """Measure all, and print it."""
    parser = argparse.ArgumentParser(description="Measure what a person waits for in the first minute.")
    parser.add_argument("--idle-s", type=float, default=60, help="how long the idle server is watched")
    idle_s = parser.parse_args().idle_s
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="first-minute-") as folder:
        results, cpu = measured(Path(folder), idle_s)
    report(results, cpu, load)


def measured(folder: Path, idle_s: float) -> tuple[dict[str, float], dict[str, float]]:
    """Return results by name, and seconds of processor time for those that are seconds."""
    results, cpu = {}, {}
    home = folder / "home"
    for name, command, code in (
        ("help", ["--help"], 0),
        ("refusal", ["create", str(written(folder, "wrong", wrong=True))], 2),
    ):
        courses = [course_of(command, home, code) for _ in range(TIMES)]
        results[f"{name}_s"] = statistics.median(course.seconds for course in courses)
        cpu[name] = statistics.median(course.cpu_s for course in courses)
    with up(home) as (_, seconds, cpu_s):
        results["up_first_s"], cpu["up_first"] = seconds, cpu_s
    with up(home) as (process, seconds, cpu_s):
        results["up_second_s"], cpu["up_second"] = seconds, cpu_s
        made(folder, home, "made before")
        again = made(folder, home, "made before")
        results["cached_film_s"], cpu["cached_film"] = again.seconds, again.cpu_s
        time.sleep(SETTLE_S)
        before_s = cpu_seconds_of(process.pid)
        time.sleep(idle_s)
        results["idle_percent"] = 100 * (cpu_seconds_of(process.pid) - before_s) / idle_s
    cold = made(folder, home, "never made")
    results |= {
        "cold_film_s": cold.seconds, "cold_first_line_s": cold.first_line_s, "cold_silence_s": cold.silence_s,
    }  # fmt: skip
    cpu["cold_film"] = cold.cpu_s
    first = made(folder, folder / "new-home", "the very first")
    results |= {"new_home_film_s": first.seconds, "new_home_silence_s": first.silence_s}
    cpu["new_home_film"] = first.cpu_s
    return results, cpu


def made(folder: Path, home: Path, title: str) -> Course:
    """Return the course of `callsheet create` for a film with one scene."""
    return course_of(["create", str(written(folder, title)), "--out", str(folder / "out")], home)


def written(folder: Path, title: str, *, wrong: bool = False) -> Path:
    """Write a request file, and return it; a wrong one has a scene without a name."""
    file = folder / f"{title.replace(' ', '-')}.yaml"
    text = REQUEST.format(title=title)
    file.write_text(text.replace("name: Opening", "nmae: Opening") if wrong else text, encoding="utf-8")
    return file


def environment_of(home: Path) -> dict[str, str]:
    """Return the environment of a person who has set only the home and, for cold starts, no lingering."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "CALLSHEET_"))}
    ours = {"CALLSHEET_HOME": str(home), "CALLSHEET_LINGER_S": "0", "PREFECT_HOME": str(home / "no-profile"), **PORTS}
    return theirs | ours


def course_of(arguments: list[str], home: Path, code: int = 0) -> Course:
    """Run the command, and watch when it says something.

    Processor time is that of the command and of all the children that it has waited for.
    """
    began_at = last_at = time.monotonic()
    before = os.times()
    first_s, silence_s, said = None, 0.0, b""
    process = started([*arguments], environment_of(home))
    assert process.stdout
    while chunk := os.read(process.stdout.fileno(), 65_536):
        now_at = time.monotonic()
        first_s = first_s if first_s is not None else now_at - began_at
        silence_s, last_at, said = max(silence_s, now_at - last_at), now_at, said + chunk
    process.wait()
    ended_at, after = time.monotonic(), os.times()
    if process.returncode != code:
        raise SystemExit(f"callsheet {' '.join(arguments)} ended with {process.returncode}:\n{said.decode()}")
    return Course(
        seconds=ended_at - began_at,
        cpu_s=after.children_user + after.children_system - before.children_user - before.children_system,
        first_line_s=first_s if first_s is not None else ended_at - began_at,
        silence_s=max(silence_s, ended_at - last_at),
        returncode=process.returncode,
        said=said.decode(),
    )


@contextmanager
def up(home: Path) -> Iterator[tuple["subprocess.Popen[bytes]", float, float]]:
    """Yield a ready `callsheet up`, its seconds until then, and its seconds of processor time.

    Then press Ctrl-C.
    """
    began_at = time.monotonic()
    process = started(["up"], environment_of(home))
    assert process.stdout
    try:
        said = b""
        while b"Ready" not in said:
            line = process.stdout.readline()
            said += line
            if not line:
                raise SystemExit(f"callsheet up ended:\n{said.decode()}")
        yield process, time.monotonic() - began_at, cpu_seconds_of(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def started(arguments: list[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start the command in a separate session, with all its output in one pipe."""
    return subprocess.Popen(
        [CALLSHEET, *arguments], cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True, bufsize=0,
    )  # fmt: skip


def cpu_seconds_of(pid: int) -> float:
    """Return seconds of processor time of a process and of all that descends from it.

    Descendants that have ended count, too.
    """
    times, children = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # proc(5): the parent is the fourth field of all, utime, stime, cutime and cstime are the 14th to the 17th.
        times[int(folder.name)] = sum(map(int, fields[11:15]))
        children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return sum(times.get(each, 0) for each in found) / TICKS_PER_S


def report(results: dict[str, float], cpu: dict[str, float], load: float) -> None:
    """Print a table for people, one line for programs."""
    print(f"{'':22}{'measured':>10}{'goal':>8}{'processor':>12}")
    for name, value in results.items():
        unit = "%" if name.endswith("_percent") else "s"
        used = cpu.get(name.removesuffix("_s"))
        goal = f"{GOALS[name]:g} {unit}" if name in GOALS else ""
        print(f"{name:22}{value:8.2f} {unit}{goal:>8}" + ("" if used is None else f"{used:10.2f} s"))
    missed = [name for name, goal in GOALS.items() if results[name] > goal]
    rounded = {name: round(value, 2) for name, value in results.items()}
    used = {name: round(value, 2) for name, value in cpu.items()}
    print(f"{'load before':22}{load:8.2f}")
    print(json.dumps({**rounded, "cpu": used, "load": round(load, 2), "goals": GOALS, "missed": missed}))


if __name__ == "__main__":
    main()
