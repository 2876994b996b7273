"""Speech that a person has recorded becomes a plain WAV file: mono, 48 kHz, 16 bits."""

from pathlib import Path

import ffmpeg

from callsheet.errors import InvalidRequest
from callsheet.media.command import CommandFailed, file_url, run_command
from callsheet.media.music import TIMEOUT_S, reader_of
from callsheet.media.sound import SAMPLE_RATE_HZ

LONGEST_S = 1200
"""Speech of a film; a longer recording is refused, because its end would be lost."""


def import_recording(source: Path, path: Path, field: str) -> None:
    """Write the sound of `source` to `path`, as music is read.

    Raises InvalidRequest, about `field`, if there is no such file, or it is no sound of a known format, or damaged. A
    recording that is too long is cut off one second after LONGEST_S.
    """
    reader = reader_of(source, field)
    given = ffmpeg.input(file_url(source), f=reader, protocol_whitelist="file", vn=None, t=LONGEST_S + 1)
    sound = (
        given["a:0"].filter("aresample", SAMPLE_RATE_HZ).filter("aformat", sample_fmts="s16", channel_layouts="mono")
    )
    output = ffmpeg.output(sound, file_url(path), acodec="pcm_s16le", f="wav", map_metadata=-1)
    argv: list[str] = output.global_args("-nostdin", "-v", "error").overwrite_output().compile()
    try:
        run_command(argv, TIMEOUT_S)
    except CommandFailed as error:
        raise InvalidRequest("it can't be read as a sound: the file is damaged, or has none", field) from error
