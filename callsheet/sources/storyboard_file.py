"""The storyboard of a document, as YAML: Callsheet writes it, a person changes it, and Callsheet reads it."""

from pathlib import Path
from shutil import copyfile

import yaml

from callsheet.disk import make_folder, whole_file
from callsheet.model.content import pictures_named, with_pictures
from callsheet.model.requests.storyboard import Storyboard, StoryboardScene
from callsheet.sources.proposal_file import LINE_WIDTH, StoryboardWriter
from callsheet.sources.request_files import SceneCheck, read_value, with_pictures_located

HEAD = """\
# The film of {origin}, scene by scene. Change words, scenes and their order, then make it:
#     callsheet explain --storyboard {file}
# `at` is the part of the picture that a line speaks about; `places` say where the document says it.
"""


def storyboard_text(storyboard: Storyboard, file: Path) -> str:
    """Return the storyboard without its default values, under a comment that says what to do with `file`."""
    plain = storyboard.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    head = HEAD.format(origin=storyboard.origin or storyboard.title, file=file)
    return head + yaml.dump(plain, Dumper=StoryboardWriter, sort_keys=False, allow_unicode=True, width=LINE_WIDTH)


def with_pictures_beside(storyboard: Storyboard, folder: Path) -> Storyboard:
    """Return the storyboard with copies of its pictures in `folder`, which stands beside its file.

    The scenes name them from there, so file and folder may be moved together.
    """
    return storyboard.model_copy(update={"scenes": tuple(_beside(scene, folder) for scene in storyboard.scenes)})


def _beside(scene: StoryboardScene, folder: Path) -> StoryboardScene:
    named = {place: Path(path) for place, path in pictures_named(scene.template, scene.content)}
    if not named:
        return scene
    make_folder(folder)
    for source in named.values():
        with whole_file(folder / source.name) as part:
            copyfile(source, part)
    beside = {place: f"{folder.name}/{source.name}" for place, source in named.items()}
    return scene.model_copy(update={"content": with_pictures(scene.content, beside)})


def read_storyboard(path: Path, check: SceneCheck = lambda _: ()) -> Storyboard:
    """Return the storyboard in a file. `check` is that of `load_request`.

    Raises:
        InvalidRequest: the file can't be read at all.
        RequestFileInvalid: it holds no storyboard; each problem has its line.
    """
    storyboard = read_value(path, Storyboard, check=check)
    return storyboard.model_copy(update={"scenes": with_pictures_located(storyboard.scenes, path.parent)})
