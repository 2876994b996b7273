"""The front door under many callers: streams of events, requests for a status beside a render, and its memory.

    python benchmarks/front_door.py [--minutes 5]

It starts a server in an empty home, and asks the gateway as pages and programs do. One film of new scenes is made while
requests for its status come at fixed times, whether or not the answers do. Of another film, 200 streams of events are
read at once; each is cut several times, and continues with `Last-Event-ID`. Then the memory of the gateway is watched
while programs poll. Each part has a time limit. Prints a table and, as its last line, one JSON object:

    status_median_ms, status_p95_ms, status_max_ms   time of an answer, from when its request was due
    status_failed            answers other than 200 or 304, and requests without an answer
    streams, stream_events   streams that were read at once, and the events of the run
    streams_wrong            streams that lost, repeated or reordered an event
    cuts                     how often a stream was cut and continued
    memory_start_mb, memory_end_mb, polled    memory of the gateway after the first fifth of the polling and at its end;
                             how many requests there were between
    load                     processes that wanted a core in the minute before, on average
    goals, missed            the most that each may be on a quiet machine of two cores; which of them were missed
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from callsheet import embedded
from callsheet.settings import Settings

STREAMS = 200
CUTS = 3
STATUS_A_SECOND, STATUS_S = 50, 30
POLLS_A_SECOND = 20
GOALS = {
    "status_median_ms": 100, "status_failed": 0, "streams_wrong": 0, "memory_growth_mb": 10,
}  # fmt: skip
ANSWER_S = 30.0
FILM_S = 600.0
PORTS = {"prefect_port": 15400, "media_port": 15500}


def main() -> None:
    """Measure all, and print it."""
    parser = argparse.ArgumentParser(description="Measure the front door under many callers.")
    parser.add_argument("--minutes", type=float, default=5, help="how long the memory is watched")
    minutes = parser.parse_args().minutes
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="front-door-") as folder:
        settings = Settings(home=Path(folder) / "home", linger_s=0, **PORTS)
        with embedded.started(settings) as services:
            gateway = _pid_of_gateway(services.pid)
            results = asyncio.run(measured(services.gateway_url, gateway, minutes))
    report(results, load)


async def measured(address: str, gateway: int, minutes: float) -> dict[str, float]:
    """Return results by name."""
    limits = httpx.Limits(max_connections=STREAMS + 50, max_keepalive_connections=50)
    async with httpx.AsyncClient(base_url=address, timeout=ANSWER_S, limits=limits) as api:
        try:
            results = await status_beside_a_render(api)
            results |= await many_streams(api)
            return results | await memory_of_polling(api, gateway, minutes)
        finally:
            await _cancel_all(api)


async def status_beside_a_render(api: httpx.AsyncClient) -> dict[str, float]:
    """Ask for the status of a run that renders, at fixed times."""
    run = await _started(api, "Asked for its status", scenes=40)
    await _until_a_scene_is_at_work(api, run)
    began_at = time.monotonic()

    async def ask(number: int) -> float | None:
        due_at = began_at + number / STATUS_A_SECOND
        await asyncio.sleep(max(0.0, due_at - time.monotonic()))
        try:
            answer = await api.get(f"/api/v1/runs/{run}")
        except httpx.HTTPError:
            return None
        return time.monotonic() - due_at if answer.status_code == httpx.codes.OK else None

    asking = [asyncio.create_task(ask(number)) for number in range(STATUS_A_SECOND * STATUS_S)]
    async with asyncio.timeout(STATUS_S + 2 * ANSWER_S):
        answered = await asyncio.gather(*asking)
    if (await _status(api, run))["is_final"]:
        raise SystemExit("The film was done before the requests were: it needs more scenes on this machine.")
    await _cancel_all(api)
    times_ms = sorted(1000 * each for each in answered if each is not None)
    return {
        "status_median_ms": statistics.median(times_ms),
        "status_p95_ms": times_ms[int(0.95 * len(times_ms))],
        "status_max_ms": times_ms[-1],
        "status_failed": len(answered) - len(times_ms),
    }


async def many_streams(api: httpx.AsyncClient) -> dict[str, float]:
    """Read the events of one run by many streams at once, each cut and continued."""
    run = await _started(api, "Watched by many", scenes=6)
    async with asyncio.timeout(FILM_S):
        reading = [asyncio.create_task(_all_events(api, run, cut_every=2 + number % 7)) for number in range(STREAMS)]
        streams = await asyncio.gather(*reading)
        whole = await _all_events(api, run, cut_every=0)
    return {
        "streams": STREAMS,
        "stream_events": len(whole),
        "streams_wrong": sum(each != whole for each in streams) + (len(set(whole)) != len(whole)),
        "cuts": STREAMS * CUTS,
    }


async def memory_of_polling(api: httpx.AsyncClient, gateway: int, minutes: float) -> dict[str, float]:
    """Poll lists, a status and events; return the memory of the gateway after a fifth of the time, and at the end."""
    run = (await api.get("/api/v1/runs?limit=1")).json()[0]["id"]
    paths = ("/api/v1/runs", f"/api/v1/runs/{run}", "/api/v1/films", f"/api/v1/runs/{run}/steps", "/api/v1/templates")
    began_at, polled, start_mb = time.monotonic(), 0, 0.0
    async with asyncio.timeout(60 * minutes + 2 * ANSWER_S):
        while (elapsed_s := time.monotonic() - began_at) < 60 * minutes:
            if not start_mb and elapsed_s > 12 * minutes:
                start_mb = _memory_mb(gateway)
            polled += 1
            (await api.get(paths[polled % len(paths)])).raise_for_status()
            await asyncio.sleep(1 / POLLS_A_SECOND)
    end_mb = _memory_mb(gateway)
    facts = {"memory_start_mb": start_mb, "memory_end_mb": end_mb, "memory_growth_mb": end_mb - start_mb}
    return {**facts, "polled": polled, "minutes": minutes}


async def _all_events(api: httpx.AsyncClient, run: str, cut_every: int) -> Sequence[str]:
    """Return the ids of the events of a run, in the order of their arrival. Cut the stream a few times."""
    found: list[str] = []
    cuts_left = CUTS if cut_every else 0
    while True:
        headers = {"last-event-id": found[-1]} if found else {}
        since_cut, kind = 0, ""
        async with api.stream("GET", f"/api/v1/runs/{run}/events", headers=headers) as answer:
            answer.raise_for_status()
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "id":
                    found.append(value)
                    since_cut += 1
                elif not line and cuts_left and since_cut >= cut_every:
                    cuts_left -= 1
                    break
            else:
                if kind in ("completed", "failed", "cancelled") or not since_cut:
                    return found


async def _started(api: httpx.AsyncClient, title: str, scenes: int) -> str:
    """Start a film whose scenes were never made, and return its id."""
    contents = [{"title": f"{title}, scene {number} of {time.time_ns()}"} for number in range(1, scenes + 1)]
    written = [
        {"name": f"Scene {number}", "template": "title", "content": content}
        for number, content in enumerate(contents, start=1)
    ]
    answer = await api.post("/api/v1/runs", json={"request": {"title": title, "profile": "hd", "scenes": written}})
    answer.raise_for_status()
    return str(answer.json()["id"])


async def _until_a_scene_is_at_work(api: httpx.AsyncClient, run: str) -> None:
    async with asyncio.timeout(FILM_S):
        while not any(scene["state"] == "running" for scene in (await _status(api, run))["scenes"]):
            await asyncio.sleep(0.5)


async def _cancel_all(api: httpx.AsyncClient) -> None:
    """End all runs: the server does not stop before."""
    active = {"Scheduled", "Pending", "Running", "Cancelling"}
    async with asyncio.timeout(FILM_S):
        while runs := [run for run in (await api.get("/api/v1/runs")).json() if run["state"] in active]:
            for run in runs:
                await api.post(f"/api/v1/runs/{run['id']}/cancel")
            await asyncio.sleep(1)


async def _status(api: httpx.AsyncClient, run: str) -> dict[str, Any]:
    answer = await api.get(f"/api/v1/runs/{run}")
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()["status"]
    return found


def _pid_of_gateway(supervisor: int) -> int:
    """Return the process of the gateway below a supervisor."""
    children: dict[int, list[int]] = {}
    commands: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            commands[int(folder.name)] = (folder / "cmdline").read_text()
        except OSError:
            continue
        children.setdefault(parent, []).append(int(folder.name))
    below = [supervisor]
    for each in below:
        below += children.get(each, [])
    return next(each for each in below if "callsheet.gateway" in commands[each])


def _memory_mb(pid: int) -> float:
    """Return the memory of a process alone, without what it shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def report(results: dict[str, float], load: float) -> None:
    """Print a table for people, one line for programs."""
    print(f"{'':22}{'measured':>10}{'goal':>8}")
    for name, value in results.items():
        print(f"{name:22}{value:10.1f}" + (f"{GOALS[name]:8g}" if name in GOALS else ""))
    missed = [name for name, goal in GOALS.items() if results[name] > goal]
    rounded = {name: round(value, 1) for name, value in results.items()}
    print(json.dumps({**rounded, "load": round(load, 2), "goals": GOALS, "missed": missed}))


if __name__ == "__main__":
    main()
