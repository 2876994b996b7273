"""The picture that a template's content names: its check, and its name by content.

Manim is not imported here.

A path on the machine that fills the template names the picture; a relative path counts from the working directory of
that process. On the machine that renders the scene there is no such path: the picture lies beside the scene's source.
Its content alone decides its name there, so that the same picture gives the same source from every place.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path

from callsheet.errors import InvalidRequest
from callsheet.model.content import Content, PictureContent
from callsheet.model.film.look import Look
from callsheet.model.film.scenes import Finding
from callsheet.sources import picture_files
from callsheet.sources.picture_files import file_at, picture_suffix
from callsheet.sources.svg_files import check_svg, is_drawing

FIELD = "content.path"
LOGO_FIELD = "look.brand.logo"
_DIGITS = 12
"""Digits of the digest in the name: 48 bits, for the one picture of one scene. Stores use all of the digest."""


def check_picture(content: Content) -> tuple[Finding, ...]:
    """Return at most one finding about the picture file of `content`, if it names one.

    It decodes all of a picture; a drawing is drawn only behind the fence.
    """
    if not isinstance(content, PictureContent):
        return ()
    return _check_file(content.path, FIELD)


def _check_file(file: str, field: str) -> tuple[Finding, ...]:
    path = file_at(Path(file))
    try:
        if is_drawing(path):
            _check_drawing(path, field)
        else:
            picture_files.check_picture(path, field)
    except InvalidRequest as problem:
        return (Finding(line=0, message=str(problem)),)
    return ()


def check_logo(look: Look) -> tuple[Finding, ...]:
    """Return at most one finding about the file of the look's logo, if it has one."""
    return _check_file(look.brand.logo, LOGO_FIELD) if look.brand and look.brand.logo else ()


def _check_drawing(path: Path, field: str) -> None:
    try:
        check_svg(path)
    except InvalidRequest as problem:
        raise InvalidRequest(f"the drawing “{path.name}”: {problem.args[0]}", field) from None


def with_picture_by_name(content: Content) -> tuple[Content, Mapping[str, Path]]:
    """Return `content` with a name by content for its picture, and where the picture lies.

    Content without a picture is returned unchanged.

    Raises:
        InvalidRequest: the picture can't be opened.
    """
    if not isinstance(content, PictureContent):
        return content, {}
    name, path = _name_by_content(content.path, "picture", FIELD)
    return content.model_copy(update={"path": name}), {name: path}


def with_logo_by_name(look: Look) -> tuple[Look, Mapping[str, Path]]:
    """Return `look` with a name by content for its logo, and where the logo lies. Raises as the function above."""
    if not look.brand or not look.brand.logo:
        return look, {}
    name, path = _name_by_content(look.brand.logo, "logo", LOGO_FIELD)
    brand = look.brand.model_copy(update={"logo": name})
    return look.model_copy(update={"brand": brand}), {name: path}


def _name_by_content(file: str, kind: str, field: str) -> tuple[str, Path]:
    path = file_at(Path(file)).absolute()
    suffix = ".svg" if is_drawing(path) else picture_suffix(path, field)
    with path.open("rb") as opened:
        return f"{kind}-{file_digest(opened, 'sha256').hexdigest()[:_DIGITS]}{suffix}", path
