"""The attempts at a scene whose code nobody has tried yet: what was found in each, and how to go on."""

from enum import StrEnum, auto
from typing import Self

from callsheet.errors import ContextTooSmall, NothingWritten, SceneFailed, SceneKilled, SceneRejected
from callsheet.model.film.media import Clip
from callsheet.model.film.rehearsal import Rehearsal
from callsheet.model.film.scenes import Finding, SceneCode
from callsheet.model.run.cost import ModelCall
from callsheet.model.values import Value

_KILLED = (
    "its process was killed each time it ran: scene code must not kill processes, nor need more memory than there is"
)


# A scene may be so many times as long as was asked for, or as short.
FARTHEST = 3


class SceneStage(StrEnum):
    """How far a scene came."""

    WRITE = "write"
    VALIDATE = "validate"
    REHEARSE = "rehearse"
    RENDER = "render"


class Draft(Value):
    """A version of a scene's code, and what it cost to have it written."""

    code: SceneCode
    call: ModelCall | None = None
    """None for code that no model wrote, or that is tried a second time."""
    fixes: tuple[str, ...] = ()
    """What was put right in the model's code without asking it, each in a sentence."""


class Feedback(Value):
    """What goes back to the writer: the findings, and the end of the log where the code ran."""

    findings: tuple[Finding, ...] = ()
    log_tail: str = ""

    def __str__(self) -> str:
        return "; ".join(map(str, self.findings))


def trouble_of(error: SceneRejected | SceneFailed | SceneKilled | NothingWritten | ContextTooSmall) -> Feedback:
    """What an attempt failed of."""
    match error:
        case SceneKilled():
            return Feedback(findings=(Finding(line=0, message=_KILLED),), log_tail=error.log_tail)
        case SceneRejected():
            return Feedback(findings=error.findings)
        case SceneFailed():
            return Feedback(findings=(Finding(line=error.line or 0, message=error.reason),), log_tail=error.log_tail)
        case ContextTooSmall():
            return Feedback(findings=(Finding(line=0, message=str(error)),))
    return Feedback(findings=(Finding(line=0, message=error.reason),))


def layout_trouble(rehearsal: Rehearsal, asked_s: float | None) -> Feedback:
    """The code runs, but its picture or its length is not as it should be."""
    findings = tuple(Finding(line=found.line, message=found.message) for found in rehearsal.layout)
    lasts_s = rehearsal.duration_s
    if asked_s is not None and not asked_s / FARTHEST <= lasts_s <= asked_s * FARTHEST:
        message = f"the scene lasts {lasts_s:.1f} seconds, and {asked_s:g} were asked for; change its pauses"
        findings = (*findings, Finding(line=0, message=message))
    return Feedback(findings=findings)


class AskingAgain(Value):
    """Whether a model is asked again after an answer of which nothing can be used: each remark is said once."""

    asks_left: int
    """How often the model may still be asked."""
    hints: tuple[str, ...] = ()
    """What it was told with a question that was asked again: that did not help before."""

    def is_due(self, hint: str) -> bool:
        """Return whether the model is asked once more, with this remark about its answer."""
        return self.asks_left > 0 and hint != "" and hint not in self.hints


class UnusableAnswer(Value):
    """An answer of a model that is paid for and holds nothing to use: it is kept, so that it is not paid for again."""

    purpose: str
    reason: str
    answer: str
    call: ModelCall | None
    hint: str
    window: int | None

    @classmethod
    def of(cls, error: NothingWritten) -> Self:
        """Return the facts of the error."""
        return cls.model_validate(error, from_attributes=True)

    def error(self) -> NothingWritten:
        """Return the error that it was."""
        return NothingWritten(**dict(self))


class AttemptResult(Value):
    """How far one version came, and what was found in it."""

    stage: SceneStage
    draft: Draft | None = None
    """None where the model wrote nothing usable."""
    call: ModelCall | None = None
    said: str = ""
    """How the model's answer begins, where there is no code in it."""
    hint: str = ""
    """What to tell the model when it is asked again; empty where asking again can't help."""
    trouble: Feedback = Feedback()
    rehearsal: Rehearsal | None = None
    clip: Clip | None = None


class Attempt(Value):
    """An attempt as people see it in the run and in the manifest."""

    number: int
    stage: SceneStage
    """Where it ended; a good one ends with `render`."""
    findings: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    """What was put right in its code without asking the model."""
    source: str = ""
    said: str = ""
    """How the model's answer begins, where there is no code in it."""
    call: ModelCall | None = None
    """The call that wrote this version; None for code that no model wrote, or that is tried a second time."""

    @property
    def is_good(self) -> bool:
        """Whether this version became the clip."""
        return self.stage is SceneStage.RENDER and not self.findings


class NextStep(StrEnum):
    """What comes after an attempt."""

    DONE = auto()
    ASK_AGAIN = auto()
    """The model wrote nothing usable: the question once more, with what was wrong with the answer."""
    REPAIR = auto()
    TAKE_AS_IT_IS = auto()
    """Nothing better came: the last version that runs, though its layout is not as it should be."""
    GIVE_UP = auto()


class AttemptHistory(Value):
    """The attempts so far, and how to go on.

    Asking is bounded; the same trouble with the same code is sent once, and so is the same remark about an answer.
    """

    asks_left: int
    """How often the writer may still be asked."""
    attempts: tuple[Attempt, ...] = ()
    next_step: NextStep = NextStep.ASK_AGAIN
    runs: Draft | None = None
    """The last version that came through its rehearsal, but for its layout."""
    takes_flaws: bool = False
    """Whether a layout that is not as it should be is rendered all the same."""
    sent: tuple[tuple[str, tuple[Finding, ...]], ...] = ()
    hints: tuple[str, ...] = ()
    """What the writer was told with a question that was asked again. Each is said once: it did not help before."""

    @property
    def asking_again(self) -> AskingAgain:
        """Whether the question is asked again if its answer is of no use."""
        return AskingAgain(asks_left=self.asks_left, hints=self.hints)

    def after(self, result: AttemptResult) -> Self:
        """Return the history with one more attempt."""
        runs = result.draft if result.rehearsal else self.runs
        next_step = self._next_step(result, runs)
        return self.model_copy(
            update={
                "attempts": (*self.attempts, self._attempt(result)),
                "next_step": next_step,
                "runs": runs,
                "takes_flaws": self.takes_flaws or next_step is NextStep.TAKE_AS_IT_IS,
                "asks_left": self.asks_left - (next_step in (NextStep.ASK_AGAIN, NextStep.REPAIR)),
                "sent": (*self.sent, _question(result)) if next_step is NextStep.REPAIR else self.sent,
                "hints": (*self.hints, result.hint) if next_step is NextStep.ASK_AGAIN else self.hints,
            }
        )

    def _next_step(self, result: AttemptResult, runs: Draft | None) -> NextStep:
        if result.clip is not None:
            return NextStep.DONE
        if result.draft is None:
            if self.asking_again.is_due(result.hint):
                return NextStep.ASK_AGAIN
        elif self.asks_left and not self.takes_flaws and _question(result) not in self.sent:
            return NextStep.REPAIR
        return NextStep.TAKE_AS_IT_IS if runs and not self.takes_flaws else NextStep.GIVE_UP

    def _attempt(self, result: AttemptResult) -> Attempt:
        return Attempt(
            number=len(self.attempts) + 1,
            stage=result.stage,
            findings=tuple(map(str, result.trouble.findings)),
            fixes=result.draft.fixes if result.draft else (),
            source=result.draft.code.source if result.draft else "",
            said=result.said,
            call=result.draft.call if result.draft else result.call,
        )


def _question(result: AttemptResult) -> tuple[str, tuple[Finding, ...]]:
    return (result.draft.code.source if result.draft else "", result.trouble.findings)
