"""Footage made on this machine: no key, no cost, no network.

Stand-ins that say what they are.

A small vocabulary reads the prompt of an edit. A camera moves over a picture to animate it, and a soft edge runs from
one picture of a pair to the other. The same job gives the same pixels.
"""

import hashlib
import json
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from callsheet import stopping
from callsheet.encoder import ENCODER_THREADS, add_video_stream, encode_repeated, frame_from_rgba, open_output
from callsheet.errors import InvalidRequest
from callsheet.footage import camera, morph
from callsheet.footage.camera import Seeing
from callsheet.footage.card import drawn_card
from callsheet.footage.edits import edited
from callsheet.footage.moves import read_edge, read_moves
from callsheet.footage.pictures import opaque, picture_in_frame
from callsheet.footage.received import measured
from callsheet.footage.vocabulary import read_prompt
from callsheet.model.film.profile import RenderProfile
from callsheet.model.footage.jobs import (
    NOT_UNDERSTOOD,
    AnimateBetween,
    AnimateImage,
    ComposeImage,
    DrawImage,
    EditImage,
    Finished,
    Fit,
    Footage,
    FootageEstimate,
    FootageJob,
    Moving,
    PredictionStatus,
    Submitted,
    Upscale,
)
from callsheet.sources.picture_files import MAX_PIXELS, read_picture
from callsheet.threads import in_a_thread
from callsheet.timebase import frames_in

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
            if name == "references":
                identity[name] = [each["sha256"] for each in value]
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:32]

    def estimate(self, job: FootageJob) -> FootageEstimate:
        """See FootageProvider."""
        if job.model not in {"", MODEL}:
            raise InvalidRequest(f"this machine has no model “{job.model}”: choose a provider that has it", "model")
        about_s = PICTURE_S
        if isinstance(job, AnimateImage | AnimateBetween):
            about_s = frames_of(job) * job.profile.width * job.profile.height / PIXELS_A_S
        return FootageEstimate(
            provider=NAME, model=MODEL, usd=0.0, basis="made on this machine", about_s=round(about_s, 1)
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


def _pictured(job: EditImage | DrawImage | ComposeImage | Upscale) -> tuple[Image.Image, tuple[str, ...]]:
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
        case ComposeImage():
            first = picture_in_frame(job.references[0].path, job.width, job.height, Fit.FILL)
            return first, ("Composed on this machine: picture 1 as it is, in the shape of the film.",)
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


FRAMES_AHEAD = 2


def frames_of(job: Moving) -> int:
    """Return the whole number of frames nearest to a job's length, at least two.

    These are a first and a last one.
    """
    return max(2, frames_in(job.duration_s, job.profile.frame_rate))


def write_clip(seen_at: Seeing, frames: int, profile: RenderProfile, path: Path) -> None:
    """Encode the views from the first moment to the last, both included."""
    with open_output(str(path)) as container:
        stream = add_video_stream(container, profile, ENCODER_THREADS)
        for number, pixels in enumerate(_ahead(seen_at, frames)):
            stopping.check()
            encode_repeated(container, stream, frame_from_rgba(pixels, profile), number, 1)
        container.mux(stream.encode(None))


def _ahead(seen_at: Seeing, frames: int) -> Iterator[np.ndarray]:
    """Yield the frames in order. A thread draws them beside the thread that encodes."""

    def drawn(number: int) -> np.ndarray:
        return np.asarray(seen_at(number / (frames - 1)))

    with ThreadPoolExecutor(1) as artist:
        coming = deque(artist.submit(drawn, number) for number in range(min(FRAMES_AHEAD, frames)))
        following = len(coming)
        while coming:
            pixels = coming.popleft().result()
            if following < frames:
                coming.append(artist.submit(drawn, following))
                following += 1
            yield pixels
