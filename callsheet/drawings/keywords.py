"""Find a drawing by a word, in many languages, and say which word was meant."""

from __future__ import annotations

import json
import lzma
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any

from callsheet.drawings.drawing import Drawing, shapes_of
from callsheet.drawings.subjects import SUBJECTS

LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "nl", "pl", "ru", "uk", "sv", "hi", "ja", "ko", "zh")
"""The languages of the keywords. A word is looked for in the language that is asked for, in English, then in all."""
_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
_COLOUR_ASKED = "\ufe0f"
# The groups of the emoji list that show things come before people, faces and signs.
_GROUP_RANKS = {3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 1: 1, 0: 2, 8: 3, 9: 3}
_NAME, _LABEL, _SUBJECT, _HEAD, _TAG, _PART = range(6)
"""How a word names a drawing: “tree” is the head of “evergreen tree”, and “water” a part of “water buffalo”."""
_LONG = 5
"""Words of this many letters are rarely the same in two languages."""
_HEAD_COMES_FIRST = frozenset({"es", "fr", "it", "pt"})

Rank = tuple[int, int, int, int]
_Index = dict[str, tuple[tuple[Rank, str], ...]]


def find_drawing(keyword: str, language: str = "") -> Drawing | None:
    """Return the drawing that `keyword` names best; None if it names none.

    It is the name of a drawing, a word in one of LANGUAGES, an emoji, or a subject of lessons such as photosynthesis.
    """
    if found := drawing_of_character(keyword.strip()):
        return found
    wanted = folded(keyword)
    asked = {language if language in LANGUAGES else "en", "en"}
    for spoken in sorted(LANGUAGES, key=lambda each: (each not in asked, each != language)):
        for form in (wanted, *singulars(wanted)) if spoken == "en" else (wanted,):
            (kind, *_), name = next(iter(_index(spoken).get(form, ())), ((_PART,), ""))
            # “stem” is a voice in Dutch: a short word of a language that is not asked for has to be a label.
            if name and (spoken in asked or kind <= _LABEL or len(wanted) >= _LONG or not wanted.isascii()):
                return drawing_named(name)
    return None


def nearest_keywords(keyword: str, language: str = "") -> tuple[str, ...]:
    """Return up to three keywords that are written nearly like `keyword`; none if nothing is near."""
    wanted = folded(keyword)
    spoken = dict.fromkeys((language if language in LANGUAGES else "en", "en"))
    near = get_close_matches(wanted, [word for each in spoken for word in _index(each)], n=3, cutoff=0.72)
    parts = (word for word in reversed(wanted.split()) if len(word) > 2 and find_drawing(word, language))
    return tuple(dict.fromkeys([*near, *parts]))[:3]


def drawing_of_character(character: str) -> Drawing | None:
    """Return the drawing of an emoji, whatever its skin tone; None for other text."""
    name = _names_by_character().get(_SKIN_TONES.sub("", character).replace(_COLOUR_ASKED, ""))
    return drawing_named(name) if name else None


def drawing_named(name: str) -> Drawing:
    """Return the drawing with exactly this name."""
    entry = _entries()[name]
    return Drawing(name, entry["words"]["en"][0], entry["character"], shapes_of(name))


@lru_cache(maxsize=1)
def drawing_names() -> tuple[str, ...]:
    """Return the names of all drawings, in the order of the emoji list."""
    return tuple(_entries())


def keywords_of(name: str, language: str = "en") -> tuple[str, ...]:
    """Return the label of a drawing in a language, and its other keywords."""
    return tuple(_entries()[name]["words"][language])


def group_of(name: str) -> int:
    """Return the number of the drawing's group in the emoji list: 3 for animals and plants, 8 for signs."""
    group: int = _entries()[name]["group"]
    return group


@lru_cache(maxsize=1)
def _entries() -> dict[str, dict[str, Any]]:
    packed = files("callsheet.drawings").joinpath("keywords.json.xz").read_bytes()
    return {entry["name"]: entry for entry in json.loads(lzma.decompress(packed))}


@lru_cache(maxsize=1)
def _names_by_character() -> dict[str, str]:
    return {entry["character"].replace(_COLOUR_ASKED, ""): name for name, entry in _entries().items()}


@lru_cache(maxsize=len(LANGUAGES))
def _index(language: str) -> _Index:
    """Return all keywords of a language, each with the drawings that it names, the best first."""
    found: defaultdict[str, dict[str, Rank]] = defaultdict(dict)
    for position, (name, entry) in enumerate(_entries().items()):
        for kind, word, share in _words_of(name, entry["words"][language], language):
            rank = (kind, _GROUP_RANKS.get(entry["group"], 3), share, position)
            known = found[folded(word)].get(name)
            found[folded(word)][name] = min(known, rank) if known else rank
    return {word: tuple(sorted((rank, name) for name, rank in named.items())) for word, named in found.items() if word}


def _words_of(name: str, words: list[str], language: str) -> Iterator[tuple[int, str, int]]:
    """Yield each word, how it names the drawing, and among how many others it stands."""
    label, *tags = words
    if language == "en":
        yield _NAME, name, 0
    yield _LABEL, label, 0
    for subject in SUBJECTS.get(name, "").split(", "):
        yield _SUBJECT, subject, 0
    label = folded(label)
    head, *parts = label.split() if language in _HEAD_COMES_FIRST else label.split()[::-1]
    for tag in tags:
        word = folded(tag)
        if word == head or label.endswith(word):
            yield _HEAD, tag, len(tags)
        else:
            yield _PART if word in parts or label.startswith(word) else _TAG, tag, len(tags)


def folded(word: str) -> str:
    """Return a word as keywords are compared: small letters, and spaces for hyphens."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return " ".join(folded.replace("-", " ").replace("_", " ").split()) or folded


def singulars(word: str) -> Iterator[str]:
    """Yield what an English plural may be the plural of."""
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if len(word) > len(ending) + 2 and word.endswith(ending):
            yield word.removesuffix(ending) + instead
