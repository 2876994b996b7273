"""How far a run is, as arithmetic: a percentage and one sentence on what is happening."""

from types import MappingProxyType
from typing import Self

from pydantic import Field

from callsheet.model.values import Value

# Shares of a whole video's progress, from the times of an eight-scene video at 720p: rendering is nearly all of it.
SCENES_SHARE = 0.85
STEP_SHARES = MappingProxyType({"merging the scenes": 0.09, "making the stills": 0.03, "publishing": 0.03})
# The number of animations of a scene that nobody rehearsed isn't known before it is rendered: progress in it closes in
# on its end, and is half way after this many animations.
HALF_WAY_ANIMATIONS = 6


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
    """The percentage that an earlier process of the same run had come to."""

    @property
    def percentage(self) -> float:
        """From 0 to 100, one decimal."""
        if self.doing == "done":
            return 100.0
        scenes = sum(self.scene_fractions.values()) / self.scenes
        steps = self.steps_share + STEP_SHARES.get(self.doing, 0.0) * self.step_fraction
        return max(self.floor, round(100 * (SCENES_SHARE * min(scenes, 1.0) + steps), 1))

    @property
    def description(self) -> str:
        """One line for a person."""
        return f"{self.title}: {self.doing}"

    def with_scenes(self, scenes: int) -> Self:
        """The number of scenes, where it was not known at the start."""
        return self.model_copy(update={"scenes": scenes})

    def scene_at(self, label: str, animations: int, animations_total: int | None = None) -> Self:
        """Scene `label` has begun its animation number `animations`, counted from 1, of `animations_total` if known."""
        if not animations_total:
            fraction = animations / (animations + HALF_WAY_ANIMATIONS)
            return self._with_scene(label, fraction, f"rendering {label}, animation {animations}")
        fraction = (min(animations, animations_total) - 1) / animations_total
        return self._with_scene(label, fraction, f"rendering {label}, animation {animations} of {animations_total}")

    def scene_doing(self, label: str, what: str) -> Self:
        """Something is done for scene `label` of which nobody knows how far it is."""
        return self._with_scene(label, 0.0, f"{what} {label}")

    def scene_done(self, label: str) -> Self:
        """Scene `label` is finished."""
        done = sum(fraction == 1.0 for fraction in {**self.scene_fractions, label: 1.0}.values())
        return self._with_scene(label, 1.0, f"{done} of {self.scenes} scenes are ready")

    def beginning(self, step: str) -> Self:
        """A step after the scenes has begun; no scene is waited for any more."""
        every = {str(number): 1.0 for number in range(self.scenes)}
        return self.model_copy(update={"scene_fractions": every, "doing": step})

    def within_step(self, fraction: float) -> Self:
        """The step has come this far, from 0 to 1."""
        return self.model_copy(update={"step_fraction": fraction})

    def ending(self, step: str) -> Self:
        """That step is over."""
        share = self.steps_share + STEP_SHARES.get(step, 0.0)
        return self.model_copy(update={"steps_share": share, "step_fraction": 0.0})

    def counted(self, done: int, total: int, what: str) -> Self:
        """Of a run without scenes of its own: `done` of `total` are over."""
        reached = round(100 * done / total, 1) if total else 0.0
        return self.model_copy(update={"floor": reached, "doing": f"{done} of {total} {what}"})

    def finished(self) -> Self:
        """Everything is over and well."""
        return self.model_copy(update={"doing": "done"})

    def _with_scene(self, label: str, fraction: float, doing: str) -> Self:
        fraction = max(fraction, self.scene_fractions.get(label, 0.0))
        return self.model_copy(update={"scene_fractions": {**self.scene_fractions, label: fraction}, "doing": doing})
