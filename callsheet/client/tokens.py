"""Tokens of the HTTP API: each has an owner, and the Prefect server keeps only its digest."""

import re
import secrets

from callsheet.client.kept_secrets import RANDOM_BYTES, KeptSecret, KeptSecrets
from callsheet.errors import InvalidRequest

_OWNER = re.compile(r"[\w.@+-]{1,80}")


class ApiToken(KeptSecret):
    """What the server keeps of a token."""

    owner: str
    is_admin: bool = False
    """Whether it sees and controls the runs of all owners."""


_TOKENS = KeptSecrets(ApiToken, "callsheet_token_")


async def add_token(owner: str, *, is_admin: bool = False) -> str:
    """Make a token for an owner; return it. It can't be read again.

    Raises:
        InvalidRequest: the owner's name has a character that is not allowed.
        TransientError: the server can't be reached.
    """
    if not _OWNER.fullmatch(owner):
        raise InvalidRequest(f"“{owner[:80]}” can't be an owner; use letters, digits and . _ @ + -", field="owner")
    token = f"cs_{secrets.token_urlsafe(RANDOM_BYTES)}"
    await _TOKENS.keep(token, owner=owner, is_admin=is_admin)
    return token


async def list_tokens() -> tuple[ApiToken, ...]:
    """Return the tokens that the server keeps, the oldest first."""
    return await _TOKENS.read_all()


async def revoke_token(token_id: str) -> ApiToken:
    """Remove a token; return what was kept of it.

    Raises:
        InvalidRequest: there is no token with this id.
    """
    kept = await _TOKENS.read(token_id)
    if kept is None or not await _TOKENS.forget(kept):
        raise InvalidRequest(f"there is no token “{token_id[:80]}”; `callsheet token list` shows them", field="id")
    return kept


async def find_token(token: str) -> ApiToken | None:
    """Return what is kept of a token; None if there is no such token."""
    return await _TOKENS.find(token)
