"""Secrets that Callsheet makes once and never shows again: the Prefect server keeps their digests, as variables."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from prefect.client.schemas.actions import VariableCreate
from prefect.exceptions import ObjectNotFound

from callsheet.model.values import Value
from callsheet.server.connection import connected
from callsheet.server.queries import read_variables

RANDOM_BYTES = 32
_DIGITS_OF_AN_ID = 16
_ID = re.compile(rf"[0-9a-f]{{{_DIGITS_OF_AN_ID}}}")


class KeptSecret(Value):
    """What the server keeps of a secret."""

    id: str
    """The first digits of its digest: enough to revoke it."""
    sha256: str
    """The secret is random, so a slow digest would add nothing."""
    created_at: datetime


Kept = TypeVar("Kept", bound=KeptSecret)


@dataclass(frozen=True)
class KeptSecrets(Generic[Kept]):
    """All secrets of one kind.

    All methods raise a TransientError if the server can't be reached.
    """

    kind: type[Kept]
    prefix: str
    """Beginning of the names of their variables on the Prefect server."""

    async def keep(self, secret: str, *, tags: tuple[str, ...] = (), **facts: Any) -> Kept:
        """Keep the digest of a new secret, and what else is known of it."""
        digest = _digest(secret)
        kept = self.kind(id=digest[:_DIGITS_OF_AN_ID], sha256=digest, created_at=datetime.now(UTC), **facts)
        value = kept.model_dump(mode="json")
        async with connected() as client:
            await client.create_variable(VariableCreate(name=f"{self.prefix}{kept.id}", value=value, tags=list(tags)))
        return kept

    async def find(self, secret: str) -> Kept | None:
        """Return what is kept of a secret; None if there is no such secret."""
        digest = _digest(secret)
        kept = await self.read(digest[:_DIGITS_OF_AN_ID])
        return kept if kept and secrets.compare_digest(kept.sha256, digest) else None

    async def read(self, kept_id: str) -> Kept | None:
        """Return what is kept under an id; None if there is nothing."""
        if not _ID.fullmatch(kept_id):
            return None
        async with connected() as client:
            variable = await client.read_variable_by_name(f"{self.prefix}{kept_id}")
        return self.kind.model_validate(variable.value) if variable else None

    async def read_all(self, *, tags: tuple[str, ...] = ()) -> tuple[Kept, ...]:
        """Return what is kept with all of these tags, the oldest first."""
        async with connected() as client:
            variables = await read_variables(client, self.prefix, tags=tags)
        kept = (self.kind.model_validate(each.value) for each in variables)
        return tuple(sorted(kept, key=lambda each: each.created_at))

    async def forget(self, kept: Kept) -> bool:
        """Revoke a secret; return False if it was gone already."""
        async with connected() as client:
            try:
                await client.delete_variable_by_name(f"{self.prefix}{kept.id}")
            except ObjectNotFound:
                return False
        return True


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
