"""The attempts at a scene with untried code: the findings of each attempt, and the next step."""

from collections.abc import Sequence
from enum import StrEnum, auto
from itertools import zip_longest
from typing import Self

from callsheet.errors import ContextTooSmall, NothingWritten, SceneFailed, SceneKilled, SceneRejected
from callsheet.model.film.media import Clip
from callsheet.model.film.rehearsal import LayoutProblem, Rehearsal
from callsheet.model.film.scenes import Finding, SceneCode
from callsheet.model.film.voice_track import HeardSentence
from callsheet.model.film.voiceover import VoiceoverScript, marked_text
from callsheet.model.run.cost import ModelCall
from callsheet.model.values import Value

_KILLED = (
    "its process was killed each time it ran: scene code must not kill processes, nor need more memory than there is"
)


# A scene may last so many times as long as the request says, or as short.
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
    """Fixes of the model's code that needed no question to the model, each in a sentence."""


class Feedback(Value):
    """The message to the writer: the findings, and the end of the log if the code ran."""

    findings: tuple[Finding, ...] = ()
    log_tail: str = ""

    def __str__(self) -> str:
        return "; ".join(map(str, self.findings))


def trouble_of(error: SceneRejected | SceneFailed | SceneKilled | NothingWritten | ContextTooSmall) -> Feedback:
    """Return the reasons why an attempt failed."""
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
    """Return the findings about code that runs, but whose picture or length is not right."""
    findings = tuple(
        Finding(line=found.line, message=found.message)
        for found in rehearsal.layout
        if found.problem is not LayoutProblem.GLYPHS
    )
    lasts_s = rehearsal.duration_s
    if asked_s is not None and not asked_s / FARTHEST <= lasts_s <= asked_s * FARTHEST:
        message = f"the scene lasts {lasts_s:.1f} seconds, and {asked_s:g} were asked for; change its pauses"
        findings = (*findings, Finding(line=0, message=message))
    return Feedback(findings=findings)


def narration_trouble(script: VoiceoverScript, lines: Sequence[str]) -> Feedback:
    """Return the finding about code whose voice says other words than the lines that it was written for."""
    if not script.said:
        message = "it says none of its lines; let it be a VoiceoverScene, and say each line in self.voiceover(text=…)"
        return Feedback(findings=(Finding(line=0, message=message),))
    wanted = [marked_text(line).text for line in lines]
    for said, line in zip_longest(script.said, wanted):
        if said is None:
            return Feedback(findings=(Finding(line=0, message=f"it does not say its line “{line}”"),))
        if line is None or said.text.split() != line.split():
            instead = f"instead of its line “{line}”" if line else "after its last line"
            message = f"it says “{said.text}” {instead}; let it say its lines as they are, in their order"
            return Feedback(findings=(Finding(line=said.line, message=message),))
    return Feedback()


class AskingAgain(Value):
    """Whether a model is asked again after an unusable answer. Each remark is sent once."""

    asks_left: int
    """How often the model may still be asked."""
    hints: tuple[str, ...] = ()
    """The remarks that went with a repeated question. They did not help before."""

    def is_due(self, hint: str) -> bool:
        """Return whether the model is asked once more, with this remark about its answer."""
        return self.asks_left > 0 and hint != "" and hint not in self.hints


class UnusableAnswer(Value):
    """An unusable answer of a model that is paid for.

    It is kept, so that Callsheet never pays for it again.
    """

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
        """Return the error with these facts."""
        return NothingWritten(**dict(self))


class AttemptResult(Value):
    """How far one version came, and the findings in it."""

    stage: SceneStage
    draft: Draft | None = None
    """None if the model wrote nothing usable."""
    call: ModelCall | None = None
    said: str = ""
    """The beginning of the model's answer, if there is no code in it."""
    hint: str = ""
    """The remark for the model if it is asked again; empty if asking again can't help."""
    trouble: Feedback = Feedback()
    rehearsal: Rehearsal | None = None
    clip: Clip | None = None
    speech: tuple[HeardSentence, ...] = ()
    """What a voice says in the clip, if the code speaks."""
    speech_remark: str = ""


class Attempt(Value):
    """An attempt as people see it in the run and in the manifest."""

    number: int
    stage: SceneStage
    """The stage at which it ended; a good attempt ends with `render`."""
    findings: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    """Fixes of its code that needed no question to the model."""
    source: str = ""
    said: str = ""
    """The beginning of the model's answer, if there is no code in it."""
    call: ModelCall | None = None
    """The call that wrote this version; None for code that no model wrote, or that is tried a second time."""

    @property
    def is_good(self) -> bool:
        """Return whether this version became the clip."""
        return self.stage is SceneStage.RENDER and not self.findings


class NextStep(StrEnum):
    """The step after an attempt."""

    DONE = auto()
    ASK_AGAIN = auto()
    """The model wrote nothing usable: ask the question once more, with the fault of the answer."""
    REPAIR = auto()
    TAKE_AS_IT_IS = auto()
    """Nothing better came: render the last version that runs, though its layout is not right."""
    GIVE_UP = auto()


class AttemptHistory(Value):
    """The attempts so far, and the next step.

    Asking is bounded. The same trouble with the same code is sent once, and so is the same remark about an answer.
    """

    asks_left: int
    """How often the writer may still be asked."""
    attempts: tuple[Attempt, ...] = ()
    next_step: NextStep = NextStep.ASK_AGAIN
    runs: Draft | None = None
    """The last version that came through its rehearsal, but for its layout."""
    takes_flaws: bool = False
    """Whether a version is rendered although its layout is not right."""
    sent: tuple[tuple[str, tuple[Finding, ...]], ...] = ()
    hints: tuple[str, ...] = ()
    """The remarks that went with a repeated question. Each is sent once: it did not help before."""

    @property
    def asking_again(self) -> AskingAgain:
        """Return whether the question is asked again if its answer is unusable."""
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
