"""Where captions may break: a text in pieces, and how bad it is to part two of them, by script and language.

Pure text. Subtitling practice: break after punctuation, or before a conjunction or a preposition. Never part an article
or a preposition from what follows it. Chinese and Japanese break between characters, but no line begins with a
closing sign or ends with an opening one.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from callsheet.model.film.narration import primary

_WIDE = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u312f\u3190-\u9fff\uf900-\ufaff\uff66-\uff9f"
"""Characters of Chinese and Japanese, between which a line may break."""
_KOREAN = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
_OPENING = "（「『【《〈〔［｛“‘"
_CLOSING = "）」』】》〉〕］｝”’、。，．：；！？…—ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*|[{_OPENING}{_CLOSING}]+"
)
_DENSE = re.compile(f"[{_WIDE}{_KOREAN}]")
_DENSE_LANGUAGES = {"zh", "ja", "ko", "yue", "cmn"}
_AFTER_A_SENTENCE = re.compile(r"[.!?…。！？؟।]+[\"'”’»)\]」』）]*$")
_ABBREVIATION = re.compile(r"[(\"“„]?(?:(?:[^\W\d_]\.)+|(?:Dr|Mr|Mrs|Ms|Prof|St|No|Nr|Fig|vs|bzw|ca|approx|Sr|Sra)\.)")
"""A point that ends no sentence."""
_AFTER_A_CLAUSE = re.compile(r"[,;:–—،؛、，；：]+[\"'”’»)\]」』）]*$")
# Conjunctions, prepositions and the words that begin clauses.
_JOINING = {
    "en": "and or but nor so yet because although though while when where which who that if unless until since than as"
    " before after of in on at by for from to with without into onto over under between through about against during",
    "de": "und oder aber denn doch sondern weil obwohl während wenn als dass wo wer welche ob bis seit bevor nachdem"
    " von in im auf an am bei beim für aus zu zum zur mit ohne über unter zwischen durch um gegen nach vor wie",
    "fr": "et ou mais donc or ni car parce que qui quand lorsque où si comme puisque tandis avant après"
    " de du des en dans sur à au aux par pour avec sans sous entre vers chez contre depuis pendant",
    "es": "y e o u pero sino porque aunque mientras cuando donde que quien si como antes después"
    " de del en a al por para con sin sobre entre hacia hasta desde contra durante según",
    "it": "e ed o ma però perché anche mentre quando dove che chi se come prima dopo"
    " di del della dei in nel nella a al alla da dal per con senza su sul tra fra verso contro durante",
    "pt": "e ou mas porém porque embora enquanto quando onde que quem se como antes depois"
    " de do da em no na a ao por pelo para com sem sobre entre até desde contra durante",
    "nl": "en of maar want omdat hoewel terwijl wanneer waar die dat als tot voordat nadat"
    " van in op aan bij voor uit naar met zonder over onder tussen door om tegen tijdens",
    "da": "og eller men for fordi selvom mens når hvor som der at hvis indtil siden før efter"
    " af i på ved til fra med uden over under mellem gennem om mod",
    "sv": "och eller men för eftersom medan när där som att om tills innan efter"
    " av i på vid till från med utan över under mellan genom mot",
    "nb": "og eller men for fordi mens når der som at hvis til før etter"
    " av i på ved fra med uten over under mellom gjennom om mot",
    "fi": "ja tai mutta koska vaikka kun missä joka että jos kunnes ennen jälkeen sekä",
    "pl": "i lub albo ale ponieważ chociaż gdy kiedy gdzie który która że jeśli aż zanim po"
    " z ze w we na przy dla od do bez nad pod między przez o przeciw",
    "cs": "a nebo ale protože ačkoli když kde který která že pokud až než po"
    " z ze v ve na u při pro od do bez nad pod mezi přes o proti",
    "ru": "и или но а потому хотя когда где который которая что если пока чем после"
    " из в на у при для от до без над под между через о об с со к ко против",
    "tr": "ve veya ama fakat çünkü ki eğer için ile gibi kadar",
    "uk": "і й та або але бо хоча коли де який яка що якщо поки після з у в на при для від до без над під через про",
}
_LEADING = {
    "en": "the a an this that these those my your his her its our their",
    "de": "der die das den dem des ein eine einen einem einer eines",
    "fr": "le la les un une ce cette ces",
    "es": "el la los las un una unos unas",
    "it": "il lo la i gli le un uno una",
    "pt": "o a os as um uma",
    "nl": "de het een",
}
"""Articles and the like: they stay with what follows."""
AFTER_A_SENTENCE, AFTER_A_CLAUSE, BEFORE_A_JOINING_WORD = 0.0, 1.0, 2.0
BETWEEN_WORDS, BETWEEN_CHARACTERS, AFTER_A_JOINING_WORD, IN_A_WORD = 4.0, 5.0, 8.0, 30.0


@dataclass(frozen=True)
class CaptionRules:
    """How much of a script is read at once, and how fast."""

    line_characters: int
    characters_a_second: int
    lines: int = 2


USUAL_RULES = CaptionRules(line_characters=42, characters_a_second=20)
DENSE_RULES = CaptionRules(line_characters=16, characters_a_second=9)
"""Of Chinese, Japanese and Korean."""


@dataclass(frozen=True)
class CaptionPiece:
    """Text that stays together: a word, or a character of Chinese or Japanese with its signs."""

    text: str
    begins_at: int
    """Its place in the text that was divided; of a text from several sentences, in its sentence."""
    space: str
    """What stands before it if it begins no line: a space, or nothing."""
    parting: float
    """How bad a break before this piece is; 0 is best."""

    @property
    def ends_at(self) -> int:
        """Return the first place after it."""
        return self.begins_at + len(self.text)


def caption_rules(text: str, language: str = "") -> CaptionRules:
    """Return the rules for a text: those of its language, or of most of its letters."""
    letters = sum(char.isalpha() for char in text)
    is_dense = len(_DENSE.findall(text)) * 2 > letters if letters else primary(language) in _DENSE_LANGUAGES
    return DENSE_RULES if is_dense else USUAL_RULES


def pieces_of(text: str, rules: CaptionRules, language: str = "") -> tuple[CaptionPiece, ...]:
    """Return a text in pieces of at most a line. Its language, as BCP 47, tells which words join."""
    joining = frozenset(_JOINING.get(primary(language), "").split())
    leading = joining | frozenset(_LEADING.get(primary(language), "").split())
    found: list[CaptionPiece] = []
    for begins_at, part, is_cut in _parts(printable(text), rules.line_characters):
        before = found[-1] if found else None
        is_apart = before.ends_at < begins_at if before else not re.match(f"[{_WIDE}{_OPENING}]", part)
        space = " " if is_apart else ""
        parting = IN_A_WORD if is_cut else _parting(before, part, space, joining, leading)
        found.append(CaptionPiece(part, begins_at, space, parting))
    return tuple(found)


def text_of(pieces: tuple[CaptionPiece, ...]) -> str:
    """Return pieces as one line."""
    return "".join(piece.space + piece.text for piece in pieces).removeprefix(pieces[0].space)


def printable(text: str) -> str:
    """Return the text, as long, without byte order marks and control characters, which break files."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]", " ", text)


def _parts(text: str, most: int) -> Iterator[tuple[int, str, bool]]:
    """Return place and text of each piece, and whether it is the rest of a word that is longer than a line."""
    for found in _PIECE.finditer(text):
        begins_at, word = found.start(), found.group()
        is_cut = False
        while word:
            length = min(most, len(word))
            while 1 < length < len(word) and unicodedata.category(word[length])[0] == "M":
                length -= 1  # a mark stays with its letter
            yield begins_at, word[:length], is_cut
            begins_at, word, is_cut = begins_at + length, word[length:], True


def _parting(
    before: CaptionPiece | None, part: str, space: str, joining: frozenset[str], leading: frozenset[str]
) -> float:
    if before is None or (_AFTER_A_SENTENCE.search(before.text) and not _ABBREVIATION.fullmatch(before.text)):
        return AFTER_A_SENTENCE
    if _AFTER_A_CLAUSE.search(before.text):
        return AFTER_A_CLAUSE
    if before.text.lower() in leading:
        return AFTER_A_JOINING_WORD
    if part.lower() in joining:
        return BEFORE_A_JOINING_WORD
    return BETWEEN_WORDS if space else BETWEEN_CHARACTERS
