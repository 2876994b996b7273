"""Looks of one's own: YAML files with the colours, typefaces, logo, opening and close of a brand."""

from __future__ import annotations

from pathlib import Path

from callsheet.disk import is_there
from callsheet.errors import InvalidRequest
from callsheet.model.film.brand import Brand
from callsheet.model.film.look import LOOK_SUFFIXES, Look, OwnLook, ThemeName, is_path_of_look
from callsheet.model.problems import nearest
from callsheet.sources.picture_files import file_at, problem_of_picture
from callsheet.sources.request_files import place_of
from callsheet.sources.svg_files import check_svg, is_drawing
from callsheet.sources.yaml_files import open_data_file

FIELD = "look"


def with_own_look(look: Look, looks_dir: Path, folder: Path | None = None) -> Look:
    """Return `look` with what the file of its name says; a look without a name, or with all of it, is unchanged.

    A name alone is that of a file in `looks_dir`. A path counts from `folder`, or from the working directory.

    Raises:
        InvalidRequest: there is no such file, or its logo can't be taken.
        RequestFileInvalid: it is no look, or a text could not be read; each problem has its line and its field.
    """
    if not look.name or look.brand:
        return look
    path = _file_of(look.name, looks_dir, folder)
    own = open_data_file(path, what="a look has `colours`, `typefaces`, `logo`, `intro` or `outro`").value(OwnLook)
    brand = Brand(**{field: getattr(own, field) for field in Brand.model_fields})
    if brand.logo:
        logo = place_of(path.parent, brand.logo)
        _check_logo(path, logo)
        brand = brand.model_copy(update={"logo": logo})
    dark = ThemeName.MIDNIGHT if brand.colours is None or brand.colours.is_dark else ThemeName.PAPER
    theme = own.theme or (dark if brand.colours else look.theme)
    return look.model_copy(update={"name": None, "theme": theme, "brand": brand})


def _file_of(name: str, looks_dir: Path, folder: Path | None) -> Path:
    if is_path_of_look(name):
        path = Path(place_of(folder or Path(), name))
        if not is_there(path):
            raise InvalidRequest(f"there is no file “{path}”", FIELD)
        return path
    for suffix in LOOK_SUFFIXES:
        if is_there(path := looks_dir / f"{name}{suffix}"):
            return path
    known = sorted(path.stem for path in looks_dir.glob("*") if path.suffix in LOOK_SUFFIXES)
    near = nearest(name, known)
    advice = f"did you mean “{near}”?" if near else f"there are {', '.join(known)}" if known else "the folder has none"
    raise InvalidRequest(f"there is no look “{name}” in {looks_dir}: {advice}", FIELD)


def _check_logo(look_file: Path, logo: str) -> None:
    file = file_at(Path(logo))
    if not is_there(file):
        raise InvalidRequest(f"there is no file “{logo}”", f"{look_file}, logo")
    if is_drawing(file):
        try:
            check_svg(file)
        except InvalidRequest as problem:
            raise InvalidRequest(f"the drawing “{file.name}”: {problem.args[0]}", f"{look_file}, logo") from None
    elif fault := problem_of_picture(file):
        raise InvalidRequest(fault, f"{look_file}, logo")
