"""The check that what a scene shows fits into its picture, before anything runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callsheet.errors import ContentTooLong
from callsheet.formulas import UnsettableError
from callsheet.model.content import Content, ExplainContent, TextKind, template_of
from callsheet.model.problems import Location, Problem, location_of
from callsheet.model.requests.video import SceneRequest
from callsheet.sources.picture_files import file_at
from callsheet.sources.svg_files import is_drawing
from callsheet.stage.content_pictures import pictures_of
from callsheet.stage.illustrating import shown_content

# A scene with less than this has room in every profile and template; the examples have a third of it.
ROOMY_CHARACTERS, ROOMY_TEXT, ROOMY_FORMULA, ROOMY_WORD, ROOMY_TEXTS = 500, 130, 36, 22, 16
_BISECTIONS = 4


def layout_problems(request: SceneRequest) -> Iterator[Problem]:
    """Yield what does not fit into the picture, with its field and by how much it is too long.

    Only scenes with much in them are composed with Manim, whose import takes two seconds.
    """
    if request.scene.code:
        return
    content = shown_content(request, request.scene.filled())
    if isinstance(content, ExplainContent) or _is_roomy(content):
        return
    if any(is_drawing(file_at(Path(path))) for _, path in pictures_of(content)):
        return  # drawings are drawn behind the fence alone
    try:
        _compose(content, request)
    except ContentTooLong as error:
        share = _share_that_fits(content, request, location_of(error.field.removeprefix("content.")))
        much = f" (about {100 - round(100 * share)} % shorter fits)" if share else ""
        yield location_of(error.field), f"{error.args[0]}{much}"


def _is_roomy(content: Content) -> bool:
    texts = [
        (kind, text)
        for where, kind, text in content.texts()
        if text and kind is not TextKind.DRAWING and not where.endswith("path")
    ]
    longest_word = max((len(word) for _, text in texts for word in text.split()), default=0)
    return (
        len(texts) <= ROOMY_TEXTS
        and sum(len(text) for _, text in texts) <= ROOMY_CHARACTERS
        and longest_word <= ROOMY_WORD
        and all(len(text) <= (ROOMY_FORMULA if kind is TextKind.FORMULA else ROOMY_TEXT) for kind, text in texts)
    )


def _compose(content: Content, request: SceneRequest) -> None:
    # When the root logger has no handler, Manim's import gives it one that writes every log line to standard output.
    root = logging.getLogger()
    if not root.hasHandlers():
        root.addHandler(logging.NullHandler())
    from callsheet.stage.kit.elements import Kit
    from callsheet.stage.kit.frame import frame_for
    from callsheet.stage.templates import scene_class

    scene_class(template_of(content)).compose(
        content, Kit(request.look, frame_for(request.render_profile), request.composition)
    )


def _share_that_fits(content: Content, request: SceneRequest, field: Location) -> float:
    """Return the largest share of the field's texts with which all fits, to a sixteenth.

    Return 0 if nothing fits.
    """
    fitting, failing = 0.0, 1.0
    for _ in range(_BISECTIONS):
        share = (fitting + failing) / 2
        try:
            _compose(_shortened(content, field, share), request)
            fitting = share
        except (ContentTooLong, UnsettableError, ValueError):  # a formula that is cut has no meaning
            failing = share
    return fitting


def _shortened(content: Content, field: Location, share: float) -> Content:
    """Return the content with each text below `field` cut to a share of its characters."""
    data = content.model_dump(mode="json")
    container: Any = data
    for step in field[:-1]:
        container = container[step]
    container[field[-1]] = _cut(container[field[-1]], share)
    return type(content).model_validate(data)


def _cut(value: Any, share: float) -> Any:
    if isinstance(value, str):
        return value[: max(1, round(len(value) * share))]
    if isinstance(value, list):
        return [_cut(each, share) for each in value]
    return {name: _cut(each, share) for name, each in value.items()} if isinstance(value, dict) else value
