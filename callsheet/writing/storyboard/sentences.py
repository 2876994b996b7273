"""Sentences of a document that can be spoken and shown: whole, clear without the page, and in one language's words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from callsheet.model.film.document import InlineText, MarkKind, SourcePlace
from callsheet.model.values import ADDRESSES
from callsheet.sentences import sentences_of

CHINESE_OR_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’.-][^\W_]+)*")
LEAST_WORDS, MOST_WORDS = 4, 38
LEAST_SIGNS, MOST_SIGNS = 7, 62
"""Of Chinese and Japanese: a sign is about half a word."""
_LONGEST_CODE = 40
_MOST_CODES = 3
_LEAST_LETTERS = 0.66
_SHORT, LONGEST_SHOWN = 88, 126
_WATCHED, _WATCHED_SIGNS = 80, 12
"""About five seconds of speech: characters, and signs of Chinese or Japanese."""
_ENTERS, _ENTERS_SIGNS = 1.6, 0.7
"""How much is said while words enter that the voice does not say, as a share of them."""
_END = re.compile(r"(?<!\.\.)[.!。！]['\"”’»)）」]*$")
_HELD = re.compile(r"zq(\d+)qz")
_ADDRESS = re.compile(
    r"https?://|www\.|(?:^|\s)@\w|#\d{3,}|"
    r"\S@\S+\.\w|\b[\w-]+\.(?:com|org|io|net|dev|html?)\b(?:/|$)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:see|visit|refer to|check out|consult|(?:take|have) a look|look(?:ing)? at|"
    r"read (?:this|the|more|about)|learn more|find (?:out|more)|"
    r"(?:can|may) be found|(?:more|further) (?:information|details|examples)|licen[cs]ed|sponsor|"
    r"available (?:in|on|at|from) (?:the |our )?(?:online|web)|"
    r"our (?:website|documentation|docs|discord)|github|(?:file|open|report) an? (?:issue|bug)|pull request|"
    r"below\b|above\b|following\b|as follows|click (?:here|on)|"
    r"this (?:page|document|documentation|section|chapter|file|table|figure|guide|readme|article|paper|"
    r"tutorial|list)\b(?!,? we\b)|"
    r"(?:section|sec\.|chapter|figure|fig\.|table|listing|appendix|page) (?:\d|[IVX]+\b)|"
    r"equations?(?: \(?\d|\.$)|"
    r"here\b|earlier\b|previous(?:ly)? |"
    r"siehe\b|unten\b|oben\b|folgende\w*|hier\b|dieser? (?:seite|abschnitt|kapitel|tabelle|dokument)\w*|"
    r"(?:abbildung|tabelle|kapitel|abschnitt|seite) \d)|(?:如下|下面|上面|参见|见下|以下|上述)",
    re.IGNORECASE,
)
_LEANS_ON_THE_ONE_BEFORE = re.compile(
    r"(?:this|these|those|that|it|it's|they|he|she|his|her|its|their|however|but|also|so|therefore|thus|then|and|"
    r"or|otherwise|"
    r"which|who|whose|whom|let['’]s call|the reason|"
    r"now|plus|some of|one of (?:them|these)|most of them|as (?:well|you|we|before|usual)|here|"
    r".{0,40}\b(?:also|on the other hand|andererseits|hingegen|dagegen)|"
    r"note|caution|warning|tip|important|hint|"
    r"hinweis|achtung|wichtig|key ?words|index terms|proof|theorem|lemma|corollary|"
    r"for example|for instance|e\.g|such|both|instead|similarly|finally|moreover|furthermore|additionally|hence|"
    r"in (?:"
    r"this(?! (?:paper|article|study|report|book|thesis)\b)|that|contrast|addition|particular)|"
    r"as a result|yet|still|again|alternatively|meanwhile|if so|"
    r"dies\w*|es|sie|er|aber|jedoch|dann|daher|auch|und|oder|außerdem|deshalb|dabei|damit|dadurch|sonst|zudem|"
    r"trotzdem|allerdings|somit|danach|zum beispiel|z\. ?b|dort|davon|dazu|jene\w*|sein\w*|ihre?|"
    r"c[’']est|ce|cet|cette|ces|cela|ceci|il (?!faut|y a)|elle|ils|elles|mais|donc|ainsi|alors|puis|ensuite|cependant|"
    r"également|enfin|par exemple|sa|ses|leurs?|celui|celle|ceux|"
    r"est[aeo]s?|es[ao]s?|ese|aquel\w*|pero|además|entonces|así|también|"
    r"sin embargo|por (?:eso|ejemplo|lo tanto)|sus?)\b"
    r"|[这那它但]|因此|所以|然而|此外|另外|而且|同时|例如|比如|其",
    re.IGNORECASE,
)
_BROKEN_OFF = re.compile(
    r"\b(?:are|is|be|includes?|including|contains?|with|by|to|for|of|in|on|at|as|from|using|and|or|via|run|like|the|an?|that|doing|when|use|type|enter|execute|try|"
    r"sind|ist|mit|durch|von|zu|für|und|oder|folgende[rns]?|der|die|das)[.。]$",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"(?:if|to|in order|when|you|we|please|follow|create|use|run|add|set|make|read|write|choose|give|put|open|install|"
    r"check|start|try|keep|save|import|call|define|let|do|don't|remember|ensure|pass|get|wenn|um|bitte|wir|"
    r"cliquer|aller|choisir|saisir|valider|sélectionner|une fois|pour|si)\b|[如若请]",
    re.IGNORECASE,
)
_POINTS_AT_THE_PICTURE = re.compile(r"(?:this|these|here|the following|dies\w*|hier)\b|这", re.IGNORECASE)
_FRAGMENT = re.compile(
    r"(?:to|in order to|when|if|for|while|after|before|wenn|um|als|bevor|nachdem|"
    r"(?:\w+ed|built|made|written) (?:(?:and|&) \w+ )?(?:by|with|on|for|in|from|using|and|&))\b[^,]*$|"
    r"with\b[^,]* being\b[^,]*$|(?:in|on|at|by|with|from|for)\b[^.]*!$",
    re.IGNORECASE,
)
"""A clause without the sentence that it belongs to."""
_SENT_ELSEWHERE = re.compile(r"^if\b|\b(?:see|below|above|siehe|unten|oben)\b|参见|见下", re.IGNORECASE)
_CITATION = re.compile(
    r"\s*\[\d+(?:\s*[,–-]\s*\d+)*\]|\s*\((?:see|siehe|cf\.|vgl\.)\b[^()]*\)|\s*[（(](?:参见|见)[^（）()]*[)）]"
)
_LEADS_TO = re.compile(r"\b(?:in|by|of|from|to|see|with|and|by|von|nach|siehe)$", re.IGNORECASE)
_CHAPTER_OF_MANUAL = re.compile(r"(?<=[a-z]{3})\([1-8]\)")
"""As in “git-push(1)”."""
_CITED = re.compile(r"\s\[\d")
_SET_APART = re.compile(r"(`[^`]*`|\$[^$]*\$)")
_PARENTHESES = re.compile(r"\s+\([^()]*\)|(?<!\w)\([^()]*\)|\s*（[^（）]*）")
"""Brackets that touch the word before them belong to it, as in “HTTP(S)”; those of Chinese have no space."""
_PICTOGRAM = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]+\\s*|:[a-z][a-z_]+:\\s*"
)
_CLAUSE = re.compile(
    r"(?:;|:| [–—-]|—|, (?:which|who|so|yet|with|using|without|including|because|but|while|although|where|"
    r"and (?:it|they|then|you|we|let|so)|so that|"
    r"weil|da|aber|während|obwohl|sodass|denn|damit)\b|[；：]|，)",
)
_NO_CLAUSE = re.compile(
    r"(?:since|after|before|until|during|when|while|if|because|although|as|with|without|despite|unlike|in|on|at|by|for|"
    r"from|to|seit|nach|vor|bis|bei|mit|ohne|trotz|wenn|weil|da|obwohl|während|als|um|für|in|im|am)\b[^,]*$"
    r"|.{0,12}[年月日时后前]$",
    re.IGNORECASE,
)
"""What says only when, where or why: it needs the clause behind it."""
_NEEDS_A_VERB = re.compile(
    r"\b(?:may|might|can|could|will|would|shall|should|must|cannot|is|are|was|were|be|been|has|have|had|do|does|did|not|"
    r"to|the|an?|kann|könnte|wird|würde|soll|sollte|muss|darf|ist|sind|war|hat|haben|nicht|zu)$",
    re.IGNORECASE,
)
"""What a clause does not end with: an inserted clause follows, and then its verb."""
_ENDS_OPEN = re.compile(r"(?:[:,;：，；]|[:,;：，；] ?(?:and|or|und|oder)|\b(?:and|or|by|of|in|und|oder|von))$")
"""What a sentence is not, if the bracket at its end was more than an aside."""
_MATHEMATICS = re.compile("[\U0001d400-\U0001d7ff]")
"""Letters of formulas, which a PDF holds as text."""
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("（", "）"), ("„", "“"))


@dataclass(frozen=True)
class DocumentSentence:
    """A sentence as it is spoken, with `code` and $formulas$, and where it stands."""

    text: str
    place: SourcePlace
    block: int
    """The place of its block among the document's blocks."""
    position: int
    """Its place in its paragraph."""
    leads_away: bool = False
    """Whether it links to another page of the same project: a viewer can't follow."""

    @property
    def is_whole(self) -> bool:
        """Whether it can be understood without the sentence before it, and without the page."""
        return self.can_follow and not hangs(self.text)

    @property
    def can_follow(self) -> bool:
        """Whether it can be understood behind the sentence before it, without the page."""
        return is_sentence(self.text) and not (
            self.leads_away or _FRAGMENT.match(self.text) or _ELSEWHERE.search(self.text)
        )


def sentences_in(prose: InlineText, place: SourcePlace, block: int, language: str) -> Iterator[DocumentSentence]:
    """Yield the sentences of a paragraph, with code and formulas marked as narration marks them."""
    held: list[str] = []
    text = _without_citations(_PICTOGRAM.sub("", _marked(prose, held)))
    away = {
        prose.text[mark.begin : mark.end]
        for mark in prose.marks
        if mark.kind is MarkKind.LINK and not mark.address.startswith(ADDRESSES)
    }
    for position, sentence in enumerate(sentences_of(text, language)):
        said = _HELD.sub(lambda found: held[int(found[1])], sentence)
        yield DocumentSentence(said, place, block, position, any(words in said for words in away))


def written(prose: InlineText) -> str:
    """Return a text in one line, with code and formulas marked as templates take them, and without pictograms."""
    held: list[str] = []
    text = " ".join(_without_citations(_PICTOGRAM.sub("", _marked(prose, held))).split())
    return _HELD.sub(lambda found: held[int(found[1])], text)


def _without_citations(text: str) -> str:
    """Return a text without citations and chapters of manuals.

    A citation that a word leads to, as in “as shown in [6]”, stays.
    """
    text = _CHAPTER_OF_MANUAL.sub("", text)
    return _CITATION.sub(lambda found: found[0] if _LEADS_TO.search(text[: found.start()]) else "", text)


def _marked(prose: InlineText, held: list[str]) -> str:
    """Return the text with a stand-in for each piece of code and each formula, which are put into `held`."""
    pieces, done = [], 0
    for mark in sorted(prose.marks, key=lambda mark: mark.begin):
        inside = " ".join(prose.text[mark.begin : mark.end].split())
        if mark.kind not in {MarkKind.CODE, MarkKind.FORMULA} or mark.begin < done or not inside.strip("`$ "):
            continue
        pieces.append(without_marks(prose.text[done : mark.begin]))
        held.append(f"`{inside.replace('`', '')}`" if mark.kind is MarkKind.CODE else f"${inside}$")
        pieces.append(f"zq{len(held) - 1}qz")
        done = mark.end
    return "".join([*pieces, without_marks(prose.text[done:])])


def without_marks(text: str) -> str:
    """Return text in which no sign begins code or a formula."""
    return text.replace("`", "’").replace("$", "\\$")


def word_count(text: str) -> int:
    """Count the words of a text; each sign of Chinese and Japanese is a word."""
    return len(words_of(text))


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return [word.lower() for word in _WORD.findall(text)]


def is_sentence(text: str) -> bool:
    """Return whether a text is a whole sentence that can be spoken."""
    if (
        not _END.search(text)
        or has_address(text)
        or has_formula(text)
        or _CITED.search(text)
        or not _is_of_speakable_length(text)
    ):
        return False
    begin = text.lstrip("“\"'")[:1]
    if begin.islower() or not (begin.isalnum() or begin in "`$"):
        return False
    codes = re.findall(r"`([^`]*)`", text)
    if len(codes) > _MOST_CODES or any(len(code) > _LONGEST_CODE for code in codes):
        return False
    letters = sum(sign.isalpha() or sign.isspace() for sign in text)
    return letters >= _LEAST_LETTERS * len(text) and is_balanced(text)


def _is_of_speakable_length(text: str) -> bool:
    count = word_count(text)
    if CHINESE_OR_JAPANESE.search(text):
        return LEAST_SIGNS <= count <= MOST_SIGNS
    return LEAST_WORDS <= count <= MOST_WORDS


def is_advice(text: str) -> bool:
    """Return whether a sentence tells people what to do, and not what is."""
    return bool(_ADVICE.match(text))


def hangs(text: str) -> bool:
    """Return whether a sentence can't be understood without the one before it."""
    return bool(_LEANS_ON_THE_ONE_BEFORE.match(text.lstrip("“\"'`")))


def is_balanced(text: str) -> bool:
    """Return whether each bracket and quotation mark that opens in a text also closes in it."""
    quotes = all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS if opening != "“")
    return quotes and not text.count('"') % 2 and not text.count("`") % 2


def is_list_of_code(text: str) -> bool:
    """Return whether a text names one piece of code after the other: it is long to hear, and tells little."""
    return text.count("`") > 2 * (_MOST_CODES + 1)


def has_address(text: str) -> bool:
    """Return whether a text holds an address of the network."""
    return bool(_ADDRESS.search(text))


def has_formula(text: str) -> bool:
    """Return whether a text holds letters of a formula that is not marked as one."""
    return bool(_MATHEMATICS.search(text))


def shown_form(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return a sentence as short as a picture shows it: without asides, and its first clause if that says enough.

    Empty if even its first clause has more than `longest` characters, or if the voice would speak on for long after it.
    A sign of Chinese or Japanese counts as two.
    """
    is_dense = bool(CHINESE_OR_JAPANESE.search(text))
    short, longest = (_SHORT // 2, longest // 2) if is_dense else (_SHORT, longest)
    # Brackets that belong to code or to a formula stay.
    pieces = _SET_APART.split(text)
    kept = "".join(piece if place % 2 else _without_asides(piece) for place, piece in enumerate(pieces))
    kept = (text if _ENDS_OPEN.search(kept.rstrip(" .。")) else kept).strip().rstrip(".。")
    clauses = [kept[: found.start()].rstrip(" ,，") for found in reversed(list(_CLAUSE.finditer(kept)))]
    for most in (short, longest) if len(kept) > short else ():
        for clause in clauses:
            is_whole = is_balanced(clause) and not clause.count("$") % 2
            is_whole = is_whole and not _NO_CLAUSE.match(clause) and not _NEEDS_A_VERB.search(clause)
            if short / 3 <= len(clause) <= most and is_whole and not outlasts(text, clause):
                return clause
        if len(kept) <= longest:
            break
    return kept if 0 < len(kept) <= longest and is_balanced(kept) and not outlasts(text, kept) else ""


def outlasts(said: str, shown: str) -> bool:
    """Return whether a voice speaks on over a picture that stands, for more than five seconds after `shown` entered.

    Words that a voice says nearly whole enter for as long as it speaks.
    """
    if not CHINESE_OR_JAPANESE.search(said):
        return len(said) > _ENTERS * len(shown) + _WATCHED
    signs = word_count(shown)
    return word_count(said) > max(_ENTERS * signs, _ENTERS_SIGNS * signs + _WATCHED_SIGNS)


def _without_asides(text: str) -> str:
    """Return a text without what stands in brackets. What stood on both sides stays two words."""

    def between(aside: re.Match[str]) -> str:
        following = text[aside.end() : aside.end() + 1]
        return " " if following.isalnum() and not CHINESE_OR_JAPANESE.match(following) else ""

    return _PARENTHESES.sub(between, text)


def can_introduce(text: str) -> bool:
    """Return whether a sentence introduces what the picture shows.

    It does not if it sends the reader elsewhere, hangs on what was said before, or breaks off where a list began.
    """
    hangs_on_text = hangs(text) and not _POINTS_AT_THE_PICTURE.match(text)
    return not (hangs_on_text or _FRAGMENT.match(text) or _SENT_ELSEWHERE.search(text) or _BROKEN_OFF.search(text))


def first_sentence(text: str, language: str) -> str:
    """Return the first sentence of a text; all of it if its first sentence ends within brackets."""
    found = sentences_of(text, language)
    return found[0] if found and is_balanced(found[0]) else text


def as_sentence(text: str, language: str) -> str:
    """Return words that end like a sentence; those that introduce something lose their colon."""
    text = text.rstrip(" :;,：；，")
    if not text or _END.search(text) or text[-1] in "?？":
        return text
    return text + ("。" if language.startswith(("zh", "ja")) else ".")
