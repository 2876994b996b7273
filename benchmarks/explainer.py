"""A narrated film of three minutes from a document: cold, with one changed paragraph, and unchanged.

    python benchmarks/explainer.py

It starts a server in an empty home, and makes a tiny film of other words, so that the server is warm. Then it makes a
film of `canal_locks.md` at 1280×720 and 30 frames/s, by rules, in the length of three minutes. Then one paragraph is
changed, and at last nothing. The task runs of the server say of each step whether its value was kept, so they tell what
was spoken and rendered. New windows are counted in the store. Each film has a time limit. The table has the seconds of
steps, too: steps run at the same time, and each counts with its wait for a free core. Prints a table and, as its last
line, one JSON object:

    film_s                        length of the cold film in seconds
    cold_s, cold_ratio            seconds for the cold film; the same, divided by the length of the film
    cold_sentences, cold_scenes, cold_windows   what was spoken, rendered and encoded for it
    changed_s, changed_ratio      seconds after one paragraph has changed; the same as a share of the cold time
    changed_sentences, changed_scenes, changed_windows   what was spoken, rendered and encoded for it
    beside_the_paragraph          scenes and sentences of these that don't belong to the changed paragraph, and windows
                                  that belong to none of its scenes
    unchanged_s, unchanged_sentences, unchanged_scenes, unchanged_windows   the same when nothing has changed
    cpu                           seconds of processor time of the server and of all that it started, for each film
    steps                         seconds of the steps of each film, added up by their names
    load                          processes that wanted a core in the minute before, on average, before each film: with
                                  more than one, the times are those of others, too, and only `cpu` can be compared
    goals, missed                 the most that each may be on a quiet machine of two cores; which of them were missed
"""

import asyncio
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from first_minute import cpu_seconds_of  # beside this file
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from callsheet import client, embedded
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.run.manifest import Manifest, SceneReport
from callsheet.server import queries
from callsheet.settings import Settings

DOCUMENT = Path(__file__).with_name("canal_locks.md")
LENGTH_S = 180
BEFORE, AFTER = "Two tanks balance each other", "The two tanks of the wheel balance each other"
WARM_UP = "# Ready\n\nThis film warms the server, and no word of it is told again.\n"
LIMITS_S = {"warm-up": 300.0, "cold": 1200.0, "changed": 600.0, "unchanged": 300.0}
SPEAKING, RENDERING = "speak-sentence", "render-scene"
GOALS = {
    "cold_ratio": 1.2, "changed_ratio": 0.25, "beside_the_paragraph": 0, "unchanged_sentences": 0,
    "unchanged_scenes": 0, "unchanged_windows": 0,
}  # fmt: skip
PORTS = {"prefect_port": 15600, "media_port": 15700}


@dataclass(frozen=True)
class Step:
    """A step that ran, and did not find its value."""

    name: str
    label: str
    """That of its scene, as in “03 A river”; empty for a step of the film."""
    seconds: float


@dataclass(frozen=True)
class Made:
    """One film, and what was done for it."""

    manifest: Manifest
    seconds: float
    cpu_s: float
    load: float
    steps: Sequence[Step]
    windows: int

    def labels(self, step: str) -> list[str]:
        """Return the labels of the scenes for which a step ran, as often as it did."""
        return [each.label for each in self.steps if each.name == step]

    def seconds_by_step(self) -> Counter[str]:
        """Return the seconds of all steps of a name, which may have run at the same time."""
        counted = Counter[str]()
        for step in self.steps:
            counted[step.name] += step.seconds
        return counted

    def facts(self) -> dict[str, float]:
        """Return the seconds, and what was spoken, rendered and encoded."""
        return {
            "s": self.seconds,
            "sentences": len(self.labels(SPEAKING)),
            "scenes": len(self.labels(RENDERING)),
            "windows": self.windows,
        }


def main() -> None:
    """Make the films, and print what they took."""
    text = DOCUMENT.read_text(encoding="utf-8")
    if text.count(BEFORE) != 1:
        raise SystemExit(f"{DOCUMENT.name} has to say “{BEFORE}” once")
    changed_text = text.replace(BEFORE, AFTER)
    with tempfile.TemporaryDirectory(prefix="explainer-") as folder:
        settings = Settings(home=Path(folder) / "home", linger_s=0, **PORTS)
        with embedded.started(settings) as services, temporary_settings({PREFECT_API_URL: services.api_url}):
            studio = Studio(Path(folder), settings.media_dir / "windows", services.pid)
            asyncio.run(studio.make("warm-up", WARM_UP, length_s=10))
            cold = asyncio.run(studio.make("cold", text))
            changed = asyncio.run(studio.make("changed", changed_text))
            unchanged = asyncio.run(studio.make("unchanged", changed_text))
    report(cold, changed, unchanged)


@dataclass(frozen=True)
class Studio:
    """Where films are made: a folder for documents, the windows of a home, and the process of its server."""

    folder: Path
    windows: Path
    supervisor: int

    async def make(self, name: str, text: str, length_s: float = LENGTH_S) -> Made:
        """Make the film of a text, within the time limit of its name."""
        request = ExplainerRequest(
            document=str(self._written(name, text)), length_s=length_s, written_by="rules", profile="hd"
        )
        load, windows, cpu_s = os.getloadavg()[0], self._count_windows(), cpu_seconds_of(self.supervisor)
        began_at = time.monotonic()
        try:
            async with asyncio.timeout(LIMITS_S[name]):
                run = await client.start(request)
                async for status in client.follow(run.id):
                    last = status
        except TimeoutError:
            raise SystemExit(f"the {name} film was not done after {LIMITS_S[name]:g} s") from None
        seconds = time.monotonic() - began_at
        if not last.is_completed:
            raise SystemExit(f"the {name} film ended as {last.state}: {last.message}")
        used_s = cpu_seconds_of(self.supervisor) - cpu_s
        steps, manifest = await steps_that_ran(run.id), await client.result(run.id)
        return Made(manifest, seconds, used_s, load, steps, self._count_windows() - windows)

    def _written(self, name: str, text: str) -> Path:
        document = self.folder / ("warm-up.md" if name == "warm-up" else DOCUMENT.name)
        document.write_text(text, encoding="utf-8")
        return document

    def _count_windows(self) -> int:
        return sum(1 for _ in self.windows.rglob("*.mp4"))


async def steps_that_ran(run_id: UUID) -> list[Step]:
    """Return the steps of a run and of its scenes that did not find their value."""
    async with get_client() as prefect:
        scenes = await queries.read_runs(prefect, queries.scenes_of(run_id))
        ids = [run_id, *(scene.id for scene in scenes)]
        ran = await queries.read_steps(prefect, queries.with_ids(*ids), state_name="Completed")
    # Prefect notes the runs of scenes as tasks, too.
    named = [(*task.name.partition(" "), task.total_run_time.total_seconds()) for task in ran]
    return [Step(name, label, took) for name, _, label, took in named if not name.startswith("generate-scene")]


def report(cold: Made, changed: Made, unchanged: Made) -> None:
    """Print a table for people, one line for programs."""
    film_s = cold.manifest.video.duration_s
    results = {"film_s": film_s, **{f"cold_{name}": value for name, value in cold.facts().items()}}
    results |= {"cold_ratio": cold.seconds / film_s}
    results |= {f"changed_{name}": value for name, value in changed.facts().items()}
    results |= {"changed_ratio": changed.seconds / cold.seconds, "beside_the_paragraph": beside(cold, changed)}
    results |= {f"unchanged_{name}": value for name, value in unchanged.facts().items()}
    films = {"cold": cold, "changed": changed, "unchanged": unchanged}
    print(f"{'':24}{'measured':>10}{'goal':>8}")
    for name, value in results.items():
        print(f"{name:24}{value:10.2f}" + (f"{GOALS[name]:8g}" if name in GOALS else ""))
    for name, film in films.items():
        print(f"{name:24}{film.cpu_s:10.1f} s of processor time, {film.load:.1f} load before")
    steps = {name: film.seconds_by_step() for name, film in films.items()}
    for name, seconds in steps["cold"].most_common(8):
        print(f"{name:24}{seconds:10.1f} s in the cold film, {steps['changed'][name]:.1f} s after the change")
    missed = [name for name, goal in GOALS.items() if results[name] > goal]
    found = {name: round(value, 3) for name, value in results.items()}
    found |= {"cpu": {name: round(film.cpu_s, 1) for name, film in films.items()}}
    found |= {
        "steps": {name: {step: round(took, 1) for step, took in counted.items()} for name, counted in steps.items()}
    }
    found |= {"load": {name: round(film.load, 2) for name, film in films.items()}}
    print(json.dumps({**found, "goals": GOALS, "missed": missed}))


def beside(cold: Made, changed: Made) -> int:
    """Return how many scenes, sentences and windows were made that don't belong to the changed paragraph.

    Its scenes are those that say its words. A scene has at most two windows, with the scenes beside it.
    """
    told = {sentence for scene in cold.manifest.scenes for sentence in spoken_in(scene)}
    own = {label_of(scene) for scene in changed.manifest.scenes if any(AFTER in each for each in spoken_in(scene))}
    scenes = sum(label not in own for label in changed.labels(RENDERING))
    new = [s for scene in changed.manifest.scenes if label_of(scene) in own for s in spoken_in(scene) if s not in told]
    sentences = len(changed.labels(SPEAKING)) - len(new)
    return scenes + max(0, sentences) + max(0, changed.windows - 2 * len(own))


def spoken_in(scene: SceneReport) -> list[str]:
    """Return the sentences of a scene."""
    return [heard.spoken.sentence.text for heard in scene.speech]


def label_of(scene: SceneReport) -> str:
    """Return the label that the steps of a scene have."""
    return f"{scene.number:02} {scene.name}"


if __name__ == "__main__":
    main()
