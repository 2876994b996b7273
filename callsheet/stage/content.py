"""What only the stage knows of a request before anything runs: whether its formulas and its pictures can be shown."""

from collections.abc import Iterable

from callsheet.errors import InvalidRequest
from callsheet.model.requests import SceneBrief
from callsheet.stage.templates.mathematics import check_mathematics
from callsheet.stage.templates.pictures import check_picture


def check_content(scenes: Iterable[SceneBrief]) -> None:
    """Look at what every scene shows.

    Raises:
        InvalidRequest: a formula has no meaning, or a picture is not there.
    """
    for brief in scenes:
        if brief.code:  # checked by the run, with what is installed where it is rendered
            continue
        content = brief.filled()
        if findings := (*check_mathematics(content), *check_picture(content)):
            raise InvalidRequest("; ".join(map(str, findings)), field=f"scene “{brief.name}”")
