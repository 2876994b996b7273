"""A server that takes webhooks, over real HTTP: it verifies each, and answers as it is told to."""

import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from callsheet.errors import SignatureInvalid
from callsheet.notify import new_secret, verify
from tests.pace import POLL_S


@dataclass(frozen=True)
class Answer:
    """What is answered. `wait_s` comes before it."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait_s: float = 0.0


@dataclass(frozen=True)
class Delivery:
    """What came in. `id` is empty where the signature is not ours."""

    id: str
    path: str
    headers: dict[str, str]
    body: bytes
    answered: int

    @property
    def event(self) -> dict[str, Any]:
        """The body, parsed."""
        return json.loads(self.body)

    @property
    def run_id(self) -> str:
        """The run that it is about; empty for a ping."""
        return run_of(self.body)


def run_of(body: bytes) -> str:
    """The run that a body is about; empty for a ping."""
    run = json.loads(body)["data"]["run"]
    return run["id"] if run else ""


class WebhookReceiver:
    """Use it as a context manager."""

    def __init__(self) -> None:
        self.secret = new_secret()
        self.deliveries: list[Delivery] = []
        self._answers: dict[str, list[Answer]] = defaultdict(list)
        self._arrived = threading.Condition()
        handler = type("Handler", (_Handler,), {"receiver": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]

    @property
    def url(self) -> str:
        """Its address; what comes after the host must not be shown."""
        return f"http://127.0.0.1:{self.port}/hooks/nobodys-business"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(POLL_S,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(self, *answers: Answer, run_id: object = "") -> None:
        """Answer the next deliveries about a run so, or the next pings; all others are taken."""
        self._answers[str(run_id)] += answers

    def of(self, run_id: object) -> list[Delivery]:
        """What came about a run."""
        return [each for each in self.deliveries if each.run_id == str(run_id)]

    def wait_for(self, run_id: object, count: int = 1, timeout_s: float = 60) -> list[Delivery]:
        """The same, once there are so many."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.of(run_id)) >= count, timeout_s)
        return self.of(run_id)

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Note what came in; gives the answer."""
        try:
            event_id = verify(headers, body, self.secret)
        except SignatureInvalid:
            event_id = ""
        with self._arrived:
            waiting = self._answers[run_of(body)] if event_id else [Answer(401)]
            answer = waiting.pop(0) if waiting else Answer()
            self.deliveries.append(Delivery(event_id, path, headers, body, answer.status))
            self._arrived.notify_all()
        return answer


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    receiver: WebhookReceiver

    def log_message(self, *_: object) -> None:
        """Nothing: tests read what was noted."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.receiver.take(self.path, dict(self.headers.items()), body)
        time.sleep(answer.wait_s)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status >= 200 and answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
