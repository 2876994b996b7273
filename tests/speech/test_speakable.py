"""Written text becomes text that a voice can read, and the map between both leads captions back."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.film.narration import Lexicon, SpeakableText
from callsheet.speech.speakable import speakable
from callsheet.speech.text_map import word_places
from tests.pace import seconds_here

ENGLISH = {
    "On 2024-03-05, Dr. Smith ran 3.7 km/h at 21:05 for $1,250.": (
        "On March fifth, twenty twenty-four, Doctor Smith ran three point seven kilometers per hour at "
        "twenty-one oh five for one thousand two hundred fifty dollars."
    ),
    "It was 42% of 1/2, e.g. 10–20 items at 5°C and 90 GB/s.": (
        "It was forty-two percent of one half, for example ten to twenty items at five degrees Celsius and "
        "ninety gigabytes per second."
    ),
    "The 1990s, 3rd of 1,234,567; call 555-1234.": (
        "The nineteen nineties, third of one million two hundred thirty-four thousand five hundred "
        "sixty-seven; call five five five, one two three four."
    ),
    "**Bold**, `code_name` and [a link](https://example.com/x).": ("Bold, code name and a link."),
    "Write C# and C++ in README.md.": ("Write C sharp and C plus plus in README dot M D."),
    "`pip install callsheet==0.1.0`, see https://example.com/docs?x=1.": (
        "pip install callsheet version zero point one point zero, see example dot com."
    ),
    "Ask a@example.org about v1.2.3.": ("Ask a at example dot org about version one point two point three."),
    "getHTTPResponse() sets max_tokens=5 for ./out/film.mp4": (
        "get HTTP Response sets max tokens equals five for out slash film dot M P four"
    ),
    "~5 is >= 3 and != 2; x -> y & z": ("about five is is at least three and is not equal to two; x becomes y and z"),
    "It costs $1.2M, 3x more, at 1080p and 16:9.": (
        "It costs one point two million dollars, three times more, at ten eighty P and sixteen to nine."
    ),
    "Chapter IV, p. 12, of 12/25/2024 and Mar 5, 2024": (
        "Chapter four, page twelve, of December twenty-fifth, twenty twenty-four and March fifth, twenty twenty-four"
    ),
    "$\\frac{a}{b}$ is half of $x^2$": ("a over b is half of x squared"),
    "Run it with --length 90 – or don't — 🎉 now": ("Run it with dash dash length ninety, or don't, now"),
    "10⁻³ of ⅓, 1e-9 and 2^8": (
        "ten to the power of minus three of one third, one times ten to the power of minus nine and two to "
        "the power of eight"
    ),
    "0x1F, 192.168.0.1 and §3": (
        "hex one F, one hundred ninety-two dot one hundred sixty-eight dot zero dot one and section three"
    ),
    "In Q3 2024 and FY2023, after 9/11, 3-4 of 9/11 of pp. 12-14, 2020-2024.": (
        "In Q three twenty twenty-four and fiscal year twenty twenty-three, after nine eleven, three to four of nine "
        "elevenths of pages twelve to fourteen, twenty twenty to twenty twenty-four."
    ),
    "Python 3.9, 3.10 and 3.11+ or Ubuntu 22.04; version 0.17, Figure 2.12 and 3.14.": (
        "Python three point nine, three point ten and three point eleven plus or Ubuntu twenty-two point zero four; "
        "version zero point seventeen, Figure two point twelve and three point fourteen."
    ),
    "Pi is 3.14, and HTTP/1.1 is not HTTP/2 over TCP/IP.": (
        "Pi is three point one four, and HTTP one point one is not HTTP two over TCP IP."
    ),
    "ISO 3166, ISO 8601, ISO 9000, RFC 2616 and RFC 793": (
        "ISO thirty-one sixty-six, ISO eighty-six oh one, ISO nine thousand, RFC twenty-six sixteen and RFC seven "
        "hundred ninety-three"
    ),
    "10-100x faster, 5-10ms, ~0.2s and not ~20s, a 45s clip, 1-2s": (
        "ten to one hundred times faster, five to ten milliseconds, about zero point two seconds and not about twenty "
        "seconds, a forty-five second clip, one to two seconds"
    ),
    "in the 20s, the '90s and the 1920s": "in the twenties, the nineties and the nineteen twenties",
    "250k lines, 1.5M users, 4k at 1920x1080": (
        "two hundred fifty thousand lines, one point five million users, four k at one thousand nine hundred twenty "
        "by one thousand eighty"
    ),
    "pre 1937, by 1937, from 1937 to 1945 (Miller 1937) and 1937 rows": (
        "pre nineteen thirty-seven, by nineteen thirty-seven, from nineteen thirty-seven to nineteen forty-five "
        "(Miller nineteen thirty-seven) and one thousand nine hundred thirty-seven rows"
    ),
    "`.ruff.toml`, `tld.utils.SourceParser`, `typer.run`, ~/.config, .NET and kill -9": (
        "dot ruff dot toml, tld dot utils dot Source Parser, typer dot run, dot config, dot NET and kill dash nine"
    ),
    "Henry VIII, Elizabeth II and Type II; k8s has no seconds, 0x10 is hex": (
        "Henry the eighth, Elizabeth the second and Type two; k eight s has no seconds, hex one zero is hex"
    ),
}
GERMAN = {
    "Am 5.3.2024 um 21:05 Uhr fuhr Dr. Schmidt 3,7 km/h.": (
        "Am fünften März zweitausendvierundzwanzig um einundzwanzig Uhr fünf fuhr Doktor Schmidt drei Komma "
        "sieben Kilometer pro Stunde."
    ),
    "z. B. 42 % von 1.250 €, § 3, am 3. Tag der 1990er.": (
        "zum Beispiel zweiundvierzig Prozent von eintausendzweihundertfünfzig Euro, Paragraph drei, am "
        "dritten Tag der neunzehnhundertneunziger."
    ),
    "Es passiert 3-4 Mal, siehe S. 12, S. 12–14 und Bd. 2.": (
        "Es passiert drei bis vier Mal, siehe Seite zwölf, Seiten zwölf bis vierzehn und Band zwei."
    ),
    "Python 3.11 schreibt README.md mit x = 5.": ("Python drei Punkt elf schreibt README Punkt M D mit x gleich fünf."),
}
OTHERS = {
    ("fr", "Il y a 1 234,5 km et 42 %."): "Il y a mille deux cent trente quatre virgule cinq km et quarante deux pour "
    "cent.",
    ("es", "Tiene 1.234 gatos en README.md"): "Tiene mil doscientos treinta y cuatro gatos en README punto M D",
    ("ru", "У меня 42 яблока"): "У меня сорок два яблока",
    ("pl", "Mam **3** koty"): "Mam trzy koty",
    ("zh", "我有3个**苹果**。"): "我有3个苹果。",
}
MARKUP = set("*_#`~|<>[]{}\\^")
# What people write: words, and everything that this module has a rule for, in any order.
WRITTEN = (
    "42 3.7 1,250 $5 €3.50 10% 5°C 21:05 2024-03-05 1/2 v1.2.3 ==0.1.0 `x` `a_b` **b** _i_ [t](u) <b> # ## | - -- "
    "→ >= != = + & @ / // README.md a@b.org https://example.com/x 1e-9 0x1F x² ½ ① ٣ ३ Dr. e.g. "
    "a.m. km/h GB/s C# C++ foo() max_tokens CamelCase IV §3 ~5 #7 $x^2$ \\alpha {a} ^2 * ** *** — – … "
    "“q” ' \" 🎉 \u200b \ue000 \U000f0000 \x00 é "
    "ß 中文 \ufdfa"
)
PIECES = st.sampled_from(WRITTEN.split(" "))
PLAIN = ["river", "mountain", "library", "window", "garden", "silver", "thunder", "pocket", "lantern", "harbour"]


def check_map(text: SpeakableText) -> None:
    """Passages follow one another in both texts, and hold every word of both."""
    for before, after in pairwise(text.passages):
        assert before.written[1] <= after.written[0]
        assert before.spoken[1] <= after.spoken[0]
    for passage in text.passages:
        assert text.written[slice(*passage.written)].strip()
        assert text.spoken[slice(*passage.spoken)].strip()
    for places, spans in (
        (word_places(text.spoken), [passage.spoken for passage in text.passages]),
        (word_places(text.written), [passage.written for passage in text.passages]),
    ):
        if text.passages:
            assert all(any(start <= place[0] and place[1] <= end for start, end in spans) for place in places)


@pytest.mark.parametrize("written", ENGLISH)
def test_english_is_read_as_people_say_it(written: str):
    """Numbers, dates, money, units, code, addresses, names of files, signs, formulas."""
    assert speakable(written, "en-US").spoken == ENGLISH[written]


@pytest.mark.parametrize("written", GERMAN)
def test_german_is_read_as_people_say_it(written: str):
    """With German numbers, ordinals and signs."""
    assert speakable(written, "de").spoken == GERMAN[written]


@pytest.mark.parametrize(("language", "written"), OTHERS)
def test_other_languages_have_their_numbers_in_words(language: str, written: str):
    """Where the language is known; else the voice reads the digits, and only marks are taken out."""
    assert speakable(written, language).spoken == OTHERS[language, written]


def test_captions_find_what_is_said():
    """Each written word leads to the words that say it, and back."""
    text = speakable("On 2024-03-05, Dr. Smith ran 3.7 km/h for $1,250.", "en")
    said = {text.written[slice(*each.written)]: text.spoken[slice(*each.spoken)] for each in text.passages}
    assert said == {
        "On": "On",
        "2024-03-05,": "March fifth, twenty twenty-four,",
        "Dr.": "Doctor",
        "Smith": "Smith",
        "ran": "ran",
        "3.7": "three point seven",
        "km/h": "kilometers per hour",
        "for": "for",
        "$1,250.": "one thousand two hundred fifty dollars.",
    }


def test_a_lexicon_wins_over_every_rule():
    """A respelling is read as it stands; a word with sounds stays, for the voice to look up."""
    said = {"callsheet": "Call sheet", "kubectl": "/kˈubkʌtᵊl/", "C#": "see sharp", "v8": "vee eight"}
    text = speakable("Callsheet and kubectl run C# on v8, not v80.", "en", Lexicon(words=said))
    assert text.spoken == "Call sheet and kubectl run see sharp on vee eight, not v eighty."
    check_map(text)


def test_mathematics_is_said_by_the_caller():
    """The formula is given without its marks."""
    asked: list[str] = []
    text = speakable(
        "See $x^2$ and \\(y\\).", "en", say_mathematics=lambda formula: asked.append(formula) or "a formula"
    )
    assert text.spoken == "See a formula and a formula."
    assert asked == ["x^2", "y"]


@pytest.mark.parametrize("written", ["", " ", "🎉", "* * *", "***", "—", "| |", "\u200b", "```"])
def test_what_has_no_word_is_not_spoken(written: str):
    """There is nothing to say, and no map."""
    text = speakable(written, "en")
    assert (text.spoken, text.passages) == ("", ())


@given(st.text(max_size=80), st.sampled_from(["en", "de", "fr", "ru", "zh", "hi", "ar", "xx", ""]))
def test_whatever_is_written_can_be_read(written: str, language: str):
    """No text raises, and every map is whole."""
    check_map(speakable(written, language))


@given(st.lists(PIECES | st.sampled_from(PLAIN), max_size=12), st.sampled_from([" ", " ", ""]))
def test_speakable_english_has_no_digit_and_no_mark(pieces: list[str], between: str):
    """Whatever stands beside what."""
    text = speakable(between.join(pieces), "en")
    assert not any(char.isdigit() or char in MARKUP for char in text.spoken), text.spoken
    check_map(text)


@given(st.lists(PIECES | st.sampled_from(PLAIN), max_size=12), st.sampled_from(["en", "de", "it"]))
def test_no_plain_word_is_lost(pieces: list[str], language: str):
    """They are all there, in their order, whatever is written between them."""
    text = speakable(" ".join(pieces), language)
    said = [word for word in re.findall(r"[a-z]+", text.spoken) if word in PLAIN]
    assert said == [piece for piece in pieces if piece in PLAIN]


@pytest.mark.parametrize(
    "unit", ["a", "1", "a_", "a.", "a/", "aB", "*", "[", "<a ", "$a", "1-", "\\", "`", "a@", "I", "(", "+1 "]
)
def test_no_text_takes_long(unit: str):
    """A sentence of thirty times the usual length, made for the patterns to stumble over."""
    began = time.process_time()
    check_map(speakable(unit * (2_000 // len(unit)), "en"))
    assert time.process_time() - began < seconds_here(2)
