"""Captions that become a part of the pictures. The film is encoded again; its sound and its chapters are copied."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import ffmpeg

from callsheet.media.command import file_url, run_command
from callsheet.media.sound import SHORTEST_TIMEOUT_S
from callsheet.model.film.caption_style import CaptionStyle, ass
from callsheet.model.film.captions import Cue
from callsheet.model.film.profile import RenderProfile

# Decoding, drawing and encoding take a third of the film's length on one core.
TIMEOUT_FACTOR = 30


def burn_captions(
    film: Path,
    length_s: Fraction,
    has_audio: bool,
    cues: Sequence[Cue],
    style: CaptionStyle,
    profile: RenderProfile,
    language: str,
    out: Path,
) -> None:
    """Write `out`: the film with captions in its pictures.

    Raises CommandFailed if ffmpeg can't, Stopped if the film is not needed.
    """
    drawn = out.with_suffix(".ass")
    drawn.write_text(ass(cues, style, profile, language), encoding="utf-8")
    try:
        run_command(
            burning_argv(film, has_audio, drawn, profile, out),
            max(SHORTEST_TIMEOUT_S, TIMEOUT_FACTOR * float(length_s)),
        )
    finally:
        drawn.unlink(missing_ok=True)


def burning_argv(film: Path, has_audio: bool, drawn: Path, profile: RenderProfile, out: Path) -> list[str]:
    """Return the argv of ffmpeg for `burn_captions`. `drawn` is the file that `ass` gives."""
    source = ffmpeg.input(file_url(film), f="mov")
    # ffmpeg writes the parameter sets for MP4 itself.
    encoding = {name: value for name, value in profile.encoder_options().items() if name != "x264-params"}
    options: dict[str, object] = {"vcodec": "libx264", **encoding, "pix_fmt": "yuv420p"}
    # FFmpeg keeps no colours of a filtered picture, and H.264 has to say which they are.
    options |= {"color_range": "tv", "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709"}
    streams = [source.video.filter("ass", str(drawn), shaping="complex")]
    if has_audio:
        streams.append(source.audio)
        options["acodec"] = "copy"
    output = ffmpeg.output(*streams, file_url(out), f="mp4", movflags="+faststart", **options)
    argv: list[str] = output.global_args("-nostdin", "-v", "error").overwrite_output().compile()
    return argv
