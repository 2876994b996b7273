"""The sound that a scene plays with `self.add_sound`, put beside its finished pictures."""

from pathlib import Path
from typing import Any

import av
import numpy as np

from callsheet.encoder import open_output

SAMPLE_RATE = 48_000


def mux_sound(pictures: Path, segment: Any, duration_s: float, out: Path) -> None:
    """Copy the video of `pictures` to `out`, and add `segment` as AAC.

    `segment` is a pydub AudioSegment; it is cut or padded with silence. `duration_s` is the length of the pictures, so
    that sound and pictures end together.
    """
    with av.open(str(pictures)) as source, open_output(str(out)) as target:
        video = target.add_stream_from_template(source.streams.video[0])
        audio = target.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = video
                target.mux(packet)
        frame = av.AudioFrame.from_ndarray(_samples(segment, duration_s), format="s16", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = 0
        target.mux(audio.encode(frame))
        target.mux(audio.encode(None))


def _samples(segment: Any, duration_s: float) -> np.ndarray:
    """Return interleaved 16-bit stereo samples, shape (1, 2 × samples)."""
    stereo = segment.set_frame_rate(SAMPLE_RATE).set_channels(2).set_sample_width(2)
    heard = np.array(stereo.get_array_of_samples(), dtype=np.int16)
    wanted = np.zeros(2 * round(duration_s * SAMPLE_RATE), dtype=np.int16)
    length = min(len(heard), len(wanted))
    wanted[:length] = heard[:length]
    return wanted.reshape(1, -1)
