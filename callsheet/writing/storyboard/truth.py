"""The check that a storyboard says nothing that its document does not: numbers, names, quotations, code, formulas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from callsheet.model.content import ChartContent, QuoteContent, TextKind
from callsheet.model.film.document import Document
from callsheet.model.film.narration import primary
from callsheet.model.requests.storyboard import Storyboard, StoryboardScene
from callsheet.writing.storyboard.phrases import phrases_in

_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f]\d+)*")
_GROUPING = re.compile(r"[,'\u00a0\u202f](?=\d{3}\b)|(?<=\d)\.(?=\d{3}\b)")
_NAME = re.compile(r"[^\W\d_][\w'’]*(?:[.+#-]\w+)*")
_SENTENCE_BEGIN = re.compile(r"(?:^|(?<=\w\w\w)\.\s+|[!?:;。！？：；]\s*|[“\"„«(]\s*)$")
_QUOTATION = re.compile(r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|「([^「」]+)」|\"([^\"]+)\"")
_CODE = re.compile(r"\w*`[^`]+`\w*|\w+\$[^$]+(?<!\\)\$\w*|(?<!\\)\$[^$]+(?<!\\)\$\w+")
"""Code, with the letters and digits that stand right beside it, as in a plural; and such a formula."""
_LEAST_QUOTED_WORDS = 3
_NUMBER_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
}
_LARGE = {"en": "hundred thousand million billion", "de": "hundert tausend million millionen milliarde milliarden"}
_UNSEEN_FIELDS = ("path", "name", "source", "target", "prompt_sign", "language")
"""Fields of contents that no viewer reads as a statement. The `source` of an arrow names a box."""


@dataclass(frozen=True)
class UntrueStatement:
    """Words that a film would say or show, and that its document does not hold."""

    scene: str
    at: str
    """The part of the content, or the line of narration, e.g. narration.2."""
    words: str
    kind: str
    """number, name, quotation, code or formula."""

    def __str__(self) -> str:
        return f"scene “{self.scene}”, {self.at}: the document does not hold the {self.kind} “{self.words}”"


def untrue_statements(storyboard: Storyboard, document: Document) -> tuple[UntrueStatement, ...]:
    """Return what a storyboard says or shows and its document does not hold.

    In German, where every noun has a capital letter, only words with other signs than letters, or with capital letters
    inside, are names.
    """
    known = _Known(document, storyboard.language)
    return tuple(
        UntrueStatement(scene.name, at, words, kind)
        for scene in storyboard.scenes
        for at, kind, words in _untrue_in(scene, known)
    )


def untrue_in_scene(scene: StoryboardScene, document: Document, language: str) -> tuple[UntrueStatement, ...]:
    """Return what one scene says or shows and its document does not hold."""
    found = _untrue_in(scene, _Known(document, language))
    return tuple(UntrueStatement(scene.name, at, words, kind) for at, kind, words in found)


def _untrue_in(scene: StoryboardScene, known: "_Known") -> Iterator[tuple[str, str, str]]:
    content = scene.filled()
    for at, kind, text in content.texts():
        if text and at.rpartition(".")[2] not in _UNSEEN_FIELDS:
            yield from ((at, *found) for found in known.untrue_in(text, kind))
    if isinstance(content, ChartContent):
        for place, datum in enumerate(content.data):
            if datum.value not in known.values:
                yield f"data.{place}.value", "number", f"{datum.value:g}"
    if isinstance(content, QuoteContent):
        yield from (
            (at, "quotation", text)
            for at, text in (("quote", content.quote), ("speaker", content.speaker))
            if not known.holds(text)
        )
    for place, line in enumerate(scene.narration):
        yield from ((f"narration.{place}", *found) for found in known.untrue_in(line.text, TextKind.PROSE))


@dataclass
class _Known:
    """What a document holds."""

    document: Document
    language: str

    @cached_property
    def text(self) -> str:
        """All texts, as they are compared."""
        phrases = phrases_in(self.language)
        ours = " ".join(vars(phrases).values()) if phrases else ""
        texts = [text for block in self.document.blocks for text in block.texts()]
        # A lone sign of code is shown as it is, or as an apostrophe.
        texts += [text.replace("`", "’") for text in texts if "`" in text]
        return _plain("\n".join([self.document.title, self.document.origin, ours, *texts]))

    @cached_property
    def dense(self) -> str:
        """All texts without white space and apostrophes: lines of code and formulas are found in it."""
        return _dense(self.text)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """All numbers, in digits."""
        words = {word: str(number) for number, word in enumerate(self._number_words, 2)}
        named = {words[word] for word in self.words & words.keys()}
        return frozenset({_digits(found) for found in _NUMBER.findall(self.text)} | named)

    @cached_property
    def values(self) -> frozenset[float]:
        """All numbers, with a point or a comma before their decimals."""
        found = {form for written in _NUMBER.findall(self.text) for form in _readings(written)}
        return frozenset({*found, *(-value for value in found)})

    @cached_property
    def words(self) -> frozenset[str]:
        """All words, and the parts of those that hold other signs."""
        whole = {found.lower() for found in _NAME.findall(self.text)}
        return frozenset(whole | {part for word in whole for part in re.split(r"[\W_]+", word)})

    @cached_property
    def _number_words(self) -> list[str]:
        return _NUMBER_WORDS.get(primary(self.language), "").split()

    def holds(self, text: str) -> bool:
        """Return whether the document holds these words, one after the other."""
        return _dense(_plain(text)).rstrip(".。") in self.dense

    def untrue_in(self, text: str, kind: TextKind) -> Iterator[tuple[str, str]]:
        """Yield the kind and the words of what the document does not hold."""
        if kind is TextKind.VERBATIM:
            yield from (("code", line.strip()) for line in text.splitlines() if not self.holds(line))
            return
        if kind is TextKind.FORMULA:
            if not self.holds(text):
                yield "formula", text
            return
        for code in _CODE.findall(text):
            if not self.holds(code):
                yield "code", code.replace("`", "")
        bare = _CODE.sub(" ", text) if kind is TextKind.PROSE else text
        for found in _QUOTATION.finditer(bare):
            quoted = next(filter(None, found.groups()))
            if len(quoted.split()) >= _LEAST_QUOTED_WORDS and not self.holds(quoted):
                yield "quotation", quoted
        yield from (("number", found) for found in _NUMBER.findall(bare) if _digits(found) not in self.numbers)
        yield from (("number", word) for word in self._large_numbers(bare))
        yield from (("name", name) for name in self._names(bare) if not self._knows(name))

    def _large_numbers(self, text: str) -> Iterator[str]:
        """Yield the numbers in words that the document holds neither in words nor in digits."""
        numbers = {word: str(number) for number, word in enumerate(self._number_words, 2)}
        large = set(_LARGE.get(primary(self.language), "").split())
        for word in re.findall(r"[^\W\d_]+", text.lower()):
            if (word in numbers and numbers[word] not in self.numbers) or (word in large and word not in self.words):
                yield word

    def _names(self, text: str) -> Iterator[str]:
        has_capital_nouns = primary(self.language) == "de"
        for found in _NAME.finditer(text):
            name = found[0]
            is_marked = any(sign.isupper() or sign.isdigit() for sign in name[1:])
            begins = bool(_SENTENCE_BEGIN.search(text[: found.start()]))
            if is_marked or (name[0].isupper() and len(name) > 1 and not begins and not has_capital_nouns):
                yield name

    def _knows(self, name: str) -> bool:
        lowered = re.sub(r"['’]s?$", "", name.lower())
        return lowered in self.words or all(part in self.words for part in re.split(r"[\W_]+", lowered))


def _plain(text: str) -> str:
    """Return a text as it is compared: in small letters, without the signs that only mark its parts."""
    unmarked = text.replace("\\$", "$").replace("`", "").replace("’", "'").replace("−", "-")
    return re.sub(r"[“”„\"«»]", '"', unmarked).lower()


def _dense(plain: str) -> str:
    """Return a plain text without white space, apostrophes, and the signs around formulas."""
    return re.sub(r"[\s'$]", "", plain)


def _digits(number: str) -> str:
    """Return a number without the signs that group its digits."""
    return _GROUPING.sub("", number.replace("’", "'"))


def _readings(written: str) -> Iterator[float]:
    """Yield what a number may mean: a comma groups digits, or begins the decimals."""
    for form in (
        _digits(written),
        re.sub(r"[,'\u00a0\u202f]", "", written),
        re.sub(r"[.'\u00a0\u202f]", "", written).replace(",", "."),
    ):
        try:
            yield float(form)
        except ValueError:
            continue
