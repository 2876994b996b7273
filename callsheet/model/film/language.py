"""The language of a film's texts: named, or found by the small words in them.

It decides how numbers are written.
"""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class Language(StrEnum):
    """Languages whose notation of numbers is known."""

    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es"
    ITALIAN = "it"
    PORTUGUESE = "pt"
    DUTCH = "nl"
    DANISH = "da"
    SWEDISH = "sv"
    NORWEGIAN = "nb"
    FINNISH = "fi"
    POLISH = "pl"
    CZECH = "cs"
    RUSSIAN = "ru"
    TURKISH = "tr"


# Words that are frequent in one language and rare in the others.
_SMALL_WORDS = {
    Language.ENGLISH: "the of and to is that it for was with as on are this by from at which be has have per",
    Language.GERMAN: "der die und das ist nicht ein eine mit auf für den dem des im zu von wir wie bei nach pro über",
    Language.FRENCH: "le les des et est une dans du qui sur pour pas plus avec au aux ce cette nous par",
    Language.SPANISH: "el los las una y es del por con para como más se su al entre",
    Language.ITALIAN: "il gli della che di è per con non sono nel alla dei delle più anche",
    Language.PORTUGUESE: "o os uma do da dos das não em para com mais são ao pela",
    Language.DUTCH: "het een van en niet dat op voor zijn wordt met aan ook naar uit",
    Language.DANISH: "og det er ikke af på til som ved efter fra også blev",
    Language.SWEDISH: "och det är inte av på till som från också eller",
    Language.NORWEGIAN: "og det er ikke av på til som fra også etter ble",
    Language.FINNISH: "ja on ei se että oli ovat kun myös mutta",
    Language.POLISH: "i w nie na się jest do że z jak przez oraz",
    Language.CZECH: "a v je se na že jsou není pro jako který",
    Language.RUSSIAN: "и в не на что это как по из для от",
    Language.TURKISH: "ve bir bu için ile olarak daha çok değil",
}
_TELLING = 2
"""Small words of one language more than of any other: fewer may be names, or chance."""
_COMMA, _NARROW_SPACE = ",", "\u202f"
_SEPARATORS = {
    Language.ENGLISH: (",", "."),
    **dict.fromkeys((Language.FRENCH, Language.SWEDISH, Language.NORWEGIAN), (_NARROW_SPACE, _COMMA)),
    **dict.fromkeys((Language.FINNISH, Language.POLISH, Language.CZECH, Language.RUSSIAN), (_NARROW_SPACE, _COMMA)),
}
"""Between thousands, and before decimals (Unicode CLDR 45); all others write 1.234,5."""


def language_of(texts: Iterable[str]) -> Language | None:
    """Return the language of most small words in `texts`; None if they don't tell it."""
    words = Counter(word for text in texts for word in re.findall(r"[^\W\d_]+", text.lower()))
    found = Counter({language: sum(words[word] for word in known.split()) for language, known in _SMALL_WORDS.items()})
    (first, most), (_, second) = found.most_common(2)
    return first if most - second >= _TELLING else None


def number_in(language: Language | None, text: str) -> str:
    """Return a number that is written as in English (1,234.5), as `language` writes it."""
    thousands, decimals = _SEPARATORS.get(language or Language.ENGLISH, (".", ","))
    return text.translate(str.maketrans(",.", thousands + decimals))
