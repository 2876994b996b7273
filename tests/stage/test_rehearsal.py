"""A rehearsal takes seconds and knows what a render will give: frames, animations, errors, and the last picture."""

import subprocess
import time

import numpy as np
import pytest
from PIL import Image

from callsheet.model.content import CONTENT_MODELS, TemplateName
from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.order import Mode
from callsheet.stage.template_source import fill_template
from tests.stage.child_runner import DRAFT, carried_out, order, plain, rehearsed

THREE_D = "from manim import *\n\nclass Plain(ThreeDScene):\n    def construct(self):\n"
MOVING = "from manim import *\n\nclass Plain(MovingCameraScene):\n    def construct(self):\n"
ZOOMED = "from manim import *\n\nclass Plain(ZoomedScene):\n    def construct(self):\n"
LINEAR = "from manim import *\n\nclass Plain(LinearTransformationScene):\n    def construct(self):\n"

SCENES = {
    "odd run times": plain(
        "s = Square()",
        "for t in (0.01, 0.3, 0.7333, 1, 1.05, 2.999): self.play(s.animate.rotate(0.1), run_time=t)",
    ),
    "odd pauses": plain("self.add(Square())", "for t in (0.02, 0.1, 1/3, 0.7, 1.01, 2.49): self.wait(t)"),
    "pause": plain("self.add(Square())", "self.pause(0.77)", "self.wait(0.33, frozen_frame=True)"),
    "lagged start": plain(
        "dots = [Dot(x * RIGHT) for x in range(5)]",
        "self.play(LaggedStart(*map(FadeIn, dots), lag_ratio=0.37))",
        "self.play(LaggedStartMap(FadeOut, VGroup(*dots), run_time=1.234))",
    ),
    "groups": plain(
        "a, b = Square(), Circle()",
        "self.play(AnimationGroup(Create(a, run_time=0.6), FadeIn(b, run_time=1.3), lag_ratio=0.5))",
        "self.play(Succession(a.animate.shift(UP), b.animate(run_time=0.4).shift(DOWN), Wait(0.35)))",
        "self.play(Succession(FadeOut(a), AnimationGroup(FadeOut(b), run_time=2.2)), run_time=1.7)",
    ),
    "zero run times": plain("self.play(Add(Square()), run_time=0.5)", "self.play(Succession(Add(Dot()), Wait(0.2)))"),
    "updaters in a pause": plain(
        "d = Dot()",
        "d.add_updater(lambda m, dt: m.shift(dt * RIGHT))",
        "self.add(d)",
        "self.wait(1.37)",
        "d.clear_updaters()",
        "self.wait(1.37)",
        "self.wait(0.7, frozen_frame=False)",
    ),
    "redrawn": plain(
        "t = ValueTracker(0)",
        "self.add(always_redraw(lambda: Dot(t.get_value() * RIGHT)))",
        "self.play(t.animate.set_value(2), run_time=0.91)",
        "self.wait(0.5)",
    ),
    "stop condition": plain(
        "d = Dot()",
        "d.add_updater(lambda m, dt: m.shift(dt * RIGHT * m.get_x() + dt * RIGHT))",
        "self.add(d)",
        "self.wait_until(lambda: d.get_x() > 2)",
        "self.wait(3, stop_condition=lambda: self.time > 2.6)",
        "self.wait_until(lambda: False, max_time=0.9)",
    ),
    "falling": plain(
        "ball, speed = Dot(3 * UP), [0.0]",
        "def fall(m, dt):",
        "    speed[0] -= 9 * dt",
        "    m.shift(speed[0] * dt * UP)",
        "    if m.get_y() < -3: speed[0] = abs(speed[0]) * 0.8",
        "ball.add_updater(fall)",
        "self.add(ball)",
        "self.wait(2.5)",
        "self.wait_until(lambda: speed[0] > 0)",
    ),
    "scene updater": plain(
        "clock = [0]",
        "self.add_updater(lambda dt: clock.__setitem__(0, clock[0] + dt))",
        "self.wait(0.51)",
        "self.wait_until(lambda: clock[0] > 1.2)",
    ),
    "sections": plain(
        "self.play(Create(Square()))",
        "self.next_section('left out', skip_animations=True)",
        "self.play(Create(Circle()), run_time=1.3)",
        "self.wait(2)",
        "self.next_section('shown')",
        "self.play(FadeOut(*self.mobjects))",
    ),
    "a picture asked for": "from manim import *\nconfig.save_last_frame = True\n"
    + plain("self.play(Create(Square()))").split("\n", 1)[1],
    "an ending ahead of time": plain("config.upto_animation_number = 1", "for _ in range(4): self.wait(0.5)"),
    "an error that was caught": plain(
        "try:",
        "    self.play(Create(Square()), FadeOut(None))",
        "except Exception:",
        "    pass",
        "self.play(Create(Circle()), run_time=0.6)",
        "try:",
        "    self.play()",
        "except ValueError:",
        "    self.wait(0.4)",
    ),
    "three dimensions": THREE_D
    + "        self.set_camera_orientation(phi=1, theta=1)\n"
    + "        self.play(Create(ThreeDAxes()), run_time=0.4)\n"
    + "        self.begin_ambient_camera_rotation(rate=0.3)\n        self.wait(1.13)\n"
    + "        self.stop_ambient_camera_rotation()\n        self.wait(0.3)\n"
    + "        self.move_camera(phi=0.5, run_time=0.7)\n",
    "a moving camera": MOVING
    + "        s = Square()\n        self.add(s)\n        self.play(self.camera.frame.animate.scale(0.5).move_to(s))\n"
    + "        self.play(Restore(self.camera.frame) if hasattr(self.camera.frame, 'saved_state') else Wait(0.3))\n",
    "a zoomed camera": ZOOMED
    + "        self.add(Dot())\n        self.activate_zooming(animate=True)\n        self.wait(0.4)\n",
    "a linear transformation": LINEAR
    + "        self.apply_matrix([[1, 1], [0, 1]], run_time=0.7)\n        self.wait(0.2)\n",
    "a flow": plain(
        "d = Square()", "self.play(PhaseFlow(lambda p: np.array([-p[1], p[0], 0]), d, virtual_time=3), run_time=1.1)"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Every scene rehearsed and rendered, by name."""
    orders = [order(source, mode) for source in SCENES.values() for mode in (Mode.REHEARSE, Mode.RENDER)]
    outcomes = carried_out(tmp_path_factory.mktemp("scenes"), *orders)
    return dict(zip(SCENES, zip(outcomes[::2], outcomes[1::2], strict=True), strict=True))


@pytest.mark.parametrize("name", SCENES)
def test_a_rehearsal_counts_the_frames_and_animations_of_the_render(both, name):
    """To the frame, whatever is played."""
    rehearsal, render = both[name]
    assert (rehearsal.facts.frames, rehearsal.facts.animations) == (render.frames, render.animations)
    assert rehearsal.facts.frames > 0


@pytest.mark.parametrize("name", ["groups", "odd pauses", "redrawn", "falling", "three dimensions", "a flow"])
def test_the_stage_ends_up_as_in_the_render(both, name, tmp_path):
    """The poster shows what the clip's end shows, or what was there before the stage was cleared."""
    rehearsal, render = both[name]
    argv = ["ffmpeg", "-v", "error", "-sseof", "-1", "-i", str(render.folder / "clip.mp4"), "-update", "1"]
    subprocess.run([*argv, str(tmp_path / "last.png")], check=True)
    last, poster = Image.open(tmp_path / "last.png").convert("L"), Image.open(rehearsal.poster).convert("L")
    assert poster.size == last.size == (DRAFT.width, DRAFT.height)
    if name != "groups":
        difference = np.abs(np.asarray(last, dtype=float) - np.asarray(poster, dtype=float))
        assert (difference > 60).mean() < 0.01
    assert np.asarray(poster).max() > 200


def test_a_scene_that_clears_the_stage_at_its_end_has_a_poster_from_before(tmp_path):
    """A fade to black is no picture to remember a scene by."""
    cleared, never = carried_out(
        tmp_path,
        order(plain("self.play(Create(Square(fill_opacity=1)))", "self.play(FadeOut(*self.mobjects))", "self.wait()")),
        order(plain("self.wait()")),
    )
    assert np.asarray(Image.open(cleared.poster).convert("L")).mean() > 5
    assert not never.poster.exists()


@pytest.mark.parametrize(
    ("lines", "error", "line"),
    [
        (("self.play(Create(Sqare()))",), "NameError", 5),
        (("s = Square()", "self.play(s.animate.shfit(UP))"), "AttributeError", 6),
        (("self.play(Create(Square(), run_tme=2))",), "TypeError", 5),
        (("self.add_sound('nowhere.wav')", "self.wait()"), "OSError", 5),
        (("s = Square()", "s.stroke_width = 'thick'", "self.add(s)", "self.wait()"), "ValueError", 8),
        (("config.frame_rate = 12", "self.wait()"), "ValueError", 6),
    ],
)
def test_an_error_comes_out_as_in_the_render(tmp_path, lines, error, line):
    """Type, message and line are the scene's own, those of what fails in drawing and of missing sounds too."""
    source = plain(*lines)
    rehearsal, render = carried_out(tmp_path, order(source), order(source, Mode.RENDER))
    for outcome in (rehearsal, render):
        assert (outcome.last["event"], outcome.last["error"], outcome.last["line"]) == ("failed", error, line)
    assert rehearsal.last["message"].replace(str(rehearsal.folder), "") == render.last["message"].replace(
        str(render.folder), ""
    )


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        (("self.play(Create(Sqare()))",), "Square"),
        (("s = Square()", "self.play(s.animate.shfit(UP))"), "shift"),
        (("s = Square()", "s.rotat(PI)"), "rotate"),
        (("self.play(Create(Square(), run_tme=2))",), "run_time"),
        (("self.add(Circle(fil_opacity=1))",), "fill_opacity"),
    ],
)
def test_an_error_about_a_name_says_which_one_is_meant(tmp_path, lines, meant):
    """It is the advice of the static checks, also where only the run finds the mistake."""
    (rehearsal,) = carried_out(tmp_path, order(plain(*lines)))
    assert rehearsal.last["message"].endswith(f"; did you mean “{meant}”?")


def test_a_scene_that_shows_and_plays_nothing_is_no_scene(tmp_path):
    """The sentence says how to show something."""
    for outcome in carried_out(tmp_path, order(plain("Square()")), order(plain("pass"))):
        assert (outcome.last["event"], outcome.last["error"]) == ("failed", "SceneUnfit")
        assert "show what it adds with self.wait(3)" in outcome.last["message"]


def test_a_picture_that_nothing_is_played_of_is_a_still(tmp_path):
    """A rehearsal counts the frames that the render writes, and leaves the picture."""
    source = plain("self.add(Square())")
    rehearsal, render = carried_out(tmp_path, order(source), order(source, Mode.RENDER))
    assert (rehearsal.facts.frames, render.frames) == (45, 45)
    assert rehearsal.poster.exists()


def test_a_scene_that_catches_its_errors_ends(tmp_path):
    """Nothing of a rehearsal waits for anything else when a scene continues after an error in the middle of a play."""
    source = plain(
        "d = Dot()",
        "d.add_updater(lambda m, dt: 1 / 0)",
        "for _ in range(3):",
        "    try:",
        "        self.add(d)",
        "        self.wait(0.5)",
        "    except ZeroDivisionError:",
        "        self.remove(d)",
        "self.play(Create(Square()))",
    )
    began = time.monotonic()
    assert rehearsed(tmp_path, source).facts.animations == 1
    assert time.monotonic() - began < 60


def test_an_hour_of_film_is_rehearsed_in_seconds(tmp_path):
    """Two hundred animations and pauses of nine seconds each at the highest rate."""
    source = plain("s = Square()", "for n in range(200): self.play(s.animate.rotate(0.1), run_time=9); self.wait(9)")
    outcome = rehearsed(tmp_path, source, PROFILES[ProfileName.FULL_HD])
    assert outcome.facts.frames == 200 * 18 * 60
    assert outcome.seconds < 30


def test_a_crowd_that_moves_by_time_is_rehearsed_in_bounded_time(tmp_path):
    """Long steps follow when the short ones have taken too long: the frames are right all the same."""
    source = plain(
        "crowd = VGroup(*[Square(0.1).shift(x * 0.1 * RIGHT) for x in range(60)])",
        "for s in crowd: s.add_updater(lambda m, dt: m.become(Square(0.1).shift(dt * RIGHT)))",
        "self.add(crowd)",
        "for _ in range(3): self.wait(30)",
    )
    outcome = rehearsed(tmp_path, source, PROFILES[ProfileName.FULL_HD])
    assert outcome.facts.frames == 90 * 60
    assert outcome.seconds < 60


@pytest.mark.parametrize(
    "profile",
    [
        ProfileName.DRAFT,
        *(pytest.param(name, marks=pytest.mark.long) for name in (ProfileName.PORTRAIT, ProfileName.SQUARE)),
    ],
)
def test_our_own_templates_leave_nothing_to_remark(tmp_path, profile):
    """They are well laid out: a remark on one of them would be a false one."""
    orders, files = [], {}
    for template in TemplateName:
        filled = fill_template("Example", CONTENT_MODELS[template].example(), Look())
        orders.append(order(filled.code.source, profile=PROFILES[profile], class_name=filled.code.class_name))
        files.update(filled.files)
    for template, outcome in zip(TemplateName, carried_out(tmp_path, *orders, files=files), strict=True):
        assert (template, outcome.facts.layout) == (template, ())
        assert outcome.facts.animations > 0
        assert Image.open(outcome.poster).size == (PROFILES[profile].width, PROFILES[profile].height)
