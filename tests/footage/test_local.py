"""Footage made on this machine: exact, smooth, the same each time, and bounded in memory."""

import io
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from PIL import Image, ImageCms

from callsheet.errors import InvalidRequest
from callsheet.footage.camera import CameraPath, CameraView, eased, moves_in, shot_of
from callsheet.footage.card import drawn_card, title_of
from callsheet.footage.local import LocalFootage
from callsheet.footage.morph import morph_of
from callsheet.footage.moves import Move
from callsheet.footage.pictures import GROUND, conformed
from callsheet.model.film.profile import ProfileName, RenderProfile
from callsheet.model.footage.jobs import (
    AnimateBetween,
    AnimateImage,
    DrawImage,
    EditImage,
    Finished,
    Fit,
    Footage,
    FootageJob,
    JobKind,
    Upscale,
)
from callsheet.sources.picture_files import read_picture
from callsheet.timebase import frames_in
from tests.footage.given import SMALL, given, job_of, scenery
from tests.synthetic import clip_at, decoded, decoding_warnings

SHARES = st.floats(0, 1)
PROMPTS = st.sampled_from(
    ["", "zoom out", "pan left", "slow pan up and zoom in", "hold still", "quick pan down to the right"]
)


async def made(job: FootageJob, folder: Path) -> Footage:
    """The three calls in a row."""
    provider = LocalFootage()
    finished = await provider.look(await provider.submit(job))
    assert isinstance(finished, Finished)
    return await provider.collect(job, finished, folder)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """PSNR in dB; above 30 people see no difference at a glance."""
    apart = np.asarray(one.convert("RGB"), np.float64) - np.asarray(other.convert("RGB"), np.float64)
    return float(10 * np.log10(255**2 / max(np.mean(apart**2), 1e-9)))


@pytest.mark.parametrize("duration_s", [0.05, 0.5, 0.7, 1.0, 1.234])
@pytest.mark.parametrize("rate", [15, 30])
async def test_moving_pictures_have_the_frames_they_should(duration_s: float, rate: int, tmp_path: Path):
    """The nearest whole number, at least two; conformed to the profile like any other clip."""
    profile = RenderProfile(name=ProfileName.DRAFT, width=160, height=90, frame_rate=rate)
    job = AnimateImage(prompt="zoom in", picture=given(tmp_path / "a.png"), duration_s=duration_s, profile=profile)
    footage = await made(job, tmp_path)
    clip = clip_at(footage.path, profile)
    assert clip.frames == footage.frames == max(2, frames_in(duration_s, rate))
    assert footage.duration_s == pytest.approx(clip.frames / rate)
    assert decoding_warnings(footage.path) == ""


@pytest.mark.parametrize("kind", JobKind)
async def test_the_same_job_makes_the_same_file(kind: JobKind, tmp_path: Path):
    """Byte for byte; it costs nothing and says that it was made here."""
    (tmp_path / "again").mkdir()
    one, other = await made(job_of(kind, tmp_path), tmp_path), await made(job_of(kind, tmp_path), tmp_path / "again")
    assert one.sha256 == other.sha256
    assert (one.provider, one.cost_usd) == ("local", 0)
    assert "this machine" in one.notes[0]


def test_a_job_is_known_by_what_it_asks_for(tmp_path: Path):
    """Not by where its pictures lie."""
    provider = LocalFootage()
    job = job_of(JobKind.EDIT_IMAGE, tmp_path)
    moved = job.model_copy(update={"picture": job.pictures[0].model_copy(update={"path": Path("/elsewhere.png")})})
    assert provider.job_key(job) == provider.job_key(moved)
    assert provider.job_key(job) != provider.job_key(job.model_copy(update={"take": 2}))


async def test_what_was_not_understood_is_in_the_notes(tmp_path: Path):
    """And what was is, too."""
    job = EditImage(prompt="warmer, add a dragon", picture=given(tmp_path / "a.png"))
    assert (await made(job, tmp_path)).notes == ("Edited on this machine: warmth.", "Not understood: “add a dragon”.")


@pytest.mark.parametrize("kind", [kind for kind in JobKind if kind != JobKind.DRAW_IMAGE])
async def test_what_is_transparent_lies_on_the_same_ground_in_every_job(kind: JobKind, tmp_path: Path):
    """On paper: an edit, its animation and its enlargement show one picture."""
    glass = scenery()
    glass.putalpha(0)
    hole = given(tmp_path / "a.png", glass)
    job = job_of(kind, tmp_path, prompt="warmer")
    fields = {"picture": hole, "first": hole, "last": hole, "references": (hole,)}
    job = job.model_copy(update={name: value for name, value in fields.items() if name in type(job).model_fields})
    footage = await made(job, tmp_path)
    shown = next(decoded(footage.path)).to_image() if footage.duration_s else Image.open(footage.path)
    assert likeness(shown, Image.new("RGB", shown.size, GROUND)) > 40


@examples(st.lists(SHARES, min_size=2, max_size=20).map(sorted))
def test_easing_never_goes_back(times: list[float]):
    """From the start to the end, slowly at both."""
    assert all(eased(one) <= eased(other) for one, other in pairwise(times))
    assert (eased(0), eased(1)) == (0, pytest.approx(1))
    assert eased(0.02) < 0.004
    assert eased(0.98) > 0.996


@examples(PROMPTS, SHARES, st.sampled_from(Fit), st.sampled_from([(320, 180), (90, 160), (120, 120)]))
def test_the_camera_never_leaves_the_picture(prompt: str, time: float, fit: Fit, size: tuple[int, int]):
    """No black border comes in from any side, whatever the shapes."""
    shot = shot_of(scenery(150, 110), *size, fit, prompt, duration_s=8)
    left, top, right, bottom = shot.box_at(eased(time), size[0] / size[1])
    assert -1e-6 <= left < right <= shot.canvas.width + 1e-6
    assert -1e-6 <= top < bottom <= shot.canvas.height + 1e-6
    assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1])


@pytest.mark.parametrize(
    ("prompt", "moves"),
    [
        ("Slowly zoom in on the face", (Move.ZOOM_IN,)),
        ("the camera pulls back", (Move.ZOOM_OUT,)),
        ("Pan slowly to the left and zoom in", (Move.ZOOM_IN, Move.LEFT)),
        ("camera tilts up", (Move.UP,)),
        ("hold still", (Move.STILL,)),
        ("waves roll in", (Move.ZOOM_IN,)),
        ("pan left, then pan right", (Move.LEFT,)),
    ],
)
def test_the_prompt_chooses_the_move(prompt: str, moves: tuple[Move, ...]):
    """By the words that people use for cameras; a slow zoom where there are none."""
    assert moves_in(prompt) == moves


@pytest.mark.parametrize(("prompt", "sign"), [("pan right", -1), ("pan left", 1)])
def test_slow_moves_go_on_by_parts_of_pixels(prompt: str, sign: int):
    """A mark drifts by less than a pixel a frame, always the same way, without jumps: measured in the frames."""
    picture = Image.new("RGB", (640, 360), (20, 20, 20))
    picture.paste((240, 240, 240), (310, 100, 330, 260))
    shot = shot_of(picture, 320, 180, Fit.FILL, f"slow {prompt}", duration_s=6)
    places = [_middle_of_light(shot.seen_at(eased(number / 179), 320, 180)) for number in range(20, 160)]
    steps = np.diff(places) * sign
    assert steps.min() > 0
    assert steps.max() < 1
    assert np.abs(np.diff(steps)).max() < 0.05


def test_a_zoom_grows_by_equal_factors():
    """And what it goes to stays on a straight line."""
    shot = CameraPath(Image.new("RGBX", (1600, 900)), CameraView(0.5, 0.5, 1.0), CameraView(0.4, 0.6, 1.5))
    boxes = [shot.box_at(number / 10, 16 / 9) for number in range(11)]
    widths = [box[2] - box[0] for box in boxes]
    assert np.ptp(np.diff(np.log(widths))) < 1e-9
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(boxes)]
    assert np.ptp(slopes) < 1e-6


async def test_a_pair_begins_and_ends_with_its_pictures(tmp_path: Path):
    """Exactly, but for the encoder."""
    first, last = scenery(), scenery(seed=2).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    pictures = {"first": given(tmp_path / "a.png", first), "last": given(tmp_path / "b.png", last)}
    footage = await made(AnimateBetween(prompt="", duration_s=1, profile=SMALL, **pictures), tmp_path)
    frames = [frame.to_image() for frame in decoded(footage.path)]
    size = (SMALL.width, SMALL.height)
    assert likeness(frames[0], conformed(first, *size, Fit.FILL)) > 30
    assert likeness(frames[-1], conformed(last, *size, Fit.FILL)) > 30
    assert len(frames) == 30


@pytest.mark.parametrize("prompt", ["", "from right to left", "from the top", "from below", "from the centre"])
def test_a_pair_shows_both_pictures_at_once_only_along_the_edge(prompt: str):
    """Black to white: what is grey is a ghost. A crossfade is grey everywhere; here most of the frame never is."""
    black, white = Image.new("RGB", (320, 180)), Image.new("RGB", (320, 180), (255, 255, 255))
    way = morph_of(black, white, prompt)
    light = []
    for number in range(41):
        levels = np.asarray(way.seen_at(number / 40).convert("L"))
        assert np.mean((levels > 25) & (levels < 230)) < 0.45
        light.append(levels.mean())
    assert all(one <= other for one, other in pairwise(light))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(orientation: int, tmp_path: Path):
    """As the camera noted in EXIF, in each of the eight ways."""
    upright = scenery(120, 80)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)
    assert likeness(read_picture(tmp_path / "a.jpg", "picture"), upright) > 28


def test_colours_are_brought_to_srgb(tmp_path: Path):
    """A profile says what the numbers mean: where it swaps the primaries of red and blue, red is blue."""
    red = Image.new("RGB", (8, 8), (180, 60, 40))
    srgb = ImageCms.createProfile("sRGB")
    swapped = ImageCms.ImageCmsProfile(srgb).tobytes().replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ")
    red.save(tmp_path / "a.png", icc_profile=swapped.replace(b"tmp!", b"bXYZ"))
    converted = read_picture(tmp_path / "a.png", "picture").getpixel((4, 4))
    assert isinstance(converted, tuple)
    assert converted[2] > converted[0] + 60


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16"])
def test_every_kind_of_pixels_is_read(mode: str, tmp_path: Path):
    """Grey ones with sixteen bits, too, with all their levels."""
    if mode == "I;16":
        ramp = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (8, 1))
        Image.fromarray(ramp).save(tmp_path / "a.png")
        levels = np.asarray(read_picture(tmp_path / "a.png", "picture").convert("L"))[0]
        assert (levels[0], levels[31], levels[-1]) == (0, 125, 255)
        return
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    scenery(60, 40).convert(mode).save(path)
    assert read_picture(path, "picture").size == (60, 40)


def damaged() -> dict[str, bytes]:
    """Files that are no pictures to work with, and the word that says why."""
    whole, moving = io.BytesIO(), io.BytesIO()
    scenery().save(whole, "PNG")
    scenery().save(moving, "WEBP", save_all=True, append_images=[scenery(seed=2)])
    gif = io.BytesIO()
    scenery(20, 20).save(gif, "GIF")
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    return {
        "damaged": whole.getvalue()[:9000],
        "animation": moving.getvalue(),
        "no PNG": b"hello",
        "is a GIF": gif.getvalue(),
        "too many pixels": bomb.getvalue(),
    }


@pytest.mark.parametrize(("word", "content"), damaged().items())
def test_files_that_are_no_pictures_are_refused_with_a_sentence(word: str, content: bytes, tmp_path: Path):
    """And never with a traceback."""
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(InvalidRequest, match=word):
        read_picture(tmp_path / "a.png", "picture")


@pytest.mark.parametrize("fit", Fit)
@pytest.mark.parametrize("size", [(320, 180), (180, 320), (200, 200)])
@pytest.mark.parametrize("source", [(400, 100), (100, 400), (37, 53)])
def test_pictures_of_any_shape_fill_the_frame(fit: Fit, size: tuple[int, int], source: tuple[int, int]):
    """To the pixel, between bars, cut or on themselves."""
    picture = Image.new("RGB", source, (200, 40, 40))
    frame = conformed(picture, *size, fit)
    assert frame.size == size
    corner = frame.getpixel((0, 0))
    touches = abs(size[0] / size[1] - source[0] / source[1]) < 0.01
    expected = (200, 40, 40) if fit == Fit.FILL or touches else (0, 0, 0) if fit == Fit.FIT else (110, 22, 22)
    assert isinstance(corner, tuple)
    assert max(abs(one - other) for one, other in zip(corner, expected, strict=True)) <= 3


async def test_enlarging_keeps_the_picture(tmp_path: Path):
    """Every side by the factor; too much is refused."""
    footage = await made(Upscale(picture=given(tmp_path / "a.png"), factor=3), tmp_path)
    assert (footage.width, footage.height) == (1440, 960)
    assert likeness(Image.open(footage.path).resize((480, 320), Image.Resampling.LANCZOS), scenery()) > 35
    with pytest.raises(InvalidRequest, match="too many"):
        await made(Upscale(picture=given(tmp_path / "b.png", Image.new("RGB", (4000, 3000))), factor=4), tmp_path)


@examples(st.text(max_size=300), st.sampled_from([(64, 64), (320, 180), (90, 160)]))
def test_any_words_can_be_drawn(prompt: str, size: tuple[int, int]):
    """Also none, very long ones, and letters that no typeface has."""
    assert drawn_card(prompt, *size).size == size


async def test_a_drawn_picture_has_its_size_and_its_words(tmp_path: Path):
    """The first sentence, or what is quoted."""
    footage = await made(DrawImage(prompt="A fox. In snow.", width=400, height=300), tmp_path)
    assert (footage.width, footage.height) == (400, 300)
    assert (title_of("A fox. In snow."), title_of("Draw “Home” big")) == ("A fox.", "Home")


def test_a_longer_clip_needs_no_more_memory(tmp_path: Path):
    """Frames are made one by one; measured in separate processes."""
    picture = given(tmp_path / "a.png", scenery(1200, 800))
    short, long = (_memory_of(tmp_path, picture.path, duration_s) for duration_s in (1, 5))
    assert long - short < 40_000_000


def _memory_of(folder: Path, picture: Path, duration_s: float) -> int:
    """Most bytes a process held that animated a picture at 480p."""
    script = f"""
import asyncio, resource
from pathlib import Path
from callsheet.model.footage.jobs import AnimateImage, SourcePicture
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.footage.local import LocalFootage
job = AnimateImage(prompt="zoom in", duration_s={duration_s}, profile=PROFILES[ProfileName.DRAFT],
                   picture=SourcePicture(path=Path({str(picture)!r}), sha256="0"))
async def main():
    local = LocalFootage()
    await local.collect(job, await local.look(await local.submit(job)), Path({str(folder)!r}))
asyncio.run(main())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""
    return int(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout)


def _middle_of_light(frame: Image.Image) -> float:
    levels = np.asarray(frame.convert("L"), np.float64)
    light = (levels[60:120] - 20).sum(axis=0)
    return float(light @ np.arange(light.size) / light.sum())


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280)])
def test_the_words_of_a_card_over_a_place_are_read(size):
    """White words keep a contrast of 4.5 to 1, whatever the place is."""
    card = np.asarray(drawn_card("", *size, Image.new("RGB", (320, 180), "white")), float) / 255
    linear = np.where(card <= 0.04045, card / 12.92, ((card + 0.055) / 1.055) ** 2.4)
    luminance = (linear @ [0.2126, 0.7152, 0.0722])[size[1] // 2 :].max()
    assert card.shape == (size[1], size[0], 3)
    assert 1.05 / (luminance + 0.05) > 4.5
