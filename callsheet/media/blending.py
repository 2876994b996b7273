"""The frames in which one clip gives way to the next.

FFmpeg's `xfade` blends two clips, and is fed frame by frame. A fade between two scenes on one ground goes through that
ground, so that their words are never read over each other.
"""

from collections.abc import Generator, Iterator
from fractions import Fraction
from itertools import chain, islice
from typing import Any, cast

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext

from callsheet.encoder import PIXEL_FORMAT
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.timeline import TransitionName

Frames = Iterator[av.VideoFrame]
Planes = tuple[Any, Any, Any]
"""Luma, and both chroma planes, which have half of its width and height; all of uint8."""
_THROUGH_GROUND = "through-ground"
_EFFECTS = {TransitionName.FADE: _THROUGH_GROUND, TransitionName.DISSOLVE: "fade"}
"""xfade's own “dissolve” is a noise of pixels; its names for the others are ours without the dash."""
_SAME_LUMA, _SHARED, _MIDDLE_LUMA = 6, 0.5, 128
"""Pixels whose luma differs by at most 6 of 255 are the same; two scenes with half of them the same share a ground."""
_GONE, _SEEN = 0.4, 0.3
"""The shares of the way at which what leaves is gone, and at which what comes begins to be seen. They overlap: a scene
begins with its bare ground, and its first words take some frames to enter."""


def effect_of(transition: TransitionName) -> str:
    """Return how frames are blended for `transition`: “through-ground”, or the name of an effect of xfade."""
    return _EFFECTS.get(transition, transition.value.replace("-", ""))


def blended(
    outgoing: Frames, incoming: Frames, overlap_frames: int, transition: TransitionName, profile: RenderProfile
) -> Generator[av.VideoFrame]:
    """Yield the next `overlap_frames` frames of both, blended; there is at least one.

    Frame i (from 0) is (i + 1) / (overlap + 1) of the way over.

    So neither end of a transition repeats an unchanged frame of its clip.
    """
    pairs: Iterator[tuple[av.VideoFrame, av.VideoFrame]]
    pairs = zip(islice(outgoing, overlap_frames), islice(incoming, overlap_frames), strict=True)
    effect = effect_of(transition)
    if effect == _THROUGH_GROUND:
        first = next(pairs)
        pairs = chain([first], pairs)
        ground = _shared_ground(*map(_planes, first))
        if ground is not None:
            for number, pair in enumerate(pairs, start=1):
                yield _through_ground(*pair, ground, number / (overlap_frames + 1))
            return
        effect = effect_of(TransitionName.DISSOLVE)
    yield from _xfaded(pairs, overlap_frames, effect, profile)


def _shared_ground(outgoing: Planes, incoming: Planes) -> Planes | None:
    """Return the ground on which both frames stand; None if they are different pictures.

    It is the darker of both at each place, or the lighter one: words are lighter than a dark ground. A scene begins
    with its bare ground, so its first frame has nothing on it that the other one hides.
    """
    luma, other = outgoing[0], incoming[0]
    same = np.abs(luma.astype(np.int16) - other) <= _SAME_LUMA
    if same.mean() < _SHARED:
        return None
    is_of_outgoing = luma < other if luma[same].mean() < _MIDDLE_LUMA else luma > other
    grounds = []
    for plane, others in zip(outgoing, incoming, strict=True):
        step = is_of_outgoing.shape[0] // plane.shape[0]
        grounds.append(np.where(is_of_outgoing[::step, ::step], plane, others))
    return grounds[0], grounds[1], grounds[2]


def _through_ground(outgoing: av.VideoFrame, incoming: av.VideoFrame, ground: Planes, way: float) -> av.VideoFrame:
    """Return the frame at `way` (0 to 1): what stood on the ground leaves it, and what comes takes its place."""
    leaving, coming = np.interp(way, (0.0, _GONE), (1.0, 0.0)), np.interp(way, (_SEEN, 0.5), (0.0, 1.0))
    blend: list[Any] = []
    for plane, other, bare in zip(_planes(outgoing), _planes(incoming), ground, strict=True):
        still = bare.astype(np.float32)
        shown = still + (plane - still) * leaving + (other - still) * coming
        blend.append(np.rint(shown).clip(0, 255).astype(np.uint8).ravel())
    frame = av.VideoFrame.from_ndarray(np.concatenate(blend).reshape(-1, outgoing.width), format=PIXEL_FORMAT)
    frame.colorspace, frame.color_range = outgoing.colorspace, outgoing.color_range
    return frame


def _planes(frame: av.VideoFrame) -> Planes:
    height, width = frame.height, frame.width
    samples = frame.to_ndarray().ravel()
    luma, blue, red = np.split(samples, [height * width, height * width * 5 // 4])
    return luma.reshape(height, width), blue.reshape(height // 2, -1), red.reshape(height // 2, -1)


def _xfaded(
    pairs: Iterator[tuple[av.VideoFrame, av.VideoFrame]], overlap_frames: int, effect: str, profile: RenderProfile
) -> Generator[av.VideoFrame]:
    graph = Graph()  # its contexts do not keep it alive
    sources, sink = _build_xfade(graph, overlap_frames, effect, profile)
    for number, pair in enumerate(pairs):
        for source, frame in zip(sources, pair, strict=True):
            frame.pts = number
            frame.time_base = Fraction(1, profile.frame_rate)
            source.push(frame)
        yield cast("av.VideoFrame", sink.pull())


def _build_xfade(
    graph: Graph, overlap_frames: int, effect: str, profile: RenderProfile
) -> tuple[tuple[FilterContext, FilterContext], FilterContext]:
    """Return two sources, and a sink that gives a frame for each pair.

    The transition starts one frame early and ends one late, so that every frame in between is a blend. It works in
    4:4:4 only. Chroma samples are repeated on the way in and averaged on the way out. That leaves still areas
    unchanged, and is twice as fast as the filters' own choice.
    """
    xfade = graph.add(
        "xfade",
        transition=effect,
        duration=f"{(overlap_frames + 1) / profile.frame_rate:.6f}",
        offset=f"{-1 / profile.frame_rate:.6f}",
    )
    sources = (_source(graph, profile), _source(graph, profile))
    for pad, source in enumerate(sources):
        repeat, full_chroma = graph.add("scale", flags="neighbor"), graph.add("format", pix_fmts="yuv444p")
        graph.link_nodes(source, repeat, full_chroma)
        full_chroma.link_to(xfade, 0, pad)
    average, pixels = graph.add("scale", flags="area"), graph.add("format", pix_fmts=PIXEL_FORMAT)
    sink = graph.add("buffersink")
    graph.link_nodes(xfade, average, pixels, sink)
    graph.configure()
    return sources, sink


def _source(graph: Graph, profile: RenderProfile) -> FilterContext:
    return graph.add(
        "buffer",
        video_size=f"{profile.width}x{profile.height}",
        pix_fmt=PIXEL_FORMAT,
        time_base=f"1/{profile.frame_rate}",
        frame_rate=str(profile.frame_rate),
        pixel_aspect="1/1",
        colorspace="bt709",
        range="tv",
    )
