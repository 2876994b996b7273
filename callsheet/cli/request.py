"""The request that a command is given, found to be right before anything is started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.printing import eye
from callsheet.model.profile import ProfileName

if TYPE_CHECKING:
    from callsheet.model.requests import VideoRequest

RequestFile = Annotated[Path, typer.Argument(help="Request file: title, scenes and options, as YAML or JSON.")]
ProfileOption = Annotated[
    ProfileName | None, typer.Option(help="Render in this profile instead of the file's.", case_sensitive=False)
]


ApprovalOption = Annotated[
    bool, typer.Option("--approval", help="Ask for approval before anything is made, whatever the file says.")
]


def read_request(file: Path, profile: ProfileName | None, approval: bool = False) -> VideoRequest:
    """The request in the file, in this profile where one is given, and with approval where it is wanted.

    Raises:
        InvalidRequest: the file can't be read or is wrong (the message names the line and the field), a formula has
            no meaning, or a picture is not there.
    """
    from callsheet.sources.request_file import load_request
    from callsheet.stage.content import remarks_on_drawings, scene_problems

    request = load_request(file, check=scene_problems)
    for remark in remarks_on_drawings(request.scenes):
        eye.print(remark, style="yellow", markup=False, soft_wrap=True)
    wanted = {"profile": profile or request.profile, "approval": approval or request.approval}
    request = request.model_copy(update=wanted)
    _check_layout(request, file)
    return request


def _check_layout(request: VideoRequest, file: Path) -> None:
    """Raise InvalidRequest where scenes don't fit into the picture: all of them, each with its field."""
    from callsheet.errors import InvalidRequest
    from callsheet.stage.composing import layout_problems

    told = [
        f"{file}: scene “{each.scene.name}”, {'.'.join(map(str, location))}: {sentence}"
        for each in request.scene_requests()
        for location, sentence in layout_problems(each)
    ]
    if told:
        raise InvalidRequest("\n".join(told))
