"""kill -9 of each piece during each step: every run completes, what was finished is not done again, nothing is left."""

import asyncio
import os
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType

from callsheet import client
from callsheet.embedded.process_tree import descendants
from tests.durability.plant import (
    completed,
    happens,
    plant,
    process_of,
    read,
    start_up,
    wait_ready,
)
from tests.flows.clients import as_client
from tests.flows.films import film, titled
from tests.flows.history import all_artifacts
from tests.homes import prepared

# On a busy machine; by the schedule it would be up to ten minutes.
RECOVERED_WITHIN_S = 90
PIECES = ["flow", "runner", "server", "render"]
RUNNER, SERVER = "service_main callsheet.embedded.runner", "service_main prefect prefect.server"


@pytest.fixture(scope="class")
def works(tmp_path_factory):
    """One plant for all tests of a class: the supervisor starts a service that was killed three times and no more."""
    home = tmp_path_factory.mktemp("home")
    with prepared(home, tmp_path_factory), plant(home) as made:
        yield made


def request_of(name):
    """A short scene, one that a model writes, and one that takes a while; none was ever made before."""
    written = {"name": f"{name} written", "prompt": f"A circle becomes a square: {name}."}
    scenes = [titled(f"{name} short"), written, titled(f"{name} long", duration_s=6)]
    return film(name, scenes=scenes, merge={"transition": "fade", "transition_s": 1})


def reached(works, step):
    """A condition that is true as soon as this step of the next run is under way."""
    asked, written = len(works.writer.asked), works.made("write-")
    clips = set((works.home / "media/clips").rglob("*.mp4"))
    conditions = {
        "write": lambda: len(works.writer.asked) > asked,
        "validate": lambda: works.made("write-") > written,
        "render": lambda: len(works.renders()) > 1,
        "upload": lambda: set((works.home / "media/clips").rglob("*.mp4")) > clips,
        "merge": lambda: list((works.home / "scratch").glob("merge-*")),
    }
    return conditions[step]


async def victim_of(works, piece, run):
    """Gives the process to be killed, when it comes to that: nothing must take time then."""
    match piece:
        case "flow":
            pid = await process_of(run)
        case "runner" | "server":
            [pid] = works.pids(RUNNER if piece == "runner" else SERVER)
        case "render":
            return lambda: works.renders()[0]
    return lambda: pid


async def survives(works, step, piece):
    """One square of the matrix."""
    name = f"{piece} at {step}"
    before, asked, published = works.kept(), len(works.writer.asked), works.published()
    condition = reached(works, step)
    run = await client.start(request_of(name))
    victim = await victim_of(works, piece, run)
    await happens(condition)
    if piece == "render":
        await happens(works.renders)
    finished = works.kept().items() - before.items()
    os.kill(victim(), signal.SIGKILL)
    await completed(run)
    assert finished <= works.kept().items(), "a finished step was done again"
    made = Counter(step_of(record) for record, _ in works.kept().items() - before.items())
    assert made == {"write": 1, "validate": 3, "rehearse": 1, "render": 3, "merge": 1, "make": 1}
    was_answered = any(step_of(record) == "write" for record, _ in finished)
    assert len(works.writer.asked) - asked <= (1 if was_answered else 2), "the model was paid twice for one answer"
    assert [count - was for count, was in zip(works.published(), published, strict=True)] == [1, 1]
    assert len(await progress_of(run)) == 1
    assert all(scene.clip for scene in (await client.result(run)).scenes)
    await happens(lambda: not works.fenced() and not works.leftovers(), within_s=10)


def step_of(record):
    """The first word of a step's name."""
    return record.partition("-")[0]


async def progress_of(run):
    """The run's progress artifacts."""
    return [artifact for artifact in await all_artifacts(run.id) if artifact.type == "progress"]


def squares(steps, pieces=PIECES):
    """Those of some steps: each step and each piece is met in those that are not long."""
    return [
        pytest.param(step, piece, marks=[] if (row + column) % 2 == 0 else [pytest.mark.long])
        for row, step in enumerate(steps)
        for column, piece in enumerate(pieces)
    ]


class TestBeforeTheClips:
    """While scenes are made."""

    @pytest.mark.parametrize(("step", "piece"), squares(["render", "validate", "write"]))
    async def test_a_run_survives(self, works, step, piece):
        """Whatever is killed while a scene is written, checked or rendered."""
        await survives(works, step, piece)


class TestFromClipsToVideo:
    """While they are stored and become a video. When clips are merged, no render child lives any more."""

    @pytest.mark.parametrize(("step", "piece"), [*squares(["upload"]), *squares(["merge"], PIECES[:3])])
    async def test_a_run_survives(self, works, step, piece):
        """Whatever is killed while a clip is stored, or while clips are joined."""
        await survives(works, step, piece)


class TestTheEngine:
    """The process from which runs are forked, with all of them, and what was to restart them."""

    async def test_a_run_goes_on_soon_when_its_recovery_is_killed_as_well(self, works):
        """The recovery's own crash starts none; the next scheduled one would come minutes later."""
        run = await client.start(request_of("engine"))
        await happens(lambda: len(works.renders()) > 1)
        kill(works.pids("warm_engine"))
        await recovery_runs()
        kill(works.pids("warm_engine") + works.pids("prefect.engine"))
        killed_s = time.monotonic()
        while not (now := await read(run)).state.is_running() or now.run_count < 2:
            assert time.monotonic() - killed_s < RECOVERED_WITHIN_S, now.state
            await asyncio.sleep(0.3)
        await completed(run)


def kill(pids):
    """Those that have not ended yet."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def recovery_runs():
    """Wait until the recovery has a process and has begun."""
    recovery = FlowFilter(name=FlowFilterName(any_=["recover-interrupted"]))
    running = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING])))
    async with asyncio.timeout(60), get_client() as prefect:
        while not await prefect.read_flow_runs(flow_filter=recovery, flow_run_filter=running):
            await asyncio.sleep(0.02)


class TestTheWholeMachine:
    """Everything at once, as in a power cut."""

    async def test_a_run_survives_the_supervisor(self, works):
        """`callsheet up` is killed with all that it started; started again, it restarts the run."""
        run = await client.start(request_of("everything"))
        await happens(lambda: works.made("render-scene-") == 1)
        finished = works.kept()
        pids = descendants(works.up.pid)
        works.up.kill()
        works.up.wait()
        await happens(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), within_s=15)
        works.up = start_up()
        with as_client(wait_ready(works)):
            now = await completed(run)
            assert finished.items() <= works.kept().items()
            assert works.made("render-scene-") == 3
        assert now.run_count == 2
        assert works.leftovers() == []

    async def test_a_run_that_kills_its_process_is_given_up_after_some_times(self, works):
        """Three recoveries, and then a sentence; it is not started for ever."""
        run = await client.start(film("Poison", scenes=[titled("Poison", duration_s=60)], profile="full-hd"))
        for _ in range(4):
            await happens(lambda: len(works.renders()) > 1)
            os.kill(await process_of(run), signal.SIGKILL)
            await happens(lambda: not works.renders())
        while not (now := await read(run)).state.is_failed():
            await asyncio.sleep(0.2)
        assert "ended 4 times" in now.state.message
