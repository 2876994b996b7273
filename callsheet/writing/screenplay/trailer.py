"""Chooses scenes: all of them, those that a person names, or a trailer of a given length."""

import re
from collections.abc import Sequence

from callsheet.errors import InvalidRequest
from callsheet.model.film.screenplay_analysis import CameraShot, FilmScene, ScreenplayAnalysis, TrailerScene
from callsheet.writing.screenplay.shot_rules import shots_by_scene

_ENDING = 0.15
"""Share of the scenes, at the end, that a trailer does not give away."""
_LEAST_SCENE_S = 5.0
_MOST_OF_TRAILER = 0.45
"""Share of a trailer that one scene takes at most."""
_REPEATED_PLACE = 0.7
_NOTHING_NEW = 0.8
_RANGE = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")


def scenes_in(words: str, count: int) -> tuple[int, ...]:
    """Return the scenes that `3, 5-7` names, in the order of the screenplay.

    Raises:
        InvalidRequest: about `scenes`; it names no scene, or one that is not there.
    """
    chosen: set[int] = set()
    for piece in filter(None, (piece.strip() for piece in words.split(","))):
        named = _RANGE.fullmatch(piece)
        first, last = (int(named[1]), int(named[2] or named[1])) if named else (0, 0)
        if not 1 <= first <= last <= count:
            raise InvalidRequest(
                f"“{piece}” names no scene; the screenplay has scenes 1 to {count}: write 3, 5-7", "scenes"
            )
        chosen.update(range(first, last + 1))
    if not chosen:
        raise InvalidRequest("name at least one scene, as in 3, 5-7", "scenes")
    return tuple(sorted(chosen))


def choose_trailer(
    analysis: ScreenplayAnalysis, shots: Sequence[CameraShot], length_s: float, *, with_ending: bool = False
) -> tuple[TrailerScene, ...]:
    """Return scenes and shots for a trailer of at most `length_s` seconds, in the order of the screenplay.

    Of each scene come shots that follow each other, from its most important part. No speech is cut. The last scenes
    stay out unless `with_ending`.

    Raises:
        InvalidRequest: about `length`; no shot is as short.
    """
    by_scene = dict(shots_by_scene(shots))
    scenes = [scene for scene in analysis.scenes if scene.number in by_scene]
    kept = scenes if with_ending or len(scenes) < 3 else scenes[: -max(1, round(_ENDING * len(scenes)))]
    chosen: dict[int, TrailerScene] = {}
    parts: dict[int, list[CameraShot]] = {}
    left_s = length_s
    while kept and left_s > 0:
        scene = max(kept, key=lambda each: (_worth(each, chosen, scenes), -each.number))
        kept = [each for each in kept if each is not scene]
        room_s = min(left_s, max(_LEAST_SCENE_S, _MOST_OF_TRAILER * length_s))
        part = _best_part(by_scene[scene.number], room_s)
        if part:
            parts[scene.number] = part
            chosen[scene.number] = _trailer_scene(scene, part, chosen, scenes)
            left_s -= chosen[scene.number].length_s
    for number, short in parts.items():
        part = _extended(short, by_scene[number], left_s)
        length_of_part_s = round(sum(shot.length_s for shot in part), 2)
        left_s -= length_of_part_s - chosen[number].length_s
        names = tuple(shot.name for shot in part)
        chosen[number] = chosen[number].model_copy(update={"shots": names, "length_s": length_of_part_s})
    if not chosen:
        raise InvalidRequest(f"no shot is as short as {length_s:g} s; ask for a longer trailer", "length")
    return tuple(chosen[number] for number in sorted(chosen))


def _worth(scene: FilmScene, chosen: dict[int, TrailerScene], scenes: Sequence[FilmScene]) -> float:
    """Return the importance of a scene beside those that are chosen: another place and other people count more."""
    taken = [each for each in scenes if each.number in chosen]
    worth = scene.importance
    if any(each.place.casefold() == scene.place.casefold() for each in taken):
        worth *= _REPEATED_PLACE
    if set(scene.characters) <= {name for each in taken for name in each.characters}:
        worth *= _NOTHING_NEW
    return worth


def _best_part(shots: Sequence[CameraShot], room_s: float) -> list[CameraShot]:
    """Return neighbouring shots that fit, with the most nearness, speech and running."""
    best: list[CameraShot] = []
    best_worth = 0.0
    for begin in range(len(shots)):
        total_s = worth = 0.0
        for end in range(begin, len(shots)):
            total_s += shots[end].length_s
            if total_s > room_s:
                break
            is_lively = "close" in shots[end].size or shots[end].utterances or shots[end].moves
            worth += shots[end].length_s * (1.5 if is_lively else 1.0)
            if worth > best_worth:
                best, best_worth = list(shots[begin : end + 1]), worth
    return best


def _extended(part: list[CameraShot], shots: Sequence[CameraShot], room_s: float) -> list[CameraShot]:
    """Return the part with the shots before and behind it, as long as they fit."""
    begin = shots.index(part[0])
    end = begin + len(part)
    while end < len(shots) and shots[end].length_s <= room_s:
        room_s -= shots[end].length_s
        end += 1
    while begin and shots[begin - 1].length_s <= room_s:
        begin -= 1
        room_s -= shots[begin].length_s
    return list(shots[begin:end])


def _trailer_scene(
    scene: FilmScene, part: Sequence[CameraShot], chosen: dict[int, TrailerScene], scenes: Sequence[FilmScene]
) -> TrailerScene:
    places = {each.place.casefold() for each in scenes if each.number in chosen}
    reasons = list(scene.reasons) or ["it connects the others"]
    if chosen and scene.place.casefold() not in places:
        reasons.append(f"it shows another place, {scene.place}")
    return TrailerScene(
        scene=scene.number,
        shots=tuple(shot.name for shot in part),
        length_s=round(sum(shot.length_s for shot in part), 2),
        reason="; ".join(reasons),
    )
