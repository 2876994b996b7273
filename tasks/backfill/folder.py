"""The catalogue of a backfill: request files, read and checked."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from prefect.client.orchestration import get_client

from callsheet.disk import sha256_of
from callsheet.errors import InvalidRequest, MediaLost
from callsheet.model.content import pictures_named
from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.backfill import DIGITS_OF_A_DIGEST, Candidate, CatalogueFile, Fingerprint, chosen
from callsheet.request_reader import read_request
from callsheet.server.requests import request_digest
from callsheet.server.run_state import stands_alone
from callsheet.storage.catalogue import RequestCatalogue
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.run.process import this_run
from tasks.step import step

WRITING_MODULES = ("callsheet.writing",)


@step(policies.READING, name="read-catalogue")
async def read_catalogue(request: BackfillRequest) -> tuple[str, tuple[Candidate, ...]]:
    """Return the catalogue's name (empty if none is set) and the matching files, in their order."""
    return await in_a_thread(_read, request)


def _read(request: BackfillRequest) -> tuple[str, tuple[Candidate, ...]]:
    catalogue = wiring.catalogue_of_requests(request.catalogue)
    if catalogue is None:
        return "", ()
    return catalogue.where, tuple(_candidate(catalogue, file) for file in chosen(catalogue.files(), request))


def _candidate(catalogue: RequestCatalogue, file: CatalogueFile) -> Candidate:
    """Return the file as it is; a wrong file is reported and affects no other."""
    try:
        with catalogue.opened(file.name) as path:
            request = read_request(path, VideoRequest, name=file.name)
        return Candidate(file=file, request=request, work=fingerprint_of(request))
    except (InvalidRequest, MediaLost) as error:
        return Candidate(file=file, problem=str(error))


async def tag_with_work(request: VideoRequest) -> None:
    """Tag the current run with what it makes, so that a backfill does not make the film again."""
    flow_run = this_run()
    if flow_run is None or not stands_alone(flow_run):
        return
    try:
        tag = (await in_a_thread(fingerprint_of, request)).tag
    except OSError:  # a picture is missing: its scene reports that
        return
    if tag not in flow_run.tags:
        async with get_client() as client:
            await client.update_flow_run(flow_run.id, tags=[*flow_run.tags, tag])


def fingerprint_of(request: VideoRequest) -> Fingerprint:
    """Return the digest of what a video is made from, pictures included, and of what makes it."""
    shown = [path for brief in request.scenes for _, path in pictures_named(brief.template, brief.content)]
    pictures = [sha256_of(Path(path)) for path in shown]  # earlier checks have found the files
    return Fingerprint(request=_digest([request_digest(request), *pictures]), software=_digest(_software(request)))


def _software(request: VideoRequest) -> list[str | None]:
    """Return the versions of stage and editing; if a model writes text, also model and prompts."""
    is_written = bool(request.topic) or any(brief.prompt for brief in request.scenes)
    if not (is_written and wiring.has_writer()):
        return [policies.made_by(policies.VIDEO_MODULES, policies.VIDEO_PACKAGES)]
    writer = wiring.known_writer()
    modules = (*policies.VIDEO_MODULES, *WRITING_MODULES)
    return [policies.made_by(modules, policies.VIDEO_PACKAGES), writer.model, writer.base_url]


def _digest(value: Sequence[str | None]) -> str:
    return sha256(json.dumps(value).encode()).hexdigest()[:DIGITS_OF_A_DIGEST]
