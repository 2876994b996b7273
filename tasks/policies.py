"""Named policies: how Prefect caches and retries a step, and why.

A cache key is content: the step's inputs, the versions of the software that makes the value, and a fingerprint of
Callsheet's code that makes it. Prefect's TASK_SOURCE would hash only the few lines of the task itself and return stale
values.
"""

import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, SupportsIndex, TypedDict

from prefect import Task
from prefect.cache_policies import NO_CACHE, CachePolicy
from prefect.client.orchestration import get_client
from prefect.client.schemas import TaskRun
from prefect.client.schemas.objects import State
from prefect.context import TaskRunContext
from pydantic_core import to_jsonable_python

from callsheet.errors import (
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    StorageUnavailable,
    TransientError,
)
from callsheet.model.film.look import FontName, ReadingPace, ThemeName
from callsheet.model.footage.orders import FootageMaker
from callsheet.model.labels import RETRY_REASON
from callsheet.model.run.resumption import Resumption
from callsheet.server.label_writer import write_labels
from callsheet.settings import settings
from callsheet.speech.catalogue import LOCAL, voice_catalogue
from callsheet.stage.tex import has_latex

LATEX = "LaTeX"
SOURCE_SUFFIXES = (".py", ".md", ".yaml", ".xz")
MAX_DELAY_S = 300.0
_LATER: dict[str, Any] = {"chapters": [], "frames": None, "mix": None, "voiceovers": None}
"""Inputs that earlier versions did not have, and the values with which they change nothing."""
# By class, with its subclasses, and by the error's `kind` if it has one.
FIRST_DELAY_S: dict[tuple[type, str], float] = {
    (StorageUnavailable, "network"): 10.0,
    (StorageUnavailable, "service"): 20.0,
    (RateLimited, ""): 10.0,
    (ProviderUnavailable, ""): 30.0,
    (ProviderTimeout, ""): 60.0,
}
DEFAULT_FIRST_DELAY_S = 10.0


class TaskOptions(TypedDict, total=False):
    """The keyword arguments of `prefect.task` that a policy decides."""

    cache_policy: CachePolicy
    persist_result: bool
    retries: int
    retry_delay_seconds: Any
    retry_condition_fn: Any


@dataclass
class ContentKey(CachePolicy):
    """The key of a step's value: its name, and a digest of inputs, `modules` and `packages`.

    `modules` count by content, `packages` by version. Inputs named in `apart_from` are for people (labels) and don't
    change the value.
    """

    step: str = ""
    modules: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ("label",)
    is_paid: Callable[[Mapping[str, Any]], bool] = lambda inputs: False
    """Whether a value of these inputs costs money. No part of the key."""

    def compute_key(
        self,
        task_ctx: TaskRunContext,
        inputs: dict[str, Any],
        flow_parameters: dict[str, Any],
        **kwargs: Any,
    ) -> str:
        """Return `step-` and 32 hexadecimal digits."""
        made_from = {name: value for name, value in inputs.items() if name not in self.apart_from}
        given = _as_before(to_jsonable_python(made_from))
        text = json.dumps([given, made_by(self.modules, self.packages)], sort_keys=True)
        return f"{self.step}-{_digest(text + _repeated(task_ctx, lambda: self.is_paid(inputs)))}"


@dataclass
class PaidJobKey(CachePolicy):
    """The key of a step of a paid job: only the maker and the job.

    A new version of Callsheet does not pay again for a result that is there. `replaces` is the id of a cancelled
    prediction that this job replaces. If this machine makes the result at no cost, the code in `modules` counts, too.
    """

    step: str = ""
    modules: tuple[str, ...] = ()

    def compute_key(
        self,
        task_ctx: TaskRunContext,
        inputs: dict[str, Any],
        flow_parameters: dict[str, Any],
        **kwargs: Any,
    ) -> str:
        """Return the key of the call's inputs; see `key_of`."""
        return self.key_of(inputs)

    def key_of(self, inputs: Mapping[str, Any]) -> str:
        """Return `step-`, the maker's name, and 32 hexadecimal digits."""
        maker: FootageMaker = inputs["maker"]
        made_by = "" if maker.is_paid else fingerprint(self.modules)
        text = json.dumps([maker.name, maker.url, inputs["job_key"], inputs["replaces"], made_by])
        return f"{self.step}-{maker.name}-{_digest(text)}"


@dataclass
class OnceARun(CachePolicy):
    """The key of something outside that is read once a run, and again in the next: the run and its name."""

    step: str = ""

    def compute_key(
        self,
        task_ctx: TaskRunContext,
        inputs: dict[str, Any],
        flow_parameters: dict[str, Any],
        **kwargs: Any,
    ) -> str:
        """Return `step-` and 32 hexadecimal digits."""
        text = json.dumps([str(task_ctx.task_run.flow_run_id), inputs["file"]])
        return f"{self.step}-{_digest(text + _repeated(task_ctx, lambda: False))}"


resumption: ContextVar[tuple[str, Resumption] | None] = ContextVar("resumption", default=None)
"""The run of this code, and where it continues; None if it takes all that is kept."""


def _repeated(task_ctx: TaskRunContext, is_paid: Callable[[], bool]) -> str:
    """Return what tells the value of a step that is made again from the kept one; empty if that counts.

    A process that is killed while a resumed run works finds what the run has made again.
    """
    resumed = resumption.get()
    if resumed is None or not resumed[1].repeats(task_ctx.task.name, is_paid=is_paid()):
        return ""
    return f" of {resumed[0]}, resumption {resumed[1].number}"


def _costs_money(inputs: Mapping[str, Any]) -> bool:
    """Return whether the voice that comes first is not one of this machine."""
    voices = voice_catalogue().order(inputs["choice"], inputs["language"], settings().voices)
    return voices[0].provider not in LOCAL


def _as_before(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return inputs as they were before they had chapters, a mix, voices of code, a pace and typefaces of the theme.

    Where the new ones change nothing, the key stays as it was, and what was paid for under it is found.
    """
    before = {name: value for name, value in inputs.items() if not (name in _LATER and value == _LATER[name])}
    writing = before.get("writing") or {}
    if writing.get("narration") == []:
        del writing["narration"]
    look = writing.get("look")
    if look:
        for later in ("name", "brand"):
            if look.get(later) is None:
                look.pop(later, None)
        if look["pace"] == ReadingPace.NORMAL:
            del look["pace"]
        if look["theme"] == ThemeName.MIDNIGHT:
            look["font"] = look["font"] or FontName.INTER
    return before


def _digest(text: str) -> str:
    """Return 32 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def made_by(modules: tuple[str, ...], packages: tuple[str, ...]) -> str:
    """Return the identity of the software that makes a value: Callsheet's code and packages."""
    return json.dumps([fingerprint(modules), [(package, installed(package)) for package in packages]])


@cache
def installed(package: str) -> str:
    """Return the version of an installed package; of LaTeX, whether it is installed."""
    if package == LATEX:
        return str(has_latex())
    return version(package)


@cache
def fingerprint(modules: tuple[str, ...]) -> str:
    """Return the digest of the sources and prompts of `modules`; a package means all its files."""
    digest = hashlib.sha256()
    for path in sorted(file for module in modules for file in _sources(module)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sources(module: str) -> Iterable[Path]:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no module {module} to take the fingerprint of")
    origin = Path(spec.origin)
    if not spec.submodule_search_locations:
        return (origin,)
    return (path for path in origin.parent.rglob("*") if path.suffix in SOURCE_SUFFIXES)


_last_error: ContextVar[BaseException | None] = ContextVar("last_error", default=None)


class DelayByError(list[float]):
    """The delays of retries: Prefect indexes them by retry, but the last error decides.

    The error travels in a context variable and not in the task, because concurrent runs share the task.
    """

    def __getitem__(self, retry: SupportsIndex | slice) -> Any:
        error = _last_error.get()
        if isinstance(retry, slice) or error is None:
            return super().__getitem__(retry)
        return retry_delay_s(error, int(retry))


def retry_delay_s(error: BaseException, retry: int) -> float:
    """Return the seconds to wait before retry number `retry`, counted from 0.

    The other side's own delay comes first; without one, the delay doubles.
    """
    asked_for: float | None = getattr(error, "retry_after_s", None)
    if asked_for is not None:
        return min(asked_for, MAX_DELAY_S)
    kind = getattr(error, "kind", "")
    known = (FIRST_DELAY_S.get((each, kind)) for each in type(error).__mro__)
    first_s = next((first for first in known if first is not None), DEFAULT_FIRST_DELAY_S)
    return min(first_s * 2.0**retry, MAX_DELAY_S)


# Prefect takes only a function as a condition: no partial, and no other callable object.
async def is_transient(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Return whether to try a failed step again: only if the library says so.

    The status then says why.
    """
    error = getattr(state.data, "exception", state.data)
    if not isinstance(error, TransientError):
        return False
    if error.tries_at_most is not None and task_run.run_count >= error.tries_at_most:
        return False
    _last_error.set(error)
    if task_run.flow_run_id is not None:
        with suppress(Exception):  # without the label the status only lacks the reason
            async with get_client() as client:
                await write_labels(client, task_run.flow_run_id, {RETRY_REASON: f"{task_run.id} {error}"})
    return True


async def is_transient_before_the_work(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Return whether to repeat a failed costly step: not if only its upload has failed."""
    error = getattr(state.data, "exception", state.data)
    return not getattr(error, "is_given_up", False) and await is_transient(task, task_run, state)


def retried(retries: int) -> TaskOptions:
    """Return options that retry transient errors only, with a delay by kind of error."""
    delays = DelayByError([DEFAULT_FIRST_DELAY_S] * retries)
    return TaskOptions(retries=retries, retry_delay_seconds=delays, retry_condition_fn=is_transient)


def retried_before_the_work(retries: int) -> TaskOptions:
    """Return the same for a costly step; the upload of its result has separate retries."""
    return TaskOptions(**{**retried(retries), "retry_condition_fn": is_transient_before_the_work})


# tests/house/test_cache_keys.py compares these with what the makers import.
SCENE_MODULES = (
    "callsheet.stage.templates",
    "callsheet.stage.kit",
    "callsheet.drawings",
    "callsheet.formulas",
    "callsheet.stage.content_pictures",
    "callsheet.model.content",
    "callsheet.model.expression",
    "callsheet.model.film.look",
    "callsheet.model.film.brand",
    "callsheet.model.film.colour",
    "callsheet.model.film.typeface",
    "callsheet.model.film.language",
    "callsheet.model.film.narration",
    "callsheet.model.film.speech_plan",
)
# What is not drawn of the drawings that a scene opens is a part of what is kept.
VALIDATION_MODULES = ("callsheet.scene_lint", "callsheet.sources")
STAGE_MODULES = (
    *SCENE_MODULES,
    "callsheet.sources.picture_files",
    "callsheet.stage.child",
    "callsheet.stage.order",
    "callsheet.stage.meant_name",
    "callsheet.sources.plain_svg",
    "callsheet.sources.svg_files",
    "callsheet.sources.svg_pictures",
    "callsheet.sources.svg_styles",
    "callsheet.stage.configure",
    "callsheet.stage.tex",
    "callsheet.stage.voiceover",
    "callsheet.model.film.voiceover",
    "callsheet.encoder",
    "callsheet.model.film.profile",
)
REHEARSAL_MODULES = (
    *STAGE_MODULES,
    "callsheet.stage.rehearsal",
    "callsheet.model.film.rehearsal",
    "callsheet.model.film.trace",
)
LOCAL_FOOTAGE_MODULES = (
    "callsheet.footage",
    "callsheet.sources.picture_files",
    "callsheet.lettering",
    "callsheet.encoder",
    "callsheet.timebase",
    "callsheet.model.film.profile",
)
MEDIA_MODULES = (
    "callsheet.media",
    "callsheet.lettering",
    "callsheet.encoder",
    "callsheet.model.film.timeline",
    "callsheet.model.film.sound",
    "callsheet.model.film.profile",
)
CONFORM_MODULES = (
    "callsheet.footage.conform",
    "callsheet.footage.light",
    "callsheet.footage.pictures",
    "callsheet.sources.picture_files",
    "callsheet.encoder",
    "callsheet.model.film.profile",
)
SHEET_MODULES = (*MEDIA_MODULES, "callsheet.footage.pictures", "callsheet.sources.picture_files")
# Manim draws with Cairo and Pango; other packages colour texts of code and read drawings. Typst sets what LaTeX would.
STAGE_PACKAGES = (
    "manim",
    "pycairo",
    "manimpango",
    "pygments",
    "svgelements",
    "resvg_py",
    "typst",
    "numpy",
    "pillow",
    "av",
    LATEX,
)
SPEECH_MODULES = ("callsheet.speech",)
SPEECH_PACKAGES = ("hibari-tts", "normt2s", "num2words", "numpy", "onnxruntime", "edge-tts")
MEDIA_PACKAGES = ("av", "pillow", "numpy", "ffmpeg-python")
PANEL_PACKAGES = (*MEDIA_PACKAGES, "resvg_py")
# The modules behind a whole video, apart from the language model that may write its scenes.
VIDEO_MODULES = (*STAGE_MODULES, *MEDIA_MODULES)
VIDEO_PACKAGES = (*STAGE_PACKAGES, *MEDIA_PACKAGES)

# The run's idempotency key makes it safe to repeat the start.
STARTING = TaskOptions(cache_policy=NO_CACHE, persist_result=False, **retried(4))
# Filling a template takes milliseconds and reads files (a picture may have changed in its place): nothing to keep.
FILLING = TaskOptions(cache_policy=NO_CACHE, persist_result=False, **retried(2))
VALIDATING = TaskOptions(
    cache_policy=ContentKey(step="validate-scene-code", modules=VALIDATION_MODULES, packages=STAGE_PACKAGES),
    persist_result=True,
    **retried(2),
)
# An answer is paid for: it is kept by the question, the prompt files and the model. The end of a log has times and
# addresses in memory, and `again` says what happens after the answer: neither is part of the key.
WRITING = TaskOptions(
    cache_policy=ContentKey(
        step="write",
        modules=("callsheet.writing",),
        apart_from=("label", "log_tail", "again"),
        is_paid=lambda inputs: True,
    ),
    persist_result=True,
    **retried(4),
)
# The result of a rehearsal is kept; its failure is not, and comes again in seconds.
REHEARSING = TaskOptions(
    cache_policy=ContentKey(step="rehearse-scene", modules=REHEARSAL_MODULES, packages=STAGE_PACKAGES),
    persist_result=True,
    **retried_before_the_work(2),
)
# A render is minutes of work. It is retried only if it never began (no child could be started, a picture of it could
# not be fetched) or if its child was killed from outside. It is kept by its content.
RENDERING = TaskOptions(
    cache_policy=ContentKey(
        step="render-scene", modules=STAGE_MODULES, packages=STAGE_PACKAGES, apart_from=("label", "animations")
    ),
    persist_result=True,
    **retried_before_the_work(2),
)
# Only what a sentence sounds like is its key; that holds the voice that comes first. A voice that answers no more gives
# way to the next one after two more tries.
SPEAKING = TaskOptions(
    cache_policy=ContentKey(
        step="speak-sentence",
        modules=SPEECH_MODULES,
        packages=SPEECH_PACKAGES,
        apart_from=("text", "language", "choice", "is_patient", "label"),
        is_paid=_costs_money,
    ),
    persist_result=True,
    **retried_before_the_work(2),
)


def _of_media(step: str, more: tuple[str, ...] = ()) -> TaskOptions:
    """Return the policy of a step of `callsheet.media`, whose value also depends on `more` modules."""
    key = ContentKey(step=step, modules=(*MEDIA_MODULES, *more), packages=MEDIA_PACKAGES)
    return TaskOptions(cache_policy=key, persist_result=True, **retried_before_the_work(3))


MERGING = _of_media("merge-clips")
PICTURING = _of_media("make-stills")
MUXING = _of_media("add-tracks")
BURNING = _of_media("burn-captions", ("callsheet.model.film.caption_style", "callsheet.model.film.caption_breaks"))
MIXING = _of_media("mix-narration")
SHEETING = TaskOptions(
    cache_policy=ContentKey(
        step="draw-pairs",
        modules=SHEET_MODULES,
        packages=MEDIA_PACKAGES,
        apart_from=(),
    ),
    persist_result=True,
    **retried_before_the_work(3),
)
# Content-addressed and therefore safe to repeat, so there is nothing to cache; a flaky network deserves patience.
STORING = TaskOptions(**retried(5))
# Retries for half an hour. A failure of another address, or a killed process, causes no second post to an address that
# has taken the event: the event and the address are the key, not the way of delivery.
DELIVERING = TaskOptions(
    cache_policy=ContentKey(step="deliver-webhook", apart_from=("event",)), persist_result=True, **retried(8)
)
# Of the server itself, or of a folder that others write to: the content changes from one moment to the next.
READING = TaskOptions(cache_policy=NO_CACHE, persist_result=False, **retried(3))
TAKING_IN = TaskOptions(cache_policy=OnceARun(step="take-in-picture"), persist_result=True, **retried(4))
READING_DOCUMENT = TaskOptions(
    cache_policy=OnceARun(step="read-document"), persist_result=True, **retried_before_the_work(4)
)
READING_SCREENPLAY = TaskOptions(
    cache_policy=OnceARun(step="read-screenplay"), persist_result=True, **retried_before_the_work(4)
)
# What is drawn and how the camera moves is all among the inputs: a shot that has not changed is kept.
DRAWING_PANEL = TaskOptions(
    cache_policy=ContentKey(step="draw-panel", modules=LOCAL_FOOTAGE_MODULES, packages=PANEL_PACKAGES),
    persist_result=True,
    **retried_before_the_work(3),
)
# A paid picture begins with a sketch. If a new version of Callsheet drew another one of the same shot, it would pay for
# that picture again.
SKETCHING = TaskOptions(cache_policy=ContentKey(step="sketch-panel"), persist_result=True, **retried_before_the_work(3))
FILMING = TaskOptions(
    cache_policy=ContentKey(step="film-shot", modules=LOCAL_FOOTAGE_MODULES, packages=PANEL_PACKAGES),
    persist_result=True,
    **retried_before_the_work(3),
)
# Rules write it in seconds, and the same document always gives the same: nothing to keep.
STORYBOARDING = TaskOptions(cache_policy=NO_CACHE, persist_result=False, **retried(2))
# A stage of another package may take long; its value is kept by the storyboard, and by the package with its version.
CHANGING_STORYBOARD = TaskOptions(
    cache_policy=ContentKey(step="storyboard-stage"), persist_result=True, **retried_before_the_work(2)
)
# What a package does with a finished film is outside of Callsheet: nothing of it is kept.
TAKING_FILM = TaskOptions(cache_policy=NO_CACHE, persist_result=False, **retried_before_the_work(2))
TAKING_IN_MUSIC = TaskOptions(
    cache_policy=OnceARun(step="take-in-music"), persist_result=True, **retried_before_the_work(4)
)
# The three steps of a paid job. Each is in the store before the next one begins: they are called one after another and
# never inside another task, because Prefect keeps the results of inner tasks back until the outer one has ended.
PAID_JOB_RETRIES: dict[str, TaskOptions] = {
    "intend": TaskOptions(retries=0),
    "submit": retried(5),
    # A retry only looks again, and a prediction may run for half an hour.
    "receive": retried(10),
}
CONFORMING = TaskOptions(
    cache_policy=ContentKey(step="conform-clip", modules=CONFORM_MODULES, packages=MEDIA_PACKAGES),
    persist_result=True,
    **retried_before_the_work(3),
)


def paid_job_policy(stage: str, kind: str, modules: tuple[str, ...]) -> TaskOptions:
    """Return the policy of a step (intend, submit or receive) of a kind of paid jobs; see `PaidJobKey`."""
    key = PaidJobKey(step=f"{stage}-{kind}", modules=modules)
    return TaskOptions(cache_policy=key, persist_result=True, **PAID_JOB_RETRIES[stage])
