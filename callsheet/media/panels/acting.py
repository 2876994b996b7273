"""What the people of a shot do and feel, by the words of its action and of how they speak."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from callsheet.media.panels.things import Thing, things_in
from callsheet.model.film.screenplay import Utterance
from callsheet.model.film.screenplay_analysis import CameraShot, FilmCharacter

Pose = Literal[
    "stand",
    "talk",
    "explain",
    "listen",
    "wave",
    "point",
    "cheer",
    "run",
    "walk",
    "sit",
    "reach",
    "steer",
    "hold",
    "carry",
    "think",
    "crossed",
    "kneel",
]
Mood = Literal["calm", "happy", "sad", "angry", "afraid", "surprised"]

_POSES: tuple[tuple[Pose, str], ...] = (
    ("cheer", r"cheers|raises? (?:his|her|their|both) (?:arms|hands)|hands up|arms up|jumps for joy|dances"),
    ("wave", r"waves?|waving"),
    ("run", r"runs?|running|races?|chases?|hurries|rushes|sprints|flees|bolts|dashes|leaps"),
    ("sit", r"sits?|sitting|seated|(?:his|her) knees"),
    ("kneel", r"kneels?|kneeling|crouch\w*"),
    ("steer", r"steers?|drives?|driving|spins the wheel|types?|typing|rows|plays the (?:piano|organ)"),
    ("point", r"points?|pointing"),
    ("reach", r"holds? out|reach\w*|offers?|hands? (?:him|her|them|over|the|a)|gives?|stretches out|draws?|drawing"),
    ("think", r"thinks?|considers?|wonders?|ponders?|hesitates?|looks? up"),
    ("crossed", r"(?:folds|crosses) (?:his|her|their) arms|arms (?:crossed|folded)"),
    ("hold", r"holds?|holding|reads?|reading|opens?|lifts?|coils?|ties|grabs?|takes?|picks? up|cleans?|wipes?|pours?"),
    ("walk", r"walks?|walking|steps?|strides?|enters?|leaves|crosses|follows?|climbs?|comes in|marches"),
    ("carry", r"carr(?:y|ies)|carrying"),
)
_POSE_PATTERNS = tuple((pose, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for pose, words in _POSES)
_MOODS: tuple[tuple[Mood, str], ...] = (
    ("happy", r"laugh|smil|grin|happy|happily|cheer|joy|delight|proud|reliev|waves?\b|wink"),
    ("sad", r"cry\b|cries|crying|tears?\b|sad|weep|grie|sob|mourn|lonely|sigh|broken"),
    ("angry", r"angr|furious|shout|yell(?!ow)|rage|snap|growl|fights?\b|slams?\b|glare"),
    ("afraid", r"afraid|scared|terrif|fear|panic|nervous|trembl|flinch|hides?\b"),
    ("surprised", r"surpris|gasp|shock|star(?:es|ing)|wide-eyed|reali[sz]|startl|screams?\b|out of breath"),
)
_MOOD_PATTERNS = tuple((mood, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for mood, words in _MOODS)
_TALKING: tuple[Pose, ...] = ("talk", "stand", "explain")
_SENTENCE = re.compile(r"[^.!?;]+[.!?;]?")
_PRONOUN = re.compile(r"^\s*(?:he|she|they|his|her|their)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Acting:
    """What one person does in a shot."""

    pose: Pose = "stand"
    mood: Mood = "calm"
    thing: Thing | None = None
    """What this person has in a hand."""
    looks_up: bool = False


def acting_of(name: str, shot: CameraShot, characters: Sequence[FilmCharacter], said: Sequence[Utterance]) -> Acting:
    """Return what a person does in a shot in which `said` is spoken."""
    words = _words_about(name, shot, characters)
    own = [each for each in said if each.character == name]
    spoken = " ".join(f"{each.manner}. {each.text if each.text.endswith('!') else ''}" for each in own)
    things = [thing for thing in things_in(words) if thing.where in {"carried", "held"}]
    pose = _pose_of(words)
    if pose is None and said:
        # Who speaks often does not move the same hand each time, and both hands need a wider frame.
        pose = _TALKING[own[0].number % len(_TALKING)] if own else "listen"
        if pose == "explain" and shot.size in {"medium-close", "close", "extreme-close"}:
            pose = "stand"
    thing = things[0] if things else None
    if thing and pose in {None, "walk", "stand"}:
        pose = "carry" if thing.where == "carried" else "hold"
    mood: Mood = next((mood for mood, pattern in _MOOD_PATTERNS if pattern.search(f"{words} {spoken}")), "calm")
    if mood == "calm" and any(each.text.endswith("!") for each in own):
        mood = "surprised"
    return Acting(
        pose or ("walk" if shot.moves and name == shot.seen[0] else "stand"),
        mood,
        thing,
        "looks up" in words.casefold(),
    )


def _pose_of(words: str) -> Pose | None:
    """Return the pose that is named first; of two at the same place, the plainer one."""
    found = [
        (match.start(), rank, pose)
        for rank, (pose, pattern) in enumerate(_POSE_PATTERNS)
        for match in [pattern.search(words)]
        if match
    ]
    return min(found)[2] if found else None


def _words_about(name: str, shot: CameraShot, characters: Sequence[FilmCharacter]) -> str:
    """Return the sentences of the action that tell of a person: those that name it, and pronouns behind them."""
    if len(shot.seen) == 1:
        return shot.action
    spellings = {each.name: (each.name, *each.aliases) for each in characters}
    own = spellings.get(name, (name,))
    others = [spelling for other in shot.seen if other != name for spelling in spellings.get(other, (other,))]
    kept, is_about = [], False
    for sentence in _SENTENCE.findall(shot.action):
        if any(_names(spelling, sentence) for spelling in own):
            is_about = True
        elif any(_names(other, sentence) for other in others) or not _PRONOUN.match(sentence):
            is_about = False
        if is_about:
            kept.append(sentence)
    return " ".join(kept)


def _names(spelling: str, sentence: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", sentence, re.IGNORECASE) is not None
