"""The stage renders in a child process that leaves nothing behind, however it ends."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest

from callsheet.embedded import process_tree
from callsheet.errors import SceneFailed
from callsheet.fence.job import FenceLimits
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import Origin, OriginKind, SceneCode
from callsheet.scene_lint import load_catalogue, unchecked
from callsheet.scratch import scratch_dir
from callsheet.settings import Settings
from callsheet.stage import sandbox

DRAFT = PROFILES[ProfileName.DRAFT]
HEAD = "from manim import *\nimport time\n\nclass Plain(Scene):\n    def construct(self):\n"
SQUARE = HEAD + "        self.play(Create(Square()), run_time=1)\n        self.wait(1)\n"
ENDLESS = HEAD + "        self.wait(0.1)\n        time.sleep(600)\n"


def scene(source):
    """Code of a scene with this source, as it reaches the stage: whatever validation would say of it."""
    origin = Origin(kind=OriginKind.TEMPLATE, maker="test")
    code = SceneCode(scene_name="Plain scene", class_name="Plain", source=source, origin=origin)
    return unchecked(code, load_catalogue(Settings().catalogue_dir))


def limits(tmp_path, timeout_s=60, at_once=2):
    """Limits with separate slots."""
    return FenceLimits(timeout_s=timeout_s, at_once=at_once, slots_dir=tmp_path / "slots")


async def rendered(tmp_path, source, **options):
    """Render in a scratch folder below `tmp_path`, and look at what came out while it is there."""
    begun = []
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        take = await sandbox.render(scene(source), DRAFT, folder, limits(tmp_path, **options), begun.append)
        with av.open(str(take.path)) as container:
            stream = container.streams.video[0]
            frames = [packet.is_keyframe for packet in container.demux(stream) if packet.size]
            return take, begun, frames, stream


async def test_a_clip_has_exactly_the_frames_of_its_scene(tmp_path):
    """Two seconds at 15 frames a second are 30 frames, with keyframes as regular as the profile says."""
    take, begun, frames, stream = await rendered(tmp_path, SQUARE)
    assert (take.frames, len(frames)) == (30, 30)
    assert [number for number, is_keyframe in enumerate(frames) if is_keyframe] == list(range(0, 30, DRAFT.gop_frames))
    assert (stream.width, stream.height, stream.average_rate) == (854, 480, 15)
    assert begun == [1, 2]


async def test_a_scene_that_raises_is_told_with_its_line(tmp_path):
    """The person who wrote it sees which line and what is wrong, and the end of the log is kept."""
    with pytest.raises(SceneFailed, match="line 6: NameError: name 'Sqare' is not defined") as failure:
        await rendered(tmp_path, HEAD + "        self.play(Create(Sqare()))\n")
    assert "Traceback" in failure.value.log_tail


async def test_a_scene_that_plays_nothing_stands_still_for_three_seconds(tmp_path):
    """A scene of `self.add` alone is a picture, and a picture can be part of a film."""
    take, *_ = await rendered(tmp_path, HEAD + "        self.add(Square())\n")
    assert take.frames == 45


async def test_the_sound_of_a_scene_is_as_long_as_its_pictures(tmp_path):
    """Manim's `add_sound` is heard, padded with silence to the end of the clip."""
    tone = tmp_path / "tone.wav"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=0.5", str(tone)], check=True)
    source = HEAD + "        self.add_sound('beep.wav')\n        self.wait(2)\n"
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        take = await sandbox.render(scene(source), DRAFT, folder, limits(tmp_path), files={"beep.wav": tone})
        with av.open(str(take.path)) as container:
            samples = sum(frame.samples for frame in container.decode(audio=0))
    assert take.frames == 30
    assert samples == pytest.approx(2 * 48_000, abs=2_048)


async def heard(tmp_path, *lines):
    """Seconds at which a scene of these lines is loud, in tenths; `beep.wav` is a tone of a fifth of a second."""
    tone = tmp_path / "tone.wav"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=d=0.2", str(tone)], check=True)
    source = HEAD + "".join(f"        {line}\n" for line in lines)
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        take = await sandbox.render(scene(source), DRAFT, folder, limits(tmp_path), files={"beep.wav": tone})
        with av.open(str(take.path)) as container:
            samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    tenths = np.abs(samples[: len(samples) // 4800 * 4800]).reshape(-1, 4800).max(axis=1)
    return take.frames / DRAFT.frame_rate, (np.flatnonzero(tenths > 0.02) / 10).tolist()


async def test_a_sound_after_a_skipped_part_begins_with_its_picture(tmp_path):
    """The clock of the film counts what is shown; also the first sound after the skipped part is heard."""
    skipped = ("self.next_section('a', skip_animations=True)", "self.wait(3)", "self.add_sound('beep.wav')")
    then = ("self.next_section('b')", "self.add_sound('beep.wav')", "self.wait(1)", "self.add_sound('beep.wav', 0.5)")
    assert await heard(tmp_path, *skipped, *then, "self.wait(1)") == (2.0, [0.0, 0.1, 1.5, 1.6])
    between = ("self.wait(1)", *skipped, "self.next_section('b')", "self.add_sound('beep.wav')", "self.wait(0.4)")
    assert await heard(tmp_path, *between) == (1.4, [1.0, 1.1])


async def test_a_scene_that_leaves_early_is_not_taken_for_finished(tmp_path):
    """A clean exit code alone is not success."""
    with pytest.raises(SceneFailed, match="its process ended with code 0"):
        await rendered(tmp_path, HEAD + "        import os\n        self.wait(1)\n        os._exit(0)\n")


async def test_a_scene_has_a_time_limit(tmp_path):
    """An endless scene is ended, with all of its processes, soon after its time is over."""
    began_at = time.monotonic()
    with pytest.raises(SceneFailed, match="it took longer than 4 seconds"):
        await rendered(tmp_path, ENDLESS, timeout_s=4)
    assert time.monotonic() - began_at < 15
    assert not list((tmp_path / "scratch").iterdir())


async def test_the_child_gets_none_of_our_environment(tmp_path, monkeypatch):
    """Keys and tokens of the worker stay with the worker."""
    monkeypatch.setenv("REPLICATE_API_TOKEN", "secret")
    source = HEAD + "        import os\n        assert 'REPLICATE_API_TOKEN' not in os.environ\n        self.wait(1)\n"
    take, *_ = await rendered(tmp_path, source)
    assert take.frames == 15


async def test_renders_wait_for_a_free_slot(tmp_path):
    """With one slot, two renders never overlap."""
    source = HEAD + "        self.wait(0.2)\n        time.sleep(0.5)\n" * 2

    async def span():
        times = []
        with scratch_dir(tmp_path / "scratch", "render") as folder:
            await sandbox.render(
                scene(source), DRAFT, folder, limits(tmp_path, at_once=1), lambda played: times.append(time.monotonic())
            )
        return times

    first, second = sorted([*await asyncio.gather(span(), span())])
    assert first[-1] < second[0]


def descendants(pid):
    """Folders in /proc of all that process `pid` has started, and what these have started."""
    return [Path(f"/proc/{each}") for each in process_tree.descendants(pid)]


def is_rendering(pid):
    """Whether some process below `pid` is in the working folder behind the fence."""
    return any(folder_of(process) == "/scene" for process in descendants(pid))


def folder_of(process):
    """The working folder of a process, as that process knows it; None where it has just ended."""
    try:
        return str((process / "cwd").readlink())
    except OSError:
        return None


def is_alive(process):
    """Whether it still runs; a zombie only waits for its parent to hear of its end."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def until(condition, timeout_s=10):
    """Wait for `condition()` to become true, and say whether it did."""
    deadline = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return condition()


async def test_cancelling_ends_the_child_and_removes_its_files(tmp_path):
    """Within five seconds of a cancellation no process and no file is left."""
    others = descendants(os.getpid())
    running = asyncio.create_task(rendered(tmp_path, ENDLESS))
    assert await until(lambda: is_rendering(os.getpid()), timeout_s=30)
    await asyncio.sleep(2)
    started = set(descendants(os.getpid())).difference(others)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await until(lambda: not any(is_alive(process) for process in started), timeout_s=5)
    assert not list((tmp_path / "scratch").iterdir())


WORKER = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {here!r})
from test_sandbox import ENDLESS, rendered
asyncio.run(rendered(Path({folder!r}), ENDLESS))
"""


async def test_a_killed_worker_leaves_no_process_and_no_file(tmp_path):
    """`kill -9` gives the worker no chance to clean up; the supervisor does it."""
    code = WORKER.format(here=str(Path(__file__).parent), folder=str(tmp_path))
    worker = subprocess.Popen([sys.executable, "-c", code])
    try:
        assert await until(lambda: is_rendering(worker.pid), timeout_s=30)
        await asyncio.sleep(2)
        started = descendants(worker.pid)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert await until(lambda: not any(is_alive(process) for process in started), timeout_s=1)
    assert await until(lambda: not list((tmp_path / "scratch").iterdir()), timeout_s=1)


async def test_a_child_prewarm_renders_what_any_other_does(tmp_path):
    """It has imported Manim before there is a scene; the clip is the same."""
    async with sandbox.prewarm(limits(tmp_path)) as child:
        with scratch_dir(tmp_path / "scratch", "render") as folder:
            take = await sandbox.render(scene(SQUARE), DRAFT, folder, limits(tmp_path), child=child)
            made = take.path.read_bytes()
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        anew = await sandbox.render(scene(SQUARE), DRAFT, folder, limits(tmp_path))
        assert anew.path.read_bytes() == made


async def test_a_child_that_nobody_needs_is_gone_with_its_block(tmp_path):
    """So it is when a scene was cancelled that had taken it."""
    before = set(descendants(os.getpid()))
    async with sandbox.prewarm(limits(tmp_path)):
        assert await until(lambda: len(set(descendants(os.getpid())) - before) > 2)
    assert set(descendants(os.getpid())) <= before
    async with sandbox.prewarm(limits(tmp_path)) as child:
        with scratch_dir(tmp_path / "scratch", "render") as folder, pytest.raises(TimeoutError):
            async with asyncio.timeout(4):
                await sandbox.render(scene(ENDLESS), DRAFT, folder, limits(tmp_path), child=child)
        assert set(descendants(os.getpid())) <= before


WAITER = """
import asyncio, sys
from pathlib import Path
from callsheet.fence.job import FenceLimits
from callsheet.stage import sandbox

async def main():
    async with sandbox.prewarm(FenceLimits(timeout_s=60, at_once=2, slots_dir=Path(sys.argv[1]))):
        print("waiting", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_a_prewarmed_child_dies_with_its_worker(tmp_path):
    """Killed by -9 it leaves neither the child nor its supervisor."""
    worker = subprocess.Popen([sys.executable, "-c", WAITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    worker.stdout.readline()
    assert await until(lambda: len(descendants(worker.pid)) > 2)
    inside = descendants(worker.pid)
    worker.kill()
    worker.wait()
    assert await until(lambda: not any(map(is_alive, inside)))
