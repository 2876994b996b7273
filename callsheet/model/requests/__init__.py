"""The requests of people, one module for each kind of film.

Code and stored results name them by this package.
"""

from callsheet.model.film.timeline import MergeOptions, TransitionName
from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.requests.pictures import (
    FootageOptions,
    ImagePairsRequest,
    ImageVideoRequest,
    PairRequest,
    PairScene,
)
from callsheet.model.requests.video import SceneBrief, SceneFailurePolicy, SceneRequest, VideoRequest

__all__ = [
    "BackfillRequest",
    "FootageOptions",
    "ImagePairsRequest",
    "ImageVideoRequest",
    "MergeOptions",
    "PairRequest",
    "PairScene",
    "SceneBrief",
    "SceneFailurePolicy",
    "SceneRequest",
    "TransitionName",
    "VideoRequest",
]
