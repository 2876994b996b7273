"""A paid kind of a few lines: texts in capital letters, by a service over real HTTP that goes wrong on demand."""

import hashlib
import json
import os
import threading
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpx
from prefect import flow

from callsheet.errors import ProviderRefused
from callsheet.model.footage.jobs import (
    Failed,
    FailureKind,
    Finished,
    FootageEstimate,
    Pending,
    PredictionStatus,
    Submitted,
)
from callsheet.model.footage.orders import FootageMaker
from callsheet.model.values import Value
from callsheet.providers.http_errors import connection_faults, passing_fault, retry_after_s
from tasks.paid_jobs.protocol import PaidAdapter, PaidKind
from tasks.paid_jobs.slots import IN_FLIGHT, STARTING, Pace
from tasks.run.budget import cost_recorder
from tests.pace import POLL_S

ADDRESS = "CAPITALS_URL"
USD = 0.02


@dataclass
class Typeset:
    """A job that the service has accepted."""

    id: str
    key: str
    text: str
    accepted_at: datetime
    done_at: datetime
    is_cancelled: bool = False

    def shown(self) -> dict[str, Any]:
        """The job in the words of the service."""
        is_done = datetime.now(UTC) >= self.done_at
        state = "cancelled" if self.is_cancelled else "done" if is_done else "running"
        accepted_at = self.accepted_at.isoformat()
        return {"id": self.id, "key": self.key, "state": state, "accepted_at": accepted_at, "text": self.text.upper()}


@dataclass
class CapitalsService:
    """The service, and what it has seen. Use it as a context manager."""

    run_s: float = 0.1
    jobs: list[Typeset] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    """Statuses of the next answers to a submission, in place of an acceptance."""
    answers_after_s: float = 0.0
    """How long it keeps an acceptance to itself."""

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"service": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(POLL_S,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    service: CapitalsService

    def log_message(self, *_: object) -> None:
        """Nothing: tests read what was noted."""

    def do_POST(self) -> None:
        service = self.service
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        service.asked.append(self.path)
        if self.path.endswith("/cancel"):
            job = next(each for each in service.jobs if each.id == self.path.split("/")[2])
            job.is_cancelled = True
            self._answer(200, job.shown())
        elif service.faults:
            self._answer(service.faults.pop(0), {})
        else:
            now = datetime.now(UTC)
            job = Typeset(
                f"t{len(service.jobs)}", body["key"], body["text"], now, now + timedelta(seconds=service.run_s)
            )
            service.jobs.append(job)
            time.sleep(service.answers_after_s)
            self._answer(201, job.shown())

    def do_GET(self) -> None:
        shown = [each.shown() for each in self.service.jobs]
        self._answer(200, shown if self.path == "/jobs" else shown[int(self.path.removeprefix("/jobs/t"))])

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(body)


class Capitals(Value):
    """What is kept of a job."""

    text: str
    cost_usd: float


class CapitalsProvider:
    """The calls of the service."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    def job_key(self, job: str) -> str:
        """The text decides."""
        return hashlib.sha256(job.encode()).hexdigest()[:32]

    def estimate(self, job: str) -> FootageEstimate:
        """Each text has the same price."""
        return FootageEstimate(provider="capitals", model="v1", usd=USD, basis="one text")

    async def submit(self, job: str) -> Submitted:
        """Send a text."""
        return self._submitted(await self._ask("POST", "/jobs", {"key": self.job_key(job), "text": job}))

    async def find(self, job: str, since: datetime, known: Collection[str] = ()) -> Submitted | None:
        """The service keeps the key of each job."""
        accepted = [self._submitted(each) for each in await self._ask("GET", "/jobs") if each["id"] not in known]
        key = self.job_key(job)
        return next((each for each in accepted if each.job_key == key and each.submitted_at >= since), None)

    async def count_unfinished(self) -> int:
        """The service lists them."""
        return sum(each["state"] == "running" for each in await self._ask("GET", "/jobs"))

    async def look(self, submitted: Submitted) -> PredictionStatus:
        """Running, done or cancelled."""
        seen = await self._ask("GET", f"/jobs/{submitted.prediction_id}")
        match seen["state"]:
            case "running":
                return Pending(prediction_id=submitted.prediction_id, is_running=True)
            case "cancelled":
                return Failed(submitted=submitted, kind=FailureKind.CANCELLED, reason="cancelled at the service")
        return Finished(submitted=submitted, urls=(seen["text"],), cost_usd=USD, compute_s=None, expires_at=None)

    async def cancel(self, submitted: Submitted) -> None:
        """Stop it."""
        await self._ask("POST", f"/jobs/{submitted.prediction_id}/cancel")

    def _submitted(self, shown: dict[str, Any]) -> Submitted:
        accepted_at = datetime.fromisoformat(shown["accepted_at"])
        return Submitted(
            provider="capitals",
            model="v1",
            kind="set-capitals",
            job_key=shown["key"],
            prediction_id=shown["id"],
            submitted_at=accepted_at,
            deadline_at=accepted_at + timedelta(minutes=1),
            estimate_usd=USD,
        )

    async def _ask(self, method: str, path: str, content: object = None) -> Any:
        with connection_faults("Capitals"):
            answer = await self._client.request(method, path, json=content)
        if answer.is_error:
            after_s = retry_after_s(answer.headers["Retry-After"])
            raise passing_fault("Capitals", answer.status_code, "", after_s) or ProviderRefused(
                "Capitals", answer.status_code, "it takes no such text"
            )
        return answer.json()


class _CapitalsAdapter(PaidAdapter[str, str, Capitals]):
    """The whole of what a kind of paid jobs has to bring."""

    name = "capitals"

    def maker(self) -> FootageMaker:
        return FootageMaker(name=self.name, url=os.environ[ADDRESS])

    def pace(self) -> Pace:
        return Pace(is_paid=True, in_flight_limit=IN_FLIGHT, starting_limit=STARTING, start_spacing_s=0.0, poll_s=0.05)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[CapitalsProvider]:
        async with httpx.AsyncClient(base_url=self.maker().url) as client:
            yield CapitalsProvider(client)

    def job_of(self, order: str) -> str:
        return order

    @asynccontextmanager
    async def prepare(self, order: str) -> AsyncIterator[str]:
        yield order

    async def collect(self, order: str, finished: Finished) -> Capitals:
        return Capitals(text=finished.urls[0], cost_usd=USD)

    def cost_usd(self, made: Capitals) -> float:
        return made.cost_usd

    async def report_fruitless(self, label: str, failed: Failed) -> None:
        """Nothing: the service takes no money for a failure."""


CAPITALS = PaidKind(_CapitalsAdapter())


@flow(name="set-capitals", flow_run_name="{text}", persist_result=False)
async def set_capitals(text: str) -> str:
    """One text in capital letters."""
    async with cost_recorder():
        return (await CAPITALS.make(text, text)).text
