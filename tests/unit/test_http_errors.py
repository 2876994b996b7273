"""One HTTP answer has one meaning, whether a language model, Replicate, a file, a webhook or Prefect is asked."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from pydantic import SecretStr

from callsheet.errors import (
    CallsheetError,
    InvalidRequest,
    ProviderError,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    SetupIncomplete,
    TransientError,
)
from callsheet.footage.catalogue import read_catalogue
from callsheet.footage.replicate import ReplicateFootage
from callsheet.model.run.webhooks import WebhookEvent, WebhookType
from callsheet.notify.posting import Endpoint, post
from callsheet.providers.http_errors import connection_faults
from callsheet.server.connection import connected
from callsheet.sources.fetch import FetchLimits, fetch
from callsheet.writing.writer import Writer
from tests.fakes.one_answer import answering

TOKEN = "token-4711-of-nobody"
EVENT = WebhookEvent(id="msg_1", type=WebhookType.PING, timestamp=datetime(2026, 5, 4, tzinfo=UTC))


async def ask_model(url: str, folder: Path) -> None:
    """A question to a language model."""
    await Writer("test-writer", f"{url}/v1", SecretStr(TOKEN), timeout_s=5).ask("the scene", "Write.", "A circle.")


async def ask_replicate(url: str, folder: Path) -> None:
    """A question to Replicate."""

    async def nothing(url: str, folder: Path, media_types: frozenset[str], max_bytes: int) -> Path:
        raise AssertionError

    async with aclosing(ReplicateFootage(read_catalogue(), SecretStr(TOKEN), url, nothing)) as provider:
        await provider.check_account()


async def ask_for_file(url: str, folder: Path) -> None:
    """A file at an address."""
    limits = FetchLimits(frozenset({"image/png"}), 1000, 5, frozenset({urlsplit(url).netloc}))
    await fetch(f"{url}/picture.png", folder, limits)


async def send_webhook(url: str, folder: Path) -> None:
    """A webhook."""
    await post(Endpoint(httpx.URL(url), b"key", 5), EVENT)


async def ask_prefect(url: str, folder: Path) -> None:
    """A question to a Prefect server."""
    with temporary_settings({PREFECT_API_URL: f"{url}/api", PREFECT_CLIENT_MAX_RETRIES: 0}):
        async with connected() as prefect:
            await prefect.read_flow_runs()


ASKING: tuple[Callable[[str, Path], Awaitable[None]], ...] = (
    ask_model, ask_replicate, ask_for_file, send_webhook, ask_prefect,
)  # fmt: skip
REFUSED, GONE = ProviderRefused, InvalidRequest
MEANINGS: dict[int, tuple[type[CallsheetError], ...]] = {
    400: (REFUSED, REFUSED, GONE, REFUSED, InvalidRequest),
    401: (REFUSED, REFUSED, GONE, REFUSED, SetupIncomplete),
    402: (QuotaExhausted, QuotaExhausted, GONE, REFUSED, InvalidRequest),
    404: (REFUSED, REFUSED, GONE, REFUSED, SetupIncomplete),
    408: (ProviderTimeout, ProviderTimeout, ProviderUnavailable, ProviderUnavailable, TransientError),
    409: (ProviderUnavailable, ProviderUnavailable, ProviderUnavailable, ProviderUnavailable, InvalidRequest),
    425: (*[ProviderUnavailable] * 4, TransientError),
    429: (*[RateLimited] * 4, TransientError),
    500: (*[ProviderUnavailable] * 4, TransientError),
    503: (*[ProviderUnavailable] * 4, TransientError),
    599: (*[ProviderUnavailable] * 4, TransientError),
}
"""What each of `ASKING` makes of a status."""
CASES = [
    pytest.param(status, ask, error, id=f"{status}-{ask.__name__}")
    for status, errors in MEANINGS.items()
    for ask, error in zip(ASKING, errors, strict=True)
]


@pytest.mark.parametrize(("status", "ask", "error"), CASES)
async def test_an_answer_has_one_meaning(
    status: int, ask: Callable[[str, Path], Awaitable[None]], error: type[CallsheetError], tmp_path: Path
) -> None:
    """What may be taken later is tried again after the wait that is asked for; the rest is for good."""
    # Prefect's own client waits as long as it is told, also where it does not ask again.
    wait_s = 0 if ask is ask_prefect else 7
    answer = answering(status, reason="As ordered", **{"Retry-After": str(wait_s)})
    with answer as url, pytest.raises(CallsheetError) as raised:
        await ask(url, tmp_path)
    assert type(raised.value) is error
    assert "\n" not in str(raised.value)
    assert TOKEN not in str(raised.value)
    if isinstance(raised.value, ProviderError):
        assert raised.value.retry_after_s == 7


@pytest.mark.parametrize(
    ("raised", "error", "words"),
    [
        (httpx.ReadTimeout("https://example.com/secret"), ProviderTimeout, "example.com did not answer within 5 s"),
        (TimeoutError(), ProviderTimeout, "example.com did not answer within 5 s"),
        (
            httpx.ConnectError("https://example.com/secret"),
            ProviderUnavailable,
            "can't be reached, or closed the connection",
        ),
        (
            httpx.DecodingError("https://example.com/secret"),
            ProviderUnavailable,
            "can't be reached, or closed the connection",
        ),
    ],
)
def test_no_answer_is_an_error_without_the_address(raised: Exception, error: type[ProviderError], words: str) -> None:
    """An address may itself be a secret."""
    with pytest.raises(ProviderError, match=words) as found, connection_faults("example.com", "within 5 s"):
        raise raised
    assert type(found.value) is error
    assert found.value.__cause__ is None
    assert "secret" not in str(found.value)
