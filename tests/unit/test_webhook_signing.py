"""Signatures of webhooks: those of the standard, and nothing else is taken for one."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.errors import SetupIncomplete, SignatureInvalid
from callsheet.notify import new_secret, verify
from callsheet.notify.signing import key_of, signed_headers

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=40)


def signed(body=b"{}", event_id="msg_1", sent_at=NOW, secret=SECRET):
    """The headers of a body."""
    return signed_headers(event_id, body, sent_at, key_of(secret))


def test_a_signature_is_the_one_that_the_standard_publishes():
    """The test vector of Standard Webhooks, which its own libraries are tested with."""
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    sent_at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', sent_at, key)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


@given(IDS, st.binary(max_size=300), st.binary(min_size=24, max_size=64))
def test_what_is_signed_verifies(event_id, body, key):
    """Whatever the body and the key; header names are taken in any case, and the id comes back."""
    headers = {name.title(): value for name, value in signed_headers(event_id, body, NOW, key).items()}
    assert verify(headers, body, "whsec_" + base64.b64encode(key).decode(), now=NOW) == event_id


@given(st.binary(min_size=1, max_size=100), st.data())
def test_a_body_that_was_changed_anywhere_is_refused(body, data):
    """A single bit is enough."""
    position = data.draw(st.integers(0, len(body) * 8 - 1))
    changed = bytearray(body)
    changed[position // 8] ^= 1 << position % 8
    with pytest.raises(SignatureInvalid, match="not that of this body"):
        verify(signed(body), bytes(changed), SECRET, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [{"webhook-id": "msg_2"}, {"webhook-timestamp": str(int(NOW.timestamp()) + 1)}, {"webhook-signature": "v1,"}],
)
def test_the_headers_are_part_of_what_is_signed(changed):
    """An old body can't get a new id or a new time."""
    with pytest.raises(SignatureInvalid, match="not that of this body"):
        verify({**signed(), **changed}, b"{}", SECRET, now=NOW)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_nonsense_is_taken_for_a_signature(timestamp, signature):
    """And none of it ends in anything but a refusal."""
    with pytest.raises(SignatureInvalid):
        verify({**signed(), "webhook-timestamp": timestamp, "webhook-signature": signature}, b"{}", SECRET, now=NOW)


@pytest.mark.parametrize(("apart_s", "is_taken"), [(299, True), (-299, True), (301, False), (-301, False)])
def test_a_message_is_taken_within_five_minutes(apart_s, is_taken):
    """Before and after: what was recorded can't be played again later."""
    headers = signed(sent_at=NOW + timedelta(seconds=apart_s))
    if is_taken:
        assert verify(headers, b"{}", SECRET, now=NOW)
    else:
        with pytest.raises(SignatureInvalid, match="not sent within 300 seconds"):
            verify(headers, b"{}", SECRET, now=NOW)


def test_one_of_several_signatures_is_enough():
    """While the sender changes its secret, it signs with both; versions that we don't know are passed over."""
    old, new = signed(secret=new_secret()), signed()
    both = f"v1a,abc {old['webhook-signature']} {new['webhook-signature']}"
    assert verify({**new, "webhook-signature": both}, b"{}", SECRET, now=NOW) == "msg_1"


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_named(name):
    """The receiver's log says what is wrong with the sender."""
    headers = signed()
    del headers[name]
    with pytest.raises(SignatureInvalid, match=name):
        verify(headers, b"{}", SECRET, now=NOW)


def test_a_new_secret_is_one_and_no_other():
    """As the setting takes it."""
    first, second = new_secret(), new_secret()
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", first)
    assert key_of(first) != key_of(second)


@pytest.mark.parametrize("secret", ["", "whsec_", "hunter2", "whsec_c2hvcnQ=", "whsec_" + "A" * 92, "whsec_ä"])
def test_a_secret_that_is_none_is_refused_without_repeating_it(secret):
    """Too short, too long, or no base64."""
    with pytest.raises(SetupIncomplete, match="24 to 64 bytes") as refused:
        key_of(secret)
    assert secret in {"", "whsec_"} or secret not in str(refused.value)
