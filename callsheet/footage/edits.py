"""The edits themselves: each turns a picture into a new one.

The same picture and edit give the same pixels.
"""

import math
from collections.abc import Callable, Iterable

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from callsheet.footage.pictures import filling_box, focus_of, opaque
from callsheet.footage.vocabulary import Colour, Edit, EditKind
from callsheet.lettering import LEADING, fitted

LEAST_SIDE = 16
GRAIN_SEED = 20260101


def edited(image: Image.Image, edits: Iterable[Edit]) -> Image.Image:
    """Return `image` after all `edits`, opaque."""
    for edit in edits:
        image = _EDITS[edit.kind](image, edit)
    return opaque(image)


def _on_opaque(function: Callable[[Image.Image, Edit], Image.Image]) -> Callable[[Image.Image, Edit], Image.Image]:
    """Make an edit of colours leave transparency alone."""

    def keeping_holes(image: Image.Image, edit: Edit) -> Image.Image:
        changed = function(image.convert("RGB"), edit)
        if image.mode == "RGBA" and changed.size == image.size:
            changed.putalpha(image.getchannel("A"))
        return changed

    return keeping_holes


def _crop(image: Image.Image, edit: Edit) -> Image.Image:
    """Take away a share of width and height, around the centre of interest."""
    share = 1 - min(edit.amount, 0.9)
    width, height = max(LEAST_SIDE, image.width * share), max(LEAST_SIDE, image.height * share)
    focus_x, focus_y = focus_of(image)
    left = min(max(0.0, focus_x * image.width - width / 2), max(0.0, image.width - width))
    top = min(max(0.0, focus_y * image.height - height / 2), max(0.0, image.height - height))
    right, bottom = min(left + width, image.width), min(top + height, image.height)
    return image.crop((round(left), round(top), round(right), round(bottom)))


def _crop_to_ratio(image: Image.Image, edit: Edit) -> Image.Image:
    left, top, right, bottom = (round(side) for side in filling_box(image, edit.amount))
    return image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def _warmth(image: Image.Image, edit: Edit) -> Image.Image:
    """Shift colours along daylight.

    Warm light has more red and less blue, cool light the opposite.
    """
    return _graded(image, (1 + 0.10 * edit.amount, 1 + 0.015 * edit.amount, 1 - 0.13 * edit.amount))


def _brightness(image: Image.Image, edit: Edit) -> Image.Image:
    """Brighten by a curve that leaves black black and white white: nothing is cut off."""
    return _through(image, lambda level: level ** (2 ** (-0.5 * edit.amount)))


def _contrast(image: Image.Image, edit: Edit) -> Image.Image:
    if edit.amount < 0:
        lift = 0.09 * -edit.amount
        return _through(image, lambda level: lift + level * (1 - 2 * lift))
    return _through(image, lambda level: _between(level, _steep(level), min(1.0, 0.55 * edit.amount)))


def _saturation(image: Image.Image, edit: Edit) -> Image.Image:
    return ImageEnhance.Color(image).enhance(max(0.0, 1 + 0.45 * edit.amount))


def _monochrome(image: Image.Image, edit: Edit) -> Image.Image:
    levelled = ImageOps.autocontrast(image.convert("L"), cutoff=0.3).convert("RGB")
    grey = _through(levelled, lambda level: _between(level, _steep(level), 0.2))
    return Image.blend(image, grey, 1.0 if edit.amount >= 1 else 0.8)


def _sepia(image: Image.Image, edit: Edit) -> Image.Image:
    toned = ImageOps.colorize(
        ImageOps.autocontrast(image.convert("L"), 0.3), black=(28, 18, 10), mid=(150, 118, 84), white=(255, 244, 222)
    )
    return Image.blend(image, toned, min(1.0, 0.95 * edit.amount))


def _vintage(image: Image.Image, edit: Edit) -> Image.Image:
    """Fade blacks, warm highlights, tint shadows green, add a little grain and dark corners."""
    faded = _contrast(_saturation(image, Edit(EditKind.SATURATION, -0.4)), Edit(EditKind.CONTRAST, -0.6 * edit.amount))
    toned = _split_toned(faded, shadows=(34, 36, 30), lights=(255, 236, 196), strength=0.4 * edit.amount)
    return _vignette(_grain(toned, Edit(EditKind.GRAIN, 0.6)), Edit(EditKind.VIGNETTE, 0.4))


def _cinematic(image: Image.Image, edit: Edit) -> Image.Image:
    """Make shadows teal and lights warm, with more contrast."""
    toned = _split_toned(image, shadows=(8, 40, 52), lights=(255, 226, 186), strength=0.22 * edit.amount)
    return _vignette(_contrast(toned, Edit(EditKind.CONTRAST, 0.8)), Edit(EditKind.VIGNETTE, 0.7))


def _night(image: Image.Image, edit: Edit) -> Image.Image:
    dark = _through(_saturation(image, Edit(EditKind.SATURATION, -1.0)), lambda level: 0.75 * level**1.5)
    return _vignette(_graded(dark, (0.62, 0.80, 1.18)), Edit(EditKind.VIGNETTE, edit.amount))


def _blur(image: Image.Image, edit: Edit) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(_long(image) * 0.006 * edit.amount))


def _blur_surroundings(image: Image.Image, edit: Edit) -> Image.Image:
    """Blur the picture away from the centre of interest.

    The edit can't tell what stands in front.
    """
    focus_x, focus_y = focus_of(image)
    away = _distance(image, focus_x, focus_y)
    mask = _grey(((away - 0.35) / 0.45).clip(0, 1))
    return Image.composite(_blur(image, Edit(EditKind.BLUR, 2 * edit.amount)), image, mask)


def _sharpen(image: Image.Image, edit: Edit) -> Image.Image:
    radius = max(1.0, _long(image) / 1200)
    return image.filter(ImageFilter.UnsharpMask(radius=radius, percent=round(130 * edit.amount), threshold=2))


def _sketch(image: Image.Image, edit: Edit) -> Image.Image:
    """Draw in pencil.

    Lines stand where the picture is darker than its surroundings. There is a little shade on off-white paper.
    """
    grey = ImageOps.autocontrast(image.convert("L").filter(ImageFilter.GaussianBlur(_long(image) / 700)), cutoff=1)
    around = grey.filter(ImageFilter.GaussianBlur(max(2.0, _long(image) / 140)))
    levels, surroundings = np.asarray(grey, np.float32), np.asarray(around, np.float32)
    lines = (levels / np.maximum(0.97 * surroundings, 1)).clip(0, 1) ** (3.6 * edit.amount)
    shade = 0.72 + 0.28 * (surroundings / 255) ** 0.6
    paper = _grey(lines * shade)
    return ImageOps.colorize(paper, black=(38, 38, 44), white=(250, 248, 243))


def _poster(image: Image.Image, edit: Edit) -> Image.Image:
    """Reduce the picture to a few flat colours with clean edges, as printed by stencil."""
    work = image.copy()
    work.thumbnail((1100, 1100), Image.Resampling.LANCZOS)
    smooth = work.filter(ImageFilter.MedianFilter(7)).filter(ImageFilter.MedianFilter(5))
    colours = max(4, round(9 - 2 * edit.amount))
    vivid = ImageEnhance.Color(ImageOps.autocontrast(smooth, cutoff=1, preserve_tone=True)).enhance(1.35)
    flat = vivid.quantize(colours, method=Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE).convert("RGB")
    clean = flat.filter(ImageFilter.ModeFilter(7))
    return clean.resize(image.size, Image.Resampling.BICUBIC)


def _pixels(image: Image.Image, edit: Edit) -> Image.Image:
    across = max(1, min(round(64 / edit.amount), image.width // 4))
    size = (across, max(1, round(across * image.height / image.width)))
    return image.resize(size, Image.Resampling.BOX).resize(image.size, Image.Resampling.NEAREST)


def _grain(image: Image.Image, edit: Edit) -> Image.Image:
    noise = np.random.default_rng(GRAIN_SEED).normal(0, 9 * edit.amount, (image.height, image.width, 1))
    return Image.fromarray((np.asarray(image, np.float32) + noise).clip(0, 255).astype(np.uint8))


def _invert(image: Image.Image, _: Edit) -> Image.Image:
    return ImageChops.invert(image)


def _caption(image: Image.Image, edit: Edit) -> Image.Image:
    """Set white words near the bottom, on a shade that keeps them readable over anything."""
    image = opaque(image)
    short = min(image.size)
    sizes = [max(9, round(short * share)) for share in (0.085, 0.07, 0.058, 0.048, 0.04)]
    margin = round(short * 0.06)
    draw = ImageDraw.Draw(image)
    font, lines = fitted(draw, edit.text, (image.width - 2 * margin, image.height * 0.4), sizes)
    size = int(getattr(font, "size", sizes[-1]))
    block = len(lines) * size * LEADING
    _shade_bottom(image, block + 2.6 * margin)
    top = image.height - margin - block
    for number, line in enumerate(lines):
        place = (image.width / 2, top + (number + 0.5) * size * LEADING)
        draw.text(place, line, (255, 255, 255), font, anchor="mm")
    return image


def _background(image: Image.Image, edit: Edit) -> Image.Image:
    """Fill what is transparent. A picture without holes is laid on a ground with a margin."""
    if image.mode == "RGBA":
        return opaque(image, edit.colour)
    margin = round(_long(image) * 0.08)
    ground = Image.new("RGB", (image.width + 2 * margin, image.height + 2 * margin), edit.colour)
    ground.paste(image, (margin, margin))
    return ground


def _rotate(image: Image.Image, edit: Edit) -> Image.Image:
    """Rotate by quarters without loss; by other angles with a crop, so that no corner is empty."""
    turns = {90.0: Image.Transpose.ROTATE_90, 180.0: Image.Transpose.ROTATE_180, 270.0: Image.Transpose.ROTATE_270}
    if edit.amount == 0:
        return image
    if edit.amount in turns:
        return image.transpose(turns[edit.amount])
    turned = image.rotate(edit.amount, Image.Resampling.BICUBIC, expand=True)
    width, height = _inside_turned(image.width, image.height, math.radians(edit.amount))
    left, top = (turned.width - width) / 2, (turned.height - height) / 2
    return turned.crop((math.ceil(left), math.ceil(top), math.floor(left + width), math.floor(top + height)))


def _inside_turned(width: float, height: float, angle: float) -> tuple[float, float]:
    """Return the largest upright rectangle inside a turned one, at least a few pixels in size."""
    sine, cosine = abs(math.sin(angle)), abs(math.cos(angle))
    long, short = max(width, height), min(width, height)
    if short <= 2 * sine * cosine * long or abs(sine - cosine) < 1e-9:
        half = short / 2
        inside = (half / sine, half / cosine) if width >= height else (half / cosine, half / sine)
    else:
        doubled = cosine * cosine - sine * sine
        inside = (width * cosine - height * sine) / doubled, (height * cosine - width * sine) / doubled
    return max(4.0, inside[0] - 1), max(4.0, inside[1] - 1)


def _vignette(image: Image.Image, edit: Edit) -> Image.Image:
    away = _distance(image, 0.5, 0.5)
    light = 1 - 0.5 * min(edit.amount, 1.6) * ((away - 0.35) / 0.65).clip(0, 1) ** 1.6
    return Image.fromarray((np.asarray(image, np.float32) * light[..., None]).round().astype(np.uint8))


def _frame(image: Image.Image, edit: Edit) -> Image.Image:
    return ImageOps.expand(opaque(image), border=max(2, round(_long(image) * 0.035 * edit.amount)), fill=edit.colour)


def _shade_bottom(image: Image.Image, height: float) -> None:
    """Darken the lowest part, softly from above."""
    rows = np.arange(image.height, dtype=np.float32)
    depth = ((rows - (image.height - height)) / max(1.0, height)).clip(0, 1)
    share = (depth * depth * (3 - 2 * depth) * 0.72)[:, None]
    mask = _grey(np.repeat(share, image.width, axis=1))
    image.paste((0, 0, 0), mask=mask)


def _split_toned(image: Image.Image, shadows: Colour, lights: Colour, strength: float) -> Image.Image:
    tones = ImageOps.colorize(image.convert("L"), black=shadows, white=lights)
    return Image.blend(image, tones, min(1.0, strength))


def _graded(image: Image.Image, gains: tuple[float, float, float]) -> Image.Image:
    """Multiply each channel by its gain, bent so that it ends at white without a cut-off."""
    tables = []
    for gain in gains:
        levels = np.arange(256) / 255
        bent = levels * gain if gain <= 1 else 1 - (1 - levels) ** gain
        tables += [round(level) for level in (255 * bent).clip(0, 255)]
    return image.point(tables)


def _through(image: Image.Image, curve: Callable[[float], float]) -> Image.Image:
    table = [round(255 * min(max(curve(level / 255), 0.0), 1.0)) for level in range(256)]
    return image.point(table * len(image.getbands()))


def _steep(level: float) -> float:
    return level * level * (3 - 2 * level)


def _between(one: float, other: float, part: float) -> float:
    return one + (other - one) * part


def _distance(image: Image.Image, x: float, y: float) -> np.ndarray:
    """Return each pixel's distance from a point, 1 at the farthest corner.

    The shape is (height, width).
    """
    across = (np.arange(image.width, dtype=np.float32) + 0.5) / image.width - x
    down = (np.arange(image.height, dtype=np.float32) + 0.5) / image.height - y
    away = np.hypot(across[None, :], down[:, None])
    return away / float(np.hypot(max(x, 1 - x), max(y, 1 - y)))


def _grey(share: np.ndarray) -> Image.Image:
    return Image.fromarray((share * 255).round().astype(np.uint8))


def _long(image: Image.Image) -> int:
    return max(image.size)


_EDITS: dict[EditKind, Callable[[Image.Image, Edit], Image.Image]] = {
    EditKind.CROP: _crop,
    EditKind.CROP_TO_RATIO: _crop_to_ratio,
    EditKind.WARMTH: _on_opaque(_warmth),
    EditKind.BRIGHTNESS: _on_opaque(_brightness),
    EditKind.CONTRAST: _on_opaque(_contrast),
    EditKind.SATURATION: _on_opaque(_saturation),
    EditKind.MONOCHROME: _on_opaque(_monochrome),
    EditKind.SEPIA: _on_opaque(_sepia),
    EditKind.VINTAGE: _on_opaque(_vintage),
    EditKind.CINEMATIC: _on_opaque(_cinematic),
    EditKind.NIGHT: _on_opaque(_night),
    EditKind.BLUR: _blur,
    EditKind.BLUR_SURROUNDINGS: _on_opaque(_blur_surroundings),
    EditKind.SHARPEN: _on_opaque(_sharpen),
    EditKind.SKETCH: _on_opaque(_sketch),
    EditKind.POSTER: _on_opaque(_poster),
    EditKind.PIXELS: _pixels,
    EditKind.GRAIN: _on_opaque(_grain),
    EditKind.INVERT: _on_opaque(_invert),
    EditKind.CAPTION: _caption,
    EditKind.BACKGROUND: _background,
    EditKind.ROTATE: _rotate,
    EditKind.MIRROR: lambda image, _: ImageOps.mirror(image),
    EditKind.FLIP: lambda image, _: ImageOps.flip(image),
    EditKind.VIGNETTE: _on_opaque(_vignette),
    EditKind.FRAME: _frame,
}
