"""A language model's server over real HTTP: it answers by a script, in the chat-completions protocol or Anthropic's.

By hand, or beside flows in other processes:

    python -m tests.fakes.chat_server --port 8085 --scene Opening=broken-name,good outline good

prints its address, plays the answers in their order, and repeats the last one for ever; what is asked about the scene
“Opening” has a separate script. `GET /requests` shows what was asked so far.
"""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.fakes.cut_answers import CutAnswers
from tests.pace import POLL_S

MODEL = "test-writer"

GOOD_SCENE = """\
from manim import *


class CircleBecomesSquare(Scene):
    def construct(self):
        circle = Circle(radius=1.5, color=BLUE, stroke_width=5)
        self.play(Create(circle))
        self.play(Transform(circle, Square(side_length=3, color=BLUE, stroke_width=5)))
        self.wait(1)
"""
BROKEN_NAME_SCENE = GOOD_SCENE.replace("Create(circle)", "DrawSlowly(circle)")
BROKEN_SYNTAX_SCENE = GOOD_SCENE.replace("self.play(Create(circle))", "self.play(Create(circle)")
# Every name is real, and how wide the circle is shows only when it runs: the group has one part, not four.
BROKEN_RUN_SCENE = GOOD_SCENE.replace("Create(circle)", "Create(VGroup(circle)[int(circle.width)])")
OFF_FRAME_SCENE = GOOD_SCENE.replace(
    "self.wait(1)", "self.add(Text('Out of sight').shift(20 * RIGHT))\n        self.wait(1)"
)
OUTLINE = {
    "title": "Shapes that change",
    "scenes": [
        {"name": "A circle", "prompt": "A blue circle is drawn in the middle.", "context": "", "duration_s": 8},
        {
            "name": "A square",
            "prompt": "The circle becomes a square of the same width.",
            "context": "The viewer has seen a circle.",
            "duration_s": 6,
        },
    ],
}


@dataclass(frozen=True)
class Reply:
    """One answer of the script. `content` goes into a chat completion; a `body` is sent as it is instead."""

    content: str | None = None
    body: bytes | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    finish_reason: str = "stop"
    wait_s: float = 0
    """Seconds before anything is sent; it ends early when the server is closed."""
    is_cut: bool = False
    """The connection closes in the middle of the body."""


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def words(self) -> str:
        """Everything that was said to the model, instructions first."""
        instructions = self.body.get("system", "")
        return "\n\n".join(_said(said) for said in (instructions, *(each["content"] for each in self.body["messages"])))

    @property
    def question(self) -> str:
        """What was said last."""
        return _said(self.body["messages"][-1]["content"])


def good(source: str = GOOD_SCENE) -> Reply:
    """Code as most models send it: a sentence, and a fenced block."""
    return Reply(f"Here is the scene:\n\n```python\n{source}```\n")


def error(status: int, message: str, code: str | None = None, **headers: str) -> Reply:
    """An error in the protocol's form; `Retry_After="3"` becomes a header."""
    body = {"error": {"message": message, "type": code, "param": None, "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(body=json.dumps(body).encode(), status=status, headers=named)


def rate_limited(after_s: float | None, *, as_date: bool = False) -> Reply:
    """429, with Retry-After as seconds or as a date."""
    if after_s is None:
        return error(429, "Rate limit reached", "rate_limit_exceeded")
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=after_s), usegmt=True)
    return error(429, "Rate limit reached", "rate_limit_exceeded", Retry_After=date if as_date else f"{after_s:g}")


Turn = str | Reply | Callable[["Asked"], Reply]
"""What a script is made of: a name in REPLIES, a reply, or what makes one of the question."""

# Each is made when it is its turn, so that dates in it are fresh.
REPLIES: dict[str, Callable[[], Reply]] = {
    "good": good,
    "broken-name": lambda: good(BROKEN_NAME_SCENE),
    "broken-syntax": lambda: good(BROKEN_SYNTAX_SCENE),
    "broken-run": lambda: good(BROKEN_RUN_SCENE),
    "off-frame": lambda: good(OFF_FRAME_SCENE),
    "outline": lambda: Reply(f"```json\n{json.dumps(OUTLINE)}\n```"),
    "no-code": lambda: Reply("I am sorry, but I can't draw."),
    "empty": lambda: Reply(""),
    "cut-off": lambda: Reply(f"```python\n{GOOD_SCENE[:90]}", finish_reason="length"),
    "filtered": lambda: Reply("", finish_reason="content_filter"),
    "rate-limited": lambda: rate_limited(3),
    "rate-limited-until": lambda: rate_limited(30, as_date=True),
    "rate-limited-at-will": lambda: rate_limited(None),
    "quota": lambda: error(429, "You exceeded your current quota, please check your plan.", "insufficient_quota"),
    "unpaid": lambda: error(402, "Insufficient balance"),
    "dead-key": lambda: error(401, "Incorrect API key provided", "invalid_api_key"),
    "forbidden": lambda: error(403, "Your project may not use this model"),
    "unknown-model": lambda: error(404, "The model does not exist", "model_not_found"),
    "rejected": lambda: error(400, "max_tokens is too large"),
    "server-error": lambda: error(500, "The server had an error"),
    "unavailable": lambda: error(503, "Loading the model", Retry_After="7"),
    "bad-gateway": lambda: Reply(body=b"<html><h1>502 Bad Gateway</h1></html>", status=502, content_type="text/html"),
    "slow": lambda: Reply("too late", wait_s=60),
    "hung-up": lambda: Reply(GOOD_SCENE, is_cut=True),
    "html": lambda: Reply(body=b"<html><body>Please log in</body></html>", content_type="text/html"),
    "invalid-json": lambda: Reply(body=b'{"id": "chatcmpl-1", "choices": [{"ind'),
    "no-choices": lambda: Reply(body=b'{"id": "chatcmpl-1", "object": "chat.completion", "created": 1}'),
    "empty-choices": lambda: Reply(body=b'{"id": "x", "object": "chat.completion", "created": 1, "choices": []}'),
    "list": lambda: Reply(body=b"[1, 2, 3]"),
    "latin-1": lambda: Reply(body='{"id": "é"}'.encode("latin-1")),
}


class ChatServer:
    """Answers one POST after the other by its script, and remembers what it was asked.

    A script that is played to its end repeats its last reply. `scenes` holds scripts for questions that name a scene,
    so that scenes written at once each get their own.
    """

    def __init__(self, *script: Turn, scenes: dict[str, Sequence[Turn]] | None = None, port: int = 0) -> None:
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._scripts = {
            "": list(script) or ["good"],
            **{f"“{name}”": list(each) for name, each in (scenes or {}).items()},
        }
        self._played = dict.fromkeys(self._scripts, 0)
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"chat": self}))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(POLL_S,), daemon=True)

    @property
    def base_url(self) -> str:
        """What CALLSHEET_WRITER_BASE_URL takes."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def anthropic_url(self) -> str:
        """The same for `anthropic:…`."""
        return self.base_url.removesuffix("/v1")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def wait(self) -> None:
        """Serve until the process is interrupted."""
        self._thread.join()

    def take(self, asked: Asked) -> tuple[int, Reply]:
        """Remember the request; its number, and the reply whose turn it is."""
        with self._lock:
            self.asked.append(asked)
            number = len(self.asked)
            about = next((scene for scene in self._scripts if scene and scene in asked.question), "")
            script, played = self._scripts[about], self._played[about]
            self._played[about] += 1
        turn = script[min(played, len(script) - 1)]
        if isinstance(turn, str):
            return number, REPLIES[turn]()
        return number, turn if isinstance(turn, Reply) else turn(asked)


def completion(number: int, asked: Asked, reply: Reply) -> bytes:
    """A chat completion as the protocol has it. A token is four characters, roughly as it is in English."""
    words = (len(asked.words) // 4, len(reply.content or "") // 4)
    said = {"role": "assistant", "content": reply.content, "refusal": None}
    return json.dumps(
        {
            "id": f"chatcmpl-{number}",
            "object": "chat.completion",
            "created": 1_790_000_000 + number,
            "model": asked.body.get("model", MODEL),
            "choices": [{"index": 0, "message": said, "finish_reason": reply.finish_reason, "logprobs": None}],
            "usage": {"prompt_tokens": words[0], "completion_tokens": words[1], "total_tokens": sum(words)},
        }
    ).encode()


def message(number: int, asked: Asked, reply: Reply) -> bytes:
    """The same in Anthropic's protocol."""
    return json.dumps(
        {
            "id": f"msg_{number}",
            "type": "message",
            "role": "assistant",
            "model": asked.body["model"],
            "content": [{"type": "text", "text": reply.content}],
            "stop_reason": {"stop": "end_turn", "length": "max_tokens"}[reply.finish_reason],
            "stop_sequence": None,
            "usage": {"input_tokens": len(asked.words) // 4, "output_tokens": len(reply.content or "") // 4},
        }
    ).encode()


PROTOCOLS = {"/v1/chat/completions": completion, "/v1/messages": message}


class _Handler(CutAnswers, BaseHTTPRequestHandler):
    chat: ChatServer

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            models = {"object": "list", "data": [{"id": MODEL, "object": "model"}]}
            self._send(Reply(), json.dumps(models).encode())
        elif self.path == "/requests":
            self._send(Reply(), json.dumps([vars(asked) for asked in self.chat.asked]).encode())
        else:
            self._send(Reply(status=404), b'{"error": {"message": "Not found"}}')

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        number, reply = self.chat.take(asked)
        self.chat.closing.wait(reply.wait_s)
        speak = PROTOCOLS[self.path.partition("?")[0]]
        self._send(reply, reply.body if reply.body is not None else speak(number, asked, reply))

    def _send(self, reply: Reply, body: bytes) -> None:
        headers = {"Content-Type": reply.content_type, **reply.headers}
        self.send(reply.status, headers, body, is_cut=reply.is_cut)


def _said(content: Any) -> str:
    """Text of a message, which is a string or a list of parts."""
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script", nargs="*", choices=list(REPLIES), metavar="REPLY", help=", ".join(REPLIES))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--scene", action="append", default=[], metavar="NAME=REPLY,…", help="replies for one scene")
    given = parser.parse_args()
    scenes = {name: replies.split(",") for name, _, replies in (scene.partition("=") for scene in given.scene)}
    with ChatServer(*given.script, scenes=scenes, port=given.port) as server:
        print(server.base_url, flush=True)
        try:
            server.wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
