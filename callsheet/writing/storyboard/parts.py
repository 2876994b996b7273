"""The parts of a document: each heading with what stands under it, and what the part is for."""

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto

from callsheet.model.film.document import Block, CodeBlock, CommandBlock, Document, HeadingBlock, ParagraphBlock
from callsheet.writing.storyboard.sentences import written


class PartRole(StrEnum):
    """What a part of a document does for its reader, as its heading tells."""

    OPENING = auto()
    WHY = auto()
    WHAT = auto()
    BEGIN = auto()
    """How to begin: to install, to use."""
    ASIDE = auto()
    """What those need who build or maintain it: what it depends on, how it is tested."""
    APART = auto()
    """What no film tells: the licence, the references, the list of contents."""


_ROLES = (
    (PartRole.OPENING, r"name$"),
    (
        PartRole.APART,
        r"licen[cs]e|copyright|(?:.*\b)?contribut|(?:.*\b)?(?:enterprise|cite|citing|sponsors?)\b|changes\b|"
        r"what.s (?:new|changed)|(?:version |v)?\d+\.\d+\S*(?: \(|$| -)|"
        r"(?:fixed|added|removed|changed|deprecated|news)$|releases?\b|bugs?\b|help\b|(?:get|getting) help|"
        r"backwards|change ?log|(?:table of )?contents$|acknowledge?ment|"
        r"(?:.*\b)?(?:development|nightly|pre-?)[ -]?(?:release|version|build)|"
        r"more$|synopsis$|(?:opinions|testimonials)$|"
        r"conventions used\b|suggestions for (?:further )?reading|merch\b|"
        r"how to contact|safari|colophon|about the authors?|dedication$|index$|"
        r"references?$|bibliography|badges?$|sponsor|backers?|"
        r"credits?$|authors?$|maintainers?|cit(?:ation|ing)|further reading|"
        r"see also|code of conduct|security policy|support(?:ing)?\b|donat|links?$|history$|todo|contact|"
        r"documentation$|bug reports?|reporting|community|"
        r"lizenz|inhalt(?:sverzeichnis)?$|literatur(?:verzeichnis)?$|quellen$|danksagung|mitwirk|impressum|kontakt|"
        r"参考文献|许可|目录|致谢|贡献|作者",
    ),
    (
        PartRole.ASIDE,
        r"(?:.*\b)?(?:dependenc(?:y|ies)|requirements?|prerequisites?)$|"
        r"tests?$|testing\b|(?:running|run) (?:the )?tests|build(?:ing)?\b|develop(?:ment|ing)\b|"
        r"compil(?:e|ing)\b|troubleshooting|upgrad(?:e|ing)\b|uninstall|"
        r"(?:note|tip|warning|caution|important|preface|foreword|conclusions?|vorwort|fazit)$|faq\b|"
        r"deprecat|known (?:issues|problems|limitations)|"
        r"abhängigkeiten$|voraussetzungen$|tests?$|entwicklung$|fehlersuche",
    ),
    (
        PartRole.BEGIN,
        r"install|getting started|get started|quick ?start|set ?up$|how to (?:begin|start|use)|usage|using\b|"
        r"first steps|"
        r"(?:an? )?(?:first|basic|simple|quick) (?:usage|example)|examples?$|(?:make|write|create|run) (?:a|your)\b|"
        r"erste schritte|schnellstart|verwendung|benutzung|anleitung|loslegen|安装|快速|入门|使用|开始",
    ),
    (
        PartRole.WHY,
        r"why\b|motivation|background|purpose|the problem|goals?$|rationale|introduction|overview|abstract|about$|"
        r"description$|summary|warum|hintergrund|ziele?$|einleitung|überblick|zusammenfassung|für wen|"
        r"为什么|背景|目的|简介|摘要|概述",
    ),
)
_WORD = re.compile(r"[^\W_]+")
_INSTALLS = re.compile(r"install|set ?up\b|安装", re.IGNORECASE)
_LEAST_CAPITALS = 6
"""A shorter heading in capitals is a name, as “FAQ”."""
_NUMBER = re.compile(
    r"^(?:(?:chapter|part|kapitel|teil|chapitre)\s+[\w-]+[.:]|\d+(?:\.\d+)*[.)]?|[IVX]+\.|[A-Z]\.|第.{1,3}[章节])\s+(?=\S)",
    re.IGNORECASE,
)


@dataclass
class DocumentPart:
    """A heading with the blocks under it, up to the next heading."""

    heading: str
    """Without its number; empty for what stands above the first heading."""
    level: int
    role: PartRole
    place: int
    """The place of its heading among the document's blocks."""
    group: int
    """Which chapter it belongs to: parts under one heading of the highest level share it."""
    blocks: list[tuple[int, Block]] = field(default_factory=list)

    @property
    def is_procedure(self) -> bool:
        """Whether it shows code or commands."""
        return any(isinstance(block, CodeBlock | CommandBlock) for _, block in self.blocks)


def parts_of(document: Document) -> list[DocumentPart]:
    """Return the parts in the document's order. The first is the opening, which may be empty."""
    headings = [block for block in document.blocks if isinstance(block, HeadingBlock)]
    paragraphs = [block.prose.text for block in document.blocks if isinstance(block, ParagraphBlock)]
    # A text that names a heading writes it in capitals for that reason alone. A single word may be an abbreviation.
    capitals = [text for heading in headings if (text := _bare(written(heading.prose))).isupper() and " " in text]
    names = "|".join(map(re.escape, sorted(capitals, key=len, reverse=True)))
    named = re.compile(rf"(?<!\w)(?:{names})(?!\w)" if names else r"(?!)")
    in_text = {word for text in paragraphs for word in _WORD.findall(named.sub(" ", text))}
    # Chapters have the highest level that more than one heading has.
    levels = Counter(heading.level for heading in headings)
    top = min((level for level, count in levels.items() if count > 1), default=1)
    parts = [DocumentPart(_bare(written(headings[0].prose)) if headings else "", 0, PartRole.OPENING, 0, 0)]
    apart_above = installs_above = 0
    for place, block in enumerate(document.blocks):
        if not isinstance(block, HeadingBlock):
            parts[-1].blocks.append((place, block))
            continue
        if _is_title(block, headings, place, parts):
            continue
        heading = _in_small_letters(_bare(written(block.prose)), in_text)
        role = role_of(heading)
        if apart_above and block.level > apart_above:
            role = PartRole.APART
        if installs_above and block.level > installs_above and role is PartRole.WHAT:
            role = PartRole.BEGIN
        if not installs_above or block.level <= installs_above:
            installs_above = block.level if _INSTALLS.match(heading) else 0
        apart_above = (apart_above or block.level) if role is PartRole.APART else 0
        group = parts[-1].group + (block.level <= top or parts[-1].role is PartRole.OPENING)
        parts.append(DocumentPart(heading, block.level, role, place, group))
    return parts


def role_of(heading: str) -> PartRole:
    """Return what a part is for, by its heading; WHAT if the heading does not tell."""
    return next((role for role, words in _ROLES if re.match(words, heading, re.IGNORECASE)), PartRole.WHAT)


def _is_title(block: HeadingBlock, headings: Sequence[HeadingBlock], place: int, parts: Sequence[DocumentPart]) -> bool:
    """Return whether a heading is the document's title: the first one, and the only one of its level."""
    if block is not headings[0] or len(parts) > 1:
        return False
    return all(each.level > block.level for each in headings[1:]) or place == 0


def _in_small_letters(heading: str, in_text: Container[str]) -> str:
    """Return a heading of capitals in small letters, but for words that the text writes in capitals, too."""
    if not heading.isupper() or len(heading) < _LEAST_CAPITALS:
        return heading
    small = _WORD.sub(lambda word: word[0] if word[0] in in_text and len(word[0]) > 1 else word[0].lower(), heading)
    return small[:1].upper() + small[1:]


def _bare(heading: str) -> str:
    """Return a heading without its number and without a colon at its end; empty for a number alone."""
    bare = _NUMBER.sub("", heading).rstrip(" :.：。") or heading
    return "" if bare.isdigit() else bare
