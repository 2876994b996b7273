"""How the making of a scene continues after each attempt: pure decisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.film.media import Clip, StoredObject
from callsheet.model.film.profile import ProfileName
from callsheet.model.film.rehearsal import LayoutFinding, LayoutProblem, Rehearsal
from callsheet.model.film.scenes import Finding, Origin, OriginKind, SceneCode
from callsheet.model.film.voiceover import Voiceover, VoiceoverScript
from callsheet.model.run.attempts import (
    AttemptHistory,
    AttemptResult,
    Draft,
    Feedback,
    NextStep,
    SceneStage,
    layout_trouble,
    narration_trouble,
)

CLIP = Clip(
    stored=StoredObject(key="clips/ab/abc.mp4", sha256="ab", size_bytes=1, media_type="video/mp4"),
    profile=ProfileName.DRAFT, width=854, height=480, frame_rate=15, frames=15,
)  # fmt: skip
OFF = LayoutFinding(problem=LayoutProblem.OFF_FRAME, animation=1, line=3, message="too far left")


def draft(source):
    """A version of the code."""
    origin = Origin(kind=OriginKind.MODEL, maker="test-writer")
    return Draft(code=SceneCode(scene_name="s", class_name="S", source=source, origin=origin))


def broken(source="a", message="there is no name b"):
    """A version that validation refuses."""
    trouble = Feedback(findings=(Finding(line=1, message=message),))
    return AttemptResult(stage=SceneStage.VALIDATE, draft=draft(source), trouble=trouble)


def flawed(source="a"):
    """A version that runs, with a layout that is not as it should be."""
    rehearsal = Rehearsal(frames=15, animations=1, layout=(OFF,), duration_s=1, poster=None)
    trouble = Feedback(findings=(Finding(line=OFF.line, message=OFF.message),))
    return AttemptResult(stage=SceneStage.REHEARSE, draft=draft(source), trouble=trouble, rehearsal=rehearsal)


def good(source="a"):
    """A version that became the clip."""
    return AttemptResult(stage=SceneStage.RENDER, draft=draft(source), clip=CLIP)


NOTHING = AttemptResult(
    stage=SceneStage.WRITE,
    hint="Your last answer was empty.",
    trouble=Feedback(findings=(Finding(line=0, message="the answer is empty"),)),
)


def after(history, *results):
    """Return the history after these results."""
    for result in results:
        history = history.after(result)
    return history


def test_a_clip_ends_the_course():
    """Whatever was tried before it."""
    history = after(AttemptHistory(asks_left=3), broken("a"), good("b"))
    assert history.next_step is NextStep.DONE
    assert [attempt.is_good for attempt in history.attempts] == [False, True]


def test_what_was_found_goes_back_until_nobody_may_be_asked():
    """Three asks are three repairs."""
    history = after(AttemptHistory(asks_left=3), broken("a"), broken("b"), broken("c"))
    assert history.next_step is NextStep.REPAIR
    assert after(history, broken("d")).next_step is NextStep.GIVE_UP


def test_the_same_trouble_with_the_same_code_is_sent_once():
    """A writer that repeats itself is not asked again."""
    assert after(AttemptHistory(asks_left=3), broken("a"), broken("a")).next_step is NextStep.GIVE_UP
    assert after(AttemptHistory(asks_left=3), broken("a"), broken("a", "another remark")).next_step is NextStep.REPAIR


def test_a_writer_that_wrote_nothing_is_asked_again():
    """That counts as an attempt, too."""
    history = after(AttemptHistory(asks_left=1), NOTHING)
    assert history.next_step is NextStep.ASK_AGAIN
    assert after(history, NOTHING).next_step is NextStep.GIVE_UP


def test_the_writer_is_told_once_what_was_wrong_with_its_answer():
    """The same remark did not help before; another one may."""
    other = NOTHING.model_copy(update={"hint": "Your last answer held no Python block."})
    history = after(AttemptHistory(asks_left=5), NOTHING, other)
    assert history.next_step is NextStep.ASK_AGAIN
    assert history.hints == (NOTHING.hint, other.hint)
    assert after(history, NOTHING).next_step is NextStep.GIVE_UP


def test_an_answer_that_asking_again_can_t_better_ends_the_course():
    """One that was cut off at its full length, say: the next would cost as much and end there, too."""
    assert after(AttemptHistory(asks_left=3), NOTHING.model_copy(update={"hint": ""})).next_step is NextStep.GIVE_UP


def test_a_version_that_runs_is_taken_where_its_repair_brings_nothing():
    """The layout is flawed; nothing better came."""
    history = after(AttemptHistory(asks_left=3), flawed("a"), NOTHING.model_copy(update={"hint": ""}))
    assert history.next_step is NextStep.TAKE_AS_IT_IS


def test_the_last_version_that_runs_is_taken_where_nothing_better_comes():
    """A flawed layout is better than no scene, also after a repair that broke the code."""
    history = after(AttemptHistory(asks_left=1), flawed("a"), broken("b"))
    assert history.next_step is NextStep.TAKE_AS_IT_IS
    assert history.runs.code.source == "a"
    assert history.takes_flaws


def test_a_version_that_was_taken_as_it_is_and_fails_ends_the_course():
    """It is not taken a second time."""
    assert after(AttemptHistory(asks_left=0), flawed("a"), broken("a")).next_step is NextStep.GIVE_UP


@given(st.lists(st.sampled_from([broken("a"), broken("b"), flawed("a"), flawed("c"), NOTHING]), max_size=12))
def test_every_history_ends(results):
    """Whatever comes, the writer is asked no more often than allowed, and one more attempt at most follows."""
    history, asked = AttemptHistory(asks_left=3), 0
    for result in results:
        history = history.after(result)
        asked += history.next_step in (NextStep.ASK_AGAIN, NextStep.REPAIR)
        if history.next_step in (NextStep.DONE, NextStep.GIVE_UP):
            break
    assert asked <= 3
    assert len(history.attempts) <= 5


@pytest.mark.parametrize(
    ("lasts_s", "asked_s", "is_found"),
    [(31, 10, True), (30, 10, False), (3.2, 10, True), (3.4, 10, False), (0.3, 2, True), (500, None, False)],
)
def test_a_length_far_from_the_one_asked_for_is_a_finding(
    lasts_s: float, asked_s: float | None, is_found: bool
) -> None:
    """More than three times as long, or less than a third; its sentence holds both lengths."""
    rehearsal = Rehearsal(frames=1, animations=1, layout=(OFF,), duration_s=lasts_s, poster=None)
    layout, *length = layout_trouble(rehearsal, asked_s).findings
    assert layout.message == OFF.message
    assert [each.message for each in length] == (
        [f"the scene lasts {lasts_s:.1f} seconds, and {asked_s} were asked for; change its pauses"] if is_found else []
    )


@pytest.mark.parametrize(
    ("said", "finding"),
    [
        (["One.", "Two  is more."], ""),
        ([], "it says none of its lines"),
        (["One."], "it does not say its line “Two is more.”"),
        (["One.", "Two."], "line 2: it says “Two.” instead of its line “Two is more.”"),
        (["One.", "Two is more.", "Three."], "line 3: it says “Three.” after its last line"),
    ],
)
def test_code_that_says_other_words_than_its_lines_is_told_the_first_of_them(said, finding):
    """Spaces and bookmarks do not matter."""
    script = VoiceoverScript(said=tuple(Voiceover(text=text, line=line) for line, text in enumerate(said, start=1)))
    trouble = narration_trouble(script, ["One.", "Two <bookmark mark='A'/>is more."])
    assert str(trouble).startswith(finding)
    assert bool(trouble.findings) == bool(finding)
