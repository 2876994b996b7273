"""How English is read where no library says it: versions, standards, years, ranges, quantities, abbreviations."""

import re

from callsheet.speech.numerals import number_words, roman_value, year_words
from callsheet.speech.text_map import Rewrite

_SCALES = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion", "bn": "billion", "tn": "trillion"}
_YEAR = "January February March April May June July August September October November December"
_MONTHS = _YEAR.split()


def _us_date(found: re.Match[str]) -> str:
    """Return month, day and year; the day comes first if the first number is no month."""
    first, second = int(found[1]), int(found[2])
    month, day = (first, second) if first <= len(_MONTHS) else (second, first)
    return f"{_MONTHS[month - 1]} {day}, {found[3]}" if 0 < month <= len(_MONTHS) else " ".join(found.groups())


def _numbers_of_versions(found: re.Match[str]) -> str:
    """Return a name and its versions: 3.10 is three point ten, and 22.04 has its digits one by one."""
    return found[1] + re.sub(_A_VERSION, lambda version: _with_points(version[0]), found[2])


def _with_points(version: str) -> str:
    return version.replace(".", " point ") if re.search(r"\.[1-9]\d", version) else version


def _two_and_two(found: re.Match[str]) -> str:
    """Return the number of a standard as people say it: thirty-one sixty-six, eighty-six oh one."""
    name, first, last = found.groups()
    if last == "00":
        return f"{name} {first}{last}" if first.endswith("0") else f"{name} {first} hundred"
    return f"{name} {first} {last.replace('0', 'oh ') if last[0] == '0' else last}"


def _decade(found: re.Match[str]) -> str:
    return f"{number_words()(int(found[1]), lang='en').removesuffix('y')}ies"


_PROGRAMS = (
    "Android Angular C?Python Chrome CUDA Debian Django Docker Fedora Firefox FFmpeg GCC Git Go Java iOS Kotlin "
    "Kubernetes Linux macOS Manim MySQL Node Node\\.js NumPy OpenSSL Pandas PHP PostgreSQL Postgres Prefect PyPy "
    "PyTorch R Rails React Redis Ruby Rust Scala SQLite Swift TensorFlow TypeScript Ubuntu Vue Windows"
)
_OF_KINGS = (
    "Benedict Charles Edward Elizabeth Frederick Friedrich George Gustav Henry James Leo Louis Napoleon Nicholas Otto "
    "Philip Pius Ramses Richard Wilhelm William"
)
_NUMBERED = "versions? releases? sections? figures? fig\\. tables? chapters? equations? listings? examples?"
_A_VERSION = r"v?\d+(?:\.\d+)+\+?"
_YEAR_DIGITS = r"1[5-9]\d\d|20\d\d"
_UNIT = r"[kMGT]?B|[kMG]?Hz|[µmn]?s|min|h|[ckm]?m|[km]?g|[km]?W|px|pt|dB|fps|k|M|%"


# “$1.2M” and “Mar 5” by their full words; numbers of pages and pictures as people say them.
ENGLISH_RULES: tuple[tuple[re.Pattern[str], Rewrite | str], ...] = (
    (
        re.compile(r"([$€£])(\d[\d.,]*)\s?([kKMB]|bn|tn)(?!\w)"),
        lambda found: f"{found[1]}{found[2]} {_SCALES[found[3]]}",
    ),
    (re.compile(r"(?<![\w/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\w/])"), _us_date),
    (
        re.compile(r"(?<!\w)(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? (?=\d{1,4}(?!\d))"),
        lambda found: f"{_MONTHS[[month[:3] for month in _MONTHS].index(found[1][:3])]} ",
    ),
    (
        re.compile(r"(?<!\w)([QH])([1-4]) (?=(?:19|20)\d\d(?!\w))((?:19|20)\d\d)"),
        lambda found: f"{found[1]} {found[2]} {year_words(found[3])}",
    ),
    (re.compile(r"(?<!\w)FY ?((?:19|20)\d\d)(?!\w)"), lambda found: f"fiscal year {year_words(found[1])}"),
    (
        re.compile(
            rf"(?<!\w)((?:(?i:{'|'.join(_NUMBERED.split())})|{'|'.join(_PROGRAMS.split())})\s)"
            rf"({_A_VERSION}(?:(?:,? (?:and|or|to|through)|,|[–-])\s?{_A_VERSION})*)(?!\w)"
        ),
        _numbers_of_versions,
    ),
    (re.compile(r"(?<!\w)PyPI(?!\w)"), "Py P I"),
    (re.compile(r"(?<!\w)PostgreSQL(?!\w)"), "Postgres Q L"),
    (re.compile(r"(?<!\w)(HTTP|TLS|SSL|SMTP|RTSP)/(?=\d)"), r"\1 "),
    (re.compile(r"(?<!\w)HTTP (\d)\.(\d)(?![\w.])"), r"HTTP \1 point \2"),
    (re.compile(r"(?<![\w/])([A-Z]{1,3})/([A-Z]{1,3})(?![\w/])"), r"\1 \2"),
    (re.compile(r"(?<!\w)(ISO|IEC|IEEE|RFC|PEP|DIN|EN)[ -]([1-9]\d)(\d\d)(?![\w.,]*\d)"), _two_and_two),
    (
        re.compile(
            rf"(?<!\w)((?i:from|between) )({_YEAR_DIGITS})( (?:to|and|until|through) )({_YEAR_DIGITS})(?!\w|[.,]\d)"
        ),
        lambda found: f"{found[1]}{year_words(found[2])}{found[3]}{year_words(found[4])}",
    ),
    (
        re.compile(
            rf"(?<!\w)((?i:pre|post|early|mid|late|circa|spring|summer|autumn|winter)[ -])({_YEAR_DIGITS})(?!\w)"
        ),
        lambda found: f"{found[1]}{year_words(found[2])}",
    ),
    (
        re.compile(
            rf"(?<!\w)((?i:by|of) )({_YEAR_DIGITS})"
            r"(?=[,;:)!?]|\.?$|\. | (?:and|was|were|is|the|to|in|on|for|it|they|he|she|we)(?!\w))"
        ),
        lambda found: f"{found[1]}{year_words(found[2])}",
    ),
    (re.compile(rf"(?<=[^\W\d_] )({_YEAR_DIGITS})(?=\))"), lambda found: year_words(found[1])),
    (
        re.compile(rf"^({_YEAR_DIGITS})(?= (?:was|is|saw|brought|ended|began)(?!\w))"),
        lambda found: year_words(found[1]),
    ),
    (re.compile(r"(?<![\w.,]|[/:])['’]?([2-9]0)s(?!\w)(?<=the ...|he '...|he ’...)"), _decade),
    (
        re.compile(r"(?<!\w)(an?\s)?(?<![\w.])(\d+\.\d+|(?![01]s)\d+)\s?s(?!\w)(?<!\d{3}0s)"),
        lambda found: f"{found[1] or ''}{found[2]} second{'' if found[1] else 's'}",
    ),
    (
        re.compile(rf"(?<![\w.,/:$€£-])(\d{{1,4}}(?:\.\d+)?)[-–](\d{{1,4}}(?:\.\d+)?)(?=x(?!\w)|\s?(?:{_UNIT})(?!\w))"),
        r"\1 to \2",
    ),
    (re.compile(r"(?<![\w.,$€£])(\d+(?:\.\d+)?)k(?![\w-])(?<![^\d.][48]k)"), r"\1 thousand"),
    (re.compile(r"(?<![\w.,$€£])(\d+(?:\.\d+)?)M(?![\w-])"), r"\1 million"),
    (re.compile(r"(?<![\w.])(?!0x)(\d+)[x×](\d+)(?![\w.])"), r"\1 by \2"),
    (re.compile(r"(?<!\w)(kill|head|tail|gzip|xz|log) -(?=\d)"), r"\1 dash "),
    (
        re.compile(
            rf"(?<!\w)({'|'.join(_OF_KINGS.split())}|John Paul) (?=[IVX]{{2}})(X{{0,2}}(?:IX|IV|V?I{{0,3}}))(?!\w)"
        ),
        lambda found: f"{found[1]} the {number_words()(roman_value(found[2]), lang='en', to='ordinal')}",
    ),
    (re.compile(r"(?<![\w/.,$])9/11(?![\w/]| of )"), "nine eleven"),
    (re.compile(r"(?<![\w.])p\. ?(?=\d)"), "page "),
    (re.compile(r"(?<!\w)No\. ?(?=\d)"), "Number "),
    (re.compile(r"(?<!\w)w/o(?!\w)"), "without"),
    (re.compile(r"(?<!\w)w/ "), "with "),
    (re.compile(r"(?<!\w)St\. (?=[A-Z])"), "Saint "),
    (re.compile(r"(?<!\w)Ph\.\s?D\.?"), "P H D"),
    (
        re.compile(r"(?<!\d)(\d{1,2}?)([1-9]\d)p(\d{2,3})?(?!\w)"),
        lambda found: f"{found[1]} {found[2]} P {found[3] or ''}".rstrip(),
    ),
    (re.compile(r"(?<=\d)\s?fps(?!\w)"), " frames per second"),
)
