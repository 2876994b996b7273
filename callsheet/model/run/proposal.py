"""The proposal of a run: a film that a person approves, changed or as it is."""

from datetime import datetime
from uuid import UUID

from callsheet.model.run.kinds import AnyFilmScene
from callsheet.model.values import Value


class Proposal(Value):
    """The storyboard of a run that waits for approval, and what it will take."""

    run_id: UUID
    name: str
    """Of the run."""
    page: str
    """The estimate as markdown. If an answer could not be used, the reason is above it."""
    scenes: tuple[AnyFilmScene, ...]
    """In the order of the film."""
    until: datetime | None = None
    """When Callsheet gives the run up if there is no answer."""
