"""Sound under a video: the request for it, and the sound that was taken in."""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from callsheet.model.film.media import StoredObject
from callsheet.model.values import FileReference, Value

# For music that is heard alone, with room left for a voice: 4 to 6 LU below the level of streaming services.
USUAL_LOUDNESS_LUFS = -20.0


class Mood(StrEnum):
    """The mood of music that comes with Callsheet."""

    CALM = "calm"
    TENDER = "tender"
    NOSTALGIC = "nostalgic"
    HAPPY = "happy"
    ENERGETIC = "energetic"


class Music(Value):
    """A piece of music for a whole video. A mood or a file alone may stand for it: `music: calm`."""

    file: FileReference = Field(title="File or mood")
    """`calm`, `tender`, `nostalgic`, `happy` or `energetic`, for music that a machine composed and that comes with
    Callsheet. Or MP3, M4A, WAV, FLAC or Ogg: a file on the machine that makes the video, an http(s) address, or a
    stored sound's key."""
    loudness_lufs: float = Field(USUAL_LOUDNESS_LUFS, ge=-50, le=-10, title="Loudness (LUFS)")
    """How loud it is in the video, however loud its file is. -20 is calm, -14 is the level of streaming services."""
    fade_out_s: float = Field(2.0, ge=0, le=30, title="Fade-out (seconds)")
    """How long it takes to become silent at the end; half the video's length at most."""

    @model_validator(mode="before")
    @classmethod
    def _from_a_word(cls, given: object) -> object:
        return {"file": given} if isinstance(given, str) else given


NO_MUSIC = "none"
"""The word for a film without music."""


def _unless_none(given: object) -> object:
    named = given.get("file") if isinstance(given, dict) else given
    return None if named == NO_MUSIC else given


class _AsWordFirst:
    """A form asks for a word. One that asked for a piece would send its loudness without a file."""

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        pieces = [each for each in handler(core_schema)["anyOf"] if each != {"type": "null"}]
        word = {"type": "string", "title": "A mood, a file or an address", "minLength": 1, "maxLength": 2048}
        return {"anyOf": [word, *pieces]}


MusicChoice = Annotated[Music | None, BeforeValidator(_unless_none), _AsWordFirst()]
"""The music of a film; nothing, or the word `none`, for a film without music."""


class Sound(Value):
    """A sound that was taken in: 48 kHz, stereo, measured by EBU R128."""

    stored: StoredObject
    loudness_lufs: float
    """Integrated loudness of the whole sound."""
    true_peak_dbtp: float
    credit: str = ""
    """Who composed it, if it comes with Callsheet."""


class MusicBed(Value):
    """Stored music, and how it is laid under a video."""

    sound: Sound
    loudness_lufs: float
    fade_out_s: float


class NarrationMix(Value):
    """The whole sound of a film that speaks: voice, music and the sound of its clips, as one AAC track of 48 kHz."""

    stored: StoredObject
    loudness_lufs: float
    """Integrated loudness of the finished track, measured."""
    true_peak_dbtp: float
    """Measured in the finished track, as it is decoded."""
    gain_db: float
    """The one gain that brought the mix to its loudness."""
    length_s: float | None = None
    """Measured length of the finished track; None in films of earlier versions."""
    music_under_speech_lufs: float | None = None
    """How loud the music is while a voice speaks; None without music."""
