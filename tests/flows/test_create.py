"""`callsheet create`, as a person runs it: a separate process, watched from outside."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest

from callsheet import client, embedded
from callsheet.settings import Settings, settings
from tests.flows.commands import run
from tests.flows.history import latest_run
from tests.homes import prepared

REQUEST = """
title: {title}
profile: draft
merge: {{transition: none}}
scenes:
  - name: One
    template: title
    content: {{title: One, duration_s: {seconds}}}
  - name: Two
    template: title
    content: {{title: Two, duration_s: {seconds}}}
"""


def create(tmp_path, *arguments, title="Created", seconds=1, home=None):
    """Start the command; its home is that of the test server, or one where no server runs."""
    file = tmp_path / "request.yaml"
    file.write_text(REQUEST.format(title=title, seconds=seconds), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "callsheet", "create", str(file), "--out", str(tmp_path / "out"), *arguments],
        env=environment | {"CALLSHEET_HOME": str(home or settings().home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def frames_of(path):
    """Frames of a video file."""
    with av.open(str(path)) as container:
        return container.streams.video[0].frames


def test_the_video_and_its_manifest_are_in_the_out_folder(prefect_server, tmp_path):
    """Standard output is one JSON object; the files are where it says."""
    output, errors = create(tmp_path, "--json").communicate(timeout=120)
    assert output, errors
    result = json.loads(output)
    assert result["ok"], result
    assert frames_of(result["video"]) == result["frames"] == 30
    assert json.loads(Path(result["video"]).with_suffix(".json").read_text())["title"] == "Created"
    check_that_the_film_is_found_again(result, tmp_path)


def check_that_the_film_is_found_again(result, tmp_path):
    """By its run, by the beginning of the run's id and by its title; as a file, as an address and in the list."""
    run_id = result["run_id"]
    video = json.loads(run("status", run_id, "--json"))["video"]
    assert video["key"].startswith("videos/")
    assert json.loads(run("open", run_id, "--json"))["place"].endswith(video["key"])
    listed = json.loads(run("videos", "--json", "--limit", "100"))["videos"]
    assert [film["title"] for film in listed if film["run_id"] == run_id] == ["Created"]
    fetched = json.loads(run("get", run_id[:8], "--out", tmp_path / "fetched", "--edit", "--json"))
    assert Path(fetched["video"]).read_bytes() == Path(result["video"]).read_bytes()
    assert fetched["note"] == "The edit of “Created” has no voice, no music and no captions, because the film has none."
    assert Path(asyncio.run(client.download(run_id, tmp_path / "out", edit=True))) == Path(result["video"])
    assert (tmp_path / "out" / Path(fetched["edit"]).name).read_bytes() == Path(fetched["edit"]).read_bytes()
    assert video["key"] in run("watch", run_id)
    assert "did you mean" not in run("get", "no such run", "--out", tmp_path, code=2)


@pytest.mark.long
def test_the_profile_can_be_chosen_on_the_command_line(prefect_server, tmp_path):
    """The file is rendered as it is, in another size."""
    output, _ = create(tmp_path, "--json", "--profile", "square").communicate(timeout=120)
    with av.open(json.loads(output)["video"]) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (1080, 1080)


def test_a_video_that_can_not_be_written_down_is_kept(prefect_server, tmp_path):
    """One JSON object says where the trouble is, and what to do; the same command elsewhere renders nothing."""
    command = create(tmp_path, "--json")
    assert command.stderr.readline()  # the run is shown, so the folder was found to be good
    (tmp_path / "out").rmdir()
    (tmp_path / "out").touch()
    output, _ = command.communicate(timeout=120)
    assert command.returncode == 2
    assert json.loads(output)["error"].startswith("--out: the video is made and kept, but “")
    output, _ = create(tmp_path, "--json", "--out", str(tmp_path / "elsewhere")).communicate(timeout=120)
    assert frames_of(json.loads(output)["video"]) == 30


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title: x\nscenes: []\n", "request.yaml:2: scenes: needs at least 1 scene, or a topic"),
        ("title: [\n", "request.yaml:2: the line is the end of the file, and a value is missing"),
        (
            "title: x\nscenes:\n- {name: a, template: equation, content: {steps: ['frac(1,']}}\n",
            "the formula “frac(1,” can't be set",
        ),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence_before_anything_starts(tmp_path, text, sentence):
    """The line, the field, exit code 2, and no traceback."""
    file = tmp_path / "request.yaml"
    file.write_text(text, encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, "-m", "callsheet", "create", str(file)], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 2
    assert sentence in " ".join(finished.stderr.split())
    assert "Traceback" not in finished.stderr


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path):
    """Exit code 3: the same command may work later."""
    file = tmp_path / "request.yaml"
    file.write_text(REQUEST.format(title="x", seconds=1), encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, "-m", "callsheet", "create", str(file)],
        capture_output=True, text=True, check=False, env={**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"},
    )  # fmt: skip
    assert finished.returncode == 3
    assert "http://127.0.0.1:9/api can't be reached" in " ".join(finished.stderr.split())
    assert "Traceback" not in finished.stderr


def interrupted(command):
    """Wait until the run is shown, press Ctrl-C, and give what was said."""
    said = ""
    while "Run " not in said:
        line = command.stderr.readline()
        assert line, said
        said += line
    command.send_signal(signal.SIGINT)
    _, rest = command.communicate(timeout=60)
    return said + rest


async def run_called(name):
    """The newest run of this name is followed to its end."""
    run = await latest_run(name)
    return [status async for status in client.follow(run.id)][-1]


async def test_ctrl_c_leaves_the_run_going(prefect_server, tmp_path):
    """The command ends at once and says where to watch; the video is made all the same."""
    command = create(tmp_path, title="Left alone", seconds=3)
    said = await asyncio.to_thread(interrupted, command)
    assert command.returncode == 130, said
    assert "The run continues" in said
    assert (await run_called("Left alone")).state == "Completed"


@pytest.mark.long
async def test_ctrl_c_leaves_the_run_going_where_the_server_was_started_for_it(home, tmp_path, tmp_path_factory):
    """The server stays until the run is over, and then goes."""
    own = Settings(home=tmp_path / "home")
    with prepared(own.home, tmp_path_factory):
        command = create(tmp_path, title="Left alone too", seconds=60, home=own.home)
        said = await asyncio.to_thread(interrupted, command)
        assert "The run continues" in said
        assert embedded.running(own)
        async with asyncio.timeout(180):
            while embedded.running(own):
                await asyncio.sleep(0.5)
    assert len(list((own.home / "media" / "videos").rglob("*.mp4"))) == 1
