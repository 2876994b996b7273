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
_THROUGH_GROUND = "through-ground"
_EFFECTS = {TransitionName.FADE: _THROUGH_GROUND, TransitionName.DISSOLVE: "fade"}
"""xfade's own “dissolve” is a noise of pixels; its names for the others are ours without the dash."""
_SAME_LUMA, _SHARED, _MIDDLE_LUMA = 6, 0.5, 128
"""Pixels whose luma differs by at most 6 of 255 are the same; two scenes with half of them the same share a ground."""


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
        ground_luma = _luma_of_shared_ground(*first)
        if ground_luma is not None:
            for number, pair in enumerate(pairs, start=1):
                yield _through_ground(*pair, number / (overlap_frames + 1), is_dark=ground_luma < _MIDDLE_LUMA)
            return
        effect = effect_of(TransitionName.DISSOLVE)
    yield from _xfaded(pairs, overlap_frames, effect, profile)


def _luma_of_shared_ground(outgoing: av.VideoFrame, incoming: av.VideoFrame) -> float | None:
    """Return how light the ground is on which both frames stand; None if they are different pictures."""
    luma, other = _planes(outgoing)[0], _planes(incoming)[0]
    same = np.abs(luma.astype(np.int16) - other) <= _SAME_LUMA
    return float(luma[same].mean()) if same.mean() >= _SHARED else None


def _through_ground(outgoing: av.VideoFrame, incoming: av.VideoFrame, way: float, *, is_dark: bool) -> av.VideoFrame:
    """Return the frame at `way` (0 to 1): the first half of it leads to the bare ground, the second away from it.

    The ground is the darker of both pictures at each place, or the lighter one: words are lighter than a dark ground.
    """
    out, into = _planes(outgoing), _planes(incoming)
    is_ground_of_out = out[0] < into[0] if is_dark else out[0] > into[0]
    share, towards = (2 * way, out) if way < 0.5 else (2 - 2 * way, into)
    blend: list[Any] = []
    for plane, other, picture in zip(out, into, towards, strict=True):
        step = is_ground_of_out.shape[0] // plane.shape[0]
        ground = np.where(is_ground_of_out[::step, ::step], plane, other)
        blend.append(np.rint(picture + (ground.astype(np.float32) - picture) * share).astype(np.uint8).ravel())
    frame = av.VideoFrame.from_ndarray(np.concatenate(blend).reshape(-1, outgoing.width), format=PIXEL_FORMAT)
    frame.colorspace, frame.color_range = outgoing.colorspace, outgoing.color_range
    return frame


def _planes(frame: av.VideoFrame) -> tuple[Any, Any, Any]:
    """Return the luma and both chroma planes, which have half of its width and height."""
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
