"""Pictures that move: what is asked of a provider, what it answers, and the orders of a request.

The values of `jobs` stand here, too: stored results name them by this package.
"""

from callsheet.model.footage.jobs import (
    AnimateBetween,
    AnimateImage,
    DrawImage,
    EditImage,
    Failed,
    FailureKind,
    Finished,
    Fit,
    Footage,
    FootageEstimate,
    Job,
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
    "DrawImage",
    "EditImage",
    "Failed",
    "FailureKind",
    "Finished",
    "Fit",
    "Footage",
    "FootageEstimate",
    "Job",
    "JobKind",
    "Moving",
    "Pending",
    "SourcePicture",
    "Submitted",
    "Upscale",
]
