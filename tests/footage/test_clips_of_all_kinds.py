"""Video from cameras and models: whatever a file says of its light, its samples, its turn and its time is heeded."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorTrc
from hypothesis import given as examples
from hypothesis import strategies as st
from PIL import Image

from callsheet.footage.conform import conform_video
from callsheet.footage.light import Light, in_srgb
from callsheet.footage.received import measured
from callsheet.model.footage.jobs import Fit, JobKind, Submitted
from tests.footage.given import SMALL
from tests.footage.test_conform import turn
from tests.synthetic import decoded

HLG = Light(int(ColorPrimaries.BT2020), int(ColorTrc.ARIB_STD_B67))
PQ = Light(int(ColorPrimaries.BT2020), int(ColorTrc.SMPTE2084))
WIDE = Light(int(ColorPrimaries.BT2020), int(ColorTrc.BT2020_10))
TAGS = "-color_primaries bt2020 -colorspace bt2020nc -color_range tv -color_trc"


def film(path: Path, source: str, options: str = "", filters: str = "null") -> Path:
    """A short clip that FFmpeg makes of a pattern."""
    words = f"ffmpeg -v error -y -f lavfi -i {source} -vf {filters} {options or '-c:v libx264 -pix_fmt yuv420p'}"
    subprocess.run([*words.split(), str(path)], check=True)
    return path


def shown(source: Path, fit: Fit = Fit.FILL) -> list[np.ndarray]:
    """The frames of the conformed clip, in RGB."""
    path = source.with_name("conformed.mp4")
    frames = conform_video(source, SMALL, fit, path)
    pictures = [frame.to_ndarray(format="rgb24").astype(int) for frame in decoded(path)]
    assert len(pictures) == frames
    return pictures


def middle(picture: np.ndarray) -> tuple[int, ...]:
    """The colour in the middle."""
    return tuple(picture[picture.shape[0] // 2, picture.shape[1] // 2])


def is_near(colour: tuple[int, ...], other: tuple[int, ...], levels: int = 8) -> bool:
    """Whether a person takes them for the same."""
    return max(abs(one - two) for one, two in zip(colour, other, strict=True)) <= levels


def level(share: float) -> int:
    """Of 10-bit luma in studio range."""
    return round(64 + 876 * share)


@pytest.mark.parametrize(("transfer", "white"), [("arib-std-b67", 0.75), ("smpte2084", 0.5807)])
@pytest.mark.parametrize("size", ["160x90", "1280x720"])
def test_reference_white_of_high_dynamic_range_is_light_and_neutral(
    transfer: str, white: float, size: str, tmp_path: Path
):
    """203 cd/m², in HLG and in PQ; what is brighter is lighter, and black stays black."""
    luma = f"geq=lum='if(lt(X,W/3),64,if(lt(X,2*W/3),{level(white)},940))':cb=512:cr=512"
    options = f"-t 0.2 -c:v libx264 {TAGS} {transfer}"
    (picture, *_) = shown(film(tmp_path / "a.mp4", f"color=s={size}:r=25", options, f"format=yuv420p10le,{luma}"))
    black, reference, brightest = (tuple(picture[90, x]) for x in (40, 160, 280))
    assert max(black) <= 4
    assert 215 <= min(reference) <= max(reference) <= 245
    assert max(reference) - min(reference) <= 3
    assert min(brightest) >= max(reference) + 8


def test_light_that_the_file_names_outside_of_its_frames_counts(tmp_path: Path):
    """Some programs write it into the container alone."""
    luma = f"format=yuv420p10le,geq=lum={level(0.75)}:cb=512:cr=512"
    silent = "transfer_characteristics=2:colour_primaries=2:matrix_coefficients=2"
    options = f"-t 0.2 -c:v libx264 {TAGS} arib-std-b67 -bsf:v h264_metadata={silent}"
    source = film(tmp_path / "a.mp4", "color=s=160x90:r=25", options, luma)
    assert int(next(decoded(source)).color_trc) == 2
    assert 215 <= min(middle(shown(source)[0])) <= 245


@examples(st.tuples(*[st.floats(0, 1)] * 3), st.sampled_from([HLG, PQ, WIDE]))
def test_every_light_has_a_colour(colour: tuple[float, float, float], light: Light):
    """From 0 to 1; greys stay grey, and more light is never darker."""
    seen, *greys = in_srgb(np.array([colour, *([part] * 3 for part in sorted(colour))]), light)
    assert seen.min() >= 0
    assert seen.max() <= 1
    assert all(np.ptp(grey) < 1e-3 for grey in greys)
    assert all(np.diff([grey[0] for grey in greys]) > -1e-9)


def test_a_wide_gamut_is_brought_to_the_usual_one(tmp_path: Path):
    """A red within BT.709, stored in BT.2020, is that red again; read as it is stored it is duller."""
    red = np.array([200, 40, 30]) / 255
    linear = np.where(red <= 0.04045, red / 12.92, ((red + 0.055) / 1.055) ** 2.4)
    wide = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]) @ linear
    stored = [round(255 * part) for part in (1.055 * wide ** (1 / 2.4) - 0.055)]
    colour = "0x" + "".join(f"{part:02x}" for part in stored)
    options = f"-t 0.2 -c:v libx264 {TAGS} bt2020-10"
    source = film(
        tmp_path / "a.mp4", f"color={colour}:s=160x90:r=25", options, "scale=out_color_matrix=bt2020,format=yuv420p10le"
    )
    assert is_near(middle(shown(source)[0]), (200, 40, 30), 6)


@pytest.mark.parametrize("spread", ["tv", "pc"])
@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p", "yuv444p10le"])
def test_range_and_sampling_are_as_the_file_says(spread: str, pixels: str, tmp_path: Path):
    """Studio and full range, all chroma samplings: the same colour."""
    options = f"-t 0.2 -c:v libx264 -colorspace smpte170m -color_range {spread}"
    filters = f"scale=out_color_matrix=smpte170m:out_range={spread},format={pixels}"
    source = film(tmp_path / "a.mp4", "color=0xc88c3c:s=160x90:r=25", options, filters)
    assert is_near(middle(shown(source)[0]), (200, 140, 60), 5)


@pytest.mark.parametrize(
    ("size", "shape"), [("160x120", "4/3"), ("120x90", "16/11"), ("320x90", "1/2"), ("162x122", "1")]
)
def test_a_square_is_a_square_whatever_the_shape_of_samples(size: str, shape: str, tmp_path: Path):
    """What is stored narrow is shown wide."""
    width, height = map(int, size.split("x"))
    across, down = map(int, (shape + "/1").split("/")[:2])
    half = 40
    box = f"drawbox=x={round(width / 2 - half * down / across / 2)}:y={height // 2 - half // 2}"
    filters = f"{box}:w={round(half * down / across)}:h={half}:color=white:t=fill,setsar={shape}"
    (picture, *_) = shown(
        film(tmp_path / "a.mp4", f"color=black:s={size}:r=25", "-t 0.2 -c:v libx264 -pix_fmt yuv444p", filters), Fit.FIT
    )
    lit = np.argwhere(picture.sum(axis=2) > 380)
    high, wide = lit.max(axis=0) - lit.min(axis=0) + 1
    assert abs(wide - high) <= 0.06 * high


MATRICES = {
    "none": ((1, 0, 0, 1), (0, 0)),
    "quarter": ((0, 1, -1, 0), (1, 0)),
    "half": ((-1, 0, 0, -1), (1, 1)),
    "three quarters": ((0, -1, 1, 0), (0, 1)),
    "mirrored": ((-1, 0, 0, 1), (1, 0)),
    "upside down": ((1, 0, 0, -1), (0, 1)),
    "transposed": ((0, 1, 1, 0), (0, 0)),
    "transverse": ((0, -1, -1, 0), (1, 1)),
}


@pytest.mark.parametrize(("matrix", "corner"), MATRICES.values(), ids=MATRICES)
def test_turned_and_mirrored_video_is_shown_as_it_was_meant(
    matrix: tuple[int, ...], corner: tuple[int, int], tmp_path: Path
):
    """All eight; a mark at the upper left comes to lie where the matrix sends it."""
    filters = "drawbox=x=0:y=0:w=40:h=30:color=red:t=fill"
    source = film(tmp_path / "a.mp4", "color=black:s=160x160:r=25", "-t 0.2 -c:v libx264 -pix_fmt yuv444p", filters)
    turn(source, matrix)
    (picture, *_) = shown(source, Fit.FIT)
    left = (SMALL.width - SMALL.height) // 2
    places = {(x, y): picture[8 + 163 * y, left + 8 + 163 * x, 0] for x in (0, 1) for y in (0, 1)}
    assert max(places, key=places.__getitem__) == corner


@pytest.mark.parametrize(
    ("filters", "options", "frames", "change"),
    [
        ("setpts='if(lt(N,10),N/25,0.4+(N-10)*0.2)/TB'", "-vsync vfr", (24, 26), 12),
        ("null", "-output_ts_offset 1.4", (15, 16), 12),
    ],
    ids=["varying rate", "late start"],
)
def test_time_is_as_the_file_says(filters: str, options: str, frames: tuple[int, int], change: int, tmp_path: Path):
    """Frames of any length, from the first one on, whenever that begins."""
    levels = "geq=lum='if(lt(N,10),16,235)':cb=128:cr=128"
    source = film(
        tmp_path / "a.mp4", "color=s=64x36:r=25", f"-frames:v 13 -c:v libx264 -bf 0 {options}", f"{levels},{filters}"
    )
    lights = [middle(picture)[0] for picture in shown(source)]
    assert frames[0] <= len(lights) <= frames[1]
    assert [light > 128 for light in lights] == [number >= change for number in range(len(lights))]


def test_a_part_that_an_edit_list_leaves_out_is_not_shown(tmp_path: Path):
    """Cut without encoding: the file still holds the frames from the last keyframe on."""
    levels = "geq=lum='if(lt(N,10),16,235)':cb=128:cr=128"
    whole = film(tmp_path / "a.mp4", "color=s=64x36:r=25", "-frames:v 20 -c:v libx264 -bf 0", levels)
    cut = tmp_path / "cut.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-ss", "0.4", "-i", whole, "-c", "copy", cut], check=True)
    assert all(middle(picture)[0] > 200 for picture in shown(cut))
    assert _facts_of(cut).frames > 0


def _facts_of(path: Path):
    """What is measured of a file that a provider has made."""
    submitted = Submitted.model_construct(
        provider="x", model="x", kind=JobKind.ANIMATE_IMAGE, prediction_id="1", job_key="1", estimate_usd=None
    )
    copied = path.with_name("received")
    copied.write_bytes(path.read_bytes())
    return measured(copied, True, submitted, None)


def test_fields_become_whole_frames(tmp_path: Path):
    """A bar that moves between the two fields has no comb of lines at its sides."""
    filters = "tinterlace=mode=interleave_top,setfield=tff"
    source = film(
        tmp_path / "a.mp4", "testsrc2=s=320x180:r=50:d=0.4", "-c:v libx264 -flags +ilme+ildct -pix_fmt yuv420p", filters
    )
    raw = next(decoded(source)).to_ndarray(format="gray").astype(int)
    assert next(decoded(source)).interlaced_frame

    def comb(grey: np.ndarray) -> float:
        return float(np.abs(grey[2::2][:80] + grey[:-2:2][:80] - 2 * grey[1:-1:2][:80]).mean())

    picture = shown(source)[3].mean(axis=2)
    reference = list(decoded(source))[2].to_ndarray(format="gray").astype(int)
    assert comb(picture) < 0.7 * max(comb(raw), comb(reference))


@pytest.mark.parametrize(
    ("name", "options", "colour"),
    [
        ("a.mov", "-c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le", 255),
        ("a.mov", "-c:v qtrle -pix_fmt argb", 255),
    ],
)
def test_what_is_transparent_lies_on_paper(name: str, options: str, colour: int, tmp_path: Path):
    """As with pictures."""
    source = film(tmp_path / name, "color=red@0.0:s=64x36:r=25,format=rgba", f"-t 0.2 {options}")
    assert is_near(middle(shown(source)[0]), (colour,) * 3, 4)


@pytest.mark.parametrize(("size", "rate", "frames", "expected"), [("65x37", 25, 1, 1), ("64x36", 60, 30, 15)])
def test_odd_sizes_single_frames_and_faster_clips(size: str, rate: int, frames: int, expected: int, tmp_path: Path):
    """Each keeps its length to half a frame, and has no sound to miss."""
    options = f"-frames:v {frames} -c:v libx264 -pix_fmt yuv444p"
    pictures = shown(film(tmp_path / "a.mp4", f"color=0xc88c3c:s={size}:r={rate}", options))
    assert len(pictures) == expected
    assert is_near(middle(pictures[0]), (200, 140, 60), 6)


def test_a_turned_clip_stands_upright_in_the_middle(tmp_path: Path):
    """A phone's clip, stored lying: between bars it is higher than wide."""
    source = film(tmp_path / "a.mp4", "color=white:s=160x90:r=25", "-t 0.2 -c:v libx264 -pix_fmt yuv420p")
    turn(source, (0, 1, -1, 0))
    lit = np.argwhere(shown(source, Fit.FIT)[0].sum(axis=2) > 380)
    high, wide = lit.max(axis=0) - lit.min(axis=0) + 1
    assert high / wide == pytest.approx(16 / 9, rel=0.03)
    assert Image.fromarray(shown(source)[0].astype(np.uint8)).size == (SMALL.width, SMALL.height)
