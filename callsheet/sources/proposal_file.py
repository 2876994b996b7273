"""The scenes that a run proposes, as YAML: Callsheet writes them, a person changes them, and Callsheet reads them.

They are the scenes of a video or picture pairs. People know the file as the storyboard of the run.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ConfigDict, Field, create_model

from callsheet.model.requests.video import SceneBrief
from callsheet.model.run.kinds import FilmScene, film_kind_with
from callsheet.model.run.proposal import Proposal
from callsheet.model.values import Value
from callsheet.sources.request_files import SceneCheck, read_value, with_pictures_located
from callsheet.sources.yaml_files import open_data_file

LINE_WIDTH = 110


def proposal_text(proposal: Proposal) -> str:
    """Return the estimate as a comment, then the scenes, without their default values."""
    lines = [f"# {line}".rstrip() for line in proposal.page.splitlines()]
    scenes = [scene.model_dump(mode="json", exclude_none=True, exclude_defaults=True) for scene in proposal.scenes]
    written = yaml.dump(
        {"scenes": scenes}, Dumper=StoryboardWriter, sort_keys=False, allow_unicode=True, width=LINE_WIDTH
    )
    return "\n".join([*lines, "", written])


def read_proposed_scenes(path: Path, check: SceneCheck = lambda _: ()) -> Sequence[FilmScene]:
    """Return the scenes in a file that `proposal_text` has written and a person has changed.

    `check` is that of `load_request`.

    Raises:
        InvalidRequest: the file can't be read at all.
        RequestFileInvalid: it holds no storyboard; each problem has its line.
    """
    document = open_data_file(path, what="a storyboard has at least `scenes`")
    data = document.value(_AnyStoryboard)
    kind = film_kind_with((), data.scenes)
    if kind.is_staged:
        return with_pictures_located(read_value(path, _Storyboard, check=check).scenes, path.parent)
    assert kind.approval
    scenes_of_kind: Any = kind.approval.decision.model_fields["scenes"].annotation
    written = document.value(create_model("_StoryboardOfKind", __base__=Value, scenes=(scenes_of_kind, ...)))
    scenes: Sequence[FilmScene] = cast("Any", written).scenes
    return scenes


class _Storyboard(Value):
    scenes: tuple[SceneBrief, ...]


class _AnyStoryboard(Value):
    model_config = ConfigDict(extra="ignore")

    scenes: tuple[dict[str, Any], ...] = Field(min_length=1)


class StoryboardWriter(yaml.SafeDumper):
    """Writes a text of several lines so that it stays readable."""


def _write_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


StoryboardWriter.add_representer(str, _write_text)
