"""Words as people type them, brought to one form: small letters without accents."""

import re
import unicodedata


def plain(text: str) -> str:
    """Return `text` in small letters, without accents, with ss for ß and straight apostrophes."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss").replace("’", "'"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """Return the words of a text in one form; elided articles (l', d', s') are separate words."""
    return re.findall(r"[a-z0-9]+", plain(text))


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(text.split())
