"""Callsheet's events in the Prefect event stream, for automations: a step of a run is over, a video is published.

Prefect's events describe its runs; the steps of a scene name the scene's run and not the video's. Callsheet sends few,
one a step, and each is related to the top-level run. A run that continues repeats its finished steps, but not their
events: the id of an event is derived from its content. The server drops an id that it has sent within five minutes;
older ids are read from its store.
"""

from typing import Any
from uuid import UUID, uuid5

from prefect.client.orchestration import get_client
from prefect.events import emit_event
from prefect.events.filters import EventFilter, EventNameFilter, EventResourceFilter
from prefect.runtime import flow_run

from callsheet.model.run.manifest import Manifest
from callsheet.model.run.webhooks import VideoFacts

STEP_FINISHED = "callsheet.step.finished"
VIDEO_PUBLISHED = "callsheet.video.published"
# The largest page that the server gives.
EVENTS_OF_A_PAGE = 50

_sent: set[UUID] = set()
"""Ids of events that this process, or an earlier one of the same run, has sent."""


def step_finished(run_id: str, title: str, step: str, percentage: float, **facts: Any) -> None:
    """Report that a scene, or a step of the whole video, is done."""
    _emit(STEP_FINISHED, run_id, title, step, {"step": step, "percentage": percentage, **facts})


def video_published(manifest: Manifest, url: str | None) -> None:
    """Report that the store has the video and its manifest."""
    facts = VideoFacts.of(manifest, url)
    _emit(VIDEO_PUBLISHED, str(flow_run.id), manifest.title, facts.sha256, facts.model_dump(mode="json"))


async def read_sent_events(run_id: str) -> None:
    """Read which events earlier processes of this run have sent, if the server still has them."""
    chosen = EventFilter(
        event=EventNameFilter(name=[STEP_FINISHED, VIDEO_PUBLISHED]),
        resource=EventResourceFilter(id=[_resource(run_id)]),
    )
    async with get_client() as client:
        page = await client.read_events(chosen, limit=EVENTS_OF_A_PAGE)
        while True:
            _sent.update(event.id for event in page.events)
            if not page.next_page:
                return
            page = await client.read_events_page(str(page.next_page))


def _emit(name: str, run_id: str, title: str, what: str, payload: dict[str, Any]) -> None:
    event_id = uuid5(UUID(run_id), f"{name} {what}")
    if event_id in _sent:
        return
    _sent.add(event_id)
    emit_event(
        name,
        resource={"prefect.resource.id": _resource(run_id), "prefect.resource.name": title},
        related=[{"prefect.resource.id": f"prefect.flow-run.{run_id}", "prefect.resource.role": "flow-run"}],
        payload=payload,
        id=event_id,
    )


def _resource(run_id: str) -> str:
    return f"callsheet.run.{run_id}"
