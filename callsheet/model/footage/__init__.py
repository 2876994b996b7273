"""Pictures that move: requests to a provider, its answers, and the orders of a film.

The values of `jobs` are names of this package, too: stored results name them by it.
"""

from callsheet.model.footage.jobs import (
    AnimateBetween,
    AnimateImage,
    BaseJob,
    ComposeImage,
    DrawImage,
    EditImage,
    Failed,
    FailureKind,
    Finished,
    Fit,
    Footage,
    FootageEstimate,
    JobKind,
    Moving,
    Pending,
    SourcePicture,
    Submitted,
    Upscale,
)

__all__ = [
    "AnimateBetween",
    "AnimateImage",
    "BaseJob",
    "ComposeImage",
    "DrawImage",
    "EditImage",
    "Failed",
    "FailureKind",
    "Finished",
    "Fit",
    "Footage",
    "FootageEstimate",
    "JobKind",
    "Moving",
    "Pending",
    "SourcePicture",
    "Submitted",
    "Upscale",
]
