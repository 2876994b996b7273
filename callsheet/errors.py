"""What can go wrong, and what Callsheet does about it.

    CallsheetError
      PermanentError            never retried; the message is one sentence for a person
        InvalidRequest          the request asks for something impossible; .field
          ContentTooLong        a template can't fit the content into the picture, however small or split
          RequestFileInvalid    [sources.yaml_files] a file does not hold what it should; .problems, each with its line
        SceneRejected           scene code was refused before it ran; .findings
        SceneFailed             the scene's own code raised or took more than it may; .reason .line .log_tail
        SceneAbandoned          no version of its code was good; .attempts
        PanelFailed             a model made no sheet or no panel of a film, so no more is spent; .what .reason
        NotApproved             a person has looked at the plan and does not want it; .reason
        VideoIncomplete         scenes are missing from a video that must be whole; .missing
        MediaUnfit              a media file is not what it should be; .expected .found
        MediaLost               a stored file is missing or damaged; .key .reason
        CommandFailed           [media.command] a media program failed or took too long; .program .reason .log_tail
        SetupIncomplete         something this machine needs is missing; .missing
          ProgramFailed         [embedded.process] a program of the embedded server ended; .log_tail
          PluginUnusable        a package beside Callsheet does not do what it promises; .plugin .reason
          AlreadyRunning        [embedded.state] another supervisor has this home; .services
        SignatureInvalid        a webhook does not come from who it seems to, or is too old
        ProviderRefused         a service on the network refuses: bad key, policy, 4xx; .provider .status
          ContextTooSmall       a language model reads fewer tokens than the question has; .window
        PredictionFailed        a paid job ended without a result; .provider .prediction_id .reason
          PredictionCancelled   it was cancelled
          PredictionOverdue     it did not end before its deadline
        OutputExpired           a paid result can't be fetched any more; .provider .prediction_id .reason
        SubmissionUnclear       the records don't tell whether the provider accepted a job; .provider .candidates
        NothingWritten          a language model answered, but not with what was asked for; .reason .answer .call
        RunFailed               [cli.failures] the run that a command waits for ended without what was wanted
      TransientError            retried by the task's policy; may carry .retry_after_s
        StorageUnavailable      the store did not answer; .kind is "network" or "service"
        StageUnavailable        the render child could not be started
          SceneKilled           it was ended by a signal that can't be caught; .scene_name .log_tail
          ChildOver             [stage.stills] it has drawn as many stills as it may; the next one draws
        StepStuck               a step reported no progress for too long, and was ended; .step .silence_s
        ProviderError           a service on the network can't answer now; .provider
          RateLimited           it asks for later requests (429)
          ProviderUnavailable   it fails (5xx), can't be reached, or sends nonsense
            DownloadTruncated   a file came only in part
            AnswerUnreadable    what came is no answer of a language model; tried only once more
          ProviderTimeout       it took too long
      QuotaExhausted            neither: you pay or raise a limit, then it works again; .provider

Those of one adapter alone live in its module, which stands in brackets. Errors carry facts as attributes; they must
survive pickling, because Prefect persists them with the failed state.
"""

from __future__ import annotations

from typing import Any, Literal


class CallsheetError(Exception):
    """Base of everything Callsheet raises on purpose. `str(error)` is a sentence for a person."""


class PermanentError(CallsheetError):
    """Trying again gives the same result."""


class InvalidRequest(PermanentError):
    """The request can't be carried out as written."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message, field)
        self.field = field

    def __str__(self) -> str:
        message = str(self.args[0])
        return f"{self.field}: {message}" if self.field else message


class ContentTooLong(InvalidRequest):
    """A template can't fit the content into the picture, neither set smaller nor spread over pages."""


class SceneRejected(PermanentError):
    """Scene code was refused before any of it ran.

    Each of `findings` and `remarks` is a sentence (see `model.scenes`); a remark alone refuses nothing.
    """

    def __init__(self, scene_name: str, findings: tuple[Any, ...], remarks: tuple[Any, ...] = ()) -> None:
        super().__init__(scene_name, findings, remarks)
        self.scene_name = scene_name
        self.findings = findings
        self.remarks = remarks

    def __str__(self) -> str:
        reasons = "; ".join(str(finding) for finding in self.findings)
        return f"Scene “{self.scene_name}” was refused before rendering: {reasons}"


class SceneFailed(PermanentError):
    """The scene's own code raised, ended early, or took more time, memory or room than it may.

    `line` is the line of its source that raised, if there is one.
    """

    def __init__(self, scene_name: str, reason: str, log_tail: str = "", line: int | None = None) -> None:
        super().__init__(scene_name, reason, log_tail, line)
        self.scene_name = scene_name
        self.reason = reason
        self.log_tail = log_tail
        self.line = line

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"Scene “{self.scene_name}” could not be rendered: {where}{self.reason}"


class SceneAbandoned(PermanentError):
    """No version of a scene's code was good. Each of `attempts` is an `Attempt` (see `model.attempts`)."""

    def __init__(self, scene_name: str, reason: str, attempts: tuple[Any, ...]) -> None:
        super().__init__(scene_name, reason, attempts)
        self.scene_name = scene_name
        self.reason = reason
        self.attempts = attempts

    def __str__(self) -> str:
        tried = f" after {len(self.attempts)} attempts" if len(self.attempts) > 1 else ""
        return f"Scene “{self.scene_name}” was given up{tried}: {self.reason}"


class NotApproved(PermanentError):
    """The person who was asked does not want the video. `reason` is in their words, or empty."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"Not approved: {self.reason}" if self.reason else "Not approved: nothing was made"


class VideoIncomplete(PermanentError):
    """Scenes of a video could not be made. `missing` holds a sentence for each, in film order, that says why."""

    def __init__(self, missing: tuple[str, ...], scenes: int) -> None:
        super().__init__(missing, scenes)
        self.missing = missing
        self.scenes = scenes

    def __str__(self) -> str:
        reasons = "; ".join(reason.rstrip(".") for reason in self.missing)
        return f"{len(self.missing)} of {self.scenes} scenes could not be made; the others are kept. {reasons}"


class PanelFailed(PermanentError):
    """A model made no sheet or no panel of a film, so the film stops before more is spent."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        return f"There is no {self.what}, so no more is spent: {self.reason}"


class MediaUnfit(PermanentError):
    """A media file is not what the next step needs."""

    def __init__(self, what: str, expected: str, found: str) -> None:
        super().__init__(what, expected, found)
        self.what = what
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.found}"


class MediaLost(PermanentError):
    """A stored file is gone, or no longer what was stored."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(key, reason)
        self.key = key
        self.reason = reason

    def __str__(self) -> str:
        return f"The stored file {self.key} {self.reason}. Run the flow again: it makes the file again"


class SetupIncomplete(PermanentError):
    """Something this machine needs is missing; the message says how to get it."""

    def __init__(self, message: str, missing: str = "") -> None:
        super().__init__(message, missing)
        self.missing = missing

    def __str__(self) -> str:
        return str(self.args[0])


class PluginUnusable(SetupIncomplete):
    """What another package brings can't be loaded, has a name that is taken, or failed."""

    def __init__(self, plugin: str, reason: str) -> None:
        super().__init__(plugin, reason)
        self.plugin = plugin
        self.reason = reason

    def __str__(self) -> str:
        return f"The {self.plugin} {self.reason}. Update the package, or uninstall it"


class SignatureInvalid(PermanentError):
    """A webhook was not signed with our secret, was changed on its way, or was sent long ago."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"The webhook is not genuine: {self.reason}"


class ProviderRefused(PermanentError):
    """A service on the network refuses. The key, the model's name, its policy or the request is at fault."""

    def __init__(self, provider: str, status: int | None, reason: str) -> None:
        super().__init__(provider, status, reason)
        self.provider = provider
        self.status = status
        self.reason = reason

    def __str__(self) -> str:
        status = f" (HTTP {self.status})" if self.status else ""
        return f"{self.provider} refused the request{status}: {self.reason}"


class ContextTooSmall(ProviderRefused):
    """A language model reads fewer tokens than the question and its answer have.

    `window` is the number that it reads, if known. `has_shorter_form` says whether the same question can be put in
    fewer words.
    """

    def __init__(self, provider: str, window: int | None, reason: str, has_shorter_form: bool = True) -> None:
        super().__init__(provider, None, reason)
        self.args = (provider, window, reason, has_shorter_form)
        self.window = window
        self.has_shorter_form = has_shorter_form

    def __str__(self) -> str:
        window = f"at most {self.window} tokens" if self.window else "fewer tokens than this"
        said = f" (it says: {self.reason.rstrip('.')})" if self.reason else ""
        advice = context_advice(self.window, self.has_shorter_form)
        return f"{self.provider} reads {window}, question and answer together{said}; {advice}"


LEAST_WINDOW = 3_000
"""Tokens that a language model must read for a scene. Below, even the short instructions leave no room for one."""


def context_advice(window: int | None, has_shorter_form: bool) -> str:
    """Return what to do if a language model's server reads too few tokens.

    A setting for shorter instructions helps only if they were not sent already, and if a scene has room then.
    """
    if window is not None and window < LEAST_WINDOW:
        other = f"take a model that reads {LEAST_WINDOW} at least"
    elif has_shorter_form:
        number = f"={window}" if window else " to the number that it reads"
        other = f"set CALLSHEET_WRITER_CONTEXT_TOKENS{number}, for shorter instructions"
    else:
        other = "ask for less: a shorter prompt, context or topic (the instructions are as short as they can be)"
    return (
        "let it read more (Ollama: OLLAMA_CONTEXT_LENGTH=16384, or num_ctx; llama.cpp: --ctx-size; "
        f"vLLM: --max-model-len), or {other}"
    )


class PredictionFailed(PermanentError):
    """A paid job ended without a result. To look again shows the same; a new take is a new job that costs again."""

    def __init__(self, provider: str, prediction_id: str, reason: str) -> None:
        super().__init__(provider, prediction_id, reason)
        self.provider = provider
        self.prediction_id = prediction_id
        self.reason = reason

    def __str__(self) -> str:
        return f"Prediction {self.prediction_id} of {self.provider} gave no result: {self.reason}"


class PredictionCancelled(PredictionFailed):
    """It was cancelled, in Callsheet or at the provider."""


class PredictionOverdue(PredictionFailed):
    """It did not end before its deadline."""


class OutputExpired(PermanentError):
    """The provider made the result, and its file can't be fetched any more."""

    def __init__(self, provider: str, prediction_id: str, reason: str) -> None:
        super().__init__(provider, prediction_id, reason)
        self.provider = provider
        self.prediction_id = prediction_id
        self.reason = reason

    def __str__(self) -> str:
        return f"The output of prediction {self.prediction_id} of {self.provider} can't be fetched: {self.reason}"


class SubmissionUnclear(PermanentError):
    """The records do not tell whether the provider accepted a job. To submit it again might pay for it twice.

    `candidates` are the ids of the predictions that may be it.
    """

    def __init__(self, provider: str, candidates: tuple[str, ...]) -> None:
        super().__init__(provider, candidates)
        self.provider = provider
        self.candidates = candidates

    def __str__(self) -> str:
        return (
            f"{self.provider} may have accepted this job before, as {' or '.join(self.candidates)}, and removed what "
            "would tell: look at it there, then ask for a new take"
        )


class NothingWritten(PermanentError):
    """A language model answered, but the answer holds nothing that can be used.

    The same words may give no better answer, so no task retries it; a flow may count it as one of its attempts.
    `answer` is the beginning of what came, and `call` is what it cost (a `model.cost.ModelCall`). `hint` is what to
    tell the model when it is asked again; it is empty if that can't help. `window` is how many tokens the service reads
    at most, if that was the reason and is known.
    """

    def __init__(
        self, purpose: str, reason: str, answer: str = "", call: Any = None, hint: str = "", window: int | None = None
    ) -> None:
        super().__init__(purpose, reason, answer, call, hint, window)
        self.purpose = purpose
        self.reason = reason
        self.answer = answer
        self.call = call
        self.hint = hint
        self.window = window

    def __str__(self) -> str:
        return f"The language model wrote nothing usable for {self.purpose}: {self.reason}"


class TransientError(CallsheetError):
    """A later try may work. `retry_after_s` is the wait that the other side asked for, in seconds, if it did.

    `is_given_up` says that an inner step was tried as often as its policy allows. A retry of the outer step would only
    repeat work that is done.
    """

    is_given_up = False
    tries_at_most: int | None = None
    """How often a step that fails so is tried in all, if that is less than its policy allows."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message, retry_after_s)
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return str(self.args[0])


class StorageUnavailable(TransientError):
    """The store could not be reached (`network`) or answered with a server error (`service`)."""

    def __init__(
        self,
        message: str,
        kind: Literal["network", "service"] = "network",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, retry_after_s)
        self.args = (message, kind, retry_after_s)
        self.kind = kind


class StageUnavailable(TransientError):
    """The render child could not be started, or died before the scene began."""


class SceneKilled(StageUnavailable):
    """Something killed the process of a scene: too little memory on the machine, a person, or the scene's own code.

    One such end is an accident. If every try ends so, Callsheet takes the scene's code for the cause.
    """

    def __init__(self, scene_name: str, log_tail: str = "") -> None:
        super().__init__("")
        self.args = (scene_name, log_tail)
        self.scene_name = scene_name
        self.log_tail = log_tail

    def __str__(self) -> str:
        return f"The process of scene “{self.scene_name}” was killed, by its own code or from outside"


class StepStuck(TransientError):
    """A step reported no progress for `silence_s` seconds. What it waited for may be there the next time."""

    def __init__(self, step: str, silence_s: float) -> None:
        super().__init__("")
        self.args = (step, silence_s)
        self.step = step
        self.silence_s = silence_s

    def __str__(self) -> str:
        return f"Step “{self.step}” reported no progress for {self.silence_s:g} seconds, so it was ended"


class ProviderError(TransientError):
    """A service on the network can't answer now."""

    def __init__(self, provider: str, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message, retry_after_s)
        self.args = (provider, message, retry_after_s)
        self.provider = provider

    def __str__(self) -> str:
        return str(self.args[1])


class RateLimited(ProviderError):
    """Too many requests for now (HTTP 429)."""


class ProviderUnavailable(ProviderError):
    """Server error, no connection, or an answer that is none (HTML, broken JSON)."""


class DownloadTruncated(ProviderUnavailable):
    """A file came only in part. It can be fetched again."""


class AnswerUnreadable(ProviderUnavailable):
    """What came is no answer of a language model. It may have cost money, so it is asked for only once more."""

    tries_at_most = 2


class ProviderTimeout(ProviderError):
    """No complete answer in time."""


class QuotaExhausted(CallsheetError):
    """The account has nothing left.

    A retry soon is useless; after a payment or a higher limit, the same request works.
    """

    def __init__(self, provider: str, reason: str) -> None:
        super().__init__(provider, reason)
        self.provider = provider
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.provider} has no quota left for this account: {self.reason}"
