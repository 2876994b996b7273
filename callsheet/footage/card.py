"""A picture for words: colours that suit them, soft light, and the words set large.

An honest stand-in if no model can draw: it is never mistaken for the picture that was described. The title and the end
of a film of a screenplay are such cards, over a place of the film.
"""

import hashlib
import re

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from callsheet.lettering import LEADING, draw_line, fitted

DITHER_SEED = 20260102
_GROUND_BLUR, _GROUND_LIGHT = 0.012, 0.55
"""Of a picture behind words: its blur in shares of the shorter side, and how much of its light is left at the top."""
# Three colours, dark to light, by the subject of a prompt; the first match counts. sRGB.
_MOODS: tuple[tuple[str, tuple[str, str, str]], ...] = (
    (r"sun(set|rise|ny)?|dawn|dusk|golden|warm|autumn|desert", ("#3a1c3f", "#c2493d", "#f6b26b")),
    (r"ocean|sea|water|river|lake|rain|underwater|wave", ("#06263d", "#0f6b8f", "#7fd1d6")),
    (r"forest|tree|garden|nature|grass|jungle|meadow|green", ("#0f2a1d", "#2f6b46", "#b5d39a")),
    (r"night|space|star|galaxy|moon|dark|city", ("#070b1e", "#27306b", "#8d7fd8")),
    (r"snow|winter|ice|mountain|sky|cloud|morning", ("#1d3557", "#5b8db8", "#dbe9f4")),
    (r"fire|lava|love|red|rose|passion", ("#2a0a12", "#a3243b", "#f2a07b")),
)
_OTHERS = (
    ("#1b1b3a", "#693668", "#e59a8e"),
    ("#10222e", "#2a6f77", "#e8c07d"),
    ("#221c35", "#4b4e8f", "#a9c6e8"),
    ("#241a17", "#7a4b3a", "#e6c9a8"),
)


def drawn_card(prompt: str, width: int, height: int, ground: Image.Image | None = None) -> Image.Image:
    """Return the picture, opaque: the words on `ground`, which fills it dark and out of focus, or on colours."""
    card = _ground(prompt, width, height) if ground is None else _out_of_focus(ground, width, height)
    title = title_of(prompt)
    if title:
        _set(card, title)
    return card


def title_of(prompt: str) -> str:
    """Return the words to show: the quoted ones, or the first sentence."""
    quoted = re.search(r"[“\"«]([^”\"»]{2,160})[”\"»]", prompt)
    if quoted:
        return " ".join(quoted[1].split())
    first = re.split(r"(?<=[.!?。！？])\s|\n", prompt.strip(), maxsplit=1)[0]
    return " ".join(first.split())


def _ground(prompt: str, width: int, height: int) -> Image.Image:
    """Return two soft lights on a dark ground.

    Their places depend on the words. The ground is dithered, so that it shows no bands.
    """
    digest = hashlib.sha256(prompt.encode()).digest()
    dark, middle, light = (_levels(colour) for colour in _palette(prompt, digest))
    aspect = width / height
    x, y = np.meshgrid(np.linspace(0, aspect, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32))
    near = (0.15 + 0.7 * digest[0] / 255) * aspect, 0.85 + 0.3 * digest[1] / 255
    far = (0.1 + 0.8 * digest[2] / 255) * aspect, -0.1 + 0.25 * digest[3] / 255
    glow = np.exp(-(((x - near[0]) / (0.75 * aspect)) ** 2) - ((y - near[1]) / 0.62) ** 2)[..., None]
    shine = np.exp(-(((x - far[0]) / (0.5 * aspect)) ** 2) - ((y - far[1]) / 0.4) ** 2)[..., None]
    pixels = dark + (middle - dark) * (0.18 + 0.82 * glow) + (light - middle) * 0.6 * glow**3
    pixels += (middle - dark) * 0.55 * shine
    noise = np.random.default_rng(DITHER_SEED).uniform(-1.2, 1.2, (height, width, 1)).astype(np.float32)
    return Image.fromarray((pixels + noise).clip(0, 255).round().astype(np.uint8))


def _out_of_focus(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return a picture that fills a card, so dark and soft that white words are read on it."""
    filled = ImageOps.fit(picture.convert("RGB"), (width, height), Image.Resampling.BICUBIC)
    soft = filled.filter(ImageFilter.GaussianBlur(min(width, height) * _GROUND_BLUR))
    shade = np.linspace(_GROUND_LIGHT, _GROUND_LIGHT * 0.6, height, dtype=np.float32)[:, None, None]
    noise = np.random.default_rng(DITHER_SEED).uniform(-1.2, 1.2, (height, width, 1)).astype(np.float32)
    return Image.fromarray((np.asarray(soft, np.float32) * shade + noise).clip(0, 255).round().astype(np.uint8))


def _palette(prompt: str, digest: bytes) -> tuple[str, str, str]:
    for words, colours in _MOODS:
        if re.search(rf"\b({words})s?\b", prompt, re.IGNORECASE):
            return colours
    return _OTHERS[digest[4] % len(_OTHERS)]


def _levels(colour: str) -> np.ndarray:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)], np.float32)


def _set(card: Image.Image, title: str) -> None:
    """Set the words, large, left of and a little below the middle, with a short rule above them."""
    draw = ImageDraw.Draw(card)
    short = min(card.size)
    margin = round(short * 0.11)
    sizes = [max(10, round(short * share)) for share in (0.135, 0.115, 0.098, 0.082, 0.068, 0.056, 0.046)]
    font, lines = fitted(draw, title, (card.width - 2 * margin, card.height * 0.56), sizes)
    size = int(getattr(font, "size", sizes[-1]))
    top = card.height - margin - len(lines) * size * LEADING
    thickness = max(2, round(short * 0.007))
    rule = (margin, round(top - size * 0.55), margin + round(short * 0.1), round(top - size * 0.55) + thickness)
    draw.rectangle(rule, fill=(255, 255, 255))
    for number, line in enumerate(lines):
        draw_line(draw, (margin, top + (number + 0.5) * size * LEADING), line, font, title, (255, 255, 255))
