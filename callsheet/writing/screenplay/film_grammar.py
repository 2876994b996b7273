"""Checks shots by the rules of film grammar. Each finding is a warning with its reason, and can be waived."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from textwrap import shorten

from callsheet.model.film.screenplay import Utterance
from callsheet.model.film.screenplay_analysis import CameraShot, GrammarFinding, GrammarRule
from callsheet.model.problems import listed
from callsheet.writing.screenplay.shot_rules import said_seconds, shots_by_scene

_MOST_OF_ONE_SIZE = 4
_TOLERANCE_S = 0.05
_MOST_SHOWN = 60
"""Characters of an utterance that a sentence quotes."""
Found = Iterator[tuple[CameraShot, GrammarRule, str]]


def check_shots(shots: Sequence[CameraShot], utterances: Sequence[Utterance]) -> tuple[GrammarFinding, ...]:
    """Return what is against the rules, in the order of the shots, without what a shot waives."""
    said = {each.number: each for each in utterances}
    found = [
        *(
            (shot, rule, why)
            for check in _CHECKS
            for _, scene in shots_by_scene(shots)
            for shot, rule, why in check(scene)
        ),
        *_shorter_than_speech(shots, said),
    ]
    order = {shot.name: place for place, shot in enumerate(shots)}
    return tuple(
        GrammarFinding(shot=shot.name, rule=rule, sentence=why)
        for shot, rule, why in sorted(found, key=lambda each: order[each[0].name])
        if rule not in shot.waive
    )


def find_unspoken(shots: Sequence[CameraShot], utterances: Sequence[Utterance]) -> tuple[str, ...]:
    """Return a sentence for each utterance that no shot has, with its line in the screenplay."""
    said = {number for shot in shots for number in shot.utterances}
    return tuple(
        f"Line {each.line}: “{shorten(each.text, _MOST_SHOWN, placeholder=' …')}” of {each.character} is in no shot of "
        f"the list, so no voice says it; add {each.number} to the utterances of a shot"
        for each in utterances
        if each.number not in said
    )


def _line_of_action(scene: Sequence[CameraShot]) -> Found:
    """180 degrees: a person looks to one side of the picture through the whole scene, until all are seen again."""
    sides: dict[str, tuple[str, str]] = {}
    for shot in scene:
        if shot.size in {"wide", "extreme-wide"} or (len(shot.seen) > 1 and shot.size == "full"):
            sides.clear()
        if not shot.seen or not shot.looks:
            continue
        who = shot.seen[0]
        side, where = sides.setdefault(who, (shot.looks, shot.name))
        if side != shot.looks:
            sides[who] = (shot.looks, shot.name)
            yield (
                shot,
                "line-of-action",
                f"{who} looks to the {shot.looks}, and to the {side} in shot {where}: the camera has crossed the line; "
                "show both between the two, or stay on one side",
            )


def _eyeline(scene: Sequence[CameraShot]) -> Found:
    """Two who speak in turn look at each other, not to the same side."""
    for before, shot in pairwise(scene):
        is_exchange = before.utterances and shot.utterances and before.seen and shot.seen
        if is_exchange and before.seen[0] != shot.seen[0] and before.looks and before.looks == shot.looks:
            yield (
                shot,
                "eyeline",
                f"{shot.seen[0]} and {before.seen[0]} both look to the {shot.looks}, so they seem to speak to a third; "
                "turn one of them",
            )


def _jump_cut(scene: Sequence[CameraShot]) -> Found:
    """A cut between two like views of the same person jumps."""
    for before, shot in pairwise(scene):
        is_alike = (before.size, before.angle, before.seen) == (shot.size, shot.angle, shot.seen)
        if is_alike and shot.seen and before.movement == shot.movement == "still":
            yield (
                shot,
                "jump-cut",
                f"{listed(shot.seen)} in the same size and angle as in shot {before.name}: the cut jumps; "
                "change the size or the angle",
            )


def _same_size(scene: Sequence[CameraShot]) -> Found:
    """Many shots of one size tire the eye."""
    run = 1
    for before, shot in pairwise(scene):
        run = run + 1 if before.size == shot.size else 1
        if run == _MOST_OF_ONE_SIZE:
            yield shot, "same-size", f"it is the {run}th {shot.size} shot in a row; go nearer or further away"


def _screen_direction(scene: Sequence[CameraShot]) -> Found:
    """A person who moves to the right goes back if the next shot shows a move to the left."""
    ways: dict[str, tuple[str, str]] = {}
    for shot in scene:
        if not shot.seen or not shot.moves:
            continue
        who = shot.seen[0]
        way, where = ways.get(who, (shot.moves, shot.name))
        ways[who] = (shot.moves, shot.name)
        if way != shot.moves:
            yield (
                shot,
                "screen-direction",
                f"{who} moves to the {shot.moves}, and to the {way} in shot {where}: it looks like a way back; "
                "show the turn, or keep the direction",
            )


def _changed_dress(scene: Sequence[CameraShot]) -> Found:
    """Within a scene, a person wears the same."""
    worn: dict[str, tuple[str, str]] = {}
    for shot in scene:
        if not shot.seen or not shot.dress:
            continue
        who = shot.seen[0]
        dress, where = worn.setdefault(who, (shot.dress, shot.name))
        if dress.casefold() != shot.dress.casefold():
            worn[who] = (shot.dress, shot.name)
            yield (
                shot,
                "changed-dress",
                f"{who} wears “{shot.dress}”, and “{dress}” in shot {where} of the same scene; keep one of them",
            )


def _shorter_than_speech(shots: Sequence[CameraShot], said: dict[int, Utterance]) -> Found:
    """A shot lasts at least as long as what is said in it."""
    for shot in shots:
        needed = said_seconds([said[number] for number in shot.utterances if number in said])
        if shot.length_s + _TOLERANCE_S < needed:
            yield (
                shot,
                "shorter-than-speech",
                f"it lasts {shot.length_s:g} s, and what is said in it takes about {needed:.1f} s; make it longer",
            )


_CHECKS: tuple[Callable[[Sequence[CameraShot]], Found], ...] = (
    _line_of_action,
    _eyeline,
    _jump_cut,
    _same_size,
    _screen_direction,
    _changed_dress,
)
