"""A film in further languages: its words by the storyboard's own translations, or by the language model."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from callsheet.errors import InvalidRequest
from callsheet.model.film.narration import NarrationLine, VoiceChoice, primary
from callsheet.model.problems import Problem, sentence_of
from callsheet.model.requests.storyboard import Storyboard
from callsheet.model.requests.translation import shown_texts, spoken_texts, translated
from callsheet.model.requests.video import SceneBrief, SceneRequest, VideoRequest
from callsheet.model.run.attempts import AskingAgain, UnusableAnswer
from callsheet.model.run.cost import CostKind, ModelCall, total_usd
from callsheet.model.run.writing import StoryboardReport, TranslatedTexts, TranslationQuestion, WrittenStoryboard
from callsheet.speech.catalogue import voice_catalogue
from callsheet.stage.composing import layout_problems
from callsheet.threads import in_a_thread
from callsheet.writing.translation import Translation, ask_for_translation, translate
from tasks import policies, wiring
from tasks.run.budget import note_cost
from tasks.step import step
from tasks.writing import ask_once


@dataclass(frozen=True)
class LanguagePlan:
    """The film in one language: what is made, and who wrote its words."""

    language: str
    """Empty if the request names no languages."""
    plan: VideoRequest
    report: StoryboardReport
    calls: tuple[ModelCall, ...] = ()


async def plan_languages(
    languages: tuple[str, ...], plan: VideoRequest, written: WrittenStoryboard
) -> tuple[LanguagePlan, ...]:
    """Return a plan for each language, or one if none is named. The first has the calls that wrote the storyboard.

    Raises:
        InvalidRequest: a text has no translation and no language model is set up, or no voice speaks a language.
    """
    if not languages:
        return (LanguagePlan("", plan, written.report, written.calls),)
    check_translations(languages, plan, written.storyboard)
    plans = [await _in_language(tag, plan, written) for tag in languages]
    first, *others = plans
    return (LanguagePlan(first.language, first.plan, first.report, (*written.calls, *first.calls)), *others)


def check_translations(languages: Iterable[str], plan: VideoRequest, storyboard: Storyboard) -> None:
    """Raise InvalidRequest if a spoken text has no translation, and no language model is there to write it."""
    if wiring.has_writer():
        return
    for tag in languages:
        given = _given(tag, storyboard)
        spoken = (text for brief in plan.scenes for text in spoken_texts(brief))
        missing = next((text for text in spoken if not given.get(text)), None)
        if missing and not _is_language_of(tag, storyboard):
            sentence = (
                f"“{missing}” has no translation into “{tag}”: give it under translations.{tag} of the storyboard, or "
                "set up a language model (CALLSHEET_WRITER_MODEL)"
            )
            raise InvalidRequest(sentence, "languages")


def _is_language_of(tag: str, storyboard: Storyboard) -> bool:
    return primary(tag) == primary(storyboard.language)


def _given(tag: str, storyboard: Storyboard) -> dict[str, str]:
    """Return the translations that the storyboard holds for a language, without the empty ones."""
    return {text: said for text, said in storyboard.translations.get(tag, {}).items() if said}


async def _in_language(tag: str, plan: VideoRequest, written: WrittenStoryboard) -> LanguagePlan:
    storyboard = written.storyboard
    fields: dict[str, Any] = {"language": tag, "voice": _voice_of(plan.voice, tag)}
    if _is_language_of(tag, storyboard):
        return LanguagePlan(tag, plan.model_copy(update=fields), written.report)
    fields["title"] = f"{plan.title[:180]} ({tag})"
    words = _given(tag, storyboard)
    texts = dict.fromkeys(_texts(plan))
    waiting = [text for text in texts if text not in words]
    calls: list[ModelCall] = []
    by_model = Translation()
    if waiting and wiring.has_writer():
        by_model = await _ask(tag, plan, storyboard, waiting, calls)
        words |= by_model.words
        await note_cost(CostKind.MODEL_CALLS, f"translation {tag}", total_usd(calls))
    scenes, left_out = await in_a_thread(_scenes, plan, tag, words)
    faults = [f"Not translated into “{tag}”: {fault}" for fault in by_model.faults.values()]
    report = StoryboardReport(
        written_by=calls[-1].model if calls else written.report.written_by, left_out=(*faults, *left_out)
    )
    return LanguagePlan(tag, plan.model_copy(update={**fields, "scenes": scenes}), report, tuple(calls))


def _texts(plan: VideoRequest) -> Iterator[str]:
    for brief in plan.scenes:
        yield from (brief.name, *shown_texts(brief), *spoken_texts(brief))


def _voice_of(choice: VoiceChoice, tag: str) -> VoiceChoice:
    """Return the same voice if it speaks the language, else one of the same kind that does."""
    catalogue = voice_catalogue()
    try:
        catalogue.order(choice, tag)
    except InvalidRequest:
        known = next((voice for voice in catalogue.voices if voice.name == choice.voice), None)
        gender = known.gender.value if known and known.gender else ""
        return choice.model_copy(update={"voice": gender, "next_voices": ()})
    return choice


async def _ask(
    tag: str, plan: VideoRequest, storyboard: Storyboard, waiting: list[str], calls: list[ModelCall]
) -> Translation:
    writer = wiring.known_writer()

    async def ask(question: TranslationQuestion, attempt: int, again: AskingAgain) -> TranslatedTexts | UnusableAnswer:
        return await _translate_texts(question, writer, attempt, again)

    kept = tuple(plan.voice.lexicon.words)
    return await translate(waiting, storyboard.language, tag, kept, ask, wiring.repairs_at_most(), calls)


@step(policies.WRITING, name="translate-texts")
async def _translate_texts(
    question: TranslationQuestion, writer: wiring.WriterIdentity, attempt: int, again: AskingAgain
) -> TranslatedTexts | UnusableAnswer:
    return await ask_once(partial(ask_for_translation, question, wiring.writer(), attempt), again)


def _scenes(plan: VideoRequest, tag: str, words: dict[str, str]) -> tuple[tuple[SceneBrief, ...], list[str]]:
    """Return the scenes in a language, and what is not in them: spoken lines without words, pictures without room."""
    scenes: list[SceneBrief] = []
    left_out: list[str] = []
    for brief in plan.scenes:
        spoken = tuple(line for line in brief.narration if line.text in words)
        left_out += [
            f"A sentence was left out in “{tag}”: scene “{brief.name}”: “{line.text}”"
            for line in brief.narration
            if line.text not in words
        ]
        told = brief.model_copy(update={"narration": spoken})
        try:
            scene = translated(told, words)
            problem: Problem | None = next(_problems_of(plan, scene), None)
        except ValidationError as error:
            problem = ((), sentence_of(error))
        if problem:
            # The picture stays in the first language; the words over it are the translated ones.
            left_out.append(f"The picture was not translated into “{tag}”: scene “{brief.name}”: {problem[1]}")
            lines = tuple(NarrationLine(text=words[line.text], at=line.at) for line in spoken)
            scene = brief.model_copy(update={"narration": lines})
        scenes.append(scene)
    return tuple(scenes), left_out


def _problems_of(plan: VideoRequest, brief: SceneBrief) -> Iterator[Problem]:
    alone = SceneRequest(scene=brief, profile=plan.profile, look=plan.look, illustrate=plan.illustrate)
    return layout_problems(alone)
