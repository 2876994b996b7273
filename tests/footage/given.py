"""Pictures and jobs for the tests of footage."""

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from callsheet.model.film.profile import ProfileName, RenderProfile
from callsheet.model.footage.jobs import (
    AnimateBetween,
    AnimateImage,
    ComposeImage,
    DrawImage,
    EditImage,
    FootageJob,
    JobKind,
    SourcePicture,
    Upscale,
)

SMALL = RenderProfile(name=ProfileName.DRAFT, width=320, height=180, frame_rate=30)


def scenery(width: int = 480, height: int = 320, seed: int = 1) -> Image.Image:
    """A picture with something in it: hills, a sun, a texture."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    ridge = 0.55 + 0.1 * np.sin(9 * x + rng.uniform(0, 6)) + 0.04 * np.sin(31 * x)
    sky = np.stack([90 + 90 * y, 130 + 70 * y, 220 - 20 * y], -1)
    hills = np.stack([40 + 60 * x, 90 + 20 * x, 50 + 0 * x], -1) + rng.normal(0, 6, (height, width, 1))
    picture = Image.fromarray(np.where((y > ridge)[..., None], hills, sky).clip(0, 255).astype(np.uint8))
    ImageDraw.Draw(picture).ellipse(
        (width * 0.7, height * 0.1, width * 0.8, height * 0.1 + width * 0.1), (255, 240, 190)
    )
    return picture


def given(path: Path, picture: Image.Image | None = None) -> SourcePicture:
    """A picture in a file, named by its content."""
    (picture or scenery()).save(path)
    return SourcePicture(path=path, sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def job_of(kind: JobKind, folder: Path, prompt: str = "warmer", take: int = 1) -> FootageJob:
    """A small job of each kind."""
    first = given(folder / "first.png")
    match kind:
        case JobKind.EDIT_IMAGE:
            return EditImage(prompt=prompt, picture=first, take=take)
        case JobKind.DRAW_IMAGE:
            return DrawImage(prompt=prompt, take=take, width=320, height=180)
        case JobKind.COMPOSE_IMAGE:
            return ComposeImage(prompt=prompt, references=(first,), take=take, width=320, height=180)
        case JobKind.ANIMATE_IMAGE:
            return AnimateImage(prompt=prompt, picture=first, take=take, duration_s=1, profile=SMALL)
        case JobKind.ANIMATE_BETWEEN:
            last = given(folder / "last.png", scenery(seed=2))
            return AnimateBetween(prompt=prompt, first=first, last=last, take=take, duration_s=1, profile=SMALL)
        case JobKind.UPSCALE:
            return Upscale(picture=first, take=take)
