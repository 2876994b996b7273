"""Contact sheets of every template in every theme: docs/gallery/<theme>.png. Run it with `make gallery`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from manim import Camera, Mobject, tempconfig
from PIL import Image

from callsheet.model.content import CONTENT_MODELS, TemplateName
from callsheet.model.film.look import AccentName, Look, ThemeName
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.kit.ground import ground_of
from callsheet.stage.templates import has_scene_class, scene_class

SMALL_HEIGHT = 180
COLUMNS, TILE_WIDTH, TILE_HEIGHT, GUTTER = 4, 480, 270, 12
ACCENTS = {
    ThemeName.MIDNIGHT: AccentName.BLUE,
    ThemeName.PAPER: AccentName.ORANGE,
    ThemeName.CHALK: AccentName.AMBER,
    ThemeName.JOURNAL: AccentName.RED,
    ThemeName.POSTER: AccentName.RED,
    ThemeName.GARDEN: AccentName.GREEN,
    ThemeName.BLUEPRINT: AccentName.AMBER,
    ThemeName.AURORA: AccentName.TEAL,
}
_COLOURS = 128
"""Colours of the indexed PNG: flat pictures need few, and a sheet stays under 700 KB."""


def main() -> None:
    """Write one sheet a theme, or, with --full, each template's picture at 720 lines too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/gallery"), help="folder of the sheets")
    parser.add_argument("--studio", type=Path, help="folder for the small pictures of the studio")
    parser.add_argument("--full", type=Path, help="folder for single pictures of every state, 720 lines high")
    parser.add_argument("--profile", type=ProfileName, default=ProfileName.HD, help="proportions of single pictures")
    parser.add_argument("--only", type=TemplateName, nargs="*", help="templates for single pictures")
    options = parser.parse_args()
    if options.studio:
        write_small_pictures(options.studio)
        return
    for theme, accent in ACCENTS.items():
        look = Look(theme=theme, accent=accent)
        if options.full:
            write_pictures(look, options.profile, options.only or list(CONTENT_MODELS), options.full)
        else:
            write_sheet(look, options.out)


def write_sheet(look: Look, folder: Path) -> None:
    """Write all templates in `look`, four in a row, in the order of their names' list."""
    kit = Kit(look, frame_for(PROFILES[ProfileName.HD]))
    tiles = [last_picture(template, kit, TILE_HEIGHT * 2) for template in CONTENT_MODELS if has_scene_class(template)]
    rows = -(-len(tiles) // COLUMNS)
    size = (GUTTER + COLUMNS * (TILE_WIDTH + GUTTER), GUTTER + rows * (TILE_HEIGHT + GUTTER))
    sheet = Image.new("RGB", size, "#808080")
    for place, tile in enumerate(tiles):
        row, column = divmod(place, COLUMNS)
        corner = (GUTTER + column * (TILE_WIDTH + GUTTER), GUTTER + row * (TILE_HEIGHT + GUTTER))
        sheet.paste(tile.resize((TILE_WIDTH, TILE_HEIGHT), Image.Resampling.LANCZOS), corner)
    folder.mkdir(parents=True, exist_ok=True)
    sheet.quantize(_COLOURS, dither=Image.Dither.NONE).save(folder / f"{look.theme}.png", optimize=True)


def write_pictures(look: Look, profile: ProfileName, templates: list[TemplateName], folder: Path) -> None:
    """Write the end of every page of every template, each as a separate picture."""
    kit = Kit(look, frame_for(PROFILES[profile]))
    folder.mkdir(parents=True, exist_ok=True)
    for template in filter(has_scene_class, templates):
        for number, page in enumerate(scene_class(template).compose(CONTENT_MODELS[template].example(), kit), start=1):
            height = round(720 * max(1.0, kit.frame.height / kit.frame.width))
            picture = still(page.standing, kit, height)
            picture.save(folder / f"{template}-{look.theme}-{profile}-{number}.png")


def write_small_pictures(folder: Path) -> None:
    """Write a picture of each template, and the opening in each theme, as a page shows them to choose from."""
    folder.mkdir(parents=True, exist_ok=True)
    midnight = Kit(Look(), frame_for(PROFILES[ProfileName.HD]))
    for template in filter(has_scene_class, CONTENT_MODELS):
        _write_small(last_picture(template, midnight, 2 * SMALL_HEIGHT), folder / f"template-{template}.webp")
    for theme, accent in ACCENTS.items():
        kit = Kit(Look(theme=theme, accent=accent), frame_for(PROFILES[ProfileName.HD]))
        _write_small(last_picture(TemplateName.CHART, kit, 2 * SMALL_HEIGHT), folder / f"look-{theme}.webp")


def _write_small(picture: Image.Image, path: Path) -> None:
    small = picture.resize((SMALL_HEIGHT * 16 // 9, SMALL_HEIGHT), Image.Resampling.LANCZOS)
    small.save(path, quality=80, method=6)


def last_picture(template: TemplateName, kit: Kit, height_px: int) -> Image.Image:
    """Return the end of the template's example."""
    pages = scene_class(template).compose(CONTENT_MODELS[template].example(), kit)
    return still(pages[-1].standing, kit, height_px)


def still(mobjects: Sequence[Mobject], kit: Kit, height_px: int) -> Image.Image:
    """Return `mobjects` on the look's background, `height_px` pixels high."""
    frame = kit.frame
    size = {"pixel_height": height_px, "pixel_width": round(height_px * frame.width / frame.height)}
    with tempconfig({**size, "frame_width": frame.width, "frame_height": frame.height}):
        camera = Camera()
        camera.background = cast("Any", ground_of(kit.look, camera.pixel_width, camera.pixel_height))
        camera.reset()
        camera.capture_mobjects(mobjects)
        return Image.fromarray(camera.pixel_array).convert("RGB")


if __name__ == "__main__":
    main()
