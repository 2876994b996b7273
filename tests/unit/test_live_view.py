"""How a run looks in a terminal."""

from datetime import UTC, datetime
from uuid import uuid4

from rich.console import Console

from callsheet.cli.live_view import line_of, picture
from callsheet.model.run.runs import EventKind, RunEvent, RunStatus, SceneState, SceneStatus, StepError


def status(scenes, **fields):
    """A run with these scenes."""
    facts = {
        "name": "A lesson",
        "state": "Running",
        "is_final": False,
        "is_completed": False,
        "percentage": 40.0,
        "doing": "rendering",
    }
    return RunStatus(run_id=uuid4(), message="", scenes=tuple(scenes), **facts | fields)


def shown(now, lines=40, width=100):
    """Its lines, as they are seen."""
    console = Console(width=width, highlight=False)
    with console.capture() as captured:
        console.print(picture(now, lines))
    return [line.rstrip() for line in captured.get().splitlines()]


def test_every_scene_is_a_line_with_its_state():
    """Its number and name, what is done with it, and which attempt it is."""
    running = SceneStatus(
        number=2, name="Trick", state=SceneState.RUNNING, step="render-scene", attempt=2, attempts=3, percentage=50
    )
    lines = shown(status([SceneStatus(number=1, name="Opening", state=SceneState.READY, percentage=100), running]))
    assert len(lines) == 3
    assert lines[0].startswith("A lesson Running")
    assert lines[1].startswith(" ✓ 01 Opening")
    assert "50 % render scene, attempt 2 of 3" in lines[2]


def test_a_film_of_many_scenes_fits_into_the_terminal():
    """What is urgent is shown, the rest is counted."""
    states = [SceneState.READY] * 150 + [SceneState.FAILED, SceneState.RUNNING] + [SceneState.WAITING] * 48
    lines = shown(status(SceneStatus(number=n, name=f"S{n}", state=s) for n, s in enumerate(states, 1)), lines=20)
    assert len(lines) <= 20
    assert any("151 S151" in line and "failed" in line for line in lines)
    assert any("152 S152" in line for line in lines)
    assert lines[-1].endswith("36 waiting, 150 ready")


def test_names_are_text_and_no_markup():
    """Brackets in a title stay as they are written."""
    lines = shown(status([SceneStatus(number=1, name="[bold]x[/bold]", state=SceneState.WAITING)], name="[red]T"))
    assert lines[0].startswith("[red]T")
    assert "[bold]x[/bold]" in lines[1]


def test_the_last_error_and_the_place_in_the_queue_are_told():
    """In their own words."""
    error = StepError(step="render-scene 01 A", cause="no such colour")
    assert shown(status([], error=error))[-1] == "  render-scene 01 A: no such colour"
    assert shown(status([], queue_position=3))[0].endswith("rendering, number 3 in the queue")


def test_an_event_is_a_line_where_it_says_something():
    """Progress and beginnings would fill the page."""

    def event(kind, **fields):
        return RunEvent(id=uuid4(), run_id=uuid4(), kind=kind, occurred_at=datetime.now(UTC), **fields)

    assert line_of(event(EventKind.PROGRESS, percentage=3)) is None
    assert line_of(event(EventKind.CHECKPOINT, step="upload clips", scene="01 A")) is None
    done = line_of(event(EventKind.CHECKPOINT, step="render-scene", scene="01 A"))
    assert done.plain.endswith("checkpoint      01 A render-scene")
    failed = line_of(event(EventKind.WARNING, step="scene 01 A", scene="01 A", message="no such colour"))
    assert failed.plain.endswith("warning         01 A: no such colour")
