"""Chooses scenes: all of them, those that a person names, or a trailer of a given length."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from callsheet.errors import InvalidRequest
from callsheet.model.film.screenplay_analysis import CameraShot, FilmScene, ScreenplayAnalysis, TrailerScene
from callsheet.writing.screenplay.film_timing import ShotBounds, fit_lengths
from callsheet.writing.screenplay.shot_rules import shots_by_scene

_ENDING = 0.15
"""Share of the scenes, at the end, that a trailer does not give away."""
_LEAST_PASSAGE_S = 5.0
_MOST_OF_TRAILER = 0.45
"""Share of a trailer that a passage takes at most, if there are passages of other scenes."""
_REPEATED_PLACE = 0.7
_NOTHING_NEW = 0.8
_CUT_DIALOGUE = 0.5
"""What a passage is worth for each end at which people talk before it, or after it."""
_SHORTEST_SPEECH = 0.7
"""A voice may need only this share of the time that was estimated: 0.78 is usual for the English voices."""
_MOST_EXCHANGES = 50
_UNITS = 100
"""Lengths are planned in hundredths of a second."""
Listed = TypeVar("Listed", bound=CameraShot)
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


@dataclass(frozen=True)
class Trailer(Generic[Listed]):
    """What a trailer shows: its scenes, and their shots with their lengths."""

    scenes: tuple[TrailerScene, ...]
    shots: tuple[Listed, ...]


def choose_trailer(
    analysis: ScreenplayAnalysis,
    shots: Sequence[Listed],
    length_s: float,
    *,
    with_ending: bool = False,
    speed: float = 1.0,
) -> Trailer[Listed]:
    """Return a trailer of `length_s` seconds in the order of the screenplay: scenes with all that is said in them.

    Silent shots become shorter or longer, or are left out. If no scenes fit as a whole, there are passages: shots that
    follow each other, with all that is said from the first to the last. The last scenes stay out unless `with_ending`.
    `speed` is that of the voices.

    Raises:
        InvalidRequest: about `length`; no shot is as short.
    """
    parts = [
        _Part.of(scene, each, speed)
        for number, each in shots_by_scene(shots)
        if (scene := next((one for one in analysis.scenes if one.number == number), None))
    ]
    parts.sort(key=lambda part: part.scene.number)
    count = len(parts)
    kept = parts if with_ending or count < 3 else parts[: -max(1, round(_ENDING * count))]
    target = round(length_s * _UNITS)
    chosen = _with_passages(_whole_scenes(kept, target), kept, target)
    if not chosen:
        raise InvalidRequest(f"no shot is as short as {length_s:g} s; ask for a longer trailer", "length")
    return _fitted_to(chosen, shots, target)


@dataclass(frozen=True, eq=False)
class _Part:
    """Shots of a scene that follow each other: all of them, or a passage."""

    scene: FilmScene
    shots: tuple[CameraShot, ...]
    bounds: tuple[ShotBounds, ...]
    is_whole: bool = True
    spoken: int = field(init=False)
    """How long the shots in which people speak are at least; the others may be left out."""
    usual: int = field(init=False)
    most: float = field(init=False)
    """How long it may be if the voices are fast."""

    def __post_init__(self) -> None:
        spoken = sum(each.least for each in self.bounds if not each.is_silent)
        object.__setattr__(self, "spoken", spoken)
        object.__setattr__(self, "usual", sum(each.usual for each in self.bounds))
        most = sum(each.most for each in self.bounds) - spoken * (1 - _SHORTEST_SPEECH)
        object.__setattr__(self, "most", most)

    @classmethod
    def of(cls, scene: FilmScene, shots: Sequence[CameraShot], speed: float) -> "_Part":
        """Return a whole scene."""
        bounds = []
        for shot in shots:
            usual = round(shot.length_s * _UNITS / (speed if shot.utterances else 1))
            bounds.append(ShotBounds.of(scene.number, usual, usual if shot.utterances else 0, _UNITS))
        return cls(scene, tuple(shots), tuple(bounds))

    def passage(self, begin: int, end: int) -> "_Part":
        """Return the shots from `begin` to before `end`."""
        return _Part(self.scene, self.shots[begin:end], self.bounds[begin:end], is_whole=False)


def _whole_scenes(parts: Sequence[_Part], target: int) -> list[_Part]:
    """Return the scenes that are the best trailer as a whole; none if no scene is short enough.

    It begins with the most important ones, and then adds, leaves out or exchanges a scene while that is better.
    """
    chosen: list[_Part] = []
    for part in sorted(parts, key=lambda part: -part.scene.importance):
        if sum(each.usual for each in chosen) < target and sum(each.spoken for each in chosen) + part.spoken <= target:
            chosen.append(part)
    score = _score(chosen, target)
    for _ in range(_MOST_EXCHANGES):
        for other in _neighbours(chosen, parts):
            if (better := _score(other, target)) > score:
                chosen, score = other, better
                break
        else:
            break
    return chosen


def _neighbours(chosen: Sequence[_Part], parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    others = [part for part in parts if part not in chosen]
    yield from ([*chosen, part] for part in others)
    for place in range(len(chosen)):
        rest = [*chosen[:place], *chosen[place + 1 :]]
        yield rest
        yield from ([*rest, part] for part in others)


def _score(chosen: Sequence[_Part], target: int) -> float:
    """Return how good a trailer is: the worth of its scenes, less what silent shots must give way.

    Below 0, it is too long or too short.
    """
    if sum(part.spoken for part in chosen) > target:
        return -2.0
    most = sum(part.most for part in chosen)
    if most < target:
        return most / target - 1
    usual = sum(part.usual for part in chosen)
    pace = 1 - abs(usual - target) / max(usual, target)
    return pace * _worth_of_all(chosen)


def _worth_of_all(chosen: Sequence[_Part]) -> float:
    """Return the importance of scenes; another place and other people count more."""
    places: set[str] = set()
    people: set[str] = set()
    total = 0.0
    for part in sorted(chosen, key=lambda part: (-part.scene.importance, part.scene.number)):
        worth = part.scene.importance
        if part.scene.place.casefold() in places:
            worth *= _REPEATED_PLACE
        if people and people.issuperset(part.scene.characters):
            worth *= _NOTHING_NEW
        places.add(part.scene.place.casefold())
        people.update(part.scene.characters)
        total += worth
    return total


def _with_passages(chosen: Sequence[_Part], parts: Sequence[_Part], target: int) -> list[_Part]:
    """Return the scenes, and passages of others if the scenes are too short for the trailer."""
    found = list(chosen)
    if sum(part.most for part in found) >= target:
        return found
    numbers = {part.scene.number for part in found}
    others = [part for part in parts if part.scene.number not in numbers]
    while others and (left := target - sum(part.usual for part in found)) > 0:
        most = left if len(others) == 1 else min(left, max(_LEAST_PASSAGE_S * _UNITS, _MOST_OF_TRAILER * target))
        part = max(others, key=lambda other: (_worth_of_all([*found, other]), -other.scene.number))
        others.remove(part)
        if passage := _best_passage(part, most):
            found.append(passage)
    return found


def _best_passage(part: _Part, room: float) -> _Part | None:
    """Return neighbouring shots that fit, with the most nearness, speech and running; None if no shot is as short.

    Those that can fill the room are better, and then those that begin and end in a silence.
    """
    best: _Part | None = None
    best_worth = (False, 0.0)
    for begin in range(len(part.shots)):
        length = liveliness = 0.0
        for end in range(begin, len(part.shots)):
            shot, usual = part.shots[end], part.bounds[end].usual
            length += usual
            if length > room:
                break
            is_lively = "close" in shot.size or shot.utterances or shot.moves
            liveliness += usual * (1.5 if is_lively else 1.0)
            passage = part.passage(begin, end + 1)
            cuts = _talks_on(part.shots, begin) + _talks_on(part.shots, end + 1)
            worth = (passage.most >= room, liveliness * _CUT_DIALOGUE**cuts)
            if worth > best_worth:
                best, best_worth = passage, worth
    return best


def _talks_on(shots: Sequence[CameraShot], cut: int) -> bool:
    """Return whether people talk on both sides of a cut."""
    return 0 < cut < len(shots) and bool(shots[cut - 1].utterances and shots[cut].utterances)


def _fitted_to(chosen: Sequence[_Part], listed: Sequence[Listed], target: int) -> Trailer[Listed]:
    """Return the trailer with the lengths of its shots, which are in the order in which they are listed."""
    order = {shot.name: place for place, shot in enumerate(listed)}
    taken = {shot.name: each for part in chosen for shot, each in zip(part.shots, part.bounds, strict=True)}
    names = sorted(taken, key=lambda name: order[name])
    lengths = fit_lengths([taken[name] for name in names], target, tolerance=0)
    fitted = tuple(
        listed[order[names[place]]].model_copy(update={"length_s": length / _UNITS})
        for place, length in lengths.items()
    )
    shown = dict(shots_by_scene(fitted))
    places: set[str] = set()
    scenes = []
    for part in sorted(chosen, key=lambda part: part.scene.number):
        if mine := shown.get(part.scene.number):
            scenes.append(_trailer_scene(part, mine, shows_another_place=part.scene.place.casefold() not in places))
            places.add(part.scene.place.casefold())
    return Trailer(tuple(scenes), fitted)


def _trailer_scene(part: _Part, shots: Sequence[CameraShot], *, shows_another_place: bool) -> TrailerScene:
    reasons = list(part.scene.reasons) or ["it connects the others"]
    if shows_another_place:
        reasons.append(f"it shows another place, {part.scene.place}")
    if not part.is_whole:
        reasons.append("this is a passage of it, because the whole scene does not fit")
    return TrailerScene(
        scene=part.scene.number,
        shots=tuple(shot.name for shot in shots),
        length_s=round(sum(shot.length_s for shot in shots), 2),
        reason="; ".join(reasons),
        is_whole=part.is_whole,
    )
