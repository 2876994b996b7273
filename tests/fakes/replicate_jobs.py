"""Predictions of the Replicate stand-in: where they stand, and what they make of what they were given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from callsheet.footage.catalogue import ModelCard, Source
from callsheet.footage.local import LocalFootage
from callsheet.model.film.profile import ProfileName, RenderProfile
from callsheet.model.footage.jobs import (
    AnimateBetween,
    AnimateImage,
    ComposeImage,
    DrawImage,
    EditImage,
    Finished,
    FootageJob,
    JobKind,
    SourcePicture,
    Upscale,
)

SMALL = RenderProfile(name=ProfileName.DRAFT, width=320, height=180, frame_rate=12)


@dataclass
class Upload:
    """A file that was uploaded."""

    id: str
    content: bytes
    content_type: str
    name: str
    metadata: dict[str, Any]
    created_at: datetime


@dataclass
class Prediction:
    """A prediction; where it stands follows from the time, as nothing else changes it."""

    id: str
    card: ModelCard
    input: dict[str, Any]
    created_at: datetime
    run_s: float
    deadline_s: float | None = None
    fault: str = ""
    cancelled_at: datetime | None = None

    @property
    def moves(self) -> bool:
        """Whether it makes moving pictures."""
        return self.card.job in {JobKind.ANIMATE_IMAGE, JobKind.ANIMATE_BETWEEN}

    @property
    def asked_s(self) -> float:
        """Seconds of moving pictures that it was asked for, or that its model always makes."""
        named = [self.input[name] for name, source in self.card.inputs.items() if source == Source.DURATION_S]
        return float(named[0] if named else self.card.durations_s[0])

    def ended_at(self) -> datetime | None:
        """When it ends or ended; None for one that never does."""
        ends = [self.cancelled_at] if self.cancelled_at else []
        if self.deadline_s is not None:
            ends.append(self.created_at + timedelta(seconds=self.deadline_s))
        if self.fault not in {"never-ends", "aborted"}:
            ends.append(self.created_at + timedelta(seconds=self.run_s))
        if self.fault == "aborted":
            ends.append(self.created_at)
        return min(ends, default=None)

    def status(self, now: datetime) -> str:
        """One of the six states."""
        ended_at, begins_at = self.ended_at(), self.created_at + timedelta(seconds=self.run_s * 0.2)
        if self.fault == "aborted":
            return "aborted"
        if ended_at is None or now < ended_at:
            return "starting" if now < begins_at else "processing"
        if ended_at < self.created_at + timedelta(seconds=self.run_s) or self.fault == "never-ends":
            by_deadline = self.cancelled_at is None or ended_at < self.cancelled_at
            return "aborted" if by_deadline and ended_at < begins_at else "canceled"
        return "failed" if self.fault in {"nsfw", "fails"} else "succeeded"


async def made_by(prediction: Prediction, uploads: Mapping[str, Upload], clip_s: float, folder: Path) -> Path:
    """What a prediction makes: made in `folder` by Callsheet's own stand-ins, from what was really sent."""
    job = _job_of(prediction, uploads, clip_s, folder)
    provider = LocalFootage()
    finished = await provider.look(await provider.submit(job))
    assert isinstance(finished, Finished)
    return (await provider.collect(job, finished, folder)).path


def error_text(prediction: Prediction, status: str) -> str | None:
    """What a failed prediction says of itself."""
    if status != "failed":
        return None
    if prediction.fault == "nsfw":
        return "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
    return "CUDA out of memory"


def _job_of(prediction: Prediction, uploads: Mapping[str, Upload], clip_s: float, folder: Path) -> FootageJob:
    prompts = [prediction.input.get(name) for name, source in prediction.card.inputs.items() if source == Source.PROMPT]
    prompt = str(prompts[0] if prompts else "")
    pictures = [_picture(uploads[url.rsplit("/", 1)[1]], folder) for url in _addresses(prediction.input)]
    match prediction.card.job:
        case JobKind.EDIT_IMAGE:
            return EditImage(prompt=prompt, picture=pictures[0])
        case JobKind.DRAW_IMAGE:
            return DrawImage(prompt=prompt, width=320, height=180)
        case JobKind.COMPOSE_IMAGE:
            return ComposeImage(prompt=prompt, references=tuple(pictures), width=320, height=180)
        case JobKind.ANIMATE_IMAGE:
            return AnimateImage(prompt=prompt, picture=pictures[0], duration_s=clip_s, profile=SMALL)
        case JobKind.ANIMATE_BETWEEN:
            first, last = pictures
            return AnimateBetween(prompt=prompt, first=first, last=last, duration_s=clip_s, profile=SMALL)
        case JobKind.UPSCALE:
            return Upscale(picture=pictures[0])


def _picture(upload: Upload, folder: Path) -> SourcePicture:
    path = folder / upload.id
    path.write_bytes(upload.content)
    return SourcePicture(path=path, sha256=hashlib.sha256(upload.content).hexdigest())


def _addresses(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [address for each in value.values() for address in _addresses(each)]
    if isinstance(value, list):
        return [address for each in value for address in _addresses(each)]
    return [value] if isinstance(value, str) and "/v1/files/" in value else []
