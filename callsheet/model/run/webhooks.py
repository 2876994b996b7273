"""The body of a webhook: the message to other programs when a run is over."""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from callsheet.model.run.manifest import Manifest
from callsheet.model.values import Value

AUTOMATION = "Deliver webhooks"
"""The server's facts for an ended run, by their names."""


class WebhookType(StrEnum):
    """The kinds of messages. Prefect's type of a run's last state names all but the ping."""

    COMPLETED = "run.completed"
    FAILED = "run.failed"
    CRASHED = "run.crashed"
    """Its process ended, and the run was not started again within a day."""
    CANCELLED = "run.cancelled"
    PING = "ping"
    """Nothing has happened; a person tests the address."""


class VideoFacts(Value):
    """The finished video in short. Its manifest holds all facts."""

    title: str
    key: str
    """Its place in the store."""
    url: str | None
    """Its address for a browser; None if nothing serves it."""
    sha256: str
    size_bytes: int
    width: int
    height: int
    frame_rate: int
    frames: int
    duration_s: float
    cost_usd: float
    """The cost of language models and footage together, as far as prices are known."""
    missing_scenes: tuple[str, ...]

    @classmethod
    def of(cls, manifest: Manifest, url: str | None) -> Self:
        """Return the facts of a video that has the address `url`."""
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
    """The flow that it is a run of: generate-video, image-to-video …"""
    owner: str
    """The owner for whom it was started; empty if none was named."""
    state: str
    """Prefect's name of the state in which it ended."""
    message: str
    """The message of the state: why it failed."""
    created_at: datetime | None
    ended_at: datetime
    ui_url: str
    """The address at which a person looks at it."""


class WebhookData(Value):
    """The subject of the event; empty for a ping."""

    run: EndedRun | None = None
    video: VideoFacts | None = None
    """None if the run has made no video."""


class WebhookEvent(Value):
    """One event: the JSON body of a webhook. Field names are those of Standard Webhooks."""

    id: str
    """The same however often it is delivered; the header webhook-id repeats it."""
    type: WebhookType
    timestamp: datetime
    """When it happened; the header webhook-timestamp says when this was sent."""
    is_redelivery: bool = False
    """Whether a person had it delivered again by hand."""
    data: WebhookData = WebhookData()

    @property
    def body(self) -> bytes:
        """Return the bytes that are signed and sent."""
        return self.model_dump_json().encode()


class Receipt(Value):
    """An address that took an event."""

    host: str
    status: int


def delivery_id(state_id: UUID) -> str:
    """Return the delivery id of the event that a run has entered this state."""
    return f"msg_{state_id.hex}"
