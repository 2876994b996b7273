"""What only the stage knows of a request before anything runs: whether its formulas and its files can be shown."""

from collections.abc import Iterable
from pathlib import Path

from callsheet.errors import InvalidRequest
from callsheet.model.requests import SceneBrief
from callsheet.stage.templates.mathematics import check_mathematics
from callsheet.stage.templates.pictures import check_picture
from callsheet.stage.user_files import checked_files


def check_content(scenes: Iterable[SceneBrief]) -> None:
    """Look at what every scene shows.

    Raises:
        InvalidRequest: a formula has no meaning, or a file is not there or can't be taken.
    """
    for brief in scenes:
        try:
            checked_files([Path(file) for file in brief.files])
        except InvalidRequest as problem:
            raise InvalidRequest(str(problem), field=f"scene “{brief.name}”") from None
        if brief.code:  # checked by the run, with what is installed where it is rendered
            continue
        content = brief.filled()
        if findings := (*check_mathematics(content), *check_picture(content)):
            raise InvalidRequest("; ".join(map(str, findings)), field=f"scene “{brief.name}”")
