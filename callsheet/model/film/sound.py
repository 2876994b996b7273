"""Sound under a video: the request for it, and the sound that was taken in."""

from pydantic import Field

from callsheet.model.film.media import StoredObject
from callsheet.model.values import FileReference, Value

# For music that is heard alone, with room left for a voice: 4 to 6 LU below the level of streaming services.
USUAL_LOUDNESS_LUFS = -20.0


class Music(Value):
    """A piece of music for a whole video."""

    file: FileReference = Field(title="File")
    """MP3, M4A, WAV, FLAC or Ogg: a file on the machine that makes the video, an http(s) address, or a stored
    sound's key."""
    loudness_lufs: float = Field(USUAL_LOUDNESS_LUFS, ge=-50, le=-10, title="Loudness (LUFS)")
    """How loud it is in the video, however loud its file is. -20 is calm, -14 is the level of streaming services."""
    fade_out_s: float = Field(2.0, ge=0, le=30, title="Fade-out (seconds)")
    """How long it takes to become silent at the end; half the video's length at most."""


class Sound(Value):
    """A sound that was taken in: 48 kHz, stereo, measured by EBU R128."""

    stored: StoredObject
    loudness_lufs: float
    """Integrated loudness of the whole sound."""
    true_peak_dbtp: float


class MusicBed(Value):
    """Stored music, and how it is laid under a video."""

    sound: Sound
    loudness_lufs: float
    fade_out_s: float
