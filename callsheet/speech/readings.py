"""How signs are read that no library says: markup, code, addresses, names of files, operators.

Rules follow one another: each sees what the ones before have made of the text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.resources import files
from typing import Any, cast

import yaml

from callsheet.speech.english_readings import ENGLISH_RULES
from callsheet.speech.numerals import number_words, roman_value, year_words
from callsheet.speech.text_map import Rewrite

Words = dict[str, str]
"""How a language says signs, by the names of `spoken_words.yaml`."""
SayMathematics = Callable[[str], str]
"""Returns the words of a formula, which is given without its dollar signs."""

# Endings of names that are said as words; others of up to three letters are spelled.
_ENDINGS = (
    "com net org edu gov app dev blog bin bat cat conf doc env exe gif ini jar lib lock log map mov pip raw sum sub "
    "tar tex tip tag wav zip "
    "add all any end get has key map max min new now pop put run set try use"
)
_SAID_AS_WORDS = frozenset(_ENDINGS.split())


def reading_rules(code: str, say_mathematics: SayMathematics | None) -> Iterator[tuple[re.Pattern[str], Rewrite | str]]:
    """Return the rules for what no library says: markup, code, addresses, names of files, signs."""
    words = words_of(code)
    if say_mathematics is not None:
        yield _MATHEMATICS, lambda found: f" {say_mathematics(next(filter(None, found.groups()), ''))} "
    yield from _MARKUP_RULES
    if words is None:
        return
    yield _EMAIL, lambda found: f"{_named(found[1], words)} {words['at']} {_named(found[2], words)}"
    yield _ADDRESS, lambda found: _named(found[1] or found[2], words)
    yield _IP_ADDRESS, lambda found: f" {words['dot']} ".join(found[0].split("."))
    yield _PINNED, lambda found: f"{found[1]} {words['version']} {_dotted(found[2], words)}"
    yield _VERSION, lambda found: f"{words['version']} {_dotted(found[1], words)}"
    yield _PATH, partial(_path, words=words)
    yield _FILE_NAME, lambda found: _named(found[0], words)
    yield from ENGLISH_RULES if code == "en" else ()
    yield from _GERMAN_RULES if code == "de" else ()
    yield _RANGE, partial(_range, code=code, words=words)
    yield _SCIENTIFIC, partial(_scientific, words=words)
    yield _ROMAN, lambda found: f"{found[1]} {roman_value(found[2])}"
    yield _HEX, lambda found: f"{words['hex']} {_spelled(found[1])}"
    yield _FLAG, lambda found: f"{' '.join([words['dash']] * len(found[1]))} {found[2].replace('-', ' ')}"
    yield _CALL, ""
    if code == "de":
        yield _GERMAN_ORDINAL, _german_ordinal
        yield _GERMAN_POINT, r"\1 Punkt \2"
        yield _GERMAN_DECADE, lambda found: f"{number_words()(int(found[1]), lang='de', to='year')}er"
    yield _IDENTIFIER, lambda found: _said_identifier(found[0])
    for pattern, name in _SIGNS:
        yield pattern, f" {words[name]} " if name else " "
    yield _EITHER, lambda found: f"{found[1]} {'' if found[1] == words['and'] else words['or'] + ' '}{found[2]}"
    yield _SLASH, lambda found: None if _UNIT_BEFORE.search(found.string, 0, found.start()) else f" {words['slash']} "
    yield _LANGUAGE_SHARP, r"\1 sharp"
    yield _LANGUAGE_PLUS, f"\\1 {words['plus']} {words['plus']}"
    yield _NUMBER_SIGN, f"{words['number']} "
    yield _RATIO, f"\\1 {words['ratio']} \\2"
    yield _SAME_TWICE, r"\1 \1"
    yield _NO_WHOLE, r"0.\1"
    yield _SMALL_FRACTION, lambda found: f" {unicodedata.normalize('NFKC', found[0]).replace(_FRACTION_SLASH, '/')} "
    yield _RAISED, lambda found: f" {words['power']} {unicodedata.normalize('NFKC', found[0]).replace(_MINUS, '-')}"
    # Digit by digit, with a comma between the groups.
    yield _DIGIT_GROUPS, lambda found: ", ".join(" ".join(group) for group in re.findall(r"\d+", found[0]))


_MATHEMATICS = re.compile(
    r"\$\$(.+?)\$\$|\\\((.+?)\\\)|\\\[(.+?)\\\]|(?<![\w$\\])\$(?![\s$\d])([^$]+?)(?<![\s\\])\$(?!\d)"
)
# Links and pictures keep their words; code keeps what is in it; tags and marks go.
_MARKUP_RULES: tuple[tuple[re.Pattern[str], Rewrite | str], ...] = (
    (re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    (re.compile(r"!?\[([^\[\]]+)\]\[[^\[\]]*\]"), r"\1"),
    (re.compile(r"<(https?://[^\s<>]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|<!--.*?-->"), ""),
    (re.compile(r"&(?:nbsp|#160);"), " "),
    (re.compile(r"&amp;"), "&"),
    (re.compile(r"&lt;"), "<"),
    (re.compile(r"&gt;"), ">"),
    (re.compile(r"`+"), ""),
    (re.compile(r"^\s*(?:#{1,6}|>|[-*+•]|\[[ xX]\])\s+"), ""),
    (re.compile(r"(?<!\w)\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?!\w)|~~|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)"), ""),
    (re.compile(r"\[\^[^\[\]]*\]"), ""),
)
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
_ADDRESS_END = r"[^\s<>\"]*[^\s<>\".,;:!?)\]’”]"
_EMAIL = re.compile(rf"(?<![\w.+-])([\w.+-]+)@({_HOST})")
_ADDRESS = re.compile(
    rf"(?:https?|ftp)://(?:www\.)?([^\s/<>\"?#:]+)(?:{_ADDRESS_END})?|(?<![\w@.])(?:www\.)?({_HOST})/{_ADDRESS_END}"
)
_IP_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")
_PINNED = re.compile(r"([\w\]])\s?(?:==|~=)\s?(\d+(?:\.\d+)+\w*)")
_VERSION = re.compile(r"(?<![\w.])v(\d+(?:\.\d+)+(?:[-+.]?[A-Za-z]\w*)?)")
_PATH = re.compile(
    r"(?<![\w/.])(?:~|\.{1,2})?/?(?:[\w.@-]+/)+[\w.@-]*\w/?|(?<![\w/.])/(?:[A-Za-z_][\w.-]*\w)|(?<![\w/.])~/[\w.-]*\w"
)
_FILE_NAME = re.compile(
    r"(?<![\w.@/])(?=[\w-]*[A-Za-z])[\w-]{2,}(?:\.[\w-]+)*\.(?:[a-z][a-z0-9]*|[A-Z]{2,5})(?![\w.]*\w)"
    r"|(?<!\S)\.[a-z][\w-]+(?:\.[\w-]+)*|(?<!\S)\.NET(?!\w)"
    # A class by its module.
    r"|(?<![\w.@/])[a-z_]\w*(?:(?:\.[a-z_]\w*)+\.[A-Z]|\.[A-Z][a-z0-9]+[A-Z])\w*(?!\w)"
)
_HEX = re.compile(r"(?<!\w)0[xX]([0-9A-Fa-f]+)(?!\w)")
_FLAG = re.compile(r"(?<![\w-])(--?)(?=[A-Za-z])([\w-]*\w)")
_CALL = re.compile(r"(?<=\w)\(\)")
_IDENTIFIER = re.compile(
    r"(?<!\w)(?<!\d )(?!(?:PhD|GmbH|LaTeX|TeX)(?!\w))"
    r"(?:\w*_\w+|[A-Za-z]*[a-z][A-Z]\w*|[A-Z]{2,}[a-z]{2,}\w*)(?!\w)"
)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Pages and volumes, which normt2s does not know.
_GERMAN_RULES: tuple[tuple[re.Pattern[str], Rewrite | str], ...] = (
    (re.compile(r"(?<![\w.])S\. ?(?=\d+ ?[–-] ?\d|\d+ ff?\.)"), "Seiten "),
    (re.compile(r"(?<![\w.])S\. ?(?=\d)"), "Seite "),
    (re.compile(r"(?<!\w)Bd\. ?(?=\d)"), "Band "),
    (re.compile(r"(?<=\d) ff\.(?!\w)"), " und folgende"),
    (re.compile(r"(?<=\d) f\.(?!\w)"), " und die folgende"),
)
# “3-4 times”, “2020–2024”; not “555-1234”, “2024-03-05” or a score of “3-2”.
_RANGE = re.compile(r"(?<![\w.,/:$€£+-])(\d{1,4})[-–](\d{1,4})(?![\w/:-]|[.,]\d)")
_PHONE = (3, 4)
"""Digits on both sides of the hyphen of a telephone number."""
_RATIO = re.compile(r"(?<![\d:.])(\d{1,3}):(\d)(?![\d:])")
_SAME_TWICE = re.compile(r"(?<![\w/.])(\d+)/\1(?![\w/])")
_NO_WHOLE = re.compile(r"(?<![\w.])\.(?=\d)(\d)")
_SMALL_FRACTION = re.compile(r"[⅐-⅞]")
_RAISED = re.compile(r"⁻[⁰¹²³⁴-⁹]+|[⁰¹²³⁴-⁹]{2,}|[⁰⁴-⁹]")
_FRACTION_SLASH, _MINUS = "\u2044", "\u2212"
_GERMAN_POINT = re.compile(r"(?<![\d.,])(\d+)\.(\d{1,2})(?![\d.]| Uhr)")
_EITHER = re.compile(r"(?<!\w)(and|he|she|him|her|his|yes|true|und|er|sie|ja|y|et|e)/([^\W\d_]+)(?!\w|/)")
_SLASH = re.compile(r"(?<=[^\W\d_])\s?/\s?(?=[^\W\d_])")
_UNIT_BEFORE = re.compile(r"\d\s?[A-Za-zµ°²³]{1,4}$")
_SCIENTIFIC = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)[eE]([+-]?)(\d{1,3})(?!\w)")
_ROMAN = re.compile(
    r"(?<!\w)(Chapter|Part|Section|Act|Scene|Volume|Book|Phase|Appendix|War|Type|Stage|Class|Grade|Mark|Table|Kapitel|Teil|Akt|Szene|Band)"
    r" (?=[IVXL])(X{0,3}(?:IX|IV|V?I{0,3})|XL|L)(?!\w)"
)
_LANGUAGE_SHARP = re.compile(r"(?<!\w)([A-G])#(?!\w)")
_LANGUAGE_PLUS = re.compile(r"(?<!\w)([A-Z])\+\+")
_NUMBER_SIGN = re.compile(r"(?<!\w)#(?=\d)")
_DIGIT_GROUPS = re.compile(
    r"(?<![\w.,-])(?:\+?\d{1,3}[ -])?(?:\(?\d{3}\)?[ -])\d{3,4}-\d{4}(?![\w-])|(?<![\w.,-])\d{3}-\d{4}(?![\w-])"
)
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s*(?:<=>|<->|⇔|↔)\s*"), "to"),
    (re.compile(r"\s*(?:->|=>|→|⇒|⟶|↦)\s*"), "becomes"),
    (re.compile(r"\s*(?:!=|≠|<>|=/=)\s*"), "not_equal"),
    (re.compile(r"\s*(?:>=|≥)\s*"), "at_least"),
    (re.compile(r"\s*(?:<=|≤)\s*"), "at_most"),
    (re.compile(r"\s*:=\s*|\s*={2,3}\s*|(?<=[\w)\]])\s*=\s*(?=[\w($-])"), "equals"),
    (re.compile(r"(?<=[\w)]) > (?=[\w(-])|>(?=\s?\d)"), "greater"),
    (re.compile(r"(?<=[\w)]) < (?=[\w(-])|<(?=\s?\d)"), "less"),
    (re.compile(r"(?<![\w~])[~≈]\s?(?=\d)|≈"), "about"),
    (re.compile(r"§{1,2}\s?"), "section"),
    (re.compile(r"\s&\s|(?<=\w)&(?=\w)"), "and"),
    (re.compile(r"(?<=[\w)]) [*×·] (?=[\w(])|(?<=\w)[*×](?=\w)|(?<=\d)x(?=\d|(?!\w))"), "times"),
    (re.compile(r"(?<=\d)\^(?=\d)|(?<=\w)\*\*(?=\d)"), "power"),
    (re.compile(r"(?<=\w) @ (?=\w)"), "at"),
    (re.compile(r"(?<=[^\W\d])\+(?=[^\W\d])|(?<=[\w)]) \+ (?=[\w(])"), "plus"),
    (re.compile(r"\s\|\s"), ""),
)
_GERMAN_ORDINAL = re.compile(
    r"(?:(?<!\w)(\w+) )?(?<![\d.,])(\d{1,3})\. (?=[A-ZÄÖÜ][a-zäöüß]{2})"
    r"(?!Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
)
_GERMAN_DECADE = re.compile(r"(?<!\d)(1\d{3}|20\d\d)er(?!\w)")


def _named(name: str | None, words: Words) -> str:
    """Return how a name with dots is read: example dot com, README dot M D."""
    parts = [part for part in re.split(r"[.]", name or "") if part]
    said = [_said_identifier(part) for part in parts[:-1]]
    last = parts[-1] if parts else ""
    is_spelled = len(last) <= 3 and last.lower() not in _SAID_AS_WORDS and last.isascii() and len(parts) > 1
    if last:
        said.append(_spelled(last) if is_spelled else _said_identifier(last))
    between = f" {words['dot']} "
    return (between.lstrip() if (name or "").startswith(".") else "") + between.join(said)


def _path(found: re.Match[str], words: Words) -> str | None:
    """Return how the path of a file is read; None for “and/or”, “km/h” and dates."""
    path = found[0]
    parts = [part for part in path.split("/") if part not in ("", ".", "..", "~")]
    is_path = path[0] in "/.~" or path.endswith("/") or len(parts) > 2 or "." in parts[-1].strip(".")
    is_protocol = len(parts) == 2 and path[0].isupper() and parts[1].replace(".", "").isdigit()
    if (
        not is_path
        or is_protocol
        or all(part.replace(".", "").isdigit() for part in parts)
        or not any(map(str.isalpha, path))
    ):
        return None
    return f" {words['slash']} ".join(_named(part, words) for part in parts)


def _said_identifier(name: str) -> str:
    """Return the parts of a name: get_HTTPResponse → get HTTP Response."""
    return " ".join(
        " ".join(_PARTS.findall(part)) if part.isascii() else part for part in re.split(r"[_-]+", name) if part
    )


def _spelled(text: str) -> str:
    return " ".join(text.upper())


def _dotted(version: str, words: Words) -> str:
    """Return a version: each number by itself."""
    parts = re.findall(r"\d+|[A-Za-z]+", version)
    point = "Punkt" if words["decimal"] == "Komma" else words["decimal"]
    said = [parts[0]]
    for part in parts[1:]:
        said += [point, part] if part.isdigit() and said[-1].isdigit() else [part]
    return " ".join(said)


def _scientific(found: re.Match[str], words: Words) -> str:
    sign = {"-": f"{words['minus']} "}.get(found[2], "")
    return f"{found[1]} {words['times']} 10 {words['power']} {sign}{found[3]}"


def _range(found: re.Match[str], code: str, words: Words) -> str | None:
    """Return a range in words; None for what is none."""
    first, last = found[1], found[2]
    is_phone = (len(first), len(last)) == _PHONE and "-" in found[0]
    if is_phone or int(last) <= int(first) or (len(first) > 1 and first[0] == "0"):
        return None
    if code == "en" and first[:2] in ("18", "19", "20") and len(first) == len(last) == 4:
        first, last = year_words(first), year_words(last)
    return f"{first} {words['to']} {last}"


def _german_ordinal(found: re.Match[str]) -> str:
    before, number = found[1] or "", int(found[2])
    ordinal = str(number_words()(number, lang="de", to="ordinal"))
    weak = re.fullmatch(r"(?i)am|im|zum|zur|vom|beim|de[mns]|den|dies\w*[mnrs]|jede[mnrs]|ab|bis|seit|mit", before)
    return f"{before} {ordinal}{'n' if weak else ''} ".lstrip()


@cache
def _spoken_words() -> dict[str, Any]:
    text = files("callsheet.speech").joinpath("spoken_words.yaml").read_text(encoding="utf-8")
    return cast("dict[str, Any]", yaml.safe_load(text))


def words_of(code: str) -> Words | None:
    """Return the words of a language; None if it has none here."""
    return _spoken_words().get(code)
