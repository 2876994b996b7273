"""The picture that a template's content names: checked, and given a name made of what is in it. Manim stays out.

A picture is named by a path on the machine that fills the template; a relative path counts from the working directory
of that process. Where the scene is rendered there is no such path: the picture lies beside the scene's source, under a
name that its content alone decides, so that the same picture gives the same source wherever it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path

from callsheet.errors import InvalidRequest
from callsheet.model.content import Content, PictureContent
from callsheet.model.film.scenes import Finding
from callsheet.sources import picture_files
from callsheet.sources.picture_files import file_at, picture_suffix
from callsheet.sources.svg_files import check_svg, is_drawing

FIELD = "content.path"
_DIGITS = 12
"""Of the digest, in the name: 48 bits, for the one picture of one scene. What is stored is known by all of them."""


def check_picture(content: Content) -> tuple[Finding, ...]:
    """What is wrong with the picture file of `content`, if it names one: at most one finding.

    Decodes all of a picture; a drawing is drawn behind the fence alone.
    """
    if not isinstance(content, PictureContent):
        return ()
    path = file_at(Path(content.path))
    try:
        if is_drawing(path):
            _check_drawing(path)
        else:
            picture_files.check_picture(path, FIELD)
    except InvalidRequest as problem:
        return (Finding(line=0, message=str(problem)),)
    return ()


def _check_drawing(path: Path) -> None:
    try:
        check_svg(path)
    except InvalidRequest as problem:
        raise InvalidRequest(f"the drawing “{path.name}”: {problem.args[0]}", FIELD) from None


def with_picture_by_name(content: Content) -> tuple[Content, Mapping[str, Path]]:
    """`content` with its picture named by what is in it, and where that picture lies; as it is where it has none.

    Raises:
        InvalidRequest: the picture can't be opened.
    """
    if not isinstance(content, PictureContent):
        return content, {}
    path = file_at(Path(content.path)).absolute()
    suffix = ".svg" if is_drawing(path) else picture_suffix(path, FIELD)
    with path.open("rb") as file:
        name = f"picture-{file_digest(file, 'sha256').hexdigest()[:_DIGITS]}{suffix}"
    return content.model_copy(update={"path": name}), {name: path}
