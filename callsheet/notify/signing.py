"""Signatures of webhooks as Standard Webhooks defines them: HMAC-SHA256 over `id.timestamp.body`, version v1."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from callsheet.errors import SetupIncomplete, SignatureInvalid

SECRET_PREFIX = "whsec_"
VERSION = "v1"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
# The standard's bounds for a key, and how far the two clocks may be apart before a message counts as replayed.
SHORTEST_KEY_BYTES, LONGEST_KEY_BYTES = 24, 64
TOLERANCE_S = 300


def new_secret() -> str:
    """Return a new secret, as the setting and the receiver take it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for.

    Raises:
        SetupIncomplete: the secret is none; the message does not repeat it.
    """
    try:
        key = base64.b64decode(secret.strip().removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not SHORTEST_KEY_BYTES <= len(key) <= LONGEST_KEY_BYTES:
        raise SetupIncomplete(
            f"The webhook secret is not {SHORTEST_KEY_BYTES} to {LONGEST_KEY_BYTES} bytes in base64, after "
            f"“{SECRET_PREFIX}”; `callsheet webhook secret` makes one.",
            missing="CALLSHEET_WEBHOOK_SECRET",
        )
    return key


def signed_headers(event_id: str, body: bytes, sent_at: datetime, key: bytes) -> dict[str, str]:
    """Return the three headers that go with a body that is sent now."""
    timestamp = str(int(sent_at.timestamp()))
    return {ID: event_id, TIMESTAMP: timestamp, SIGNATURE: f"{VERSION},{_signature(event_id, timestamp, body, key)}"}


def verify(
    headers: Mapping[str, str],
    body: bytes,
    secret: str,
    *,
    now: datetime | None = None,
    tolerance_s: float = TOLERANCE_S,
) -> str:
    """Check that the body comes from a sender with the secret, and was sent just now.

    Return its delivery id.

    Pass the body as it came in, before anything parses it. A body that was delivered before has the same id.

    Raises:
        SignatureInvalid: it does not, or was sent longer ago than `tolerance_s`; the message says which.
        SetupIncomplete: the secret is none.
    """
    given = {name.lower(): value for name, value in headers.items()}
    missing = [name for name in (ID, TIMESTAMP, SIGNATURE) if not given.get(name)]
    if missing:
        raise SignatureInvalid(f"the header {missing[0]} is missing")
    _check_time(given[TIMESTAMP], now or datetime.now(UTC), tolerance_s)
    expected = _signature(given[ID], given[TIMESTAMP], body, key_of(secret)).encode()
    # While a sender changes its secret it signs with both; each signature stands with its version, apart by a space.
    signatures = (each.partition(",") for each in given[SIGNATURE].split())
    candidates = [signature.encode() for version, _, signature in signatures if version == VERSION]
    if not any([hmac.compare_digest(expected, candidate) for candidate in candidates]):  # noqa: C419  # in constant time
        raise SignatureInvalid("the signature is not that of this body and this secret")
    return given[ID]


def _check_time(timestamp: str, now: datetime, tolerance_s: float) -> None:
    if not (timestamp.isascii() and timestamp.isdigit()):
        raise SignatureInvalid("the header webhook-timestamp is no number of seconds")
    if abs(now.timestamp() - int(timestamp)) > tolerance_s:
        raise SignatureInvalid(f"it was not sent within {tolerance_s:g} seconds of now; check the clock")


def _signature(event_id: str, timestamp: str, body: bytes, key: bytes) -> str:
    signed = b".".join((event_id.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
