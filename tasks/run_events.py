"""Events of our own in the Prefect event stream, for automations: a step of a run is over, a video is published.

Prefect's events tell of its runs; the steps of a scene name the scene's run and not the video's. Ours are few, one a
step, and each is related to the run that somebody asked for. Their ids are made of what they tell, so that a run that
goes on after a crash, and walks through its finished steps again, does not tell it twice.
"""

from typing import Any
from uuid import UUID, uuid5

from prefect.events import emit_event
from prefect.runtime import flow_run

from callsheet.model.manifest import Manifest
from callsheet.model.webhooks import VideoFacts

STEP_FINISHED = "callsheet.step.finished"
VIDEO_PUBLISHED = "callsheet.video.published"


def step_finished(run_id: str, title: str, step: str, percentage: float, **facts: Any) -> None:
    """A scene, or a step of the whole video, is done."""
    _emit(STEP_FINISHED, run_id, title, step, {"step": step, "percentage": percentage, **facts})


def video_published(manifest: Manifest, url: str | None) -> None:
    """A reader finds the video and its manifest in the store."""
    facts = VideoFacts.of(manifest, url)
    _emit(VIDEO_PUBLISHED, str(flow_run.id), manifest.title, facts.sha256, facts.model_dump(mode="json"))


def _emit(name: str, run_id: str, title: str, what: str, payload: dict[str, Any]) -> None:
    emit_event(
        name,
        resource={"prefect.resource.id": f"callsheet.run.{run_id}", "prefect.resource.name": title},
        related=[{"prefect.resource.id": f"prefect.flow-run.{run_id}", "prefect.resource.role": "flow-run"}],
        payload=payload,
        id=uuid5(UUID(run_id), f"{name} {what}"),
    )
