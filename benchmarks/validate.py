"""The check of scene code: what it refuses of Manim's examples, which mistakes it catches, and how long it takes.

    python -m benchmarks.validate

The good scenes are the `.. manim::` examples in the docstrings of the installed Manim that work on this machine. Each
is run once, with animations skipped, and what came of it is kept in Callsheet's home. The bad ones have one mistake
each (tests/stage/broken_scenes.txt); one is caught if a finding is on the line of the mistake and names it.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from callsheet.scene_lint import Catalogue, findings_of, load_catalogue
from callsheet.settings import settings
from tests.stage.broken_scenes import BrokenScene, broken_scenes
from tests.stage.manim_examples import ManimExample, working_examples


def main() -> None:
    """Measure, and print a table and one JSON object."""
    started = time.perf_counter()
    catalogue = load_catalogue(settings().catalogue_dir)
    catalogue_s = time.perf_counter() - started
    good = working_examples(settings().home / "benchmarks")
    broken = broken_scenes()
    refused = [each for each in good if _is_refused(each, catalogue)]
    missed = [each for each in broken if not _is_caught(each, catalogue)]
    result = {
        "good_rejected_ratio": round(len(refused) / len(good), 4),
        "good_scenes": len(good),
        "broken_caught_ratio": round(1 - len(missed) / len(broken), 4),
        "broken_scenes": len(broken),
        "ms_per_scene": round(statistics.median(_milliseconds(good, broken, catalogue)), 2),
        "catalogue_s": round(catalogue_s, 2),
    }
    _print_table(result, [each.place for each in refused], [each.name for each in missed])
    print(json.dumps(result))


def _is_refused(example: ManimExample, catalogue: Catalogue) -> bool:
    return bool(findings_of(example.source, example.class_name, catalogue))


def _is_caught(scene: BrokenScene, catalogue: Catalogue) -> bool:
    findings = findings_of(scene.source, "", catalogue)
    return any(each.line == scene.line and scene.expected in each.message for each in findings)


def _milliseconds(good: list[ManimExample], broken: list[BrokenScene], catalogue: Catalogue) -> list[float]:
    taken = []
    for source in [each.source for each in good] + [each.source for each in broken]:
        started = time.perf_counter()
        findings_of(source, "", catalogue)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _print_table(result: dict[str, float], refused: list[str], missed: list[str]) -> None:
    table = Table("measured", "value")
    for name, value in result.items():
        table.add_row(name, str(value))
    table.add_row("good ones refused", "\n".join(refused) or "none")
    table.add_row("mistakes missed", "\n".join(missed) or "none")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
