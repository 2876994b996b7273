"""Frames become a clip that follows a profile.

Only a few frames are held at a time, however long it is.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from callsheet import stopping
from callsheet.encoder import ENCODER_THREADS, add_video_stream, encode_repeated, frame_from_rgba, open_output
from callsheet.footage.camera import Seeing
from callsheet.model.film.profile import RenderProfile
from callsheet.model.footage.jobs import Moving
from callsheet.timebase import frames_in

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
