"""What the people of a shot do and feel, by the words of its action and of how they speak."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from callsheet.media.panels.things import FLYING, Thing, things_in
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
    "show",
    "carry",
    "think",
    "crossed",
    "kneel",
    "lie",
]
Mood = Literal["calm", "happy", "sad", "angry", "afraid", "surprised"]
Kind = TypeVar("Kind", bound=str)

_POSES: tuple[tuple[Pose, str], ...] = (
    ("cheer", r"cheers|raises? (?:his|her|their|both) (?:arms|hands)|hands up|arms up|jumps for joy|dances"),
    ("wave", r"waves?|waving"),
    ("run", r"runs?|running|races?|chases?|hurries|rushes|sprints|flees|bolts|dashes|leaps"),
    (
        "lie",
        r"(?:lies|lying) (?:awake|asleep|dead|down|still|in(?! wait)|on|under|across|beside)|"
        r"(?<!sits )(?<!sitting )(?<!up )in (?:his |her )?bed",
    ),
    ("sit", r"sits?|sitting|seated|(?:his|her) knees|sleeps|asleep"),
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
_POSES_ELSEWHERE: dict[Pose, str] = {
    "wave": r"\b(?:winkt|saluda|fait signe|маш[уе]т|машет)\b|挥手|手を振",
    "run": r"\b(?:rennt|läuft|court|corre|бежит|бегут|бегает)\b|跑|走る|يركض|تركض",
    "sit": r"\b(?:sitzt|est assise?|se sienta|сидит|сидят|садится)\b|坐|座|يجلس|تجلس",
    "point": r"\b(?:zeigt auf|señala|показывает на)\b|指着|指す",
    "hold": r"\b(?:liest|hält|öffnet|lit|ouvre|lee|abre|читает|держит|открывает)\b|打开|读|拿着|読む|يقرأ|تقرأ",
    "lie": r"\b(?:liegt|est allong[ée]e?|está tumbad[oa]|лежит|лежат)\b|躺|横たわ",
    "walk": r"\b(?:geht|kommt|marche|entre|camina|идёт|идет|входит|выходит|уходит)\b|走进|走出|走来|歩|يمشي|تمشي",
}
"""Words of other languages for some poses."""
_MOODS: tuple[tuple[Mood, str], ...] = (
    ("happy", r"laugh|smil|grin|happy|happily|cheer|joy|delight|proud|reliev|waves?\b|wink"),
    ("sad", r"cry\b|cries|crying|tears?\b|sad|weep|grie|sob|mourn|lonely|sigh|broken"),
    ("angry", r"angr|furious|shout|yell(?!ow)|rage|snap|growl|fights?\b|slams?\b|glare"),
    ("afraid", r"afraid|scared|terrif|fear|panic|nervous|trembl|flinch|hides?\b"),
    ("surprised", r"surpris|gasp|shock|star(?:es|ing)|wide-eyed|reali[sz]|startl|screams?\b|out of breath"),
)
_MOODS_ELSEWHERE: dict[Mood, str] = {
    "happy": r"\b(?:lacht|lächelt|rit\b|sourit|ríe|sonríe|сме[её]т|улыба)|笑|يضحك|تضحك|يبتسم|تبتسم",
    "sad": r"\b(?:weint|pleure|llora|плач)|哭|泣|يبكي|تبكي",
    "angry": r"\b(?:wütend|en colère|enfadad|зл[оы]|кричит)|生气|怒",
    "afraid": r"\b(?:hat angst|a peur|asustad|боится|испуг)|害怕|怖",
}
"""Words of other languages for some moods."""


def _patterns(
    english: Iterable[tuple[Kind, str]], elsewhere: Mapping[Kind, str], ending: str
) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """Return a pattern for the words of each kind. English ones begin with a word, and have this `ending`."""
    return tuple(
        (kind, re.compile("|".join(filter(None, (rf"\b(?:{words}){ending}", elsewhere.get(kind)))), re.IGNORECASE))
        for kind, words in english
    )


_POSE_PATTERNS = _patterns(_POSES, _POSES_ELSEWHERE, r"\b")
_MOOD_PATTERNS = _patterns(_MOODS, _MOODS_ELSEWHERE, "")
_TALKING: tuple[Pose, ...] = ("talk", "stand", "explain")
_SENTENCE = re.compile(r"[^.!?;]+[.!?;]?")
_PRONOUN = re.compile(r"^\s*(?:he|she|they|his|her|their)\b", re.IGNORECASE)
_ALL = re.compile(r"^\s*(?:they|both|all (?:of them|three|four)|the (?:two|three|four))\b", re.IGNORECASE)
_CLOSED_EYES = re.compile(r"\b(?:closes (?:his|her|their) eyes|eyes closed|sleeps|asleep|sleeping)\b", re.IGNORECASE)
_HANDS_UP: frozenset[Pose] = frozenset({"think", "wave", "cheer", "crossed", "steer", "point", "lie"})
"""Poses in which the hand is needed, so that it holds nothing."""
_NEAR = frozenset({"medium", "medium-close", "close"})
_NO_BED = re.compile(
    r"\b(?:ground|floor|grass|hay|snow|sand|street|road|deck|roof|mud|beach|rocks?|bench|table|sofa|couch|water|dead|"
    r"across|under (?!(?:(?:a|the|his|her|their) )?(?:\w+ )?(?:blankets?|covers|sheets?|duvet|quilt)\b)|"
    r"boden|gras|sol|suelo)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r",?\s+who\s+", re.IGNORECASE)
_IN_A_HAND = re.compile(
    r"\b(?:holds?|holding|grabs?|carr(?:y|ies)|carrying|takes?|catch(?:es)?|ties|lays?|gives?|picks? up|"
    r"with (?:\w+ ){0,2}(?:kite|balloon))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Acting:
    """What one person does in a shot."""

    pose: Pose = "stand"
    mood: Mood = "calm"
    thing: Thing | None = None
    """What this person has in a hand."""
    looks_up: bool = False
    has_closed_eyes: bool = False
    is_in_bed: bool = False
    """Whether someone who lies has a bed."""


def acting_of(name: str, shot: CameraShot, characters: Sequence[FilmCharacter], said: Sequence[Utterance]) -> Acting:
    """Return what a person does in a shot in which `said` is spoken."""
    words = _words_about(name, shot, characters)
    own = [each for each in said if each.character == name]
    spoken = " ".join(f"{each.manner}. {each.text if each.text.endswith('!') else ''}" for each in own)
    others = [spelling for other in shot.seen if other != name for spelling in _spellings(other, characters)]
    # What one gives to another is in the hand of the one who is named first.
    own_words = " ".join(
        sentence
        for sentence in _clauses(words, shot.seen, characters)
        if _first_at(_spellings(name, characters), sentence) <= _first_at(others, sentence)
    )
    things = [
        thing
        for thing in things_in(own_words)
        if thing.where in {"carried", "held"} and (thing.name not in FLYING or _IN_A_HAND.search(own_words))
    ]
    pose = _pose_of(words)
    if pose is None and said:
        # Who speaks often does not move the same hand each time, and both hands need a wider frame.
        pose = _TALKING[own[0].number % len(_TALKING)] if own else "listen"
        if pose == "explain" and shot.size in {"medium-close", "close", "extreme-close"}:
            pose = "stand"
    thing = things[0] if things else None
    if pose in _HANDS_UP:
        thing = None
    if thing and pose in {None, "walk", "stand"}:
        pose = "carry" if thing.where == "carried" else "hold"
    if thing and pose in {"carry", "hold"} and shot.size in _NEAR:
        # What hangs from a hand is below the frame, so it is held up: the higher, the nearer the camera is.
        pose, thing = "show" if shot.size == "close" else "hold", replace(thing, where="held")
    mood: Mood = next((mood for mood, pattern in _MOOD_PATTERNS if pattern.search(f"{words} {spoken}")), "calm")
    if mood == "calm" and any(each.text.endswith("!") for each in own):
        mood = "surprised"
    return Acting(
        pose or ("walk" if shot.moves and name == shot.seen[0] else "stand"),
        mood,
        thing,
        "looks up" in words.casefold(),
        _CLOSED_EYES.search(words) is not None,
        pose == "lie" and _NO_BED.search(words) is None,
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
    """Return the sentences of the action that tell of a person: those that name it, and pronouns behind them.

    If no sentence names the only person who is seen, all of them tell of it.
    """
    own = _spellings(name, characters)
    others = [spelling for other in shot.seen if other != name for spelling in _spellings(other, characters)]
    kept: list[str] = []
    is_about = False
    for sentence in _clauses(shot.action, shot.seen, characters):
        if any(_names(spelling, sentence) for spelling in own) or (not kept and _ALL.match(sentence)):
            is_about = True
        elif any(_names(other, sentence) for other in others) or not _PRONOUN.match(sentence):
            is_about = False
        if is_about:
            kept.append(sentence)
    return shot.action if not kept and len(shot.seen) == 1 else " ".join(kept)


def _clauses(text: str, seen: Sequence[str], characters: Sequence[FilmCharacter]) -> Iterator[str]:
    """Yield the sentences of a text. What follows “who” is a sentence about the person who is named last before it."""
    spellings = [spelling for name in seen for spelling in _spellings(name, characters)]
    for sentence in _SENTENCE.findall(text):
        before, *rest = _WHO.split(sentence, maxsplit=1)
        named = [(found.end(), found[0]) for each in spellings for found in [_name_in(each, before)] if found]
        if rest and named:
            yield f"{before}."
            yield f"{max(named)[1]} {rest[0]}"
        else:
            yield sentence


def _spellings(name: str, characters: Sequence[FilmCharacter]) -> tuple[str, ...]:
    return next(((each.name, *each.aliases) for each in characters if each.name == name), (name,))


def _names(spelling: str, sentence: str) -> bool:
    return _first_at([spelling], sentence) < len(sentence)


def _first_at(spellings: Sequence[str], sentence: str) -> int:
    """Return where a sentence first names a person; its length if it does not."""
    found = (_name_in(spelling, sentence) for spelling in spellings)
    return min((match.start() for match in found if match), default=len(sentence))


def _name_in(spelling: str, sentence: str) -> re.Match[str] | None:
    around = (r"(?<!\w)", r"(?!\w)") if spelling.isascii() else ("", "")  # some scripts have no spaces between words
    return re.search(re.escape(spelling).join(around), sentence, re.IGNORECASE)
