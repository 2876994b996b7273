"""Backfills on the real server: what is missing is made once, however often it is asked for, and by any client."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags

from callsheet import client
from callsheet.model.requests.backfill import BackfillRequest
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from tests.flows.commands import run
from tests.flows.films import last_status
from tests.flows.history import all_artifacts
from tests.flows.limiting import limited
from tests.s3_server import new_bucket, s3_server

SCENE = """title: {title}
profile: draft
scenes:
  - name: One
    template: title
    content: {{title: {title}, duration_s: 1}}
"""


def write(folder, name, title):
    """A request file of one short scene."""
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SCENE.format(title=title), encoding="utf-8")
    return path


async def backfilled(catalogue, **fields):
    """The report of a backfill, and its run."""
    started = await client.start(BackfillRequest(catalogue=str(catalogue), **fields))
    status = await last_status(started)
    assert status.is_completed, status.message
    return await client.backfill_report(started), started


async def runs_of(catalogue, name):
    """Runs that were made for a file."""
    tags = FlowRunFilterTags(all_=[f"file:{catalogue}/{name}"])
    async with get_client() as prefect:
        return await prefect.read_flow_runs(flow_run_filter=FlowRunFilter(tags=tags))


def found(report):
    """What was found of each file."""
    return {file.name: str(file.state) for file in report.files}


@pytest.mark.long
async def test_a_film_that_create_has_made_is_not_made_again(prefect_server, tmp_path):
    """It does not matter who made it: what counts is that the very same work is there."""
    made = write(tmp_path / "catalogue", "made.yaml", "Made by create")
    run("create", made, "--out", tmp_path / "out")
    write(tmp_path / "catalogue", "other.yaml", "Not made by create")
    report, _ = await backfilled(tmp_path / "catalogue", dry_run=True)
    assert found(report) == {"made.yaml": "up to date", "other.yaml": "missing"}


async def test_a_catalogue_is_made_once_and_what_changes_is_made_anew(prefect_server, tmp_path):
    """A dry run starts nothing, a second backfill neither; a changed file, or a lost video, is one run each."""
    write(tmp_path, "2026-01-02 second.yaml", "Backfilled second")
    write(tmp_path, "2026-01-01 first.yaml", "Backfilled first")
    (tmp_path / "broken.yaml").write_text("title: Broken\nscenes: []\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a request", encoding="utf-8")

    dry, _ = await backfilled(tmp_path, dry_run=True)
    assert list(found(dry).items()) == [
        ("2026-01-01 first.yaml", "missing"), ("2026-01-02 second.yaml", "missing"), ("broken.yaml", "broken"),
    ]  # fmt: skip
    assert dry.files[0].about_s > 0
    assert dry.files[2].why.startswith("broken.yaml:2: scenes: needs at least 1 scene")
    assert await runs_of(tmp_path, "2026-01-01 first.yaml") == []

    first, first_run = await backfilled(tmp_path)
    assert [file.name for file in first.finished] == ["2026-01-01 first.yaml", "2026-01-02 second.yaml"]
    assert len(first.started) == 2
    kinds = {artifact.key: artifact for artifact in await all_artifacts(first_run.id)}
    assert "2 started, 2 finished" in kinds["backfill"].description
    manifest = await client.result(first.files[0].run_id)
    assert manifest.title == "Backfilled first"

    second, _ = await backfilled(tmp_path)
    assert found(second)["2026-01-01 first.yaml"] == "up to date"
    assert (second.started, second.files[0].run_id) == ((), first.files[0].run_id)

    write(tmp_path, "2026-01-02 second.yaml", "Backfilled second anew")
    (tmp_path / "2026-01-01 first.yaml").rename(tmp_path / "2026-01-01 renamed.yaml")
    third, _ = await backfilled(tmp_path)
    assert found(third) == {
        "2026-01-01 renamed.yaml": "up to date", "2026-01-02 second.yaml": "stale", "broken.yaml": "broken",
    }  # fmt: skip
    assert [file.name for file in third.started] == ["2026-01-02 second.yaml"]
    assert len(await runs_of(tmp_path, "2026-01-02 second.yaml")) == 2

    with open_store(settings()).opened(manifest.video.stored.key) as video:
        video.unlink()
    fourth, _ = await backfilled(tmp_path, match="2026-01-01*")
    assert [(str(file.state), str(file.outcome)) for file in fourth.files] == [("stale", "finished")]


@pytest.mark.long
async def test_a_backfill_takes_no_place_from_its_videos(prefect_server, tmp_path):
    """With one place for all runs the videos have it, one after the other."""
    write(tmp_path, "1.yaml", "One place first")
    write(tmp_path, "2.yaml", "One place second")
    async with limited(runs_at_once=1):
        report, _ = await backfilled(tmp_path, at_once=2)
    assert [str(file.outcome) for file in report.files] == ["finished", "finished"]


@pytest.mark.long
async def test_two_backfills_at_once_start_nothing_twice(prefect_server, tmp_path):
    """Both see the same videos missing, and both see them finished."""
    for number in range(3):
        write(tmp_path, f"{number}.yaml", f"Twice at once {number}")
    (one, _), (other, _) = await asyncio.gather(backfilled(tmp_path, at_once=3), backfilled(tmp_path))
    runs = [flow_run for number in range(3) for flow_run in await runs_of(tmp_path, f"{number}.yaml")]
    assert len(runs) == 3
    assert len(one.started) + len(other.started) == 3
    ends = [str(file.outcome) for report in (one, other) for file in report.files if file.outcome]
    assert set(ends) == {"finished"}


@pytest.mark.long
async def test_what_fails_is_tried_again_by_the_next_backfill_but_not_for_ever(prefect_server, tmp_path):
    """A scene whose code is refused: the others are made, and after three tries a person has to look."""
    broken = {"name": "Broken", "code": "import os\n"}
    request = {"title": "Fails on purpose", "profile": "draft", "scenes": [broken]}
    (tmp_path / "fails.yaml").write_text(json.dumps(request), encoding="utf-8")
    write(tmp_path, "works.yaml", "Works beside it")
    ends = [(await backfilled(tmp_path))[0] for _ in range(4)]
    outcomes = [str(report.files[0].outcome) for report in ends]
    assert outcomes == ["failed", "failed", "failed", "None"]
    assert ends[0].files[1].outcome == "finished"
    assert found(ends[3])["fails.yaml"] == "given up"
    assert "“Broken”" in ends[3].files[0].why
    assert len(await runs_of(tmp_path, "fails.yaml")) == 3


@pytest.mark.long
async def test_a_backfill_that_was_cancelled_is_gone_on_with(prefect_server, tmp_path):
    """The next one waits for what runs, and does not start it again; what waits for approval holds no other run up."""
    write(tmp_path, "1.yaml", "Interrupted first")
    asks = write(tmp_path, "2.yaml", "Interrupted second")
    asks.write_text(asks.read_text(encoding="utf-8") + "approval: true\n", encoding="utf-8")
    begun = await client.start(BackfillRequest(catalogue=str(tmp_path), at_once=1))
    async with asyncio.timeout(60):
        while not await runs_of(tmp_path, "1.yaml"):
            await asyncio.sleep(0.2)
    await client.cancel(begun)
    report, _ = await backfilled(tmp_path)
    assert [str(file.outcome) for file in report.files][1] == "waiting"
    assert len(await runs_of(tmp_path, "1.yaml")) == 1
    [asking] = await runs_of(tmp_path, "2.yaml")
    await client.cancel(asking.id)
    again, _ = await backfilled(tmp_path)
    assert found(again) == {"1.yaml": "up to date", "2.yaml": "given up"}


@pytest.mark.long
async def test_request_files_come_from_a_bucket(prefect_server, tmp_path):
    """Below a prefix, whatever their names; the block that is called like the bucket knows the way."""
    with s3_server() as address:
        block = new_bucket(address)
        await block.save(block.bucket_name)
        bucket = block.credentials.get_client("s3")
        for key in ("lessons/Erste Lektion.yaml", "lessons/video.mp4", "lessons-old/other.yaml"):
            bucket.put_object(Bucket=block.bucket_name, Key=key, Body=SCENE.format(title="From a bucket").encode())
        bucket.put_object(Bucket=block.bucket_name, Key="lessons/bad.yaml", Body=b"title: [")
        report, _ = await backfilled(f"s3://{block.bucket_name}/lessons/")
        assert (report.catalogue, found(report)) == (
            f"s3://{block.bucket_name}/lessons", {"Erste Lektion.yaml": "missing", "bad.yaml": "broken"},
        )  # fmt: skip
        again, _ = await backfilled(f"s3://{block.bucket_name}/lessons")
    assert (len(report.finished), again.started) == (1, ())
    assert again.files[1].why.startswith("bad.yaml:")


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_backfill_that_nobody_has_named_a_catalogue_for_is_harmless(prefect_server, dry_run):
    """As the schedule starts it where the setting is not set; an empty folder is harmless, too."""
    report, _ = await backfilled("", dry_run=dry_run)
    assert report.summary == "No catalogue is named: give one, or set CALLSHEET_BACKFILL_CATALOGUE."


async def test_a_folder_that_is_not_there_is_one_sentence(prefect_server, tmp_path):
    """An empty one is no failure."""
    report, _ = await backfilled(tmp_path)
    assert report.summary == f"There is no request file to look at in {tmp_path}."
    status = await last_status(await client.start(BackfillRequest(catalogue="/nowhere")))
    assert (status.state, status.message) == ("Failed", "catalogue: there is no folder “/nowhere” on this machine")


@pytest.mark.long
def test_the_command_tells_what_it_would_do_and_what_it_did(prefect_server, tmp_path):
    """A table for people, one object for scripts; exit code 1 if a person has to look at a file."""
    write(tmp_path, "lesson.yaml", "By the command backfill")
    os.utime(tmp_path / "lesson.yaml", (0, 0))
    assert "1 missing; making what is missing" in run("backfill", tmp_path, "--dry-run")
    none = json.loads(run("backfill", tmp_path, "--since", "2000-01-01", "--json"))
    assert (none["ok"], none["report"]["files"]) == (True, [])
    made = json.loads(run("backfill", tmp_path, "--until", "1970-01-01", "--match", "les*", "--json"))
    assert made["summary"] == "1 request file: 1 missing; 1 started, 1 finished."
    write(tmp_path, "broken.yaml", "[")
    assert "1 up to date, 1 broken; 0 started." in run("backfill", tmp_path, code=1)
    assert "at_once: must be 50 or less" in run("backfill", tmp_path, "--at-once", "51", code=2)
