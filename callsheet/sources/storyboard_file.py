"""The storyboard of a document, as YAML: Callsheet writes it, a person changes it, and Callsheet reads it."""

from pathlib import Path

import yaml

from callsheet.model.requests.storyboard import Storyboard
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


def read_storyboard(path: Path, check: SceneCheck = lambda _: ()) -> Storyboard:
    """Return the storyboard in a file. `check` is that of `load_request`.

    Raises:
        InvalidRequest: the file can't be read at all.
        RequestFileInvalid: it holds no storyboard; each problem has its line.
    """
    storyboard = read_value(path, Storyboard, check=check)
    return storyboard.model_copy(update={"scenes": with_pictures_located(storyboard.scenes, path.parent)})
