"""The memory of a flow that holds the board of 120 shots: its drawings, its panels, its pages, and its requests.

    python -m benchmarks.board

A separate process imports the flow as a run does, plans the shots of the example screenplays, draws each panel as the
run shows it, sets the pages, and holds the requests of all shots with their layers. It asks no server. The peak is the
most memory that the process ever had.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

SHOTS = 120
MOST_MB = 300
EXAMPLES = Path(__file__).parents[1] / "examples/screenplays"


def main() -> None:
    """Measure in a separate process, print a line for people and one JSON object."""
    measured = subprocess.run(
        [sys.executable, "-m", "benchmarks.board", "measure"], capture_output=True, text=True, check=True
    )
    facts = json.loads(measured.stdout.splitlines()[-1])
    print(f"{facts['shots']} shots: peak {facts['peak_mb']} MB (of at most {MOST_MB}), {facts['seconds']} s")
    print(json.dumps({"benchmark": "board", **facts, "most_mb": MOST_MB, "ok": facts["peak_mb"] < MOST_MB}))


def measure() -> None:
    """Hold a board of 120 shots with all that belongs to it; print the peak of this process."""
    import flows.movie  # noqa: F401 - a run has this in memory, too
    from callsheet.footage.panel_camera import panel_picture
    from callsheet.media.board_pages import board_pdf
    from callsheet.media.panels.panel import draw_layers
    from callsheet.model.film.screenplay import Screenplay
    from callsheet.model.requests.movie import ShotBrief, ShotRequest
    from callsheet.sources.screenplays.screenplay_child import read
    from callsheet.sources.screenplays.script_builder import ScriptBuilder
    from callsheet.writing.screenplay.film_grammar import check_shots
    from callsheet.writing.screenplay.script_facts import analyse
    from callsheet.writing.screenplay.shot_rules import plan_shots

    at_start_mb = _peak_mb()
    begun = time.perf_counter()
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.fountain")))
    builder = ScriptBuilder()
    kind = read(text.encode(), builder)
    screenplay = Screenplay(
        kind=kind, origin="board", digest="0" * 64, parts=tuple(builder.parts), source_words=builder.source_words
    )
    facts = analyse(screenplay)
    shots = plan_shots(screenplay, facts)[:SHOTS]
    requests = []
    for number, shot in enumerate(shots, start=1):
        layers = draw_layers(shot, facts, shot.seen)
        panel_picture(layers, 480)
        brief = ShotBrief.model_validate(shot.model_dump())
        requests.append(ShotRequest(number=number, scene=brief, layers=layers, frames=60))
    pages = board_pdf(facts, shots, check_shots(shots, facts.utterances))
    seconds = round(time.perf_counter() - begun, 1)
    drawings_mb = round(sum(len(each.model_dump_json()) for each in requests) / 1e6, 1)
    found = {"shots": len(shots), "start_mb": at_start_mb, "peak_mb": _peak_mb(), "drawings_mb": drawings_mb}
    print(json.dumps({**found, "pages_mb": round(len(pages) / 1e6, 1), "seconds": seconds}))


def _peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["measure"] else main()
