"""Two stages: one adds a last scene to a storyboard, the other takes note of a finished film."""

import logging

from callsheet.model.requests.storyboard import Storyboard, StoryboardLine, StoryboardScene
from callsheet.model.run.manifest import Manifest

logger = logging.getLogger(__name__)


def end_with_signpost(storyboard: Storyboard) -> Storyboard:
    """Return the storyboard with a signpost as its last scene, if it is in English."""
    if storyboard.language != "en":
        return storyboard
    signpost = StoryboardScene(
        name="Where next",
        template="signpost",
        content={"place": storyboard.title, "ways": [{"to": "Home", "minutes": 5}]},
        narration=(StoryboardLine(text="Now it is five minutes home.", at="ways.0"),),
    )
    return storyboard.model_copy(update={"scenes": (*storyboard.scenes, signpost)})


def log_film(manifest: Manifest) -> None:
    """Write a line to the worker's log. A real stage could send the film to a site."""
    logger.info("“%s” is finished: %.0f s.", manifest.title, manifest.video.duration_s)
