"""Work in threads ends with the step that waits for it, and leaves neither a program nor a file behind."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from callsheet import stopping
from callsheet.embedded.process_tree import descendants
from callsheet.media.command import run_command
from callsheet.model.film.profile import PROFILES
from callsheet.model.film.timeline import MergeOptions, TransitionName, plan_timeline
from callsheet.settings import settings
from callsheet.storage.store import store_media
from callsheet.threads import entered, in_a_thread
from tasks import editing, wiring
from tests.synthetic import numbered, write_clip

LONG_S = 300
FADE = MergeOptions(transition=TransitionName.FADE, transition_s=4)


async def until(condition):
    """Wait for it, as long as a busy machine may take."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def cancelled(work):
    """Cancel it, and give the seconds until it is over."""
    began_s = time.monotonic()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    return time.monotonic() - began_s


async def test_work_gives_what_it_makes_and_raises_what_it_raises():
    """Like any other call."""
    assert await in_a_thread(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await in_a_thread(divmod, 7, 0)


async def test_an_iterator_that_has_ended_ends_the_work():
    """A future takes no StopIteration: without a word, the wait for it would last for ever."""
    async with asyncio.timeout(10):
        with pytest.raises(RuntimeError, match="next raised StopIteration"):
            await in_a_thread(next, iter(()))


async def test_a_program_ends_when_nobody_waits_for_it_any_more(tmp_path):
    """It would run for minutes; it is gone when the wait is."""
    started = tmp_path / "started"
    program = ["sh", "-c", f"touch {started}; exec sleep {LONG_S}"]
    work = asyncio.create_task(in_a_thread(run_command, program, LONG_S))
    await until(started.exists)
    assert await cancelled(work) < LONG_S / 2


async def test_work_without_a_program_ends_at_its_next_look():
    """And no step continues before it has ended."""
    looks, ended = [], threading.Event()

    def looking():
        try:
            while True:
                looks.append(1)
                stopping.check()
                time.sleep(0.001)
        finally:
            ended.set()

    work = asyncio.create_task(in_a_thread(looking))
    await until(lambda: looks)
    await cancelled(work)
    assert ended.is_set()


async def test_what_was_entered_when_nobody_waits_any_more_is_left_again():
    """A file that was just fetched is removed."""
    entering, may_enter, left = threading.Event(), threading.Event(), threading.Event()

    class Slow:
        def __enter__(self):
            entering.set()
            may_enter.wait(60)

        def __exit__(self, *_):
            left.set()

    async def use():
        async with entered(Slow()):
            await asyncio.sleep(LONG_S)

    work = asyncio.create_task(use())
    await until(entering.is_set)
    work.cancel()
    may_enter.set()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert left.is_set()


async def test_a_merge_that_is_cancelled_leaves_nothing(tmp_path, monkeypatch):
    """In the middle of a long blend: no thread is at work any more, and no file is there."""
    monkeypatch.setenv("CALLSHEET_HOME", str(tmp_path))
    settings.cache_clear()
    try:
        timeline = stored_timeline(tmp_path)
        blending = settings().scratch_dir
        work = asyncio.create_task(editing.merge_clips.task.fn(timeline))
        await until(lambda: list(blending.glob("merge-*/*.mp4")))
        await cancelled(work)
        assert not list(blending.iterdir())
        assert "join_clips" not in {name for thread in threading.enumerate() for name in calls_of(thread)}
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def stored_timeline(folder):
    """Two stored clips that lie over each other for four seconds: their blend takes a while."""
    profile = PROFILES["hd"]
    paths = [folder / f"{number}.mp4" for number in range(2)]
    clips = []
    for number, path in enumerate(paths):
        clip = write_clip(path, profile, 10 * profile.frame_rate, numbered(profile, number))
        clips.append(clip.model_copy(update={"stored": store_media(wiring.store(), path, "clips", "video/mp4")}))
    return plan_timeline(tuple(clips), FADE)


def calls_of(thread):
    """Names of the functions that it is in the middle of."""
    frame = sys._current_frames().get(thread.ident)
    while frame is not None:
        yield frame.f_code.co_name
        frame = frame.f_back


ENDED_FROM_OUTSIDE = """
import asyncio, pathlib, signal, sys
from callsheet.media.command import run_command
from callsheet.threads import in_a_thread
def end(*_):
    raise SystemExit(3)
signal.signal(signal.SIGTERM, end)
program = ["sh", "-c", f"touch {sys.argv[1]}; exec sleep 300"]
asyncio.run(in_a_thread(run_command, program, 300))
"""


def test_a_process_that_is_told_to_end_waits_for_no_program(tmp_path):
    """A runner sends SIGTERM to a run that a person cancels, and waits only half a minute for its end."""
    started = tmp_path / "started"
    process = subprocess.Popen([sys.executable, "-c", ENDED_FROM_OUTSIDE, str(started)], cwd=Path(__file__).parents[2])
    try:
        asyncio.run(until(started.exists))
        children = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 3
        assert children
        assert not any(Path(f"/proc/{child}").exists() for child in children)
    finally:
        process.kill()
        process.wait()
