"""The checks that only the stage can make before anything runs: whether a scene can show what it is to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from callsheet.errors import InvalidRequest
from callsheet.model.content import Content, PeopleContent, PictureContent, TextKind
from callsheet.model.problems import Problem, location_of
from callsheet.model.requests.video import SceneBrief, SceneRequest

if TYPE_CHECKING:
    from callsheet.scene_lint import Catalogue


def check_scenes(scenes: Iterable[SceneRequest], catalogue: Catalogue | None = None) -> None:
    """Raise InvalidRequest about every mistake of every scene.

    Mistakes are in formulas and files, or in content that does not fit.

    Every request passes this check before anything of it is made. With the `catalogue` of the installed Manim, scenes
    of code are checked as well: that takes 20 ms a scene. They are checked once more before they run.
    """
    told = [
        f"scene “{each.scene.name}”, {'.'.join(map(str, location))}: {sentence}"
        for each in scenes
        for location, sentence in _problems(each, catalogue)
    ]
    if told:
        raise InvalidRequest("; ".join(told))


def _problems(scene: SceneRequest, catalogue: Catalogue | None) -> Iterator[Problem]:
    """Yield the problems of a scene.

    What can't be set or read has no room that could be measured.
    """
    found = list(scene_problems(scene.scene))
    if not found and scene.scene.code:
        found = list(_code_problems(scene.scene, catalogue)) if catalogue else []
    elif not found:
        from callsheet.stage.composing import layout_problems

        found = list(layout_problems(scene))
    yield from found


def scene_problems(brief: SceneBrief) -> Iterator[Problem]:
    """Yield what is wrong with the formulas and the files of a scene, each with its field.

    The run checks a scene of code, with what is installed on its machine. What a check needs is imported only for the
    scenes that need it: a request of words is read without the programs that set formulas and read pictures.
    """
    if brief.files:
        from callsheet.sources.scene_files import checked_files

        try:
            checked_files([Path(file) for file in brief.files])
        except InvalidRequest as problem:
            yield ("files",), str(problem).removeprefix("files: ")
    if brief.code:
        return
    content = brief.filled()
    place = ("content",) if brief.template else ()
    if any(kind is TextKind.FORMULA or (kind is TextKind.PROSE and "$" in text) for _, kind, text in content.texts()):
        from callsheet.stage.kit.mathematics import formula_problems

        yield from (((*place, *location), sentence) for location, sentence in formula_problems(content))
    yield from (((*place, *location), sentence) for location, sentence in _keyword_problems(content))
    if isinstance(content, PeopleContent | PictureContent):
        from callsheet.stage.content_pictures import picture_problems

        yield from ((("content", *location), sentence) for location, sentence in picture_problems(content))


def _keyword_problems(content: Content) -> Iterator[Problem]:
    """Yield the words that name no drawing, with the nearest that do."""
    keywords = [(where, text) for where, kind, text in content.texts() if kind is TextKind.DRAWING and text]
    if not keywords:
        return
    from callsheet.drawings import find_drawing, nearest_keywords

    for where, keyword in keywords:
        if find_drawing(keyword) is None:
            near = " or ".join(f"“{word}”" for word in nearest_keywords(keyword))
            advice = f"did you mean {near}?" if near else "take another word for it, or leave it out"
            yield location_of(where), f"there is no drawing called “{keyword}”: {advice}"


def _code_problems(brief: SceneBrief, catalogue: Catalogue) -> Iterator[Problem]:
    from callsheet.scene_lint import findings_of
    from callsheet.sources.scene_files import checked_files, files_beside

    files = checked_files([Path(file) for file in brief.files])
    beside = files_beside(files, files)
    for finding in findings_of(brief.code, "", catalogue, beside=beside):
        yield ("code",), str(finding)


def remarks_on_drawings(scenes: Iterable[SceneBrief]) -> Iterator[str]:
    """Yield a sentence for each part of a scene's drawings that Callsheet does not draw.

    The files were checked before.
    """
    drawings = {
        path.name: path
        for brief in scenes
        for path in map(Path, brief.files)
        if path.suffix.lower() == ".svg" and (not brief.code or "SVGMobject" in brief.code)
    }
    if drawings:
        from callsheet.sources.plain_svg import remarks_on

        yield from map(str, remarks_on(drawings))
