"""Colours of video in high dynamic range or a wide gamut, brought to sRGB by a table for FFmpeg.

Reference white (203 cd/m², ITU-R BT.2408) becomes a light and neutral grey, 237 of 255. Brighter light is bent into
the levels above it instead of being cut off. Darker light keeps its brightness. Colours that sRGB does not have are
moved to its border.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.video.reformatter import ColorPrimaries, ColorTrc

REFERENCE_WHITE_CD_M2 = 203.0
_HLG_PEAK_CD_M2, _HLG_SYSTEM_GAMMA = 1000.0, 1.2
"""Peak and system gamma of the display for which HLG is meant if nothing else is said (BT.2100, table 5)."""
_PQ_PEAK_CD_M2 = 10_000.0
_KNEE = 0.6
"""Share of reference white up to which brightness stays unchanged."""
_STEPS = 49
"""Entries of the table along each colour: no eye and no test sees a difference to a finer table."""
_WHITE_D65 = (0.3127, 0.3290)
_CHROMATICITIES: dict[int, tuple[tuple[float, float], ...]] = {
    int(ColorPrimaries.BT709): ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),
    int(ColorPrimaries.BT2020): ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    int(ColorPrimaries.SMPTE432): ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
"""Chromaticities of red, green and blue, by the number that a stream carries (ITU-T H.273, table 2)."""
_PQ, _HLG = int(ColorTrc.SMPTE2084), int(ColorTrc.ARIB_STD_B67)


@dataclass(frozen=True)
class Light:
    """Colour facts of a stream, by the numbers of ITU-T H.273.

    These are its primaries and its transfer function.
    """

    primaries: int
    transfer: int

    @property
    def is_high(self) -> bool:
        """Return whether it may be brighter than reference white."""
        return self.transfer in {_PQ, _HLG}

    @property
    def is_srgb(self) -> bool:
        """Return whether its values can be shown unchanged."""
        return not self.is_high and (
            self.primaries not in _CHROMATICITIES or self.primaries == int(ColorPrimaries.BT709)
        )


def write_table(light: Light, path: Path) -> None:
    """Write the table from `light` to sRGB as a .cube file, which FFmpeg's `lut3d` reads."""
    levels = np.linspace(0, 1, _STEPS)
    # Red changes fastest in a .cube file.
    blue, green, red = np.meshgrid(levels, levels, levels, indexing="ij")
    colours = in_srgb(np.stack([red, green, blue], -1).reshape(-1, 3), light)
    lines = "\n".join(f"{red:.6f} {green:.6f} {blue:.6f}" for red, green, blue in colours)
    path.write_text(f"LUT_3D_SIZE {_STEPS}\n{lines}\n", encoding="ascii")


def in_srgb(colours: np.ndarray, light: Light) -> np.ndarray:
    """Return R'G'B' of a stream, shape (n, 3), from 0 to 1, as sRGB values from 0 to 1."""
    primaries = light.primaries
    if light.is_high and primaries not in _CHROMATICITIES:
        primaries = int(ColorPrimaries.BT2020)  # both transfer functions were made for it
    linear = _LINEAR.get(light.transfer, _from_srgb)(colours)
    to_srgb = np.linalg.inv(_to_xyz(int(ColorPrimaries.BT709))) @ _to_xyz(primaries)
    seen = (linear @ to_srgb.T).clip(0, None)
    shown = _toned(seen) if light.is_high else seen.clip(0, 1)
    return np.where(shown <= 0.0031308, shown * 12.92, 1.055 * np.maximum(shown, 0) ** (1 / 2.4) - 0.055)


def _toned(linear: np.ndarray) -> np.ndarray:
    """Return light relative to reference white, scaled below 1 by its brightest channel.

    Hues don't change.
    """
    brightest = linear.max(axis=-1, keepdims=True)
    above = (brightest - _KNEE) / (1 - _KNEE)
    bent = np.where(brightest <= _KNEE, brightest, _KNEE + (1 - _KNEE) * (1 - np.exp(-above.clip(0, None))))
    toned: np.ndarray = linear * bent / np.maximum(brightest, 1e-9)
    return toned


def _from_pq(levels: np.ndarray) -> np.ndarray:
    """Return light by SMPTE ST 2084, relative to reference white."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 4096 * 128, 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = levels ** (1 / m2)
    light = (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    return light * (_PQ_PEAK_CD_M2 / REFERENCE_WHITE_CD_M2)


def _from_hlg(levels: np.ndarray) -> np.ndarray:
    """Return light by BT.2100, relative to reference white: from the scene to its display."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(levels <= 0.5, levels**2 / 3, (np.exp((levels - c) / a) + b) / 12)
    luminance = scene @ np.array([0.2627, 0.6780, 0.0593])
    display = scene * np.maximum(luminance, 1e-9)[..., None] ** (_HLG_SYSTEM_GAMMA - 1)
    relative: np.ndarray = display * (_HLG_PEAK_CD_M2 / REFERENCE_WHITE_CD_M2)
    return relative


def _from_srgb(levels: np.ndarray) -> np.ndarray:
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


_LINEAR: dict[int, Callable[[np.ndarray], np.ndarray]] = {_PQ: _from_pq, _HLG: _from_hlg}


def _to_xyz(primaries: int) -> np.ndarray:
    """Return the matrix from linear RGB to CIE XYZ, white at D65."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in _CHROMATICITIES[primaries]]).T
    x, y = _WHITE_D65
    shares = np.linalg.solve(columns, [x / y, 1, (1 - x - y) / y])
    return columns * shares
