"""Packs Kokoro's voices into callsheet/speech/kokoro_voices.npz, and measures what is lost.

    python scripts/kokoro_voices.py FOLDER

FOLDER holds the voices as the npm package kokoro-js 1.2.1 ships them: one .bin a voice, 510 rows of 256 float32.
A voice becomes a mean row and 8 directions in which its rows differ: 12,768 bytes in float16 instead of 522,240.
"""

import argparse
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
OUT = ROOT / "callsheet/speech/kokoro_voices.npz"
RANK = 8
COLUMNS = 256
# Those whose language has a reading here: Chinese and Japanese need separate readers.
LANGUAGES = "abefhip"


def packed(table: np.ndarray) -> np.ndarray:
    """Return mean, directions and shares one after the other, as float16."""
    mean = table.mean(axis=0)
    left, sizes, right = np.linalg.svd(table - mean, full_matrices=False)
    parts = (mean, right[:RANK], left[:, :RANK] * sizes[:RANK])
    return np.concatenate([part.ravel() for part in parts]).astype(np.float16)


def unpacked(voice: np.ndarray) -> np.ndarray:
    """Return the rows of a packed voice."""
    numbers = voice.astype(np.float32)
    mean, directions, shares = np.split(numbers, [COLUMNS, COLUMNS * (1 + RANK)])
    return mean + shares.reshape(-1, RANK) @ directions.reshape(RANK, COLUMNS)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    files = sorted(parser.parse_args().folder.glob("*.bin"))
    tables = {file.stem: np.fromfile(file, "<f4").reshape(-1, COLUMNS) for file in files if file.stem[0] in LANGUAGES}
    voices = {name: packed(table) for name, table in tables.items()}
    np.savez(OUT, **voices)
    errors = [float(abs(unpacked(voices[name]) - table).max()) for name, table in tables.items()]
    print(f"{len(voices)} voices, {OUT.stat().st_size:,} bytes; largest error {max(errors):.5f}")


if __name__ == "__main__":
    main()
