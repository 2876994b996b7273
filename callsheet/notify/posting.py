"""Posts an event to an address, once.

The result is a receipt, or an error that says whether to try again.

The operator sets the address, so any host will do, this machine included. But the poster follows no redirect and takes
no proxy and no password from the environment. It keeps only the status and a short excerpt of the answer. An address
may itself be a secret (some services put a token into the path): messages name only its host.
"""

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import httpx

from callsheet.errors import CallsheetError, ProviderRefused, SetupIncomplete
from callsheet.model.run.webhooks import Receipt, WebhookEvent
from callsheet.notify.signing import key_of, signed_headers
from callsheet.providers.http_errors import connection_faults, passing_fault_of_host, retry_after_s
from callsheet.settings import Settings

USER_AGENT = "callsheet-webhooks/1"
MAX_EXCERPT_BYTES = 200
SETTING = "CALLSHEET_WEBHOOK_URL"


@dataclass(frozen=True)
class Endpoint:
    """An address that takes events. Its printed form shows neither the address nor the key."""

    url: httpx.URL = field(repr=False)
    key: bytes = field(repr=False)
    timeout_s: float

    @property
    def host(self) -> str:
        """Return the host, with the port if it is not the usual one."""
        return self.url.netloc.decode("ascii")

    @cached_property
    def name(self) -> str:
        """Return a name that differs from other addresses of the same host, and hides the address."""
        return f"{self.host} {hashlib.sha256(str(self.url).encode()).hexdigest()[:8]}"


def endpoints(settings: Settings) -> tuple[Endpoint, ...]:
    """Return the addresses of the settings, in the order of their names.

    Raises:
        SetupIncomplete: one is no address, or there is no secret to sign with.
    """
    parsed = [_parsed(url) for url in settings.webhook_url]
    if not parsed:
        return ()
    if settings.webhook_secret is None:
        raise SetupIncomplete(
            f"{SETTING} is set without a secret to sign with; set CALLSHEET_WEBHOOK_SECRET to what "
            "`callsheet webhook secret` prints.",
            missing="CALLSHEET_WEBHOOK_SECRET",
        )
    key = key_of(settings.webhook_secret.get_secret_value())
    made = (Endpoint(url, key, settings.webhook_timeout_s) for url in parsed)
    return tuple(sorted(made, key=lambda endpoint: endpoint.name))


async def post(endpoint: Endpoint, event: WebhookEvent) -> Receipt:
    """Send the event, signed at this moment.

    Raises:
        ProviderRefused: the receiver does not want it, or the address has changed.
        RateLimited, ProviderUnavailable, ProviderTimeout: it may take it later.
    """
    headers = {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        **signed_headers(event.id, event.body, datetime.now(UTC), endpoint.key),
    }
    with connection_faults(endpoint.host, f"within {endpoint.timeout_s:g} seconds"):
        async with (
            asyncio.timeout(endpoint.timeout_s),
            httpx.AsyncClient(timeout=endpoint.timeout_s, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", endpoint.url, content=event.body, headers=headers) as response,
        ):
            if response.is_success:
                return Receipt(host=endpoint.host, status=response.status_code)
            raise await _read_fault(endpoint.host, response)


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        raise _no_address("is no address") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise _no_address("does not begin with https:// or http:// and a host")
    if url.userinfo:
        raise _no_address("has a user name or a password in it; the signature says who sends")
    return url


def _no_address(problem: str) -> SetupIncomplete:
    return SetupIncomplete(f"{SETTING}: its value {problem}; write https://host/path.", missing=SETTING)


async def _read_fault(host: str, response: httpx.Response) -> CallsheetError:
    """Return the error of an answer, with its beginning in one line."""
    status = response.status_code
    beginning = await anext(response.aiter_bytes(MAX_EXCERPT_BYTES), b"")
    excerpt = " ".join(beginning.decode("utf-8", errors="replace").split())
    said = f"{status}: {excerpt}" if excerpt else str(status)
    if fault := passing_fault_of_host(host, status, said, retry_after_s(response.headers.get("retry-after", ""))):
        return fault
    if response.is_redirect:
        return ProviderRefused(host, status, f"it redirects, which is not followed; set {SETTING} to where it leads")
    return ProviderRefused(host, status, excerpt or "without a word")
