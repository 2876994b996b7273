"""A speech service over real HTTP, in the protocol of `POST /v1/audio/speech`: it answers by a script.

The protocol's answer to `response_format: wav` is the file itself. Servers that send while they speak write a size into
the header that they don't know yet.
"""

from __future__ import annotations

import io
import json
import math
import struct
import threading
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.fakes.cut_answers import CutAnswers
from tests.pace import POLL_S

RATE_HZ = 24_000
SECONDS_A_LETTER = 0.06


@dataclass(frozen=True)
class Reply:
    """One answer of the script."""

    body: bytes
    status: int = 200
    content_type: str = "audio/wav"
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0
    """Seconds before anything is sent; it ends early when the server is closed."""
    is_cut: bool = False
    """The connection closes in the middle of the body."""


def tone(text: str, level: float = 0.4) -> bytes:
    """A WAV file as long as the text takes, with a third of a second of silence at each end."""
    sounding = round(len(text) * SECONDS_A_LETTER * RATE_HZ)
    rest = [0] * (RATE_HZ // 3)
    samples = [round(32767 * level * math.sin(2 * math.pi * 220 * number / RATE_HZ)) for number in range(sounding)]
    whole = [*rest, *samples, *rest]
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        out.writeframes(struct.pack(f"<{len(whole)}h", *whole))
    return file.getvalue()


def streamed(text: str) -> bytes:
    """The same from a server that did not know the size when it sent the header."""
    file = tone(text)
    return file[:4] + b"\xff" * 4 + file[8:40] + b"\xff" * 4 + file[44:]


def error(status: int, message: str, code: str | None = None, **headers: str) -> Reply:
    """An error in the protocol's form; `Retry_After="3"` becomes a header."""
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps(body).encode(), status, "application/json", named)


REPLIES: dict[str, Callable[[str], Reply]] = {
    "good": lambda text: Reply(tone(text)),
    "streamed": lambda text: Reply(streamed(text)),
    "dead-key": lambda text: error(401, "Incorrect API key provided: sk-test-key.", "invalid_api_key"),
    "forbidden": lambda text: error(403, "Your project may not use this model"),
    "unknown-model": lambda text: error(404, "The model does not exist", "model_not_found"),
    "rate-limited": lambda text: error(429, "Rate limit reached", "rate_limit_exceeded", Retry_After="7"),
    "quota": lambda text: error(429, "You exceeded your current quota.", "insufficient_quota"),
    "server-error": lambda text: error(500, "The server had an error"),
    "bad-gateway": lambda text: Reply(b"<html><h1>502</h1></html>", 502, "text/html"),
    "hung-up": lambda text: Reply(tone(text), is_cut=True),
    "half": lambda text: Reply(tone(text)[: len(tone(text)) // 2]),
    "mp3": lambda text: Reply(b"ID3\x04\x00\x00" + bytes(500), content_type="audio/mpeg"),
    "page": lambda text: Reply(b"<!doctype html><title>Log in</title>", content_type="text/html"),
    "nothing": lambda text: Reply(b""),
    "silence": lambda text: Reply(tone(text, level=0.0)),
    "slow": lambda text: Reply(tone(text), wait_s=60),
}


class SpeechServer:
    """Answers one request after the other by its script, and repeats the last reply."""

    def __init__(self, *script: str) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.closing = threading.Event()
        self._script = script or ("good",)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"speech": self}))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(POLL_S,), daemon=True)

    @property
    def url(self) -> str:
        """Its address, as a client takes it."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def take(self, asked: dict[str, Any], key: str) -> Reply:
        """Remember the request; return the reply whose turn it is. What the protocol refuses is refused."""
        self.asked.append(asked)
        self.keys.append(key)
        missing = [name for name in ("model", "input", "voice") if not asked.get(name)]
        if missing:
            return error(400, f"Missing required parameter: '{missing[0]}'.")
        if len(asked["input"]) > 4096:
            return error(400, "String should have at most 4096 characters")
        if not 0.25 <= asked.get("speed", 1.0) <= 4.0:
            return error(400, "speed must be between 0.25 and 4.0")
        turn = self._script[min(len(self.asked), len(self._script)) - 1]
        is_other = asked.get("response_format", "mp3") != "wav" and turn in ("good", "streamed")
        return REPLIES["mp3" if is_other else turn](asked["input"])


class _Handler(CutAnswers, BaseHTTPRequestHandler):
    speech: SpeechServer

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/audio/speech":
            reply = error(404, f"Invalid URL (POST {self.path})")
        else:
            reply = self.speech.take(asked, self.headers.get("Authorization", ""))
        self.speech.closing.wait(reply.wait_s)
        headers = {"Content-Type": reply.content_type, **reply.headers}
        self.send(reply.status, headers, reply.body, is_cut=reply.is_cut)
