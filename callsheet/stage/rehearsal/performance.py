"""The performance of a scene without drawing.

A rehearsal takes seconds for what a render takes minutes for.

The scene runs as it does in a render, with Manim's own loop, sounds, sections and removers; only the loop's moments are
fewer. An animation jumps to the moment of its last frame, and its other frames are counted without being drawn. Manim's
own `skip_animations` would do less: it leaves sounds unopened, and hands updaters the whole duration as one step.

Time itself may move things: updaters with `dt`, a pause with a stop condition, a flow. Then every frame's moment is
played, so that the stage looks as it will. When that has taken STEPPING_S seconds, the steps get longer. A pause with a
stop condition is played moment by moment in any case: its length depends on it.

The rehearsal draws what comes on stage once, at the end of its first animation: some mistakes only show in drawing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from manim import Animation, CairoRenderer, Mobject, MultiCamera, PhaseFlow, Scene, ValueTracker, config
from PIL import Image

from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.rehearsal import LayoutFinding, LayoutProblem, RehearsalFacts
from callsheet.stage.configure import StageWriter, refuse_another_rate
from callsheet.stage.order import POSTER_FILE, STILL_SCENE_S, SceneUnfit
from callsheet.stage.rehearsal.glyph_picks import GlyphPicks
from callsheet.stage.rehearsal.review import LayoutReview
from callsheet.stage.rehearsal.trace import TraceRecorder

# Seconds that a rehearsal spends on moments between the first and the last one of animations.
STEPPING_S = 4.0
# Moments of an animation after that.
COARSE_MOMENTS = 4
_NO_PICTURE: Any = np.zeros((1, 1, 4), dtype=np.uint8)


def rehearse(scene: Scene, profile: RenderProfile, recorder: TraceRecorder | None = None) -> RehearsalFacts:
    """Play `scene`, made under `configure(profile)`, and write its last picture to poster.png.

    The poster lies in the working directory; there is none if nothing was ever drawn. Errors of the scene pass
    unchanged. A `recorder` looks at the end of each animation and pause.

    Raises:
        SceneUnfit: the scene shows nothing, and never plays or waits.
        TypeError: the scene draws with another renderer than Cairo.
    """
    renderer: Any = scene.renderer
    if not isinstance(renderer, CairoRenderer):
        raise TypeError("only scenes that are drawn with Cairo can be rendered; remove the setting of another renderer")
    writer = RehearsalWriter(scene, profile, recorder)
    renderer.file_writer = writer
    # The scene has its renderer already, and its camera and trackers belong together: so its renderer changes class.
    renderer.__class__ = RehearsalRenderer
    vars(scene)["get_time_progression"] = Moments(scene).of_animation
    picks = GlyphPicks(scene)
    scene.render()
    layout = (*writer.review.findings(), *picks.findings())
    if writer.animations == 0:
        if not writer.has_drawn:
            raise SceneUnfit("the scene shows nothing, and never plays or waits; show what it adds with self.wait(3)")
        lasts = f"it is a still picture for {STILL_SCENE_S} seconds"
        message = f"the scene never plays or waits: {lasts}; end it with self.wait(…)"
        layout = (LayoutFinding(problem=LayoutProblem.STILL, animation=0, line=0, message=message), *layout)
    _save_poster(scene, writer)
    return RehearsalFacts(frames=writer.frames, animations=writer.animations, layout=layout)


class RehearsalRenderer(CairoRenderer):
    """A renderer that counts frames instead of drawing them while an animation is played."""

    playing = False

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play without drawing."""
        self.playing = True
        try:
            super().play(scene, *args, **kwargs)
        finally:
            self.playing = False

    def render(self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None) -> None:
        """Pass one frame."""
        self.add_frame(_NO_PICTURE)

    def update_frame(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Draw only what a scene asks for between animations."""
        if not self.playing:
            super().update_frame(scene, *args, **kwargs)

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Keep nothing of what stands still: nothing is drawn."""
        self.static_image = None

    def get_frame(self) -> Any:
        """Return the picture between animations."""
        return _NO_PICTURE if self.playing else super().get_frame()

    def picture(self, scene: Scene) -> Any:
        """Return the whole stage of this moment in full size: RGBA of shape (height, width, 4)."""
        self.static_image = None
        super().update_frame(scene)
        return super().get_frame()


class RehearsalWriter(StageWriter):
    """A writer that counts the frames of a render, and lets the stage be looked at after each animation."""

    def __init__(self, scene: Scene, profile: RenderProfile, recorder: TraceRecorder | None = None) -> None:
        super().__init__(scene, profile)
        self.review = LayoutReview(scene, profile)
        self._recorder = recorder
        self.animations = 0
        self.has_drawn = False
        self.before_clearing: Any = None
        """The picture before the animation that last cleared the stage."""
        self._frames_before = 0
        self._undrawn: list[Mobject] = []

    def begin_animation(self, allow_write: bool = False, *, animation_index: int, file_path: Any = None) -> None:
        """Count the animation."""
        refuse_another_rate(self._profile)
        self.animations = max(self.animations, animation_index + 1)
        self._frames_before = self.frames
        if allow_write:
            self._undrawn += self.review.look_before(self.animations)
            if _clears_stage(self._scene):
                self.before_clearing = _renderer_of(self._scene).picture(self._scene)

    def end_animation(self, allow_write: bool = False) -> None:
        """Look at the stage, unless the animation is in a section that is left out."""
        if self.frames > self._frames_before:
            self._undrawn += self.review.look(self.animations, self.frames - self._frames_before)
            self._draw()
            self._record(self.frames - self._frames_before)

    def write_frame(self, pixels: Any, *, repeat: int = 1) -> None:
        """Count a frame that is shown `repeat` times."""
        self.count(max(repeat, 0))

    def save_image(self, pixels: Any) -> None:
        """Take note of the picture of a scene that plays nothing."""
        frames = STILL_SCENE_S * self._profile.frame_rate
        self.write_frame(pixels, repeat=frames)
        self._undrawn += self.review.look(self.animations, frames)
        self._draw()
        self._record(frames)

    def finish(self) -> None:
        """Do nothing: nothing was written."""

    def _record(self, frames: int) -> None:
        if self._recorder is not None:
            wants_picture = self._recorder.wants_picture
            picture = _renderer_of(self._scene).picture(self._scene) if wants_picture else None
            self._recorder.look(frames, self._scene.animations or (), picture)

    def _draw(self) -> None:
        camera = _renderer_of(self._scene).camera
        # A camera with others in it gives them their sizes when it draws, and scenes rely on that.
        if self._undrawn or isinstance(camera, MultiCamera):
            camera.capture_mobjects(self._undrawn, include_submobjects=False)
            self.has_drawn = self.has_drawn or bool(self._undrawn)
            self._undrawn = []


class Moments:
    """The choice of the moments of an animation at which the stage is brought up to date."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._spent_s = 0.0

    def of_animation(
        self,
        run_time: float,
        description: str = "",
        n_iterations: int | None = None,
        override_skip_animations: bool = False,
    ) -> Iterator[float]:
        """Return times in seconds from the animation's beginning.

        It takes the place of `Scene.get_time_progression`.

        Manim overrides skipping for a pause with a stop condition.
        """
        if override_skip_animations:
            yield from np.arange(0, run_time, 1 / config["frame_rate"])
        elif _renderer_of(self._scene).skip_animations:
            yield run_time
        else:
            yield from self._chosen(np.arange(0, run_time, 1 / config["frame_rate"]))

    def _chosen(self, times: Any) -> Iterator[float]:
        """Yield the last one of `times`, and those before it if time itself moves things.

        Pass the others.
        """
        last = len(times) - 1
        index, passed = 0 if _moves_by_time(self._scene) else last, 0
        while passed <= last:
            for _ in range(index - passed):  # one by one: the clock adds up as in a render, to the last bit
                _renderer_of(self._scene).add_frame(_NO_PICTURE)
            passed = index + 1
            began = time.perf_counter()
            yield times[index]
            if index < last:
                self._spent_s += time.perf_counter() - began
            stride = 1 if self._spent_s < STEPPING_S else max(1, last // COARSE_MOMENTS)
            index = min(index + stride, last)


def _renderer_of(scene: Scene) -> RehearsalRenderer:
    renderer = scene.renderer
    assert isinstance(renderer, RehearsalRenderer)
    return renderer


def _moves_by_time(scene: Scene) -> bool:
    """Return whether the way to the end of the animation matters.

    It matters if something adds up from moment to moment.
    """
    if scene.updaters or scene.always_update_mobjects or any(map(_adds_up, scene.animations or ())):
        return True
    waiting = [*scene.mobjects, *scene.foreground_mobjects]
    while waiting:
        mobject = waiting.pop()
        # Trackers change evenly (a camera that keeps turning): one long step brings them as far as many.
        is_left_out = mobject.updating_suspended or isinstance(mobject, ValueTracker)
        if mobject.updaters and not is_left_out and mobject.has_time_based_updater():
            return True
        if mobject.submobjects:
            waiting.extend(mobject.submobjects)
    return False


def _adds_up(animation: Animation) -> bool:
    return isinstance(animation, PhaseFlow) or any(map(_adds_up, getattr(animation, "animations", ())))


def _clears_stage(scene: Scene) -> bool:
    removed = {id(mobject) for animation in scene.animations or () for mobject in _removed(animation)}
    return bool(removed) and all(
        id(part) in removed for mobject in scene.mobjects for part in mobject.family_members_with_points()
    )


def _removed(animation: Any) -> Iterator[Mobject]:
    for part in getattr(animation, "animations", ()):
        yield from _removed(part)
    if animation.is_remover():
        yield from animation.mobject.get_family()


def _save_poster(scene: Scene, writer: RehearsalWriter) -> None:
    if not writer.has_drawn:
        return
    is_empty = not any(mobject.family_members_with_points() for mobject in scene.mobjects)
    if is_empty and writer.before_clearing is not None:
        picture = writer.before_clearing
    else:
        picture = _renderer_of(scene).picture(scene)
    Image.fromarray(picture).convert("RGB").save(POSTER_FILE)
