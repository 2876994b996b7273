"""A server that keeps to Replicate's published HTTP API, over real HTTP, and goes wrong on demand.

By hand, or beside flows in other processes:

    python -m tests.fakes.replicate_server --port 8095 --run-s 5

prints its address and what to set. It knows the models of Callsheet's catalogue, refuses what they don't know, and
makes real small pictures and videos. Besides Replicate's own paths there are two for tests:

    GET  /_counts   what was created, how many ran at once, and when each began
    POST /_faults   {"call": "create", "fault": "429", "times": 2, "seconds": 3}
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import secrets
import socket
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from callsheet.footage.catalogue import ModelCard, read_catalogue
from callsheet.model.footage.jobs import JobKind
from tests.fakes.replicate_jobs import Prediction, Upload, error_text, made_by
from tests.pace import POLL_S

TOKEN = "r8_test_token_of_nobody"
LEAST_DEADLINE_S = 5
CALLS = ("account", "create", "get", "list", "cancel", "upload", "file", "download")
FAULTS_OF_ANY_CALL = ("429", "500", "503", "html", "nonsense", "slow", "drop-before", "401", "402", "403", "404", "422")
FAULTS_AFTER_ACCEPTANCE = ("drop-after", "503-after")
FAULTS_OF_PREDICTIONS = ("nsfw", "fails", "never-ends", "no-output", "aborted")
FAULTS_OF_DOWNLOADS = ("expired", "truncated", "cut", "wrong-type", "wrong-content")
DETAILS = {
    401: "You did not pass a valid authentication token",
    402: "You have insufficient credit to run this model.",
    403: "You do not have permission to perform this action.",
    404: "The requested resource could not be found.",
    422: "- input: prompt is required\n",
    429: "Request was throttled. Your rate limit resets in ~30s.",
    500: "Internal server error",
    503: "Service unavailable",
}


@dataclass
class Fault:
    """What goes wrong next with one kind of call. `seconds` is the Retry-After of a 429, or how slow it is."""

    name: str
    seconds: float = 2.0


@dataclass
class ReplicateServer:
    """The server, and what it has seen. Use it as a context manager."""

    port: int = 0
    run_s: float = 0.0
    page_size: int = 100
    output_kept_s: float = 3600.0
    data_kept_s: float = 3600.0
    clip_s: float = 1.0
    clock_apart_s: float = 0.0
    """How far its clock is ahead of ours."""
    models: tuple[ModelCard, ...] = field(default_factory=lambda: read_catalogue().models)
    measured: dict[str, float] = field(default_factory=dict)
    """Metrics of what has succeeded, in the place of the usual ones."""
    predictions: list[Prediction] = field(default_factory=list)
    uploads: dict[str, Upload] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self._made: dict[str, Path] = {}
        self._folder = tempfile.TemporaryDirectory()
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(POLL_S,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._folder.cleanup()

    def fail(self, call: str, fault: str, times: int = 1, seconds: float = 2.0) -> None:
        """Let the next `times` calls of a kind go wrong."""
        with self.lock:
            self._faults[call] += [Fault(fault, seconds) for _ in range(times)]

    def next_fault(self, call: str) -> Fault | None:
        """The fault of a call that just came in."""
        with self.lock:
            return self._faults[call].pop(0) if self._faults[call] else None

    def created(self) -> int:
        """How many predictions were accepted, and so are paid for."""
        return len(self.predictions)

    def now(self) -> datetime:
        """What time it is here."""
        return datetime.now(UTC) + timedelta(seconds=self.clock_apart_s)

    def counts(self) -> dict[str, Any]:
        """What tests in other processes ask for."""
        with self.lock:
            starts = [prediction.created_at.timestamp() for prediction in self.predictions]
            return {"created": len(starts), "most_at_once": self.most_at_once, "starts": starts}

    def accept(self, card: ModelCard, given: dict[str, Any], deadline_s: float | None, fault: str) -> Prediction:
        """A new prediction."""
        with self.lock:
            made = Prediction(secrets.token_hex(13), card, given, self.now(), self.run_s, deadline_s, fault)
            self.predictions.append(made)
            active = [each for each in self.predictions if each.status(made.created_at) in {"starting", "processing"}]
            self.most_at_once = max(self.most_at_once, len(active))
            return made

    def shown(self, prediction: Prediction) -> dict[str, Any]:
        """A prediction in the words of the API."""
        now = self.now()
        status, ended_at = prediction.status(now), prediction.ended_at()
        has_ended = status not in {"starting", "processing"}
        is_removed = has_ended and ended_at is not None and now > ended_at + timedelta(seconds=self.data_kept_s)
        began = status not in {"starting", "aborted"}
        return {
            "id": prediction.id,
            "model": prediction.card.name,
            "version": (prediction.card.version or "hidden").rpartition(":")[2],
            "input": {} if is_removed else prediction.input,
            "output": None if is_removed else self._output(prediction, status),
            "error": error_text(prediction, status),
            "logs": "",
            "status": status,
            "data_removed": is_removed,
            "source": "api",
            "created_at": _when(prediction.created_at),
            "started_at": _when(prediction.created_at) if began else None,
            "completed_at": _when(ended_at) if has_ended and ended_at else None,
            "metrics": self._metrics(prediction, status) if has_ended else {},
            "urls": {
                "get": f"{self.url}/v1/predictions/{prediction.id}",
                "cancel": f"{self.url}/v1/predictions/{prediction.id}/cancel",
                "stream": f"{self.url}/v1/streams/{prediction.id}",
                "web": f"{self.url}/p/{prediction.id}",
            },
        }

    def _metrics(self, prediction: Prediction, status: str) -> dict[str, float]:
        """What was measured: time of all that has ended, and what is billed of what has succeeded."""
        if status == "aborted":
            return {"predict_time": 0.0, "total_time": 0.25}
        measured = {"predict_time": 1.25, "total_time": 1.5}
        if status != "succeeded":
            return measured
        if prediction.moves:
            return {**measured, "video_output_duration_seconds": prediction.asked_s, **self.measured}
        return {**measured, "image_count": 1, **self.measured}

    def _output(self, prediction: Prediction, status: str) -> Any:
        if status != "succeeded" or prediction.fault == "no-output":
            return [] if prediction.fault == "no-output" and status == "succeeded" else None
        url = f"{self.url}/outputs/{prediction.id}/out.{'mp4' if prediction.moves else 'png'}"
        return [url] if prediction.card.job == JobKind.DRAW_IMAGE else url

    def output_of(self, prediction: Prediction) -> Path:
        """The file a prediction has made, made when it is first asked for."""
        with self.lock:
            if prediction.id not in self._made:
                folder = Path(self._folder.name) / prediction.id
                folder.mkdir()
                self._made[prediction.id] = asyncio.run(made_by(prediction, self.uploads, self.clip_s, folder))
            return self._made[prediction.id]


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_of: ReplicateServer

    def log_message(self, *_: object) -> None:
        """Nothing: tests read what was counted."""

    def do_GET(self) -> None:
        self._routed("GET")

    def do_POST(self) -> None:
        self._routed("POST")

    def do_DELETE(self) -> None:
        self._routed("DELETE")

    def _routed(self, method: str) -> None:
        server = self.server_of
        path = urlsplit(self.path).path.rstrip("/")
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with server.lock:
            server.requests.append(f"{method} {path}")
        call, answer = self._route(method, path)
        fault = server.next_fault(call) if call else None
        if call and call != "download" and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._refuse(401)
        elif fault is None or not self._went_wrong(fault):
            self.fault, self.fault_s = (fault.name, fault.seconds) if fault else ("", 0.0)
            answer()

    def _route(self, method: str, path: str) -> tuple[str, Callable[[], None]]:
        """The kind of call, and what answers it."""
        routes: tuple[tuple[str, str, Callable[..., None]], ...] = (
            ("account", "GET /v1/account", self._account),
            ("create", "POST /v1/predictions", lambda: self._create(None)),
            ("create", "POST /v1/models/([^/]+/[^/]+)/predictions", self._create),
            ("list", "GET /v1/predictions", self._list),
            ("get", "GET /v1/predictions/([^/]+)", self._show),
            ("cancel", "POST /v1/predictions/([^/]+)/cancel", self._cancel),
            ("upload", "POST /v1/files", self._upload),
            ("file", "GET /v1/files", self._files),
            ("file", "GET /v1/files/([^/]+)", self._file),
            ("file", "DELETE /v1/files/([^/]+)", self._delete),
            ("download", "GET /outputs/([^/]+)/[^/]+", self._download),
            ("", "GET /_counts", lambda: self._answer(200, self.server_of.counts())),
            ("", "POST /_faults", self._plan),
        )
        for call, pattern, answer in routes:
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return call, partial(answer, *found.groups())
        return "", lambda: self._refuse(404)

    def _went_wrong(self, fault: Fault) -> bool:
        """Whether a fault took the place of the answer; some only change it."""
        match fault.name:
            case "drop-before":
                self._drop()
            case "slow":
                time.sleep(fault.seconds)
                self._refuse(503)
            case "html":
                self._send(200, b"<html>Maintenance</html>", "text/html")
            case "nonsense":
                self._answer(200, {"jobs": 3})
            case "429":
                self._refuse(429, {"Retry-After": f"{fault.seconds:g}"})
            case "500" | "503" | "401" | "402" | "403" | "404" | "422":
                self._refuse(int(fault.name))
            case _:
                return False
        return True

    def _account(self) -> None:
        self._answer(200, {"type": "user", "username": "nobody", "name": "Nobody", "github_url": ""})

    def _create(self, model: str | None) -> None:
        body = json.loads(self.body)
        named = model or str(body.get("version"))
        cards = [card for card in self.server_of.models if named in _names(card, model is None)]
        if not cards:
            self._refuse(404)
            return
        deadline_s = _seconds(self.headers.get("Cancel-After"))
        if deadline_s is not None and deadline_s < LEAST_DEADLINE_S:
            detail = f"- Cancel-After: a duration of at least {LEAST_DEADLINE_S} seconds, as 90s or 1h30m\n"
            self._answer(422, {"title": "Invalid header", "detail": detail, "status": 422})
            return
        given = body.get("input", {})
        fitting = [card for card in cards if set(given) <= set(card.inputs) | set(card.fixed)]
        fitting.sort(key=lambda card: any(given.get(name) != value for name, value in card.fixed.items()))
        card = next((card for card in fitting if set(card.inputs) <= set(given)), None)
        if card is None:
            unknown = sorted(set(given) - set(cards[0].inputs) - set(cards[0].fixed))
            detail = f"- input: Additional property {unknown[0]} is not allowed\n" if unknown else DETAILS[422]
            self._answer(422, {"title": "Input validation failed", "detail": detail, "status": 422})
            return
        time.sleep(self.fault_s if self.fault == "slow-before" else 0)
        made = self.server_of.accept(card, given, deadline_s, self.fault)
        if self.fault == "drop-after":
            self._drop()
        elif self.fault == "503-after":
            self._refuse(503)
        else:
            time.sleep(self.fault_s if self.fault == "slow-after" else 0)
            self._wait_for(made)
            done = made.status(self.server_of.now()) == "succeeded"
            self._answer(201 if done or "Prefer" not in self.headers else 202, self.server_of.shown(made))

    def _wait_for(self, made: Prediction) -> None:
        """`Prefer: wait` or `wait=n`: up to a minute, or n seconds."""
        prefer = self.headers.get("Prefer", "")
        if not prefer.startswith("wait"):
            return
        until = time.monotonic() + float(prefer.partition("=")[2] or 60)
        while time.monotonic() < until and made.status(self.server_of.now()) in {"starting", "processing"}:
            time.sleep(0.02)

    def _list(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        after = datetime.fromisoformat(query["created_after"]) if "created_after" in query else None
        with self.server_of.lock:
            newest_first = [
                each for each in reversed(self.server_of.predictions) if after is None or each.created_at >= after
            ]
        self._page(newest_first, query, self.server_of.shown, "/v1/predictions")

    def _page(self, items: list[Any], query: dict[str, str], shown: Callable[[Any], dict[str, Any]], path: str) -> None:
        start, size = int(query.get("cursor", "0")), self.server_of.page_size
        following = None
        if start + size < len(items):
            following = f"{self.server_of.url}{path}?{urlencode({**query, 'cursor': start + size})}"
        results = [shown(item) for item in items[start : start + size]]
        self._answer(200, {"next": following, "previous": None, "results": results})

    def _show(self, prediction_id: str) -> None:
        made = self._prediction(prediction_id)
        if made is None:
            self._refuse(404)
        else:
            self._answer(200, self.server_of.shown(made))

    def _cancel(self, prediction_id: str) -> None:
        made = self._prediction(prediction_id)
        if made is None:
            self._refuse(404)
            return
        now = self.server_of.now()
        if made.status(now) in {"starting", "processing"}:
            made.cancelled_at = now
        self._answer(200, self.server_of.shown(made))

    def _upload(self) -> None:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = {part.get_param("name", header="content-disposition"): part for part in _parts(head + self.body)}
        content = parts["content"]
        raw = parts["metadata"].get_payload(decode=True) if "metadata" in parts else b"{}"
        upload = Upload(
            id=secrets.token_hex(13),
            content=content.get_payload(decode=True),
            content_type=content.get_content_type(),
            name=content.get_filename() or "file",
            metadata=json.loads(raw),
            created_at=self.server_of.now(),
        )
        with self.server_of.lock:
            self.server_of.uploads[upload.id] = upload
        self._answer(201, self._shown_file(upload))

    def _files(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self._page(list(reversed(self.server_of.uploads.values())), query, self._shown_file, "/v1/files")

    def _file(self, file_id: str) -> None:
        upload = self.server_of.uploads.get(file_id)
        if upload is None:
            self._refuse(404)
        else:
            self._answer(200, self._shown_file(upload))

    def _delete(self, file_id: str) -> None:
        if self.server_of.uploads.pop(file_id, None) is None:
            self._refuse(404)
        else:
            self._send(204, b"", "application/json")

    def _shown_file(self, upload: Upload) -> dict[str, Any]:
        digest = hashlib.sha256(upload.content).hexdigest()
        return {
            "id": upload.id,
            "name": upload.name,
            "content_type": upload.content_type,
            "size": len(upload.content),
            "etag": digest[:32],
            "checksums": {"sha256": digest},
            "metadata": upload.metadata,
            "created_at": _when(upload.created_at),
            "expires_at": _when(upload.created_at + timedelta(days=1)),
            "urls": {"get": f"{self.server_of.url}/v1/files/{upload.id}"},
        }

    def _download(self, prediction_id: str) -> None:
        made = self._prediction(prediction_id)
        ended_at = made.ended_at() if made else None
        now = self.server_of.now()
        kept = timedelta(seconds=self.server_of.output_kept_s)
        if made is None or made.status(now) != "succeeded" or ended_at is None or now > ended_at + kept:
            self._send(404, b"<Error>NoSuchKey</Error>", "application/xml")
            return
        content = self.server_of.output_of(made).read_bytes()
        media_type = "video/mp4" if content[4:8] == b"ftyp" else "image/png"
        match self.fault:
            case "expired":
                self._send(403, b"<Error>Expired</Error>", "application/xml")
            case "truncated":
                self._send(200, content[: len(content) // 2], media_type, {"Content-Length": str(len(content))})
                self._drop()
            case "cut":
                self._send(200, content[: len(content) // 2], media_type)
            case "wrong-type":
                self._send(200, b"<html>Not what you think</html>", "text/html")
            case "wrong-content":
                self._send(200, b"%PDF-1.7 " + content, media_type)
            case _:
                self._send(200, content, media_type)

    def _plan(self) -> None:
        plan = json.loads(self.body)
        self.server_of.fail(plan["call"], plan["fault"], plan.get("times", 1), plan.get("seconds", 2.0))
        self._answer(200, {})

    def _prediction(self, prediction_id: str) -> Prediction | None:
        with self.server_of.lock:
            return next((each for each in self.server_of.predictions if each.id == prediction_id), None)

    def _refuse(self, status: int, headers: dict[str, str] | None = None) -> None:
        self._answer(status, {"detail": DETAILS[status], "status": status}, headers)

    def _answer(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(value).encode(), "application/json", headers)

    def _send(self, status: int, content: bytes, media_type: str, headers: dict[str, str] | None = None) -> None:
        all_headers = {"Content-Type": media_type, "Content-Length": str(len(content)), **(headers or {})}
        try:
            self.send_response(status)
            for name, value in all_headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _drop(self) -> None:
        """Hang up."""
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _parts(message: bytes) -> list[Any]:
    return list(BytesParser(policy=HTTP).parsebytes(message).iter_parts())


def _names(card: ModelCard, by_version: bool) -> set[str]:
    """What a model is called: by its path, or by its version in each of the three forms."""
    if not by_version:
        return {card.name}
    version = (card.version or "").rpartition(":")[2]
    return {version, f"{card.name}:{version}"} if version else {card.name}


def _seconds(text: str | None) -> float | None:
    """`Cancel-After`, as 90, 90s, 5m or 1h30m45s; -1 for what is none of these."""
    if text is None:
        return None
    found = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", text)
    if not found or not text:
        return -1
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + seconds


def _when(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def main() -> None:
    """Serve until interrupted."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--run-s", type=float, default=3.0, help="how long a prediction runs")
    options.add_argument("--output-kept-s", type=float, default=3600.0, help="how long its output can be fetched")
    given = options.parse_args()
    with ReplicateServer(port=given.port, run_s=given.run_s, output_kept_s=given.output_kept_s) as server:
        print(f"CALLSHEET_FOOTAGE_PROVIDER=replicate CALLSHEET_REPLICATE_URL={server.url} ", end="")
        print(f"CALLSHEET_REPLICATE_TOKEN={TOKEN} CALLSHEET_FETCH_ALLOWED_HOSTS=127.0.0.1:{server.port}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
