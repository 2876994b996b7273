"""A request file with all that can be checked before a run: its fields, formulas, pictures and layout.

The fields of a file tell what it asks for: see the kinds of films in `callsheet/model/run/kinds.py`.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from callsheet.disk import is_there
from callsheet.errors import InvalidRequest
from callsheet.model.content import pictures_named
from callsheet.model.film.look import is_path_of_look
from callsheet.model.film.profile import ProfileName
from callsheet.model.film.sound import Mood
from callsheet.model.problems import Location, Problem
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.model.run.kinds import FilmRequest, film_kind_taking, film_kind_with
from callsheet.model.values import ADDRESSES, FileRequest
from callsheet.sources.request_files import load_request, place_of, readable_scenes
from callsheet.sources.yaml_files import FileProblem, RequestFileInvalid, open_data_file
from callsheet.sources.yaml_tree import Fields, Items
from callsheet.stage.content import scene_problems
from callsheet.storage.keys import digest_in

PICTURES_OF_PAIR = ("first", "last")
DOCUMENTS = ("document", "screenplay")
Kind = TypeVar("Kind", bound=FileRequest)


def read_request(path: Path, kind: type[Kind], profile: ProfileName | None = None, name: str = "") -> Kind:
    """Return the request of this kind in a file, with whole paths for the files that it names.

    `profile` replaces the file's own. `name` is what messages call the file, if a person knows it by another name.

    Raises:
        InvalidRequest: the file can't be read at all.
        RequestFileInvalid: it holds no such request; each problem has its line.
    """
    changes: dict[str, Any] = {"profile": profile} if profile else {}
    if not film_kind_taking(kind).is_staged:
        read = open_data_file(path, name).value(kind, partial(_problems_of_files, path.parent))
        return with_files(_looking(read.model_copy(update=changes), path), partial(whole_path, path.parent))
    request = _looking(load_request(path, name, scene_problems).model_copy(update=changes), path)
    from callsheet.stage.composing import layout_problems  # which imports Typst: not for a request that is wrong

    places = {id(brief): place for place, brief in enumerate(request.scenes)}
    found = list(_problems_of_files(path.parent, request.model_dump(mode="json", include={"music"})))
    found += [
        (("scenes", places[id(each.scene)], *location), sentence)
        for each in request.scene_requests()
        for location, sentence in layout_problems(each)
    ]
    if found:
        open_data_file(path, name).value(kind, lambda _: found)
    # A request without music names no file that is not in its place already.
    return cast("Kind", with_files(request, partial(whole_path, path.parent)) if request.music else request)


def _looking(request: Kind, path: Path) -> Kind:
    """Return the request in the file `path` with its look of one's own, if it names one."""
    look = getattr(request, "look", None)
    if look is None or not look.name:
        return request
    # A request of words needs neither Pillow nor the settings.
    from callsheet.settings import settings
    from callsheet.sources.own_looks import FIELD, with_own_look

    try:
        own = with_own_look(look, settings().looks_dir, path.parent)
    except InvalidRequest as problem:
        if problem.field == FIELD:  # else it is in the file of the look, which the sentence names
            found: list[Problem] = [((FIELD,), problem.args[0])]
            open_data_file(path).value(type(request), lambda _: found)
        raise
    return request.model_copy(update={"look": own})


def kind_of(path: Path) -> type[FilmRequest]:
    """Return the kind of request that a file holds. Raises as `read_request` does."""
    if path.suffix == ".py" and is_there(path):
        raise InvalidRequest(f"{path} is Python: `callsheet render {path}` makes it, or a scene of a request as `code`")
    document = open_data_file(path)
    scenes = next((value for key, value in document.root.fields if key.text == "scenes"), None)
    items = scenes.items if isinstance(scenes, Items) else ()
    fields_of_scenes = [{key.text for key, _ in scene.fields} for scene in items if isinstance(scene, Fields)]
    return film_kind_with(document.keys, fields_of_scenes).request


def read_what_is_right(
    path: Path, profile: ProfileName | None
) -> tuple[VideoRequest | None, tuple[SceneRequest, ...], tuple[FileProblem, ...]]:
    """Return the request in a file, its scenes that are right, and what is wrong.

    If something is wrong, there is no request, but there are the scenes in which nothing is wrong. The layout is not
    checked.

    Raises:
        InvalidRequest: the file can't be read at all.
    """
    try:
        request = load_request(path, check=scene_problems)
    except RequestFileInvalid as wrong:
        places = {problem.field.split(".")[1] for problem in wrong.problems if problem.field.startswith("scenes.")}
        scenes = tuple(each for each in readable_scenes(path, profile) if str(each.number - 1) not in places)
        return None, scenes, wrong.problems
    request = _looking(request.model_copy(update={"profile": profile or request.profile}), path)
    request = request.with_opening_and_close()
    return request, request.scene_requests(), ()


def with_files(request: Kind, changed: Callable[[str], str]) -> Kind:
    """Return a request with each file that it names replaced by `changed(file)`."""
    data = request.model_dump(mode="json", exclude_unset=True)
    for location, file in _files(data):
        container: Any = data
        for step in location[:-1]:
            container = container[step]
        container[location[-1]] = changed(file)
    return type(request).model_validate(data)


def _files(data: dict[str, Any]) -> Iterator[tuple[Location, str]]:
    """Yield the pictures, the music and the texts that a request's plain data names, each with its field."""
    found: list[tuple[Location, Any]] = [((name,), data.get(name)) for name in ("picture", *DOCUMENTS)]
    scenes, music = data.get("scenes"), data.get("music")
    for place, scene in enumerate(scenes if isinstance(scenes, list | tuple) else ()):
        if isinstance(scene, dict):
            found += [(("scenes", place, name), scene.get(name)) for name in PICTURES_OF_PAIR]
    panels = data.get("panels")
    found += [(("panels", name), file) for name, file in panels.items()] if isinstance(panels, dict) else []
    place_of_music, music_file = (
        (("music", "file"), music.get("file")) if isinstance(music, dict) else (("music",), music)
    )
    if music_file not in tuple(Mood):
        found.append((place_of_music, music_file))
    yield from ((location, file) for location, file in found if isinstance(file, str) and file)


def files_named(data: dict[str, Any]) -> Iterator[tuple[Location, str]]:
    """Yield every file and folder that a request's plain data names, each with its field; those of scenes, too.

    The data of one scene alone is right as well.
    """
    yield from _files(data)
    if folder := data.get("catalogue"):
        yield ("catalogue",), folder
    yield from _files_of_look(data.get("look"))
    for place in (("scenes",), ("storyboard", "scenes"), ("scene",), ()):
        found: Any = data
        for step in place:
            found = found.get(step) if isinstance(found, dict) else None
        for at, scene in enumerate(found if isinstance(found, list) else [found] if isinstance(found, dict) else ()):
            where = (*place, at) if isinstance(found, list) else place
            yield from (((*where, "files", number), file) for number, file in enumerate(scene.get("files") or ()))
            for within, path in pictures_named(scene.get("template"), scene.get("content")):
                yield (*where, "content", *within), path


def _files_of_look(look: Any) -> Iterator[tuple[Location, str]]:
    if not isinstance(look, dict):
        return
    if is_path_of_look(name := look.get("name") or ""):
        yield ("look", "name"), name
    if logo := (look.get("brand") or {}).get("logo"):
        yield ("look", "brand", "logo"), logo


def _problems_of_files(folder: Path, data: dict[str, Any]) -> Iterator[Problem]:
    for location, file in _files(data):
        place = whole_path(folder, file)
        if is_elsewhere(place):
            continue
        if location[0] in ("music", *DOCUMENTS):
            if not is_there(Path(place)):
                yield location, f"there is no file “{place}”"
            continue
        from callsheet.sources.picture_files import file_at, problem_of_picture  # a request of words needs no Pillow

        if problem := problem_of_picture(file_at(Path(place))):
            yield location, problem


def whole_path(folder: Path, file: str) -> str:
    """Return the whole path of a file, as `place_of` does.

    An address or the key of a stored file stays as it is.
    """
    return file if is_elsewhere(file) else place_of(folder, file)


def is_elsewhere(file: str) -> bool:
    """Return whether an address or the key of a stored file names a file."""
    return file.startswith(ADDRESSES) or digest_in(file) is not None
