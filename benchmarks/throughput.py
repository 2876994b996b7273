"""An eight-scene video at 720p30: the warm server against `manim` and `ffmpeg` by hand on the same sources.

    python benchmarks/throughput.py

By hand means what a person would type: `manim` once a scene, one after the other, then one ffmpeg command that joins
the clips with `xfade`. Both sides start with empty caches, one after the other on an otherwise idle machine. Prints a
table and, as its last line, one JSON object:

    ratio_vs_by_hand         how many times faster the server makes the video
    edit_one_ratio           time after editing one of the eight scenes, as a share of the cold time
    rerun_s                  seconds for the same request again
    frames_rendered_on_rerun frames that were rendered for that
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, FlowRunFilterParentFlowRunId
from prefect.client.schemas.objects import TaskRun
from prefect.settings import PREFECT_API_URL, temporary_settings

from callsheet import client, embedded
from callsheet.model.content import CONTENT_MODELS, Content, TemplateName
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.manifest import Manifest
from callsheet.settings import Settings
from callsheet.stage.template_source import fill_template

# Words, mathematics, drawings and a picture, as a film of some minutes has them.
TEMPLATES = ("title", "explain", "picture", "derivation", "geometry", "code", "chart", "bullets")
LONGER = {
    "explain": {
        "prompt": "Explain why the sum of the first odd numbers is a square. The first odd number is 1 = 1^2. "
        "The first two together are 1 + 3 = 2^2. The first three together are 1 + 3 + 5 = 3^2. "
        "Draw them as dots: one dot in the corner, then an elbow of three dots around it, then an elbow of five. "
        "Each elbow has two dots more than the one before, and it completes the next larger square. "
        "An elbow around a square of side n has n dots above, n dots beside and one in the corner: 2 n + 1. "
        "So adding the next odd number to a square gives the next square: n^2 + (2 n + 1) = (n + 1)^2. "
        "Nothing else is needed: the pattern holds at the start, and each step keeps it."
    },
    "derivation": {
        "title": "The quadratic formula",
        "lines": [
            {"formula": "a x^2 + b x + c = 0", "reason": "with $a != 0$"},
            {"formula": "x^2 + b / a x = - c / a", "reason": "divide by $a$"},
            {"formula": "x^2 + b / a x + b^2 / (4 a^2) = b^2 / (4 a^2) - c / a", "reason": "complete the square"},
            {"formula": "(x + b / (2 a))^2 = (b^2 - 4 a c) / (4 a^2)", "reason": "a square on the left"},
            {"formula": "x + b / (2 a) = plus.minus sqrt(b^2 - 4 a c) / (2 a)", "reason": "take roots"},
            {"formula": "x = (- b plus.minus sqrt(b^2 - 4 a c)) / (2 a)", "reason": "and that is it"},
        ],
    },
    "bullets": {
        "title": "How to read a proof",
        "points": [
            "Say in your own words what is claimed",
            "Try the smallest case by hand",
            "Find the one idea that does the work",
            "Ask of each step which step it follows from",
            "Look for the place where every assumption is used",
            "Leave one assumption out and see what breaks",
        ],
    },
}
TRANSITION_S = 0.5


def request(edited: str = "") -> VideoRequest:
    """Return the eight scenes; `edited` is another heading for the chart."""
    contents = {name: LONGER.get(name) or CONTENT_MODELS[TemplateName(name)].EXAMPLE for name in TEMPLATES}
    if edited:
        contents["chart"] = {**contents["chart"], "title": edited}
    scenes = [{"name": name, "template": name, "content": content} for name, content in contents.items()]
    return VideoRequest.model_validate({"title": "Throughput", "scenes": scenes, "profile": "hd"})


def main() -> None:
    """Measure both sides, and print them."""
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        by_hand_s = by_hand(Path(folder))
        settings = Settings(home=Path(folder) / "home")
        with embedded.started(settings) as services, temporary_settings({PREFECT_API_URL: services.api_url}):
            cold_s, _ = asyncio.run(through_the_server(request()))
            edited_s, _ = asyncio.run(through_the_server(request(edited="Seconds to render one scene, by preset")))
            rerun_s, frames = asyncio.run(through_the_server(request()))
    report(by_hand_s, cold_s, edited_s, rerun_s, frames)


def by_hand(folder: Path) -> float:
    """Return the seconds for `manim` scene by scene, and one ffmpeg merge."""
    began_at = time.monotonic()
    clips = [render_by_hand(folder, brief.filled(), brief.name) for brief in request().scenes]
    merge_by_hand(clips, folder / "by-hand.mp4")
    return time.monotonic() - began_at


def render_by_hand(folder: Path, content: Content, name: str) -> Path:
    """Run one `manim` command, in the folder of the scene's source and picture."""
    filled = fill_template(name, content, request().look)
    code = filled.code
    source = folder / f"{name.replace('-', '_')}.py"
    source.write_text(code.source, encoding="utf-8")
    for file_name, path in filled.files.items():
        shutil.copyfile(path, folder / file_name)
    run([sys.executable, "-m", "manim", "render", "-r", "1280,720", "--fps", "30", "--disable_caching",
         "--media_dir", str(folder / "media"), str(source), code.class_name], cwd=folder)  # fmt: skip
    return next((folder / "media").rglob(f"{code.class_name}.mp4"))


def merge_by_hand(clips: list[Path], out: Path) -> None:
    """Run one ffmpeg command: every clip fades into the next by `xfade`."""
    lengths = [length_s(clip) for clip in clips]
    offsets = [end - TRANSITION_S * number for number, end in enumerate(accumulate(lengths[:-1]), start=1)]
    steps, last = [], "0:v"
    for number, offset in enumerate(offsets, start=1):
        steps.append(
            f"[{last}][{number}:v]xfade=transition=fade:duration={TRANSITION_S}:offset={offset:.4f}[v{number}]"
        )
        last = f"v{number}"
    inputs = [argument for clip in clips for argument in ("-i", str(clip))]
    run(["ffmpeg", "-nostdin", "-y", *inputs, "-filter_complex", ";".join(steps), "-map", f"[{last}]", str(out)])


def length_s(clip: Path) -> float:
    """Return the duration of a file in seconds."""
    probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(clip)]
    return float(subprocess.run(probe, check=True, capture_output=True, text=True).stdout)


def run(argv: list[str], cwd: Path | None = None) -> None:
    """Run to the end; show the output only if it fails."""
    finished = subprocess.run(argv, check=False, capture_output=True, text=True, cwd=cwd)
    if finished.returncode != 0:
        raise SystemExit(f"{' '.join(argv[:4])} … failed:\n{finished.stderr[-2000:]}")


async def through_the_server(video: VideoRequest) -> tuple[float, int]:
    """Return the seconds from the request to the finished run, and its rendered frames."""
    began_at = time.monotonic()
    started = await client.start(video)
    async for status in client.follow(started.id):
        last = status
    elapsed_s = time.monotonic() - began_at
    if not last.is_completed:
        raise SystemExit(f"the run ended as {last.state}: {last.message}")
    return elapsed_s, await frames_rendered(started.id, await client.result(started.id))


async def frames_rendered(run_id: UUID, manifest: Manifest) -> int:
    """Return the frames of the clips that were really rendered.

    The server's task runs tell it.
    """
    async with get_client() as prefect:
        parent = FlowRunFilterParentFlowRunId(any_=[run_id])
        scenes = await prefect.read_flow_runs(flow_run_filter=FlowRunFilter(parent_flow_run_id=parent))
        ids = FlowRunFilterId(any_=[scene.id for scene in scenes])
        tasks = await prefect.read_task_runs(flow_run_filter=FlowRunFilter(id=ids))
    rendered = {task.name.split(" ", 2)[2] for task in tasks if is_real_render(task)}
    return sum(scene.clip.frames for scene in manifest.scenes if scene.name in rendered)


def is_real_render(task: TaskRun) -> bool:
    """Return whether this task run rendered, and did not find its clip in the cache."""
    return task.name.startswith("render-scene ") and task.state_name != "Cached"


def report(by_hand_s: float, cold_s: float, edited_s: float, rerun_s: float, frames: int) -> None:
    """Print a table for people, one line for programs."""
    for what, seconds in (
        ("by hand", by_hand_s), ("through the server, cold", cold_s), ("one scene edited", edited_s),
        ("nothing changed", rerun_s),
    ):  # fmt: skip
        print(f"{what:28}{seconds:8.1f} s")
    result = {
        "ratio_vs_by_hand": round(by_hand_s / cold_s, 2),
        "edit_one_ratio": round(edited_s / cold_s, 3),
        "rerun_s": round(rerun_s, 2),
        "frames_rendered_on_rerun": frames,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
