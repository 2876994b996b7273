"""The door to the stage.

Scene code goes in; only a clip, or what a rehearsal has found, comes out.

The child runs behind the fence (`callsheet.fence`): no network, no file of this machine, no variable of the worker.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from callsheet.errors import SceneFailed, SceneKilled
from callsheet.fence.job import FenceLimits, Job, ResultRule
from callsheet.fence.running import Ending, Event, Reason, Standby, run, standby
from callsheet.fence.software import NEEDED
from callsheet.model.content import template_plugin
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.rehearsal import RehearsalFacts
from callsheet.model.film.scenes import OriginKind, ValidatedSceneCode
from callsheet.model.film.trace import SceneTrace
from callsheet.model.film.voiceover import VoiceoverTimes
from callsheet.sources.picture_files import plain_files
from callsheet.stage.failures import LOG_TAIL_CHARACTERS, scene_failed
from callsheet.stage.order import CLIP_FILE, PICTURES_FILE, POSTER_FILE, TRACE_FILE, Mode, SceneOrder
from callsheet.threads import in_a_thread

CHILD = "callsheet.stage.child"
PICTURES = "pictures"
"""Folder beside the results for the pictures that are written for a scene."""
NO_FILES: Mapping[str, Path] = MappingProxyType({})
_PNG = b"\x89PNG\r\n\x1a\n"
# ISO/IEC 14496-12: the first box of a file is its type. PNG: its signature. JSON: an object.
RESULTS = {
    Mode.RENDER: {CLIP_FILE: ResultRule(max_bytes=512 << 20, magic=b"ftyp", magic_offset=4)},
    Mode.REHEARSE: {POSTER_FILE: ResultRule(max_bytes=32 << 20, magic=_PNG)},
    Mode.TRACE: {
        TRACE_FILE: ResultRule(max_bytes=64 << 20, magic=b"{"),
        PICTURES_FILE: ResultRule(max_bytes=128 << 20, magic=_PNG),
    },
}


@dataclass(frozen=True)
class Take:
    """A rendered scene on this machine's disk. The file has not been checked yet."""

    path: Path
    frames: int
    animations: int
    voiceover_frames: tuple[int, ...] = ()
    """The frame at which each voiceover of its code begins."""


@dataclass(frozen=True)
class Rehearsed:
    """The findings of a rehearsal, and the last frame as PNG if one was drawn."""

    facts: RehearsalFacts
    poster: Path | None


@dataclass(frozen=True)
class Traced:
    """The trace of a scene, and its pictures one under the other as PNG if any were drawn."""

    trace: SceneTrace
    pictures: Path | None


def prewarm(limits: FenceLimits) -> AbstractAsyncContextManager[Standby | None]:
    """Yield a child that imports Manim before there is a scene for it; None if it can't wait.

    Raises SetupIncomplete as `render` does.
    """
    return standby(CHILD, limits)


async def render(
    code: ValidatedSceneCode,
    profile: RenderProfile,
    folder: Path,
    limits: FenceLimits,
    on_animation: Callable[[int], None] = lambda played: None,
    files: Mapping[str, Path] = NO_FILES,
    child: Standby | None = None,
    voiceovers: Sequence[VoiceoverTimes] | None = None,
) -> Take:
    """Render `code` into `folder`, an empty scratch folder of the caller's.

    `on_animation` gets the number of animations that have begun. The scene finds `files` under their names in its
    working directory, and can't change them. A prewarmed `child` takes a scene without files. `voiceovers` are the
    times of what the code says, if a voice has spoken it. Cancelling ends the child and everything it started.

    Raises:
        SceneFailed: the scene's code raised, ended early, or took more than `limits` allow.
        SetupIncomplete: the fence can't be built on this machine.
        SceneKilled: the child was killed, by the scene's own code or from outside.
        StageUnavailable: the child did not begin to run the scene.
    """
    job = scene_job(code, profile, Mode.RENDER, await _show_files(code, files, folder), voiceovers)
    told = await _play(job, code, folder, limits, on_animation, child)
    match told.done:
        case {"event": "rendered", "frames": int(frames)} if folder / CLIP_FILE in told.ending.files:
            starts = _checked_starts(code, told, len(voiceovers or ()))
            return Take(folder / CLIP_FILE, frames, told.animations, starts)
    raise scene_failed(code.scene_name, Mode.RENDER, told.ending, told.failure, limits)


async def rehearse(
    code: ValidatedSceneCode,
    profile: RenderProfile,
    folder: Path,
    limits: FenceLimits,
    files: Mapping[str, Path] = NO_FILES,
    child: Standby | None = None,
    voiceovers: Sequence[VoiceoverTimes] | None = None,
) -> Rehearsed:
    """Run `code` with its animations skipped; else as `render` does.

    It takes seconds if a render takes minutes.
    """
    job = scene_job(code, profile, Mode.REHEARSE, await _show_files(code, files, folder), voiceovers)
    told = await _play(job, code, folder, limits, lambda played: None, child)
    match told.done:
        case {"event": "rehearsed", "facts": dict(facts)}:
            poster = folder / POSTER_FILE
            return Rehearsed(_checked(code, facts, told.ending), poster if poster in told.ending.files else None)
    raise scene_failed(code.scene_name, Mode.REHEARSE, told.ending, told.failure, limits)


async def trace(
    code: ValidatedSceneCode,
    profile: RenderProfile,
    folder: Path,
    limits: FenceLimits,
    files: Mapping[str, Path] = NO_FILES,
) -> Traced:
    """Rehearse `code`, and record where everything stands at the end of each animation; else as `rehearse` does."""
    job = scene_job(code, profile, Mode.TRACE, await _show_files(code, files, folder))
    told = await _play(job, code, folder, limits, lambda played: None, None)
    if told.done.get("event") == "traced" and folder / TRACE_FILE in told.ending.files:
        pictures = folder / PICTURES_FILE
        found = await in_a_thread(_checked_trace, code, folder / TRACE_FILE, told.ending)
        return Traced(found, pictures if pictures in told.ending.files else None)
    raise scene_failed(code.scene_name, Mode.TRACE, told.ending, told.failure, limits)


async def _show_files(code: ValidatedSceneCode, files: Mapping[str, Path], folder: Path) -> Mapping[str, Path]:
    """Return the files as scene code finds them.

    Our own templates read pictures themselves, as they come.
    """
    if not files or code.origin.kind.is_trusted:
        return files
    return await in_a_thread(plain_files, files, folder / PICTURES)


def scene_job(
    code: ValidatedSceneCode,
    profile: RenderProfile,
    mode: Mode,
    files: Mapping[str, Path],
    voiceovers: Sequence[VoiceoverTimes] | None = None,
) -> Job:
    """Return the scene as a job for the fence."""
    times = None if voiceovers is None else tuple(voiceovers)
    order = SceneOrder(mode=mode, class_name=code.class_name, source=code.source, profile=profile, voiceovers=times)
    plugin = template_plugin(code.origin.maker) if code.origin.kind is OriginKind.TEMPLATE else None
    packages = (*NEEDED, plugin.package) if plugin else NEEDED
    return Job(CHILD, order.model_dump(mode="json"), files, RESULTS[mode], packages)


@dataclass
class _Told:
    """The events of the child of one scene, and how it ended.

    None of it is believed without a check.
    """

    ending: Ending
    animations: int = 0
    done: Event = field(default_factory=dict)
    failure: Event | None = None


async def _play(
    job: Job,
    code: ValidatedSceneCode,
    folder: Path,
    limits: FenceLimits,
    on_animation: Callable[[int], None],
    child: Standby | None,
) -> _Told:
    events: list[Event] = []
    begun = 0

    def listen(event: Event) -> None:
        nonlocal begun
        if event["event"] == "animation":
            begun += 1
            on_animation(begun)
        else:
            events.append(event)

    if job.packages != NEEDED:
        child = None  # what waits behind the fence sees no package of a plug-in
    ending = await (child.run(job, limits, folder, listen) if child else run(job, limits, folder, listen))
    last: dict[str, Any] = events[-1] if events else {}
    if last.get("event") == "failed":
        return _Told(ending, begun, failure=last)
    if ending.was_killed:
        raise SceneKilled(code.scene_name, ending.log[-LOG_TAIL_CHARACTERS:])
    if ending.reason is not Reason.EXITED or ending.returncode != 0:
        raise scene_failed(code.scene_name, Mode(job.order["mode"]), ending, None, limits)
    return _Told(ending, begun, done=last)


def _checked_starts(code: ValidatedSceneCode, told: _Told, voiceovers: int) -> tuple[int, ...]:
    """Return the frames at which the voiceovers begin: as many as were spoken, in order, each in the clip."""
    starts, frames = told.done.get("voiceover_frames", []), told.done["frames"]
    if voiceovers == 0:
        return ()
    are_frames = isinstance(starts, list) and all(type(each) is int and 0 <= each <= frames for each in starts)
    if not are_frames or len(starts) != voiceovers or sorted(starts) != starts:
        raise SceneFailed(code.scene_name, "it told nothing that can be used", told.ending.log)
    return tuple(starts)


def _checked_trace(code: ValidatedSceneCode, path: Path, ending: Ending) -> SceneTrace:
    try:
        return SceneTrace.model_validate_json(path.read_bytes()).model_copy(update={"name": code.scene_name})
    except ValidationError:
        raise SceneFailed(code.scene_name, "it told nothing that can be used", ending.log) from None


def _checked(code: ValidatedSceneCode, facts: dict[str, Any], ending: Ending) -> RehearsalFacts:
    try:
        return RehearsalFacts.model_validate(facts)
    except ValidationError:
        raise SceneFailed(code.scene_name, "it told nothing that can be used", ending.log) from None
