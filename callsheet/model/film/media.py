"""Media by reference: the place in the store, and the measured facts.

Never bytes, never a local path.
"""

from typing import Self

from pydantic import model_validator

from callsheet.model.film.profile import ProfileName
from callsheet.model.values import Value


class StoredObject(Value):
    """A file in the store, named by its content."""

    key: str
    sha256: str
    size_bytes: int
    media_type: str


class Clip(Value):
    """Conformed media, fit for the timeline: every frame and packet follows its profile."""

    stored: StoredObject
    profile: ProfileName
    width: int
    height: int
    frame_rate: int
    frames: int
    has_audio: bool = False

    @property
    def duration_s(self) -> float:
        """Return the exact duration of the video in seconds, from the frame count."""
        return self.frames / self.frame_rate

    @model_validator(mode="after")
    def _has_frames(self) -> Self:
        if self.frames < 1:
            raise ValueError("a clip has at least one frame")
        return self


class Video(Clip):
    """The finished film: clips joined along a timeline."""


class Stills(Value):
    """Pictures of a video: a poster, its thumbnail, and a grid of frames over time."""

    poster: StoredObject
    thumbnail: StoredObject
    contact_sheet: StoredObject


def stored_objects(value: object) -> tuple[StoredObject, ...]:
    """Return every stored file that `value`, one of its fields, or one of its members names."""
    match value:
        case StoredObject():
            return (value,)
        case Value():
            return stored_objects(tuple(getattr(value, name) for name in type(value).model_fields))
        case tuple():
            return tuple(stored for member in value for stored in stored_objects(member))
    return ()
