"""The orders to the children of the stage, and the names of the files between them."""

from enum import StrEnum
from typing import Any

from callsheet.model.content import TemplateName
from callsheet.model.film.look import Look
from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.voiceover import VoiceoverTimes
from callsheet.model.values import Value

CLIP_FILE = "clip.mp4"
POSTER_FILE = "poster.png"
TRACE_FILE = "trace.json"
PICTURES_FILE = "pictures.png"
"""The pictures at the ends of the spans of a trace, one under the other."""
# How long a scene is shown that only adds things and never plays or waits.
STILL_SCENE_S = 3


class SceneUnfit(Exception):
    """A fault of a scene although its code ran, as a sentence without its full stop."""


class Mode(StrEnum):
    """The modes in which the child runs a scene."""

    RENDER = "render"
    REHEARSE = "rehearse"
    TRACE = "trace"
    """A rehearsal that records where everything stands, and draws the end of each animation."""


class SceneOrder(Value):
    """The order: this mode, with this class of `source`.

    An empty name means the only scene that there is.
    """

    mode: Mode
    class_name: str
    source: str
    profile: RenderProfile
    voiceovers: tuple[VoiceoverTimes, ...] | None = None
    """When the words of the code are heard, in the order in which it says them. None before a voice has spoken them:
    then their times are estimated."""


class StillOrder(Value):
    """The order to the still child: a picture of the end of a template's scene."""

    template: TemplateName
    content: dict[str, Any]
    """As it was checked outside, with the name of a picture beside it."""
    look: Look
    profile: RenderProfile
    """Its size is that of the picture."""
