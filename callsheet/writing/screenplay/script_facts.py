"""Finds the people, places and scenes of a screenplay by rules, from its own words.

What the words don't tell stays empty. Nothing is invented: looks and moods are quotes with their line.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from callsheet.model.film.narration import Gender
from callsheet.model.film.screenplay import (
    CharacterCue,
    Inside,
    SceneHeading,
    Screenplay,
    ScriptText,
    Utterance,
    count_words,
    without_emphasis,
)
from callsheet.model.film.screenplay_analysis import (
    FilmCharacter,
    FilmScene,
    FilmSetting,
    ScreenplayAnalysis,
    ScriptQuote,
    Weather,
)
from callsheet.model.problems import listed

_INTRODUCED = re.compile(r"(?<![\w'’-])([^\W\d_a-z][^\W\d_a-z'’-]+(?: [^\W\d_a-z][^\W\d_a-z'’-]+){0,2})(?![\w'’-])")
_AGE = re.compile(r"\s{0,2}\((?:[^()]{0,20}\d[^()]{0,60}|[^()]{0,60}(?:teens|age[ds]?)[^()]{0,30})\)")
_NO_PERSON = (
    "dog|puppy|hound|cat|kitten|horse|pony|cow|goat|sheep|lamb|pig|hen|rabbit|fox|wolf|bear|mouse|monkey|parrot|penguin|"
    "donkey|owl|duck|goose|swan|lion|tiger|elephant|deer|camel|frog|snake|dragon|eagle|bird|crow|raven|gull|pigeon|fish|"
    "robot|drone|computer|machine|alien|ghost|snowman|unicorn|turtle|hedgehog"
)
_LOOK = re.compile(
    r"(?:in|with|wearing|dressed)\b|.*\b(?:wears|hair\w*|eyes|beard\w*|coats?|raincoat|jacket|dress|suit|shirt|"
    r"apron|hood\w*|sweater|jumper|skirt|blouse|robe|gown|cloak|trousers|jeans|overalls?|helmet|hat|"
    r"cap|scarf|boots|glasses|uniform|tall|short|thin|fat|round|slim|young|old|elderly|blond\w*|grey|gray|bald|scar|"
    rf"{_NO_PERSON})\b",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_WORD = (
    r"(?:(?!(?:an?|the|in|on|of|with|and|to|at|by|from|for|is|as|behind|under|over|beside|near|into|sees?)\s)[\w'’-]+)"
)
_BEFORE = re.compile(
    rf"\b(?:an?|the|another)\s(?:{_OTHER_WORD},?\s){{1,4}}$|"
    rf"\b(?:an?|the|another)\s(?:{_OTHER_WORD}\s){{0,4}}{_OTHER_WORD},\s$",
    re.IGNORECASE,
)
"""What may stand before a name in its sentence: “A green PARROT”, “a small drone, PIP,”."""
_COLOURED = re.compile(
    r"\b(?:red|yellow|green|blue|brown|black|white|orange|purple|pink|golden|silver|small|tiny|little|big|huge|giant|"
    rf"man|woman|boy|girl|{_NO_PERSON})\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?…。！？]*[.!?…。！？]*")
_ARTICLES = frozenset({"A", "AN", "THE", "TWO", "THREE"})
_NO_NAMES = frozenset(
    {"INT", "EXT", "CUT", "FADE", "POV", "ANGLE", "CLOSE", "SUPER", "TITLE", "INSERT", "BACK", "CONTINUED", "LATER"}
)
_NO_SHORT_NAMES = frozenset(
    {"AND", "OLD", "YOUNG", "LITTLE", "BIG", "TALL", "FIRST", "SECOND", "THIRD", "MAN", "WOMAN", "BOY", "GIRL", "LADY"}
    | {
        "MISTER",
        "MISS",
        "MRS",
        "DOCTOR",
        "CAPTAIN",
        "OFFICER",
        "GUARD",
        "KING",
        "QUEEN",
        "SIR",
        "VOICE",
        "THE",
        "UNCLE",
    }
    | {"FATHER", "MOTHER", "AUNT", "PROFESSOR", "SERGEANT", "INSPECTOR"}
)
"""Words of names by which a person is not called alone."""
_ROLES = frozenset(
    {"BAILIFF", "BARISTA", "BARTENDER", "BOY", "BUTLER", "CASHIER", "CHEF", "CHILD", "CLERK", "COACH", "COOK", "COP"}
    | {"DETECTIVE", "DOCTOR", "DRIVER", "FARMER", "FIREFIGHTER", "FISHERMAN", "GARDENER", "GIRL", "GUARD", "HOST"}
    | {"HUNTER", "JUDGE", "LAWYER", "LIBRARIAN", "MAID", "MAILMAN", "MAN", "MECHANIC", "MONK", "NEIGHBOR", "NEIGHBOUR"}
    | {"NUN", "NURSE", "OFFICER", "PAINTER", "PILOT", "POLICEMAN", "POLICEWOMAN", "PRIEST", "RECEPTIONIST", "REPORTER"}
    | {"SAILOR", "SECRETARY", "SHERIFF", "SHOPKEEPER", "SOLDIER", "STRANGER", "TEACHER", "TEENAGER", "TOURIST"}
    | {"WAITER", "WAITRESS", "WITCH", "WIZARD", "WOMAN"}
)
"""What people are. Other words in capitals may be things and sounds: “A GUNSHOT rings out.”"""
_OF_HERS = r"her(?= (?!(?:the|an?|to|in|on|with|and|as|from|at|for|up|down|out|off|back|over|that|who|until|by) )[a-z])"
"""“Her” before what she has: not “hands her the ring”."""
_FEMALE = re.compile(rf"\b(?:she|hers|{_OF_HERS}|woman|girl|mother)\b", re.IGNORECASE)
_MALE = re.compile(r"\b(?:he|his|man|boy|father)\b", re.IGNORECASE)
_SOMEONE = re.compile(r"\s*(?:he|she|they|er|sie)\b", re.IGNORECASE)
_HER = re.compile(rf"\b{_OF_HERS}")
_HIS = re.compile(r"\bhis(?= [a-z])")
_TITLES: Mapping[Gender, frozenset[str]] = {
    Gender.FEMALE: frozenset(
        {
            "MRS",
            "MRS.",
            "MISS",
            "MS",
            "MS.",
            "LADY",
            "QUEEN",
            "PRINCESS",
            "MOTHER",
            "GRANDMA",
            "AUNT",
            "SISTER",
            "WOMAN",
        }
        | {"ACTRESS", "BRIDE", "DAUGHTER", "FISHWIFE", "GRANDMOTHER", "HOSTESS", "HOUSEWIFE", "MIDWIFE", "NUN", "WIDOW"}
        | {"WIFE", "WITCH", "POLICEWOMAN", "SALESWOMAN", "BUSINESSWOMAN", "STEWARDESS"}
        | {"GIRL", "WAITRESS", "FRAU", "MUTTER", "OMA", "TANTE", "MADAME", "MADEMOISELLE", "SEÑORA", "SIGNORA"}
    ),
    Gender.MALE: frozenset(
        {"MR", "MR.", "MISTER", "SIR", "LORD", "KING", "PRINCE", "FATHER", "GRANDPA", "UNCLE", "BROTHER", "MAN", "BOY"}
        | {"BUSINESSMAN", "CRAFTSMAN", "DOORMAN", "FIREMAN", "FISHERMAN", "GENTLEMAN", "GRANDFATHER", "GROOM"}
        | {"HUSBAND", "MAILMAN", "MILKMAN", "POLICEMAN", "POSTMAN", "SALESMAN", "SON", "WAITER", "WIZARD"}
        | {"HERR", "VATER", "OPA", "ONKEL", "MONSIEUR", "SEÑOR", "SIGNOR"}
    ),
}
"""Words of names that tell."""
_PROP = re.compile(
    r"\b(?:with|holds?|holding|carr(?:y|ies)|opens?|takes?|grabs?|picks? up|lifts?|ties|swings?|reads|drops|coils)"
    r" (?:a|an|the|his|her|their|its) ((?:[a-z-]{3,20} )?[a-z-]{3,20})\b"
)
_VERB_END = re.compile(r" (?:and|in|on|at|of|to|from|for|out|off|up|down|into|around|like|case|his|her|the)$")
_CLOCK = (
    (re.compile(r"dawn|sunrise|morning|morgen|matin|mañana|утро|朝|清晨", re.IGNORECASE), 0),
    (re.compile(r"day|noon|afternoon|tag|jour|d[ií]a|день|日|昼|白天", re.IGNORECASE), 1),
    (re.compile(r"dusk|sunset|evening|twilight|abend|soir|tarde|вечер|夕|黄昏|傍晚", re.IGNORECASE), 2),
    (re.compile(r"night|midnight|nacht|nuit|noche|ночь|夜|晚上|深夜", re.IGNORECASE), 3),
)
_TURNS = re.compile(
    r"\b(?:gun|shot|shoots|dead|dies|kill\w*|blood|kiss\w*|scream\w*|explo\w+|fire|fight\w*|runs?|leaps?|jumps?|falls?|"
    r"suddenly|stops|silence|dark|storm|secret|truth|cries|tears|laughs|first time)\b",
    re.IGNORECASE,
)

_WEATHER: tuple[tuple[Weather, re.Pattern[str]], ...] = (
    (
        "storm",
        re.compile(r"\b(?:storm\w*|thunder\w*|lightning|gale|gewitter|orage|tormenta|буря|гроза)\b|暴风|嵐", re.I),
    ),
    (
        "rain",
        re.compile(r"\b(?:rain(?:s|ing|y|fall)?|drizzl\w*|downpour|regen|pluie|lluvia|дождь|ливень)\b|雨|مطر", re.I),
    ),
    ("snow", re.compile(r"\b(?:snow(?:s|ing|y|fall)?|blizzard|schnee|neige|nieve|снег|метель)\b|雪|ثلج", re.I)),
    ("fog", re.compile(r"\b(?:fog\w*|mist|haze|nebel|brouillard|niebla|туман\w*)\b|雾|霧|ضباب", re.I)),
)
_LIGHT = (
    r"\b(?:the|all|every|das|die)\s+(?:\w+\s+)?(?:lights?|power|electricity|licht|strom)\s+(?:\w+\s+(?:and|und)\s+)?"
)
_SWITCH = re.compile(
    _LIGHT + r"(?:(?P<out>(?:goes?|went)\s+(?:out|off|dark)|dies?|fails?|cuts?\s+out|geht\s+aus|erlischt|fällt\s+aus)"
    r"|(?:comes?|goes?|is|are|flickers?|kommt|geht)\s+(?:back|on|wieder)|returns?)\b",
    re.IGNORECASE,
)
"""The light of a room goes out, or comes back."""


@dataclass
class _SceneText:
    """The parts of a scene, and what is said in it."""

    number: int
    heading: SceneHeading
    actions: list[ScriptText] = field(default_factory=list)
    cues: list[CharacterCue] = field(default_factory=list)
    said: list[Utterance] = field(default_factory=list)


def analyse(screenplay: Screenplay) -> ScreenplayAnalysis:
    """Return the characters, settings and scenes of a screenplay."""
    utterances = tuple(screenplay.utterances())
    scenes = _scenes_of(screenplay, utterances)
    names = _names(scenes)
    characters = tuple(_character(name, aliases, scenes) for name, aliases in names.items())
    spellings = {spelling: name for name, aliases in names.items() for spelling in (name, *aliases)}
    found = _film_scenes(scenes, spellings, characters)
    return ScreenplayAnalysis(
        title=screenplay.title,
        characters=characters,
        settings=tuple(_settings(scenes)),
        scenes=found,
        utterances=tuple(
            each.model_copy(update={"character": spellings.get(plain_name(each.character), each.character)})
            for each in utterances
        ),
    )


def plain_name(name: str) -> str:
    """Return the name of a cue without what some scripts write behind it."""
    return re.sub(r"(?:['’]S VOICE| VOICE|\s?[#&]\s?\d+)$", "", " ".join(without_emphasis(name).split())) or name


def _scenes_of(screenplay: Screenplay, utterances: Sequence[Utterance]) -> list[_SceneText]:
    """Return the scenes. What stands before the first heading is scene 0."""
    before = SceneHeading(text="", place="", line=1)
    scenes = [_SceneText(0, before)]
    for part in screenplay.parts:
        if isinstance(part, SceneHeading):
            scenes.append(_SceneText(len(scenes), part))
        elif isinstance(part, CharacterCue):
            scenes[-1].cues.append(part)
        elif part.kind == "action":
            scenes[-1].actions.append(part)
    for each in utterances:
        scenes[each.scene].said.append(each)
    return scenes


def _names(scenes: Sequence[_SceneText]) -> dict[str, tuple[str, ...]]:
    """Return each character's name with its other spellings, in the order of first appearance.

    A name that is a part of one other name (`CAPTAIN MARA` and `MARA`) is the same person, if both speak or the action
    introduces the longer one with an age. A name in other letters (`McCoy` and `MCCOY`) is the same, too. A part of a
    name that the action uses alone (`Élodie` of `ÉLODIE BRÛLÉ`) is another spelling of it.
    """
    spoken = Counter(plain_name(cue.name) for scene in scenes for cue in scene.cues)
    introduced = _introduced(scenes)
    names = [*spoken, *(name for name in introduced if name not in spoken)]
    words = {name: set(name.casefold().split()) for name in names}
    longer = {name: {other.casefold() for other in names if words[name] < words[other]} for name in names}
    said = {name.casefold() for name in spoken}
    aged = {name.casefold() for name, is_aged in introduced.items() if is_aged}

    def is_introduced_as(name: str, other: str) -> bool:
        return other in aged and name.casefold() not in aged and name.upper() not in _NO_SHORT_NAMES

    same = {
        name: min(others)
        for name, others in longer.items()
        if len(others) == 1 and (others <= said or is_introduced_as(name, min(others)))
    }
    wholes = {name: same.get(name, name.casefold()) for name in names}
    groups: dict[str, tuple[str, ...]] = {}
    for whole in dict.fromkeys(wholes.values()):
        group = {each for each in names if wholes[each] == whole}
        main = max(sorted(group), key=lambda each: (spoken[each], -len(each)))
        groups[main] = tuple(sorted(group - {main}))
    return {name: (*aliases, *_short_names(name, groups, scenes)) for name, aliases in groups.items()}


def _short_names(name: str, groups: Mapping[str, Sequence[str]], scenes: Sequence[_SceneText]) -> Iterator[str]:
    """Yield the words of a name by which the action calls this person alone, and no other one."""
    pieces = name.split()
    if len(pieces) == 1:
        return
    others = {
        word.casefold()
        for main, aliases in groups.items()
        if main != name
        for spelling in (main, *aliases)
        for word in spelling.split()
    }
    known = {spelling.casefold() for spelling in groups[name]}
    text = " ".join(action.text for scene in scenes for action in scene.actions)
    for piece in pieces:
        is_name = piece.isalpha() and len(piece) > 2 and piece.upper() not in _NO_SHORT_NAMES
        if not is_name or piece.casefold() in others | known or re.search(rf"(?<!\w){piece.lower()}(?!\w)", text):
            continue
        if re.search(rf"(?<!\w){piece.title()}(?!\w)", text):
            yield piece


def _introduced(scenes: Sequence[_SceneText]) -> dict[str, bool]:
    """Return the names in capitals of people in the action, and whether an age stands behind them.

    Who has no age is named twice, or by what people are: “A BAILIFF carries in a cage.”
    """
    texts = [without_emphasis(action.text) for scene in scenes for action in scene.actions]
    everything = " ".join(texts).casefold()
    found: dict[str, bool] = {}
    for text in texts:
        if not any(sign.islower() for sign in text):
            continue
        for match in _INTRODUCED.finditer(text):
            words = [word for word in match[1].split() if word not in _ARTICLES]
            name = " ".join(words)
            is_aged = _AGE.match(text, match.end()) is not None
            is_named = (
                everything.count(name.casefold()) > 1 and len(name) > 2 and text[match.end() : match.end() + 1] != "!"
            )
            is_role = bool(words) and words[-1] in _ROLES
            if words and not _NO_NAMES.intersection(words) and (is_aged or is_named or is_role):
                found[name] = found.get(name, False) or is_aged
    return found


def _character(name: str, aliases: Sequence[str], scenes: Sequence[_SceneText]) -> FilmCharacter:
    spellings = {name, *aliases}
    said = [each for scene in scenes for each in scene.said if plain_name(each.character) in spellings]
    mentions = [
        (scene, action)
        for scene in scenes
        for action in scene.actions
        if any(_mention(spelling).search(action.text) for spelling in spellings)
    ]
    firsts = [(scene.number, action.line) for scene, action in mentions[:1]]
    firsts += [(scene.number, cue.line) for scene in scenes for cue in scene.cues if plain_name(cue.name) in spellings][
        :1
    ]
    first_scene, first_line = min(firsts, key=lambda each: each[1], default=(0, 1))
    others = {plain_name(cue.name) for scene in scenes for cue in scene.cues} - spellings
    return FilmCharacter(
        name=name,
        aliases=tuple(aliases),
        first_scene=first_scene,
        first_line=first_line,
        speeches=sum(plain_name(cue.name) in spellings for scene in scenes for cue in scene.cues),
        words=sum(count_words(each.text) for each in said),
        looks=tuple(_looks(spellings, others, (action for _, action in mentions))),
        gender=_titled(spellings)
        or _gender(spellings, others, [without_emphasis(action.text) for _, action in mentions]),
        seed=int.from_bytes(hashlib.sha256(name.casefold().encode()).digest()[:4], "big"),
    )


def _mention(name: str) -> re.Pattern[str]:
    """Return what finds a name in capitals or with a capital letter, and no word that looks like it."""
    written = "|".join(re.escape(each) for each in dict.fromkeys((name, name.title(), name.capitalize())))
    is_latin = name.isascii()
    return re.compile(rf"(?<!\w)(?:{written})(?!\w)" if is_latin else f"(?:{written})")


def _looks(names: Iterable[str], others: Iterable[str], actions: Iterable[ScriptText]) -> Iterator[ScriptQuote]:
    """Yield how a character looks: the words before the name in capitals, and those behind it that tell of looks."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    for action in actions:
        for name in longest_first:
            named = re.search(rf"(?<!\w){re.escape(name)}", action.text)
            if named is None:
                continue
            start, end = named.span()
            age = _AGE.match(action.text, end)
            sentence_end = re.search(r"[.!?…。！？](?:\s|$)|[。！？]", action.text[end:])
            stop = end + (sentence_end.start() if sentence_end else len(action.text) - end)
            stop = min([stop, *(at for other in others if (at := action.text.find(other, end)) > 0)])
            quoted = _end_of_looks(action.text, age.end() if age else end, stop)
            begin = _begin_of_looks(action.text, start, end)
            if quoted > end or begin < start:
                start, quoted = begin, max(quoted, end)
                text = " ".join(action.text[start:quoted].split()).rstrip(" ,;")
                yield ScriptQuote(text=text, line=action.line + action.text.count("\n", 0, start))
                return


def _begin_of_looks(text: str, start: int, end: int) -> int:
    """Return where the words before a name begin that tell of looks; `start` if none do.

    “He drops a lamp, ANNA runs” says nothing of Anna: a name behind a comma has another one behind it, or its sentence
    ends.
    """
    found = _BEFORE.search(text[:start])
    if found is None or not (_COLOURED.search(found[0]) or _LOOK.match(found[0].split(maxsplit=1)[1])):
        return start
    if found[0].rstrip().endswith(",") and not re.match(r"\s*(?:[,.(!?—–:;]|$)", text[end:]):
        return start
    return found.start()


def _end_of_looks(text: str, begin: int, stop: int) -> int:
    """Return where the last piece between commas ends that tells of looks."""
    end, place = begin, begin
    for piece in re.split(r"(?<=[,;])", text[begin:stop]):
        place += len(piece)
        if _LOOK.match(piece.strip(" ,;")):
            end = place
    return end


def _titled(names: Iterable[str]) -> Gender | None:
    """Return what the words of a name tell: “FRAU KELLER”."""
    words = {word for name in names for word in name.upper().split()}
    return next((gender for gender, titles in _TITLES.items() if words & titles), None)


def _gender(names: Iterable[str], others: Iterable[str], texts: Sequence[str]) -> Gender | None:
    """Return what the pronouns tell in sentences that name this character alone, and in those that follow.

    In a sentence that names others, too, what this one has tells: “ROSA whispers to her client, TOMMY”.
    """
    patterns = [_mention(name) for name in names]
    other_patterns = [_mention(name) for name in others]
    votes: Counter[Gender] = Counter()
    for text in texts:
        is_about = False
        for sentence in _SENTENCE.findall(text):
            if any(pattern.search(sentence) for pattern in other_patterns):
                is_about = False
                for has in _between(sentence, patterns, other_patterns):
                    votes[Gender.FEMALE] += len(_HER.findall(has))
                    votes[Gender.MALE] += len(_HIS.findall(has))
            elif any(pattern.search(sentence) for pattern in patterns):
                is_about = not _SOMEONE.match(sentence)  # “He looks at MAY” tells nothing of her
            if is_about:
                votes[Gender.FEMALE] += len(_FEMALE.findall(sentence))
                votes[Gender.MALE] += len(_MALE.findall(sentence))
    (first, most), *rest = votes.most_common() or [(Gender.MALE, 0)]
    return first if most > sum(count for _, count in rest) else None


def _between(sentence: str, patterns: Sequence[re.Pattern[str]], others: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """Yield what stands behind a mention of a character, up to the next mention of another one."""
    begins = [found.start() for pattern in others for found in pattern.finditer(sentence)]
    for pattern in patterns:
        for found in pattern.finditer(sentence):
            yield sentence[found.end() : min((at for at in begins if at >= found.end()), default=len(sentence))]


def _settings(scenes: Sequence[_SceneText]) -> Iterator[FilmSetting]:
    """Yield each place once, with the first words of its first scene."""
    places: dict[str, list[_SceneText]] = {}
    for scene in scenes:
        if scene.number:
            places.setdefault(scene.heading.place.casefold(), []).append(scene)
    for same in places.values():
        first = same[0].actions[0] if same[0].actions else None
        sentence = _SENTENCE.match(" ".join(without_emphasis(first.text).split())) if first else None
        yield FilmSetting(
            name=same[0].heading.place,
            inside=same[0].heading.inside,
            times=tuple(dict.fromkeys(scene.heading.time for scene in same if scene.heading.time)),
            scenes=tuple(scene.number for scene in same),
            mood=ScriptQuote(text=sentence[0], line=first.line) if first and sentence and sentence[0] else None,
        )


def _film_scenes(
    scenes: Sequence[_SceneText], spellings: Mapping[str, str], characters: Sequence[FilmCharacter]
) -> tuple[FilmScene, ...]:
    """Return the scenes with who is in them, and how important each is beside the others."""
    found, day, last_hour = [], 1, -1
    for scene in scenes:
        if not scene.number:
            continue
        hour = next((hour for pattern, hour in _CLOCK if pattern.search(scene.heading.time)), last_hour)
        day += hour < last_hour
        last_hour = hour
        present = dict.fromkeys(spellings[plain_name(cue.name)] for cue in scene.cues)
        texts = [action.text for action in scene.actions]
        present |= {
            name: None for spelling, name in spellings.items() if any(_mention(spelling).search(text) for text in texts)
        }
        found.append(
            FilmScene(
                number=scene.number,
                scene_number=scene.heading.scene_number,
                heading=scene.heading.text,
                line=scene.heading.line,
                place=scene.heading.place,
                time=scene.heading.time,
                inside=scene.heading.inside,
                day=day,
                characters=tuple(present),
                props=tuple(_props(texts)),
                utterances=tuple(each.number for each in scene.said),
                action_words=sum(map(count_words, texts)),
                weather=next((name for name, words in _WEATHER if any(map(words.search, texts))), ""),
                switches=tuple(_switches(scene)),
            )
        )
    return tuple(_rated(scene, scenes, found, characters) for scene in found)


def _switches(scene: _SceneText) -> Iterator[int]:
    """Yield the lines at which the light of a room goes out and comes back, in turn."""
    is_lit = True
    for action in scene.actions if scene.heading.inside is not Inside.EXTERIOR else ():
        for found in _SWITCH.finditer(without_emphasis(action.text)):
            if is_lit == bool(found["out"]):
                is_lit = not is_lit
                yield action.line


def _props(texts: Iterable[str]) -> Iterator[str]:
    """Yield the things that are held, opened or carried."""
    named: dict[str, None] = {}
    for text in texts:
        for match in _PROP.finditer(without_emphasis(text)):
            named[_VERB_END.sub("", match[1])] = None
    yield from named


def _rated(
    scene: FilmScene, texts: Sequence[_SceneText], scenes: Sequence[FilmScene], characters: Sequence[FilmCharacter]
) -> FilmScene:
    """Return the scene with its importance and the reasons for it."""
    leads = {each.name for each in sorted(characters, key=lambda each: -each.words)[:3]}
    introduced = [each.name for each in characters if each.first_scene == scene.number]
    turns = {
        turn.lower()
        for each in texts
        if each.number == scene.number
        for action in each.actions
        for turn in _TURNS.findall(action.text)
    }
    longest = max((other.action_words + 3 * len(other.utterances) for other in scenes), default=1) or 1
    weight = (scene.action_words + 3 * len(scene.utterances)) / longest
    parts = (
        (0.3 * weight, "it is one of the longest scenes" if weight > 0.8 else ""),
        (0.1 * min(len(introduced), 2), f"it introduces {listed(introduced)}" if introduced else ""),
        (0.1 * min(len(turns), 3), f"it turns on: {listed(sorted(turns)[:3])}" if turns else ""),
        (0.1 * (len(leads & set(scene.characters)) > 1), "the leading characters meet"),
        (0.1 * (scene.number in {1, len(scenes)}), "it opens the film" if scene.number == 1 else "it ends the film"),
    )
    importance = min(1.0, sum(score for score, _ in parts))
    reasons = tuple(reason for score, reason in parts if score and reason)
    return scene.model_copy(update={"importance": round(importance, 3), "reasons": reasons})
