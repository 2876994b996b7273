"""The few words of a storyboard that are not the document's, in the languages that Callsheet phrases them in."""

from dataclasses import dataclass

from callsheet.model.film.narration import primary


@dataclass(frozen=True)
class Phrases:
    """Callsheet's words in one language. Names and numbers that fill them come from the document."""

    in_short: str
    how_to_begin: str
    highest: str
    lowest: str
    more: str
    """Said over the names of parts that the film leaves out."""
    and_: str


_PHRASES = {
    "en": Phrases(
        "In short",
        "How to begin",
        "{name} has the highest value: {value}.",
        "{name} has the lowest value: {value}.",
        "There is more to read: {names}.",
        "and",
    ),
    "de": Phrases(
        "Kurz gesagt",
        "So fängt man an",
        "Den höchsten Wert hat {name}: {value}.",
        "Den niedrigsten Wert hat {name}: {value}.",
        "Mehr steht im Text: {names}.",
        "und",
    ),
}


def phrases_in(language: str) -> Phrases | None:
    """Return the words in a language; None if Callsheet has none, so that only the document's words are used."""
    return _PHRASES.get(primary(language))


def all_phrases() -> str:
    """Return all words, as one text."""
    return " ".join(" ".join(vars(phrases).values()) for phrases in _PHRASES.values())
