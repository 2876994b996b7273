"""The words of a film in another language, by a language model. Numbers, code, formulas and lexicon words stay."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callsheet.errors import NothingWritten
from callsheet.model.problems import sentence_of
from callsheet.model.run.attempts import AskingAgain, UnusableAnswer
from callsheet.model.run.cost import ModelCall
from callsheet.model.run.writing import TranslatedTexts, TranslationQuestion
from callsheet.writing.extraction import json_object
from callsheet.writing.prompts import prompt
from callsheet.writing.unusable import unusable
from callsheet.writing.writer import Writer

PURPOSE = "the translation"
_NUMBER = re.compile(r"\d+(?:[.,'\u00a0\u202f ]\d+)*")
_KEPT = re.compile(r"`[^`]+`|(?<!\\)\$[^$]+(?<!\\)\$|https?://[^\s)\]]+")
_LONGEST_RATIO, _ROOM = 2.0, 40
"""A translation may be twice as long as its text, and this many characters more."""

AskForTexts = Callable[[TranslationQuestion, int, AskingAgain], Awaitable[TranslatedTexts | UnusableAnswer]]


@dataclass(frozen=True)
class Translation:
    """The translations that can be used, and why others can't."""

    words: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    """A sentence for each text whose translation can't be used."""


async def ask_for_translation(question: TranslationQuestion, writer: Writer, attempt: int = 1) -> TranslatedTexts:
    """Have texts translated. Raises NothingWritten for an answer without any, and the errors of `Writer.ask`."""
    kept = ", ".join(question.kept) or "–"
    rules = prompt("translation", source=question.source, target=question.target, kept=kept)
    numbered = {str(number): text for number, text in enumerate(question.texts, start=1)}
    faults = "\n".join(f"- {fault}" for fault in question.faults)
    asked = prompt(
        "translation_texts",
        texts=json.dumps(numbered, ensure_ascii=False, indent=0),
        faults=prompt("translation_faults", faults=faults) if faults else "",
        again=prompt("storyboard_again", hint=question.hint) if question.hint else "",
    )
    purpose = f"{PURPOSE} into {question.target}"
    answer = await writer.ask(purpose if attempt == 1 else f"{purpose}, attempt {attempt}", rules, asked)
    found = json_object(answer.text, "texts")
    if found is None:
        raise unusable(answer, "its answer holds no JSON object")
    try:
        texts = _Translated.model_validate(found).texts
    except ValidationError as error:
        raise unusable(answer, sentence_of(error)) from None
    return TranslatedTexts(
        texts={number: text for number, text in texts.items() if number in numbered}, call=answer.call
    )


class _Translated(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    texts: dict[str, str] = Field(min_length=1)


async def translate(
    texts: Iterable[str],
    source: str,
    target: str,
    kept: Iterable[str],
    ask: AskForTexts,
    repairs: int,
    calls: list[ModelCall],
) -> Translation:
    """Return each text in the language `target`, checked: what changes a number goes back, at most `repairs` times.

    `kept` are words that stay as they are. `calls` takes what each question has cost, also if an error is raised.

    Raises NothingWritten if no text is translated, and the errors of `ask`.
    """
    waiting, unchanged = tuple(dict.fromkeys(texts)), tuple(kept)
    done, faults = Translation(), tuple[str, ...]()
    again, attempt, hint = AskingAgain(asks_left=repairs), 1, ""
    while waiting:
        question = TranslationQuestion(
            texts=waiting, source=source, target=target, kept=unchanged, faults=faults, hint=hint
        )
        try:
            answer = await ask(question, attempt, again)
        except NothingWritten as error:
            calls += [error.call] if error.call else []
            if not done.words:
                raise
            break
        calls += [answer.call] if answer.call else []
        if isinstance(answer, TranslatedTexts):
            done = _with_answer(done, waiting, answer, unchanged)
            waiting, faults, hint = tuple(done.faults), tuple(done.faults.values()), ""
            remark = "\n".join(faults)
        else:
            hint = remark = answer.hint
        if not again.is_due(remark):
            break
        attempt += 1
        again = AskingAgain(asks_left=again.asks_left - 1, hints=(*again.hints, remark))
    return done


def _with_answer(
    done: Translation, asked: tuple[str, ...], answer: TranslatedTexts, kept: tuple[str, ...]
) -> Translation:
    words = dict(done.words)
    faults: dict[str, str] = {}
    for number, text in enumerate(asked, start=1):
        said = answer.texts.get(str(number), "").strip()
        fault = next(_faults(text, said, kept), "")
        if fault:
            faults[text] = f"“{text}”: {fault}"
        else:
            words[text] = said
    return Translation(words, faults)


def _faults(text: str, said: str, kept: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with a translation."""
    if not said:
        yield "there is no translation"
        return
    if _numbers(text) != _numbers(said):
        given = ", ".join(_NUMBER.findall(text)) or "none"
        yield f"keep the numbers as they are ({given}), “{said}” has others"
    for part in _KEPT.findall(text):
        if part not in said:
            yield f"keep {part} as it is"
    for word in kept:
        if word not in said and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            yield f"keep the word “{word}” as it is"
    if len(said) > len(text) * _LONGEST_RATIO + _ROOM:
        yield "it is more than twice as long as the text"


def _numbers(text: str) -> list[str]:
    """Return the digits of all numbers, whatever signs group them."""
    return sorted(re.sub(r"\D", "", found) for found in _NUMBER.findall(text))
