"""What people ask for, as runs of flows: which flow, which name, and what makes two of them the same work."""

import json
from hashlib import sha256

from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.requests.pictures import ImagePairsRequest, ImageVideoRequest, PairRequest
from callsheet.model.requests.video import SceneRequest, VideoRequest
from callsheet.storage.large_scenes import as_json

Request = VideoRequest | SceneRequest | ImageVideoRequest | ImagePairsRequest | BackfillRequest

FLOWS: dict[type[Request], str] = {
    VideoRequest: "generate-video",
    SceneRequest: "generate-scene",
    ImageVideoRequest: "image-to-video",
    ImagePairsRequest: "animate-image-pairs",
    BackfillRequest: "backfill-videos",
}


def request_digest(request: Request) -> str:
    """The same for the same work, however the request was written down."""
    canonical = json.dumps(as_json(request), sort_keys=True, ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()


def run_name(request: Request | PairRequest) -> str:
    """What a run of this request is called."""
    return f"scene {request.label}" if isinstance(request, SceneRequest | PairRequest) else request.title
