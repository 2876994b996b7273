"""What scene code can and can't do behind the fence, and what a person is told."""

import json
import logging
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from callsheet.errors import SceneFailed, SceneKilled, SetupIncomplete, StageUnavailable
from callsheet.fence.job import FenceLimits, FencePolicy
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import Origin, OriginKind, SceneCode, ValidatedSceneCode
from callsheet.scene_lint import load_catalogue, unchecked
from callsheet.scratch import scratch_dir
from callsheet.settings import Settings
from callsheet.stage import sandbox
from callsheet.stage.limits import rehearsal_limits, stage_limits

DRAFT = PROFILES[ProfileName.DRAFT]
HEAD = "from manim import *\nimport os, sys, time\n\nclass Plain(Scene):\n    def construct(self):\n"
# Packages of the worker that know servers, clouds, accounts and models.
OF_THE_WORKER = ("prefect", "prefect_aws", "boto3", "botocore", "httpx", "openai", "anthropic", "pydantic_ai",
                 "replicate", "fastapi", "starlette", "sqlalchemy", "asyncpg", "pydantic_settings", "yaml", "pytest",
                 "pip", "setuptools", "flows", "tasks", "deployments")  # fmt: skip


def code(source: str, class_name: str = "Plain") -> ValidatedSceneCode:
    """Scene code that no person has looked at."""
    origin = Origin(kind=OriginKind.CODE, maker="test")
    return ValidatedSceneCode(scene_name="Plain scene", class_name=class_name, source=source, origin=origin)


def limits(tmp_path: Path, **changes: object) -> FenceLimits:
    """Limits with separate slots, and as much memory as a small scene needs."""
    base = FenceLimits(timeout_s=60, at_once=2, slots_dir=tmp_path / "slots", memory_mb=600)
    return replace(base, **changes)


async def rendered(
    tmp_path: Path, source: str, files: dict[str, Path] | None = None, **changes: object
) -> sandbox.Take:
    """Render in a scratch folder below `tmp_path`."""
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        return await sandbox.render(code(source), DRAFT, folder, limits(tmp_path, **changes), files=files or {})


async def failure(tmp_path: Path, body: str, **changes: object) -> SceneFailed:
    """Why a scene with this body came to nothing."""
    with pytest.raises(SceneFailed) as failed:
        await rendered(tmp_path, HEAD + "".join(f"        {line}\n" for line in body.split("\n")), **changes)
    return failed.value


async def test_the_packages_of_the_worker_are_not_there(tmp_path: Path):
    """No client of Prefect, of a cloud or of a language model: less to read, and less to build an attack from."""
    body = f"""import importlib.util
there = [name for name in {OF_THE_WORKER} if importlib.util.find_spec(name)]
raise LookupError(there)"""
    assert (await failure(tmp_path, body)).reason.endswith("LookupError: []")


async def test_a_file_is_there_under_its_name_and_stays_as_it_is(tmp_path: Path):
    """Pictures come in by name; the scene reads them and can neither change nor remove them."""
    given = tmp_path / "any name.txt"
    given.write_text("words")
    body = """found = open("words.txt").read()
try: open("words.txt", "w")
except OSError as error: first = error.errno
try: os.unlink("words.txt")
except OSError as error: raise LookupError((found, first, error.errno))"""
    failed = await failure(tmp_path, body, files={"words.txt": given})
    assert failed.reason.endswith("LookupError: ('words', 30, 16)")
    assert given.read_text() == "words"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("x = []\nwhile True: x.append(bytes(50 << 20))", "it needed more than 600 MB of memory"),
        ("np.zeros((10**6, 10**6))", "it needed more than 600 MB of memory"),
        ("while True: print('x' * 10**6)", "it wrote more than 64 MB of log"),
        ("os.kill(os.getpid(), 11)", "its process was ended by SIGSEGV"),
        ("os._exit(0)", "its process ended with code 0 before the scene did"),
        ("os._exit(7)", "its process ended with code 7 before the scene did"),
        ("sys.exit('enough')", "line 6: SystemExit: enough"),
        ("raise ValueError('one\\n\\x1b[31mtwo')", "line 6: ValueError: one [31mtwo"),
        ("config.frame_rate = 10**7\nself.wait(1)", "the scene sets config.frame_rate; this video has 15 a second"),
    ],
)
async def test_why_a_scene_failed_is_one_clear_sentence(tmp_path: Path, body: str, reason: str):
    """Whatever it did, a person reads what happened, in one line."""
    failed = await failure(tmp_path, body)
    assert str(failed).endswith(reason)
    assert "\n" not in str(failed)


async def test_a_disk_that_is_full_is_told(tmp_path: Path):
    """One file may be as large as a clip may be; all files together lie in memory and have a size."""
    body = "f = open('big', 'wb')\nwhile True: f.write(bytes(1 << 24))"
    assert (await failure(tmp_path, body, memory_mb=2000)).reason == "it wrote more files than there is room for"


async def test_the_line_of_the_scene_is_told(tmp_path: Path):
    """The last line of its own code on the way to the failure, also for code that is no Python."""
    assert (await failure(tmp_path, "x = 1\nself.add(Text(7 / 0))")).line == 7
    with pytest.raises(SceneFailed, match="line 2: SyntaxError") as failed:
        await rendered(tmp_path, "x = 1\ndef (:\n")
    assert failed.value.line == 2


async def test_size_and_rate_are_those_of_the_profile(tmp_path: Path):
    """What a module sets for itself, as files made for Manim's own command do, does not change the video."""
    own = "config.pixel_width = 320\nconfig.frame_rate = 60\nconfig.media_dir = '/elsewhere'\n"
    source = HEAD.replace("class", own + "class") + "        self.wait(1)\n"
    assert (await rendered(tmp_path, source)).frames == 15


async def test_the_only_scene_needs_no_name(tmp_path: Path):
    """With several, the person is asked which one."""
    one = HEAD + "        self.wait(1)\n"
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        take = await sandbox.render(code(one, class_name=""), DRAFT, folder, limits(tmp_path))
    assert take.frames == 15
    with scratch_dir(tmp_path / "scratch", "render") as folder, pytest.raises(SceneFailed, match="Plain, Second"):
        await sandbox.render(code(one + "class Second(Scene): pass\n", ""), DRAFT, folder, limits(tmp_path))


@pytest.mark.parametrize(
    "made",
    [
        "def construct(self): self.wait(1)\nMain = type('Main', (Scene,), {'construct': construct})\n",
        "exec('class Main(Scene):\\n    def construct(self): self.wait(1)')\n",
    ],
)
async def test_a_scene_that_only_shows_when_it_runs_is_found_by_the_child(tmp_path: Path, made: str):
    """Code that is sent straight to the fence is not refused for what can't be seen without running it."""
    origin = Origin(kind=OriginKind.CODE, maker="test")
    given = SceneCode(scene_name="Made", class_name="", source=f"from manim import *\n{made}", origin=origin)
    straight = unchecked(given, load_catalogue(Settings().catalogue_dir))
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        assert (await sandbox.render(straight, DRAFT, folder, limits(tmp_path))).frames == 15


async def test_a_process_that_is_killed_may_be_an_accident(tmp_path: Path):
    """It can't be told who did it, so it is tried again; the sentence promises nothing."""
    with pytest.raises(SceneKilled) as killed:
        await rendered(tmp_path, HEAD + "        print('last words', flush=True)\n        os.kill(os.getpid(), 9)\n")
    again = pickle.loads(pickle.dumps(killed.value))
    assert str(again) == "The process of scene “Plain scene” was killed, by its own code or from outside"
    assert "last words" in again.log_tail


FORGED = """import struct
fd = 3
while not is_pipe(fd): fd += 1
content = {content}
os.write(fd, struct.pack(">cBQ", b"F", len({name!r}), len(content)) + {name!r}.encode() + content)
done = b'{{"event": "rendered", "frames": 30}}'
os.write(fd, struct.pack(">cBQ", b"E", 0, len(done)) + done)
os._exit(0)"""
IS_PIPE = """
def is_pipe(number):
    try: return os.fstat(number).st_mode & 0o170000 == 0o010000
    except OSError: return False

"""


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("clip.mp4", "b'ffconcat version 1.0'", "it made a clip.mp4 that is no such file inside"),
        ("../../clip.mp4", "b'1234ftyp'", "it sent a file that the job did not ask for"),
    ],
)
async def test_a_scene_can_forge_no_result(tmp_path: Path, name: str, content: str, reason: str):
    """It can write to the pipe itself; what comes out is checked all the same."""
    body = FORGED.format(name=name, content=content)
    source = HEAD.replace("\n\n", f"\n{IS_PIPE}") + "".join(f"        {line}\n" for line in body.split("\n"))
    with pytest.raises(SceneFailed) as failed:
        await rendered(tmp_path, source)
    assert failed.value.reason.startswith(reason)


async def test_a_rehearsal_tells_facts_and_shows_the_last_frame(tmp_path: Path):
    """With animations skipped, behind the same fence."""
    source = HEAD + "        self.play(Create(Square()), run_time=1)\n        self.wait(1)\n"
    with scratch_dir(tmp_path / "scratch", "rehearse") as folder:
        rehearsed = await sandbox.rehearse(code(source), DRAFT, folder, limits(tmp_path))
        assert (rehearsed.facts.frames, rehearsed.facts.animations) == (30, 2)
        assert rehearsed.poster.read_bytes().startswith(b"\x89PNG")


async def test_a_rehearsal_that_raises_tells_the_line(tmp_path: Path):
    """That is what it is for."""
    with scratch_dir(tmp_path / "scratch", "rehearse") as folder, pytest.raises(SceneFailed) as failed:
        await sandbox.rehearse(code(HEAD + "        self.play(Creat(Square()))\n"), DRAFT, folder, limits(tmp_path))
    assert failed.value.line == 6


async def test_a_rehearsal_without_an_end_is_ended_with_a_sentence_for_the_writer(tmp_path: Path):
    """It has a separate limit, far shorter than a render's."""
    source = HEAD + "        while True:\n            self.wait(1)\n"
    with scratch_dir(tmp_path / "scratch", "rehearse") as folder, pytest.raises(SceneFailed) as failed:
        await sandbox.rehearse(code(source), DRAFT, folder, limits(tmp_path, timeout_s=4))
    assert failed.value.reason.startswith(
        "its rehearsal took longer than 4 seconds, although that skips the animations"
    )


def test_rehearsals_have_limits_of_their_own(tmp_path: Path):
    """Two minutes where nothing else is set, and slots that no render waits for."""
    chosen = Settings(home=tmp_path)
    render, rehearsal = stage_limits(chosen), rehearsal_limits(chosen)
    assert (render.timeout_s, rehearsal.timeout_s) == (1800, 120)
    assert rehearsal.slots_dir != render.slots_dir
    assert replace(rehearsal, timeout_s=1800, slots_dir=render.slots_dir) == render


async def test_no_fence_at_all_is_said_aloud(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Once for each render, as a warning."""
    with caplog.at_level(logging.WARNING):
        await rendered(tmp_path, HEAD + "        self.wait(1)\n", policy=FencePolicy.UNSAFE_NONE)
    assert "without any fence" in caplog.text


async def test_without_bubblewrap_nothing_is_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """And nothing weaker is taken instead."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupIncomplete, match="apt-get install bubblewrap"):
        await rendered(tmp_path, HEAD + "        self.wait(1)\n")


IN_A_CONTAINER = """
import asyncio, json, sys
from pathlib import Path
from callsheet.errors import CallsheetError
from callsheet.fence.job import FencePolicy
sys.path.insert(0, {here!r})
from test_fence import HEAD, rendered
async def main():
    try:
        take = await rendered(Path({folder!r}), HEAD + {body!r}, policy=FencePolicy({policy!r}))
        return take.frames
    except CallsheetError as error:
        return type(error).__name__ + ": " + str(error)
print(json.dumps(asyncio.run(main())))
"""


def in_a_container(
    tmp_path: Path, policy: FencePolicy, body: str, *, namespaces: bool = False, mounts: tuple[str, ...] = ()
) -> object:
    """Render as an ordinary user; without `namespaces`, where no further ones may be made, as in most containers."""
    tmp_path.chmod(0o755)
    script = IN_A_CONTAINER.format(
        here=str(Path(__file__).parent), folder=str(tmp_path), policy=policy.value, body=body
    )
    ordinary = ["bwrap", "--dev-bind", "/", "/", *mounts, "--unshare-user", "--uid", "1000", "--gid", "1000"]
    argv = [*ordinary, *(() if namespaces else ("--disable-userns",)), "--", sys.executable, "-c", script]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=tmp_path, env=dict(os.environ))
    return json.loads(done.stdout)


def test_an_ordinary_user_has_the_same_fence(tmp_path: Path):
    """Nothing of it needs root."""
    attempts = "        assert not os.path.exists('/proc') and not os.path.exists('/home')\n        self.wait(1)\n"
    assert in_a_container(tmp_path, FencePolicy.REQUIRED, attempts, namespaces=True) == 15


def test_a_full_disk_of_this_machine_is_told_at_once(tmp_path: Path):
    """The clip can't be taken in: that is no accident of the process, and rendering it again would not help."""
    body = "        self.play(Create(Text('a longer text than fits')), run_time=1)\n"
    small = ("--size", "4096", "--tmpfs", str(tmp_path / "scratch"))
    said = in_a_container(tmp_path, FencePolicy.REQUIRED, body, namespaces=True, mounts=small)
    assert str(said).startswith(f"SetupIncomplete: The disk of {tmp_path}/scratch/render-")
    assert "is full (0 MB free). Delete what is not needed" in str(said)


def test_a_folder_of_slots_that_cant_be_written_is_named(tmp_path: Path):
    """Renders take turns by files in it."""
    (tmp_path / "slots").mkdir()
    closed = ("--ro-bind", str(tmp_path / "slots"), str(tmp_path / "slots"))
    said = in_a_container(tmp_path, FencePolicy.REQUIRED, "        self.wait(1)\n", namespaces=True, mounts=closed)
    assert str(said).startswith(f"SetupIncomplete: {tmp_path}/slots/0 can't be used (Read-only file system)")


async def test_a_turn_that_can_never_come_is_told(tmp_path: Path):
    """Whatever else keeps the supervisor from its work is in the sentence."""
    (tmp_path / "file").touch()
    with pytest.raises(StageUnavailable, match=r"could not be guarded: \[Errno 20\] Not a directory: '.*/file/slots'"):
        await rendered(tmp_path, HEAD + "        self.wait(1)\n", slots_dir=tmp_path / "file" / "slots")


def test_a_container_without_namespaces_is_refused_with_a_remedy(tmp_path: Path):
    """The policy `required` never becomes a weaker one by itself."""
    said = in_a_container(tmp_path, FencePolicy.REQUIRED, "        self.wait(1)\n")
    assert str(said).startswith("SetupIncomplete: The fence around scene code can't be built here")
    assert "user namespaces" in str(said)


def test_a_container_can_be_vouched_for(tmp_path: Path):
    """The policy `container` renders there, with an empty environment and limits, and leaves no process behind."""
    daemon = "        if os.fork() == 0:\n            os.setsid()\n            time.sleep(600)\n"
    checks = "        assert 'PYTEST_CURRENT_TEST' not in os.environ\n"
    assert in_a_container(tmp_path, FencePolicy.CONTAINER, checks + daemon + "        self.wait(1)\n") == 15
    assert not list((tmp_path / "scratch").iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root")
async def test_root_in_a_container_becomes_somebody_else(tmp_path: Path):
    """A scene is never root; where what it needs is closed to that user, the person is told what."""
    (tmp_path / "scratch").mkdir(mode=0o700)
    with pytest.raises(SetupIncomplete, match="is closed to user 65534"):
        await rendered(tmp_path, HEAD + "        self.wait(1)\n", policy=FencePolicy.CONTAINER)
