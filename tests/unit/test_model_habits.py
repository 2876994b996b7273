"""Each habit of model servers has its outcome, costs no more requests than it must, and is told in a sentence."""

import re
from functools import partial
from pathlib import Path

import pytest

from callsheet.errors import (
    CallsheetError,
    NothingWritten,
    ProviderError,
    SceneRejected,
    TransientError,
)
from callsheet.model.film.look import Look
from callsheet.model.film.media import Clip, StoredObject
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.run.attempts import AttemptHistory, AttemptResult, NextStep, SceneStage, trouble_of
from callsheet.model.run.waiting import can_resume_later
from callsheet.model.run.writing import SceneWriting, StageFacts
from callsheet.scene_lint import drawing_names, load_catalogue, successors, validate
from callsheet.settings import Settings
from callsheet.writing.scene_writer import repair_scene, write_scene
from callsheet.writing.writer import Writer
from tests.fakes.chat_habits import ABANDONED, HABITS, LATER, REFUSED, SCENE, WAITING, page
from tests.fakes.chat_server import ChatServer

DOCS = Path(__file__).parents[2] / "docs"
TRIES = 5
"""How often the policy of writing tries a question, in all."""
COLOURS = {"background": "#0c1222", "text": "#eef2fb", "muted": "#a4b0cc", "accent": "#74aaff"}
CLIP = Clip(
    stored=StoredObject(key="clips/ab/abc.mp4", sha256="ab", size_bytes=1, media_type="video/mp4"),
    profile=ProfileName.DRAFT, width=854, height=480, frame_rate=15, frames=15,
)  # fmt: skip


@pytest.fixture(scope="module")
def stage():
    """What the installed Manim has."""
    return load_catalogue(Settings().catalogue_dir)


@pytest.fixture(scope="module")
def writing(stage):
    """One scene to write."""
    facts = StageFacts(
        manim_version="0.22.0", has_latex=False, names=drawing_names(stage), successors=successors(stage)
    )
    return SceneWriting(
        name="Circle becomes square", prompt="A circle becomes a square.", profile=PROFILES[ProfileName.DRAFT],
        look=Look(), colours=COLOURS, stage=facts,
    )  # fmt: skip


async def with_retries(ask, tried=1):
    """As the policy of writing tries a question, without the waits."""
    try:
        return await ask()
    except TransientError as error:
        if tried == min(TRIES, error.tries_at_most or TRIES):
            raise
    return await with_retries(ask, tried + 1)


async def made(writing, writer, stage):
    """What becomes of a scene, without rehearsing and rendering it: the last result, or the error that ends it."""
    history, ask, hint = AttemptHistory(asks_left=3), partial(write_scene, writing, writer), ""
    while True:
        try:
            draft = await with_retries(partial(ask, attempt=len(history.attempts) + 1, hint=hint))
            validate(draft.code, stage)
            result = AttemptResult(stage=SceneStage.RENDER, draft=draft, clip=CLIP)
        except NothingWritten as error:
            result = AttemptResult(stage=SceneStage.WRITE, call=error.call, hint=error.hint, trouble=trouble_of(error))
        except SceneRejected as error:
            result = AttemptResult(stage=SceneStage.VALIDATE, draft=draft, trouble=trouble_of(error))
        history, hint = history.after(result), result.hint
        if history.next_step is NextStep.REPAIR:
            ask = partial(repair_scene, writing, draft.code, result.trouble, writer)
        elif history.next_step is not NextStep.ASK_AGAIN:
            return result


def outcome_of(error: CallsheetError) -> str:
    """Return what an error means for its scene."""
    if can_resume_later(error):
        return WAITING
    return LATER if isinstance(error, ProviderError) else REFUSED


@pytest.mark.parametrize("name", HABITS)
async def test_each_habit_has_its_outcome(name, writing, stage):
    """Never a traceback, never a wrong class, and never a question that is paid for twice for the same reason."""
    habit = HABITS[name]
    with ChatServer(*habit.script) as server:
        try:
            result = await made(writing, Writer("test-writer", server.base_url, timeout_s=habit.within_s), stage)
            outcome, sentence = (SCENE if result.clip else ABANDONED), str(result.trouble)
        except CallsheetError as error:
            outcome, sentence = outcome_of(error), str(error)
        requests = len(server.asked)
    assert (outcome, requests) == (habit.outcome, habit.requests), sentence
    assert re.search(habit.says, sentence, re.DOTALL), sentence
    assert "\n" not in sentence
    if outcome == SCENE:
        assert "DraftOnly" not in result.draft.code.class_name + result.draft.code.source[:80] or name.startswith("two")


def test_the_page_in_the_docs_is_this_table():
    """`python -m tests.fakes.chat_habits > docs/model_servers.md` writes it."""
    assert (DOCS / "model_servers.md").read_text(encoding="utf-8") == page()
