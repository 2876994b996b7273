"""A storyboard by a language model: ask, check, send back what is wrong, and leave out what stays wrong."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from callsheet.errors import NothingWritten
from callsheet.model.film.document import Document
from callsheet.model.film.language import language_of
from callsheet.model.film.narration import primary
from callsheet.model.requests.storyboard import Storyboard, StoryboardScene
from callsheet.model.run.attempts import AskingAgain, UnusableAnswer
from callsheet.model.run.cost import ModelCall
from callsheet.model.run.writing import (
    DraftedScenes,
    StoryboardQuestion,
    StoryboardReport,
    StoryboardWriting,
    WrittenStoryboard,
)
from callsheet.threads import in_a_thread
from callsheet.writing.storyboard.drafts import seconds_of_scene
from callsheet.writing.storyboard.model_check import CheckedScene, check_scenes
from callsheet.writing.storyboard.model_draft import PURPOSE
from callsheet.writing.storyboard.rules import LENGTH_S, Fits, title_of

Ask = Callable[[StoryboardQuestion, int, AskingAgain], Awaitable[DraftedScenes | UnusableAnswer]]
"""Ask the model a question. The number counts the questions; the last value says whether another one may follow."""

_LEAST_SHARE = 0.5
"""Of the scenes that a model wrote; with fewer left, the film would not be the one that it planned."""
_TOO_LONG, _TOO_SHORT = 1.4, 0.5


def storyboard_writing(
    document: Document, length_s: float | None, language: str, pictures: Collection[str]
) -> StoryboardWriting:
    """Return the order to a model: the document, its language, and how long the film should be."""
    spoken = language or document.language or language_of(text for block in document.blocks for text in block.texts())
    return StoryboardWriting(
        document=document, language=spoken or "en", length_s=length_s or LENGTH_S, pictures=tuple(sorted(pictures))
    )


async def write_storyboard_by_model(
    writing: StoryboardWriting,
    pictures: Mapping[str, Path],
    fits: Fits,
    ask: Ask,
    repairs: int,
    calls: list[ModelCall],
) -> WrittenStoryboard:
    """Return the storyboard that a model writes, with nothing in it that its document does not say.

    What is wrong with scenes goes back to the model, at most `repairs` times, and each remark once. What stays wrong is
    left out, and reported. `pictures` are the files of the document's pictures by their digests, `fits` yields what has
    no room in a scene, and `calls` takes what each question has cost, also if an error is raised.

    Raises NothingWritten if no storyboard, or less than half of one, can be used; and the errors of `ask`.
    """
    board: tuple[CheckedScene, ...] = ()
    is_shortened = False
    # The name of the file is left out: an answer about a document is kept under its content.
    asked = writing.model_copy(update={"document": writing.document.model_copy(update={"origin": "document"})})
    question, again, attempt = StoryboardQuestion(writing=asked), AskingAgain(asks_left=repairs), 1
    check = partial(check_scenes, writing=writing, pictures=pictures, fits=fits)
    while True:
        try:
            answer = await ask(question, attempt, again)
        except NothingWritten as error:
            calls += [error.call] if error.call else []
            if not board:
                raise
            break  # the scenes of an earlier answer are there
        calls += [answer.call] if answer.call else []
        if isinstance(answer, DraftedScenes):
            is_shortened = answer.is_shortened
            drafts = _merged(board, answer.scenes) if question.scenes else answer.scenes
            board = await in_a_thread(check, drafts)
            question = _next_question(asked, board, again)
        else:
            question = question.model_copy(update={"hint": answer.hint})
        remark = question.hint or "\n".join(question.faults)
        if not again.is_due(remark):
            break
        attempt += 1
        again = AskingAgain(asks_left=again.asks_left - 1, hints=(*again.hints, remark))
    return _finished(writing, board, calls, is_shortened=is_shortened)


def _next_question(writing: StoryboardWriting, board: Sequence[CheckedScene], again: AskingAgain) -> StoryboardQuestion:
    """Return what is asked about these scenes: for all of them once more, or for those that are wrong."""
    hint = next((remark for remark in _remarks(writing, board) if again.is_due(remark)), "")
    if hint:
        return StoryboardQuestion(writing=writing, hint=hint)
    return StoryboardQuestion(
        writing=writing,
        scenes=tuple(dict(each.drafted) for each in board if each.faults),
        faults=tuple(sentence for each in board for sentence in each.sentences()),
    )


def _remarks(writing: StoryboardWriting, board: Sequence[CheckedScene]) -> Iterator[str]:
    """Yield what is wrong with the storyboard as a whole."""
    scenes = [[line.text for line in each.scene.narration] for each in board if each.scene]
    language = language_of([line for lines in scenes for line in lines])
    if language and primary(language) != primary(writing.language):
        yield f"The narration is written in “{language}” and not in “{writing.language}”."
    seconds = sum(map(seconds_of_scene, scenes))
    if seconds > writing.length_s * _TOO_LONG or seconds < writing.length_s * _TOO_SHORT:
        yield f"The narration takes about {seconds:.0f} s to speak, and {writing.length_s:g} s were asked for."


def _merged(board: Sequence[CheckedScene], answered: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the scenes, with those that were written again in their places.

    They are found by their names; if all were written again, by their order.
    """
    wrong = [each for each in board if each.faults]
    if not board:
        return list(answered)
    named = {" ".join(str(scene.get("name", "")).split()): scene for scene in answered}
    in_order = dict(zip((each.name for each in wrong), answered, strict=False)) if len(wrong) == len(answered) else {}
    again = {each.name: named.get(each.name) or in_order.get(each.name) for each in wrong}
    return [{**(again.get(each.name) or each.drafted), "name": each.name} for each in board]


def _finished(
    writing: StoryboardWriting, board: Sequence[CheckedScene], calls: Sequence[ModelCall], *, is_shortened: bool
) -> WrittenStoryboard:
    """Return the storyboard without what is wrong, and the report about that."""
    kept: list[StoryboardScene] = []
    left_out: list[str] = []
    for each in board:
        scene = each.without_faults()
        kept += [scene] if scene else []
        what = "A sentence was left out" if scene else "A scene was left out"
        left_out += [f"{what}: {sentence}" for sentence in each.sentences()]
    if not kept or len(kept) < len(board) * _LEAST_SHARE:
        reason = f"{len(board) - len(kept)} of its {len(board)} scenes can't be used; {left_out[0]}"
        raise NothingWritten(PURPOSE, reason, call=calls[-1] if calls else None)
    document = writing.document
    storyboard = Storyboard(
        title=title_of(document), language=writing.language, origin=document.origin, scenes=tuple(kept)
    )
    read = ("The document is long: the model read the beginnings of its blocks.",) if is_shortened else ()
    report = StoryboardReport(
        written_by=calls[-1].model, left_out=tuple(left_out), remarks=(*read, *_remarks(writing, board))
    )
    return WrittenStoryboard(storyboard=storyboard, report=report, calls=tuple(calls))
