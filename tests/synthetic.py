"""Test media made on the spot: pictures that carry their own number, tones, clicks and flashes."""

import subprocess
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer

from callsheet.encoder import add_video_stream, encode_repeated, frame_from_rgba, open_output
from callsheet.media.probe import probe_clip
from callsheet.model.film.media import Clip, StoredObject
from callsheet.model.film.profile import ProfileName, RenderProfile

SAMPLE_RATE_HZ = 48_000
COUNTER_BITS = 16
FRAME_BITS = 10

Picture = Callable[[int], np.ndarray]


def tiny_profile(width: int = 320, height: int = 180, frame_rate: int = 30) -> RenderProfile:
    """A profile like the real ones, small enough to encode hundreds of frames in a second."""
    return RenderProfile(name=ProfileName.DRAFT, width=width, height=height, frame_rate=frame_rate)


def numbered(profile: RenderProfile, clip_number: int) -> Picture:
    """Pictures whose lower half spells clip and frame number as 16 black or white fields, in two rows of eight."""
    hue = np.array([(clip_number * 97) % 200 + 40, (clip_number * 53) % 200 + 40, 90], np.uint8)

    def picture(frame: int) -> np.ndarray:
        pixels = np.full((profile.height, profile.width, 4), 255, np.uint8)
        pixels[..., :3] = hue
        for field, bit in zip(_fields(pixels), f"{clip_number << FRAME_BITS | frame:0{COUNTER_BITS}b}", strict=True):
            field[..., :3] = 255 * int(bit)
        return pixels

    return picture


def numbers_on(frame: av.VideoFrame) -> tuple[int, int]:
    """Clip and frame number that a picture of `numbered` spells."""
    pixels = frame.to_ndarray(format="rgb24")
    spelt = int("".join("1" if field.mean() > 127 else "0" for field in _fields(pixels)), 2)
    return spelt >> FRAME_BITS, spelt & ((1 << FRAME_BITS) - 1)


def solid(profile: RenderProfile, colour: tuple[int, int, int]) -> Picture:
    """One colour."""
    pixels = np.full((profile.height, profile.width, 4), 255, np.uint8)
    pixels[..., :3] = colour
    return lambda _frame: pixels


def flashing(profile: RenderProfile, at_frame: int) -> Picture:
    """Black but for one white frame."""
    black, white = solid(profile, (0, 0, 0)), solid(profile, (255, 255, 255))
    return lambda frame: white(frame) if frame == at_frame else black(frame)


def click(duration_s: Fraction, at_s: Fraction) -> np.ndarray:
    """Silence but for 5 ms of full noise; float32, shape (2, samples)."""
    samples = np.zeros((2, int(duration_s * SAMPLE_RATE_HZ)), np.float32)
    start = int(at_s * SAMPLE_RATE_HZ)
    samples[:, start : start + SAMPLE_RATE_HZ // 200] = np.random.default_rng(7).uniform(-0.9, 0.9, (2, 240))
    return samples


def tone(duration_s: Fraction, frequency_hz: float, level: float = 0.5) -> np.ndarray:
    """A sine in both channels; float32, shape (2, samples)."""
    at_s = np.arange(int(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return np.tile(level * np.sin(2 * np.pi * frequency_hz * at_s), (2, 1)).astype(np.float32)


def write_clip(
    path: Path, profile: RenderProfile, frames: int, picture: Picture, sound: np.ndarray | None = None
) -> Clip:
    """Encode a conformed clip; `sound` is float32 at 48 kHz of shape (2, samples). It need not be as long."""
    with open_output(str(path)) as container:
        stream = add_video_stream(container, profile, threads=1)
        track = container.add_stream("aac", rate=SAMPLE_RATE_HZ, layout="stereo") if sound is not None else None
        for number in range(frames):
            encode_repeated(container, stream, frame_from_rgba(picture(number), profile), number, 1)
        container.mux(stream.encode(None))
        if track is not None and sound is not None:
            _write_sound(container, track, sound)
    return clip_at(path, profile)


def clip_at(path: Path, profile: RenderProfile) -> Clip:
    """The clip value of a file that has not been stored."""
    stored = StoredObject(key=path.name, sha256="", size_bytes=path.stat().st_size, media_type="video/mp4")
    return Clip(stored=stored, **probe_clip(path, profile))


def plain_clip(frames: int, frame_rate: int = 30) -> Clip:
    """A clip value with no file behind it, for arithmetic."""
    stored = StoredObject(key="clip", sha256="", size_bytes=1, media_type="video/mp4")
    return Clip(stored=stored, profile=ProfileName.DRAFT, width=320, height=180, frame_rate=frame_rate, frames=frames)


def decoded(path: Path) -> Iterator[av.VideoFrame]:
    """Every frame of a file, decoded."""
    with av.open(str(path)) as container:
        yield from container.decode(video=0)


def samples_of(path: Path) -> np.ndarray:
    """The first channel of a file's sound at 48 kHz, as players hear it: by ffmpeg, edit list applied."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path)]
    argv += ["-map", "0:a", "-ac", "1", "-ar", str(SAMPLE_RATE_HZ), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(argv, capture_output=True, check=True).stdout, np.float32)


def frame_hashes(path: Path) -> list[str]:
    """MD5 of every decoded picture, by ffmpeg's framemd5."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-map", "0:v", "-fps_mode", "passthrough"]
    done = subprocess.run([*argv, "-f", "framemd5", "-"], capture_output=True, check=True, text=True)
    return [line.rsplit(",", 1)[1].strip() for line in done.stdout.splitlines() if not line.startswith("#")]


def decoding_warnings(path: Path) -> str:
    """What ffmpeg has to say while it decodes the whole file; empty for a sound file."""
    argv = ["ffmpeg", "-v", "warning", "-nostdin", "-i", str(path), "-f", "null", "-"]
    return subprocess.run(argv, capture_output=True, check=True, text=True).stderr


def _fields(pixels: np.ndarray) -> Iterator[np.ndarray]:
    height, width = pixels.shape[:2]
    for row in (2, 3):
        for column in range(8):
            yield pixels[row * height // 4 : (row + 1) * height // 4, column * width // 8 : (column + 1) * width // 8]


def _write_sound(container: OutputContainer, track: av.AudioStream, sound: np.ndarray) -> None:
    for start in range(0, sound.shape[1], 1024):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound[:, start : start + 1024]), format="fltp", layout="stereo"
        )
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = start
        frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
        container.mux(track.encode(frame))
    container.mux(track.encode(None))
