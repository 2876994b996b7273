"""A storyboard by rules, without a language model: the document's own sentences, chosen and set on scenes."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from callsheet.errors import InvalidRequest
from callsheet.model.content import TemplateName
from callsheet.model.film.document import Document, NarrationBlock, ParagraphBlock
from callsheet.model.film.language import language_of
from callsheet.model.problems import Problem
from callsheet.model.requests.storyboard import Storyboard, StoryboardLine, StoryboardScene
from callsheet.model.requests.video import SceneBrief
from callsheet.model.values import ADDRESSES
from callsheet.writing.storyboard.choice import LEAST_WORTH, LEAST_WORTH_ASKED_FOR, OVER, Spoken, choose
from callsheet.writing.storyboard.drafts import SceneDraft, Telling
from callsheet.writing.storyboard.notes import drafts_of_notes
from callsheet.writing.storyboard.part_drafts import drafts_of_part, overviews, sentences_of_part, texts_of_part
from callsheet.writing.storyboard.parts import DocumentPart, PartRole, parts_of, role_of
from callsheet.writing.storyboard.passages import those_that_follow
from callsheet.writing.storyboard.phrases import phrases_in
from callsheet.writing.storyboard.points import best_sentences, draft_of_sentences
from callsheet.writing.storyboard.ranking import ranked
from callsheet.writing.storyboard.sentences import (
    CHINESE_OR_JAPANESE,
    DocumentSentence,
    as_sentence,
    has_address,
    is_advice,
    is_sentence,
    sentences_in,
    shown_form,
    without_marks,
    word_count,
    written,
)

LENGTH_S = 90
LONGEST_S = 360
"""Viewers leave longer films (Guo et al., 2014). A longer one is asked for, and has chapters."""
Fits = Callable[[SceneBrief], Iterable[Problem]]
"""Yields what can't be set or has no room in the picture of a scene."""

_FIRST_SENTENCE = 2.0
_OPENING_SENTENCE = 3.0
_OUTRO_S = 12.0
_MOST_TO_BEGIN = 1 / 3
"""Of the film's length, for the scene that says how to begin."""
_LONGEST_TITLE = 90
_LONGEST_SUBTITLE = 150
_CHAPTER_OF_MANUAL = re.compile(r"(?<=\w)\(\d\w?\)$")
"""As in “git(1)”."""
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_TITLE_ENDS = (
    ": ",
    " - ",
    " – ",
    " — ",
    ". ",
    ", ",
    " through ",
    " using ",
    " by ",
    " for ",
    " with ",
    " durch ",
    " mit ",
)
"""Where a title that is too long ends, best places first."""
_SAYS_NOTHING = re.compile(
    r"(?:(?:key |main )?features?|installation|usage|introduction|overview|getting started|quick ?start|readme|"
    r"why (?:choose|use) this.*|einleitung|übersicht)$",
    re.IGNORECASE,
)
"""A first heading that is no title: a picture stands in its place."""
_BEFORE_TITLE = 12
"""Characters of a sentence before the title's words, as in “The pytest framework”."""
_SAYS_WHAT = "is|are|turns|makes|provides|helps|lets|allows|ist|sind|macht|hilft|bietet"
_LONGEST_NAME = 60
_INTRODUCES = re.compile(
    r"^(?:(?:the|die|der|das) )?(.+?)\s+(?:are|is|includes?|sind|ist|umfass(?:t|en))$", re.IGNORECASE
)
"""What a sentence that introduces a list has more than a title."""
_NAMES = 3
_NAMES_IT, _LATER_SENTENCE, _WITH_CODE = 2.0, 0.8, 0.4
_LATER_HALF = 1.5
_LEAST_SHARE_SHOWN = 0.7
_LONGEST_CLOSE = 110
_NOT_TO_CLOSE = re.compile(
    r"\b(?:this|these|those|however|therefore|also|either|außerdem|auch|jedoch|également|dies\w*|ce|cette|ces)\b|\w/\w|\w_\w|->|^[\"“„'«‘]",
    re.IGNORECASE,
)
"""What points at something on the page, names a file, or is said by a person of a story."""
_CONCLUDES = re.compile(
    r"(?:conclusions?|summary|in closing|closing (?:words|remarks)|zusammenfassung|fazit|schluss|conclusion|résumé|"
    r"总结|小结|结论|结语)\b",
    re.IGNORECASE,
)
_LAST_WORDS = 3.0
"""Of a text without code and commands: its last paragraph is its close."""
_TAGLINE_WORDS = (4, 25)
_FIRST_PARTS, _FIRST_BLOCKS = 4, 6
_COVER_BLOCKS = 40
"""Of a document that begins with a cover and a table of contents."""
_TO_BEGIN = {TemplateName.TERMINAL: 0, TemplateName.CODE: 1}


def write_storyboard(
    document: Document,
    length_s: float | None = None,
    language: str = "",
    pictures: Mapping[str, Path] | None = None,
    fits: Fits = lambda brief: (),
) -> Storyboard:
    """Return a film of a document: its own words, in its own order.

    `length_s` is about how long the film should be. Without it, a film has 90 seconds; one of slides speaks all their
    notes, up to six minutes. A film of more than six minutes has chapters. `language` replaces the document's own.
    `pictures` are the files of the document's pictures, by their digests. `fits` yields what has no room in a scene.

    Raises InvalidRequest for a document that holds no sentence, list or table to tell.
    """
    language = language or document.language or language_of(_texts(document)) or "en"
    return _Story(document, language, length_s, pictures or {}, fits).storyboard()


class _Story:
    """One document on its way to a storyboard."""

    def __init__(
        self, document: Document, language: str, length_s: float | None, pictures: Mapping[str, Path], fits: Fits
    ) -> None:
        self.document = document
        self.fits = fits
        self.parts = [part for part in parts_of(document) if part.role is not PartRole.APART]
        self.has_notes = any(isinstance(block, NarrationBlock) for block in document.blocks)
        self.length_s = length_s or (LONGEST_S if self.has_notes else LENGTH_S)
        self.least_worth = LEAST_WORTH_ASKED_FOR if length_s else LEAST_WORTH
        self.telling = Telling(language, phrases_in(language), _ranks(self.parts, language), pictures)
        self.film_title = title_of(document)
        self.title = without_marks(self.film_title)
        self.spoken = Spoken()
        is_manual = any(part.is_procedure for part in self.parts)
        paragraphs = [place for part in self.parts for place, block in part.blocks if isinstance(block, ParagraphBlock)]
        self.last_words = paragraphs[-1] if paragraphs and not is_manual else None
        self.conclusion = {place for part in self.parts if _CONCLUDES.match(part.heading) for place, _ in part.blocks}
        self.what = self._what_it_is_about()

    def storyboard(self) -> Storyboard:
        """Return the whole film."""
        drafts = self._of_notes() if self.has_notes else self._of_the_text()
        scenes = [scene for draft in drafts if (scene := self._scene(draft))]
        if not any(line.places for scene in scenes for line in scene.narration):
            sentence = "there is nothing to tell in this document: it needs a whole sentence, a list or a table"
            raise InvalidRequest(f"{self.document.origin}: {sentence}")
        return Storyboard(
            title=self.film_title,
            language=self.telling.language,
            origin=self.document.origin,
            scenes=tuple(with_different_names(scenes)),
        )

    def _of_the_text(self) -> list[SceneDraft]:
        """Return what it is about, why, what there is, how to begin, and what to remember."""
        first = [self._opening(), *self._in_short()]
        drafts = [*self._drafts()]
        begin = self._how_to_begin(drafts)
        used = {draft.block for draft in (*first, *begin)}
        left = self.length_s * OVER - sum(draft.seconds() for draft in (*first, *begin)) - _OUTRO_S
        chosen = choose(
            (draft for draft in drafts if draft.block not in used),
            self.parts,
            left,
            self.spoken,
            lambda draft: self._scene(draft) is not None,
            self.least_worth,
        )
        told = [*first, *chosen, *begin]
        return [*first, *self._with_chapters(chosen), *begin, *self._outro(told)]

    def _of_notes(self) -> list[SceneDraft]:
        """Return a scene for each slide, with its notes; as many as there is time for."""
        drafts = drafts_of_notes(self.document, self.telling, self.title)
        left, kept = self.length_s * OVER, set()
        for place in sorted(range(len(drafts)), key=lambda place: (place > 0, -drafts[place].weight, place)):
            if drafts[place].seconds() <= left and self._scene(drafts[place]):
                kept.add(place)
                left -= drafts[place].seconds()
        return [draft for place, draft in enumerate(drafts) if place in kept]

    def _drafts(self) -> Iterator[SceneDraft]:
        for number, part in enumerate(self.parts):
            for draft in drafts_of_part(part, number, self.telling):
                is_list = draft.template is TemplateName.BULLETS and not draft.is_passage
                yield self._with_title(draft) if is_list and "title" not in draft.content else draft
        yield from overviews(self.parts, self.telling)

    def _with_title(self, draft: SceneDraft) -> SceneDraft:
        """Return a list that stands under no heading, under the words that introduce it, or the film's title."""
        first, *others = draft.lines
        title = self.title
        if others and others[0].at == first.at:
            words = _INTRODUCES.sub(r"\1", first.text.rstrip(".:。："))
            title = words[:1].upper() + words[1:] if 0 < len(words) <= _LONGEST_TITLE else title
            first = first.model_copy(update={"at": "title"})
        return replace(draft, name=title, content={**draft.content, "title": title}, lines=(first, *others))

    def _opening(self) -> SceneDraft:
        """Return the title, with the sentence that says what the document is about."""
        what = self.what
        if what is None:
            line = StoryboardLine(text=self.telling.sentence(self.title.rstrip(" …")), at="title")
            return SceneDraft(self.title, TemplateName.TITLE, {"title": self.title}, (line,))
        shown = shown_form(what.text, _LONGEST_SUBTITLE)
        says_title = self.title.lower() in what.text.lower()[: len(self.title) + _BEFORE_TITLE]
        lines = [] if says_title else [StoryboardLine(text=self.telling.sentence(self.title.rstrip(" …")), at="title")]
        lines.append(StoryboardLine(text=what.text, at="subtitle" if shown else "title", places=(what.place,)))
        self.spoken.add(line.text for line in lines)
        content = {"title": self.title, **({"subtitle": shown} if shown else {})}
        return SceneDraft(self.title, TemplateName.TITLE, content, tuple(lines), (what.place,))

    def _what_it_is_about(self) -> DocumentSentence | None:
        """Return the first sentence that says what the title's thing is, else the first whole one.

        The line under the title may stand for a sentence.
        """
        found = self._first_sentences(_FIRST_BLOCKS)
        if not found and self.last_words is not None:
            found = self._first_sentences(_COVER_BLOCKS)
        name = re.escape(self._name())
        says_what = re.compile(rf"(?:the |an? |die |der |das |eine? )?`?{name}`?\b.{{0,40}}?\b(?:{_SAYS_WHAT})\b")
        return next((each for each in found if says_what.match(each.text.lower())), found[0] if found else None)

    def _first_sentences(self, most_blocks: int) -> list[DocumentSentence]:
        """Return the whole sentences of the first parts, or the lines that stand for one."""
        least, most = _TAGLINE_WORDS
        found: list[DocumentSentence] = []
        for part in self.parts[:_FIRST_PARTS]:
            for place, block in part.blocks[:most_blocks]:
                if not isinstance(block, ParagraphBlock):
                    continue
                whole = [
                    sentence
                    for sentence in sentences_in(block.prose, block.place, place, self.telling.language)
                    if sentence.is_whole
                ]
                line = re.sub(
                    rf"^{re.escape(self._name())}\s[-–—]{{1,2}}\s", "", written(block.prose), flags=re.IGNORECASE
                )
                text = as_sentence(line, self.telling.language)
                if (
                    not whole
                    and part.role is PartRole.OPENING
                    and least <= word_count(text) <= most
                    and is_sentence(text)
                    and _is_tagline(line)
                ):
                    whole = [DocumentSentence(text, block.place, place, 0)]
                found += whole
        return found

    def _in_short(self) -> list[SceneDraft]:
        """Return what follows in the opening, else why it matters, else the sentences that tell most of the opening."""
        in_short = self.telling.phrases.in_short if self.telling.phrases else ""
        for title, chosen in self._short_tellings(in_short):
            draft = draft_of_sentences(title, chosen, 0, self.telling)
            if draft and draft.seconds() <= self.length_s / 3 and self._scene(draft):
                self.spoken.add(sentence.text for sentence in chosen)
                return [draft]
        return []

    def _short_tellings(self, in_short: str) -> Iterator[tuple[str, Sequence[DocumentSentence]]]:
        """Yield a title and sentences for it: the first that has room in the film is told."""
        yield in_short, self._rest_of_the_opening()
        for role in (PartRole.WHY, PartRole.OPENING):
            for part in [part for part in self.parts[:_FIRST_PARTS] if part.role is role][:1]:
                title = part.heading if role is PartRole.WHY else in_short
                new = [each for each in sentences_of_part(part, self.telling) if not self.spoken.has(each.text)]
                best = best_sentences(new, self.telling)
                if len(best) > 1 and (role is PartRole.WHY or len(self.parts) > 1):
                    yield title, best

    def _rest_of_the_opening(self) -> list[DocumentSentence]:
        """Return the sentences behind the one that the title speaks, in its paragraph."""
        what = self.what
        if what is None:
            return []
        block = self.document.blocks[what.block]
        if not isinstance(block, ParagraphBlock):
            return []
        sentences = list(sentences_in(block.prose, block.place, what.block, self.telling.language))
        return those_that_follow(sentences, what.position)

    def _how_to_begin(self, drafts: Iterable[SceneDraft]) -> list[SceneDraft]:
        """Return the scene with the commands, else with the code, with which people begin."""
        fitting = [
            draft
            for draft in drafts
            if self.parts[draft.part].role in {PartRole.BEGIN, PartRole.OPENING}
            and draft.template in _TO_BEGIN
            and draft.seconds() <= self.length_s * _MOST_TO_BEGIN
        ]
        for draft in sorted(fitting, key=lambda draft: (_TO_BEGIN[draft.template], draft.part, draft.block)):
            told = self._as_a_beginning(self.spoken.what_is_new(draft) or replace(draft, lines=()))
            if told.lines and self._scene(told):
                self.spoken.add(line.text for line in told.lines)
                return [told]
        return []

    def _as_a_beginning(self, draft: SceneDraft) -> SceneDraft:
        """Return a draft that says how to begin, if it has no heading or nothing but its heading is spoken."""
        phrases = self.telling.phrases
        if phrases is None:
            return draft
        heading = str(draft.content.get("title", ""))
        content = {**draft.content, "title": heading or phrases.how_to_begin}
        if any(line.places for line in draft.lines):
            return replace(draft, content=content)
        words = f"{phrases.how_to_begin}: {heading}" if heading else phrases.how_to_begin
        at = "code" if draft.template is TemplateName.CODE else "entries.0"
        return replace(draft, content=content, lines=(StoryboardLine(text=self.telling.sentence(words), at=at),))

    def _outro(self, told: Sequence[SceneDraft]) -> list[SceneDraft]:
        """Return what to remember: the most central sentence that was not spoken, and the parts that are left out.

        In a manual, a sentence that begins with what the manual is about, or of its summary, is the first choice.
        """
        sentences = [
            sentence
            for part in self.parts
            for sentence in sentences_of_part(part, self.telling)
            if self._can_close(sentence)
        ]
        if self.last_words is None:
            end = len(self._name()) + _BEFORE_TITLE
            about = [
                sentence
                for sentence in sentences
                if self._name() in sentence.text.lower()[:end] or sentence.block in self.conclusion
            ]
            sentences = about or sentences
        best = max(sentences, key=self._worth_remembering, default=None)
        names = self._left_out({self.parts[draft.part].group for draft in told})
        lines = [StoryboardLine(text=best.text, at="message", places=(best.place,))] if best else []
        next_steps: dict[str, list[str]] = {}
        if names and self.telling.phrases:
            said = [name.rstrip("?!") for name in names]
            listed = f" {self.telling.phrases.and_} ".join(filter(None, (", ".join(said[:-1]), said[-1])))
            lines.append(StoryboardLine(text=self.telling.phrases.more.format(names=listed), at="next_steps"))
            next_steps = {"next_steps": names}
        if not lines:
            return []
        message = shown_form(best.text) if best else self.title
        places = (best.place,) if best else ()
        return [SceneDraft(message, TemplateName.OUTRO, {"message": message, **next_steps}, tuple(lines), places)]

    def _can_close(self, sentence: DocumentSentence) -> bool:
        """Return whether a sentence may be the last one: shown whole, new, and clear without the page."""
        shown = shown_form(sentence.text)
        is_cut = word_count(shown) < _LEAST_SHARE_SHOWN * word_count(sentence.text)
        if is_cut or not 0 < len(shown) <= _LONGEST_CLOSE or _NOT_TO_CLOSE.search(sentence.text):
            return False
        return not self.spoken.has(sentence.text) and not is_advice(sentence.text)

    def _name(self) -> str:
        """Return what the title names, in small letters."""
        return self.title.split(":")[0].split(" - ")[0].lower()

    def _worth_remembering(self, sentence: DocumentSentence) -> float:
        """Return how well a sentence closes the film: it names what the film is about, and opens its paragraph."""
        worth = self.telling.rank(sentence.text) * (_NAMES_IT if self._name() in sentence.text.lower() else 1)
        worth *= _LATER_HALF if sentence.block * 2 > len(self.document.blocks) else 1
        worth *= _LAST_WORDS if sentence.block in self.conclusion else 1
        worth *= _WITH_CODE if "`" in sentence.text else 1
        if sentence.block == self.last_words:
            worth *= _LAST_WORDS
        return worth * (1 if sentence.position == 0 else _LATER_SENTENCE)

    def _left_out(self, covered: set[int]) -> list[str]:
        """Return the headings of chapters of which nothing is told although they tell something, at most three."""
        telling = {part.group for part in self.parts if self._tells_something(part)}
        headings = (
            part.heading
            for part in self.parts
            if part.role is PartRole.WHAT
            and part.group in telling - covered
            and 0 < len(part.heading) <= _LONGEST_NAME
            and "=" not in part.heading
        )
        return list(dict.fromkeys(headings))[:_NAMES]

    def _tells_something(self, part: DocumentPart) -> bool:
        """Return whether a part holds more than remarks, as “Part of the git suite”: a sentence, a list, code."""
        others = any(not isinstance(block, ParagraphBlock) for _, block in part.blocks)
        return others or bool(sentences_of_part(part, self.telling))

    def _with_chapters(self, drafts: Sequence[SceneDraft]) -> Iterator[SceneDraft]:
        """Yield the drafts; in a film of more than six minutes, each chapter begins with its name."""
        groups: list[int] = []
        for draft in drafts:
            group = self.parts[draft.part].group
            heading = next(part.heading for part in self.parts if part.group == group)
            if self.length_s > LONGEST_S and group not in groups and 0 < len(heading) <= _LONGEST_TITLE:
                groups.append(group)
                line = StoryboardLine(text=self.telling.sentence(heading), at="title")
                yield SceneDraft(heading, TemplateName.CHAPTER, {"title": heading, "number": len(groups)}, (line,))
                yield replace(draft, lines=tuple(each for each in draft.lines if each.text != line.text) or draft.lines)
            else:
                yield draft

    def _scene(self, draft: SceneDraft) -> StoryboardScene | None:
        """Return the scene of a draft; None if its template can't show it."""
        fields = {"name": _name(draft.name), "template": draft.template, "content": dict(draft.content)}
        try:
            scene = StoryboardScene.model_validate({**fields, "narration": draft.lines, "places": draft.places})
        except ValidationError:
            return None
        return None if any(True for _ in self.fits(scene.brief())) else scene


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        yield from block.texts()


def _ranks(parts: Sequence[DocumentPart], language: str) -> dict[str, float]:
    """Return how central each text is. Those that begin the document or a paragraph count more."""
    weights: dict[str, float] = {}
    for part in parts:
        for text, is_first in texts_of_part(part, language):
            weight = _OPENING_SENTENCE if part.role is PartRole.OPENING else 1.0
            weights.setdefault(text, weight * (_FIRST_SENTENCE if is_first else 1))
    return dict(zip(weights, ranked(list(weights), list(weights.values())), strict=True))


def title_of(document: Document) -> str:
    """Return the document's title in at most a line; the name of its file if it has none."""
    title = _CHAPTER_OF_MANUAL.sub("", " ".join(document.title.split()))
    says_something = any(map(str.isalnum, title)) and not has_address(title) and not _SAYS_NOTHING.match(title)
    if not says_something or role_of(title) is PartRole.APART:
        path = unquote(urlsplit(document.origin).path) if document.origin.startswith(ADDRESSES) else document.origin
        name = PurePosixPath(path.replace("\\", "/")).stem
        title = _as_the_text_writes(name.replace("_", " ").replace("-", " ").strip(), document) or document.origin
        title = title[:1].upper() + title[1:] if " " in title else title
    title = _BRACKETS.sub("", title) if len(title) > _LONGEST_TITLE else title
    for sign in _TITLE_ENDS:
        if len(title) > _LONGEST_TITLE:
            title = title.partition(sign)[0]
    return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE].rsplit(' ', 1)[0]} …"


def _as_the_text_writes(name: str, document: Document) -> str:
    """Return the name of a file with the capitals that the document gives it most often."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    paragraphs = (block.prose.text for block in document.blocks if isinstance(block, ParagraphBlock))
    forms = Counter(found for text in paragraphs for found in word.findall(text)) if name else Counter[str]()
    return forms.most_common(1)[0][0] if forms else name


def _is_tagline(line: str) -> bool:
    """Return whether a line says what a thing is: it holds more than names, and introduces no list."""
    words = line.split()
    is_told = CHINESE_OR_JAPANESE.search(line) or sum(word[0].islower() for word in words) * 3 >= len(words)
    return bool(is_told) and not line.endswith((":", "："))


def _name(text: str) -> str:
    """Return a short name for a scene, in plain words."""
    plain = " ".join(text.replace("`", "").replace("\\$", "$").split()).rstrip(".:。：")
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[:_LONGEST_NAME].rsplit(' ', 1)[0]} …"


def with_different_names(scenes: Sequence[StoryboardScene]) -> Iterator[StoryboardScene]:
    """Yield the scenes; a name that comes again has a number."""
    seen: dict[str, int] = {}
    for scene in scenes:
        count = seen[scene.name] = seen.get(scene.name, 0) + 1
        yield scene if count == 1 else scene.model_copy(update={"name": f"{scene.name} {count}"})
