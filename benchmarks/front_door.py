"""The front door under load: many streams of events, and requests for a status, beside a render.

    python benchmarks/front_door.py [--seconds 60] [--address http://127.0.0.1:4280]

It starts `callsheet up` in a home that only the benchmark uses, or asks a gateway that runs already. Ten runs wait for
approval. 200 streams follow them, and 50 requests a second ask for the status of one of them, while a film is made.
Requests start on time, whether or not those before are answered. Then pictures of a scene are asked for, one after the
other, as a person makes who types. Prints a table and, as its last line, one JSON object:

    streams, streams_lost      streams of events at once; how many ended before they were closed
    status_median_ms, status_p95_ms, status_max_ms   of the requests for a status
    status_failed              how many had another answer than 200
    memory_before_mb, memory_after_mb   of the gateway: when the streams are open, and after the last request
    preview_first_s            the first picture, from a gateway that has drawn none
    preview_median_s, preview_max_s     the pictures after that one
    load                       processes that wanted a core in the minute before, on average: with more than two, the
                               times are those of others, too
    goals, missed              the most that each may be on a quiet machine of two cores; which of them were missed
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from first_minute import PORTS, up

GOALS = {"streams_lost": 0, "status_failed": 0, "status_median_ms": 100, "preview_first_s": 6, "preview_median_s": 2}
RUNS, STREAMS, STATUS_A_SECOND, PICTURES = 10, 200, 50, 12
CONTENT = {
    "title": "Why the sea moves",
    "points": ["The Moon pulls", "The Earth turns", "The sea comes"],
}


def request(title: str, *, approval: bool) -> dict[str, Any]:
    """Return the order of a film of three scenes."""
    scenes = [{"name": f"Part {number}", "template": "bullets", "content": CONTENT} for number in range(1, 4)]
    return {"request": {"title": title, "profile": "hd", "approval": approval, "scenes": scenes}}


async def measured(address: str, seconds: float) -> dict[str, float]:
    """Return the results by name."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        runs = []
        for number in range(RUNS):
            answer = await client.post("/api/v1/runs", json=request(f"Waits {number} {time.time()}", approval=True))
            runs.append(answer.raise_for_status().json()["id"])
        await waiting(client, runs)
        streams = [asyncio.create_task(followed(address, runs[number % RUNS])) for number in range(STREAMS)]
        await asyncio.sleep(5)
        before = memory_mb(address)
        await client.post("/api/v1/runs", json=request(f"Renders {time.time()}", approval=False))
        times, failed = await statuses(client, runs, seconds)
        lost = sum(stream.done() for stream in streams)
        after = memory_mb(address)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
        pictures = [await picture(client, number) for number in range(PICTURES)]
        for run in runs:
            await client.post(f"/api/v1/runs/{run}/cancel")
    return {
        "streams": STREAMS,
        "streams_lost": lost,
        "status_median_ms": 1000 * statistics.median(times),
        "status_p95_ms": 1000 * statistics.quantiles(times, n=20)[-1],
        "status_max_ms": 1000 * max(times),
        "status_failed": failed,
        "memory_before_mb": before,
        "memory_after_mb": after,
        "preview_first_s": pictures[0],
        "preview_median_s": statistics.median(pictures[1:]),
        "preview_max_s": max(pictures[1:]),
    }


async def waiting(client: httpx.AsyncClient, runs: list[str]) -> None:
    """Wait until all runs wait for approval."""
    for run in runs:
        while not (await client.get(f"/api/v1/runs/{run}")).json()["status"]["needs_approval"]:
            await asyncio.sleep(1)


async def followed(address: str, run: str) -> None:
    """Read the stream of a run until it ends."""
    async with (
        httpx.AsyncClient(base_url=address, timeout=None) as client,  # it is silent for long
        client.stream("GET", f"/api/v1/runs/{run}/events") as events,
    ):
        async for _ in events.aiter_raw():
            pass


async def statuses(client: httpx.AsyncClient, runs: list[str], seconds: float) -> tuple[list[float], int]:
    """Return how long each request took, and how many failed."""
    began = time.monotonic()
    asked = []
    for number in range(round(seconds * STATUS_A_SECOND)):
        await asyncio.sleep(max(0.0, began + number / STATUS_A_SECOND - time.monotonic()))
        asked.append(asyncio.create_task(status(client, runs[number % RUNS])))
    answers = await asyncio.gather(*asked)
    return [took_s for took_s, _ in answers], sum(code != httpx.codes.OK for _, code in answers)


async def status(client: httpx.AsyncClient, run: str) -> tuple[float, int]:
    """Return how long one request took, and its answer."""
    began = time.perf_counter()
    answer = await client.get(f"/api/v1/runs/{run}")
    return time.perf_counter() - began, answer.status_code


async def picture(client: httpx.AsyncClient, number: int) -> float:
    """Return how long the picture of a scene took, with one word more each time."""
    content = {**CONTENT, "title": " ".join(["Tides"] * (number + 1))}
    began = time.perf_counter()
    answer = await client.post("/api/v1/previews", json={"template": "bullets", "content": content})
    answer.raise_for_status()
    return time.perf_counter() - began


def memory_mb(address: str) -> float:
    """Return the resident memory of the gateway that listens there; 0 if it is on another machine."""
    port = str(urlsplit(address).port).encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"callsheet.gateway" in words and port in words:
                resident = next(line for line in (folder / "status").read_text().splitlines() if "VmRSS" in line)
                return int(resident.split()[1]) / 1024
        except (OSError, StopIteration):
            continue
    return 0.0


def main() -> None:
    """Measure, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long statuses are asked for")
    parser.add_argument("--address", default="", help="a gateway that runs already")
    options = parser.parse_args()
    with ExitStack() as stack:
        address = options.address
        if not address:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.enter_context(up(home))
            address = f"http://127.0.0.1:{PORTS['CALLSHEET_MEDIA_PORT']}"
        results = asyncio.run(measured(address, options.seconds))
    results = {name: round(value, 3) for name, value in results.items()}
    for name, value in results.items():
        print(f"{name:22}{value:>12}{GOALS.get(name, ''):>8}")
    missed = [name for name, goal in GOALS.items() if results[name] > goal]
    print(json.dumps({**results, "load": round(os.getloadavg()[0], 2), "goals": GOALS, "missed": missed}))


if __name__ == "__main__":
    main()
