"""What the tests of screenplays share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from callsheet.model.film.screenplay import Screenplay
from callsheet.model.film.screenplay_analysis import CameraShot
from callsheet.sources.screenplays.screenplay_child import read
from callsheet.sources.screenplays.script_builder import ScriptBuilder
from callsheet.writing.screenplay.film_grammar import check_shots
from callsheet.writing.screenplay.script_facts import analyse
from callsheet.writing.screenplay.shot_rules import plan_shots, said_seconds

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "scripts"
SAMPLE = ROOT / "examples/screenplays/last_ferry.fountain"


def screenplay_of(source: bytes | str, name: str = "script") -> Screenplay:
    """Read bytes in this process: what the child behind the fence makes of them."""
    script = ScriptBuilder()
    kind = read(source.encode() if isinstance(source, str) else source, script)
    return Screenplay(
        kind=kind,
        origin=name,
        digest="0" * 64,
        title_page=tuple(script.title_page),
        parts=tuple(script.parts),
        left_out=tuple(script.left_out),
        source_words=script.source_words,
    )


def shots_that_tell_all_of(screenplay: Screenplay) -> tuple[CameraShot, ...]:
    """Return the shots by rules: each line is said once and in order, in a shot as long as it, and none has a fault."""
    facts = analyse(screenplay)
    shots = plan_shots(screenplay, facts)
    assert [number for shot in shots for number in shot.utterances] == [each.number for each in facts.utterances]
    said = {each.number: each for each in facts.utterances}
    assert all(shot.length_s >= said_seconds([said[n] for n in shot.utterances]) for shot in shots)
    assert {shot.scene for shot in shots} == {scene.number for scene in facts.scenes}
    assert check_shots(shots, facts.utterances) == ()
    return shots


def script_named(name: str) -> Screenplay:
    """Read one of our own scripts."""
    return screenplay_of((SCRIPTS / f"{name}.fountain").read_bytes(), name)


@pytest.fixture
def sample() -> Screenplay:
    """Return the sample screenplay."""
    return screenplay_of(SAMPLE.read_bytes(), "last_ferry")


@pytest.fixture
def forty_scenes() -> Callable[[int], str]:
    """Write a screenplay of many scenes with many characters."""

    def write(characters: int = 12) -> str:
        scenes = []
        for number in range(1, 41):
            place = ("HARBOUR", "OFFICE", "TRAIN", "ROOF", "KITCHEN")[number % 5]
            inside = "EXT" if number % 2 else "INT"
            time = ("DAY", "NIGHT", "DAWN")[number % 3]
            one, other = f"GUARD {number % characters}", f"GUARD {(number * 7 + 1) % characters}"
            scenes.append(
                f"{inside}. {place} - {time} #{number}#\n\n{one} looks at the door of room {number}.\n\n"
                f"{one}\nThis is the door of room {number}.\n\n{other}\n(quiet)\nThen open it.\n"
            )
        return "\n".join(scenes)

    return write
