"""The inner side of `untrusted`: it runs behind the fence, opens the clip beside it, and sends its facts."""

from pathlib import Path
from typing import Any

from callsheet.errors import MediaUnfit
from callsheet.fence.protocol import Outbox
from callsheet.media.probe import probe_clip
from callsheet.model.film.profile import RenderProfile

CLIP_NAME = "clip.mp4"


def main(order: dict[str, Any], outbox: Outbox) -> int:
    """Send whether the clip is fit, and return 0 in either case."""
    try:
        facts = probe_clip(Path(CLIP_NAME), RenderProfile.model_validate(order["profile"]))
    except MediaUnfit as error:
        outbox.say("unfit", expected=error.expected, found=error.found)
    else:
        outbox.say("measured", frames=facts["frames"], has_audio=facts["has_audio"])
    return 0
