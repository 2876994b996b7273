"""The drawings that a text asks for without naming them: few, and only where the words leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from callsheet.drawings.drawing import Drawing
from callsheet.drawings.keywords import (
    LANGUAGES,
    drawing_named,
    drawing_names,
    folded,
    group_of,
    keywords_of,
    singulars,
)
from callsheet.drawings.subjects import SUBJECTS

_AMBIGUOUS_ENGLISH = """
anchor arrow attention bank bat bear block bolt bookmark bow bowl box branch briefs brush bucket
building bus capital card cart cell chain chains chair chapter check circulation clamp clip
clipboard clover club coaster coat code coin component compass configuration conflict connection
construction container cook cooking correct country course crane cricket crop cross crown crutch
curl current custard cycle dart date decline decrease degree dependency derivative desert die
display dish done dove drawing dress duck duration environment failure fan file fire flash flat fly
fold folder form frame free frequency function gear grain ground growth guard hand head hook horn
human important incorrect increase insight iron jam jar joker judge key knot label launch law leaf
learning light line link locked log long loss mail mammoth man map mark match mate measure mechanics
media memory mine mirror model module mole mouse nail net network new next note novel object
objective package pack page pain park past patch patient pen phoenix pick picture pie piece pilot
pin pitch plug point pole pool port post pot power precision present press process production
program pupil question ram rank ray reaction reading record ring rock roll root rose ruler running
safe sail scale score screen scroll seal seat settings shell shield ship shorts sign slide soap
solution spring sprout stage stamp state station stem stick stop straw strength string studio table
tag tank target tear thinking thread ticket tie time tip top track train trap trip trunk turkey
umbrella uniform unlocked volume waiting wand watch wave way web well window wing wings woman wrong
yarn revolution circle square person startup
"""
_AMBIGUOUS_GERMAN = """
abhängigkeit ableitung abschluss absatz anstieg bahn bank bau berg birne blatt bock boxen brand
bremse brücke bus daumen dauer decke denken einsicht erfolg feder fehler fenster fliege form frage
frau gang gedächtnis genauigkeit gericht gewinn glas golf hahn haken haushalt hut kapital kapitel
karte kern kette kiefer kiste komponente kraft krebs kreis kreislauf kurs laden land leiter lernen
lesen licht linse lösung mann masse maus mechanik medien mensch messe modul mutter nagel netz note
ordner paket person pfeil platte presse produktion puppe reaktion revolution ring schalter schild
schirm schlange schloss schlüssel schritt spiegel spitze staat stamm start steuer stift stollen
strauß strom tafel taste technik ton tor umwelt verbindung verlust wachstum wagen wahl
wahrscheinlichkeit weiche welle wichtig wurzel zahl zeit zelle ziel zielsetzung zug
"""
_AMBIGUOUS = {"en": frozenset(_AMBIGUOUS_ENGLISH.split()), "de": frozenset(_AMBIGUOUS_GERMAN.split())}
"""Words that name a drawing and often mean something else, so that a sentence with one of them asks for no drawing.

“Train a model”, “a key idea” and “the merge conflict” show no train, no key and no swords.
"""
_THINGS, _PEOPLE, _SIGNS = frozenset({3, 4, 5, 6, 7}), frozenset({1}), frozenset({8, 9})
"""Groups of the emoji list. A sentence asks for no sign and no flag: its words mean something else too often."""
_PLAIN_HEADS = {
    "moon": "full-moon",
    "rain": "cloud-with-rain",
    "snow": "snowflake",
    "truck": "delivery-truck",
    "lorry": "articulated-lorry",
    "plane": "airplane",
    "rice": "cooked-rice",
    "island": "desert-island",
    "robot": "robot",
    "sea": "water-wave",
    "ocean": "water-wave",
}
"""Common English words that are no label, with the drawing that everybody means."""
_LONGEST_PHRASE = 3
_LEAST_LETTERS = 3
_NOT_WORDS = re.compile(r"\$[^$]*\$|`[^`]*`")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NEGATIONS = "no not never without unlike instead against ohne kein keine keinen statt nicht nie gegen"
_TURNED_AWAY = 3
"""Words after a negation that ask for no drawing: “without a car”."""
_ARTICLES = "a an the der die das ein eine le la les un une el los las una il lo gli o os as um uma"
_TURNS_AWAY, _SAYS_LITTLE = frozenset(_NEGATIONS.split()), frozenset(_ARTICLES.split())


def drawings_for(text: str, language: str = "") -> Iterator[Drawing]:
    """Yield the drawings that `text` asks for with certainty, the surest first; often none.

    The whole text may be the label of a drawing, in one of LANGUAGES. In a sentence of English or German, phrases come
    before single words, and words that mean something else too ask for nothing. Formulas and code are left out.
    """
    spoken = language if language in LANGUAGES else "en"
    named = _named(spoken)
    words = _WORD.findall(_NOT_WORDS.sub(" ", text))
    whole = [word for word in words if word.casefold() not in _SAYS_LITTLE]
    found: dict[str, None] = {}
    if name := _match(whole, spoken, named):
        found[name] = None
    if spoken in _AMBIGUOUS:
        for length in range(_LONGEST_PHRASE, 0, -1):
            for start in range(len(words) - length + 1):
                phrase = words[start : start + length]
                before = {word.casefold() for word in words[max(0, start - _TURNED_AWAY) : start]}
                if not before & _TURNS_AWAY and (name := _match(phrase, spoken, named)):
                    found[name] = None
    yield from map(drawing_named, found)


def _match(phrase: list[str], language: str, named: dict[str, str]) -> str:
    """Return the name of the drawing whose label or subject these words are; empty if there is none."""
    if not phrase or (language == "de" and not phrase[-1][0].isupper()):
        return ""  # a German noun has a capital letter
    wanted = folded(" ".join(phrase))
    if wanted.isascii() and len(wanted) < _LEAST_LETTERS:
        return ""
    forms = (wanted, *singulars(wanted)) if language == "en" else (wanted,)
    if _AMBIGUOUS.get(language, frozenset()) & set(forms):
        return ""
    return next((named[form] for form in forms if form in named), "")


@lru_cache(maxsize=len(LANGUAGES))
def _named(language: str) -> dict[str, str]:
    """Return the labels and the subjects of a language, each with the one drawing that it means."""
    named = dict(_PLAIN_HEADS) if language == "en" else {}
    for groups in (_THINGS, _PEOPLE):
        for name in drawing_names():
            if group_of(name) in groups:
                named.setdefault(folded(keywords_of(name, language)[0]), name)
    return named | {
        folded(subject): name
        for name, subjects in SUBJECTS.items()
        for subject in subjects.split(", ")
        if group_of(name) not in _SIGNS and language == _language_of_subject(subject)
    }


def _language_of_subject(subject: str) -> str:
    """Return de for a German noun, which has a capital letter and small ones after it, else en."""
    is_german = subject[0].isupper() and not subject.isupper() and not subject[1:2].isdigit()
    return "de" if is_german else "en"
