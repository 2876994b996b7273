"""Footage made on this machine: no key, no cost, no network.

Stand-ins that say what they are.

A small vocabulary reads the prompt of an edit. A camera moves over a picture to animate it, and a soft edge runs from
one picture of a pair to the other. The same job gives the same pixels.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.footage import camera, morph
from callsheet.footage.card import drawn_card
from callsheet.footage.clip import frames_of, write_clip
from callsheet.footage.edits import edited
from callsheet.footage.moves import read_edge, read_moves
from callsheet.footage.pictures import opaque, picture_in_frame
from callsheet.footage.received import measured
from callsheet.footage.vocabulary import read_prompt
from callsheet.model.footage.jobs import (
    NOT_UNDERSTOOD,
    AnimateBetween,
    AnimateImage,
    DrawImage,
    EditImage,
    Finished,
    Footage,
    FootageEstimate,
    FootageJob,
    PredictionStatus,
    Submitted,
    Upscale,
)
from callsheet.sources.picture_files import MAX_PIXELS, read_picture
from callsheet.threads import in_a_thread

NAME = "local"
MODEL = "callsheet/local"
DEADLINE = timedelta(hours=1)
# One core of a small server, for drawing and encoding; an edit of a photograph takes a second or two.
PIXELS_A_S = 12_000_000
PICTURE_S = 2.0


class LocalFootage:
    """The provider. A submitted job counts as done; the work is done when it is collected."""

    name = NAME
    service = NAME

    def job_key(self, job: FootageJob) -> str:
        """See FootageProvider."""
        identity = job.model_dump(mode="json")
        for name, value in identity.items():
            if isinstance(value, dict) and "sha256" in value:
                identity[name] = value["sha256"]
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:32]

    def estimate(self, job: FootageJob) -> FootageEstimate:
        """See FootageProvider."""
        if job.model not in {"", MODEL}:
            raise InvalidRequest(f"this machine has no model “{job.model}”: choose a provider that has it", "model")
        return FootageEstimate(
            provider=NAME, model=MODEL, usd=0.0, basis="made on this machine", about_s=round(_about_s(job), 1)
        )

    async def submit(self, job: FootageJob) -> Submitted:
        """See FootageProvider."""
        self.estimate(job)
        now, key = datetime.now(UTC), self.job_key(job)
        return Submitted(
            provider=NAME,
            model=MODEL,
            kind=job.kind,
            job_key=key,
            prediction_id=f"local-{key}",
            submitted_at=now,
            deadline_at=now + DEADLINE,
            estimate_usd=0.0,
        )

    async def find(self, job: FootageJob, since: datetime, known: Collection[str] = ()) -> Submitted | None:
        """See FootageProvider. Nothing is ever lost, because nothing is sent."""
        return None

    async def count_unfinished(self) -> int:
        """See FootageProvider."""
        return 0

    async def look(self, submitted: Submitted) -> PredictionStatus:
        """See FootageProvider."""
        return Finished(submitted=submitted, urls=(), cost_usd=0.0, compute_s=None, expires_at=None)

    async def collect(self, job: FootageJob, finished: Finished, folder: Path) -> Footage:
        """See FootageProvider."""
        return await in_a_thread(_made, job, finished.submitted, folder)

    async def cancel(self, submitted: Submitted) -> None:
        """See FootageProvider."""

    async def check_account(self) -> None:
        """See FootageProvider. There is none."""


def _about_s(job: FootageJob) -> float:
    if not isinstance(job, AnimateImage | AnimateBetween):
        return PICTURE_S
    return frames_of(job) * job.profile.width * job.profile.height / PIXELS_A_S


def _made(job: FootageJob, submitted: Submitted, folder: Path) -> Footage:
    if isinstance(job, AnimateImage | AnimateBetween):
        path = folder / f"{submitted.prediction_id}.mp4"
        notes = _animate(job, path) if isinstance(job, AnimateImage) else _animate_between(job, path)
        return measured(path, True, submitted, 0.0, notes)
    path = folder / f"{submitted.prediction_id}.png"
    picture, notes = _pictured(job)
    # Fast and deterministic. The store and the encoder, not this file, decide what is kept.
    picture.save(path, compress_level=3)
    return measured(path, False, submitted, 0.0, notes)


def _pictured(job: EditImage | DrawImage | Upscale) -> tuple[Image.Image, tuple[str, ...]]:
    match job:
        case EditImage():
            reading = read_prompt(job.prompt)
            done = ", ".join(edit.kind for edit in reading.edits) or "nothing"
            notes = [f"Edited on this machine: {done}."]
            notes += _unheeded(reading.not_understood)
            return edited(read_picture(job.picture.path, "picture", subject="it"), reading.edits), tuple(notes)
        case DrawImage():
            card = drawn_card(job.prompt, job.width, job.height)
            return card, ("Drawn on this machine: the words on a coloured ground, no picture of them.",)
        case Upscale():
            return _enlarged(opaque(read_picture(job.picture.path, "picture", subject="it")), job.factor)


def unheeded(edit: str = "", animate: str = "", between: str = "") -> tuple[str, ...]:
    """Return a sentence for each part of these prompts that this machine does not understand."""
    parts = (*read_prompt(edit).not_understood, *read_moves(animate).not_understood, *read_edge(between)[2])
    return tuple(_unheeded(parts))


def _unheeded(parts: Iterable[str]) -> list[str]:
    return [f"{NOT_UNDERSTOOD}: “{part}”." for part in parts]


def _enlarged(picture: Image.Image, factor: int) -> tuple[Image.Image, tuple[str, ...]]:
    size = (picture.width * factor, picture.height * factor)
    if size[0] * size[1] > MAX_PIXELS:
        raise InvalidRequest(f"{factor} times {picture.width} × {picture.height} pixels are too many", "factor")
    return picture.resize(size, Image.Resampling.LANCZOS), (
        "Enlarged on this machine by resampling: no detail was added.",
    )


def _animate(job: AnimateImage, path: Path) -> tuple[str, ...]:
    profile = job.profile
    picture = opaque(read_picture(job.picture.path, "picture", subject="it"))
    shot = camera.shot_of(picture, profile.width, profile.height, job.fit, job.prompt, job.duration_s)

    def seen_at(time: float) -> Image.Image:
        return shot.seen_at(camera.eased(time), profile.width, profile.height)

    write_clip(seen_at, frames_of(job), profile, path)
    moves = ", ".join(camera.moves_in(job.prompt))
    note = f"Animated on this machine by a camera over the picture: {moves}."
    return (note, *_unheeded(read_moves(job.prompt).not_understood))


def _animate_between(job: AnimateBetween, path: Path) -> tuple[str, ...]:
    profile = job.profile
    first, last = (
        picture_in_frame(each.path, profile.width, profile.height, job.fit) for each in (job.first, job.last)
    )
    way = morph.morph_of(first, last, job.prompt)
    write_clip(way.seen_at, frames_of(job), profile, path)
    note = "Animated on this machine: a soft edge runs from the first picture to the last."
    return (note, *_unheeded(read_edge(job.prompt)[2]))
