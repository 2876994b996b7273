"""Links for viewers: each shows one video without a token, and the Prefect server keeps only the digest of the link."""

import re
import secrets
from datetime import UTC, datetime
from uuid import UUID

from prefect.client.schemas.actions import VariableCreate
from prefect.exceptions import ObjectNotFound

from callsheet.client.films import film
from callsheet.client.run_lookup import find_run
from callsheet.client.tokens import token_digest
from callsheet.errors import InvalidRequest
from callsheet.model.values import Value
from callsheet.server.connection import connected
from callsheet.server.queries import read_variables
from callsheet.server.runs import RunLike

PREFIX = "callsheet_share_"
"""Beginning of the names of the variables that hold shares on the Prefect server."""
MAX_SHARES_OF_A_RUN = 50
_RANDOM_BYTES = 32
_ID = re.compile(r"[0-9a-f]{16}")
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


class Share(Value):
    """What the server keeps of a link."""

    id: str
    """The first digits of its digest: enough to revoke it."""
    run_id: UUID
    key: str
    """The video in the store. The link shows this one, whatever the run makes later."""
    sha256: str
    created_at: datetime


async def share(run: RunLike) -> tuple[str, Share]:
    """Make a link for the video of a run; return its token, and what is kept. The token can't be read again.

    Raises:
        InvalidRequest: the run does not exist, it has no video, or it has too many links.
        TransientError: the server can't be reached.
    """
    found = await find_run(run)
    made = await film(found)
    if not made.key.startswith("videos/"):
        raise InvalidRequest(f"run “{found.name}” made a single scene; share the run of a video")
    if len(await list_shares(found)) >= MAX_SHARES_OF_A_RUN:
        raise InvalidRequest(f"run “{found.name}” has {MAX_SHARES_OF_A_RUN} links; revoke one first")
    token = secrets.token_urlsafe(_RANDOM_BYTES)
    digest = token_digest(token)
    kept = Share(id=digest[:16], run_id=found.id, key=made.key, sha256=digest, created_at=datetime.now(UTC))
    variable = VariableCreate(name=f"{PREFIX}{kept.id}", value=kept.model_dump(mode="json"), tags=[_tag_of(found.id)])
    async with connected() as client:
        await client.create_variable(variable)
    return token, kept


async def list_shares(run: RunLike) -> tuple[Share, ...]:
    """Return the links of a run, the oldest first. Raises as `find_run`."""
    found = await find_run(run)
    async with connected() as client:
        kept = await read_variables(client, PREFIX, tags=(_tag_of(found.id),))
    return tuple(sorted((Share.model_validate(each.value) for each in kept), key=lambda each: each.created_at))


async def revoke_share(run: RunLike, share_id: str) -> Share:
    """Remove a link of a run; return what was kept of it.

    Raises:
        InvalidRequest: the run does not exist, or has no such link.
    """
    found = await find_run(run)
    unknown = InvalidRequest(f"run “{found.name}” has no link “{share_id[:80]}”", field="id")
    async with connected() as client:
        name = f"{PREFIX}{share_id}"
        variable = await client.read_variable_by_name(name) if _ID.fullmatch(share_id) else None
        if variable is None or (kept := Share.model_validate(variable.value)).run_id != found.id:
            raise unknown
        try:
            await client.delete_variable_by_name(name)
        except ObjectNotFound:
            raise unknown from None
    return kept


async def find_share(token: str) -> Share | None:
    """Return what is kept of a link by its token; None if there is no such link."""
    if not _TOKEN.fullmatch(token):
        return None
    digest = token_digest(token)
    async with connected() as client:
        variable = await client.read_variable_by_name(f"{PREFIX}{digest[:16]}")
    kept = Share.model_validate(variable.value) if variable else None
    return kept if kept and secrets.compare_digest(kept.sha256, digest) else None


def _tag_of(run_id: UUID) -> str:
    return f"run:{run_id}"
