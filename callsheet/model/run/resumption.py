"""A run that continues from a stage or a step: what comes before is kept, what comes from there on is made again."""

from typing import Self

from callsheet.errors import InvalidRequest
from callsheet.model.problems import did_you_mean
from callsheet.model.run.pipeline import STEPS, PipelineStage, place_of
from callsheet.model.values import Value

JOINS_SCENES = "merge-clips"


class Resumption(Value):
    """Where a run continues."""

    begins_at: str
    """A stage of the pipeline, or a step of the run."""
    number: int = 1
    """Counts the resumptions of the run: what an earlier one made is made again, too."""
    pays_again: bool = False
    """Whether what was paid is paid again, too."""

    @classmethod
    def checked(cls, begins_at: str, number: int, *, pays_again: bool) -> Self:
        """Return a resumption from a stage or a step, in any notation.

        Raises:
            InvalidRequest: about `resume_from`; there is no such stage or step.
        """
        name = begins_at.strip().lower()
        known = (*PipelineStage, *(step for steps in STEPS.values() for step in steps))
        for wanted in (name, name.replace("-", "_"), name.replace("_", "-")):
            if wanted in known:
                return cls(begins_at=str(wanted), number=number, pays_again=pays_again)
        stages = ", ".join(PipelineStage)
        hint = did_you_mean(name, [str(each) for each in known])
        raise InvalidRequest(f"there is no stage “{begins_at}”; {hint} (the stages are {stages})", "resume_from")

    @property
    def repeats_scenes(self) -> bool:
        """Return whether steps of scenes are among what is made again: all stages before the scenes are joined."""
        begins, joined = place_of(self.begins_at), place_of(JOINS_SCENES)
        return begins is not None and joined is not None and begins < joined

    def repeats(self, step: str, *, is_paid: bool) -> bool:
        """Return whether the kept value of this step does not count."""
        place = place_of(step)
        begins = place_of(self.begins_at)
        return place is not None and begins is not None and place >= begins and (self.pays_again or not is_paid)
