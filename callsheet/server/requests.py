"""Requests as runs on the server: their names, their kinds, and the test for the same work."""

import json
from hashlib import sha256
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun

from callsheet.model.labels import KIND
from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.requests.video import SceneRequest
from callsheet.model.run.kinds import KINDS, FilmRequest, RunKind, kind_of_flow
from callsheet.storage.large_scenes import as_json

Request = FilmRequest | SceneRequest | BackfillRequest


def request_digest(request: Request) -> str:
    """Return a digest that is the same for the same work, however the request was written."""
    canonical = json.dumps(as_json(request), sort_keys=True, ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()


def run_name(request: Any) -> str:
    """Return the name of a run of this request: the label of its scene, or its title."""
    label = getattr(request, "label", "")
    return f"scene {label}" if label else str(request.title)


async def read_kind(client: PrefectClient, flow_run: FlowRun) -> RunKind | None:
    """Return what the run makes, by its label or else by its flow; None for flows of others."""
    label = flow_run.labels.get(KIND, "")
    labelled = next((kind for kind in KINDS if kind.name == label), None)
    return labelled or kind_of_flow((await client.read_flow(flow_run.flow_id)).name)
