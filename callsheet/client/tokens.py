"""Tokens of the HTTP API: each has an owner, and the Prefect server keeps only its digest."""

import hashlib
import re
import secrets
from datetime import UTC, datetime

from prefect.client.schemas.actions import VariableCreate

from callsheet.errors import InvalidRequest
from callsheet.model.values import Value
from callsheet.server.connection import connected
from callsheet.server.queries import read_variables

PREFIX = "callsheet_token_"
"""Beginning of the names of the variables that hold tokens on the Prefect server."""
_DIGITS_IN_NAMES = 16
_RANDOM_BYTES = 32
_OWNER = re.compile(r"[\w.@+-]{1,80}")


class ApiToken(Value):
    """What the server keeps of a token."""

    id: str
    """The first digits of its digest: enough to revoke it."""
    owner: str
    is_admin: bool = False
    """Whether it sees and controls the runs of all owners."""
    sha256: str
    created_at: datetime


async def add_token(owner: str, *, is_admin: bool = False) -> str:
    """Make a token for an owner; return it. It can't be read again.

    Raises:
        InvalidRequest: the owner's name has a character that is not allowed.
        TransientError: the server can't be reached.
    """
    if not _OWNER.fullmatch(owner):
        raise InvalidRequest(f"“{owner[:80]}” can't be an owner; use letters, digits and . _ @ + -", field="owner")
    token = f"cs_{secrets.token_urlsafe(_RANDOM_BYTES)}"
    digest = token_digest(token)
    kept = ApiToken(
        id=digest[:_DIGITS_IN_NAMES], owner=owner, is_admin=is_admin, sha256=digest, created_at=datetime.now(UTC)
    )
    async with connected() as client:
        await client.create_variable(VariableCreate(name=f"{PREFIX}{kept.id}", value=kept.model_dump(mode="json")))
    return token


async def list_tokens() -> tuple[ApiToken, ...]:
    """Return the tokens that the server keeps, the oldest first."""
    async with connected() as client:
        kept = await read_variables(client, PREFIX)
    return tuple(sorted((ApiToken.model_validate(each.value) for each in kept), key=lambda each: each.created_at))


async def revoke_token(token_id: str) -> ApiToken:
    """Remove a token; return what was kept of it.

    Raises:
        InvalidRequest: there is no token with this id.
    """
    async with connected() as client:
        variable = await client.read_variable_by_name(f"{PREFIX}{token_id}") if token_id.isalnum() else None
        if variable is None:
            raise InvalidRequest(f"there is no token “{token_id[:80]}”; `callsheet token list` shows them", field="id")
        await client.delete_variable_by_name(variable.name)
    return ApiToken.model_validate(variable.value)


async def find_token(token: str) -> ApiToken | None:
    """Return what is kept of a token; None if there is no such token."""
    digest = token_digest(token)
    async with connected() as client:
        variable = await client.read_variable_by_name(f"{PREFIX}{digest[:_DIGITS_IN_NAMES]}")
    kept = ApiToken.model_validate(variable.value) if variable else None
    return kept if kept and secrets.compare_digest(kept.sha256, digest) else None


def token_digest(token: str) -> str:
    """Return what is kept of a secret that Callsheet made. It is random, so a slow digest would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
