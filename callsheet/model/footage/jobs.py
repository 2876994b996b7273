"""Jobs for makers of pictures and moving pictures, and their results.

A paid job is three calls, with a record after the first (see `callsheet.providers.paid_provider`). So a submitted job
and its result are separate values. Local paths in here never leave a step: the step that has the pictures puts a job
together, and the step that collects the result stores it.
"""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field

from callsheet.model.film.profile import RenderProfile
from callsheet.model.values import Value

MAX_PROMPT_CHARACTERS = 5000
MAX_DURATION_S = 60.0
MAX_REFERENCES = 3
"""Pictures that a model sees for a new one."""
NOT_UNDERSTOOD = "Not understood"
"""Beginning of a note about a part of a prompt that was not done."""
Prompt = Annotated[str, Field(max_length=MAX_PROMPT_CHARACTERS)]


class JobKind(StrEnum):
    """The kinds of jobs."""

    EDIT_IMAGE = "edit-image"
    DRAW_IMAGE = "draw-image"
    COMPOSE_IMAGE = "compose-image"
    ANIMATE_IMAGE = "animate-image"
    ANIMATE_BETWEEN = "animate-between"
    UPSCALE = "upscale"


class Fit(StrEnum):
    """How a picture of another shape fills a frame."""

    FIT = "fit"
    """The whole picture is seen, between bars."""
    FILL = "fill"
    """The picture covers the frame; what is too wide or too high is cut away."""
    BLUR_FILL = "blur-fill"
    """The whole picture is seen, in front of itself enlarged and blurred."""


class SourcePicture(Value):
    """A picture that a job starts from, named by its content."""

    path: Path
    """Its place on this machine, for this step only. The path is no part of the picture's identity."""
    sha256: str


class BaseJob(Value):
    """The fields of all jobs."""

    model: str = ""
    """Name of the model; if it is empty, the provider's default for this kind of job."""
    take: int = Field(1, ge=1)
    """Counts up if the same thing is to be made, and paid, again."""

    @property
    def pictures(self) -> tuple[SourcePicture, ...]:
        """Return the pictures that it starts from, in order."""
        values = (getattr(self, name) for name in type(self).model_fields)
        listed = (value if isinstance(value, tuple) else (value,) for value in values)
        return tuple(each for value in listed for each in value if isinstance(each, SourcePicture))


class EditImage(BaseJob):
    """A picture that is changed as the prompt says."""

    kind: Literal[JobKind.EDIT_IMAGE] = JobKind.EDIT_IMAGE
    prompt: Prompt
    picture: SourcePicture


class DrawImage(BaseJob):
    """A new picture.

    No request orders one: a model that sees no other picture gives each person another face in each shot.
    """

    kind: Literal[JobKind.DRAW_IMAGE] = JobKind.DRAW_IMAGE
    prompt: Prompt
    width: int = Field(1280, ge=64, le=8192)
    height: int = Field(720, ge=64, le=8192)


class ComposeImage(BaseJob):
    """A new picture of what other pictures show."""

    kind: Literal[JobKind.COMPOSE_IMAGE] = JobKind.COMPOSE_IMAGE
    prompt: Prompt
    references: tuple[SourcePicture, ...] = Field(min_length=1, max_length=MAX_REFERENCES)
    """The prompt calls them picture 1, 2 and 3."""
    width: int = Field(1280, ge=64, le=8192)
    height: int = Field(720, ge=64, le=8192)


class Moving(BaseJob):
    """The fields of jobs for moving pictures.

    If a model knows only some durations, the shortest that is long enough is taken, or its longest if none is.
    """

    prompt: Prompt
    duration_s: float = Field(5.0, gt=0, le=MAX_DURATION_S)
    profile: RenderProfile
    fit: Fit = Fit.FILL


class AnimateImage(Moving):
    """A picture that begins to move."""

    kind: Literal[JobKind.ANIMATE_IMAGE] = JobKind.ANIMATE_IMAGE
    picture: SourcePicture


class AnimateBetween(Moving):
    """Moving pictures that begin with one picture and end with another."""

    kind: Literal[JobKind.ANIMATE_BETWEEN] = JobKind.ANIMATE_BETWEEN
    first: SourcePicture
    last: SourcePicture


class Upscale(BaseJob):
    """A picture that is made larger.

    No request orders one yet; the storyboard of a film will enlarge its panels with it.
    """

    kind: Literal[JobKind.UPSCALE] = JobKind.UPSCALE
    picture: SourcePicture
    factor: int = Field(2, ge=2, le=4)


FootageJob = Annotated[
    EditImage | DrawImage | ComposeImage | AnimateImage | AnimateBetween | Upscale, Field(discriminator="kind")
]


class FootageEstimate(Value):
    """The cost of a job, before it is submitted."""

    provider: str
    model: str
    usd: float | None
    """None if the price is unknown."""
    basis: str
    """How the price is calculated, for people: “6 s at 0.045 $”."""
    about_s: float | None = None
    """Roughly how long it will take; None if that is unknown."""
    is_kept: bool = False
    """Whether it was made before: then it takes no time, and nothing is paid for it now."""
    same_as: str = ""
    """Label of an equal job before it: both are one prediction, and this one adds nothing to the price."""

    def as_part_of(self, other: str, *, is_kept: bool) -> Self:
        """Return the estimate of a job that equals the one with the label `other`."""
        basis = f"the same as “{other}”"
        return self.model_copy(update={"usd": 0.0, "basis": basis, "same_as": other, "is_kept": is_kept})


class Submitted(Value):
    """A job that a provider has accepted. The caller records it before anything else."""

    provider: str
    model: str
    kind: JobKind | str
    """What the job makes: a kind of footage, or the name that another kind of paid jobs gives it."""
    job_key: str
    prediction_id: str
    submitted_at: datetime
    deadline_at: datetime
    estimate_usd: float | None


class Pending(Value):
    """The job is not done yet."""

    prediction_id: str
    is_running: bool
    """False while the job waits for its turn."""


class Finished(Value):
    """The job is done, and its result can be collected until `expires_at`."""

    submitted: Submitted
    urls: tuple[str, ...]
    cost_usd: float | None
    compute_s: float | None
    """How long the model ran."""
    expires_at: datetime | None


class FailureKind(StrEnum):
    """Why a prediction gave no result."""

    REFUSED = "refused"
    """The provider's policy forbids what was asked for, or what was made."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    OVERDUE = "overdue"


class Failed(Value):
    """The job ended without a result, or not in time.

    `providers.paid_provider.error_of` makes an error of it.
    """

    submitted: Submitted
    kind: FailureKind
    reason: str
    cost_usd: float | None = None
    """What it cost all the same, if that is known."""


PredictionStatus = Pending | Finished | Failed


class Footage(Value):
    """A result: a measured file in the folder of the step that collected it, and its origin."""

    path: Path
    sha256: str
    size_bytes: int
    media_type: str
    width: int
    height: int
    frames: int
    """1 for a picture."""
    duration_s: float
    """0 for a picture."""
    provider: str
    model: str
    prediction_id: str
    cost_usd: float | None
    notes: tuple[str, ...] = ()
    """Sentences about how it was made, e.g. which part of the prompt was not understood."""
