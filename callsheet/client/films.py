"""The finished film of a run: its place, its stages, and its way into a folder of this machine from any store."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import Artifact, FlowRun

from callsheet.client.run_status import checkpoints, result, status
from callsheet.disk import sha256_of
from callsheet.errors import InvalidRequest, MediaLost, TransientError
from callsheet.model.run.kinds import FilmKind, kind_of_flow
from callsheet.model.run.manifest import Manifest
from callsheet.model.run.pipeline import PipelineResult
from callsheet.model.run.pipeline_events import pipeline_result
from callsheet.model.run.runs import Film
from callsheet.scratch import scratch_dir
from callsheet.server import queries
from callsheet.server.connection import connected
from callsheet.server.queries import PAGE
from callsheet.server.runs import RunLike, read_run, state_name, to_run
from callsheet.settings import settings
from callsheet.storage.films import Opened, make_folder, save_clip, save_film
from callsheet.storage.keys import digest_in
from callsheet.storage.opening import open_store
from callsheet.storage.publish import manifest_key, parsed_manifest
from callsheet.threads import in_a_thread

# The artifacts that name the stored file: the page of a film, or of a single scene.
PAGES = ("video", "scene")
_FILE = re.compile(r"(?P<base>https?://[^\s\"'<>()]+/)?(?P<key>(?:videos|clips)/[0-9a-f]{2}/[0-9a-f]{64}\.mp4)")
ANSWER_WITHIN_S = 60
LONG_AGO = datetime.min.replace(tzinfo=UTC)


async def film(run: RunLike) -> Film:
    """Return the film that a completed run made; for the run of a single scene, its clip.

    Raises:
        InvalidRequest: the run does not exist, or it has made no film.
        TransientError: the server can't be reached.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
        found = await _film_of(client, flow_run)
    if found is None:
        state = flow_run.state
        why = "it made no film" if state and state.is_completed() else f"it is {state_name(flow_run)}"
        raise InvalidRequest(f"run “{flow_run.name}” ({str(flow_run.id)[:8]}) has no film: {why}")
    return found


async def pipeline(run: RunLike) -> PipelineResult:
    """Return the stages of a run, finished or not, and its film if that is there.

    Raises:
        InvalidRequest: the server knows no such run, or several match.
        TransientError: the server can't be reached.
    """
    async with connected() as client:
        known = await to_run(client, await read_run(client, run))
    now, steps = await asyncio.gather(status(known), checkpoints(known))
    if not (now.is_completed and isinstance(kind_of_flow(known.flow), FilmKind)):
        return pipeline_result(now, steps)
    made = await film(known)
    return pipeline_result(now, steps, await result(known), made.url or made.key)


async def download(run: RunLike, folder: Path | str, *, edit: bool = False) -> Path:
    """Write a run's film, captions and manifest into a folder; return the film's path.

    With `edit`, write its edit, too: an OpenTimelineIO file beside the film, and the clips and sounds that it names.

    The run may come from any machine. The film comes from this machine's store, from S3, or from the address under
    which the other machine serves it. `download` never replaces a file of another film.

    Raises:
        InvalidRequest: the run does not exist, it has made no film, the folder can't be written to, or the film is in a
            store that this machine can't reach; a single scene has no edit.
        TransientError: a server can't be reached.
    """
    async with connected() as client:
        flow_run = await read_run(client, run)
    found = await film(flow_run.id)
    return await in_a_thread(_saved, found, flow_run.parameters, Path(folder), edit)


async def _film_of(client: PrefectClient, flow_run: FlowRun) -> Film | None:
    pages = await client.read_artifacts(
        artifact_filter=queries.artifacts(keys=PAGES),
        flow_run_filter=queries.with_ids(flow_run.id),
        limit=PAGE,
    )
    pages.sort(key=lambda page: page.created or LONG_AGO)
    return _described(pages[-1], flow_run) if pages else None


def _described(page: Artifact, flow_run: FlowRun) -> Film | None:
    """Return the film of a page; its address is the page's, or the one in this machine's store."""
    text = str(page.data)
    named = _FILE.search(text)
    if named is None:
        return None
    key = named["key"]
    served = re.search(rf"https?://[^\s\"'<>()]+/{key}(?P<signature>\?[^\s\"'<>()]+)?", text)
    store = open_store(settings())
    here = settings().media_dir / key
    # A signed address is valid for some days; if this machine has the bucket's settings, it signs a new one.
    is_kept = served is not None and not (served["signature"] and settings().storage.startswith("s3:"))
    return Film(
        run_id=str(flow_run.id),
        title=flow_run.name,
        key=key,
        url=unescape(served[0]) if served and is_kept else store.url(key),
        file=here if here.is_file() else None,
        created_at=page.created,
    )


def _saved(found: Film, parameters: dict[str, Any], folder: Path, edit: bool) -> Path:
    make_folder(folder)
    opened = _opener(found)
    digest = digest_in(found.key) or ""
    if not found.key.startswith("videos/"):
        if edit:
            raise InvalidRequest(f"“{found.title}” is a single scene, which has no edit; fetch it without one")
        return save_clip(opened, found, parameters.get("request"), folder)
    with opened(manifest_key(digest)) as path:
        manifest: Manifest = parsed_manifest(path.read_bytes(), found.key)
    # An unchanged film has one manifest for all its runs: the file has the name of the requested run.
    of_run = manifest.model_copy(update={"run_id": found.run_id})
    if not edit:
        return save_film(opened, of_run, folder)
    from callsheet.media.edit_files import write_edit

    return save_film(opened, of_run, folder, write_more=partial(write_edit, opened))


def _opener(found: Film) -> Opened:
    """Return how to open its files: from this machine's store, or over HTTP."""
    store = open_store(settings())
    if store.exists(found.key):
        return store.opened
    if found.url is None:
        raise InvalidRequest(
            f"the film of “{found.title}” is in the store of another machine, as {found.key}, and no server offers it; "
            "set CALLSHEET_STORAGE and CALLSHEET_HOME as they are there"
        )
    base, _, signature = found.url.partition("?")
    base = base.removesuffix(found.key)
    if signature:  # it is valid for the film alone, and not for its manifest
        raise InvalidRequest(
            f"the film of “{found.title}” is in a bucket that is not set here; set CALLSHEET_STORAGE=s3:BLOCK as it is "
            f"there, or open {found.url}"
        )

    @contextmanager
    def opened(key: str) -> Iterator[Path]:
        with scratch_dir(settings().scratch_dir, "download") as folder:
            path = folder / "file"
            _fetch(f"{base}{key}", path)
            if (digest := digest_in(key)) and sha256_of(path) != digest:
                raise MediaLost(key, "came damaged or in part")
            yield path

    return opened


def _fetch(url: str, path: Path) -> None:
    try:
        with path.open("wb") as file, httpx.stream("GET", url, timeout=ANSWER_WITHIN_S) as answer:
            if answer.status_code == httpx.codes.NOT_FOUND:
                raise InvalidRequest(f"there is no file at {url} any more")
            answer.raise_for_status()
            for chunk in answer.iter_bytes():
                file.write(chunk)
    except httpx.HTTPStatusError as error:
        raise TransientError(f"{url} answers {error.response.status_code}; try again later") from None
    except httpx.HTTPError:
        raise TransientError(f"{url}, where the film is, can't be reached from here") from None
