"""The scenes that the prompt shows to a model are good ones: they run, in every shape of frame, and stay inside it."""

import subprocess
import sys

import pytest

from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.kit.theme import palette_for
from callsheet.writing.prompts import prompt

EXAMPLES = {"example_search": "BinarySearch", "example_slope": "SlopeOfAParabola"}
SHAPES = (ProfileName.DRAFT, ProfileName.PORTRAIT, ProfileName.SQUARE)
# Plays the scene with its animations skipped, and tells after each one what is out of the frame.
WATCH = """
from manim import config

config.frame_width, config.frame_height = {units}
config.dry_run, config.verbosity, config.progress_bar, config.media_dir = True, "ERROR", "none", "media"
from scene import {scene}


class Watched({scene}):
    def play(self, *animations, **settings):
        super().play(*animations, **settings)
        for mobject in self.mobjects:
            for x, y, _ in mobject.get_all_points():
                assert abs(x) <= config.frame_width / 2 - 0.25 and abs(y) <= config.frame_height / 2 - 0.25, mobject

scene = Watched(skip_animations=True)
scene.render()
print(scene.time)
"""


@pytest.mark.parametrize("profile", SHAPES)
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs_and_stays_in_the_frame(example, profile, tmp_path):
    """Models imitate what they are shown, mistakes included."""
    palette = palette_for(Look())
    named = {name: getattr(palette, name) for name in ("background", "text", "muted", "accent")}
    constants = prompt("constants", font=Look().text_font.family, **named)
    (tmp_path / "scene.py").write_text(prompt(example, constants=constants))
    (tmp_path / "watch.py").write_text(WATCH.format(scene=EXAMPLES[example], units=PROFILES[profile].frame_units))
    ran = subprocess.run([sys.executable, "watch.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert 8 <= float(ran.stdout.split()[-1]) <= 20
