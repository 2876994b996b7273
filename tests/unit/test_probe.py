"""Whether a language model's service answers again, asked over real HTTP."""

import pytest

from callsheet.writing.writer import ANSWER_TOKENS, Writer, answers
from tests.fakes.chat_server import ChatServer


@pytest.mark.parametrize(
    ("reply", "is_well"),
    [
        ("good", True), ("cut-off", True), ("empty", True), ("rejected", True), ("quota", False), ("unpaid", False),
        ("dead-key", False), ("server-error", False), ("rate-limited", False), ("html", False),
    ],
)  # fmt: skip
async def test_a_provider_answers_where_it_would_answer_a_real_question(reply, is_well):
    """Cut off or empty: the service was there.

    Refused without money or a key: the run still waits.
    """
    with ChatServer(reply) as server:
        assert await answers(Writer("test-writer", server.base_url)) is is_well
    [asked] = server.asked
    assert asked.body["max_tokens"] == ANSWER_TOKENS


async def test_a_provider_out_of_reach_does_not_answer():
    """Nothing listens there."""
    with ChatServer() as server:
        pass
    assert not await answers(Writer("test-writer", server.base_url))
