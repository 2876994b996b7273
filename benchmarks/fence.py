"""The cost of the fence: the same scene of two seconds behind it and without it, in alternating pairs.

    python benchmarks/fence.py

Both sides go the whole way from scene code to a checked clip: one supervisor and child for the render, and one for the
probe. Without the fence (`unsafe-none`) there is no bubblewrap, no filter and no change of user. Each pair is rendered
back to back, in changing order, so that a busy moment of the machine weighs on both. Prints a table and, as its last
line, one JSON object:

    ratio_fenced_vs_plain    median of the pairs' ratios
    fenced_s, plain_s        median seconds
    start_fenced_s           median seconds from the call to the first line of code behind the fence, Manim not imported
"""

import asyncio
import json
import logging
import statistics
import tempfile
import time
from pathlib import Path

from callsheet.fence.job import FenceLimits, FencePolicy, Job
from callsheet.fence.running import run
from callsheet.media.untrusted import probe_untrusted_clip
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import Origin, OriginKind, ValidatedSceneCode
from callsheet.scratch import scratch_dir
from callsheet.stage import sandbox

PAIRS = 9
PROFILE = PROFILES[ProfileName.HD]
SOURCE = """
from manim import *


class Lesson(Scene):
    def construct(self):
        title = Text("The sum of the first odd numbers").scale(0.8).to_edge(UP)
        squares = VGroup(*(Square(0.5 + 0.4 * n) for n in range(5))).set_color_by_gradient(BLUE, GREEN)
        self.play(Write(title), Create(squares), run_time=1)
        self.play(Rotate(squares, PI / 4), FadeOut(title), run_time=0.7)
        self.wait(0.3)
"""


def main() -> None:
    """Render the pairs and report."""
    logging.disable()  # “without any fence” is what this is about
    with tempfile.TemporaryDirectory() as folder:
        pairs, starts = asyncio.run(measured(Path(folder)))
    report(pairs, starts)


async def measured(root: Path) -> tuple[list[tuple[float, float]], list[float]]:
    """Return the seconds of each pair, fenced and plain, and the seconds to the first line.

    One of each runs before and is not counted.
    """
    for policy in (FencePolicy.REQUIRED, FencePolicy.UNSAFE_NONE):
        await seconds_of_a_clip(root, policy)
    pairs = []
    for number in range(PAIRS):
        order = [FencePolicy.REQUIRED, FencePolicy.UNSAFE_NONE]
        taken = {policy: await seconds_of_a_clip(root, policy) for policy in (order if number % 2 else order[::-1])}
        pairs.append((taken[FencePolicy.REQUIRED], taken[FencePolicy.UNSAFE_NONE]))
    return pairs, [await seconds_to_start(root) for _ in range(PAIRS)]


def limits(root: Path, policy: FencePolicy) -> FenceLimits:
    """Return limits that allow one job at a time."""
    return FenceLimits(timeout_s=120, at_once=1, slots_dir=root / "slots", policy=policy)


async def seconds_of_a_clip(root: Path, policy: FencePolicy) -> float:
    """Return the seconds from scene code to a clip whose facts are known."""
    origin = Origin(kind=OriginKind.CODE, maker="benchmark")
    code = ValidatedSceneCode(scene_name="Lesson", class_name="Lesson", source=SOURCE, origin=origin)
    began = time.perf_counter()
    with scratch_dir(root / "scratch", "render") as folder:
        take = await sandbox.render(code, PROFILE, folder, limits(root, policy))
        facts = await probe_untrusted_clip(take.path, PROFILE, limits(root, policy))
    if facts["frames"] != 2 * PROFILE.frame_rate:
        raise SystemExit(f"the clip has {facts['frames']} frames")
    return time.perf_counter() - began


async def seconds_to_start(root: Path) -> float:
    """Return the seconds of a job that does nothing.

    Its module is not found inside, after everything before it was done.
    """
    began = time.perf_counter()
    with scratch_dir(root / "scratch", "start") as folder:
        await run(Job(module="callsheet.nothing", order={}), limits(root, FencePolicy.REQUIRED), folder, lambda _: None)
    return time.perf_counter() - began


def report(pairs: list[tuple[float, float]], starts: list[float]) -> None:
    """Print a table for people, one line for programs."""
    print(f"{'fenced':>10}{'plain':>10}{'ratio':>10}")
    for fenced_s, plain_s in pairs:
        print(f"{fenced_s:8.2f} s{plain_s:8.2f} s{fenced_s / plain_s:10.3f}")
    result = {
        "ratio_fenced_vs_plain": round(statistics.median(fenced_s / plain_s for fenced_s, plain_s in pairs), 3),
        "fenced_s": round(statistics.median(fenced_s for fenced_s, _ in pairs), 3),
        "plain_s": round(statistics.median(plain_s for _, plain_s in pairs), 3),
        "start_fenced_s": round(statistics.median(starts), 3),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
