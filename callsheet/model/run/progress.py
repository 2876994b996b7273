"""The progress of a run, as arithmetic: a percentage, and one sentence about the present step."""

from types import MappingProxyType
from typing import Self

from pydantic import Field

from callsheet.model.values import Value

# Shares of a whole video's progress, from the times of an eight-scene video at 720p: rendering is nearly all of it.
SCENES_SHARE = 0.85
STEP_SHARES = MappingProxyType({"merging the scenes": 0.09, "making the stills": 0.03, "publishing": 0.03})
# The number of animations of a scene that was not rehearsed isn't known before it is rendered. Progress in it
# approaches its end, and is half way after this many animations.
HALF_WAY_ANIMATIONS = 6
USUAL_BAND = (0.0, 100 * SCENES_SHARE)
MOVIE_BANDS = MappingProxyType(
    {
        "script": (0.0, 5.0),
        "analysis": (5.0, 15.0),
        "characters": (15.0, 25.0),
        "settings": (25.0, 35.0),
        "selection": (35.0, 45.0),
        "panels": (45.0, 70.0),
        "clips": (70.0, 95.0),
    }
)
"""From which percentage to which a film of a screenplay is in each stage; the assembly follows, up to 100."""


class Progress(Value):
    """A snapshot. Every change gives a new one; the percentage never falls."""

    title: str
    scenes: int
    scene_fractions: dict[str, float] = Field(default_factory=dict)
    """How much of each scene that has begun is rendered, from 0 to 1, by its label."""
    steps_share: float = 0.0
    """Share of the steps after the scenes that are over."""
    step_fraction: float = 0.0
    """How much of the step that `doing` names is done, from 0 to 1."""
    doing: str = "starting"
    floor: float = 0.0
    """The percentage that an earlier process of the same run reached, or the stages before the scenes."""
    scenes_band: tuple[float, float] = USUAL_BAND
    """The percentages at which the scenes begin and end; the steps after them lead to 100."""

    @property
    def percentage(self) -> float:
        """Return the percentage, from 0 to 100 with one decimal."""
        if self.doing == "done":
            return 100.0
        scenes = sum(self.scene_fractions.values()) / self.scenes
        steps = self.steps_share + STEP_SHARES.get(self.doing, 0.0) * self.step_fraction
        begin, end = self.scenes_band
        after = (100 - end) * steps / sum(STEP_SHARES.values())
        return max(self.floor, round(begin + (end - begin) * min(scenes, 1.0) + after, 1))

    @property
    def description(self) -> str:
        """Return one line for a person."""
        return f"{self.title}: {self.doing}"

    def with_scenes(self, scenes: int, band: tuple[float, float] = USUAL_BAND) -> Self:
        """Set the number of scenes, if it was not known at the start, and their band."""
        return self.model_copy(update={"scenes": scenes, "scenes_band": band})

    def in_stage(self, stage: str, doing: str, done: int = 0, total: int = 1) -> Self:
        """Count `done` of `total` in a stage of a film of a screenplay, before its scenes."""
        begin, end = MOVIE_BANDS[stage]
        reached = round(begin + (end - begin) * done / total, 1) if total else end
        return self.model_copy(update={"floor": max(self.floor, reached), "doing": doing})

    def scene_at(self, label: str, animations: int, animations_total: int | None = None) -> Self:
        """Begin animation number `animations` of scene `label`.

        It is counted from 1, of `animations_total` if that is known.
        """
        if not animations_total:
            fraction = animations / (animations + HALF_WAY_ANIMATIONS)
            return self._with_scene(label, fraction, f"rendering {label}, animation {animations}")
        fraction = (min(animations, animations_total) - 1) / animations_total
        return self._with_scene(label, fraction, f"rendering {label}, animation {animations} of {animations_total}")

    def scene_doing(self, label: str, what: str) -> Self:
        """Name a step of scene `label` whose progress is unknown."""
        return self._with_scene(label, 0.0, f"{what} {label}")

    def scene_done(self, label: str) -> Self:
        """Finish scene `label`."""
        done = sum(fraction == 1.0 for fraction in {**self.scene_fractions, label: 1.0}.values())
        return self._with_scene(label, 1.0, f"{done} of {self.scenes} scenes are ready")

    def beginning(self, step: str) -> Self:
        """Begin a step after the scenes; no scene is waited for any more."""
        every = {str(number): 1.0 for number in range(self.scenes)}
        return self.model_copy(update={"scene_fractions": every, "doing": step})

    def within_step(self, fraction: float) -> Self:
        """Bring the present step this far, from 0 to 1."""
        return self.model_copy(update={"step_fraction": fraction})

    def ending(self, step: str) -> Self:
        """Finish that step."""
        share = self.steps_share + STEP_SHARES.get(step, 0.0)
        return self.model_copy(update={"steps_share": share, "step_fraction": 0.0})

    def counted(self, done: int, total: int, what: str) -> Self:
        """Count `done` of `total`, in a run without scenes."""
        reached = round(100 * done / total, 1) if total else 0.0
        return self.model_copy(update={"floor": reached, "doing": f"{done} of {total} {what}"})

    def finished(self) -> Self:
        """Finish everything."""
        return self.model_copy(update={"doing": "done"})

    def _with_scene(self, label: str, fraction: float, doing: str) -> Self:
        fraction = max(fraction, self.scene_fractions.get(label, 0.0))
        return self.model_copy(update={"scene_fractions": {**self.scene_fractions, label: fraction}, "doing": doing})
