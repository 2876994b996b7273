"""Settings that the profile of a video decides, and that a scene must leave alone."""

from __future__ import annotations

from callsheet.scene_lint.binding import Arguments
from callsheet.scene_lint.values import Instance, Mapping, Value

_OF_THE_FILM = (
    frozenset({"frame_rate", "pixel_width", "pixel_height", "quality", "transparent", "renderer", "format"})
    | {"media_dir", "video_dir", "images_dir", "output_file", "movie_file_extension"}
    | {"write_to_movie", "write_all", "save_last_frame", "save_pngs", "save_as_gif", "dry_run", "preview"}
    | {"from_animation_number", "upto_animation_number"}
)
_OF_A_CAMERA = frozenset({"frame_rate", "pixel_width", "pixel_height"})


def setting_named(owner: Value, name: object) -> str | None:
    """Return the setting of the film that an assignment or `setattr` changes, if any.

    `owner.name = …` and `owner[name] = …` are such assignments.
    """
    if not isinstance(owner, Instance):
        return None
    if owner.owner.is_a("ManimConfig") and name in _OF_THE_FILM:
        return f"config.{name}"
    return f"camera.{name}" if owner.owner.is_a("Camera") and name in _OF_A_CAMERA else None


def settings_given(given: Arguments) -> list[str]:
    """Return the film's settings among the arguments of `config.update(…)` or `tempconfig(…)`."""
    first = given.positional[0] if given.positional else None
    entries = first.entries if isinstance(first, Mapping) and first.entries is not None else {}
    return [f"config.{name}" for name in (*entries, *given.keywords) if name in _OF_THE_FILM]
