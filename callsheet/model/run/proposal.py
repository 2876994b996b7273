"""What a run proposes to make, for a person to approve as it is or changed."""

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
    """The estimate as markdown; where an answer could not be used, the reason is above it."""
    scenes: tuple[AnyFilmScene, ...]
    """In the order of the film."""
    until: datetime | None = None
    """When the run is given up without an answer."""
