"""Ids that clients of other systems choose: a tag on the run, and the key of its start."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.gateway.problems import HttpRefusal
from callsheet.model.run.runs import Run

ID_PATTERN = r"^[\w.@+-]{1,80}$"
RUNS_OF_AN_ID = 20
"""The server sorts by the time of the last start, so a run that was retried may stand before newer ones."""


@dataclass(frozen=True)
class ClientId:
    """An id that a client has chosen. Each owner has other ids."""

    thing: str
    """What the other system calls it: project, task."""
    id: str
    owner: str

    @property
    def tag(self) -> str:
        """Return the tag of its runs."""
        return f"{self.thing}:{self.owner}:{self.id}"

    async def latest(self) -> Run | None:
        """Return its run that was started last; None if there is none."""
        found = await client.list_runs(tags=(self.tag,), limit=RUNS_OF_AN_ID)
        return found[0] if found else None

    async def run(self) -> Run:
        """Return its run that was started last. Raises HttpRefusal if there is none."""
        if (found := await self.latest()) is None:
            raise HttpRefusal(
                HTTPStatus.NOT_FOUND, f"{self.thing} “{self.id}” has no run; start it first", field=f"{self.thing}_id"
            )
        return found

    async def start(self, request: Any, after: Run | None) -> Run:
        """Start its next run. Two starts after the same run are one.

        Raises HttpRefusal if the other start has another request.
        """
        # No owner's name begins with a slash, so no caller can give such a key.
        key = f"/{self.tag}/{after.id if after else 'first'}"
        try:
            return await client.start(request, idempotency_key=key, owner=self.owner, tags=(self.tag,))
        except InvalidRequest as error:
            if error.field != "idempotency_key":
                raise
        raise self.conflict()

    def conflict(self) -> HttpRefusal:
        """Return the refusal of a start while the id has an active run of another request."""
        sentence = f"{self.thing} “{self.id}” has an active run of another request; wait for its end"
        return HttpRefusal(HTTPStatus.CONFLICT, sentence, field=f"{self.thing}_id")
