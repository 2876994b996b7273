"""Scenes composed behind the fence, and a cache of them by their content.

The fence skips their animations, as in a rehearsal.

Callsheet does not compose a scene again while its code, its files, its profile and the composing code stay the same. So
`callsheet check` after a change takes only the time of the scenes that have changed.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import callsheet
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import LONGEST_SILENCE_S, eye
from callsheet.disk import check_home, whole_file
from callsheet.errors import SceneFailed, SceneKilled, SceneRejected

if TYPE_CHECKING:
    from callsheet.model.film.scenes import ValidatedSceneCode
    from callsheet.model.film.trace import SceneTrace
    from callsheet.model.requests.video import SceneRequest

MOST_KEPT = 500
"""Most scenes that the cache keeps; it removes the oldest. One picture takes some 50 KB."""
SOURCE_SUFFIXES = (".py", ".md", ".yaml", ".xz")
PACKAGES = ("manim", "pycairo", "manimpango", "pygments", "svgelements", "typst", "numpy", "pillow", "av")

Made = TypeVar("Made")


@dataclass(frozen=True)
class Composed:
    """A composed scene: its problems and remarks, its length and its last frame."""

    scene: "SceneRequest"
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    duration_s: float | None = None
    """None if Callsheet could not compose the scene, or if a language model is to write it."""
    poster: bytes = b""
    """Last frame before the stage is cleared, as PNG; empty if the scene was not composed."""

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` says of the scene."""
        return {
            "number": self.scene.number,
            "name": self.scene.scene.name,
            "problems": list(self.problems),
            "remarks": list(self.remarks),
            "duration_s": self.duration_s,
        }


@dataclass(frozen=True)
class TracedScene:
    """A scene whose places and times are known, or the problems that prevent it."""

    scene: "SceneRequest"
    problems: tuple[str, ...] = ()
    trace: "SceneTrace | None" = None
    pictures: bytes = b""
    """The pictures at the ends of its spans, one under the other, as PNG; empty if there are none."""


def compose_all(scenes: "Sequence[SceneRequest]") -> list[Composed]:
    """Compose every scene, as many at once as the settings allow renders, and report progress.

    Raises:
        SetupIncomplete: the home can't be written to.
    """
    return _of_all(scenes, _compose)


def trace_all(scenes: "Sequence[SceneRequest]") -> list[TracedScene]:
    """Rehearse every scene and record where everything stands; else as `compose_all` does."""
    return _of_all(scenes, _trace)


def _of_all(
    scenes: "Sequence[SceneRequest]", make: "Callable[[SceneRequest, Path, set[int]], Coroutine[Any, Any, Made]]"
) -> "list[Made]":
    from callsheet.scratch import scratch_dir
    from callsheet.settings import settings

    check_home(settings().home, to_write=True, needs_little=True)

    async def make_all() -> "list[Made]":
        begun: set[int] = set()
        with scratch_dir(settings().scratch_dir, "preview") as folder:
            working = [asyncio.create_task(make(each, folder / str(at), begun)) for at, each in enumerate(scenes)]
            async with _telling(working, begun):
                return list(await asyncio.gather(*working))

    with tidying_up():
        return asyncio.run(make_all())


@asynccontextmanager
async def _telling(working: "Sequence[asyncio.Task[Any]]", begun: Collection[int]) -> AsyncIterator[None]:
    """Report the progress every few seconds; the first scenes wait until Manim is imported."""

    async def tell() -> None:
        since_s = time.monotonic()
        while True:
            await asyncio.sleep(LONGEST_SILENCE_S)
            done = sum(task.done() for task in working)
            stage = f"composing scenes behind the fence: {done} of {len(working)} done"
            if not done:
                stage = "importing Manim, to compose scenes" if begun else "checking code, and testing the fence"
            eye.print(f"… {stage}, {time.monotonic() - since_s:.0f} s so far", markup=False)

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()


async def _compose(scene: "SceneRequest", folder: Path, begun: set[int]) -> Composed:
    from callsheet.model.run.attempts import trouble_of
    from callsheet.settings import settings
    from callsheet.stage import canaries, sandbox
    from callsheet.stage.limits import rehearsal_limits, stage_limits
    from callsheet.threads import in_a_thread

    try:
        code, files = await in_a_thread(_code_of, scene, folder)
        kept = _Kept(code, scene, files)
        if (known := kept.read(scene)) is not None:
            return known
        await canaries.ensure_fence(settings().home, stage_limits(settings()))
        begun.add(scene.number)
        taken = await sandbox.rehearse(code, scene.render_profile, folder, rehearsal_limits(settings()), files)
    except (SceneRejected, SceneFailed, SceneKilled) as error:
        return await in_a_thread(_with_layout, scene, tuple(map(str, trouble_of(error).findings)))
    layout = tuple(str(found.message) for found in taken.facts.layout) if scene.scene.code else ()
    composed = Composed(
        scene,
        remarks=(*map(str, code.remarks), *layout),
        duration_s=taken.facts.frames / scene.render_profile.frame_rate,
        poster=taken.poster.read_bytes() if taken.poster else b"",
    )
    kept.write(composed)
    return composed


async def _trace(scene: "SceneRequest", folder: Path, begun: set[int]) -> TracedScene:
    from callsheet.model.run.attempts import trouble_of
    from callsheet.settings import settings
    from callsheet.stage import canaries, sandbox
    from callsheet.stage.limits import rehearsal_limits, stage_limits
    from callsheet.threads import in_a_thread

    try:
        code, files = await in_a_thread(_code_of, scene, folder)
        await canaries.ensure_fence(settings().home, stage_limits(settings()))
        begun.add(scene.number)
        taken = await sandbox.trace(code, scene.render_profile, folder, rehearsal_limits(settings()), files)
    except (SceneRejected, SceneFailed, SceneKilled) as error:
        found = await in_a_thread(_with_layout, scene, tuple(map(str, trouble_of(error).findings)))
        return TracedScene(scene, found.problems)
    return TracedScene(scene, (), taken.trace, taken.pictures.read_bytes() if taken.pictures else b"")


def _with_layout(scene: "SceneRequest", problems: tuple[str, ...]) -> Composed:
    """Return a scene that can't be composed; a layout that does not fit names field and excess."""
    from callsheet.stage.composing import layout_problems

    fitting = tuple(f"{'.'.join(map(str, location))}: {sentence}" for location, sentence in layout_problems(scene))
    return Composed(scene, problems=fitting or problems)


def _code_of(scene: "SceneRequest", folder: Path) -> "tuple[ValidatedSceneCode, dict[str, Path]]":
    """Create the working folder; return the checked code and its files by their names.

    Raises:
        SceneRejected: something in its code or its content is wrong.
    """
    from callsheet.model.film.scenes import Origin, OriginKind, SceneCode
    from callsheet.scene_lint import load_catalogue, reviewed, validate
    from callsheet.settings import settings
    from callsheet.sources.scene_files import checked_files, files_beside
    from callsheet.stage.illustrating import shown_content
    from callsheet.stage.template_source import fill_template

    folder.mkdir()
    brief = scene.scene
    if not brief.code:
        filled = fill_template(
            brief.name, shown_content(scene, brief.filled()), scene.look, composition=scene.composition
        )
        return reviewed(filled.code), dict(filled.files)
    origin = Origin(kind=OriginKind.CODE, maker="the request")
    code = SceneCode(scene_name=brief.name, class_name="", source=brief.code, origin=origin)
    files = checked_files([Path(file) for file in brief.files])
    # The command has already reported the parts of drawings that it does not draw.
    beside = files_beside(files, {name: path for name, path in files.items() if path.suffix == ".py"})
    catalogue = load_catalogue(settings().catalogue_dir)
    return validate(code, catalogue, beside=beside), files


class _Kept:
    """The cache entry of a scene; it stores only successes, and nothing on a full disk."""

    def __init__(self, code: "ValidatedSceneCode", scene: "SceneRequest", files: Mapping[str, Path]) -> None:
        from callsheet.settings import settings

        made_from = [
            code.class_name,
            code.source,
            scene.render_profile.model_dump(mode="json"),
            {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()},
            _composer(),
        ]
        digest = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()
        self._folder = settings().home / "composed"
        self._facts, self._poster = (self._folder / f"{digest}{suffix}" for suffix in (".json", ".png"))

    def read(self, scene: "SceneRequest") -> Composed | None:
        """Return the composed scene; None if the cache does not hold it."""
        try:
            facts = json.loads(self._facts.read_bytes())
            poster = self._poster.read_bytes() if facts["has_poster"] else b""
            return Composed(scene, (), tuple(facts["remarks"]), float(facts["duration_s"]), poster)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, composed: Composed) -> None:
        """Store the picture before the facts: a reader that finds the facts finds both."""
        facts = {
            "has_poster": bool(composed.poster),
            "remarks": composed.remarks,
            "duration_s": composed.duration_s,
        }
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for path, content in ((self._poster, composed.poster), (self._facts, json.dumps(facts).encode())):
                with whole_file(path) as part:
                    part.write_bytes(content)
            for old in sorted(self._folder.glob("*.json"), key=_written_ns, reverse=True)[MOST_KEPT:]:
                old.unlink(missing_ok=True)
                old.with_suffix(".png").unlink(missing_ok=True)


def _written_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # another command has removed it
        return 0


@cache
def _composer() -> list[str]:
    """Return the digest of the composing code, and the versions of the packages that draw."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return [digest.hexdigest(), *(version(package) for package in PACKAGES)]


def _sources() -> Iterator[Path]:
    root = Path(callsheet.__path__[0])
    for part in ("stage", "model", "scene_lint", "sources", "fence", "encoder.py", "lettering.py"):
        found = [root / part] if part.endswith(".py") else (root / part).rglob("*")
        yield from sorted(path for path in found if path.suffix in SOURCE_SUFFIXES)
