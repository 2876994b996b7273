"""What several tests of the stage look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A wide picture, red on its left half and blue on its right."""
    path = tmp_path / "picture.png"
    image = Image.new("RGB", (400, 200), "red")
    image.paste("blue", (200, 0, 400, 200))
    image.save(path)
    return path
