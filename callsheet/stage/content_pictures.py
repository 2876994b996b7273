"""The pictures that a template's content names: their check, and their names by content.

Manim is not imported here.

A path on the machine that fills the template names a picture; a relative path counts from the working directory of
that process. On the machine that renders the scene there is no such path: the picture lies beside the scene's source.
Its content alone decides its name there, so that the same picture gives the same source from every place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path

from callsheet.errors import InvalidRequest
from callsheet.model.content import (
    Content,
    PeopleContent,
    PictureContent,
    pictures_named,
    template_of,
    with_pictures,
)
from callsheet.model.film.look import Look
from callsheet.model.film.scenes import Finding
from callsheet.model.problems import Location, Problem, problem_words
from callsheet.sources import picture_files
from callsheet.sources.picture_files import file_at, picture_suffix
from callsheet.sources.svg_files import check_svg, is_drawing

FIELD = "content.path"
"""The field of the picture in the template of that name."""
LOGO_FIELD = "look.brand.logo"
_DIGITS = 12
"""Digits of the digest in the name: 48 bits, for the one picture of one scene. Stores use all of the digest."""


def picture_problems(content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the picture files that `content` names, each with its field.

    It decodes all of a picture; a drawing is drawn only behind the fence.
    """
    for place, path in pictures_of(content):
        try:
            _check_file(path, ".".join(map(str, ("content", *place))))
        except InvalidRequest as problem:
            yield place, str(problem.args[0])


def check_pictures(content: Content) -> tuple[Finding, ...]:
    """Return a finding about each picture file of `content` that can't be used."""
    return tuple(
        Finding(line=0, message=problem_words(("content", *place), sentence))
        for place, sentence in picture_problems(content)
    )


def pictures_of(content: Content) -> tuple[tuple[Location, str], ...]:
    """Return each picture file that `content` names, with its place in it."""
    if not isinstance(content, PeopleContent | PictureContent):
        return ()
    return tuple(pictures_named(template_of(content), content.model_dump(mode="json")))


def _check_file(file: str, field: str) -> None:
    path = file_at(Path(file))
    if is_drawing(path):
        _check_drawing(path, field)
    else:
        picture_files.check_picture(path, field)


def check_logo(look: Look) -> tuple[Finding, ...]:
    """Return at most one finding about the file of the look's logo, if it has one."""
    if look.brand and look.brand.logo:
        try:
            _check_file(look.brand.logo, LOGO_FIELD)
        except InvalidRequest as problem:
            return (Finding(line=0, message=str(problem)),)
    return ()


def _check_drawing(path: Path, field: str) -> None:
    try:
        check_svg(path)
    except InvalidRequest as problem:
        raise InvalidRequest(f"the drawing “{path.name}”: {problem.args[0]}", field) from None


def with_pictures_by_name(content: Content) -> tuple[Content, Mapping[str, Path]]:
    """Return `content` with names by content for its pictures, and where each of them lies.

    Content without a picture is returned unchanged.

    Raises:
        InvalidRequest: a picture can't be opened.
    """
    named = pictures_of(content)
    if not named:
        return content, {}
    found = {place: _name_by_content(path, "picture", ".".join(map(str, ("content", *place)))) for place, path in named}
    names = {place: name for place, (name, _) in found.items()}
    renamed = type(content).model_validate(with_pictures(content.model_dump(mode="json"), names))
    return renamed, dict(found.values())


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
