"""Links for viewers: each shows one video without a token, and the Prefect server keeps only the digest of the link."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from callsheet.client.films import film
from callsheet.client.kept_secrets import RANDOM_BYTES, KeptSecret, KeptSecrets
from callsheet.client.run_lookup import find_run
from callsheet.errors import InvalidRequest
from callsheet.server.runs import RunLike

MAX_SHARES_OF_A_RUN = 50
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


class Share(KeptSecret):
    """What the server keeps of a link."""

    run_id: UUID
    key: str
    """The video in the store. The link shows this one, whatever the run makes later."""
    expires_at: datetime | None = None
    """From then on the link does not exist. None: it lasts until it is revoked."""

    @property
    def is_over(self) -> bool:
        """Return whether its time is over."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


_SHARES = KeptSecrets(Share, "callsheet_share_")


async def share(run: RunLike, *, lasts: timedelta | None = None) -> tuple[str, Share]:
    """Make a link for the video of a run; return its token, and what is kept. The token can't be read again.

    The link `lasts` so long, or until it is revoked. Links of the run whose time is over are removed.

    Raises:
        InvalidRequest: the run does not exist, it has no video, or it has too many links.
        TransientError: the server can't be reached.
    """
    found = await find_run(run)
    made = await film(found)
    if not made.key.startswith("videos/"):
        raise InvalidRequest(f"run “{found.name}” made a single scene; share the run of a video")
    kept = await _SHARES.read_all(tags=(_tag_of(found.id),))
    for each in kept:
        if each.is_over:
            await _SHARES.forget(each)
    if sum(not each.is_over for each in kept) >= MAX_SHARES_OF_A_RUN:
        raise InvalidRequest(f"run “{found.name}” has {MAX_SHARES_OF_A_RUN} links; revoke one first")
    token = secrets.token_urlsafe(RANDOM_BYTES)
    until = None if lasts is None else datetime.now(UTC) + lasts
    tags = (_tag_of(found.id),)
    return token, await _SHARES.keep(token, tags=tags, run_id=found.id, key=made.key, expires_at=until)


async def list_shares(run: RunLike) -> tuple[Share, ...]:
    """Return the links of a run that work, the oldest first. Raises as `find_run`."""
    kept = await _SHARES.read_all(tags=(_tag_of((await find_run(run)).id),))
    return tuple(each for each in kept if not each.is_over)


async def revoke_share(run: RunLike, share_id: str) -> Share:
    """Remove a link of a run; return what was kept of it.

    Raises:
        InvalidRequest: the run does not exist, or has no such link.
    """
    found = await find_run(run)
    kept = await _SHARES.read(share_id)
    if kept is None or kept.run_id != found.id or not await _SHARES.forget(kept):
        raise InvalidRequest(f"run “{found.name}” has no link “{share_id[:80]}”", field="id")
    return kept


async def find_share(token: str) -> Share | None:
    """Return what is kept of a link by its token; None if there is no such link, or its time is over."""
    kept = await _SHARES.find(token) if _TOKEN.fullmatch(token) else None
    return None if kept is None or kept.is_over else kept


def _tag_of(run_id: UUID) -> str:
    return f"run:{run_id}"
