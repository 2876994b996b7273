"""What other programs are told when a run is over: the body of a webhook."""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from callsheet.model.run.manifest import Manifest
from callsheet.model.values import Value

AUTOMATION = "Deliver webhooks"
"""What of the server has a run told of when it is over, by its name."""


class WebhookType(StrEnum):
    """What a webhook tells. Prefect's type of a run's last state names all but the ping."""

    COMPLETED = "run.completed"
    FAILED = "run.failed"
    CRASHED = "run.crashed"
    """Its process ended, and nobody let it go on within a day."""
    CANCELLED = "run.cancelled"
    PING = "ping"
    """Nothing has happened; somebody tries the address out."""


class VideoFacts(Value):
    """The finished video in short; its manifest tells everything."""

    title: str
    key: str
    """Where it is in the store."""
    url: str | None
    """Where a browser finds it; None where nothing serves it."""
    sha256: str
    size_bytes: int
    width: int
    height: int
    frame_rate: int
    frames: int
    duration_s: float
    cost_usd: float
    """Of language models and footage together, as far as prices are known."""
    missing_scenes: tuple[str, ...]

    @classmethod
    def of(cls, manifest: Manifest, url: str | None) -> Self:
        """The facts of a video that is found at `url`."""
        video = manifest.video
        return cls(
            title=manifest.title,
            key=video.stored.key,
            url=url,
            sha256=video.stored.sha256,
            size_bytes=video.stored.size_bytes,
            width=video.width,
            height=video.height,
            frame_rate=video.frame_rate,
            frames=video.frames,
            duration_s=video.duration_s,
            cost_usd=round(manifest.model_calls_usd + manifest.footage_usd, 6),
            missing_scenes=manifest.missing_scenes,
        )


class EndedRun(Value):
    """A run as it ended."""

    id: UUID
    name: str
    flow: str
    """The flow it is a run of: generate-video, image-to-video …"""
    owner: str
    """Who it was started for; empty where that was not said."""
    state: str
    """Prefect's name of the state that it ended in."""
    message: str
    """What the state says: why it failed."""
    created_at: datetime | None
    ended_at: datetime
    ui_url: str
    """Where a person looks at it."""


class WebhookData(Value):
    """What the news are about; nothing, with a ping."""

    run: EndedRun | None = None
    video: VideoFacts | None = None
    """None where the run has made none."""


class WebhookEvent(Value):
    """One piece of news: the JSON body of a webhook. Field names are those of Standard Webhooks."""

    id: str
    """The same however often it is delivered; the header webhook-id repeats it."""
    type: WebhookType
    timestamp: datetime
    """When it happened; the header webhook-timestamp says when this was sent."""
    is_redelivery: bool = False
    """Whether somebody had it delivered again by hand."""
    data: WebhookData = WebhookData()

    @property
    def body(self) -> bytes:
        """What is signed and sent."""
        return self.model_dump_json().encode()


class Receipt(Value):
    """An address that took an event."""

    host: str
    status: int


def delivery_id(state_id: UUID) -> str:
    """Of the news that a run has come into this state."""
    return f"msg_{state_id.hex}"
