"""The model's server of the tests is a real one: other processes can start it and talk to it."""

import subprocess
import sys
from pathlib import Path

import httpx

from tests.fakes.chat_server import MODEL, REPLIES, ChatServer

ROOT = Path(__file__).parents[2]


def ask(base_url, words):
    """The content of its answer."""
    question = {"model": MODEL, "messages": [{"role": "user", "content": words}]}
    answered = httpx.post(f"{base_url}/chat/completions", json=question).raise_for_status().json()
    return answered["choices"][0]["message"]["content"]


def test_a_script_is_played_in_order_and_its_end_for_ever():
    """Scenes with a separate script don't use up the others' replies."""
    with ChatServer("broken-name", "good", scenes={"Slow": ["no-code", "outline"]}) as server:
        words = ("The scene “A”", "The scene “Slow”", "The scene “B”", "The scene “Slow”", "The scene “C”")
        played = [ask(server.base_url, each) for each in words]
    expected = ("broken-name", "no-code", "good", "outline", "good")
    assert played == [REPLIES[name]().content for name in expected]


def test_it_serves_by_itself():
    """As a program, for flows in other processes: address, models, answers, and what was asked."""
    argv = [sys.executable, "-m", "tests.fakes.chat_server", "--scene", "A=no-code,good", "outline"]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            base_url = server.stdout.readline().strip()
            assert httpx.get(f"{base_url}/models").json()["data"][0]["id"] == MODEL
            assert ask(base_url, "The scene “A”") == REPLIES["no-code"]().content
            assert ask(base_url, "The topic") == REPLIES["outline"]().content
            asked = httpx.get(f"{base_url.removesuffix('/v1')}/requests").json()
        finally:
            server.terminate()
    assert [each["body"]["messages"][0]["content"] for each in asked] == ["The scene “A”", "The topic"]
