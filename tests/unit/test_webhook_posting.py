"""Posting of an event: what each answer of a receiver means, over real HTTP."""

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from callsheet.errors import (
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    SetupIncomplete,
    TransientError,
)
from callsheet.model.run.webhooks import WebhookEvent, WebhookType
from callsheet.notify import new_secret
from callsheet.notify.posting import endpoints, post
from callsheet.providers.http_errors import retry_after_s
from callsheet.settings import Settings
from tests.fakes.webhook_receiver import Answer, WebhookReceiver

EVENT = WebhookEvent(id="msg_1", type=WebhookType.PING, timestamp=datetime(2026, 5, 4, tzinfo=UTC))


@pytest.fixture
def receiver():
    """A receiver, and nothing of the environment of the person who runs the tests."""
    with WebhookReceiver() as made:
        yield made


def endpoint_of(url, secret, timeout_s=5):
    """The endpoint of settings with this address."""
    [endpoint] = endpoints(Settings(webhook_url=url, webhook_secret=secret, webhook_timeout_s=timeout_s))
    return endpoint


async def refusal(receiver, *answers, timeout_s=5):
    """The error that comes of an answer."""
    receiver.answer(*answers)
    with pytest.raises((ProviderRefused, TransientError)) as raised:
        await post(endpoint_of(receiver.url, receiver.secret, timeout_s), EVENT)
    assert "nobodys-business" not in f"{raised.value} {raised.value!r}"
    return raised.value


async def test_a_receiver_gets_what_was_signed(receiver):
    """One request: JSON, three headers, and the receipt says who took it."""
    receipt = await post(endpoint_of(receiver.url, receiver.secret), EVENT)
    [delivery] = receiver.deliveries
    assert (receipt.host, receipt.status) == (f"127.0.0.1:{receiver.port}", 204)
    assert (delivery.id, delivery.path) == ("msg_1", "/hooks/nobodys-business")
    assert WebhookEvent.model_validate_json(delivery.body) == EVENT
    assert delivery.headers["content-type"] == "application/json"


async def test_another_secret_is_refused_by_the_receiver(receiver):
    """For good: trying again would not help."""
    with pytest.raises(ProviderRefused, match="HTTP 401"):
        await post(endpoint_of(receiver.url, new_secret()), EVENT)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
async def test_a_refusal_is_final(receiver, status):
    """With the beginning of what was said, in one line, and no more."""
    error = await refusal(receiver, Answer(status, body=b"No such\nhook. " + b"x" * 10_000))
    assert isinstance(error, ProviderRefused)
    assert (error.status, "No such hook." in str(error), len(str(error)) < 300) == (status, True, True)


@pytest.mark.parametrize("status", [408, 409, 425, 500, 502, 503, 504])
async def test_a_receiver_that_is_unwell_is_asked_again(receiver, status):
    """After the time that it asks for, where it does."""
    error = await refusal(receiver, Answer(status, {"Retry-After": "7"}))
    assert (type(error), error.retry_after_s) == (ProviderUnavailable, 7)


async def test_a_receiver_that_has_had_enough_says_when_to_come_back(receiver):
    """Its word is taken."""
    error = await refusal(receiver, Answer(429, {"Retry-After": "120"}))
    assert (type(error), error.retry_after_s) == (RateLimited, 120)


async def test_a_redirect_is_not_followed(receiver):
    """The address is what was set, or nothing."""
    error = await refusal(receiver, Answer(307, {"Location": "http://127.0.0.1:9/elsewhere"}))
    assert isinstance(error, ProviderRefused)
    assert "CALLSHEET_WEBHOOK_URL" in str(error)
    assert len(receiver.deliveries) == 1


async def test_a_receiver_that_never_answers_is_left_in_time(receiver):
    """The limit is on the whole of it."""
    error = await refusal(receiver, Answer(wait_s=1.5), timeout_s=0.3)
    assert isinstance(error, ProviderTimeout)
    assert "0.3 seconds" in str(error)


async def test_nobody_there_is_asked_again():
    """A receiver that is being restarted."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        endpoint = endpoint_of(f"http://127.0.0.1:{held.getsockname()[1]}/", new_secret())
        with pytest.raises(ProviderUnavailable, match="can't be reached"):
            await post(endpoint, EVENT)


def test_an_endpoint_shows_neither_address_nor_key():
    """Some services put a token into the path."""
    endpoint = endpoint_of("https://example.com/token-1234", new_secret())
    assert "token-1234" not in f"{endpoint!r} {endpoint.name}"
    assert endpoint.name.startswith("example.com ")
    assert "key" not in repr(endpoint)


def test_several_addresses_are_separated_by_commas():
    """And stand apart by their names, though the host is the same."""
    set_up = Settings(webhook_url="https://example.com/a, https://example.com/b", webhook_secret=new_secret())
    names = [endpoint.name for endpoint in endpoints(set_up)]
    assert (len(set(names)), names) == (2, sorted(names))


@pytest.mark.parametrize("url", ["example.com/x", "ftp://example.com/x", "http://", "https://me:word@example.com/x"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url):
    """The setting is named instead."""
    with pytest.raises(SetupIncomplete, match="CALLSHEET_WEBHOOK_URL") as refused:
        endpoints(Settings(webhook_url=url, webhook_secret=new_secret()))
    assert "example.com" not in str(refused.value)


def test_an_address_without_a_secret_is_refused():
    """Nothing leaves unsigned; without an address, nothing is asked for."""
    with pytest.raises(SetupIncomplete, match="callsheet webhook secret"):
        endpoints(Settings(webhook_url="https://example.com/x", webhook_secret=None))
    assert endpoints(Settings(webhook_url="", webhook_secret=None)) == ()


def test_retry_after_is_a_number_or_a_date():
    """Anything else says nothing."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert retry_after_s(" 30 ") == 30
    assert 85 < retry_after_s(soon) <= 90
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert [retry_after_s(text) for text in ("", "soon", "-5", "1.5")] == [None] * 4
