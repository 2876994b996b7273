"""`callsheet create FILE.yaml`: start the run, show how it goes, hand over the video."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli import showing
from callsheet.cli.failures import INTERRUPTED, RunFailed, sentences
from callsheet.cli.request import ApprovalOption, ProfileOption, RequestFile, read_request
from callsheet.cli.servers import keep_until_over, prefect_server
from callsheet.cli.showing import eye
from callsheet.model.manifest import Manifest
from callsheet.model.runs import Run
from callsheet.settings import settings
from callsheet.storage.opening import open_store


def create(
    file: RequestFile,
    profile: ProfileOption = None,
    approval: ApprovalOption = False,
    out: Annotated[Path, typer.Option(help="Folder for the finished video and its manifest.")] = Path("out"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object when the video is there.")] = False,
) -> None:
    """Make a video from a request file and wait for it. Ctrl-C leaves the run going."""
    with sentences(as_json):
        request = read_request(file, profile, approval)
        with prefect_server(eye.print) as is_ours:
            from callsheet import client  # a second of imports, after the file was found to be right

            run = asyncio.run(client.start(request))
            follow(run, is_ours)
            manifest = asyncio.run(client.result(run.id))
            path = hand_over(manifest, out)
        print_result(run, manifest, path, as_json)


def follow(run: Run, server_is_ours: bool) -> None:
    """Show the run until it is over; Ctrl-C leaves it going."""
    try:
        eye.print(f"Run {run.name}: {run.ui_url}", soft_wrap=True, markup=False)
        last = asyncio.run(showing.show(run.id))
        if server_is_ours:
            _let_webhooks_go(run)
    except KeyboardInterrupt:
        if server_is_ours:
            keep_until_over(run.id)
        eye.print(f"The run goes on: {run.ui_url}", soft_wrap=True)
        eye.print("The same command, later, repeats nothing that is done.")
        raise typer.Exit(INTERRUPTED) from None
    if not last.is_completed:
        raise RunFailed(f"The run ended as {last.state}: {last.message}")


def _let_webhooks_go(run: Run) -> None:
    """A server that is taken down after this run would not deliver its webhooks before it is started again."""
    from callsheet import client

    if settings().webhook_url and not asyncio.run(client.until_told(run)):
        eye.print("[yellow]The webhook is not delivered yet; it is when a server runs here again.[/yellow]")


def hand_over(manifest: Manifest, out: Path) -> Path:
    """The video, and beside it its captions and its manifest, in folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{_file_name(manifest.title)}.mp4"
    store = open_store(settings())
    with store.opened(manifest.video.stored.key) as stored:
        shutil.copyfile(stored, path)
    if manifest.captions:
        with store.opened(manifest.captions.key) as stored:
            shutil.copyfile(stored, path.with_suffix(".vtt"))
    path.with_suffix(".json").write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
    return path


def _file_name(title: str) -> str:
    words = re.sub(r"[^\w]+", "-", title.lower()).strip("-")
    return words[:80] or "video"


def print_result(run: Run, manifest: Manifest, path: Path, as_json: bool) -> None:
    """Where the video is, for a person or as one JSON object."""
    if as_json:
        facts = {
            "ok": True,
            "run_id": str(run.id),
            "run_url": run.ui_url,
            "video": str(path),
            "duration_s": manifest.video.duration_s,
            "frames": manifest.video.frames,
            "missing_scenes": manifest.missing_scenes,
        }
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    if manifest.missing_scenes:
        eye.print(f"[yellow]Missing scenes:[/yellow] {', '.join(manifest.missing_scenes)}")
    typer.echo(f"{path} ({manifest.video.duration_s:.2f} s, {manifest.video.frames} frames)")
    typer.echo(f"Run: {run.ui_url}")
