"""The render child.

It renders or rehearses one scene behind the fence, in a folder that is removed with the process.

A render goes straight into one encoder (no partial movie files). Sound that the scene plays with `self.add_sound` is
put beside its finished pictures. The child reports through the outbox: `animation` for each one played, then `rendered`
or `rehearsed`, or `failed`.
"""

import importlib.util
import inspect
import queue
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
from manim import CapStyleType, LineJointType, Scene, SVGMobject, VMobject
from manim.mobject.types import image_mobject
from manim.utils.images import get_full_raster_image_path
from PIL import Image

from callsheet.encoder import add_video_stream, encode_repeated, frame_from_rgba, open_output
from callsheet.fence.protocol import Outbox
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.scenes import SOURCE_FILE
from callsheet.sources.picture_files import MAX_PIXELS
from callsheet.sources.plain_svg import plain_drawing
from callsheet.sources.svg_files import check_svg, is_drawing
from callsheet.sources.svg_pictures import read_drawing
from callsheet.stage.configure import StageWriter, configure, refuse_another_rate
from callsheet.stage.meant_name import with_meant_name
from callsheet.stage.order import (
    CLIP_FILE,
    PICTURES_FILE,
    POSTER_FILE,
    STILL_SCENE_S,
    TRACE_FILE,
    Mode,
    SceneOrder,
)
from callsheet.stage.tex import has_latex
from callsheet.stage.tex.latex import help_latex_by_typst
from callsheet.stage.tex.setting import set_latex_by_typst
from callsheet.stage.voiceover.modules import teach_voiceovers
from callsheet.stage.voiceover.prompter import Prompter

# Frames between Manim and the encoder. At 1080p, one is 8 MB; more of them did not make a render faster.
QUEUED_FRAMES = 8
SILENT_FILE = "silent.mp4"
PLAIN_FOLDER = "plain"
# The longer side of a drawing that is shown as a picture: Manim makes 1080 pixels as long as the frame is high.
DRAWING_PX = 1080
MODULE = "scene"
LONGEST_MESSAGE = 1_500
SAMPLE_RATE_HZ = 48_000


class ClipWriter(StageWriter):
    """The writer of Manim's frames: it encodes them as one conformed stream, in a thread beside the drawing."""

    def __init__(self, scene: Scene, profile: RenderProfile, outbox: Outbox) -> None:
        super().__init__(scene, profile)
        self._outbox = outbox
        self._waiting: queue.Queue[tuple[np.ndarray, int] | None] = queue.Queue(QUEUED_FRAMES)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._encode, name="encoder", daemon=True)
        self._thread.start()

    def begin_animation(self, allow_write: bool = False, *, animation_index: int, file_path: Any = None) -> None:
        """Report the animation; there is no file to open for it."""
        refuse_another_rate(self._profile)
        self._outbox.say("animation", index=animation_index)

    def end_animation(self, allow_write: bool = False) -> None:
        """Close nothing: all animations share one stream."""

    def write_frame(self, pixels: np.ndarray, *, repeat: int = 1) -> None:
        """Queue one RGBA frame of shape (height, width, 4) to be shown `repeat` times."""
        if self._failure is not None:
            raise self._failure
        if repeat > 0:
            self.count(repeat)
            self._waiting.put((pixels, repeat))

    def save_image(self, pixels: np.ndarray) -> None:
        """Write the picture of a scene that plays nothing as a clip that stands still."""
        self.write_frame(pixels, repeat=STILL_SCENE_S * self._profile.frame_rate)
        self.finish()

    def finish(self) -> None:
        """Wait until the last frame is encoded and the file is closed."""
        self._waiting.put(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        if self.includes_sound:
            silent = Path(CLIP_FILE).rename(SILENT_FILE)
            duration_s = self.frames / self._profile.frame_rate
            _mux_sound(silent, self.audio_segment, duration_s, Path(CLIP_FILE))

    def _encode(self) -> None:
        try:
            with open_output(CLIP_FILE) as container:
                stream = add_video_stream(container, self._profile, threads=1)
                first = 0
                while (entry := self._waiting.get()) is not None:
                    pixels, repeat = entry
                    encode_repeated(container, stream, frame_from_rgba(pixels, self._profile), first, repeat)
                    first += repeat
                container.mux(stream.encode(None))
        except BaseException as failure:
            self._failure = failure
            # Drained, so that the drawing side reaches its next write and sees the failure.
            while self._waiting.get() is not None:
                continue


def main(order: dict[str, Any], outbox: Outbox) -> int:
    """Carry out a SceneOrder; return 0 if everything that it asks for was sent."""
    # A small file can hold a picture of gigabytes.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        _carry_out(SceneOrder.model_validate(order), outbox)
    except BaseException as failure:
        traceback.print_exc()
        message = with_meant_name(failure)[:LONGEST_MESSAGE]
        outbox.say("failed", error=type(failure).__name__, message=message, line=_line_of(failure))
        return 1
    return 0


def _draw_plainly() -> None:
    """Let Manim draw the drawings of the scene as they are, with lines of their width and ends."""
    found_by_manim: Callable[[SVGMobject], Path] = SVGMobject.get_file_path
    shaped_by_manim: Callable[[SVGMobject, Any], VMobject | None] = SVGMobject.get_mob_from_shape_element
    placed_by_manim: Callable[[SVGMobject], object] = SVGMobject.move_into_position

    def plain(self: SVGMobject) -> Path:
        path = found_by_manim(self)
        if not _is_given(path):
            return path
        folder = Path(PLAIN_FOLDER)
        folder.mkdir(exist_ok=True)
        plain_drawing(path).tree.write(folder / path.name)
        return folder / path.name

    def shaped(self: SVGMobject, shape: Any) -> VMobject | None:
        mobject = shaped_by_manim(self, shape)
        if mobject is not None:
            ends, corners = (shape.values.get(f"stroke-{key}") for key in ("linecap", "linejoin"))
            mobject.cap_style = CapStyleType.__members__.get(str(ends).upper(), CapStyleType.AUTO)
            mobject.joint_type = LineJointType.__members__.get(str(corners).upper(), LineJointType.AUTO)
        return mobject

    def placed(self: SVGMobject) -> None:
        drawn = max(self.width, self.height)
        placed_by_manim(self)
        # A width that the code names holds for all lines, and is one of Manim's hundredths already.
        if drawn > 0 and not self.stroke_width and _is_given(found_by_manim(self)):
            for line in self.family_members_with_points():
                assert isinstance(line, VMobject)
                line.set_stroke(width=line.get_stroke_width() * 100 * max(self.width, self.height) / drawn)

    setattr(SVGMobject, "get_file_path", plain)  # noqa: B010 - mypy takes an assignment for a mistake
    setattr(SVGMobject, "get_mob_from_shape_element", shaped)  # noqa: B010
    setattr(SVGMobject, "move_into_position", placed)  # noqa: B010


def _is_given(path: Path) -> bool:
    return path.resolve().parent == Path.cwd() and path.is_file()


def _picture_drawings() -> None:
    """Let Manim show a drawing that a scene opens as a picture."""

    def pictured(name: str) -> Path:
        path = get_full_raster_image_path(name)
        if not is_drawing(path):
            return path
        folder = Path(PLAIN_FOLDER)
        folder.mkdir(exist_ok=True)
        picture = folder / f"{path.name}.png"
        if not picture.exists():
            check_svg(path)
            read_drawing(path, DRAWING_PX, path.name).save(picture)
        return picture

    setattr(image_mobject, "get_full_raster_image_path", pictured)  # noqa: B010 - as above


def _carry_out(order: SceneOrder, outbox: Outbox) -> None:
    configure(order.profile)
    _draw_plainly()
    _picture_drawings()
    if has_latex():
        help_latex_by_typst()
    else:
        set_latex_by_typst()
    prompter = Prompter(order.voiceovers)
    teach_voiceovers(prompter)
    scene_class = _load_scene_class(order)
    configure(order.profile)  # again: what the scene's module has set does not change the video's size or rate
    if order.mode is Mode.RENDER:
        _render(scene_class(), order.profile, prompter, outbox)
    elif order.mode is Mode.TRACE:
        _trace(scene_class(), order.profile, outbox)
    else:
        _rehearse(scene_class(), order.profile, prompter, outbox)


def _render(scene: Scene, profile: RenderProfile, prompter: Prompter, outbox: Outbox) -> None:
    writer = ClipWriter(scene, profile, outbox)
    scene.renderer.file_writer = writer
    scene.render()
    prompter.script()  # raises if less was said than the voice has spoken
    outbox.send(CLIP_FILE, Path(CLIP_FILE))
    outbox.say("rendered", frames=writer.frames, voiceover_frames=prompter.start_frames)


def _rehearse(scene: Scene, profile: RenderProfile, prompter: Prompter, outbox: Outbox) -> None:
    from callsheet.stage.rehearsal.performance import rehearse

    facts = rehearse(scene, profile).model_copy(update={"voiceovers": prompter.script()})
    poster = Path(POSTER_FILE)
    if poster.exists():
        outbox.send(POSTER_FILE, poster)
    outbox.say("rehearsed", facts=facts.model_dump(mode="json"))


def _trace(scene: Scene, profile: RenderProfile, outbox: Outbox) -> None:
    from callsheet.stage.rehearsal.performance import rehearse
    from callsheet.stage.rehearsal.trace import TraceRecorder

    recorder = TraceRecorder(scene, profile)
    facts = rehearse(scene, profile, recorder)
    Path(TRACE_FILE).write_text(recorder.trace(facts.layout).model_dump_json(), encoding="utf-8")
    outbox.send(TRACE_FILE, Path(TRACE_FILE))
    pictures = Path(PICTURES_FILE)
    recorder.save_pictures(pictures)
    if pictures.exists():
        outbox.send(PICTURES_FILE, pictures)
    outbox.say("traced")


def _load_scene_class(order: SceneOrder) -> type[Scene]:
    source = Path(SOURCE_FILE).resolve()
    source.write_text(order.source, encoding="utf-8")
    sys.path.append(str(source.parent))  # helper modules lie beside it, and never hide one that is installed
    spec = importlib.util.spec_from_file_location(MODULE, source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module
    spec.loader.exec_module(module)
    scene_class: type[Scene] = getattr(module, order.class_name or _only_scene(vars(module)))
    if not issubclass(scene_class, Scene):
        raise TypeError(f"{order.class_name} is not a Manim Scene")
    return scene_class


def _only_scene(defined: dict[str, Any]) -> str:
    """Return the name of the one scene class that the source defines."""
    scenes = [
        name
        for name, value in defined.items()
        if inspect.isclass(value) and issubclass(value, Scene) and value.__module__ == MODULE
    ]
    if len(scenes) != 1:
        raise ValueError(f"the code must hold one Scene class, and holds {len(scenes)} ({', '.join(scenes) or 'none'})")
    return scenes[0]


def _line_of(failure: BaseException) -> int | None:
    """Return the line of the scene's own source that the failure came from, if it did."""
    source = str(Path(SOURCE_FILE).resolve())
    lines = [entry.lineno for entry in traceback.extract_tb(failure.__traceback__) if entry.filename == source]
    if isinstance(failure, SyntaxError) and failure.filename == source:
        lines.append(failure.lineno)
    return lines[-1] if lines else None


def _mux_sound(pictures: Path, segment: Any, duration_s: float, out: Path) -> None:
    """Copy the video of `pictures` to `out`, and add `segment` as AAC.

    `segment` is a pydub AudioSegment; it is cut or padded with silence. `duration_s` is the length of the pictures, so
    that sound and pictures end together.
    """
    with av.open(str(pictures)) as source, open_output(str(out)) as target:
        video = target.add_stream_from_template(source.streams.video[0])
        audio = target.add_stream("aac", rate=SAMPLE_RATE_HZ, layout="stereo")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = video
                target.mux(packet)
        frame = av.AudioFrame.from_ndarray(_samples(segment, duration_s), format="s16", layout="stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = 0
        target.mux(audio.encode(frame))
        target.mux(audio.encode(None))


def _samples(segment: Any, duration_s: float) -> np.ndarray:
    """Return interleaved 16-bit stereo samples, shape (1, 2 × samples)."""
    stereo = segment.set_frame_rate(SAMPLE_RATE_HZ).set_channels(2).set_sample_width(2)
    heard = np.array(stereo.get_array_of_samples(), dtype=np.int16)
    wanted = np.zeros(2 * round(duration_s * SAMPLE_RATE_HZ), dtype=np.int16)
    length = min(len(heard), len(wanted))
    wanted[:length] = heard[:length]
    return wanted.reshape(1, -1)
