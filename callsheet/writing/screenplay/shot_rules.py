"""Plans the shots of a screenplay by the rules of a first shot list: who is seen, how near, for how long.

A scene at another place begins wide. A paragraph of action is a shot, nearer for one person and for things in hands.
A dialogue begins with two of those in the room, then looks at the speaker: the first looks to the right in all shots of
the scene, the second to the left. A shot is never shorter than what is said in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import Gender
from callsheet.model.film.screenplay import CharacterCue, SceneHeading, Screenplay, ScriptText, Utterance, count_words
from callsheet.model.film.screenplay_analysis import (
    CameraShot,
    FilmScene,
    ScreenplayAnalysis,
    ScreenSide,
    ShotAngle,
    ShotMovement,
    ShotSize,
)

_WORDS_PER_S = 2.5
_SIGNS_PER_S = 5.0
"""Signs of Chinese and Japanese."""
_AROUND_SPEECH_S = 0.6
_BETWEEN_UTTERANCES_S = 0.5
_LEAST_S = 1.5
_READING_WORDS_PER_S = 4.0
"""How fast an action passes that is read in so many words."""
_MOST_ACTION_S = 8.0
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_DETAIL = re.compile(
    r"\b(?:hands?|fingers?|eyes?|face|letter|key|ring|gun|knife|phone|photograph|photo|lamp|door|feet|paws|note|screen|"
    r"clock|watch|tools|tear|laughs?|smiles?)\b",
    re.IGNORECASE,
)
_MOVES: tuple[tuple[re.Pattern[str], ShotMovement], ...] = (
    (
        re.compile(r"\b(?:runs?|chases?|races?|hurries|follows?|walks?|drives?|leaps?|jumps?|rides?)\b", re.IGNORECASE),
        "track",
    ),
    (re.compile(r"\b(?:looks? up|climbs?|falls?|stands? up|sits? down)\b", re.IGNORECASE), "tilt"),
    (
        re.compile(r"\b(?:enters?|comes? in|arrives?|slides?|rolls?|crosses?|swings?|turns? around)\b", re.IGNORECASE),
        "pan",
    ),
    (re.compile(r"\b(?:fights?|screams?|explo\w+|shakes?|spins?)\b", re.IGNORECASE), "hand-held"),
    (re.compile(r"\b(?:realis\w+|realiz\w+|laughs?|cries|silence|slowly)\b", re.IGNORECASE), "push"),
)
_POINT = re.compile(r"^\s*(?:--?|–|—|•|\*|\(?[A-Z1-9][0-9]?\))\s+(?=\S)")
"""Before a point of a montage."""
_SERIES = re.compile(
    r"(?:(?:BEGIN|END|END OF|START) )?(?:A )?(?:MONTAGE|SERIES OF SHOTS|INTERCUT|FLASHBACK)\b[^a-z]*", re.DOTALL
)
"""The head of a montage, and its end; its points are shots."""
_PAUSE = re.compile(r"(?:(?:an?|one|long|another|kurze|lange) ){0,2}(?:beat|pause|moment)[.…]*", re.IGNORECASE)
_PAUSE_S = 1.0
_CAMERA: tuple[tuple[re.Pattern[str], ShotSize], ...] = (
    (re.compile(r"(?:EXTREME CLOSE[- ]?UP|ECU)\b"), "extreme-close"),
    (re.compile(r"(?:CLOSE(?:[- ]?UP)?|CU|INSERT|DETAIL)\b"), "close"),
    (re.compile(r"(?:MEDIUM(?: SHOT)?|MS)\b"), "medium"),
    (re.compile(r"(?:AERIAL(?: SHOT)?|ESTABLISHING(?: SHOT)?|EXTREME (?:WIDE|LONG)(?: SHOT)?)\b"), "extreme-wide"),
    (re.compile(r"(?:WIDE|LONG SHOT|MASTER SHOT|TOTALE)\b"), "wide"),
)
"""How an action that begins with a word for the camera is seen."""
_EVERYONE = frozenset({"ALL", "EVERYONE", "EVERYBODY", "BOTH", "ALLE", "BEIDE", "TOUS", "TODOS"})
"""Cues that name no one person: those who are there speak."""
_MOST_TOGETHER = 4
_PRONOUN = re.compile(r"\b(he|him|his|she|her|it|its|er|ihn|ihm|sie|ihr|es|il|elle|él|ella)\b", re.IGNORECASE)
_GENDERS = {
    **dict.fromkeys(("he", "him", "his", "er", "ihn", "ihm", "il", "él"), Gender.MALE),
    **dict.fromkeys(("she", "her", "sie", "ihr", "elle", "ella"), Gender.FEMALE),
    **dict.fromkeys(("it", "its", "es"), None),
}
_ALL = re.compile(r"(?:they|both|all (?:of them|three|four)|the (?:two|three|four))\b", re.IGNORECASE)
_GONE = re.compile(r"\s+(?:is|are|has|have) (?:gone|vanished|disappeared)\b", re.IGNORECASE)
_LOW = re.compile(r"\b(?:feet|paws|knees|floor)\b", re.IGNORECASE)
"""What is low is not seen in a near view of a person."""
_MOST_ALIKE = 3
"""So many views of one size may follow each other."""
_AWAY = re.compile(r"\b(?:leaves?|walks? (?:off|away|up)|is gone|disappears?)\b", re.IGNORECASE)
_INTENSE = re.compile(r"!$|\?!$")
_DETAIL_WORDS = 14
_SHOT_NOTE = re.compile(r"\s*SHOT\b[:.]?\s*(.*)", re.DOTALL)
_NOTE_FIELD = re.compile(r"(\w+)\s*=\s*(?:\"([^\"]*)\"|(\S+))")
_SIZES: tuple[ShotSize, ...] = get_args(ShotSize)


def speech_seconds(text: str) -> float:
    """Return how long a calm voice needs for a text."""
    signs = len(_CJK.findall(text))
    return round(signs / _SIGNS_PER_S + (count_words(text) - signs) / _WORDS_PER_S, 2)


def said_seconds(utterances: Sequence[Utterance]) -> float:
    """Return how long these utterances take one after the other; those of a pair that speaks at once count once."""
    total = 0.0
    for number, each in enumerate(utterances):
        with_last = number and each.dual == "right" and utterances[number - 1].dual == "left"
        length = speech_seconds(each.text)
        before = speech_seconds(utterances[number - 1].text) if with_last else 0.0
        total += max(0.0, length - before) if with_last else length + (_BETWEEN_UTTERANCES_S if number else 0.0)
    return round(total, 2)


def plan_shots(screenplay: Screenplay, analysis: ScreenplayAnalysis) -> tuple[CameraShot, ...]:
    """Return the shots of all scenes in their order. `[[SHOT …]]` notes are shots as they say.

    Raises:
        InvalidRequest: a `[[SHOT …]]` note says what no shot has.
    """
    shots: list[CameraShot] = []
    said = {each.part: each for each in analysis.utterances}
    number, last_place = 0, ""
    scene: _SceneShots | None = None
    for place, part in enumerate(screenplay.parts):
        if isinstance(part, SceneHeading):
            shots += scene.finish() if scene else ()
            number += 1
            facts = analysis.scenes[number - 1]
            before = shots[-1].size if shots else None
            scene = _SceneShots(facts, analysis, is_elsewhere=facts.place.casefold() != last_place, before=before)
            last_place = facts.place.casefold()
        elif scene:
            scene.take(part, said.get(place))
    return (*shots, *(scene.finish() if scene else ()))


@dataclass
class _SceneShots:
    """The shots of one scene; what is said waits until its shot is complete."""

    facts: FilmScene
    analysis: ScreenplayAnalysis
    is_elsewhere: bool
    before: ShotSize | None
    """The size of the shot before the scene."""
    shots: list[CameraShot] = field(default_factory=list)
    _said: list[Utterance] = field(default_factory=list)
    _sides: dict[str, ScreenSide] = field(default_factory=dict)
    """Where each speaker looks, in the order in which they speak."""
    _acted: CameraShot | None = None
    """The shot of the last paragraph of action, until something else follows."""

    def take(self, part: CharacterCue | ScriptText | SceneHeading, said: Utterance | None) -> None:
        """Take the next part of the scene, and what is said in it."""
        if said:
            self._say(said)
        elif part.kind == "action" and isinstance(part, ScriptText):
            self._end_speech()
            self._take_action(part)
        elif part.kind == "note" and isinstance(part, ScriptText) and (note := _SHOT_NOTE.fullmatch(part.text)):
            self._end_speech()
            self._add_given(note[1], part.line)

    def _take_action(self, part: ScriptText) -> None:
        """Add the shot of a paragraph; of a series, one for each of its points."""
        lines = part.text.splitlines()
        pieces = lines if any(map(_POINT.match, lines)) else [part.text]
        for line, text in enumerate(pieces, start=part.line):
            action = " ".join(_POINT.sub("", text).split())
            if _PAUSE.fullmatch(action) and self.shots:
                self.shots[-1] = self.shots[-1].model_copy(update={"length_s": self.shots[-1].length_s + _PAUSE_S})
            elif action and not _SERIES.fullmatch(action):
                self._act(action, line)

    def finish(self) -> list[CameraShot]:
        """Return the shots of the scene."""
        self._end_speech()
        if not self.shots:
            self._add(size="wide", action=self.facts.heading, line=self.facts.line, length_s=3.0)
        return self.shots

    def _add(self, **fields: Any) -> None:
        name = f"{self.facts.number}.{len(self.shots) + 1}"
        first = next(iter(fields.get("seen", ())), None)
        looks = next((each.looks for each in self.analysis.characters if each.name == first), ())
        fields.setdefault("dress", looks[0].text if looks else "")
        self._acted = None
        self.shots.append(CameraShot(**{"name": name, "scene": self.facts.number, **fields}))

    def _act(self, text: str, line: int) -> None:
        """Add the shot of a paragraph of action."""
        named = self._named_in(text)
        meant = self._meant_in(text) if not named or _PRONOUN.match(text) else ()
        seen = tuple(dict.fromkeys([*meant, *named]))
        movement: ShotMovement = next((move for pattern, move in _MOVES if pattern.search(text)), "still")
        if _AWAY.search(text):
            movement = "pull"
        elif movement == "track" and not seen:
            movement = "still"
        size: ShotSize = "medium" if len(seen) == 1 else "full" if seen else "wide"
        if not self.shots and self.is_elsewhere:
            # If a wide shot of another place goes before, this one is nearer, if people are in it.
            size = "full" if seen and self.before == "wide" else "wide"
        elif movement == "track" or (seen and _LOW.search(text)):
            size = "full"
        elif _DETAIL.search(text) and count_words(text) <= _DETAIL_WORDS and len(seen) < 2:
            size = "close"
        told: ShotSize | None = next((told for pattern, told in _CAMERA if pattern.match(text)), None)
        angle: ShotAngle = "low" if re.search(r"\blooks? up\b", text, re.IGNORECASE) else "eye-level"
        length = min(max(_LEAST_S, count_words(text) / _READING_WORDS_PER_S), _MOST_ACTION_S)
        self._add(
            size=told or self._varied(size, seen),
            angle=angle,
            movement=movement,
            action=text,
            seen=seen,
            moves="right" if movement == "track" and seen else "",
            length_s=round(length, 2),
            line=line,
        )
        self._acted = self.shots[-1]

    def _varied(self, size: ShotSize, seen: tuple[str, ...]) -> ShotSize:
        """Return another size if the same people were seen in this one: a cut between the two would jump.

        After three shots of this size, the fourth comes from a little nearer or further.
        """
        last = self.shots[-1] if self.shots else None
        if last is None or last.size != size:
            return size
        place = _SIZES.index(size)
        if last.seen == seen:
            if len(seen) > 1:
                return "medium" if size == "full" else "full"
            return _SIZES[place + 2 if place + 2 < len(_SIZES) - 1 else place - 2]
        sizes = {shot.size for shot in self.shots[-_MOST_ALIKE:]}
        if len(self.shots) < _MOST_ALIKE or sizes != {size}:
            return size
        return _SIZES[place + 1 if place < _SIZES.index("medium-close") else place - 1]

    def _named_in(self, text: str) -> tuple[str, ...]:
        places: dict[str, int] = {}
        for each in self.analysis.characters:
            if each.name not in self.facts.characters:
                continue
            for spelling in (each.name, *each.aliases):
                around = (r"(?<!\w)", r"(?!\w)") if spelling.isascii() else ("", "")
                found = re.search(re.escape(spelling).join(around), text, re.IGNORECASE)
                if found and not _GONE.match(text, found.end()) and found.start() < places.get(each.name, len(text)):
                    places[each.name] = found.start()
        return tuple(sorted(places, key=lambda name: places[name]))

    def _meant_in(self, text: str) -> tuple[str, ...]:
        """Return who is meant by a pronoun that begins a paragraph, and by another one behind it.

        That is the last of that gender who was seen in the scene, else the last whose gender is not known, or all.
        """
        if _ALL.match(text):
            return tuple(dict.fromkeys(name for shot in self.shots for name in shot.seen))
        if not _PRONOUN.match(text):
            return ()
        last_first = (shot.seen if shot.utterances else reversed(shot.seen) for shot in reversed(self.shots))
        seen = list(dict.fromkeys(name for names in last_first for name in names))
        genders = {each.name: each.gender for each in self.analysis.characters}
        sentence = re.split(r"[.!?…]", text, maxsplit=1)[0]
        meant: dict[str, None] = {}
        for gender in dict.fromkeys(_GENDERS[found.casefold()] for found in _PRONOUN.findall(sentence)):
            known = [name for name in seen if genders.get(name) is gender and name not in meant]
            unknown = [name for name in seen if genders.get(name) is None and name not in meant]
            meant |= dict.fromkeys((known or unknown)[:1])
        return tuple(meant)

    def _say(self, each: Utterance) -> None:
        """Add an utterance to the open shot, or begin another for another speaker."""
        last = self._said[-1] if self._said else None
        if last and last.character != each.character and each.dual != "right":
            self._end_speech()
        self._said.append(each)

    def _end_speech(self) -> None:
        if not self._said:
            return
        said, self._said = self._said, []
        speaker = said[0].character
        is_first = not self._sides
        together = tuple(dict.fromkeys(each.character for each in said if not each.is_off_screen))
        speakers = {each.character for each in said}
        others = [name for name in self.facts.characters if name not in speakers | _EVERYONE]
        if _EVERYONE.intersection(together):
            seen_so_far = (name for shot in self.shots for name in shot.seen)
            together = tuple(dict.fromkeys([*seen_so_far, *others]))[:_MOST_TOGETHER]
        seen = together
        size: ShotSize = "medium-close"
        if not together:
            seen, size = tuple(others[:1]), "medium"
        elif is_first and others and len(together) == 1:
            seen, size = (*together, others[0]), "full"
        elif len(together) > 1:
            size = "medium"
        elif _INTENSE.search(said[-1].text) or said[0].manner:
            size = "close"
        if seen and seen[0] not in self._sides:
            before = next((shot.looks for shot in reversed(self.shots) if shot.looks), "left")
            self._sides[seen[0]] = "left" if before == "right" else "right"
        self._add(
            size=self._varied(size, seen),
            action=f"{seen[0] if seen else speaker} {'speaks' if together else 'listens'}",
            seen=seen,
            looks=self._sides.get(seen[0], "") if seen else "",
            utterances=tuple(each.number for each in said),
            length_s=round(max(_LEAST_S, said_seconds(said) + _AROUND_SPEECH_S), 2),
            line=said[0].line,
        )

    def _add_given(self, words: str, line: int) -> None:
        """Add the shot that a note describes, as it says. It takes the place of a planned shot of the same action."""
        fields: dict[str, Any] = {name.casefold(): quoted or bare for name, quoted, bare in _NOTE_FIELD.findall(words)}
        if "who" in fields:
            fields["seen"] = tuple(name.strip() for name in fields.pop("who").split(",") if name.strip())
        fields.setdefault("action", _NOTE_FIELD.sub("", words).strip())
        unknown = fields.keys() - CameraShot.model_fields.keys()
        if unknown:
            known = ", ".join(
                ("who", *(name for name in CameraShot.model_fields if name not in {"scene", "line", "seen"}))
            )
            raise InvalidRequest(
                f"line {line}: a shot has no `{min(unknown)}`; a [[SHOT …]] note takes {known}", "screenplay"
            )
        planned = self._acted
        if planned and _tells_the_same(fields["action"], planned.action):
            self.shots.pop()
            fields["action"] = fields["action"] or planned.action
            fields = {"seen": planned.seen, "length_s": planned.length_s, **fields}
        try:
            self._add(**fields, line=line)
        except ValueError as error:
            raise InvalidRequest(
                f"line {line}: this [[SHOT …]] note is wrong: {first_problem(error)}", "screenplay"
            ) from None


def _tells_the_same(note: str, action: str) -> bool:
    """Return whether all words of a note are words of an action, or the note leaves the words to it."""
    return set(re.findall(r"\w+", note.casefold())) <= set(re.findall(r"\w+", action.casefold()))


def first_problem(error: ValueError) -> str:
    """Return the first problem of a value as its field and a sentence."""
    from pydantic import ValidationError

    from callsheet.model.problems import problems_of

    if not isinstance(error, ValidationError):
        return str(error)
    location, sentence = problems_of(error, CameraShot)[0]
    return f"`{'.'.join(map(str, location))}` {sentence}"


def shots_by_scene(shots: Sequence[CameraShot]) -> Iterator[tuple[int, list[CameraShot]]]:
    """Yield each scene with its shots, in the order of the list."""
    scenes: dict[int, list[CameraShot]] = {}
    for shot in shots:
        scenes.setdefault(shot.scene, []).append(shot)
    yield from scenes.items()
