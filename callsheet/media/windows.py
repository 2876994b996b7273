"""The stretches of a film that are blended and encoded, and a cache that keeps them for later films.

A window depends only on its clips, the transition and the profile. So if one clip of a film has changed, all windows
but its own two come from the cache.
"""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import av

from callsheet import stopping
from callsheet.encoder import ENCODER_THREADS, add_video_stream, open_encoder, open_output
from callsheet.errors import MediaUnfit
from callsheet.media.blending import blended, effect_of
from callsheet.media.command import file_url
from callsheet.media.probe import check_track, encoder_extradata
from callsheet.media.reading import VideoPacket, ahead, frames_of, opened, packets_of, video_stream
from callsheet.media.segments import EncodedSegment
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.timeline import Timeline

# Blended frames that wait for the encoder, while one core blends and the others encode; 3 MB each at 1080p.
FRAMES_AHEAD = 4


class WindowStore(Protocol):
    """A place that keeps encoded windows, each as a small MP4 file, by their names."""

    def opened(self, name: str) -> AbstractContextManager[Path | None]:
        """Yield the file of a window, to read only and only inside the block.

        Yield None if it is not there.
        """

    def keep(self, name: str, path: Path) -> None:
        """Take over the file of a window, in place of an earlier one.

        The caller gives the file away.
        """


@dataclass(frozen=True)
class Windows:
    """The windows of one film: from the cache if they are there, else encoded."""

    timeline: Timeline
    clip_paths: Sequence[Path]
    profile: RenderProfile
    folder: Path
    cache: WindowStore | None = None

    def packets(self, segment: EncodedSegment) -> Iterator[VideoPacket]:
        """Yield the packets of a window in film order.

        Raises MediaUnfit if a clip of it can't be read.
        """
        if self.cache is None:
            yield from self._encoded(segment)
            return
        name = self.name_of(segment)
        if not (yield from self._found(self.cache, name, segment)):
            yield from self._made(self.cache, name, segment)

    def name_of(self, segment: EncodedSegment) -> str:
        """Return 64 hexadecimal digits, from everything that decides the window's pictures."""
        takes = [
            (self.timeline.shots[take.shot].clip.stored.sha256, take.first_frame, take.end_frame, take.overlap_frames)
            for take in segment.takes
        ]
        return hashlib.sha256(repr((takes, effect_of(self.timeline.transition), self.profile)).encode()).hexdigest()

    def _found(self, cache: WindowStore, name: str, segment: EncodedSegment) -> Generator[VideoPacket, None, bool]:
        with cache.opened(name) as path:
            if path is None or not self._is_whole(path, segment):
                return False
            yield from packets_of(path, 0, segment.frames, self.profile.frame_rate)
            return True

    def _made(self, cache: WindowStore, name: str, segment: EncodedSegment) -> Iterator[VideoPacket]:
        path = self.folder / f"{name}.mp4"
        with open_output(file_url(path)) as container:
            track = add_video_stream(container, self.profile, ENCODER_THREADS)
            for packet in self._encoded(segment):
                packet.stream = track
                container.mux(packet)
        yield from packets_of(path, 0, segment.frames, self.profile.frame_rate)
        cache.keep(name, path)

    def _is_whole(self, path: Path, segment: EncodedSegment) -> bool:
        """Return whether a cached file is undamaged.

        A damaged one is encoded again, and fails no film.
        """
        try:
            with opened(path) as container:
                stream = video_stream(container, path.name)
                check_track(path.name, stream, self.profile, encoder_extradata(self.profile))
            packets = packets_of(path, 0, segment.frames, self.profile.frame_rate)
            return sum(1 for _ in packets) == segment.frames
        except MediaUnfit:
            return False

    def _encoded(self, segment: EncodedSegment) -> Iterator[VideoPacket]:
        encoder = open_encoder(self.profile, ENCODER_THREADS)
        for number, frame in enumerate(ahead(self._frames(segment), FRAMES_AHEAD)):
            stopping.check()
            frame.pts = number
            frame.time_base = encoder.time_base
            yield from encoder.encode(frame)
        yield from encoder.encode(None)

    def _frames(self, segment: EncodedSegment) -> Generator[av.VideoFrame]:
        """Yield the pictures of a window in film order.

        Each clip is read once, by the take before and by the take after a blend.
        """
        overlaps = [take.overlap_frames for take in segment.takes]
        outgoing: Generator[av.VideoFrame] | None = None
        for take, overlap, next_overlap in zip(segment.takes, overlaps, [*overlaps[1:], 0], strict=True):
            clip = self.clip_paths[take.shot]
            incoming = frames_of(clip, take.first_frame, take.end_frame, self.profile.frame_rate)
            if outgoing is not None:
                yield from blended(outgoing, incoming, overlap, self.timeline.transition, self.profile)
                outgoing.close()
            yield from islice(incoming, take.frames - overlap - next_overlap)
            outgoing = incoming
        if outgoing is not None:
            outgoing.close()
