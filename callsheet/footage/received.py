"""Files that a provider has made: their kind, their completeness and their size."""

import hashlib
from pathlib import Path
from typing import Any

import av
from PIL import Image, UnidentifiedImageError

from callsheet.errors import DownloadTruncated, MediaUnfit
from callsheet.model.footage.jobs import Footage, Submitted
from callsheet.sources.picture_files import FORMATS, MAX_PIXELS

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})
MOVING = frozenset({"video/mp4"})
MAX_SIDE = 8192
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "video/mp4": ".mp4"}
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}


def measured(
    path: Path, moves: bool, submitted: Submitted, cost_usd: float | None, notes: tuple[str, ...] = ()
) -> Footage:
    """Return the facts of a file, which gets a name by its content.

    Its name and stated type don't count.

    Raises MediaUnfit if it is of another kind, DownloadTruncated if its end is missing.
    """
    facts = _moving_facts(path, submitted.provider) if moves else _picture_facts(path, submitted.provider)
    digest = _digest(path)
    kept = path.rename(path.with_name(f"{digest[:16]}{_SUFFIXES[facts['media_type']]}"))
    return Footage(
        path=kept,
        sha256=digest,
        size_bytes=kept.stat().st_size,
        provider=submitted.provider,
        model=submitted.model,
        prediction_id=submitted.prediction_id,
        cost_usd=cost_usd,
        notes=notes,
        **facts,
    )


def _picture_facts(path: Path, provider: str) -> dict[str, Any]:
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise MediaUnfit(
                    "The picture made", f"at most {MAX_PIXELS:,} pixels", f"{image.width} × {image.height}"
                )
            facts = {"media_type": _TYPES[image.format or ""], "width": image.width, "height": image.height}
            image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise MediaUnfit("The file made", "a PNG, JPEG or WebP picture", "something else") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise DownloadTruncated(provider, f"a picture from {provider} came only in part") from error
    return {**facts, "frames": 1, "duration_s": 0.0}


def _moving_facts(path: Path, provider: str) -> dict[str, Any]:
    """Return the facts of a file read as nothing but MP4, by the `file:` protocol alone.

    A playlist would lead to other files.
    """
    if path.open("rb").read(12)[4:8] != b"ftyp":
        raise MediaUnfit("The file made", "an MP4 video", "something else")
    try:
        with av.open(f"file:{path.resolve()}", format="mov") as container:
            if len(container.streams.video) != 1:
                raise MediaUnfit("The video made", "one video track", str(len(container.streams.video)))
            stream = container.streams.video[0]
            width, height, rate = stream.width, stream.height, stream.average_rate
            promised, frames = stream.frames, _frames(container, stream)
    except av.FFmpegError as error:
        raise DownloadTruncated(provider, f"a video from {provider} came only in part") from error
    if not rate or not frames or not 0 < width <= MAX_SIDE or not 0 < height <= MAX_SIDE:
        raise MediaUnfit("The video made", "pictures of a usual size and rate", f"{frames} of {width} × {height}")
    if frames < promised:
        raise DownloadTruncated(provider, f"only {frames} of {promised} frames of a video from {provider} came")
    return {
        "media_type": "video/mp4",
        "width": width,
        "height": height,
        "frames": frames,
        "duration_s": float(frames / rate),
    }


def _frames(container: Any, stream: Any) -> int:
    """Return how many frames are really there, counted without decoding them."""
    return sum(1 for packet in container.demux(stream) if packet.size)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
